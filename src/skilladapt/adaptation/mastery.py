"""Which skills the student has, judged by exercises it had not yet been trained on.

Probes are never used for this: a decision about data that depended on them would spoil them.
"""

from collections.abc import Iterable

import numpy as np

from skilladapt.adaptation.observations import BoolArray, Observations
from skilladapt.records import Record

SHARE_NEEDED = 0.8
"""The shrunk share of right answers from which on a skill is mastered."""
LEAST_EXERCISES = 4
"""Below this many exercises nothing is concluded."""
PRIOR_EXERCISES = 4
"""How many exercises the skill's level counts for."""


class Mastery(Record):
    """What new exercises say of one skill: those of a round, and of rounds before that had too few."""

    skill_id: str
    met: int
    """Exercises of the skill first met in those rounds."""
    right: int
    """Those whose answer span was greedily right before their first update."""
    share: float
    """`right / met`, shrunk to the level's share; within 0 and 1."""
    mastered: bool


def measure_mastery(observed: Observations, refuted_E: BoolArray, before: Iterable[Mastery] = ()) -> list[Mastery]:
    """For each skill with exercises first met in the round, in order of id, whether it is mastered.

    Method, section 4: `(k + 4 p_level) / (n + 4) >= 0.8` with `n >= 4`, where `p_level` is the plain share of
    right answers over all new exercises of the skill's level. The first pass is recorded before an exercise's own
    first update, so nothing is decoded for this.

    Ours: exercises found wrong by now (`refuted_E`) say nothing about the student. Where `before`, the outcome of
    the round before, had fewer than four of a skill, they count with those of this round: a skill that gets two
    new exercises a round would never be known otherwise.
    """
    is_new_E = (observed.passes_before_E == 0) & ~refuted_E
    is_right_E = is_new_E & observed.greedy_E_P[:, 0]
    skills, levels = len(observed.skill_ids), int(observed.level_S.max()) + 1
    met_S = np.bincount(observed.skill_E[is_new_E], minlength=skills)
    right_S = np.bincount(observed.skill_E[is_right_E], minlength=skills)
    waiting = [one for one in before if one.met < LEAST_EXERCISES]
    place = {id: place for place, id in enumerate(observed.skill_ids)}
    for one in waiting:
        met_S[place[one.skill_id]] += one.met
        right_S[place[one.skill_id]] += one.right
    level_met_S = np.bincount(observed.level_S, met_S, levels)[observed.level_S]
    level_right_S = np.bincount(observed.level_S, right_S, levels)[observed.level_S]
    # One division: 4 * (3 / 4) and the like would round a share that is exactly 0.8 down to below it.
    numerator_S = right_S * level_met_S + PRIOR_EXERCISES * level_right_S
    share_S = numerator_S / np.maximum((met_S + PRIOR_EXERCISES) * level_met_S, 1)
    mastered_S = (met_S >= LEAST_EXERCISES) & (share_S >= SHARE_NEEDED)
    found = [
        Mastery(
            skill_id=observed.skill_ids[skill],
            met=int(met_S[skill]),
            right=int(right_S[skill]),
            share=float(share_S[skill]),
            mastered=bool(mastered_S[skill]),
        )
        for skill in np.flatnonzero(met_S)
    ]
    return sorted(found, key=lambda mastery: mastery.skill_id)


def mastered_skills(found: Iterable[Mastery], before: Iterable[str] = ()) -> frozenset[str]:
    """The skills mastered after a round: what it found, and of those mastered `before` all it has no say on.

    A skill of which fewer than four exercises were new keeps its standing: without news, nothing is forgotten.
    """
    mastered = set(before)
    for mastery in found:
        if mastery.met >= LEAST_EXERCISES:
            mastered.discard(mastery.skill_id)
            if mastery.mastered:
                mastered.add(mastery.skill_id)
    return frozenset(mastered)
