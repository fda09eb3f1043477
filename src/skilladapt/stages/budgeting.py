"""What the next round trains: which examples it has tokens for, how often, and what calibration takes of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from skilladapt.adaptation.allotment import Allotment, allot
from skilladapt.adaptation.budget import Candidates, RoundPlan, candidates_of, fill_round
from skilladapt.adaptation.calibrate import CalibrationSample, choose_calibration_sample, needs_calibration
from skilladapt.adaptation.categorise import NEW
from skilladapt.adaptation.curriculum import open_skills
from skilladapt.adaptation.observations import BoolArray, FloatArray
from skilladapt.records import Category, Example, Exercise
from skilladapt.stages.context import Run
from skilladapt.stages.library import read_calibration, spent_in
from skilladapt.stages.sampling import Sample, build_sample, calibration_passes, sample_tokens

MOST_FOR_CALIBRATION = 0.25
"""Of a round's tokens, where the run has a budget: a small one is spent on learning first."""


@dataclass(frozen=True)
class NextRound:
    """The state that a round trains each example in, and what it may spend."""

    examples: Mapping[str, Example]
    """By id; those left out are benched."""
    replayed_ids: tuple[str, ...]
    plan: RoundPlan
    allotment: Allotment
    calibration: CalibrationSample | None
    """What a calibration before it trains on; None: there is none."""
    open_skills: frozenset[str]
    """Of the skills taught, those it may train."""


def plan_round(
    run: Run,
    number: int,
    examples: Mapping[str, Example],
    latest: Mapping[str, Category | None],
    *,
    mastered: frozenset[str] = frozenset(),
    share_S: FloatArray | None = None,
) -> NextRound:
    """Round `number` of what there is: `examples` by id with their `latest` categories, `mastered` skills.

    Without a budget for the whole run, every round has `round_tokens` and the configured passes. With one, rounds
    have equal parts of what is left, after calibration where one is due: while there is little data, it is read
    more often. A calibration takes as many passes as its round, so that round keeps its passes and has the less in
    each.
    """
    opened = _open_skills(run, number, mastered)
    candidates = candidates_of(
        examples, latest, [run.classroom.count_tokens(one.material) for one in examples.values()], run.graph.by_id
    )
    open_S = np.array([id in opened for id in run.graph.by_id])

    def filled(spared: int, least_passes: int) -> tuple[Allotment, RoundPlan]:
        allotment = _allotment(run, number, candidates, open_S, spared, least_passes)
        plan = fill_round(
            candidates,
            allotment.pass_tokens,
            round=number - 1,
            seed=run.config.seed,
            replay_share=run.config.adaptation.replay_share,
            share_S=share_S,
            open_S=open_S,
        )
        return allotment, plan

    allotment, plan = filled(0, run.config.training.passes)
    sample = _calibration_sample(run, number, examples, candidates, plan, allotment, opened)
    if sample and run.config.training.total_tokens is not None:
        allotment, plan = filled(sample_tokens(run, sample, allotment.passes), allotment.passes)
    trained = dict(zip(examples, plan.trained_C.tolist(), strict=True))
    replayed = zip(examples, plan.replayed_C.tolist(), strict=True)
    return NextRound(
        examples={id: one.model_copy(update={"benched": not trained[id]}) for id, one in examples.items()},
        replayed_ids=tuple(sorted(id for id, is_replayed in replayed if is_replayed)),
        plan=plan,
        allotment=allotment,
        calibration=sample and sample.drawn,
        open_skills=opened,
    )


def _open_skills(run: Run, number: int, mastered: frozenset[str]) -> frozenset[str]:
    taught = frozenset(run.taught)
    if run.config.training.order != "cumulative":
        return taught
    before = run.directory.read_json(f"round-{number - 1}/budget")["open_skills"] if number > 1 else ()
    return open_skills(
        run.graph, taught, mastered, round=number, rounds=run.config.training.rounds, opened=frozenset(before)
    )


def _new_share(candidates: Candidates, plan: RoundPlan) -> float:
    return float(((candidates.category_C == NEW) & plan.trained_C).sum() / plan.trained_C.sum())


def _calibration_sample(
    run: Run,
    number: int,
    examples: Mapping[str, Example],
    candidates: Candidates,
    plan: RoundPlan,
    allotment: Allotment,
    opened: frozenset[str],
) -> Sample | None:
    """Of what was never trained on, where the round needs a calibration and that suffices for one.

    A planted error was never seen either. Beside examples that were, it would stand out for that alone, and one
    made of an example learned before would contradict what the student knows by heart.
    """
    settings = run.config.adaptation
    in_force = read_calibration(run.directory, number - 1) if number > 1 else None
    if not (run.policy.uses_calibration and needs_calibration(_new_share(candidates, plan), in_force)):
        return None
    new_C = (candidates.category_C == NEW) & (candidates.weight_C > 0)
    never_seen = {
        id: one.material
        for (id, one), is_new in zip(examples.items(), new_C.tolist(), strict=True)
        if is_new and one.skill_id in opened and isinstance(one.material, Exercise)
    }
    if not never_seen:
        return None
    size = settings.calibration_examples
    if run.config.training.total_tokens is not None:
        passes = calibration_passes(run, allotment.passes)
        tokens = passes * fmean(map(run.classroom.count_tokens, never_seen.values()))
        size = min(size, int(MOST_FOR_CALIBRATION * plan.tokens * allotment.passes / tokens))
    drawn = choose_calibration_sample(
        never_seen, size=size, planted_share=settings.planted_share, seed=run.config.seed
    )
    sample = build_sample(run, examples, drawn)
    return sample if sample.suffices else None


def _allotment(
    run: Run, number: int, candidates: Candidates, open_S: BoolArray, spared: int, least_passes: int
) -> Allotment:
    training, plan = run.config.training, run.directory.read_json("plan")
    if training.total_tokens is None:
        return Allotment(passes=training.passes, pass_tokens=plan["round_tokens"])
    spent = plan["textbook_tokens"] * training.textbook_passes + sum(
        spent_in(run.directory, earlier) for earlier in range(1, number)
    )
    trainable = (candidates.weight_C > 0) & open_S[candidates.skill_C]
    return allot(
        training.total_tokens - spent - spared,
        max(1, training.rounds - number + 1),  # a run of textbooks alone plans a round that it never trains
        max(1, int(candidates.tokens_C[trainable].sum())),
        least_passes,
    )
