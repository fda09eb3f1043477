"""A human syllabus, read from a Markdown outline and turned into a skill graph.

    # Title
    ## Unit
    ### Section title          one skill
    What one can do who has the skill, in prose.
    - an objective, one a line
    Requires: Another section title, And another

A section that declares nothing depends on nothing: a teaching order alone is no prerequisite, it only breaks ties.
`outline.py` sorts the lines, `requirements.py` finds what is required; here they become records.
"""

from collections.abc import Sequence
from importlib.resources.abc import Traversable
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from skilladapt.errors import UserError
from skilladapt.records import Prerequisite, Record, Skill
from skilladapt.skills.graph import SkillGraph, declared
from skilladapt.skills.outline import Draft, read_outline
from skilladapt.skills.requirements import Need, circles, match, repeated
from skilladapt.skills.slug import clean_title, unique_slugs

MAX_BYTES = 4_000_000
"""The largest syllabus read; the longest known to us is a hundredth of it."""


class Requirement(Record):
    """A prerequisite that a section declares, already matched to the section it names."""

    title: str
    line: int
    """Line of the `Requires:` in the file, from 1."""


class Section(Record):
    """One skill of a syllabus."""

    title: str
    line: int
    """Line of the heading in the file, from 1."""
    description: str = ""
    """The prose below the heading, on one line."""
    objectives: tuple[str, ...] = ()
    requires: tuple[Requirement, ...] = ()


class Unit(Record):
    """Sections under one heading."""

    title: str | None
    """None for sections that stand before the first unit."""
    sections: tuple[Section, ...]


class Syllabus(Record):
    """A whole outline, without faults."""

    title: str
    source: str
    """Name of the file, without its folder: evidence must read the same on every machine."""
    units: tuple[Unit, ...]

    @property
    def sections(self) -> tuple[Section, ...]:
        """All sections, in the order of the file."""
        return tuple(section for unit in self.units for section in unit.sections)


def read_syllabus(source: str | Path | Traversable) -> Syllabus:
    """The syllabus in a Markdown file.

    Raises `UserError` with every fault of the file and its line: no text, no sections, empty or repeated titles,
    prerequisites that are unknown, of the skill itself, outside a section or in a circle.
    """
    file = Path(source) if isinstance(source, str) else source
    return parse_syllabus(_read_text(file), clean_title(file.name))


def parse_syllabus(text: str, source: str) -> Syllabus:
    """The syllabus in `text`; `source` names its file in messages and evidence.

    Raises `UserError` with every fault: those of lines in their order, then the circles.
    """
    title, drafts, faults = read_outline(text)
    if not drafts and not faults:
        empty = "there are no sections" if text.strip() else "the file is empty"
        faults.append((1, f"{empty}; write a section ('### Title') for each skill"))
    needs, unknown = match(drafts)
    mistakes = [f"{source}:{line}: {fault}." for line, fault in sorted(faults + repeated(drafts) + unknown)]
    mistakes += [f"{source}: {circle}." for circle in circles(drafts, needs)]
    if mistakes:
        raise UserError(*mistakes)
    sections = [(draft.unit, _section(draft, requires)) for draft, requires in zip(drafts, needs, strict=True)]
    units = tuple(
        Unit(title=unit, sections=tuple(section for _, section in group))
        for unit, group in groupby(sections, key=itemgetter(0))
    )
    return Syllabus(title=title or source, source=source, units=units)


def _section(draft: Draft, requires: Sequence[Need]) -> Section:
    return Section(
        title=draft.title,
        line=draft.line,
        description=" ".join(draft.prose),
        objectives=tuple(draft.objectives),
        requires=tuple(Requirement(title=title, line=line) for title, line in requires),
    )


def graph_of(syllabus: Syllabus) -> SkillGraph:
    """A skill for each section, in the order of the syllabus, with the declared prerequisites and their lines."""
    ids = dict(
        zip(
            (section.title for section in syllabus.sections),
            unique_slugs([section.title for section in syllabus.sections]),
            strict=True,
        )
    )
    skills = [
        Skill(id=ids[section.title], title=section.title, description=_describe(section), part_of=unit.title)
        for unit in syllabus.units
        for section in unit.sections
    ]
    edges: dict[tuple[str, str], Prerequisite] = {}
    for section in syllabus.sections:
        for need in section.requires:
            before, after = ids[need.title], ids[section.title]
            edges.setdefault((before, after), declared(before, after, f"{syllabus.source}:{need.line}"))
    return SkillGraph(skills, list(edges.values()))


def _describe(section: Section) -> str:
    return "\n".join(filter(None, [section.description, *(f"- {line}" for line in section.objectives)]))


def _read_text(file: Path | Traversable) -> str:
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise UserError(f"There is no syllabus at {file}; check the path.") from None
    except IsADirectoryError:
        raise UserError(f"{file} is a folder; name the Markdown file of the syllabus in it.") from None
    except (OSError, ValueError) as error:
        raise UserError(f"The syllabus {str(file)!r} cannot be read ({error}); make it readable.") from error
    if len(data) > MAX_BYTES:
        raise UserError(
            f"The syllabus {file} has {len(data):,} bytes; at most {MAX_BYTES:,} are read, so split it."
        )
    if b"\0" in data:
        raise UserError(f"The syllabus {file} is a binary file; a Markdown text is needed.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UserError(f"The syllabus {file} is not UTF-8 text (line {line}); save it as UTF-8.") from None
