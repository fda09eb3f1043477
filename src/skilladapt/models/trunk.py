"""The trunk: the frozen layers at the bottom of a student, run apart from the trained ones above them.

With an adapter on the top layers only, what the layers below make of a sequence is the same in every pass. It is
computed once, many sequences at a time and without gradients, and kept: later passes begin above it. A sequence's
states do not depend on what it shares a batch with, beyond rounding.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self, cast

import torch
from torch import Tensor
from torch.nn import Module, ModuleList

from skilladapt.models.families import bare_model, is_proven
from skilladapt.models.loading import Student


@dataclass(frozen=True, eq=False)
class Trunk:
    """The layers of a student below `depth`."""

    _decoder: Module
    _layers: ModuleList
    depth: int
    """Number of layers, at least 1."""

    @classmethod
    def of(cls, student: Student) -> Self | None:
        """The student's trunk; None where its lowest layer is trained, or its family is not among the proven."""
        if not is_proven(student):
            return None
        decoder = cast(Any, bare_model(student)).get_decoder()
        trained = [any(weight.requires_grad for weight in layer.parameters()) for layer in decoder.layers]
        depth = trained.index(True) if True in trained else 0
        if any(weight.requires_grad for weight in decoder.get_input_embeddings().parameters()):
            return None
        if any(_drops(module) for layer in decoder.layers[:depth] for module in layer.modules()):
            return None
        return cls(decoder, decoder.layers, depth) if depth else None

    @torch.no_grad()
    def states(self, input_ids_RW: Tensor, positions_RW: Tensor) -> Tensor:
        """What the trunk makes of some rows: (row, position, hidden size)."""
        end = _Stand()
        above: dict[int, Module] = {index: _Stand() for index in range(self.depth + 1, len(self._layers))}
        with _replaced(self._layers, {self.depth: end, **above}):
            self._decoder(input_ids=input_ids_RW, position_ids=positions_RW, use_cache=False)
        assert end.passed is not None
        return end.passed

    @contextmanager
    def replaced_by(self, states_RWD: Tensor) -> Iterator[None]:
        """Inside, the model goes on from these states, whatever it is given to read."""
        below: dict[int, Module] = {index: _Stand() for index in range(1, self.depth)}
        with _replaced(self._layers, {0: _Stand(states_RWD), **below}):
            yield


class _Stand(Module):
    """Stands in for a layer that is not run: hands on what it is given, or the states it was made with."""

    def __init__(self, states: Tensor | None = None) -> None:
        super().__init__()
        self._states = states
        self.passed: Tensor | None = None

    def forward(self, hidden_states: Tensor, *_: object, **__: object) -> Tensor:
        self.passed = hidden_states if self._states is None else self._states
        return self.passed


@contextmanager
def _replaced(layers: ModuleList, stands: Mapping[int, Module]) -> Iterator[None]:
    """Inside, other modules stand in the places of some layers."""
    originals = {index: layers[index] for index in stands}
    try:
        for index, stand in stands.items():
            layers[index] = stand
        yield
    finally:
        for index, original in originals.items():
            layers[index] = original


def _drops(module: Module) -> bool:
    """Whether a module leaves out something at random while training; then no two passes are the same."""
    return bool(isinstance(module, torch.nn.Dropout) and module.p) or bool(getattr(module, "attention_dropout", 0))
