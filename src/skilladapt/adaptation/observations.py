"""One round's loss histories as arrays, checked: what every decision about data is made from.

Dimension letters: E, the exercises trained in the round, sorted by id so that no result depends on the order in
which they came; P, the passes of the round; S, the skills of the graph. It knows nothing of weights, categories or
thresholds.
"""

import math
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from skilladapt.adaptation.draws import Ids, KeyArray, keys_of
from skilladapt.errors import RunError
from skilladapt.records import Example, Exercise, LossHistory
from skilladapt.skills.graph import SkillGraph

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

NO_SCORES: Mapping[str, float] = {}
MOST_NAMED = 5
"""How many ids an error message lists before it only counts."""


@dataclass(frozen=True)
class Observations:
    """How the exercises of one round were learned; at least two, and not all alike."""

    round: int
    example_ids: Ids
    """Ids of examples, or of planted errors; ascending."""
    key_E: KeyArray
    """Of the ids, to draw by."""
    skill_ids: tuple[str, ...]
    """The skills of the graph, S, in its order."""
    level_S: IntArray
    """Level of each skill in the graph."""
    skill_E: IntArray
    """Which of the skills each belongs to."""
    composed_E: BoolArray
    """Whether each was composed of others: those are compared with their like."""
    generation_E: IntArray
    """0 for fresh material, one more than the oldest parent's otherwise."""
    cleared_E: BoolArray
    """Whether a second method has found it correct, in an earlier round: it is not suspected again."""
    passes_before_E: IntArray
    """How often each had been trained on before the round."""
    score_before_E: FloatArray
    """How suspicious each was after the last round before that trained on it; NaN where none did."""
    loss_E_P: FloatArray
    """Mean loss per completion token before the pass's update (nats)."""
    worst_E_P: FloatArray
    """Largest loss of a token of the answer span (nats)."""
    greedy_E_P: BoolArray
    """Whether the whole answer span was greedily right."""

    @property
    def size(self) -> int:
        """The number of exercises."""
        return len(self.example_ids)

    @property
    def level_E(self) -> IntArray:
        """Level of each exercise's skill."""
        return self.level_S[self.skill_E]

    @cached_property
    def mean_loss_E(self) -> FloatArray:
        """`L_i`: mean over passes (nats per token)."""
        return np.asarray(self.loss_E_P.mean(axis=1), dtype=np.float64)

    @cached_property
    def std_loss_E(self) -> FloatArray:
        """`sigma_i`: population standard deviation over passes (nats per token)."""
        return np.asarray(self.loss_E_P.std(axis=1), dtype=np.float64)

    @cached_property
    def late_loss_E(self) -> FloatArray:
        """`x_i`: mean over the last two passes (nats per token)."""
        return np.asarray(self.loss_E_P[:, -2:].mean(axis=1), dtype=np.float64)

    def id_of(self, row: int) -> str:
        """The id in a row of E."""
        return str(self.example_ids[row])


def trained_exercises(examples: Iterable[Example]) -> dict[str, Exercise]:
    """By example id, the exercises a round trains on: neither textbooks, nor benched, nor at weight 0."""
    return {
        example.example_id: example.material
        for example in examples
        if isinstance(example.material, Exercise) and not example.benched and example.weight > 0
    }


