"""Solves questions about tangents, extremes and the way graphs bend."""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.expressions.combining import collect
from skilladapt.domains.calculus.authoring.expressions.exact import (
    Exact,
    Unsolvable,
    exact_value,
    fraction_of,
    rational,
    written,
)
from skilladapt.domains.calculus.authoring.expressions.showing import show, wrapped
from skilladapt.domains.calculus.authoring.expressions.trees import (
    Expression,
    Words,
    monomial,
    number,
    terms_of,
)
from skilladapt.domains.calculus.authoring.expressions.values import value_at
from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.rules.differentiating import derivative
from skilladapt.domains.calculus.authoring.rules.evaluating import fraction, put_in
from skilladapt.domains.calculus.authoring.rules.functions import differentiate
from skilladapt.domains.calculus.authoring.rules.working import Working
from skilladapt.domains.calculus.authoring.solving.basics import again
from skilladapt.domains.calculus.authoring.solving.equations import (
    coefficient,
    line_through,
    over,
    solve_linear,
    solve_quadratic,
)
from skilladapt.domains.calculus.authoring.solving.solution import Result, Solver


def _point_and_slope(problem: Problem, working: Working) -> tuple[Fraction, Fraction, Fraction]:
    """The place, the height there and the slope there, with their lines."""
    (form,), place = problem.expressions, problem.numbers[0]
    height = fraction(put_in(form, number(place), "function-values", working))
    derived = form if working.made("not differentiated") else differentiate(form, working)
    slope = fraction(
        put_in(derived, number(place), ("tangent-slope", "derivative-value", "function-values"), working)
    )
    return place, height, slope


def _tangent_line(problem: Problem, working: Working) -> Result:
    place, height, slope = _point_and_slope(problem, working)
    return Result(line_through(slope, place, height, working, "tangent-lines"), "expression", frame="y = {}")


def _tangent_value(problem: Problem, working: Working) -> Result:
    place, height, slope = _point_and_slope(problem, working)
    if working.made("height of the point kept"):
        working.write("tangent-lines", "b", number(height))
        return Result(number(height))
    result = number(height - slope * place)
    product = f"{slope}*{wrapped(place)}"
    working.write("tangent-lines", f"b = {height} - {f'({product})' if slope < 0 else product}", result)
    return Result(result)


def _normal_slope(problem: Problem, working: Working) -> Result:
    (form,), (place,) = problem.expressions, problem.numbers
    slope = fraction(put_in(differentiate(form, working), number(place), "tangent-slope", working))
    return Result(number(_turned(slope, working)))


def _turned(slope: Fraction, working: Working) -> Fraction:
    if slope == 0:
        raise Unsolvable("the normal is upright")
    if working.made("sign changed only"):
        working.write("normal-lines", f"the slope of the normal is {-slope}")
        return -slope
    if working.made("turned over only"):
        working.write("normal-lines", f"the slope of the normal is {1 / slope}")
        return 1 / slope
    told = f"-1/{wrapped(slope)}"
    result = str(-1 / slope)
    working.write("normal-lines", f"the slope of the normal is {told if told == result else f'{told} = {result}'}")
    return -1 / slope


def _normal_line(problem: Problem, working: Working) -> Result:
    place, height, slope = _point_and_slope(problem, working)
    steep = _turned(slope, working)
    found = collect([monomial(steep, 1), number(height - steep * place)])
    shifted = working.show(collect([monomial(1, 1), number(-place)]))
    tail = f" {'+' if height > 0 else '-'} {abs(height)}" if height else ""
    shown = f"y = {wrapped(steep)}*({shifted}){tail} = " if not working.mistake else "y = "
    working.write("normal-lines", f"{shown}{working.show(found)}")
    return Result(found, "expression", frame="y = {}")


def _linear_approximation(problem: Problem, working: Working) -> Result:
    (form,), (place, target) = problem.expressions, problem.numbers
    height = fraction(put_in(form, number(place), "function-values", working))
    slope = fraction(put_in(differentiate(form, working), number(place), "tangent-slope", working))
    step = Fraction(1) if working.made("step forgotten") else target - place
    result = number(height + slope * step)
    product = f"{wrapped(abs(slope))}*{wrapped(step)}"
    working.write("linear-approximation", f"{height} {'+' if slope >= 0 else '-'} {product}", result)
    return Result(result)


