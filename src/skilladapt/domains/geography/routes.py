"""Ways by land that cross as few borders as possible, for the author's side."""

from collections import deque
from functools import lru_cache

from skilladapt.domains.geography.facts import countries
from skilladapt.domains.geography.working import Unanswerable, Working

LONGEST = 4
"""Most borders on a way that is asked for."""


def note_way(working: Working, start: str, goal: str) -> int:
    """States the neighbours on one shortest way; returns how many borders it crosses."""
    distance = distances(goal)
    if not 1 <= distance.get(start, 0) <= LONGEST:
        raise Unanswerable("no way, or too long a one")
    here = start
    while here != goal:
        neighbours = working.fact("one neighbour", here).neighbours or ()
        here = min((code for code in neighbours if code in distance), key=lambda code: (distance[code], code))
    return distance[start]


def first_steps(start: str, goal: str) -> list[str]:
    """The countries that can come first on a shortest way."""
    distance = distances(goal)
    if start not in distance:
        return []
    return [
        code for code in countries()[start].neighbours or () if distance.get(code, start) == distance[start] - 1
    ]


@lru_cache(maxsize=256)
def distances(goal: str) -> dict[str, int]:
    """From each country to the goal, the number of borders; only as far as all neighbours are known.

    A country whose neighbours are not known could be a short cut, so nothing behind one is told.
    """
    table = countries()
    found = {goal: 0}
    waiting = deque([goal])
    border = LONGEST + 1
    while waiting:
        here = waiting.popleft()
        if found[here] >= border:
            break
        neighbours = table[here].neighbours
        if neighbours is None:
            border = min(border, found[here])
            continue
        for code in neighbours:
            if code not in found:
                found[code] = found[here] + 1
                waiting.append(code)
    # At the distance of a country with unknown neighbours everything is still certain, beyond it nothing is.
    return {code: number for code, number in found.items() if number <= border}
