"""Every decision about an example, as columns that become rows only where they are written.

A reason is kept as a template for all examples that share it, with the numbers it quotes in columns: ten million
reasons as texts would take more memory than the losses they were made from.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, get_args

import numpy as np
from numpy.typing import NDArray

from skilladapt.adaptation.categorise import AMBIGUOUS, NAMES, NEW, CodeArray
from skilladapt.adaptation.draws import Ids
from skilladapt.adaptation.observations import FloatArray, IntArray
from skilladapt.records import Action, ActionKind

ACTIONS: Final[tuple[ActionKind, ...]] = get_args(ActionKind)
"""The name of each action by its number."""

Numbers = Mapping[str, NDArray[Any]]
"""What reasons quote, by name: one value for each example."""
Children = Mapping[tuple[str, ActionKind], tuple[str, ...]]
"""Exercise ids written because of a row, by its example id and action."""


@dataclass(frozen=True)
class Ledger:
    """Decisions after one round. A: one row for each (example, action)."""

    round: int
    """After which this was decided."""
    example_ids: Ids
    numbers: Numbers
    reasons: tuple[str, ...]
    """Templates for `str.format`, filled with the numbers of the row's example."""
    row_A: IntArray
    """Which of the examples."""
    category_A: CodeArray
    action_A: CodeArray
    weight_before_A: FloatArray
    weight_after_A: FloatArray
    reason_A: IntArray
    """Which of the reasons."""
    children: Children

    def __len__(self) -> int:
        """The number of rows."""
        return self.row_A.size

    def acting(self, *actions: ActionKind) -> IntArray:
        """The examples that one of `actions` is about."""
        return self.row_A[np.isin(self.action_A, [ACTIONS.index(action) for action in actions])]

    def actions(self) -> Iterator[Action]:
        """The rows as records, one after another."""
        for place, row in enumerate(self.row_A.tolist()):
            id = str(self.example_ids[row])
            category, action = int(self.category_A[place]), ACTIONS[self.action_A[place]]
            quoted = {name: column[row] for name, column in self.numbers.items()}
            yield Action(
                round=self.round,
                example_id=id,
                # Nothing is known of an example never trained on, which is what ambiguous means.
                category=NAMES[AMBIGUOUS if category == NEW else category],
                action=action,
                reason=self.reasons[self.reason_A[place]].format_map(quoted),
                weight_before=float(self.weight_before_A[place]),
                weight_after=float(self.weight_after_A[place]),
                child_ids=self.children.get((id, action), ()),
            )

    def with_children(self, children: Children) -> "Ledger":
        """The same rows, with the exercises written because of some; each counts once for a row."""
        both = dict(self.children)
        for key, ids in children.items():
            both[key] = tuple(dict.fromkeys((*both.get(key, ()), *ids)))
        return replace(self, children=both)


class LedgerDraft:
    """A ledger while it is being written."""

    def __init__(
        self, round: int, example_ids: Ids, category_E: CodeArray, weight_E: FloatArray, numbers: Numbers
    ) -> None:
        """`category_E` and `weight_E` are what rows say of an example unless told otherwise."""
        self._round, self._ids, self._numbers = round, example_ids, numbers
        self._category_E, self._weight_E = category_E, weight_E
        self._reasons: dict[str, int] = {}
        self._children: dict[tuple[str, ActionKind], tuple[str, ...]] = {}
        self._parts: list[tuple[NDArray[Any], ...]] = []

    def add(
        self,
        rows: IntArray | list[int],
        action: ActionKind,
        weight_after: FloatArray | float,
        reason: str,
        child_ids: tuple[str, ...] = (),
    ) -> None:
        """One row for each example in `rows`; `weight_after` is one for each, or one for all.

        `reason` is a template. Text of another's in it (a verdict's) goes through `quoted`.
        """
        row_A = np.asarray(rows, dtype=np.int64)
        number = self._reasons.setdefault(reason, len(self._reasons))
        self._parts.append(
            (
                row_A,
                self._category_E[row_A],
                np.full(row_A.size, ACTIONS.index(action), dtype=np.int8),
                self._weight_E[row_A],
                np.broadcast_to(np.asarray(weight_after, dtype=np.float64), row_A.shape),
                np.full(row_A.size, number, dtype=np.int32),
            )
        )
        if child_ids:
            self._children |= {(str(self._ids[row]), action): child_ids for row in row_A.tolist()}

    def done(self) -> Ledger:
        """The ledger, in the order of examples, and for each example in that of adding."""
        columns = [np.concatenate(parts) for parts in zip(*self._parts, strict=True)]
        if not columns:
            columns = [np.empty(0, dtype=dtype) for dtype in (np.int64, np.int8, np.int8, float, float, np.int32)]
        in_order = np.argsort(columns[0], kind="stable")
        row_A, category_A, action_A, before_A, after_A, reason_A = (column[in_order] for column in columns)
        return Ledger(
            round=self._round,
            example_ids=self._ids,
            numbers=self._numbers,
            reasons=tuple(self._reasons),
            row_A=row_A,
            category_A=category_A,
            action_A=action_A,
            weight_before_A=before_A,
            weight_after_A=after_A,
            reason_A=reason_A,
            children=self._children,
        )


def joined(first: Ledger, second: Ledger) -> Ledger:
    """The rows of `first`, then those of `second`, which is about the same examples and the same round."""
    assert first.example_ids is second.example_ids and first.round == second.round
    return replace(
        first,
        numbers={**first.numbers, **second.numbers},
        reasons=first.reasons + second.reasons,
        row_A=np.concatenate([first.row_A, second.row_A]),
        category_A=np.concatenate([first.category_A, second.category_A]),
        action_A=np.concatenate([first.action_A, second.action_A]),
        weight_before_A=np.concatenate([first.weight_before_A, second.weight_before_A]),
        weight_after_A=np.concatenate([first.weight_after_A, second.weight_after_A]),
        reason_A=np.concatenate([first.reason_A, second.reason_A + len(first.reasons)]),
        children={**first.children, **second.children},
    )


def quoted(text: str) -> str:
    """Text as it must stand in a template to come out unchanged."""
    return text.replace("{", "{{").replace("}", "}}")
