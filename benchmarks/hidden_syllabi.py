"""Syllabi with all that tells an order hidden: ids made anew, codes and grades cut off, sections shuffled."""

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from skilladapt.evaluation.edges import Edge
from skilladapt.records import Skill, content_hash

CODE = re.compile(r"^[A-Z0-9]+(-[A-Z]+)?(\.[A-Za-z0-9]+)+\s+")
GRADE = re.compile(r"^(Kindergarten|Grade \d+|High school): |\*$")


@dataclass(frozen=True)
class Hidden:
    """A syllabus as a method may see it (`skills`), and apart from that what it is marked by."""

    name: str
    skills: list[Skill]
    rank: dict[str, int]
    """Position, school year or grade, by id. Given to a method only where the order counts as known."""
    edges: frozenset[Edge]

    @property
    def ranks(self) -> list[int]:
        return [self.rank[skill.id] for skill in self.skills]

    def shuffled(self, seed: int) -> "Hidden":
        order = np.random.default_rng(seed).permutation(len(self.skills))
        return replace(self, skills=[self.skills[place] for place in order])

    def only(self, ids: set[str]) -> "Hidden":
        skills = [skill for skill in self.skills if skill.id in ids]
        edges = frozenset(edge for edge in self.edges if ids.issuperset(edge))
        return replace(self, skills=skills, edges=edges)


def read(folder: Path, name: str, edges: str = "prerequisites") -> Hidden:
    """Sections of a syllabus, with edges of one kind (their key in the file)."""
    content = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    units = content["units"]
    if name == "active_calculus_single":
        units = units[:-1]  # its chapters 8 and 8a are two versions of series
    sections = [(unit, section) for unit in units for section in unit["sections"]]
    is_map = name == "ccss_math_coherence_map"
    new_id = {section["id"]: _new_id(name, section["id"]) for _, section in sections}
    skills = [
        Skill(
            id=new_id[section["id"]],
            title=CODE.sub("", section["title"]) if is_map else section["title"],
            description=_lines(section["objectives"]),
            part_of=GRADE.sub("", unit["title"]),
        )
        for unit, section in sections
    ]
    rank = {
        new_id[section["id"]]: _grade(unit["grade"]) if is_map else place
        for place, (unit, section) in enumerate(sections)
    }
    return _hidden(name, skills, rank, new_id, content.get(edges, []))


def read_units(folder: Path, name: str) -> Hidden:
    """Units of an Oak syllabus as skills, ranked by school year, with its progression edges."""
    content = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    new_id = {unit["id"]: _new_id(name, unit["id"]) for unit in content["units"]}
    skills = [
        Skill(
            id=new_id[unit["id"]],
            title=unit["title"],
            description=_lines(
                [text for section in unit["sections"] for text in (section["title"], *section["objectives"])]
            ),
        )
        for unit in content["units"]
    ]
    rank = {new_id[unit["id"]]: int(unit["year"]) for unit in content["units"]}
    return _hidden(name, skills, rank, new_id, content["progression_edges"])


def _hidden(
    name: str, skills: list[Skill], rank: dict[str, int], new_id: dict[str, str], edges: list[list[str]]
) -> Hidden:
    kept = frozenset((new_id[before], new_id[after]) for before, after in edges if {before, after} <= set(new_id))
    return Hidden(name, sorted(skills, key=lambda skill: skill.id), rank, kept)


def _new_id(name: str, old: str) -> str:
    """An id that tells nothing: old ones count up through a book, or hold a grade."""
    return "s-" + content_hash(name, old)


def _grade(text: str) -> int:
    return {"K": 0, "HS": 9}.get(text) if text in {"K", "HS"} else int(text)


def _lines(texts: list[Any]) -> str:
    return "\n".join(f"- {text}" for text in texts)


def places(folder: Path, name: str) -> dict[str, int]:
    """The place of each section in its file, by its new id."""
    content = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    old = [section["id"] for unit in content["units"] for section in unit["sections"]]
    return {_new_id(name, id): place for place, id in enumerate(old)}
