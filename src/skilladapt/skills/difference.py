"""What became of a skill graph: skills and prerequisites of one beside those of another, matched by their ids.

Levels are left out: they follow from the prerequisites.
"""

from collections.abc import Sequence
from typing import TypeVar

from skilladapt.records import Evidence, Record, Related, Skill
from skilladapt.skills.graph import SkillGraph

R = TypeVar("R", bound=Record)


class Change(Record):
    """One text of a skill that is another now."""

    id: str
    title: str
    """The skill's title now."""
    before: str | None
    after: str | None


class Edge(Record):
    """A prerequisite that is there only before or only after, with its evidence."""

    before: str
    after: str
    evidence: tuple[Evidence, ...]


class Reason(Record):
    """A prerequisite believed for other reasons than before."""

    before: str
    after: str
    removed: tuple[Evidence, ...]
    added: tuple[Evidence, ...]


class Difference(Record):
    """All of it; nothing in any field when the graphs are equal."""

    skills_added: tuple[Skill, ...]
    skills_removed: tuple[Skill, ...]
    renamed: tuple[Change, ...]
    """Another title under the same id."""
    moved: tuple[Change, ...]
    """Part of another unit."""
    described: tuple[Change, ...]
    """Described in other words."""
    reordered: bool
    """Whether the skills that are in both stand in another order."""
    prerequisites_added: tuple[Edge, ...]
    prerequisites_removed: tuple[Edge, ...]
    evidence_changed: tuple[Reason, ...]
    related_added: tuple[Related, ...]
    related_removed: tuple[Related, ...]
    other_keys: tuple[str, ...]
    """Further keys of the file whose values differ."""

    def __bool__(self) -> bool:
        """Whether the graphs differ at all."""
        return any(getattr(self, name) for name in type(self).model_fields)


def difference(old: SkillGraph, new: SkillGraph) -> Difference:
    """What has to be done to `old` to get `new`, everything in the order of the graph that has it."""
    both = [skill.id for skill in new.skills if skill.id in old.by_id]
    edges, edges_now = _evidence(old), _evidence(new)
    return Difference(
        skills_added=tuple(skill for skill in new.skills if skill.id not in old.by_id),
        skills_removed=tuple(skill for skill in old.skills if skill.id not in new.by_id),
        renamed=_changes(old, new, both, "title"),
        moved=_changes(old, new, both, "part_of"),
        described=_changes(old, new, both, "description"),
        reordered=both != [skill.id for skill in old.skills if skill.id in new.by_id],
        prerequisites_added=_missing(edges_now, edges),
        prerequisites_removed=_missing(edges, edges_now),
        evidence_changed=tuple(
            Reason(
                before=before,
                after=after,
                removed=_without(edges[before, after], evidence),
                added=_without(evidence, edges[before, after]),
            )
            for (before, after), evidence in edges_now.items()
            if (before, after) in edges and set(edges[before, after]) != set(evidence)
        ),
        related_added=_without(new.related, old.related),
        related_removed=_without(old.related, new.related),
        other_keys=tuple(
            key
            for key in dict.fromkeys(["merges", *old.others, *new.others])
            if _value(old, key) != _value(new, key)
        ),
    )


def _value(graph: SkillGraph, key: str) -> object:
    return graph.merges if key == "merges" else graph.others.get(key, ...)


Edges = dict[tuple[str, str], tuple[Evidence, ...]]


def _evidence(graph: SkillGraph) -> Edges:
    """The evidence of each prerequisite, also when it stands there twice."""
    edges: Edges = {}
    for edge in graph.prerequisites:
        pair = (edge.before, edge.after)
        edges[pair] = edges.get(pair, ()) + edge.evidence
    return edges


def _changes(old: SkillGraph, new: SkillGraph, ids: Sequence[str], field: str) -> tuple[Change, ...]:
    pairs = [(old.by_id[id], new.by_id[id]) for id in ids]
    return tuple(
        Change(id=now.id, title=now.title, before=getattr(then, field), after=getattr(now, field))
        for then, now in pairs
        if getattr(then, field) != getattr(now, field)
    )


def _missing(here: Edges, there: Edges) -> tuple[Edge, ...]:
    return tuple(
        Edge(before=before, after=after, evidence=evidence)
        for (before, after), evidence in here.items()
        if (before, after) not in there
    )


def _without(here: Sequence[R], there: Sequence[R]) -> tuple[R, ...]:
    known = set(there)
    return tuple(one for one in here if one not in known)
