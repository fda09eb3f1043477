"""The skill graph: skills in syllabus order and their prerequisites, always a DAG.

It knows nothing of materials or students. A graph is a value: every change makes a new one.
"""

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

import networkx as nx

from skilladapt.errors import UserError
from skilladapt.records import Evidence, Prerequisite, Related, Skill, content_hash
from skilladapt.skills.checking import NO_SKILLS, Fault, faults
from skilladapt.skills.parsing import parse_graph

SkillOrder = Literal["graph", "reverse", "random"]


class SkillGraph:
    """Skills (in syllabus order), `before -> after` prerequisites and unordered related pairs.

    Raises `UserError` naming every fault when ids or titles repeat, an edge names an unknown skill, or the
    prerequisites form a cycle. Levels are computed here: whatever level a given skill carries is replaced.
    """

    def __init__(
        self,
        skills: Sequence[Skill],
        prerequisites: Sequence[Prerequisite] = (),
        related: Sequence[Related] = (),
        others: Mapping[str, Any] | None = None,
    ) -> None:
        """`others` are keys of a `graph.json` that mean nothing here: kept, and no part of the hash."""
        mistakes = faults(
            {f"skills[{index}]": skill for index, skill in enumerate(skills)},
            {f"prerequisites[{index}]": edge for index, edge in enumerate(prerequisites)},
            {f"related[{index}]": pair for index, pair in enumerate(related)},
        )
        if not skills:
            mistakes.append(Fault("skills", NO_SKILLS))
        if mistakes:
            raise UserError(*(mistake.sentence for mistake in mistakes))
        graph = nx.DiGraph()
        graph.add_nodes_from(skill.id for skill in skills)
        graph.add_edges_from((edge.before, edge.after) for edge in prerequisites)
        level = {id: depth for depth, ids in enumerate(nx.topological_generations(graph)) for id in ids}
        self._graph = graph
        self.skills: tuple[Skill, ...] = tuple(
            skill.model_copy(update={"level": level[skill.id]}) for skill in skills
        )
        self.prerequisites: tuple[Prerequisite, ...] = tuple(prerequisites)
        self.related: tuple[Related, ...] = tuple(related)
        self.others: Mapping[str, Any] = dict(others or {})

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
        return frozenset(self._graph.predecessors(skill_id))

    def after(self, skill_id: str) -> frozenset[str]:
        """Skills that directly need this one."""
        return frozenset(self._graph.successors(skill_id))

    def closure(self, skill_ids: Iterable[str]) -> frozenset[str]:
        """The given skills and everything they need, directly or not."""
        ids = set(skill_ids)
        return frozenset(ids.union(*(nx.ancestors(self._graph, id) for id in ids)))

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
        parsed = parse_graph(text, name)
        return cls(parsed.skills, parsed.prerequisites, parsed.related, parsed.others)

    def _content(self) -> dict[str, Any]:
        return {
            "skills": [skill.model_dump(mode="json") for skill in self.skills],
            "prerequisites": [edge.model_dump(mode="json") for edge in self.prerequisites],
            "related": [pair.model_dump(mode="json") for pair in self.related],
        }


def declared(before: str, after: str, where: str) -> Prerequisite:
    """A prerequisite that a syllabus states at `where`."""
    return Prerequisite(before=before, after=after, evidence=(Evidence(source="syllabus", where=where),))
