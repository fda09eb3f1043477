"""Syllabi in the shape of those that come with the package: sections and units with ids, edges by their kind.

An edge `[a, b]` says that a comes before b. Between units (`"edge_level": "unit"`) it is read thus: every section
of b comes after the last section of a. All sections of a unit then share a level, and units come in their order,
with few edges and without a claim that each lesson needs the one before it.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from skilladapt.errors import UserError
from skilladapt.records import Evidence, Prerequisite, Related
from skilladapt.skills.importers.drafts import MAX_FAULTS, MAX_SECTIONS, MAX_TITLE, plain, shown
from skilladapt.skills.sections import Section, Syllabus, Unit

KINDS: Mapping[str, Literal["syllabus", "order", "reference"]] = {
    "prerequisites": "syllabus",
    "progression_edges": "order",
    "cross_references": "reference",
}
"""What each kind of edge is evidence of."""
PAIRS = {"soft_prerequisites": "a soft prerequisite", "related_undirected": "related"}
Edge = tuple[str, str]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class _Section(_Shape):
    id: str
    title: str
    objectives: list[str] = []


class _Unit(_Shape):
    title: str
    id: str = ""
    sections: list[_Section]


class _File(_Shape):
    title: str
    edge_level: Literal["section", "unit"]
    units: list[_Unit]
    prerequisites: list[Edge] = []
    progression_edges: list[Edge] = []
    cross_references: list[Edge] = []
    soft_prerequisites: list[Edge] = []
    related_undirected: list[Edge] = []


def is_normalised(value: Any) -> bool:
    """Whether a JSON value claims this shape."""
    return isinstance(value, dict) and "edge_level" in value and "units" in value


def read_normalised(value: Any, source: str) -> Syllabus:
    """The syllabus of a JSON value. Raises UserError with every fault.

    A section that stands in two units with one id and title is one section, of the first unit.
    """
    try:
        file = _File.model_validate_json(json.dumps(value))
    except (ValidationError, RecursionError) as error:
        raise UserError(*_mistakes(error, source)) from None
    mistakes: list[str] = []
    units, held = _units(file, source, mistakes)
    ends = held if file.edge_level == "unit" else {id: [id] for ids in held.values() for id in ids}
    edges = [
        Prerequisite(before=before, after=after, evidence=(Evidence(source=evidence, where=where),))
        for kind, evidence in KINDS.items()
        for before, after, where in _expanded(getattr(file, kind), kind, ends, source, mistakes)
    ]
    related = [
        Related(first=first, second=second, reason=f"{words}, as {where} says")
        for kind, words in PAIRS.items()
        for first, second, where in _expanded(getattr(file, kind), kind, ends, source, mistakes)
    ]
    if mistakes:
        more = len(mistakes) - MAX_FAULTS
        cut = [f"{source}: {more:,} more mistakes like these."] if more > 0 else []
        raise UserError(*mistakes[:MAX_FAULTS], *cut)
    return Syllabus(
        title=plain(file.title) or source,
        source=source,
        units=units,
        prerequisites=tuple(edges),
        related=tuple(related),
    )


def _units(file: _File, source: str, mistakes: list[str]) -> tuple[tuple[Unit, ...], Mapping[str, Sequence[str]]]:
    """The units, and by unit id the ids of all its sections, those shared with earlier units included."""
    seen: dict[str, str] = {}
    held: dict[str, list[str]] = defaultdict(list)
    units = []
    for index, unit in enumerate(file.units):
        sections = []
        name = unit.id or f"/units/{index}"
        if name in held:
            mistakes.append(f"{source}#{shown(name)}: two units have this id; give one of them another.")
        for section in unit.sections:
            where, title = f"{source}#{shown(section.id)}", plain(section.title)
            if not section.id or shown(section.id) != section.id:
                mistakes.append(f"{where}: an id of 1 to 80 plain characters is needed; mend it.")
            held[name].append(section.id)
            if seen.get(section.id) == title:
                continue
            if section.id in seen:
                mistakes.append(f"{where}: two sections have this id; give one of them another.")
            if not title or len(title) > MAX_TITLE:
                mistakes.append(f"{where}: a title of 1 to {MAX_TITLE:,} characters is needed; write one.")
            seen[section.id] = title
            objectives = tuple(filter(None, (plain(text) for text in section.objectives)))
            sections.append(Section(where=where, title=title, objectives=objectives))
        if sections:
            units.append(Unit(title=plain(unit.title) or None, sections=tuple(sections)))
    if not 0 < len(seen) <= MAX_SECTIONS:
        mistakes.append(f"{source}: {len(seen):,} sections; 1 to {MAX_SECTIONS:,} are needed.")
    return tuple(units), held


def _expanded(
    edges: Sequence[Edge], kind: str, ends: Mapping[str, Sequence[str]], source: str, mistakes: list[str]
) -> Iterator[tuple[str, str, str]]:
    """Edges between sections' places, each with its own place."""
    for before, after in edges:
        unknown = [end for end in (before, after) if not ends.get(end)]
        if unknown or before == after:
            what = f"names '{shown(unknown[0])}', which is not there" if unknown else "leads back to itself"
            mistakes.append(
                f"{source}: an edge of '{kind}' {what}; mend or remove [{shown(before)}, {shown(after)}]."
            )
            continue
        for section in ends[after]:
            if section != ends[before][-1]:
                yield f"{source}#{ends[before][-1]}", f"{source}#{section}", f"{source}#{before} -> #{after}"


def _mistakes(error: Exception, source: str) -> list[str]:
    if not isinstance(error, ValidationError):
        return [f"{source}: nested too deeply; nest less."]
    rows = error.errors(include_url=False, include_context=False)
    told = [
        f"{source}#/{'/'.join(map(str, row['loc']))}: {row['msg'][0].lower()}{row['msg'][1:]}; mend that."
        for row in rows[:MAX_FAULTS]
    ]
    return told + (
        [f"{source}: {len(rows) - MAX_FAULTS:,} more mistakes like these."] if len(rows) > MAX_FAULTS else []
    )
