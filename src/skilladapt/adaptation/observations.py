"""One round's loss histories as arrays, checked: what every decision about data is made from.

Dimension letters: E, the exercises trained in the round, sorted by id so that no result depends on the order in
which they came; P, the passes of the round. It knows nothing of weights, categories or thresholds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from skilladapt.errors import RunError
from skilladapt.records import Example, Exercise, LossHistory
from skilladapt.skills.graph import SkillGraph

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

MOST_NAMED = 5
"""How many ids an error message lists before it only counts."""


@dataclass(frozen=True)
class Observations:
    """How the exercises of one round were learned; at least two, and not all alike."""

    round: int
    example_ids: tuple[str, ...]
    """Ids of examples, or of planted errors; ascending."""
    skill_ids: tuple[str, ...]
    """The skill each belongs to."""
    level_E: IntArray
    """Level of that skill in the graph."""
    composed_E: BoolArray
    passes_before_E: IntArray
    """How often each had been trained on before the round."""
    loss_E_P: FloatArray
    """Mean loss per completion token before the pass's update (nats)."""
    greedy_E_P: BoolArray
    """Whether the whole answer span was greedily right."""

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

    @cached_property
    def row(self) -> Mapping[str, int]:
        """Where in E an id is."""
        return {id: row for row, id in enumerate(self.example_ids)}


def trained_exercises(examples: Iterable[Example]) -> dict[str, Exercise]:
    """By example id, the exercises a round trains on: neither textbooks, nor benched, nor at weight 0."""
    return {
        example.example_id: example.material
        for example in examples
        if isinstance(example.material, Exercise) and not example.benched and example.weight > 0
    }


def observe(
    trained: Mapping[str, Exercise], histories: Iterable[LossHistory], round: int, graph: SkillGraph
) -> Observations:
    """The dynamics of all `trained` exercises (by example or planted id) in `round`.

    `histories` are those of the student's whole training; earlier rounds only count as passes seen before, and
    histories of anything not in `trained` are left aside. Raises `RunError` when an exercise has no history or two
    of them in the round, a loss is not finite, the numbers of passes differ, or every exercise has the same
    losses: a category made from such numbers would look like a decision and be none.
    """
    ids = sorted(trained)
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
    loss_E_P = np.array([current[id].loss_P for id in ids], dtype=np.float64).reshape(
        len(ids), max(passes, default=0)
    )
    not_finite = np.flatnonzero(~np.isfinite(loss_E_P).all(axis=1))
    _refuse([ids[row] for row in not_finite], round, "have a loss not finite")
    if (loss_E_P == loss_E_P[:1]).all():
        raise RunError(
            f"All {len(ids)} examples trained in round {round} have the same losses, so nothing tells them apart; "
            "at least two that differ are needed. Look at the round's data and the student's learning rate."
        )
    skill_ids = tuple(trained[id].skill_ids[0] for id in ids)
    return Observations(
        round=round,
        example_ids=tuple(ids),
        skill_ids=skill_ids,
        level_E=np.array([graph.by_id[skill_id].level for skill_id in skill_ids], dtype=np.int64),
        composed_E=np.array([trained[id].kind == "composed" for id in ids], dtype=np.bool_),
        passes_before_E=np.array([passes_before[id] for id in ids], dtype=np.int64),
        loss_E_P=loss_E_P,
        greedy_E_P=np.array([current[id].greedy_answer_P for id in ids], dtype=np.bool_),
    )


def _refuse(ids: Sequence[str], round: int, fault: str) -> None:
    if ids:
        raise RunError(
            f"In round {round}, {len(ids)} trained examples {fault}: {_listed(ids[:MOST_NAMED])}"
            f"{', ...' if len(ids) > MOST_NAMED else ''}. Every trained example needs one finite loss for each "
            "pass; train the round again, at a lower learning rate if losses overflowed."
        )


def _listed(values: Sequence[object]) -> str:
    return ", ".join(str(value) for value in values)
