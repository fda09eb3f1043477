"""Solves a problem line by line, rightly or with one of the common mistakes."""

from collections.abc import Mapping
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.expressions.combining import combined, negated
from skilladapt.domains.calculus.authoring.expressions.exact import (
    Unsolvable,
    exact_value,
    fraction_of,
    rational,
    written,
)
from skilladapt.domains.calculus.authoring.expressions.showing import bracketed
from skilladapt.domains.calculus.authoring.expressions.trees import joined, number
from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.rules.evaluating import put_in
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
from skilladapt.domains.calculus.authoring.wordings.tables import STYLES

FARTHEST = 10
"""The largest number that is put into a function of more than one line."""


def _join(problem: Problem, working: Working) -> Result:
    """The results of both parts, added or subtracted in a line of their own."""
    first, second = (_part(part, problem, working) for part in problem.parts)
    left, right = first.expression, second.expression
    shown = f"{bracketed(left, problem.variable)} {problem.sign} {bracketed(right, problem.variable)}"
    taken = right if problem.sign == "+" else negated(right)
    numbers = first.answer_type == second.answer_type == "number"
    whole = written(exact_value(joined([left, taken]), {})) if numbers else combined([left, taken])
    rules = ("signed-numbers",) if numbers else ("like-terms", "signed-numbers")
    working.write(rules, f"A {problem.sign} B", shown, whole)
    return Result(whole, "number" if numbers else "expression")


def _link(problem: Problem, working: Working) -> Result:
    """The second part's function at the number that the first part gives, which must be small and whole."""
    first, second = problem.parts
    given = _part(first, problem, working)
    if given.answer_type != "number":
        raise Unsolvable("no number to put in")
    point = fraction_of(exact_value(given.expression, {}))
    if point.denominator > 1 or not 0 < abs(point) <= FARTHEST:
        raise Unsolvable("no small whole number to put in")
    for expression in second.expressions:
        exact_value(expression, rational(point))  # it must have a value there before it is simplified, too
    function = _part(second, problem, working)
    if function.answer_type == "number" or function.frame != "{}":
        raise Unsolvable("no function to put a number into")
    within = Working(second.variable, working.allowed, working.mistake, working.steps)
    return Result(put_in(function.expression, number(point), ("function-values", "signed-numbers"), within))


def _part(part: Problem, whole: Problem, working: Working) -> Result:
    named = "ABV" if any("V(" in STYLES[one.style].noun for one in whole.parts) else "AB"
    within = Working(part.variable, working.allowed, working.mistake, working.steps, named)
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
        "linked": _link,
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
