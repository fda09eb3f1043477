"""Solves questions about antiderivatives and definite integrals."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.expressions.combining import (
    collect,
    combined,
    expand,
    negated,
    substitute,
    times,
)
from skilladapt.domains.calculus.authoring.expressions.exact import (
    Exact,
    Unsolvable,
    add,
    exact_value,
    fraction_of,
    rational,
    scale,
    written,
)
from skilladapt.domains.calculus.authoring.expressions.showing import bracketed, wrapped
from skilladapt.domains.calculus.authoring.expressions.trees import (
    PI,
    VARIABLE,
    Call,
    Expression,
    Power,
    Sum,
    is_elementary,
    is_polynomial,
    joined,
    number,
    terms_of,
)
from skilladapt.domains.calculus.authoring.expressions.values import approximate, value_at
from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.rules.functions import slope_of
from skilladapt.domains.calculus.authoring.rules.integrating import integrate
from skilladapt.domains.calculus.authoring.rules.working import Step, Working
from skilladapt.domains.calculus.authoring.solving.equations import difference, over, solve_quadratic
from skilladapt.domains.calculus.authoring.solving.solution import Result, Solver


def _antiderivative(problem: Problem, working: Working) -> Result:
    return Result(integrate(problem.expressions[0], working), "expression", frame="{} + C")


def between(
    found: Expression, low: Expression, high: Expression, rule: str | tuple[str, ...], working: Working
) -> Exact:
    """The antiderivative's value at the upper bound less that at the lower one, in one line."""
    if working.made("bounds exchanged"):
        low, high = high, low
    values = [exact_value(found, exact_value(end, {})) for end in (high, low)]
    if working.made("lower bound forgotten"):
        values[1] = {}
    result = add([values[0], scale(values[1], -1)])
    shown = [written(value) for value in values]
    put = [working.show(substitute(found, end)) for end in (high, low)]
    lower = put[1] if _is_simple(substitute(found, low), put[1]) else f"({put[1]})"
    sides = [f"{put[0]} - {lower}", f"{working.show(shown[0])} - {bracketed(shown[1])}"]
    working.write(rule, *(sides if not working.mistake else sides[1:]), written(result))
    return result


def _is_simple(expression: Expression, text: str) -> bool:
    return not isinstance(expression, Sum) and not text.startswith("-")


def _rule(steps: Sequence[Step], plain: bool) -> str | tuple[str, ...]:
    if any(step.skill_id in ("substitution", "linear-substitution") for step in steps):
        return "definite-substitution", "integrals-of-functions", "function-values"
    return ("definite-integrals", "function-values") if plain else ("integrals-of-functions", "function-values")


def definite(form: Expression, low: Expression, high: Expression, working: Working) -> Exact:
    """The integral between the bounds, with the lines for the antiderivative and for the bounds."""
    before = len(working.steps)
    found = integrate(form, working)
    rule = _rule(working.steps[before:], is_polynomial(found) and not is_elementary(found))
    return between(found, low, high, rule, working)


def _difference(problem: Problem, working: Working) -> Result:
    if problem.numbers:
        low, high = (number(end) for end in problem.numbers)
        return Result(written(definite(problem.expressions[0], low, high, working)))
    return Result(written(definite(*_three(problem), working)))


def _three(problem: Problem) -> tuple[Expression, Expression, Expression]:
    form, low, high = problem.expressions
    return form, low, high


def _definite(problem: Problem, working: Working) -> Result:
    return Result(written(definite(*_three(problem), working)))


def _initial_value(problem: Problem, working: Working) -> Result:
    (form,), (place, value) = problem.expressions, problem.numbers
    found = integrate(form, working)
    there = value_at(found, place)
    constant = value if working.made("constant taken for the value") else value - there
    if working.made("constant left out"):
        constant = Fraction(0)
    if not working.mistake:
        sides = [difference(value, there)] if there else []
        working.write("initial-values", f"C = {' = '.join([*sides, str(constant)])}")
    result = combined([found, number(constant)])
    working.write("initial-values", result)
    return Result(result, "expression")


def _joined_intervals(problem: Problem, working: Working) -> Result:
    first, second = problem.numbers[2], problem.numbers[3]
    if working.made("subtracted instead"):
        second = -second
    result = number(first + second)
    working.write("integral-properties", working.show(joined([number(first), number(second)])), result)
    return Result(result)


def _scaled_integral(problem: Problem, working: Working) -> Result:
    whole, factor = problem.numbers[2], problem.numbers[3]
    if working.made("factor added"):
        working.write("integral-properties", f"{factor} + {whole}", number(factor + whole))
        return Result(number(factor + whole))
    working.write("integral-properties", f"{factor}*{wrapped(whole)}", number(factor * whole))
    return Result(number(factor * whole))


def _shifted_integral(problem: Problem, working: Working) -> Result:
    low, high, whole, constant = problem.numbers
    added = constant if working.made("length forgotten") else constant * (high - low)
    if not working.mistake:
        working.write("integral-properties", f"{constant}*({difference(high, low)})", number(added))
    working.write(
        "integral-properties", working.show(joined([number(whole), number(added)])), number(whole + added)
    )
    return Result(number(whole + added))


