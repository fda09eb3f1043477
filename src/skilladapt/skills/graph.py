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
    ) -> None:
        _check(skills, prerequisites, related)
        graph = nx.DiGraph()
        graph.add_nodes_from(skill.id for skill in skills)
        graph.add_edges_from((edge.before, edge.after) for edge in prerequisites)
        _check_acyclic(graph, {skill.id: skill.title for skill in skills})
        level = {id: depth for depth, ids in enumerate(nx.topological_generations(graph)) for id in ids}
        self._graph = graph
        self.skills: tuple[Skill, ...] = tuple(
            skill.model_copy(update={"level": level[skill.id]}) for skill in skills
        )
        self.prerequisites: tuple[Prerequisite, ...] = tuple(prerequisites)
        self.related: tuple[Related, ...] = tuple(related)

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
        return json.dumps({**self._content(), "hash": self.hash}, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "SkillGraph":
        """The graph of a `graph.json`; its hash and levels are computed anew, so a person may edit the rest."""
        try:
            content = json.loads(text)
            skills = [Skill(**row) for row in content["skills"]]
            edges = [Prerequisite(**row) for row in content["prerequisites"]]
            related = [Related(**row) for row in content.get("related", [])]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise UserError(f"graph.json is not a skill graph: {error}; restore it or build it again") from error
        return cls(skills, edges, related)

    def _content(self) -> dict[str, Any]:
        return {
            "skills": [skill.model_dump(mode="json") for skill in self.skills],
            "prerequisites": [edge.model_dump(mode="json") for edge in self.prerequisites],
            "related": [pair.model_dump(mode="json") for pair in self.related],
        }


def declared(before: str, after: str, where: str) -> Prerequisite:
    """A prerequisite that a syllabus states at `where`."""
    return Prerequisite(before=before, after=after, evidence=(Evidence(source="syllabus", where=where),))


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


def _check_acyclic(graph: "nx.DiGraph[str]", titles: Mapping[str, str]) -> None:
    try:
        cycle = nx.find_cycle(graph)
    except nx.NetworkXNoCycle:
        return
    path = " -> ".join(titles[before] for before, _ in cycle) + f" -> {titles[cycle[0][0]]}"
    raise UserError(f"The prerequisites run in a circle: {path}; remove one of them.")