def _implicit(problem: Problem, working: Working) -> Result:
    left, right = problem.expressions
    a, b = problem.numbers[:2]
    mixed = problem.numbers[3] if len(problem.numbers) > 3 else Fraction(0)
    slopes = derivative(left), derivative(right)
    inner = show(slopes[1], "y")
    term = f"({inner})*dy/dx" if len(terms_of(slopes[1])) > 1 else f"{inner}*dy/dx"
    product = f" + {mixed}(y + x*dy/dx)" if mixed else ""
    working.write("implicit-derivatives", f"differentiated this is {show(slopes[0], 'x')}{product} + {term} = 0")
    plain, factor = value_at(slopes[0], a) + mixed * b, value_at(slopes[1], b) + mixed * a
    if working.made("product half differentiated"):
        plain -= mixed * b
    if factor == 0:
        raise Unsolvable("the tangent is upright")
    if working.made("upside down"):
        plain, factor = factor, plain
    if working.made("minus forgotten"):
        plain = -plain
    if not working.mistake:
        sign = "+" if factor > 0 else "-"
        working.write(
            "implicit-derivatives",
            f"with m for dy/dx at ({a}, {b}), {plain} {sign} {show(monomial(abs(factor), 1), 'm')}",
            "0",
        )
    result = working.show(number(-plain / factor))
    quotient = over(-plain, factor)
    working.write("implicit-derivatives", f"m = {result}" if quotient == result else f"m = {quotient} = {result}")
    return Result(number(-plain / factor))


def _zero_of_slope(form: Expression, working: Working) -> list[Exact]:
    """The zeros of a polynomial of the first or second degree, ascending."""
    if coefficient(form, 2):
        return list(solve_quadratic(form, number(0), working))
    return [rational(solve_linear(form, number(0), working))]


def _level_place(problem: Problem, working: Working) -> Result:
    derived = differentiate(problem.expressions[0], working)
    working.write("critical-points", derived, "0")
    return Result(number(solve_linear(derived, number(0), working, "critical-points")))


def _one_of_two(problem: Problem, zeros: list[Exact], rule: str, working: Working) -> Result:
    if len(zeros) != 2:
        raise Unsolvable("there are no two")
    wanted = zeros[1 if (problem.sign == "+") != working.made("other solution") else 0]
    x, result = working.variable, written(wanted)
    both = " and ".join(working.show(written(zero)) for zero in zeros)
    words = "larger" if problem.sign == "+" else "smaller"
    working.write(
        rule,
        f"it is 0 for {x} from {both}, the {words} is {working.show(result)}".replace(f" for {x} from", " at"),
    )
    return Result(result)


def _critical_number(problem: Problem, working: Working) -> Result:
    derived = differentiate(problem.expressions[0], working)
    return _one_of_two(problem, _zero_of_slope(derived, working), "critical-points", working)


def _rising(problem: Problem, working: Working) -> Result:
    (form,), (place,) = problem.expressions, problem.numbers
    derived = form if working.made("not differentiated") else differentiate(form, working)
    value = fraction(put_in(derived, number(place), ("derivative-value", "function-values"), working))
    return _told_by_sign(value, ("increasing", "decreasing"), "rising-or-falling", working)


def _told_by_sign(value: Fraction, words: tuple[str, str], rule: str, working: Working) -> Result:
    if value == 0:
        raise Unsolvable("neither")
    word = words[0 if value > 0 else 1]
    working.write(rule, f"{value} is {'positive' if value > 0 else 'negative'}, so it is {word}")
    return Result(Words(word), "choice")


def _rising_from(problem: Problem, working: Working) -> Result:
    derived = differentiate(problem.expressions[0], working)
    if (coefficient(derived, 1) > 0) != (problem.sign == "+"):
        raise Unsolvable("it is the other way round")
    working.write("rising-or-falling", derived, "0")
    return Result(number(solve_linear(derived, number(0), working, "rising-or-falling")))


