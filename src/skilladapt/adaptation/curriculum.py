"""Which skills a round may train under the order `cumulative`: levels are admitted as what they need is mastered.

Sorting every pass from easy to hard makes a student forget the easy part while it trains on the hard one. Here
nothing is sorted: skills join one another, and whatever has joined is shuffled together (method, section 6).
"""

from collections.abc import Set

from skilladapt.skills.graph import SkillGraph

PACE_SHARE = 0.5
"""By this share of the rounds every level is open, mastered or not: a skill that cannot be mastered must not keep
the rest of the subject shut."""


def open_skills(
    graph: SkillGraph,
    taught: Set[str],
    mastered: Set[str],
    *,
    round: int,
    rounds: int,
    opened: Set[str] = frozenset(),
) -> frozenset[str]:
    """The `taught` skills that round `round` (from 1) of `rounds` may train; those `opened` before stay open.

    A skill opens when all it needs, directly or not, is mastered, as far as it is taught at all. At the latest it
    opens with its level: the levels that occur among the taught skills open one after another, evenly over the
    first half of the rounds, the lowest in round 1.
    """
    levels = sorted({graph.by_id[id].level for id in taught})
    pace = max(1.0, PACE_SHARE * rounds) / len(levels)
    due = {level: 1 + int(place * pace) for place, level in enumerate(levels)}
    return frozenset(
        id
        for id in taught
        if id in opened
        or due[graph.by_id[id].level] <= round
        or ((graph.closure([id]) - {id}) & taught) <= mastered
    )
