"""What the frozen trunk makes of a round's sequences: a window of steps at a time, kept while there is room.

Windows follow from the order of the examples alone, and a window is always computed as a whole. So a round that
goes on after an interruption, or that had no room to keep anything, gets the same states to the last bit.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager

import torch
from torch import Tensor

from skilladapt.models.trunk import Trunk
from skilladapt.training.batches import Layout, MicroBatch, Prepared, micro_batches

WINDOW_TOKENS = 4096
"""Enough that examples of about equal length find one another, and little work before the first step."""

KEPT_BYTES = 2**30
"""Most that is kept for later passes. SmolLM2-135M needs 2.3 kB for each token, an 8B model in bfloat16 8 kB."""


class TrunkStates:
    """The states of the sequences in each step of a round. Holds at most `KEPT_BYTES` and one window."""

    def __init__(
        self, trunk: Trunk, steps: Sequence[Sequence[Prepared]], device: torch.device, layout: Layout
    ) -> None:
        self._trunk, self._device = trunk, device
        # Lengths are so alike in a window that packing would save nothing.
        self._layout = Layout(layout.tokens, packed=False)
        self._windows = list(_windows(steps))
        self._window_of = [index for index, window in enumerate(self._windows) for _ in window]
        self._kept: dict[int, Mapping[str, Tensor]] = {}
        self._kept_bytes = 0
        self._current: tuple[int, Mapping[str, Tensor]] = (-1, {})

    def beneath(self, step: int, batch: MicroBatch) -> AbstractContextManager[None]:
        """Inside, the model goes on from the states of this micro-batch of a step (its index in a pass)."""
        return self._trunk.replaced_by(self.of(step, batch))

    def of(self, step: int, batch: MicroBatch) -> Tensor:
        """The states of a micro-batch of a step, as its examples lie in it: (row, position, hidden size)."""
        states = self._of_window(self._window_of[step])
        first = states[batch.examples[0].id]
        states_RWD = first.new_zeros((*batch.input_ids_RW.shape, first.shape[-1]))
        for one, (row, columns) in zip(batch.examples, batch.places, strict=True):
            states_RWD[row, columns] = states[one.id]
        return states_RWD

    def _of_window(self, index: int) -> Mapping[str, Tensor]:
        if index in self._kept:
            return self._kept[index]
        if self._current[0] != index:
            self._current = (-1, {})  # its memory first
            self._current = (index, self._computed(self._windows[index]))
            size = sum(one.numel() * one.element_size() for one in self._current[1].values())
            if self._kept_bytes + size <= KEPT_BYTES:
                self._kept[index] = self._current[1]
                self._kept_bytes += size
        return self._current[1]

    def _computed(self, window: Sequence[Sequence[Prepared]]) -> Mapping[str, Tensor]:
        found: dict[str, Tensor] = {}
        for batch in micro_batches([one for step in window for one in step], self._device, self._layout):
            states_RWD = self._trunk.states(batch.input_ids_RW, batch.positions_RW)
            for one, (row, columns) in zip(batch.examples, batch.places, strict=True):
                # A copy, as a view would keep the padding's memory too.
                found[one.id] = states_RWD[row, columns].clone()
        return found


def _windows(steps: Sequence[Sequence[Prepared]]) -> Iterator[Sequence[Sequence[Prepared]]]:
    """Consecutive steps of together at least `WINDOW_TOKENS` tokens, but for the last ones."""
    window: list[Sequence[Prepared]] = []
    for step in steps:
        window.append(step)
        if sum(one.tokens for step in window for one in step) >= WINDOW_TOKENS:
            yield window
            window = []
    if window:
        yield window