def observe(
    trained: Mapping[str, Exercise],
    histories: Iterable[LossHistory],
    round: int,
    graph: SkillGraph,
    cleared: Set[str] = frozenset(),
    scores: Mapping[str, float] = NO_SCORES,
) -> Observations:
    """The dynamics of all `trained` exercises (by example or planted id) in `round`; some are `cleared`, by id.

    `scores` are those of suspicion, by id, after the last round before this one in which each was trained.
    `histories` are those of the student's whole training; earlier rounds only count as passes seen before, and
    histories of anything not in `trained` are left aside. Raises `RunError` when an exercise has no history or two
    of them in the round, the numbers of passes differ, or for what `check` refuses.
    """
    ids = tuple(sorted(trained))
    current: dict[str, LossHistory] = {}
    passes_before = dict.fromkeys(ids, 0)
    repeated = []
    for history in histories:
        if history.example_id not in passes_before:
            continue
        if history.round == round:
            if history.example_id in current:
                repeated.append(history.example_id)
            current[history.example_id] = history
        elif history.round < round:
            passes_before[history.example_id] += len(history.loss_P)
    _refuse([id for id in ids if id not in current], round, "have no recorded losses")
    _refuse(repeated, round, "have their losses recorded twice")
    passes = {len(current[id].loss_P) for id in ids}
    if len(passes) > 1:
        raise RunError(
            f"Round {round} trained its examples for {_listed(sorted(passes))} passes; "
            "every example needs the same number. Train the round again."
        )
    shape = len(ids), max(passes, default=0)
    place = {skill.id: place for place, skill in enumerate(graph.skills)}
    observed = Observations(
        round=round,
        example_ids=ids,
        key_E=keys_of(ids),
        skill_ids=tuple(place),
        level_S=np.array([skill.level for skill in graph.skills], dtype=np.int64),
        skill_E=np.array([place[trained[id].skill_ids[0]] for id in ids], dtype=np.int64),
        composed_E=np.array([trained[id].kind == "composed" for id in ids], dtype=np.bool_),
        generation_E=np.array([trained[id].generation for id in ids], dtype=np.int64),
        cleared_E=np.array([id in cleared for id in ids], dtype=np.bool_),
        passes_before_E=np.array([passes_before[id] for id in ids], dtype=np.int64),
        score_before_E=np.array([scores.get(id, math.nan) for id in ids], dtype=np.float64),
        loss_E_P=np.array([current[id].loss_P for id in ids], dtype=np.float64).reshape(shape),
        worst_E_P=np.array([current[id].worst_answer_token_P for id in ids], dtype=np.float64).reshape(shape),
        greedy_E_P=np.array([current[id].greedy_answer_P for id in ids], dtype=np.bool_).reshape(shape),
    )
    check(observed)
    return observed


@dataclass(frozen=True)
class _InOrder:
    """Ids in another order, without copying them."""

    ids: Ids
    order_E: IntArray

    def __len__(self) -> int:
        return self.order_E.size

    def __getitem__(self, place: int | slice, /) -> object:
        if isinstance(place, slice):
            return [str(self.ids[row]) for row in self.order_E[place].tolist()]
        return self.ids[int(self.order_E[place])]


def in_order(observed: Observations) -> Observations:
    """The same exercises in ascending order of their keys: for arrays that were not made by `observe`.

    Ids that are content hashes are in ascending order then, too. What comes in order already is given back.
    """
    if (observed.key_E[1:] >= observed.key_E[:-1]).all():
        return observed
    order_E = np.argsort(observed.key_E)
    arrays = {
        field.name: getattr(observed, field.name)[order_E]
        for field in fields(observed)
        if field.name.endswith(("_E", "_E_P"))
    }
    return replace(observed, example_ids=_InOrder(observed.example_ids, order_E), **arrays)


def check(observed: Observations) -> None:
    """Raises `RunError` where an id occurs twice, a loss is not finite, or every exercise has the same losses.

    A category made from such numbers would look like a decision and be none. One example alone is like nothing
    else, which is no fault of its losses.
    """
    round = observed.round
    by_key = np.argsort(observed.key_E, kind="stable")
    twice = by_key[1:][np.diff(observed.key_E[by_key]) == 0]
    _refuse([observed.id_of(row) for row in twice[:MOST_NAMED]], round, "occur twice", twice.size)
    wrong = np.flatnonzero(~np.isfinite(observed.loss_E_P).all(axis=1))
    _refuse([observed.id_of(row) for row in wrong[:MOST_NAMED]], round, "have a loss not finite", wrong.size)
    if observed.size != 1 and (observed.loss_E_P == observed.loss_E_P[:1]).all():
        raise RunError(
            f"All {observed.size} examples trained in round {round} have the same losses, so nothing tells them "
            "apart; at least two that differ are needed. Look at the round's data and the student's learning rate."
        )


def _refuse(ids: Sequence[str], round: int, fault: str, count: int | None = None) -> None:
    count = len(ids) if count is None else count
    if count:
        raise RunError(
            f"In round {round}, {count} trained examples {fault}: {_listed(ids[:MOST_NAMED])}"
            f"{', ...' if count > MOST_NAMED else ''}. Every trained example needs one finite loss for each "
            "pass; train the round again, at a lower learning rate if losses overflowed."
        )


def _listed(values: Sequence[object]) -> str:
    return ", ".join(str(value) for value in values)
