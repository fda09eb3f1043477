"""Syllabi, from files and names, and the one graph they make together.

Any form is read (`importers/`), every section keeps the place it came from; what several places say of one skill
is merged (`merge.py`), and circles are opened where the evidence is weakest (`circles.py`).
"""

from collections.abc import Sequence
from importlib.resources.abc import Traversable
from pathlib import Path, PurePath

from skilladapt.errors import UserError
from skilladapt.records import Mention
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.importers.choosing import check_suffix, parse, parse_strict
from skilladapt.skills.importers.files import MAX_BYTES, read_text
from skilladapt.skills.merge import Decision, build
from skilladapt.skills.sections import Section, Syllabus, Unit
from skilladapt.skills.shipped import nearest, shipped_file
from skilladapt.skills.slug import clean_title

__all__ = [
    "MAX_BYTES",
    "Section",
    "Syllabus",
    "Unit",
    "graph_of",
    "mentions_of",
    "parse_syllabus",
    "read_graph",
    "read_sources",
    "read_syllabus",
]


def read_syllabus(source: str | Path | Traversable) -> Syllabus:
    """The syllabus in a file of any form, or the shipped one of that name. Raises UserError with every fault."""
    found = _read(source, clean_title(source.name) if not isinstance(source, str) else _names([source])[0])
    if isinstance(found, SkillGraph):
        raise UserError(f"{source} is the file of a graph; a syllabus is needed here.")
    return found


def parse_syllabus(text: str, source: str) -> Syllabus:
    """The syllabus in a strict Markdown outline; `source` names its file in messages and evidence.

    Raises `UserError` with every fault: those of lines in their order, then the circles.
    """
    return parse_strict(text, source)


def read_graph(sources: Sequence[str], decisions: Sequence[Decision] = ()) -> SkillGraph:
    """The graph of all `sources` together: files, names of shipped syllabi, or the `graph.json` of one graph.

    A graph is checked and used as it is. Raises UserError with the faults of all of them.
    """
    found = read_sources(sources, decisions)
    return found if isinstance(found, SkillGraph) else graph_of(*found, decisions=decisions)


def read_sources(sources: Sequence[str], decisions: Sequence[Decision] = ()) -> list[Syllabus] | SkillGraph:
    """As `read_graph`, before anything is merged: the syllabi, or the one graph that is named."""
    if len(set(sources)) < len(sources):
        twice = next(name for name in sources if list(sources).count(name) > 1)
        raise UserError(f"The syllabus '{twice}' is named twice; name it once.")
    syllabi: list[Syllabus] = []
    mistakes: list[str] = []
    for source, name in zip(sources, _names(sources), strict=True):
        try:
            found = _read(source, name)
        except UserError as error:
            mistakes += error.mistakes
            continue
        if isinstance(found, Syllabus):
            syllabi.append(found)
        elif len(sources) == 1 and not decisions:
            return found
        else:
            mistakes.append(f"{source} is a graph, used as it is: name it alone, and decide about merges in it.")
    if mistakes:
        raise UserError(*mistakes)
    return syllabi


def graph_of(*syllabi: Syllabus, decisions: Sequence[Decision] = ()) -> SkillGraph:
    """A skill for each section, in the order of the syllabi; those that mean the same are one."""
    edges = [edge for syllabus in syllabi for edge in syllabus.prerequisites]
    related = [pair for syllabus in syllabi for pair in syllabus.related]
    origin = {section.where: syllabus.title for syllabus in syllabi for section in syllabus.sections}
    return build(mentions_of(syllabi), edges, related, decisions, origin)


def mentions_of(syllabi: Sequence[Syllabus]) -> list[Mention]:
    """One for each section."""
    return [
        Mention(
            where=section.where,
            title=section.title,
            description="\n".join(
                filter(None, [section.description, *(f"- {line}" for line in section.objectives)])
            ),
            part_of=unit.title,
        )
        for syllabus in syllabi
        for unit in syllabus.units
        for section in unit.sections
    ]


def _read(source: str | Path | Traversable, name: str) -> Syllabus | SkillGraph:
    shipped = shipped_file(source) if isinstance(source, str) else None
    if shipped is not None:
        return parse(read_text(shipped), name, ".json")
    file = Path(source) if isinstance(source, str) else source
    check_suffix(file.name)
    try:
        return parse(read_text(file), name)
    except UserError as error:
        hint = nearest(source) if isinstance(source, str) and "There is no syllabus" in str(error) else ""
        if hint:
            raise UserError(f"There is no syllabus at {source}; did you mean '{hint}'?") from None
        raise


def _names(sources: Sequence[str]) -> list[str]:
    """What each source is called in messages and evidence: as little of its path as tells it from the others."""
    parts = [(source,) if shipped_file(source) else PurePath(source).parts or (source,) for source in sources]
    for length in range(1, max(map(len, parts), default=1) + 1):
        names = [clean_title("/".join(part[-length:])) for part in parts]
        if len(set(names)) == len(names):
            return names
    return [clean_title(source) for source in sources]
