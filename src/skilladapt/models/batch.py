"""Some sequences that a student reads together, one step at a time, while others leave and join.

They all end in the same column, where the next token of each comes; before a shorter one there is padding.
"""

from collections.abc import Sequence
from typing import cast

import torch
from torch import LongTensor, Tensor
from torch.nn.functional import pad
from transformers import Cache

from skilladapt.models.drawing import Draw, next_ids
from skilladapt.models.loading import Student
from skilladapt.models.roomy_cache import RoomyCache


class Opening:
    """What all prompts begin with, read once and not once a prompt."""

    def __init__(self, student: Student, ids: list[int]) -> None:
        self._cache = RoomyCache.of(student.model.config)
        # Behind the opening there is padding, which only layers that see all tokens, and a mask, can leave out.
        self.ids = ids if self._cache is not None and not self._cache.has_window else []
        if self.ids:
            given = torch.tensor([self.ids], device=student.device)
            _forward(student, given, torch.ones_like(given), self._cache, [])

    @property
    def can_be_joined(self) -> bool:
        """Whether others can join a batch that goes on."""
        return self._cache is not None

    def cache(self, rows: int) -> RoomyCache | None:
        """A copy for that many rows; None where the model makes its own."""
        return None if self._cache is None else self._cache.repeated(rows)


class Batch:
    """A few sequences in work."""

    def __init__(
        self, student: Student, opening: Opening, prompts: Sequence[list[int]], draws: Sequence[Draw | None]
    ) -> None:
        rests = [prompt[len(opening.ids) :] for prompt in prompts]
        width = max(map(len, rests))
        padding = student.chat.end_of_text
        ids = torch.tensor([[padding] * (width - len(rest)) + rest for rest in rests], device=student.device)
        mask = [[1] * len(opening.ids) + [0] * (width - len(rest)) + [1] * len(rest) for rest in rests]
        self._student = student
        self._draws = list(draws)
        self._mask = torch.tensor(mask, device=student.device)
        self._next, self._cache = _forward(student, ids, self._mask, opening.cache(len(rests)), self._draws)

    @property
    def next_ids(self) -> list[int]:
        """The next token of each row."""
        return self._next.tolist()

    def step(self, goes_on: Sequence[bool]) -> None:
        """Reads the next tokens. Rows that do not go on are carried along, and their positions stand still."""
        column = torch.tensor(goes_on, device=self._mask.device)[:, None].to(self._mask)
        self._mask = torch.cat([self._mask, column], dim=1)
        draws = [draw if go else None for draw, go in zip(self._draws, goes_on, strict=True)]
        self._next, self._cache = _forward(self._student, self._next[:, None], self._mask, self._cache, draws)

    def replace_rows(self, kept: Sequence[int], joined: "Batch | None") -> None:
        """Only the `kept` rows stay, in their order; those of `joined` come after them."""
        rows = torch.tensor(kept, device=self._mask.device)
        self._mask, self._next = self._mask[rows], self._next[rows]
        self._draws = [self._draws[row] for row in kept]
        if not isinstance(self._cache, RoomyCache):
            assert joined is None, "rows cannot join a cache of this kind"
            # Not `batch_select_indices`, which only layers with keys and values have.
            self._cache.reorder_cache(cast(LongTensor, rows))
            return
        columns = self._mask.shape[1] - int(self._mask.any(dim=0).int().argmax())
        if joined is not None:
            columns = max(columns, joined._mask.shape[1])
            self._next = torch.cat([self._next, joined._next])
            self._draws += joined._draws
        # A negative pad cuts off columns in which no row has anything.
        masks = [self._mask] if joined is None else [self._mask, joined._mask]
        self._mask = torch.cat([pad(mask, (columns - mask.shape[1], 0)) for mask in masks])
        others = None if joined is None else joined._cache
        assert others is None or isinstance(others, RoomyCache)
        self._cache.replace_rows(rows, others, columns)


def _forward(
    student: Student, ids: Tensor, mask: Tensor, cache: Cache | None, draws: Sequence[Draw | None]
) -> tuple[Tensor, Cache]:
    """The token after `ids` (rows, tokens) for each row, and the cache with `ids` in it.

    `mask` covers what is in the cache and `ids` (rows, all columns).
    """
    positions = (mask.cumsum(dim=1) - 1).clamp(min=0)[:, -ids.shape[1] :]
    # A mask and not `1`: that would leave a strided view, whose product with the output layer is slow (0.25 s).
    last = torch.zeros_like(ids, dtype=torch.bool)
    last[:, -1] = True
    output = student.model(
        input_ids=ids,
        attention_mask=mask,
        position_ids=positions,
        past_key_values=cache,
        use_cache=True,
        logits_to_keep=last,
    )
    return next_ids(output.logits.view(len(ids), -1), draws), output.past_key_values
