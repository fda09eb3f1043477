"""Which skills the student has, judged by exercises it had not yet been trained on.

Probes are never used for this: a decision about data that depended on them would spoil them.
"""

from collections import Counter
from collections.abc import Iterable

from skilladapt.adaptation.observations import Observations
from skilladapt.records import Record

SHARE_NEEDED = 0.8
"""The shrunk share of right answers from which on a skill is mastered."""
LEAST_EXERCISES = 4
"""Below this many exercises nothing is concluded."""
PRIOR_EXERCISES = 4
"""How many exercises the skill's level counts for."""


class Mastery(Record):
    """What one round's new exercises say of one skill."""

    skill_id: str
    met: int
    """Exercises of the skill first met in the round."""
    right: int
    """Those whose answer span was greedily right before their first update."""
    share: float
    """`right / met`, shrunk to the level's share; within 0 and 1."""
    mastered: bool


def measure_mastery(observed: Observations) -> list[Mastery]:
    """For each skill with exercises first met in the round, in order of id, whether it is mastered.

    Method, section 4: `(k + 4 p_level) / (n + 4) >= 0.8` with `n >= 4`, where `p_level` is the plain share of
    right answers over all new exercises of the skill's level. The first pass is recorded before an exercise's own
    first update, so nothing is decoded for this.
    """
    met: Counter[str] = Counter()
    right: Counter[str] = Counter()
    level_met: Counter[int] = Counter()
    level_right: Counter[int] = Counter()
    level_of: dict[str, int] = {}
    first_passes = zip(
        observed.skill_ids,
        observed.level_E.tolist(),
        observed.passes_before_E.tolist(),
        observed.greedy_E_P[:, 0].tolist(),
        strict=True,
    )
    for skill_id, level, passes_before, is_right in first_passes:
        if passes_before == 0:
            level_of[skill_id] = level
            met[skill_id] += 1
            right[skill_id] += is_right
            level_met[level] += 1
            level_right[level] += is_right
    found = []
    for skill_id, level in sorted(level_of.items()):
        # One division: 4 * (3 / 4) and the like would round a share that is exactly 0.8 down to below it.
        numerator = right[skill_id] * level_met[level] + PRIOR_EXERCISES * level_right[level]
        share = numerator / ((met[skill_id] + PRIOR_EXERCISES) * level_met[level])
        found.append(
            Mastery(
                skill_id=skill_id,
                met=met[skill_id],
                right=right[skill_id],
                share=share,
                mastered=met[skill_id] >= LEAST_EXERCISES and share >= SHARE_NEEDED,
            )
        )
    return found


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
