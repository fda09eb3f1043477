"""Solves a problem line by line, rightly or with one of the common mistakes."""

from collections.abc import Mapping
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.rules.working import Working
from skilladapt.domains.calculus.authoring.solving.basics import BASICS
from skilladapt.domains.calculus.authoring.solving.solution import Solution, Solver

SOLVERS: Mapping[str, Solver] = MappingProxyType({**BASICS})
"""How to solve, by task."""


def solve(problem: Problem, allowed: frozenset[str] | None = None, mistake: str | None = None) -> Solution:
    """The solution of `problem`; `allowed` are the skills its lines may name, None for all.

    With `mistake`, a key of `MISTAKES`, that mistake is made wherever there is a chance to.

    Raises:
        Unsolvable: It leads to numbers that the syllabus does not teach.

    """
    working = Working(problem.variable, allowed, mistake)
    result = SOLVERS[problem.task](problem, working)
    letter = result.letter or problem.variable
    return Solution(tuple(working.steps), result.expression, result.answer_type, letter, result.frame)