def _integral_derivative(problem: Problem, working: Working) -> Result:
    form, upper = problem.expressions
    put = substitute(form, upper)
    if upper == VARIABLE:
        if working.made("differentiated instead"):
            put = slope_of(form, Working(working.variable))
        if working.made("lower bound subtracted"):
            put = combined([put, negated(written(exact_value(form, rational(problem.numbers[0]))))])
        told = f"at the upper bound {working.variable} the function under the integral is {working.show(put)}"
        working.write("fundamental-theorem", told)
        return Result(put, "expression")
    slope = slope_of(upper, Working(working.variable))
    simple = expand(put) if is_polynomial(form) else put
    factor = number(1) if working.made("inner derivative forgotten") else slope
    result = expand(times([factor, simple])) if is_polynomial(form) else times([factor, simple])
    working.write("chain-rule", working.derivative_of(upper), slope)
    working.write("fundamental-theorem", f"at the upper bound the function is {working.show(simple)}")
    shown = f"{_bracket_sum(simple, working)}*{bracketed(factor, working.variable)}"
    working.write("fundamental-theorem", *([shown] if factor != number(1) else []), result)
    return Result(result, "expression")


def _bracket_sum(expression: Expression, working: Working) -> str:
    return bracketed(expression, working.variable)


def _area(problem: Problem, working: Working) -> Result:
    (form,), (low, high) = problem.expressions, problem.numbers
    middle = float(low + high) / 2
    if any(
        value_at(form, low + (high - low) * Fraction(k, 16)) * Fraction(approximate(form, middle)) < 0
        for k in range(17)
    ):
        raise Unsolvable("it crosses the axis")
    value = definite(form, number(low), number(high), working)
    return Result(_without_sign(value, "area-under-curve", working))


def _without_sign(value: Exact, rule: str, working: Working) -> Expression:
    size = fraction_of(value)
    if size < 0 and not working.made("sign of the area kept"):
        working.write(rule, f"below the axis the integral is negative, and the area is {-size}")
        return number(-size)
    working.write(rule, f"the area is {size}")
    return number(size)


def _enclosed(left: Expression, right: Expression, rule: str, working: Working) -> Expression:
    """The area between two graphs that meet twice."""
    zeros = [number(fraction_of(zero)) for zero in solve_quadratic(left, right, working)]
    gap = collect([*terms_of(left), *terms_of(negated(right))])
    middle = (zeros[0].coefficient + zeros[1].coefficient) / 2
    if value_at(gap, middle) < 0 and not working.made("sign of the area kept"):
        gap = collect(terms_of(negated(gap)))
    return _without_sign(definite(gap, zeros[0], zeros[1], working), rule, working)


def _area_with_axis(problem: Problem, working: Working) -> Result:
    return Result(_enclosed(problem.expressions[0], number(0), "area-under-curve", working))


def _area_between(problem: Problem, working: Working) -> Result:
    left, right = problem.expressions
    return Result(_enclosed(left, right, "area-between-curves", working))


def _average(problem: Problem, working: Working) -> Result:
    (form,), (low, high) = problem.expressions, problem.numbers
    if working.made("ends averaged"):
        values = [value_at(form, end) for end in (low, high)]
        result = number(sum(values, Fraction(0)) / 2)
        working.write("average-value", over(sum(values, Fraction(0)), 2), result)
        return Result(result)
    whole = fraction_of(definite(form, number(low), number(high), working))
    length = Fraction(1) if working.made("not divided by the length") else high - low
    shown = [over(whole, length)] if length != 1 or working.mistake is None else []
    text = shown if shown and shown[0] != str(whole / length) else []
    working.write("average-value", *text, number(whole / length))
    return Result(number(whole / length))


def _volume(problem: Problem, working: Working) -> Result:
    (form,), (low, high) = problem.expressions, problem.numbers
    squared = _squared(form)
    if working.made("radius not squared"):
        squared = form
    else:
        working.write(("expanding-products", "volumes-of-rotation"), Power(form, 2), squared)
    whole = definite(squared, number(low), number(high), working)
    result = written({PI: fraction_of(whole)})
    working.write("volumes-of-rotation", f"pi*{wrapped(fraction_of(whole))}", result)
    return Result(result)


def _squared(form: Expression) -> Expression:
    match form:
        case Call("sqrt", inside):
            return inside
        case _ if is_polynomial(form):
            return expand(Power(form, 2))
        case _:
            factors = form.factors if hasattr(form, "factors") else ()
            if len(factors) != 2:
                raise Unsolvable("no square for this form")
            return times([expand(Power(factors[0], 2)), _squared(factors[1])])


def _rectangles(problem: Problem, working: Working) -> Result:
    (form,), (low, high, count) = problem.expressions, problem.numbers
    width = (high - low) / count
    left = (problem.sign == "+") != working.made("other ends taken")
    places = [low + width * k for k in range(int(count) + 1)]
    places = places[:-1] if left else places[1:]
    if working.made("one value too many"):
        places = [low + width * k for k in range(int(count) + 1)]
    values = [value_at(form, place) for place in places]
    total = sum(values, Fraction(0))
    listed = ", ".join(map(str, places))
    working.write(("function-values", "riemann-sums"), f"at {listed} the values are {', '.join(map(str, values))}")
    whole = working.show(joined([number(value) for value in values])) if len(values) > 1 else str(values[0])
    working.write(
        "riemann-sums",
        f"{wrapped(width)}*({whole})",
        f"{wrapped(width)}*{wrapped(total)}",
        number(total * width),
    )
    return Result(number(total * width))


INTEGRALS: Mapping[str, Solver] = MappingProxyType(
    {
        "antiderivative": _antiderivative,
        "antiderivative difference": _difference,
        "definite": _definite,
        "initial value": _initial_value,
        "joined intervals": _joined_intervals,
        "scaled integral": _scaled_integral,
        "shifted integral": _shifted_integral,
        "integral derivative": _integral_derivative,
        "area": _area,
        "area with axis": _area_with_axis,
        "area between": _area_between,
        "average value": _average,
        "volume": _volume,
        "rectangles": _rectangles,
    }
)
"""Solvers by task."""
