"""Solves questions about quantities in the world."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.expressions.combining import expand, multiply
from skilladapt.domains.calculus.authoring.expressions.exact import (
    Unsolvable,
    add,
    exact_value,
    logarithm,
    rational,
    scale,
    written,
)
from skilladapt.domains.calculus.authoring.expressions.showing import bracketed
from skilladapt.domains.calculus.authoring.expressions.trees import (
    PI,
    Call,
    Expression,
    Product,
    Sum,
    joined,
    monomial,
    number,
)
from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.rules.differentiating import derivative
from skilladapt.domains.calculus.authoring.rules.evaluating import put_in
from skilladapt.domains.calculus.authoring.rules.functions import differentiate
from skilladapt.domains.calculus.authoring.rules.working import Working
from skilladapt.domains.calculus.authoring.solving.basics import again
from skilladapt.domains.calculus.authoring.solving.equations import (
    coefficient,
    over,
    solve_linear,
    solve_quadratic,
)
from skilladapt.domains.calculus.authoring.solving.integrals import definite
from skilladapt.domains.calculus.authoring.solving.solution import Result, Solver


def _rate_at(problem: Problem, working: Working, rule: str) -> Result:
    form, place = problem.expressions[0], number(problem.numbers[0])
    derived = form if working.made("not differentiated") else differentiate(form, working)
    return Result(put_in(derived, place, rule, working))


def _acceleration(problem: Problem, working: Working) -> Result:
    derived = differentiate(problem.expressions[0], working)
    bend = derived if working.made("once only") else again(derived, working)
    return Result(put_in(bend, number(problem.numbers[0]), "velocity-and-acceleration", working))


def _level(problem: Problem, working: Working, rule: str) -> Result:
    derived = differentiate(problem.expressions[0], working)
    if not coefficient(derived, 1):
        raise Unsolvable("it never turns")
    working.write(rule, derived, "0")
    return Result(number(solve_linear(derived, number(0), working, rule)))


def _parts_of_growth(form: Expression) -> tuple[Fraction, Fraction]:
    """The start value and the rate."""
    match form:
        case Product((size, Call("exp", argument))):
            return coefficient(size, 0), coefficient(argument, 1)
        case _:
            raise Unsolvable("no growth at a constant rate")


def _time_until(factor: Fraction, form: Expression, working: Working) -> Result:
    """When the power of e has become the factor."""
    _, steep = _parts_of_growth(form)
    rule = "growth-and-decay"
    if factor <= 0 or factor == 1 or (factor > 1) != (steep > 0):
        raise Unsolvable("never")
    value = rational(factor) if working.made("function not undone") else logarithm(rational(factor))
    working.write(rule, monomial(steep, 1), written(value))
    if steep == 1 and not working.mistake:
        return Result(written(value))
    shown = f"{bracketed(written(value))}/{f'({steep})' if steep.denominator > 1 or steep < 0 else steep}"
    result = written(scale(value, steep if working.made("multiplied by the rate") else 1 / steep))
    working.write(rule, working.variable, *([shown] if not working.mistake else []), result)
    return Result(result)


def _grown_to(problem: Problem, working: Working) -> Result:
    form, target = problem.expressions[0], problem.numbers[-1]
    size, steep = _parts_of_growth(form)
    factor = target / size
    working.write("growth-and-decay", Call("exp", monomial(steep, 1)), over(target, size), number(factor))
    return _time_until(factor, form, working)


def _doubling(problem: Problem, working: Working) -> Result:
    _, steep = _parts_of_growth(problem.expressions[0])
    working.write("growth-and-decay", Call("exp", monomial(steep, 1)), number(2))
    return _time_until(Fraction(2), problem.expressions[0], working)


_GROWING: Mapping[str, tuple[str, Expression, Expression]] = MappingProxyType(
    {
        "circle grows": ("A = pi*r^2", monomial(1, 2), PI),
        "cube grows": ("V = r^3", monomial(1, 3), number(1)),
        "sphere grows": ("V = (4/3)pi*r^3", monomial(Fraction(4, 3), 3), PI),
    }
)
"""The formula, its polynomial and the constant in front."""


def _related(problem: Problem, working: Working) -> Result:
    formula, form, front = _GROWING[problem.style]
    rate, size = problem.numbers
    slope = derivative(form)
    if working.made("not differentiated"):
        slope = form
    constant = "" if front == number(1) else "pi*"
    unknown = Working("r")
    growth = coefficient(slope, 1) * size + coefficient(slope, 2) * size**2 + coefficient(slope, 3) * size**3
    if working.mistake is None:
        name = "S" if formula[0] in working.named else formula[0]
        working.write("related-rates", f"{name}{formula[1:]}, so d{name}/dr is {constant}{unknown.show(slope)}")
    if working.made("rate forgotten"):
        rate = Fraction(1)
    value = exact_value(front, {})
    slopes = written(scale(value, growth))
    result = written(scale(value, growth * rate))
    factor = f"({rate})" if rate.denominator > 1 else str(rate)
    working.write("related-rates", f"{working.show(slopes)}*{factor}", result)
    return Result(result)


@dataclass(frozen=True)
class _Choice:
    """A quantity as a function of one length."""

    told: str
    form: Expression
    high: Fraction


def _choice(problem: Problem) -> _Choice:
    size = problem.numbers[0]
    match problem.style:
        case "largest rectangle":
            return _Choice("with a side x the other one is", _product(1, size / 2, 1), size / 2)
        case "rectangle at wall":
            return _Choice("with two sides x the third one is", _product(1, size, 2), size / 2)
        case "largest product":
            return _Choice("with x for one number the other one is", _product(problem.numbers[1], size, 1), size)
        case _:
            side = Sum((number(size), monomial(-2, 1)))
            return _Choice(
                "with x for what is cut the width is", expand(Product((monomial(1, 1), side, side))), size / 2
            )


def _product(factor: Fraction | int, size: Fraction, times_x: int) -> Expression:
    """`factor * x * (size - times_x * x)`."""
    return multiply(monomial(factor, 1), Sum((number(size), monomial(-times_x, 1))))


def _optimise(problem: Problem, working: Working) -> Result:
    choice = _choice(problem)
    size = problem.numbers[0]
    width = Sum((number(size), monomial(-2, 1)))
    if problem.style in ("largest rectangle", "largest product"):
        width = Sum((number(size / 2 if problem.style == "largest rectangle" else size), monomial(-1, 1)))
    told = f"{choice.told} {working.show(width)}, and {working.show(choice.form)} is to be greatest"
    working.write("optimisation", told)
    derived = differentiate(choice.form, working)
    if problem.style == "open box":
        smaller, larger = solve_quadratic(derived, number(0), working)
        place = larger if working.made("other solution") else smaller
    else:
        place = rational(solve_linear(derived, number(0), working, "critical-points"))
    if working.made("place given for value"):
        working.write("optimisation", working.variable, written(place))
        return Result(written(place))
    found = put_in(choice.form, written(place), "optimisation", working)
    return Result(found)


def _accumulated(problem: Problem, working: Working, rule: str) -> Result:
    form = problem.expressions[0]
    low, high = (number(end) for end in problem.numbers[:2])
    if working.made("rate times time"):
        value = exact_value(form, exact_value(high, {}))
        result = written(scale(value, problem.numbers[1] - problem.numbers[0]))
        working.write(rule, result)
        return Result(result)
    whole = definite(form, low, high, working)
    start = problem.numbers[2] if len(problem.numbers) > 2 else Fraction(0)
    if len(problem.numbers) < 3:
        working.write(rule, f"in all that is {working.show(written(whole))}")
        return Result(written(whole))
    if working.made("start forgotten"):
        start = Fraction(0)
    result = written(add([rational(start), whole]))
    working.write(rule, joined([number(start), written(whole)]), result)
    return Result(result)


SITUATIONS: Mapping[str, Solver] = MappingProxyType(
    {
        "velocity": partial(_rate_at, rule="velocity-and-acceleration"),
        "acceleration": _acceleration,
        "at rest": partial(_level, rule="velocity-and-acceleration"),
        "marginal": partial(_rate_at, rule="marginal-cost"),
        "best output": partial(_level, rule="marginal-cost"),
        "rate": partial(_rate_at, rule="rates-of-change"),
        "grown to": _grown_to,
        "doubling": _doubling,
        "circle grows": _related,
        "cube grows": _related,
        "sphere grows": _related,
        "largest rectangle": _optimise,
        "rectangle at wall": _optimise,
        "largest product": _optimise,
        "open box": _optimise,
        "accumulated": partial(_accumulated, rule="accumulated-quantity"),
        "amount then": partial(_accumulated, rule="accumulated-quantity"),
        "distance": partial(_accumulated, rule="distance-travelled"),
        "position then": partial(_accumulated, rule="distance-travelled"),
    }
)
"""Solvers by task."""
