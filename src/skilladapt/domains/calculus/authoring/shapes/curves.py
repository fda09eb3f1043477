"""Draws questions about tangents, extremes and the way graphs bend. Nothing here knows an answer."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from skilladapt.domains.calculus.authoring.expressions.combining import multiply, times
from skilladapt.domains.calculus.authoring.expressions.trees import (
    VARIABLE,
    Call,
    Expression,
    joined,
    monomial,
    number,
)
from skilladapt.domains.calculus.authoring.expressions.values import value_at
from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.shapes.draw import Draw
from skilladapt.domains.calculus.authoring.shapes.equations import line2, nonzero

Sign = Literal["+", "-"]


def _sign(draw: Draw) -> Sign:
    found: Sign = draw.rng.choice(("+", "-"))
    return found


def parabola(draw: Draw) -> Expression:
    """`a x^2 + b x + c` with a whole vertex, from difficulty 3 on a broken one."""
    a = draw.whole(1, draw.one_of(2, 4, 5)) * (draw.rng.choice((1, -1)) if draw.difficulty > 1 else 1)
    slope = nonzero(draw, 9) if draw.difficulty > 2 else -2 * a * nonzero(draw, 6)
    return line2(a, slope, draw.signed(9))


def cubic(draw: Draw) -> Expression:
    """A cubic polynomial whose derivative has two whole zeros."""
    first, second = draw.rng.sample([k for k in range(-5, 6)], 2)
    steep = draw.rng.choice((1, -1, 1)) if draw.difficulty > 2 else 1
    scale = 1 if (first + second) % 2 == 0 else 2
    terms = [
        monomial(scale, 3),
        monomial(Fraction(-3 * scale * (first + second), 2), 2),
        monomial(3 * scale * first * second, 1),
    ]
    whole = joined([term for term in [*terms, number(draw.signed(9))] if term.coefficient])
    return multiply(number(steep), whole)


def _smooth(draw: Draw) -> Expression:
    return draw.polynomial(
        draw.one_of(1, 2, 3, 3, 4), draw.one_of(3, 2, 2, 3, 3), draw.one_of(5, 5, 6, 5, 5), low=2
    )


def _tangent_lines(draw: Draw) -> Problem:
    point = Fraction(draw.whole(1, 4) if draw.difficulty < 3 else nonzero(draw, 4))
    style = draw.rng.choice(("tangent line", "tangent line", "tangent value"))
    return Problem(style, (_smooth(draw),), (point,))


def _normal_lines(draw: Draw) -> Problem:
    point = Fraction(draw.whole(1, 4) if draw.difficulty < 3 else nonzero(draw, 4))
    form = draw.polynomial(draw.one_of(1, 2, 2, 3, 3), draw.one_of(2, 2, 2, 2, 3), draw.one_of(2, 3, 5), low=2)
    style = draw.rng.choice(("normal line", "normal slope"))
    return Problem(style, (form,), (point,))


def _linear_approximation(draw: Draw) -> Problem:
    base = draw.whole(2, draw.one_of(6, 9, 9, 9, 12))
    step = draw.rng.choice((1, 2, 3, -1, -2) if draw.difficulty > 1 else (1, 2))
    root = times([number(1 if draw.difficulty < 3 else draw.signed(6)), Call("sqrt", VARIABLE)])
    if draw.difficulty in (1, 2, 3) or draw.whole(0, 1):
        form = root if draw.difficulty < 4 else joined([root, monomial(draw.signed(3), 1)])
        return Problem("linear approximation", (form,), (Fraction(base**2), Fraction(base**2 + step)))
    point = draw.whole(1, 4)
    form = draw.polynomial(2, 3, 4, low=2)
    return Problem(
        "linear approximation", (form,), (Fraction(point), point + Fraction(draw.rng.choice((1, 2, -1)), 10))
    )


def _implicit_derivatives(draw: Draw) -> Problem:
    a = nonzero(draw, 5) if draw.difficulty > 1 else draw.whole(1, 5)
    b = nonzero(draw, 5) if draw.difficulty > 1 else draw.whole(1, 5)
    left: Expression = monomial(draw.whole(1, draw.one_of(1, 3, 3, 4, 5)), draw.one_of(2, 2, 3, 2, 3))
    right: Expression = monomial(draw.whole(1, draw.one_of(1, 3, 3, 4, 5)), draw.rng.choice((2, 2, 3)))
    if draw.difficulty > 2:
        right = joined([right, monomial(draw.signed(6), 1)])
    total = value_at(left, Fraction(a)) + value_at(right, Fraction(b))
    numbers = (Fraction(a), Fraction(b), total)
    if draw.difficulty > 3:
        k = draw.whole(2, 6)
        return Problem("implicit product slope", (left, right), (*numbers[:2], total + k * a * b, Fraction(k)))
    return Problem("implicit slope", (left, right), numbers)


def _critical_points(draw: Draw) -> Problem:
    if draw.difficulty == 1 or (draw.difficulty < 4 and draw.whole(0, 2) == 0):
        return Problem("level place", (parabola(draw),))
    return Problem("critical number", (cubic(draw),), (), _sign(draw))


def _rising_or_falling(draw: Draw) -> Problem:
    if draw.whole(0, 1):
        return Problem("rising from", (parabola(draw),), (), _sign(draw))
    form = _smooth(Draw(draw.rng, max(2, draw.difficulty)))
    return Problem("rising", (form,), (draw.point() if draw.difficulty < 5 else Fraction(nonzero(draw, 5)),))


def _local_extremes(draw: Draw) -> Problem:
    form = parabola(draw) if draw.difficulty == 1 else cubic(draw)
    style = draw.rng.choice(("extreme place", "extreme value")) if draw.difficulty > 1 else "extreme place"
    return Problem(style, (form,), (), _sign(draw))


def _concavity(draw: Draw) -> Problem:
    if draw.whole(0, 1):
        return Problem("bending from", (_cubic_with_bend(draw),), (), _sign(draw))
    form = draw.polynomial(
        draw.one_of(2, 2, 3, 3, 4), draw.one_of(3, 4, 4, 4, 5), draw.one_of(5, 5, 5, 5, 5), low=3
    )
    return Problem("bending", (form,), (Fraction(nonzero(draw, draw.one_of(3, 4, 4, 5, 5))),))


def _cubic_with_bend(draw: Draw) -> Expression:
    """A cubic polynomial with its inflection point at a whole number, from difficulty 3 on maybe a third."""
    steep = draw.whole(1, 3) * (draw.rng.choice((1, -1)) if draw.difficulty > 1 else 1)
    square = nonzero(draw, 9) if draw.difficulty > 2 else -3 * steep * nonzero(draw, 5)
    low = [monomial(draw.signed(9), 1)] if draw.difficulty > 1 else []
    return joined(
        [monomial(steep, 3), monomial(square, 2), *low, *([number(draw.signed(9))] if draw.difficulty > 2 else [])]
    )


def _inflection_points(draw: Draw) -> Problem:
    if draw.difficulty < 4 or draw.whole(0, 1):
        return Problem("inflection", (_cubic_with_bend(draw),))
    first, second = draw.rng.sample([k for k in range(-4, 5)], 2)
    # The second derivative is 12(x - first)(x - second).
    terms = [
        monomial(1, 4),
        monomial(-2 * (first + second), 3),
        monomial(6 * first * second, 2),
        monomial(draw.signed(9), 1),
    ]
    return Problem("which inflection", (joined([term for term in terms if term.coefficient]),), (), _sign(draw))


def _extreme_values(draw: Draw) -> Problem:
    form = parabola(draw) if draw.difficulty < 3 else cubic(draw)
    low = draw.whole(-4, 1)
    return Problem("extreme on interval", (form,), (Fraction(low), Fraction(low + draw.whole(2, 6))), _sign(draw))


CURVE_SHAPES: Mapping[str, Callable[[Draw], Problem]] = MappingProxyType(
    {
        "tangent-lines": _tangent_lines,
        "normal-lines": _normal_lines,
        "linear-approximation": _linear_approximation,
        "implicit-derivatives": _implicit_derivatives,
        "critical-points": _critical_points,
        "rising-or-falling": _rising_or_falling,
        "local-extremes": _local_extremes,
        "concavity": _concavity,
        "inflection-points": _inflection_points,
        "extreme-values": _extreme_values,
    }
)
"""How to draw a problem, for every skill about curves."""
