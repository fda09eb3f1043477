"""Drafts: sections whose lines are read and whose requirements are still raw text; here they become a syllabus."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from skilladapt.errors import UserError
from skilladapt.records import Prerequisite
from skilladapt.skills.graph import declared
from skilladapt.skills.sections import Section, Syllabus, Unit
from skilladapt.skills.slug import clean_title

Place = int | str
"""A line, from 1, or a path inside the file such as `#/units/0`."""

Fault = tuple[Place, str]
"""Where something is wrong, and what."""

MAX_SECTIONS = 100_000
MAX_TITLE = 1_000
"""Characters; more is a paragraph."""
MAX_FAULTS = 50
"""As many are told; the rest is counted."""


@dataclass
class Draft:
    """A section whose lines are read and whose requirements are still raw text."""

    title: str
    place: Place
    unit: str | None
    """None outside of any unit."""
    prose: list[str] = field(default_factory=list)
    objectives: list[str] = field(default_factory=list)
    requires: list[tuple[str, Place]] = field(default_factory=list)
    """What is said to be required, and where."""
    id: str = ""
    """A name of its own by which others may require it; empty where the form knows none."""


@dataclass(frozen=True)
class Need:
    """A requirement matched to the section meant."""

    draft: int
    """Index of the section among all drafts."""
    place: Place


def said_at(source: str, place: Place) -> str:
    """`place` with its file before it."""
    return f"{source}:{place}" if isinstance(place, int) else f"{source}{place}"


def refuse(source: str, faults: Sequence[Fault], whole: Sequence[str] = ()) -> None:
    """Raises UserError with the faults in the order of their places and those of the `whole`, if there are any."""
    told = sorted(faults, key=lambda fault: (isinstance(fault[0], str), fault[0]))[:MAX_FAULTS]
    mistakes = [f"{said_at(source, place)}: {fault}." for place, fault in told]
    if len(faults) > MAX_FAULTS:
        mistakes.append(f"{source}: {len(faults) - MAX_FAULTS:,} more mistakes like these.")
    mistakes += [f"{source}: {fault}." for fault in whole[:MAX_FAULTS]]
    if mistakes:
        raise UserError(*mistakes)


def oversized(drafts: Sequence[Draft]) -> list[Fault]:
    """Titles that are no titles, and sections beyond the number that is read."""
    long = f"of {MAX_TITLE:,} characters at most is needed"
    faults: list[Fault] = [
        (draft.place, f"a title of {len(draft.title):,} characters; one {long}")
        for draft in drafts
        if len(draft.title) > MAX_TITLE
    ]
    if len(drafts) > MAX_SECTIONS:
        over = f"{len(drafts):,} sections; at most {MAX_SECTIONS:,} are read, so split the syllabus"
        faults.append((drafts[MAX_SECTIONS].place, over))
    return faults


def assemble(title: str, source: str, drafts: Sequence[Draft], needs: Sequence[Sequence[Need]]) -> Syllabus:
    """The syllabus of drafts without faults; `needs` are those of each draft."""
    where = _distinct([said_at(source, draft.place) for draft in drafts])
    edges: dict[tuple[str, str], Prerequisite] = {}
    for index, requires in enumerate(needs):
        for need in requires:
            pair = where[need.draft], where[index]
            edges.setdefault(pair, declared(*pair, said_at(source, need.place)))
    units = tuple(
        Unit(title=unit, sections=tuple(_section(draft, place) for draft, place in group))
        for unit, group in groupby(zip(drafts, where, strict=True), key=lambda row: row[0].unit)
    )
    return Syllabus(title=title or source, source=source, units=units, prerequisites=tuple(edges.values()))


def _distinct(places: Sequence[str]) -> list[str]:
    """The places, with a number behind the second and later sections of one line: `plan.yaml:3.2`."""
    count: Counter[str] = Counter()
    found = []
    for place in places:
        count[place] += 1
        found.append(place if count[place] == 1 else f"{place}.{count[place]}")
    return found


def _section(draft: Draft, where: str) -> Section:
    return Section(
        where=where,
        title=draft.title,
        description=" ".join(draft.prose),
        objectives=tuple(draft.objectives),
    )


def shown(text: str) -> str:
    """A text as a message shows it: on one line, nothing invisible, at most 80 characters."""
    text = clean_title(text[:1_000])
    return text if len(text) <= 80 else text[:79] + "\u2026"


def plain(text: str) -> str:
    """`text` on one line without marks of emphasis around it."""
    return clean_title(text).strip("*_` ")
