"""Records and histories for the tests of adaptation, built from the few numbers that matter there."""

from collections.abc import Mapping, Sequence

import numpy as np

from skilladapt.adaptation.calibrate import uncalibrated
from skilladapt.adaptation.categorise import NAMES, Categorised, codes_of
from skilladapt.adaptation.ledger import LedgerDraft
from skilladapt.adaptation.observations import Observations, observe
from skilladapt.adaptation.standing import Standing
from skilladapt.adaptation.suspects import Resolution
from skilladapt.records import (
    Calibration,
    Category,
    Example,
    Exercise,
    ExerciseKind,
    LossHistory,
    PlantedError,
    Skill,
    Verdict,
    is_held_out,
)
from skilladapt.skills.graph import SkillGraph, declared


def graph_of(skills: Sequence[str], *edges: tuple[str, str]) -> SkillGraph:
    """A graph whose skills are single words; edges lead from the prerequisite."""
    return SkillGraph(
        [Skill(id=id, title=id) for id in skills], [declared(before, after, "here") for before, after in edges]
    )


def exercise_of(
    *skill_ids: str, number: int = 0, kind: ExerciseKind = "fresh", difficulty: int = 2, generation: int = 0
) -> Exercise:
    question = f"Exercise {number} on {' and '.join(skill_ids)}?"
    while is_held_out(question):
        question += "?"
    return Exercise(
        skill_ids=skill_ids,
        question=question,
        solution="A step.",
        step_skills=skill_ids[:1],
        answer=str(number),
        answer_type="number",
        difficulty=difficulty,
        kind=kind,
        parent_ids=() if kind == "fresh" else ("parent",),
        author="tests",
        generation=generation,
    )


def example_of(exercise: Exercise, weight: float = 1.0, method: str = "numeric") -> Example:
    verdict = Verdict(exercise_id=exercise.exercise_id, verdict="correct", method=method)
    return Example(material=exercise, verdict=verdict, weight=weight)


def planted_of(exercise: Exercise, kind: str = "sign") -> PlantedError:
    verdict = Verdict(exercise_id=exercise.exercise_id, verdict="incorrect", method="numeric", reason="made so")
    return PlantedError(exercise=exercise, verdict=verdict, kind=kind)


def history_of(
    id: str, losses: Sequence[float], greedy: Sequence[bool] | None = None, round: int = 1
) -> LossHistory:
    return LossHistory(
        example_id=id,
        round=round,
        loss_P=tuple(losses),
        tokens=10,
        worst_answer_token_P=tuple(losses),
        greedy_answer_P=tuple(greedy) if greedy is not None else (False,) * len(losses),
        answer_margin_P=tuple(-loss for loss in losses),
    )


def observed_of(
    graph: SkillGraph,
    exercises: Mapping[str, Exercise],
    losses: Mapping[str, Sequence[float]],
    greedy: Mapping[str, Sequence[bool]] | None = None,
    seen: Mapping[str, int] | None = None,
    round: int = 1,
    cleared: frozenset[str] = frozenset(),
    scores: Mapping[str, float] | None = None,
) -> Observations:
    """Observations of `round`; `seen` says how many passes an exercise had in the round before."""
    histories = [history_of(id, losses[id], (greedy or {}).get(id), round) for id in exercises]
    histories += [history_of(id, [1.0] * passes, round=round - 1) for id, passes in (seen or {}).items() if passes]
    return observe(exercises, histories, round, graph, cleared, scores or {})


def calibration_of(**changes: object) -> Calibration:
    """A decisive calibration: threshold 2, baseline 4 nats, its deviation 0.5; apart from `changes`."""
    known = {"decisive": True, "threshold": 2.0, "baseline_loss": 4.0, "baseline_std": 0.5}
    return uncalibrated(1).model_copy(update={**known, **changes})


def categorised_of(*names: Category, score: float = 0.333) -> Categorised:
    """Categories in order of id, all with one score; suspected from 2."""
    return Categorised(codes_of(names), np.full(len(names), score), 2.0)


def names_of(found: Categorised) -> list[Category]:
    return [NAMES[code] for code in found.category_E]


def unsuspecting(standing: Standing, found: Categorised) -> Resolution:
    """A resolution with nothing in its ledger."""
    observed = standing.observed
    draft = LedgerDraft(observed.round, observed.example_ids, found.category_E, standing.weight_E, {})
    return Resolution(found=found, ledger=draft.done())
