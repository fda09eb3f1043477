"""The difference of two skill graphs in words: each kind of change with its number, then the changes."""

from collections.abc import Iterable, Iterator, Sequence

from skilladapt.records import Evidence, Related, Skill
from skilladapt.skills.difference import Change, Difference, Edge, Reason
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.visible import visible_line

MOST_SHOWN = 50
"""Changes of one kind that are written out."""
LONGEST = 100
"""Characters of a text that was changed."""


def difference_lines(found: Difference, old: SkillGraph, new: SkillGraph) -> Iterator[str]:
    """Every kind of change there is; ids that both graphs know are shown by their titles now."""
    titles = {skill.id: skill.title for skill in (*old.skills, *new.skills)}

    def edge(row: Edge | Reason) -> str:
        return f"{_short(titles[row.before])} -> {_short(titles[row.after])}"

    def pair(row: Related) -> str:
        return f"{_short(titles[row.first])}, {_short(titles[row.second])}  ({_short(row.reason)})"

    def added_or_removed(row: Edge) -> str:
        return f"{edge(row)}  ({_because(row.evidence)})"

    def reason(row: Reason) -> str:
        pieces = [f"- {_because([piece])}" for piece in row.removed] + [
            f"+ {_because([piece])}" for piece in row.added
        ]
        return "\n      ".join([edge(row), *pieces])

    yield from _section("skill", "added", map(_skill, found.skills_added), "+")
    yield from _section("skill", "removed", map(_skill, found.skills_removed), "-")
    yield from _section("skill", "renamed", map(_renamed, found.renamed))
    yield from _section("skill", "moved to another unit", map(_moved, found.moved))
    yield from _section("description", "changed", map(_described, found.described))
    if found.reordered:
        yield "The skills stand in another order."
    yield from _section("prerequisite", "added", map(added_or_removed, found.prerequisites_added), "+")
    yield from _section("prerequisite", "removed", map(added_or_removed, found.prerequisites_removed), "-")
    yield from _section("prerequisite", "with other evidence", map(reason, found.evidence_changed))
    yield from _section("related pair", "added", map(pair, found.related_added), "+")
    yield from _section("related pair", "removed", map(pair, found.related_removed), "-")
    if found.other_keys:
        yield f"Other values under {', '.join(_short(repr(key)) for key in found.other_keys)}."


def _section(noun: str, verb: str, changes: Iterable[str], sign: str = " ") -> Iterator[str]:
    every = list(changes)
    if every:
        yield f"{len(every):,} {noun}{'' if len(every) == 1 else 's'} {verb}"
    for change in every[:MOST_SHOWN]:
        yield from f"  {sign} {change}".split("\n")
    if len(every) > MOST_SHOWN:
        yield f"    ... {len(every) - MOST_SHOWN:,} more; --json has all"


def _skill(skill: Skill) -> str:
    return f"{_short(skill.title)} [{skill.id}]"


def _renamed(change: Change) -> str:
    return f"[{change.id}] {_short(change.before or '')} -> {_short(change.after or '')}"


def _moved(change: Change) -> str:
    names = ["no unit" if unit is None else f"'{_short(unit)}'" for unit in (change.before, change.after)]
    return f"{_short(change.title)} [{change.id}]: {' -> '.join(names)}"


def _described(change: Change) -> str:
    before, after = _short(change.before or ""), _short(change.after or "")
    return f"{_short(change.title)} [{change.id}]\n      - {before}\n      + {after}"


def _because(evidence: Sequence[Evidence]) -> str:
    return _short("; ".join(f"{piece.source}: {piece.where}" for piece in evidence) or "no evidence")


def _short(text: str) -> str:
    return visible_line(text, LONGEST)
