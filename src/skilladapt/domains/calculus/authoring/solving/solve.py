"""Solves a problem line by line, rightly or with one of the common mistakes."""

from collections.abc import Mapping
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.expressions.combining import combined, negated
from skilladapt.domains.calculus.authoring.expressions.exact import exact_value, written
from skilladapt.domains.calculus.authoring.expressions.showing import bracketed
from skilladapt.domains.calculus.authoring.expressions.trees import joined
from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.rules.working import Working
from skilladapt.domains.calculus.authoring.solving.basics import BASICS
from skilladapt.domains.calculus.authoring.solving.constants import CONSTANTS
from skilladapt.domains.calculus.authoring.solving.curves import CURVES
from skilladapt.domains.calculus.authoring.solving.equations import EQUATIONS
from skilladapt.domains.calculus.authoring.solving.functions import FUNCTIONS
from skilladapt.domains.calculus.authoring.solving.integrals import INTEGRALS
from skilladapt.domains.calculus.authoring.solving.limits import LIMITS
from skilladapt.domains.calculus.authoring.solving.situations import SITUATIONS
from skilladapt.domains.calculus.authoring.solving.solution import Result, Solution, Solver


def _join(problem: Problem, working: Working) -> Result:
    """The results of both parts, added or subtracted in a line of their own."""
    first, second = (_part(part, working) for part in problem.parts)
    left, right = first.expression, second.expression
    shown = f"{bracketed(left, problem.variable)} {problem.sign} {bracketed(right, problem.variable)}"
    taken = right if problem.sign == "+" else negated(right)
    numbers = first.answer_type == second.answer_type == "number"
    whole = written(exact_value(joined([left, taken]), {})) if numbers else combined([left, taken])
    rules = ("signed-numbers",) if numbers else ("like-terms", "signed-numbers")
    working.write(rules, f"A {problem.sign} B", shown, whole)
    return Result(whole, "number" if numbers else "expression")


def _part(part: Problem, working: Working) -> Result:
    within = Working(part.variable, working.allowed, working.mistake, working.steps, named="AB")
    return SOLVERS[part.task](part, within)


SOLVERS: Mapping[str, Solver] = MappingProxyType(
    {
        **BASICS,
        **CONSTANTS,
        **FUNCTIONS,
        **EQUATIONS,
        **LIMITS,
        **CURVES,
        **INTEGRALS,
        **SITUATIONS,
        "joined": _join,
    }
)
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


def solved(problem: Problem, allowed: frozenset[str] | None = None) -> Solution | None:
    """The solution, None for a problem that only looks like one of the author's."""
    try:
        return solve(problem, allowed)
    except (ArithmeticError, AssertionError, LookupError, ValueError):
        return None
