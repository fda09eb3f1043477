"""The skills of a graph gathered by unit, as a table of contents has them."""

from typing import NamedTuple

from skilladapt.records import Skill
from skilladapt.skills.graph import SkillGraph


class Unit(NamedTuple):
    """Skills that are part of one thing, in syllabus order."""

    title: str | None
    """None for skills at the top, which are part of nothing."""
    skills: tuple[Skill, ...]


def units_of(graph: SkillGraph) -> list[Unit]:
    """All units in the order in which the syllabus first comes to them, each with all its skills."""
    skills: dict[str | None, list[Skill]] = {}
    for skill in graph.skills:
        skills.setdefault(skill.part_of, []).append(skill)
    return [Unit(title, tuple(inside)) for title, inside in skills.items()]
