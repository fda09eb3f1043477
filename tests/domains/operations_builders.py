"""Small subjects for the tests, and a third way to work operations out, straight from their formulas."""

import random
import re
from functools import cache

from skilladapt.domains.domain import Domain, load_domain
from skilladapt.domains.operations.definitions import define
from skilladapt.records import Assignment, Exercise
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.syllabus import graph_of

SUBJECTS = [(2, 0), (3, 7), (12, 1), (60, 0), (60, -5), (200, 3)]
"""Counts and seeds."""
METHODS = ("evaluation", "expansion")


def subject(operations: int = 60, seed: int = 0) -> Domain:
    return load_domain("operations", {"operations": operations, "seed": seed})


@cache
def graph(operations: int = 60, seed: int = 0) -> SkillGraph:
    return graph_of(subject(operations, seed).syllabus)


def write(domain: Domain, skill_id: str, difficulty: int = 1, count: int = 4, **more: object) -> list[Exercise]:
    assignment = Assignment(skill_ids=(skill_id,), difficulty=difficulty, count=count, **more)
    return domain.author.write_exercises(assignment)


def sample(operations: int, seed: int, size: int = 12) -> list[str]:
    """Some skills, the first and the last among them."""
    ids = [skill.id for skill in graph(operations, seed).skills]
    chosen = random.Random(0).sample(ids, min(size, len(ids)))
    return list(dict.fromkeys([ids[0], ids[-1], *chosen]))


def calls_of(question: str) -> list[str]:
    """The operations of a question, the outermost first."""
    return re.findall(r"[a-z]+(?=\()", question)


@cache
def formulas(operations: int, seed: int) -> dict[str, str]:
    return {one.name: one.formula.split(" = ")[1] for one in define(operations, seed)}


def worked_out(expression: str, rules: dict[str, str]) -> str:
    """The value of `f(g(47))`: the innermost call is replaced again and again, as with a pencil."""
    while match := re.search(r"([a-z]+)\(([0-9])([0-9])\)", expression):
        rule = rules[match[1]]
        if rule.startswith("("):
            new = ""
            for factor, letter, plus in re.findall(r"\((\d?)([ab])\+?(\d?)\)", rule):
                new += str((int(factor or 1) * int(match[2 if letter == "a" else 3]) + int(plus or 0)) % 10)
        else:
            new = rule.replace("(ab)", f"({match[2]}{match[3]})")
        expression = expression.replace(match[0], new, 1)
    return expression
