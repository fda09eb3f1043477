"""A baseline: new exercises for the skills that wrong answers lack, and nothing else."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from skilladapt.adaptation.categorise import ERROR
from skilladapt.adaptation.draws import draw
from skilladapt.adaptation.ledger import joined
from skilladapt.adaptation.requests import UpdateSettings, Wish, merged
from skilladapt.adaptation.standing import Standing
from skilladapt.adaptation.suspects import Resolution
from skilladapt.adaptation.update import Update, concluded, draft_of

MOST_PROFILED: Final = 10_000
"""Of more wrong answers so many are drawn: shares of them are known within a percent."""


def plan_by_missing_skills(standing: Standing, resolution: Resolution, settings: UpdateSettings) -> Update:
    """Fresh exercises for skills in proportion to how often they are lacking; no weights, no removals.

    After the missing-skill profile of STAT (He et al., arXiv 2510.10023), whose variant STAT-Syn has new examples
    written for the skills that the student fails to apply most often. Deviations: there a stronger model reads the
    student's replies and names the skills they lack; here an exercise whose answer was wrong in the last pass
    (teacher-forced) lacks those of its steps' and its own skills that are taught and not mastered. The new
    exercises are fresh ones of the difficulty of those that lacked the skill, not made from these.
    """
    rows_lacking = _profile(standing, resolution)
    counts = apportioned({id: len(rows) for id, rows in rows_lacking.items()}, settings.new_exercises)
    wishes: list[Wish] = []
    asked: dict[int, list[str]] = defaultdict(list)
    for id, count in counts.items():
        for turn in range(count):
            row = rows_lacking[id][turn % len(rows_lacking[id])]
            asked[row].append(id)
            difficulty = standing.exercise_of(row).difficulty
            wishes.append(Wish("fresh", (id,), difficulty, (), (standing.observed.id_of(row),)))
    draft = draft_of(standing, resolution)
    for row, skill_ids in asked.items():
        lacking = ", ".join(dict.fromkeys(skill_ids))
        draft.add([row], "augment", standing.weight_E[row], f"wrong in the last pass, lacking {lacking}")
    is_kept_E = resolution.found.category_E != ERROR
    is_kept_E[list(asked)] = False
    kept = np.flatnonzero(is_kept_E)
    draft.add(kept, "keep", standing.weight_E[kept], "only new exercises are asked for")
    return concluded(standing, joined(resolution.ledger, draft.done()), merged(wishes, standing.observed.round))


def apportioned(votes: Mapping[str, int], seats: int) -> dict[str, int]:
    """Whole numbers that add up to `seats`, in proportion to `votes` by largest remainders, first come first.

    Names without a seat are left out; without votes nobody has one.
    """
    total = sum(votes.values())
    if not total:
        return {}
    given = {name: seats * count // total for name, count in votes.items()}
    by_remainder = sorted(votes, key=lambda name: -(seats * votes[name] % total))
    for name in by_remainder[: seats - sum(given.values())]:
        given[name] += 1
    return {name: count for name, count in given.items() if count}


def _profile(standing: Standing, resolution: Resolution) -> Mapping[str, Sequence[int]]:
    """By skill, in the graph's order, the rows whose wrong answer lacks it; what was refuted tells nothing."""
    observed = standing.observed
    wrong = np.flatnonzero(~observed.greedy_E_P[:, -1] & (resolution.found.category_E != ERROR))
    drawn = np.argsort(draw(observed.key_E[wrong], "profile", observed.round))
    wanted = standing.taught - standing.mastered
    lacking: dict[str, list[int]] = defaultdict(list)
    for row in np.sort(wrong[drawn[:MOST_PROFILED]]).tolist():
        exercise = standing.exercise_of(row)
        for id in wanted.intersection(exercise.step_skills + exercise.skill_ids):
            lacking[id].append(row)
    return {id: lacking[id] for id in standing.graph.order() if id in lacking}
