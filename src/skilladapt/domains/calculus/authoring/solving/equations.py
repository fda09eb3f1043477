"""Solves equations, and questions about lines and about functions as wholes."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from math import isqrt
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.expressions.combining import (
    collect,
    multiply,
    negated,
    split_number,
    times,
)
from skilladapt.domains.calculus.authoring.expressions.exact import (
    Exact,
    Unsolvable,
    add,
    exact_value,
    exponential,
    fraction_of,
    logarithm,
    rational,
    root,
    scale,
    written,
)
from skilladapt.domains.calculus.authoring.expressions.showing import show
from skilladapt.domains.calculus.authoring.expressions.trees import (
    VARIABLE,
    Call,
    Expression,
    Product,
    Quotient,
    Sum,
    is_elementary,
    is_number,
    is_polynomial,
    joined,
    monomial,
    number,
    terms_of,
)
from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.rules.evaluating import fraction, put_in
from skilladapt.domains.calculus.authoring.rules.simplifying import simplify
from skilladapt.domains.calculus.authoring.rules.working import Working
from skilladapt.domains.calculus.authoring.solving.solution import Result, Solver


def coefficient(expression: Expression, exponent: int) -> Fraction:
    """The coefficient of a power in a polynomial, 0 where it is missing."""
    return sum((term.coefficient for term in terms_of(expression) if term.exponent == exponent), Fraction(0))


def over(top: Fraction | int, bottom: Fraction | int) -> str:
    """A quotient of two numbers before it is worked out: `15/3`, `15/(-3)`, `(1/2)/3`."""
    above = f"({top})" if Fraction(top).denominator > 1 else str(top)
    return f"{above}/{bottom}" if bottom > 0 and Fraction(bottom).denominator == 1 else f"{above}/({bottom})"


def difference(left: Fraction, right: Fraction) -> str:
    """`7 - 1`, `7 - (-1)`."""
    return f"{left} - {right}" if right >= 0 else f"{left} - ({right})"


def _equation(problem: Problem, working: Working) -> Result:
    left, right = problem.expressions
    if is_elementary(left):
        return Result(written(_solve_exponential(left, right, working)))
    left, right = (side if is_polynomial(side) else simplify(side, working) for side in (left, right))
    return Result(number(solve_linear(left, right, working)))


def solve_linear(
    left: Expression, right: Expression, working: Working, rule: str = "linear-equations"
) -> Fraction:
    """The solution of an equation between two polynomials of the first degree; two lines at most."""
    steep = coefficient(left, 1) - coefficient(right, 1)
    height, moved = coefficient(right, 0), coefficient(left, 0)
    if steep == 0:
        raise Unsolvable("no single solution")
    if working.made("term keeps its sign"):
        moved = -moved
    total = height - moved
    if moved or coefficient(right, 1):
        shown = [difference(height, moved)] if moved and height and not working.mistake else []
        working.write(rule, monomial(steep, 1), *shown, number(total))
    if working.made("not divided by the coefficient"):
        steep = Fraction(1)
    if steep != 1:
        working.write(rule, VARIABLE, over(total, steep), number(total / steep))
    elif not working.steps or not working.steps[-1].work.endswith(f" = {total}"):
        working.write(rule, VARIABLE, number(total))
    return total / steep


def _which_solution(problem: Problem, working: Working) -> Result:
    left, right = problem.expressions
    smaller, larger = solve_quadratic(left, right, working)
    wanted_larger = (problem.sign == "+") != working.made("other solution")
    found = written(larger if wanted_larger else smaller)
    other = working.show(written(smaller if wanted_larger else larger))
    words = "larger" if problem.sign == "+" else "smaller"
    shown = working.show(found)
    told = f"{working.variable} = {other} or {working.variable} = {shown}, the {words} solution is {shown}"
    working.write("quadratic-equations", told)
    return Result(found)


def solve_quadratic(left: Expression, right: Expression, working: Working) -> tuple[Exact, Exact]:
    """Both solutions in ascending order; the line with both is left to the caller."""
    whole = collect([*terms_of(left), *terms_of(negated(right))])
    a, b, c = (coefficient(whole, exponent) for exponent in (2, 1, 0))
    inside = b * b - 4 * a * c
    if a == 0 or inside <= 0:
        raise Unsolvable("no two solutions")
    if b == 0:
        under = -c / a
        if (left, right) != (monomial(1, 2), number(under)):
            working.write("quadratic-equations", monomial(1, 2), number(under))
        size = root(rational(under))
        return scale(size, -1), size
    if right != number(0):
        working.write("quadratic-equations", whole, "0")
    middle, half = -b / (2 * a), scale(root(rational(inside)), 1 / abs(2 * a))
    if working.made("signs of solutions"):
        middle = -middle
    roots = add([rational(middle), scale(half, -1)]), add([rational(middle), half])
    if _is_square(inside):
        shown = _factored(a, *(fraction_of(value) for value in roots))
        working.write(
            "quadratic-equations",
            whole if not working.mistake else shown,
            *([shown] if not working.mistake else []),
            "0",
        )
    else:
        square = show(Call("sqrt", number(inside)))
        above = f"({-b} + {square})" if b else square
        working.write("quadratic-equations", f"{working.variable} = {above}/{show(number(2 * a))}")
    return roots


def _is_square(value: Fraction) -> bool:
    return all(isqrt(part) ** 2 == part for part in (value.numerator, value.denominator))


def _factored(a: Fraction, first: Fraction, second: Fraction) -> Expression:
    """`a(x - first)(x - second)` with whole numbers where they go in."""
    steeps = first.denominator, second.denominator
    lines = [
        Sum((monomial(steep, 1), number(-steep * zero))) if zero else monomial(steep, 1)
        for steep, zero in zip(steeps, (first, second), strict=True)
    ]
    return times([number(a / (steeps[0] * steeps[1])), *lines])


def _solve_exponential(left: Expression, right: Expression, working: Working) -> Exact:
    """A power of e or a logarithm alone on one side, then what is inside it, then the variable."""
    rule = "exponential-equations"
    value = exact_value(right, {})
    if isinstance(left, Sum):
        first, shift = left.parts[0], left.parts[1]
        sign = 1 if working.made("term keeps its sign") else -1
        moved = add([value, scale(exact_value(shift, {}), sign)])
        shown = [difference(fraction_of(value), fraction(shift))] if sign < 0 else []
        working.write(rule, first, *shown, written(moved))
        value, left = moved, first
    factor, function = split_number(left)
    if factor != 1:
        shown = [over(fraction_of(value), factor)]
        value = scale(value, 1 / factor)
        working.write(rule, function, *shown, written(value))
    if not isinstance(function, Call):
        raise Unsolvable("no function to undo")
    inner = function.argument
    if not working.made("function not undone"):
        value = logarithm(value) if function.name == "exp" else exponential(value)
    working.write(rule, inner, written(value))
    return _undone(inner, value, working, rule)


def _undone(inner: Expression, value: Exact, working: Working, rule: str) -> Exact:
    steep, height = coefficient(inner, 1), coefficient(inner, 0)
    top = add([value, rational(-height)])
    if steep != 1 or height:
        above = working.show(written(value))
        shown = above if not height else f"({above} {'-' if height > 0 else '+'} {abs(height)})"
        working.write(
            rule, VARIABLE, f"{shown}/{steep}" if steep != 1 else shown.strip("()"), written(scale(top, 1 / steep))
        )
    return scale(top, 1 / steep)


def slope_between(a: Fraction, b: Fraction, d: Fraction, k: Fraction, working: Working, rule: str) -> Fraction:
    """The slope of the line through (a, b) and (d, k), in one line."""
    if a == d:
        raise Unsolvable("the line is upright")
    above, below = (k, b), (d, a)
    if working.made("points mixed up"):
        below = (a, d)
    if working.made("run over rise"):
        above, below = below, above
    rise, run = above[0] - above[1], below[0] - below[1]
    result = rise / run
    text = f"({difference(*above)})/({difference(*below)})"
    working.write(rule, text, over(rise, run), number(result))
    return result


def _slope_of_points(problem: Problem, working: Working) -> Result:
    a, b, d, k = problem.numbers
    return Result(number(slope_between(a, b, d, k, working, "slope-of-a-line")))


def line_through(slope: Fraction, a: Fraction, b: Fraction, working: Working, rule: str) -> Expression:
    """The line through (a, b), as an expression in x; two lines of work."""
    height = b if working.made("height of the point kept") else b - slope * a
    product = working.show(Product((number(slope), number(a))))
    if working.mistake is None:
        first = f"{b} - {product}" if slope >= 0 else f"{b} - ({product})"
        working.write(rule, f"b = {first}", number(height))
    found = collect([monomial(slope, 1), number(height)])
    working.write(rule, f"y = {working.show(found)}")
    return found


def _line_through_point(problem: Problem, working: Working) -> Result:
    a, b, slope = problem.numbers
    return Result(line_through(slope, a, b, working, "equation-of-a-line"), "expression", frame="y = {}")


def _line_through_points(problem: Problem, working: Working) -> Result:
    a, b, d, k = problem.numbers
    slope = slope_between(a, b, d, k, working, "slope-of-a-line")
    return Result(line_through(slope, a, b, working, "equation-of-a-line"), "expression", frame="y = {}")


def _line_value(problem: Problem, working: Working) -> Result:
    a, b, slope, place = problem.numbers
    found = line_through(slope, a, b, working, "equation-of-a-line")
    return Result(put_in(found, number(place), "equation-of-a-line", working))


def _average_rate(problem: Problem, working: Working) -> Result:
    (form,), (low, high) = problem.expressions, problem.numbers
    values = [put_in(form, number(place), "function-values", working) for place in (low, high)]
    rise, run = fraction(values[1]) - fraction(values[0]), high - low
    if working.made("not divided by the time"):
        run = Fraction(1)
    text = f"({difference(fraction(values[1]), fraction(values[0]))})/({difference(high, low)})"
    shown = [text, over(rise, run)] if working.mistake is None else []
    working.write("average-rate", *shown, *([] if shown else [over(rise, run)]), number(rise / run))
    return Result(number(rise / run))


def _inverse(problem: Problem, working: Working) -> Result:
    form = problem.expressions[0]
    if working.made("one over it"):
        working.write("inverse-functions", Quotient(number(1), form))
        return Result(Quotient(number(1), form), "expression")
    found = _undo(form, VARIABLE, working.made("steps not undone"))
    shown = show(found, "y")
    if not working.mistake:
        working.write("inverse-functions", f"y = {working.show(form)}, so {working.variable} = {shown}")
    working.write("inverse-functions", f"with {working.variable} in the place of y this is {working.show(found)}")
    return Result(found, "expression")


def _undo(form: Expression, value: Expression, wrongly: bool) -> Expression:
    """What must be put into `form` to get `value`."""
    match form:
        case Call(name, argument):
            return _undo(argument, Call("ln" if name == "exp" else "exp", value), wrongly)
        case Sum((part, shift)) if is_number(shift):
            moved = shift if wrongly else negated(shift)
            return _undo(part, joined([value, moved]), wrongly)
        case Quotient(top, bottom) if is_number(bottom):
            return _undo(top, _times_number(fraction(bottom), value), wrongly)
        case _:
            factor, rest = split_number(form)
            if rest == VARIABLE:
                return _times_number(factor if wrongly else 1 / factor, value)
            return _undo(rest, _times_number(1 / factor, value), wrongly)


def _times_number(factor: Fraction, value: Expression) -> Expression:
    if is_polynomial(value):
        return multiply(number(factor), value)
    if factor.denominator > 1 and factor.numerator == 1:
        return Quotient(value, number(factor.denominator))
    return times([number(factor), value])


def _domain(problem: Problem, working: Working) -> Result:
    form = problem.expressions[0]
    _, function = split_number(form)
    inner = function.bottom if isinstance(function, Quotient) else None
    if isinstance(function, Call):
        inner = function.argument
    if inner is None:
        raise Unsolvable("it has a value everywhere")
    if working.made("numerator taken") and isinstance(function, Quotient) and coefficient(function.top, 1):
        inner = function.top
    working.write("domains", inner, "0")
    before = len(working.steps)
    found = solve_linear(inner, number(0), working)
    last = working.steps[-1]
    if len(working.steps) > before:
        working.steps[-1] = replace(last, skill_id="domains")
    else:
        working.write("domains", VARIABLE, number(found))
    return Result(number(found))


EQUATIONS: Mapping[str, Solver] = MappingProxyType(
    {
        "equation": _equation,
        "which solution": _which_solution,
        "slope of points": _slope_of_points,
        "line through point": _line_through_point,
        "line through points": _line_through_points,
        "line value": _line_value,
        "average rate": _average_rate,
        "inverse": _inverse,
        "domain": _domain,
    }
)
"""Solvers by task."""
