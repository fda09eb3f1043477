"""Solves questions about limits, by putting in, by cancelling, by differentiating."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.expressions.combining import (
    collect,
    divide,
    expand,
    multiply,
    substitute,
)
from skilladapt.domains.calculus.authoring.expressions.exact import Unsolvable, exact_value, rational, written
from skilladapt.domains.calculus.authoring.expressions.showing import show
from skilladapt.domains.calculus.authoring.expressions.trees import (
    VARIABLE,
    Expression,
    Product,
    Quotient,
    Sum,
    Term,
    is_elementary,
    monomial,
    number,
    terms_of,
)
from skilladapt.domains.calculus.authoring.expressions.values import value_at
from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.rules.evaluating import fraction, put_in
from skilladapt.domains.calculus.authoring.rules.functions import differentiate, slope_of
from skilladapt.domains.calculus.authoring.rules.working import Working
from skilladapt.domains.calculus.authoring.solving.equations import difference, over
from skilladapt.domains.calculus.authoring.solving.solution import Result, Solver

_MOST_DIFFERENTIATIONS = 3


def _cancel(problem: Problem, working: Working) -> Result:
    form = problem.expressions[0]
    if not isinstance(form, Quotient):
        raise Unsolvable("no fraction")
    return Result(_cancelled(form, working), "polynomial")


def _cancelled(form: Quotient, working: Working) -> Expression:
    """The quotient of two polynomials of which the lower one divides the upper."""
    quotient, rest = divide(form.top, form.bottom)
    if rest != number(0):
        raise Unsolvable("nothing can be cancelled")
    if working.made("terms cancelled"):
        ends = [terms_of(side) for side in (form.top, form.bottom)]
        pairs = [(ends[0][place], ends[1][place]) for place in (0, -1)]
        wrong = collect(monomial(a.coefficient / b.coefficient, a.exponent - b.exponent) for a, b in pairs)
        working.write("cancelling-factors", form, wrong)
        return wrong
    if working.made("signs of solutions"):
        last = terms_of(quotient)[-1]
        wrong = collect([*terms_of(quotient)[:-1], Term(-last.coefficient, last.exponent)])
        working.write("cancelling-factors", form, wrong)
        return wrong
    working.write("cancelling-factors", form.top, _in_order(form.bottom, quotient))
    working.write("cancelling-factors", form, quotient)
    return quotient


def _in_order(bottom: Expression, quotient: Expression) -> Expression:
    """The product with a single term in front."""
    return Product((quotient, bottom) if isinstance(quotient, Term) else (bottom, quotient))


def _limit(problem: Problem, working: Working) -> Result:
    (form,), (place,) = problem.expressions, problem.numbers
    if isinstance(form, Quotient) and _is_zero(form.bottom, place):
        if not _is_zero(form.top, place):
            raise Unsolvable("there is no limit")
        if working.made("limit called zero"):
            working.write("limits-by-substitution", "the numerator is 0, so the limit is 0")
            return Result(number(0))
        if is_elementary(form):
            return Result(_by_derivatives(form, place, working))
        return Result(_by_cancelling(form, place, working))
    return Result(put_in(form, number(place), "limits-by-substitution", working))


def _is_zero(expression: Expression, place: Fraction) -> bool:
    return not exact_value(expression, rational(place))


def _by_cancelling(form: Quotient, place: Fraction, working: Working) -> Expression:
    shared = collect([VARIABLE, number(-place)])
    if form.bottom == shared:
        rest = _cancelled(form, working)
    else:
        (top, _), (bottom, _) = divide(form.top, shared), divide(form.bottom, shared)
        for whole, left in ((form.top, top), (form.bottom, bottom)):
            working.write("cancelling-factors", whole, _in_order(shared, left))
        if working.made("terms cancelled"):
            bottom = collect(terms_of(bottom)[:1])
        rest = Quotient(top, bottom)
        working.write("limits-by-cancelling", form, rest)
    return put_in(rest, number(place), "limits-by-cancelling", working)


def _by_derivatives(form: Quotient, place: Fraction, working: Working) -> Expression:
    top, bottom = form.top, form.bottom
    for _ in range(_MOST_DIFFERENTIATIONS):
        if not _is_zero(bottom, place):
            break
        if not _is_zero(top, place):
            raise Unsolvable("there is no limit")
        if not working.steps and not isinstance(top, Sum):
            top, bottom = differentiate(top, working), differentiate(bottom, working)
        else:
            sides = [(side, slope_of(side, working)) for side in (top, bottom)]
            told = ", ".join(f"{working.derivative_of(side)} = {working.show(slope)}" for side, slope in sides)
            working.write("limits-by-derivatives", told)
            top, bottom = (slope for _, slope in sides)
    if not isinstance(top, Quotient):
        return put_in(Quotient(top, bottom), number(place), "limits-by-derivatives", working)
    values = [written(exact_value(side, rational(place))) for side in (top, bottom)]
    result = number(fraction(values[0]) / fraction(values[1]))
    working.write(
        "limits-by-derivatives",
        f"({working.show(substitute(top, number(place)))})/{working.show(values[1])}",
        result,
    )
    return result


def _limit_at_infinity(problem: Problem, working: Working) -> Result:
    form = problem.expressions[0]
    if not isinstance(form, Quotient):
        raise Unsolvable("no fraction")
    sides = [terms_of(side) for side in (form.top, form.bottom)]
    high = max(term.exponent for term in sides[1])
    if max(term.exponent for term in sides[0]) > high:
        raise Unsolvable("it grows without bound")
    rule = "limits-at-infinity"
    leading = [_coefficient(side, int(high)) for side in sides]
    if working.made("last terms divided"):
        leading = [side[-1].coefficient for side in sides]
        working.write(rule, f"the quotient of the last terms is {leading[0] / leading[1]}")
        return Result(number(leading[0] / leading[1]))
    if working.made("all coefficients counted"):
        leading = [sum((term.coefficient for term in side), Fraction(0)) for side in sides]
    else:
        shown = [_divided_by_power(side, int(high), working.variable) for side in sides]
        working.write(rule, form, f"({shown[0]})/({shown[1]})")
    result = number(leading[0] / leading[1])
    told = over(*leading)
    ending = told if told == working.show(result) else f"{told} = {working.show(result)}"
    working.write(rule, f"for large {working.variable} only this is left: {ending}")
    return Result(result)


def _coefficient(terms: tuple[Term, ...], exponent: int) -> Fraction:
    return sum((term.coefficient for term in terms if term.exponent == exponent), Fraction(0))


def _divided_by_power(terms: tuple[Term, ...], high: int, variable: str) -> str:
    """`3 + 1/x^2` for `3x^2 + 1` and 2."""
    text = ""
    for term in terms:
        below = high - int(term.exponent)
        size = (
            str(abs(term.coefficient))
            if below == 0
            else f"{abs(term.coefficient)}/{show(monomial(1, below), variable)}"
        )
        minus = term.coefficient < 0
        text += (f" {'-' if minus else '+'} " if text else "-" if minus else "") + size
    return text


def _continuity_sum(problem: Problem, working: Working) -> Result:
    (left, right), (place,) = problem.expressions, problem.numbers
    values = [fraction(put_in(side, number(place), "limits-by-substitution", working)) for side in (left, right)]
    result = number(values[0] + values[1] if working.made("term keeps its sign") else values[0] - values[1])
    working.write("continuity", f"c = {difference(*values)}" if not working.mistake else "c", result)
    return Result(result)


def _continuity_factor(problem: Problem, working: Working) -> Result:
    (left,), (place,) = problem.expressions, problem.numbers
    value = fraction(put_in(left, number(place), "limits-by-substitution", working))
    result = number(value - place if working.made("subtracted instead of divided") else value / place)
    if place != 1 and not working.mistake:
        working.write("continuity", show(monomial(place, 1), "c"), number(value))
    shown = [over(value, place)] if place != 1 and not working.mistake else []
    working.write("continuity", "c", *shown, result)
    return Result(result)


def _quotient_of_differences(problem: Problem, working: Working) -> Expression:
    """The difference quotient as a polynomial in h, with lines for the values and for the division."""
    (form,), (place,) = problem.expressions, problem.numbers
    moved = Sum((number(place), VARIABLE))
    value = expand(substitute(form, moved))
    if working.made("square taken apart"):
        value = collect([*terms_of(form), number(value_at(form, place))])
    shown = show(value, "h")
    working.write(("expanding-products", "function-values"), f"f({place} + h) = {shown}")
    before = value_at(form, place)
    working.write("function-values", f"f({place})", number(before))
    above = collect([*terms_of(value), number(-before)])
    kept = above if working.made("not divided by h") else multiply(above, monomial(1, -1))
    if any(term.exponent < 0 for term in terms_of(kept)):
        raise Unsolvable("it cannot be divided by h")
    over_h = f"({show(above, 'h')})/h" if isinstance(above, Sum) else f"{show(above, 'h')}/h"
    working.write("difference-quotient", *([over_h] if not working.mistake else []), show(kept, "h"))
    return kept


def _difference_quotient(problem: Problem, working: Working) -> Result:
    return Result(_quotient_of_differences(problem, working), "polynomial", letter="h")


def _difference_value(problem: Problem, working: Working) -> Result:
    step = problem.numbers[1]
    kept = _quotient_of_differences(replace(problem, numbers=problem.numbers[:1]), working)
    aside = Working("h", working.allowed, working.mistake)
    result = put_in(kept, number(step), "function-values", aside)
    working.write("function-values", f"for h = {step} this is {aside.steps[-1].work}")
    return Result(result)


def _derivative_from_limit(problem: Problem, working: Working) -> Result:
    kept = _quotient_of_differences(problem, working)
    aside = Working("h", working.allowed, working.mistake)
    result = put_in(kept, number(0), "derivative-from-limit", aside)
    work = f"for h = 0 this is {aside.steps[-1].work}"
    working.write("derivative-from-limit", work)
    return Result(result)


LIMITS: Mapping[str, Solver] = MappingProxyType(
    {
        "cancel": _cancel,
        "limit": _limit,
        "limit at infinity": _limit_at_infinity,
        "continuity sum": _continuity_sum,
        "continuity factor": _continuity_factor,
        "difference quotient": _difference_quotient,
        "difference value": _difference_value,
        "derivative from limit": _derivative_from_limit,
    }
)
"""Solvers by task."""
