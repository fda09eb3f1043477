"""What the next round trains: which examples it has tokens for, how often, and what calibration takes of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from skilladapt.adaptation.allotment import Allotment, allot
from skilladapt.adaptation.budget import Candidates, RoundPlan, candidates_of, fill_round
from skilladapt.adaptation.calibrate import needs_calibration
from skilladapt.adaptation.categorise import NEW
from skilladapt.adaptation.curriculum import open_skills
from skilladapt.adaptation.observations import BoolArray, FloatArray
from skilladapt.records import Category, Example
from skilladapt.stages.context import Run
from skilladapt.stages.library import spent_in
from skilladapt.stages.sampling import draw_sample, sample_tokens

HALVINGS = 6
"""How finely the tokens of a calibration are fitted into a round that is hardly larger."""


@dataclass(frozen=True)
class NextRound:
    """The state that a round trains each example in, and what it may spend."""

    examples: Mapping[str, Example]
    """By id; those left out are benched."""
    replayed_ids: tuple[str, ...]
    plan: RoundPlan
    allotment: Allotment
    calibrates: bool
    """Whether a calibration comes before it."""
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
    more often.
    """
    opened = _open_skills(run, number, mastered)
    candidates = candidates_of(
        examples, latest, [run.classroom.count_tokens(one.material) for one in examples.values()], run.graph.by_id
    )
    open_S = np.array([id in opened for id in run.graph.by_id])

    def filled(spared: int) -> tuple[Allotment, RoundPlan]:
        allotment = _allotment(run, number, candidates, open_S, spared)
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

    allotment, plan = filled(0)
    calibrates = run.policy.uses_calibration and (number == 1 or needs_calibration(_new_share(candidates, plan)))
    if calibrates and run.config.training.total_tokens is not None:
        # The more is spared, the less is trained, and the less of that is new, which is what calibration takes.
        too_little, enough = 0, _calibration_tokens(run, candidates, plan)
        for _ in range(HALVINGS):
            spared = (too_little + enough) // 2
            if _calibration_tokens(run, candidates, filled(spared)[1]) > spared:
                too_little = spared
            else:
                enough = spared
        allotment, plan = filled(enough)
        sample = draw_sample(run, _first_time(candidates, plan, examples))
        if number > 1 and not sample.suffices:
            calibrates = False
            allotment, plan = filled(0)
        elif number == run.config.training.rounds:
            # No later round makes up for what the estimate left out.
            for _ in range(HALVINGS):
                missing = sample_tokens(run, sample) - enough
                if missing <= allotment.passes * (allotment.pass_tokens - plan.tokens):
                    break
                enough += missing
                allotment, plan = filled(enough)
                sample = draw_sample(run, _first_time(candidates, plan, examples))
    trained = dict(zip(examples, plan.trained_C.tolist(), strict=True))
    replayed = zip(examples, plan.replayed_C.tolist(), strict=True)
    return NextRound(
        examples={id: one.model_copy(update={"benched": not trained[id]}) for id, one in examples.items()},
        replayed_ids=tuple(sorted(id for id, is_replayed in replayed if is_replayed)),
        plan=plan,
        allotment=allotment,
        calibrates=calibrates,
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


def _first_time(candidates: Candidates, plan: RoundPlan, examples: Mapping[str, Example]) -> Mapping[str, Example]:
    """Those that the round trains on and has never seen."""
    new_C = (candidates.category_C == NEW) & plan.trained_C
    return {id: one for (id, one), is_new in zip(examples.items(), new_C.tolist(), strict=True) if is_new}


def _calibration_tokens(run: Run, candidates: Candidates, plan: RoundPlan) -> int:
    """About what a calibration trains on: some of what the round has never seen, errors planted in part of it."""
    settings = run.config.adaptation
    new_C = (candidates.category_C == NEW) & plan.trained_C
    sample = min(settings.calibration_examples, int(new_C.sum()))
    passes = settings.calibration_passes or run.config.training.passes
    return round(passes * sample * fmean(candidates.tokens_C[new_C])) if sample else 0


def _allotment(run: Run, number: int, candidates: Candidates, open_S: BoolArray, spared: int) -> Allotment:
    training, plan = run.config.training, run.directory.read_json("plan")
    if training.total_tokens is None:
        return Allotment(passes=training.passes, pass_tokens=plan["round_tokens"])
    spent = plan["textbook_tokens"] * training.textbook_passes + sum(
        spent_in(run.directory, earlier) for earlier in range(1, number)
    )
    trainable = (candidates.weight_C > 0) & open_S[candidates.skill_C]
    return allot(
        training.total_tokens - spent - spared,
        training.rounds - number + 1,
        max(1, int(candidates.tokens_C[trainable].sum())),
        training.passes,
    )