def _extreme(problem: Problem, working: Working) -> tuple[Exact, Expression]:
    """The place of the local extreme that is asked for, and the function."""
    form = problem.expressions[0]
    derived = differentiate(form, working)
    zeros = _zero_of_slope(derived, working)
    bend = again(derived, working)
    minimum = (problem.sign == "+") != working.made("extremes exchanged")
    matching = [zero for zero in zeros if (fraction_of(exact_value(bend, zero)) > 0) == minimum]
    if len(matching) != 1:
        raise Unsolvable("there is none")
    return matching[0], bend


def _extreme_place(problem: Problem, working: Working) -> Result:
    place, bend = _extreme(problem, working)
    _tell_extreme(place, bend, problem, working)
    return Result(written(place))


def _tell_extreme(place: Exact, bend: Expression, problem: Problem, working: Working) -> None:
    value = written(exact_value(bend, place))
    sign = "positive" if fraction(value) > 0 else "negative"
    word = "minimum" if problem.sign == "+" else "maximum"
    there = working.show(written(place))
    told = f"the second derivative {working.show(value)} is {sign} there, so the local {word} is at {there}"
    working.write("local-extremes", told)


def _extreme_value(problem: Problem, working: Working) -> Result:
    place, _ = _extreme(problem, working)
    return Result(put_in(problem.expressions[0], written(place), "local-extremes", working))


def _second(problem: Problem, working: Working) -> Expression:
    derived = differentiate(problem.expressions[0], working)
    return derived if working.made("once only") else again(derived, working)


def _bending(problem: Problem, working: Working) -> Result:
    value = fraction(put_in(_second(problem, working), number(problem.numbers[0]), "function-values", working))
    return _told_by_sign(value, ("concave up", "concave down"), "concavity", working)


def _bending_from(problem: Problem, working: Working) -> Result:
    bend = _second(problem, working)
    if (coefficient(bend, 1) > 0) != (problem.sign == "+"):
        raise Unsolvable("it is the other way round")
    working.write("concavity", bend, "0")
    return Result(number(solve_linear(bend, number(0), working, "concavity")))


def _inflection(problem: Problem, working: Working) -> Result:
    bend = _second(problem, working)
    working.write("inflection-points", bend, "0")
    return Result(number(solve_linear(bend, number(0), working, "inflection-points")))


def _which_inflection(problem: Problem, working: Working) -> Result:
    return _one_of_two(problem, _zero_of_slope(_second(problem, working), working), "inflection-points", working)


def _extreme_on_interval(problem: Problem, working: Working) -> Result:
    (form,), (low, high) = problem.expressions, problem.numbers
    derived = differentiate(form, working)
    zeros = [fraction_of(zero) for zero in _zero_of_slope(derived, working)]
    inside = [zero for zero in zeros if low < zero < high]
    places = [*inside] if working.made("ends forgotten") else sorted({low, *inside, high})
    if working.made("critical points forgotten"):
        places = [low, high]
    if not places:
        raise Unsolvable("nothing to compare")
    values = [value_at(form, place) for place in places]
    result = number(max(values) if problem.sign == "+" else min(values))
    word = "largest" if problem.sign == "+" else "smallest"
    told = f"at {_listed(places)} the values are {_listed(values)}, and the {word} is {working.show(result)}"
    working.write("extreme-values", told)
    return Result(result)


def _listed(values: list[Fraction]) -> str:
    texts = [str(value) for value in values]
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


CURVES: Mapping[str, Solver] = MappingProxyType(
    {
        "tangent line": _tangent_line,
        "tangent value": _tangent_value,
        "normal line": _normal_line,
        "normal slope": _normal_slope,
        "linear approximation": _linear_approximation,
        "implicit slope": _implicit,
        "implicit product slope": _implicit,
        "level place": _level_place,
        "critical number": _critical_number,
        "rising": _rising,
        "rising from": _rising_from,
        "extreme place": _extreme_place,
        "extreme value": _extreme_value,
        "bending": _bending,
        "bending from": _bending_from,
        "inflection": _inflection,
        "which inflection": _which_inflection,
        "extreme on interval": _extreme_on_interval,
    }
)
"""Solvers by task."""
