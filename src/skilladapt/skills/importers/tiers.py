"""An outline of any depth read in three tiers: units, the skills in them, and objectives below those.

What stands at the outer margin and has nothing below it is a skill, too, of no unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from skilladapt.skills.importers.drafts import Draft, Fault, Place


@dataclass
class Line:
    """An entry of an outline."""

    depth: int
    """Only comparisons count: an entry belongs to the nearest one above it that is less deep."""
    title: str
    place: Place
    prose: list[str] = field(default_factory=list)
    requires: list[tuple[str, Place]] = field(default_factory=list)


def tiers(lines: Sequence[Line]) -> tuple[list[Draft], list[Fault]]:
    """The skills among the entries, in their order, and requirements of entries that are no skills."""
    tier = _tiers(lines)
    drafts: list[Draft] = []
    faults: list[Fault] = []
    unit = None
    for index, line in enumerate(lines):
        if tier[index] == 0 and index + 1 < len(lines) and tier[index + 1] > 0:
            unit = line.title
            faults += [
                (place, "'Requires:' belongs to a unit; move it below a skill") for _, place in line.requires
            ]
        elif tier[index] < 2:
            unit = unit if tier[index] else None
            drafts.append(Draft(line.title, line.place, unit, [*line.prose], [], [*line.requires]))
        else:
            drafts[-1].objectives += [line.title, *line.prose]
            drafts[-1].requires += line.requires
    return drafts, faults


def only_root(lines: Sequence[Line]) -> bool:
    """Whether the first entry holds all the others, in at least two more tiers: then it is the title."""
    tier = _tiers(lines)
    return tier[:1] == [0] and 0 not in tier[1:] and 2 in tier


def _tiers(lines: Sequence[Line]) -> list[int]:
    """How many entries each stands below: 0, 1, or 2 for two and more."""
    above: list[int] = []
    found = []
    for line in lines:
        while above and above[-1] >= line.depth:
            above.pop()
        found.append(min(len(above), 2))
        above.append(line.depth)
    return found
