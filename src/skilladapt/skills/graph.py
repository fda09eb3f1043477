"""The skill graph: skills in syllabus order and their prerequisites, always a DAG.

It knows nothing of materials or students. A graph is a value: every change makes a new one.
"""

import gc
import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Literal

from skilladapt.errors import UserError
from skilladapt.records import Evidence, Merge, Prerequisite, Related, Skill, content_hash
from skilladapt.skills.checking import NO_SKILLS, Fault, faults
from skilladapt.skills.parsing import parse_graph

SkillOrder = Literal["graph", "reverse", "random"]


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
        others: Mapping[str, Any] | None = None,
    ) -> None:
        """`others` are keys of a `graph.json` that mean nothing here: kept, and no part of the hash."""
        # Plain lists: a graph library takes several times as long for a hundred thousand skills.
        with uncollected():
            self._before: dict[str, list[str]] = {skill.id: [] for skill in skills}
            self._after: dict[str, list[str]] = {skill.id: [] for skill in skills}
            for edge in prerequisites:
                if edge.before in self._before and edge.after in self._before:
                    self._before[edge.after].append(edge.before)
                    self._after[edge.before].append(edge.after)
            level = self._levels()
            if not _is_sound(skills, prerequisites, related, level):
                raise UserError(*_mistakes(skills, prerequisites, related))
            self.skills: tuple[Skill, ...] = tuple(
                skill if skill.level == level[skill.id] else skill.model_copy(update={"level": level[skill.id]})
                for skill in skills
            )
        self.prerequisites: tuple[Prerequisite, ...] = tuple(prerequisites)
        self.related: tuple[Related, ...] = tuple(related)
        self.merges: tuple[Merge, ...] = tuple(merges)
        self.others: Mapping[str, Any] = dict(others or {})

    def _levels(self) -> Mapping[str, int]:
        """The length of the longest chain below each skill; skills in or above a circle are left out."""
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
        return {id: level[id] for id in waiting}

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

    def needs(self, after: str, before: str) -> bool:
        """Whether the one skill needs the other, directly or not; quick when asked often."""
        return bool(self._below[after] >> self._place[before] & 1)

    @cached_property
    def _place(self) -> Mapping[str, int]:
        return {skill.id: place for place, skill in enumerate(self.skills)}

    @cached_property
    def _below(self) -> Mapping[str, int]:
        """Everything that each skill needs, a bit each: whole numbers make unions of thousands cheap."""
        below: dict[str, int] = {}
        for id in self.order():
            below[id] = 0
            for one in self._before[id]:
                below[id] |= below[one] | 1 << self._place[one]
        return below

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
        content = {**self._content(), **self.others, "hash": self.hash}
        return json.dumps(content, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str, name: str = "graph.json") -> "SkillGraph":
        """The graph of a `graph.json`; its hash and levels are computed anew, so a person may edit the rest.

        Raises `UserError` with every mistake, its place in the file called `name`, and what to do.
        """
        with uncollected():
            parsed = parse_graph(text, name)
        return cls(parsed.skills, parsed.prerequisites, parsed.related, parsed.merges, parsed.others)

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
def uncollected() -> Iterator[None]:
    """For making many things that all stay: looking for garbage among them takes two fifths of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _is_sound(
    skills: Sequence[Skill],
    prerequisites: Sequence[Prerequisite],
    related: Sequence[Related],
    level: Mapping[str, int],
) -> bool:
    """Whether there is no mistake; what and where they are is looked for only when there are some."""
    count = len(skills)
    return (
        count > 0
        and len(level) == count == len({skill.title.casefold() for skill in skills})
        and all(edge.before in level and edge.after in level for edge in prerequisites)
        and all(pair.first in level and pair.second in level for pair in related)
    )


def _mistakes(
    skills: Sequence[Skill], prerequisites: Sequence[Prerequisite], related: Sequence[Related]
) -> list[str]:
    mistakes = faults(
        {f"skills[{index}]": skill for index, skill in enumerate(skills)},
        {f"prerequisites[{index}]": edge for index, edge in enumerate(prerequisites)},
        {f"related[{index}]": pair for index, pair in enumerate(related)},
    )
    if not skills:
        mistakes.append(Fault("skills", NO_SKILLS))
    assert mistakes, "what is not sound has a fault"
    return [mistake.sentence for mistake in mistakes]
