"""A skill graph as a tree of plain text: units, their skills with levels, and what each requires."""

from collections.abc import Iterator, Sequence

from skilladapt.records import Skill
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.units import Unit, units_of
from skilladapt.skills.visible import visible_line

MOST_SKILLS = 200
"""Skills shown unless all are wanted; more than this nobody reads in a terminal."""
MOST_UNITS = 50
"""Units shown unless all are wanted."""
MOST_NEEDS = 6
"""Prerequisites named for one skill unless everything is wanted."""
LONGEST_TITLE = 100


def tree_lines(graph: SkillGraph, *, everything: bool = False) -> Iterator[str]:
    """The lines of the tree. Unless `everything` is wanted, a large graph is shortened.

    Then its first units keep their headings and equally many of their first skills, and whatever is left out is
    counted where it would stand.
    """
    units = units_of(graph)
    shown = units if everything else units[:MOST_UNITS]
    most = max(len(unit.skills) for unit in units) if everything else _equal_share(shown)
    needs = _needs(graph)
    for unit in shown:
        indent = "" if unit.title is None else "  "
        if unit.title is not None:
            yield f"{_short(unit.title)}  ({_counted(len(unit.skills), 'skill')})"
        for skill in unit.skills[:most]:
            requires = _requires(needs[skill.id], everything)
            yield f"{indent}{skill.level}  {_short(skill.title)} [{visible_line(skill.id)}]{requires}"
        if len(unit.skills) > most:
            yield f"{indent}   ... {_counted(len(unit.skills) - most, 'more skill')}"
    left_out = units[len(shown) :]
    if left_out:
        skills = sum(len(unit.skills) for unit in left_out)
        yield f"... {_counted(len(left_out), 'more unit')} with {_counted(skills, 'skill')}"


def is_shortened(graph: SkillGraph) -> bool:
    """Whether the tree leaves something out unless everything is wanted."""
    units = units_of(graph)
    return len(units) > MOST_UNITS or len(graph.skills) > MOST_SKILLS


def _equal_share(units: Sequence[Unit]) -> int:
    """The most skills of each unit so that no more than `MOST_SKILLS` are shown; at least one."""
    sizes = sorted(len(unit.skills) for unit in units)
    room = MOST_SKILLS
    for index, size in enumerate(sizes):
        if size * (len(sizes) - index) > room:
            return max(1, room // (len(sizes) - index))
        room -= size
    return sizes[-1]


def _needs(graph: SkillGraph) -> dict[str, list[Skill]]:
    """Direct prerequisites of every skill, in syllabus order."""
    needs: dict[str, list[Skill]] = {skill.id: [] for skill in graph.skills}
    for skill in graph.skills:
        for id in graph.after(skill.id):
            needs[id].append(skill)
    return needs


def _requires(needs: Sequence[Skill], everything: bool) -> str:
    if not needs:
        return ""
    most = len(needs) if everything else MOST_NEEDS
    more = f" and {len(needs) - most} more" if len(needs) > most else ""
    return "  <- " + ", ".join(_short(skill.title) for skill in needs[:most]) + more


def _short(title: str) -> str:
    return visible_line(title, LONGEST_TITLE)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
