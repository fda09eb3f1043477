"""The skill graph: skills in syllabus order and their prerequisites, always a DAG.

It knows nothing of materials or students. A graph is a value: every change makes a new one.
"""

import gc
import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Literal

from skilladapt.errors import UserError
from skilladapt.records import Evidence, Merge, Prerequisite, Related, Skill, content_hash

SkillOrder = Literal["graph", "reverse", "random"]

_SHOWN = 20
"""As many skills of a circle are named."""


class SkillGraph:
    """Skills (in syllabus order), `before -> after` prerequisites, unordered related pairs, and what was merged.

    Raises `UserError` naming every fault when ids or titles repeat, an edge names an unknown skill, or the
    prerequisites form a cycle. Levels are computed here: whatever level a given skill carries is replaced.
    """

    def __init__(
        self,
        skills: Sequence[Skill],
        prerequisites: Sequence[Prerequisite] = (),
        related: Sequence[Related] = (),
        merges: Sequence[Merge] = (),
    ) -> None:
        # Plain lists: a graph library takes several times as long for a hundred thousand skills.
        with _uncollected():
            _check(skills, prerequisites, related)
            self._before: dict[str, list[str]] = {skill.id: [] for skill in skills}
            self._after: dict[str, list[str]] = {skill.id: [] for skill in skills}
            for edge in prerequisites:
                self._before[edge.after].append(edge.before)
                self._after[edge.before].append(edge.after)
            level = self._levels({skill.id: skill.title for skill in skills})
            self.skills: tuple[Skill, ...] = tuple(
                skill if skill.level == level[skill.id] else skill.model_copy(update={"level": level[skill.id]})
                for skill in skills
            )
        self.prerequisites: tuple[Prerequisite, ...] = tuple(prerequisites)
        self.related: tuple[Related, ...] = tuple(related)
        self.merges: tuple[Merge, ...] = tuple(merges)

    def _levels(self, titles: Mapping[str, str]) -> Mapping[str, int]:
        """The length of the longest chain below each skill. Raises UserError with a circle, if there is one."""
        level = {id: 0 for id, before in self._before.items() if not before}
        missing = {id: len(before) for id, before in self._before.items()}
        waiting = list(level)
        for here in waiting:
            for there in self._after[here]:
                # Skills come level by level here, so the last of its prerequisites is of the highest.
                level[there] = level[here] + 1
                missing[there] -= 1
                if not missing[there]:
                    waiting.append(there)
        if len(waiting) < len(titles):
            reached = set(waiting)
            raise UserError(_circle(next(id for id in titles if id not in reached), self._before, reached, titles))
        return level

    @cached_property
    def by_id(self) -> Mapping[str, Skill]:
        """Skills by id, in syllabus order."""
        return {skill.id: skill for skill in self.skills}

    @cached_property
    def hash(self) -> str:
        """Identity of the whole graph."""
        return content_hash(self._content())

    def before(self, skill_id: str) -> frozenset[str]:
        """Direct prerequisites."""
        return frozenset(self._before[skill_id])

    def after(self, skill_id: str) -> frozenset[str]:
        """Skills that directly need this one."""
        return frozenset(self._after[skill_id])

    def closure(self, skill_ids: Iterable[str]) -> frozenset[str]:
        """The given skills and everything they need, directly or not."""
        found = dict.fromkeys(skill_ids)
        waiting = list(found)
        while waiting:
            for id in self._before[waiting.pop()]:
                if id not in found:
                    found[id] = None
                    waiting.append(id)
        return frozenset(found)

    def order(self, kind: SkillOrder = "graph", seed: int = 0) -> list[str]:
        """All skill ids, ordered.

        `graph`: topological generations (level by level), ties in syllabus order; `reverse`: the same backwards;
        `random`: shuffled by `seed`.
        """
        position = {skill.id: index for index, skill in enumerate(self.skills)}
        ids = sorted(position, key=lambda id: (self.by_id[id].level, position[id]))
        if kind == "reverse":
            ids.reverse()
        elif kind == "random":
            random.Random(content_hash("skill-order", seed)).shuffle(ids)
        return ids

    def to_json(self) -> str:
        """The text of `graph.json`, indented to be read and edited."""
        return json.dumps({**self._content(), "hash": self.hash}, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "SkillGraph":
        """The graph of a `graph.json`; its hash and levels are computed anew, so a person may edit the rest."""
        try:
            with _uncollected():
                content = json.loads(text)
                skills = [Skill(**row) for row in content["skills"]]
                edges = [Prerequisite(**row) for row in content["prerequisites"]]
                related = [Related(**row) for row in content.get("related", [])]
                merges = [Merge(**row) for row in content.get("merges", [])]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise UserError(f"graph.json is not a skill graph: {error}; restore it or build it again") from error
        return cls(skills, edges, related, merges)

    def _content(self) -> dict[str, Any]:
        return {
            "skills": [skill.model_dump(mode="json") for skill in self.skills],
            "prerequisites": [edge.model_dump(mode="json") for edge in self.prerequisites],
            "related": [pair.model_dump(mode="json") for pair in self.related],
            # Where nothing was merged, nothing is said, and a graph keeps the hash it always had.
            **({"merges": [merge.model_dump(mode="json") for merge in self.merges]} if self.merges else {}),
        }


def declared(before: str, after: str, where: str) -> Prerequisite:
    """A prerequisite that a syllabus states at `where`."""
    return Prerequisite(before=before, after=after, evidence=(Evidence(source="syllabus", where=where),))


@contextmanager
def _uncollected() -> Iterator[None]:
    """For making many things that all stay: looking for garbage among them takes two fifths of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _check(skills: Sequence[Skill], edges: Sequence[Prerequisite], related: Sequence[Related]) -> None:
    mistakes = []
    if not skills:
        mistakes.append("The skill graph is empty; a syllabus needs at least one skill.")
    ids: dict[str, str] = {}
    titles: dict[str, str] = {}
    for skill in skills:
        if skill.id in ids:
            mistakes.append(f"Two skills have the id '{skill.id}'; give one of them another name.")
        elif skill.title.casefold() in titles:
            mistakes.append(f"Two skills are called '{skill.title}'; give one of them another name.")
        ids[skill.id] = titles[skill.title.casefold()] = skill.title
    for edge in edges:
        if edge.before not in ids:
            mistakes.append(
                f"Skill '{edge.after}' requires '{edge.before}', which is not in the graph; "
                "add it or remove the prerequisite."
            )
        if edge.after not in ids:
            mistakes.append(
                f"A prerequisite leads to '{edge.after}', which is not in the graph; add or remove it."
            )
    for pair in related:
        mistakes += [
            f"A related pair names '{id}', which is not in the graph; add or remove it."
            for id in (pair.first, pair.second)
            if id not in ids
        ]
    if mistakes:
        raise UserError(*mistakes)


def _circle(
    start: str, before: Mapping[str, Sequence[str]], reached: AbstractSet[str], titles: Mapping[str, str]
) -> str:
    """About a circle: all that is not `reached` has a prerequisite that is not, so going back finds it."""
    way = {start: 0}
    here = start
    while (here := next(id for id in before[here] if id not in reached)) not in way:
        way[here] = len(way)
    circle = list(way)[way[here] :][::-1]
    first = circle.index(next(id for id in titles if id in set(circle)))
    names = [titles[id] for id in (*circle[first:], *circle[:first])]
    more = [f"... ({len(names) - _SHOWN} more)"] if len(names) > _SHOWN else []
    path = " -> ".join([*names[:_SHOWN], *more, names[0]])
    return f"The prerequisites run in a circle: {path}; remove one of them."
