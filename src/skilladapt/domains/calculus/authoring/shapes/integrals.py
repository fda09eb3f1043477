"""Draws questions about definite integrals and what they are used for. Nothing here knows an answer."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from skilladapt.domains.calculus.authoring.expressions.combining import expand, times
from skilladapt.domains.calculus.authoring.expressions.exact import written
from skilladapt.domains.calculus.authoring.expressions.trees import (
    PI,
    VARIABLE,
    Call,
    Expression,
    Power,
    Product,
    Quotient,
    Sum,
    joined,
    monomial,
    number,
)
from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.shapes.antiderivatives import fitting_polynomial, span_of
from skilladapt.domains.calculus.authoring.shapes.draw import Draw
from skilladapt.domains.calculus.authoring.shapes.equations import line, line2, nonzero
from skilladapt.domains.calculus.authoring.shapes.functions import SINES, scaled


def _definite(form: Expression, low: Expression | int, high: Expression | int) -> Problem:
    bounds = [number(end) if isinstance(end, int) else end for end in (low, high)]
    return Problem("definite", (form, *bounds))


def _definite_integrals(draw: Draw) -> Problem:
    form = fitting_polynomial(draw, draw.one_of(1, 2, 3, 3, 4), draw.one_of(3, 2, 3, 3, 4))
    return _definite(form, *span_of(draw))


def _integrals_of_functions(draw: Draw) -> Problem:
    angle = written({PI: Fraction(draw.rng.choice((2, 3, 4, 6, 12)), 12)})
    wave, other = (scaled(draw, Call(name, VARIABLE)) for name in draw.rng.sample(SINES, 2))
    power = scaled(draw, Call("exp", monomial(draw.one_of(1, draw.whole(1, 2), draw.whole(1, 3)), 1)))
    first = draw.whole(1, 3)
    over = Quotient(number(draw.size()), VARIABLE)
    root = times([number(3 * draw.whole(1, 3)), Call("sqrt", VARIABLE)])

    def waves() -> Problem:
        return _definite(wave if draw.difficulty < 4 else Sum((wave, other)), number(0), angle)

    def powers() -> Problem:
        form = power if draw.difficulty < 4 else Sum((power, monomial(2 * draw.signed(4), 1)))
        return _definite(form, 0, draw.whole(1, 3))

    def logarithms() -> Problem:
        form = over if draw.difficulty < 3 else Sum((over, number(draw.signed(6))))
        high: Expression | int = (
            Call("exp", number(draw.whole(1, 3)))
            if first == 1 and draw.whole(0, 1) and draw.difficulty < 3
            else first + draw.whole(1, 5)
        )
        return _definite(form, first, high)

    def roots() -> Problem:
        return _definite(root, draw.rng.choice((0, 1)), draw.rng.choice((4, 9)))

    return draw.either(waves, powers) if draw.difficulty == 1 else draw.either(waves, powers, logarithms, roots)


def _definite_substitution(draw: Draw) -> Problem:
    inner = Sum((monomial(1, 2), number(draw.whole(0, 3) or 1)))
    front = monomial(2 * draw.whole(1, draw.one_of(2, 3, 4, 5, 6)), 1)
    high = draw.whole(1, 2)
    power = Product((front, Power(inner, draw.whole(2, 3))))
    call = Product((front, Call("exp", monomial(1, 2))))
    wave, other = draw.rng.sample(SINES, 2)
    circle = times(
        [number(draw.whole(1, 6)), Product((Power(Call(wave, VARIABLE), draw.whole(2, 4)), Call(other, VARIABLE)))]
    )
    over = Quotient(front, inner)
    shifted = Power(Sum((monomial(draw.whole(2, 3), 1), number(draw.whole(1, 3)))), draw.whole(2, 3))
    quarter = written({PI: Fraction(1, 2)})
    logs = times([number(draw.whole(1, 6)), Power(Call("ln", VARIABLE), draw.whole(2, 3))])
    forms = {
        "power": _definite(power, 0, 1 if draw.difficulty == 1 else high),
        "shifted": _definite(shifted, 0, 1),
        "call": _definite(call, 0, high),
        "over": _definite(over, draw.one_of(0, 0, 0, 1), high + draw.one_of(0, 0, 0, 1)),
        "circle": _definite(circle, number(0), quarter),
        "logs": _definite(Quotient(logs, VARIABLE), number(1), Call("exp", number(draw.whole(1, 2)))),
    }
    names = (
        ("power", "shifted"),
        ("power", "call"),
        ("over", "circle", "call"),
        ("over", "circle"),
        ("logs", "circle"),
    )
    return forms[draw.rng.choice(names[draw.difficulty - 1])]


def _integral_properties(draw: Draw) -> Problem:
    a = draw.whole(0, draw.one_of(3, 3, 5, 6, 8))
    b = a + draw.whole(1, 5)
    whole = Fraction(draw.signed(draw.one_of(12, 20, 30, 30, 50)))
    if draw.difficulty > 3:
        whole = Fraction(nonzero(draw, 30), draw.rng.choice((1, 2, 3)))

    def joined_intervals() -> Problem:
        other = Fraction(draw.signed(20))
        numbers = (Fraction(a), Fraction(b), whole, other, Fraction(b + draw.whole(1, 5)))
        return Problem("joined intervals", (), numbers)

    def multiple() -> Problem:
        return Problem("scaled integral", (), (Fraction(a), Fraction(b), whole, Fraction(draw.size())))

    def shifted() -> Problem:
        return Problem("shifted integral", (), (Fraction(a), Fraction(b), whole, Fraction(draw.size())))

    return (
        draw.either(joined_intervals, multiple)
        if draw.difficulty == 1
        else draw.either(joined_intervals, multiple, shifted, shifted)
    )


def _fundamental_theorem(draw: Draw) -> Problem:
    low = Fraction(draw.whole(0, 5))
    form: Expression = draw.polynomial(draw.one_of(2, 2, 3, 2, 3), draw.one_of(3, 5, 5, 3, 3), 9)
    if draw.difficulty in (2, 3, 4) and draw.whole(0, 1):
        form = scaled(
            Draw(draw.rng, min(draw.difficulty, 3)),
            Call(draw.rng.choice(("sin", "cos", "exp")), monomial(1, draw.one_of(1, 1, 2, 1, 1))),
        )
    upper = VARIABLE if draw.difficulty < 4 else draw.rng.choice((monomial(draw.whole(2, 5), 1), monomial(1, 2)))
    return Problem("integral derivative", (form, upper), (low,))


def _positive(draw: Draw) -> Expression:
    """A polynomial that is positive for positive numbers."""
    count, high = draw.one_of(1, 2, 2, 3, 3), draw.one_of(2, 2, 3, 3, 4)
    return joined(
        [monomial((int(exponent) + 1) * draw.whole(1, 4), exponent) for exponent in draw.exponents(count, high)]
    )


def _area_under_curve(draw: Draw) -> Problem:
    low = draw.whole(0, 2)
    form = _positive(draw)
    if draw.difficulty > 2 and draw.whole(0, 1):
        form = times([number(-1), form]) if not isinstance(form, Sum) else expand(Product((number(-1), form)))
    if draw.difficulty > 1 and draw.whole(0, 2) == 0:
        first, second = sorted(draw.rng.sample(range(-4, 5), 2))
        arch = line2(-1, first + second, -first * second)
        return Problem("area with axis", (expand(Product((number(draw.rng.choice((1, -1, 3))), arch))),))
    return Problem("area", (form,), (Fraction(low), Fraction(low + draw.whole(1, draw.one_of(3, 3, 2, 2, 2)))))


def _area_between_curves(draw: Draw) -> Problem:
    first, second = sorted(draw.rng.sample(range(-3 if draw.difficulty > 1 else 0, 5), 2))
    steep = draw.one_of(1, 1, draw.whole(1, 3), draw.whole(1, 3), draw.whole(1, 3)) * draw.rng.choice((1, -1))
    slope, height = nonzero(draw, 4), draw.whole(-5, 5)
    curve = line2(steep, -steep * (first + second) + slope, steep * first * second + height)
    other: Expression = line(slope, height)
    if draw.difficulty > 3:
        bend = draw.whole(1, 2) * (-1 if steep > 0 else 1)
        curve = line2(steep, -(steep - bend) * (first + second) + slope, (steep - bend) * first * second + height)
        other = line2(bend, slope, height)
    return Problem("area between", (curve, other))


def _average_value(draw: Draw) -> Problem:
    form = fitting_polynomial(draw, draw.one_of(1, 2, 2, 3, 3), draw.one_of(2, 2, 3, 3, 3))
    low = draw.whole(0, 2) if draw.difficulty < 4 else draw.whole(-2, 2)
    return Problem("average value", (form,), (Fraction(low), Fraction(low + draw.whole(1, 4))))


def _volumes_of_rotation(draw: Draw) -> Problem:
    low = draw.whole(0, draw.one_of(1, 1, 2, 2, 2))
    straight = Sum((monomial(draw.whole(1, 3), 1), number(draw.whole(1, 6))))
    forms = (
        (monomial(draw.whole(1, 6), 1), monomial(1, 2)),
        (monomial(draw.whole(1, 4), 2), Call("sqrt", VARIABLE), monomial(draw.whole(1, 9), 1)),
        (straight, times([number(draw.whole(2, 5)), Call("sqrt", VARIABLE)])),
        (straight, Sum((monomial(1, 2), number(draw.whole(1, 4))))),
        (Call("sqrt", straight), Sum((monomial(draw.whole(1, 2), 2), monomial(draw.whole(1, 3), 1)))),
    )
    return Problem(
        "volume", (draw.rng.choice(forms[draw.difficulty - 1]),), (Fraction(low), Fraction(low + draw.whole(1, 4)))
    )


def _riemann_sums(draw: Draw) -> Problem:
    parts = draw.whole(2, draw.one_of(3, 4, 4, 4, 5))
    width = 1 if draw.difficulty < 3 else draw.rng.choice((1, 2) if draw.difficulty < 4 else (Fraction(1, 2), 2))
    low = draw.whole(0, 3)
    sign: Literal["+", "-"] = draw.rng.choice(("+", "-"))
    form = draw.polynomial(draw.one_of(1, 2, 2, 2, 3), 2, draw.one_of(5, 5, 6, 6, 6))
    return Problem("rectangles", (form,), (Fraction(low), low + parts * Fraction(width), Fraction(parts)), sign)


INTEGRAL_SHAPES: Mapping[str, Callable[[Draw], Problem]] = MappingProxyType(
    {
        "definite-integrals": _definite_integrals,
        "integrals-of-functions": _integrals_of_functions,
        "definite-substitution": _definite_substitution,
        "integral-properties": _integral_properties,
        "fundamental-theorem": _fundamental_theorem,
        "area-under-curve": _area_under_curve,
        "area-between-curves": _area_between_curves,
        "average-value": _average_value,
        "volumes-of-rotation": _volumes_of_rotation,
        "riemann-sums": _riemann_sums,
    }
)
"""How to draw a problem, for every skill about definite integrals."""
