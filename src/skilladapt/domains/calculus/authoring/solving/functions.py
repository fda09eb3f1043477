"""Solves problems about derivatives of every kind of function: at a point, and of higher order."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.rules.evaluating import put_in
from skilladapt.domains.calculus.authoring.rules.functions import differentiate
from skilladapt.domains.calculus.authoring.rules.working import Working
from skilladapt.domains.calculus.authoring.solving.solution import Result, Solver


def _derivative_at(problem: Problem, working: Working) -> Result:
    function, point = problem.expressions
    derived = function if working.made("not differentiated") else differentiate(function, working)
    return Result(put_in(derived, point, ("derivative-value", "function-values"), working))


def _higher_derivative(problem: Problem, working: Working) -> Result:
    order = (3 if problem.sign == "+" else 4) - working.made("once too few")
    form = problem.expressions[0]
    for count in range(1, order + 1):
        before = len(working.steps)
        form = differentiate(form, working)
        name = "higher-derivatives" if count > 2 else "second-derivative"
        if count > 1:
            last = len(working.steps) - 1
            working.steps[before:] = [
                replace(step, skill_id=name) if place == last else step
                for place, step in enumerate(working.steps[before:], before)
            ]
    return Result(form, "expression")


FUNCTIONS: Mapping[str, Solver] = MappingProxyType(
    {"derivative at": _derivative_at, "higher derivative": _higher_derivative}
)
"""Solvers by task."""
