"""Draws questions about quantities in the world, with sizes that could be. Nothing here knows an answer."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.expressions.combining import expand, times
from skilladapt.domains.calculus.authoring.expressions.trees import (
    Call,
    Expression,
    Sum,
    joined,
    monomial,
    number,
)
from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.shapes.draw import Draw
from skilladapt.domains.calculus.authoring.shapes.equations import line2


def _growing(draw: Draw) -> Expression:
    """A polynomial that grows for positive numbers."""
    count, high = draw.one_of(1, 2, 2, 3, 3), draw.one_of(2, 2, 3, 3, 4)
    terms = [
        monomial(draw.whole(1, draw.one_of(5, 6, 4, 4, 3)), exponent)
        for exponent in draw.exponents(count, high, 2)
    ]
    return joined(terms)


def _thrown(draw: Draw) -> Expression:
    """A height over time: up with a whole number of seconds to the highest point, from difficulty 4 on a half."""
    speed = 10 * draw.whole(1, draw.one_of(3, 5, 6)) if draw.difficulty < 4 else 5 * draw.whole(2, 15)
    return line2(-5, speed, draw.whole(1, 12) if draw.difficulty > 1 else 0)


def _velocity_and_acceleration(draw: Draw) -> Problem:
    time = Fraction(draw.whole(1, draw.one_of(5, 6, 4, 5, 6)))

    def speed() -> Problem:
        return Problem("velocity", (_growing(draw),), (time,))

    def change() -> Problem:
        form = draw.polynomial(
            draw.one_of(2, 2, 3, 3, 3), draw.one_of(2, 3, 3, 4, 4), draw.one_of(5, 4, 4, 3, 3), low=2
        )
        return Problem("acceleration", (form,), (time,))

    def rest() -> Problem:
        return Problem("at rest", (_thrown(draw),))

    return draw.either(speed, speed, rest) if draw.difficulty == 1 else draw.either(speed, change, rest)


def _marginal_cost(draw: Draw) -> Problem:
    units = Fraction(draw.whole(2, 9) * 10 if draw.difficulty > 1 else draw.whole(2, 20))
    fixed = 50 * draw.whole(2, 20)
    bend = draw.whole(1, draw.one_of(1, 2, 3, 4, 5))

    def cost() -> Problem:
        form = line2(bend, draw.whole(2, 30), fixed)
        if draw.difficulty > 3:
            form = joined(
                [
                    monomial(Fraction(1, draw.rng.choice((2, 5, 10))), 2),
                    monomial(draw.whole(2, 30), 1),
                    number(fixed),
                ]
            )
        return Problem("marginal", (form,), (units,))

    def best() -> Problem:
        top = draw.whole(3, 25) if draw.difficulty < 4 else 10 * draw.whole(3, 15)
        return Problem("best output", (line2(-bend, 2 * bend * top, -fixed if draw.difficulty > 1 else 0),))

    return draw.either(cost, best)


def _exponential(draw: Draw) -> Expression:
    size = 100 * draw.whole(1, draw.one_of(5, 9, 9, 20, 40))
    steep = Fraction(draw.whole(1, 3), draw.rng.choice((2, 4, 5, 10, 20)))
    return times([number(size), Call("exp", monomial(steep, 1))])


def _rates_of_change(draw: Draw) -> Problem:
    time = Fraction(draw.whole(1, draw.one_of(5, 6, 5, 6, 8)))
    form = expand(joined([_growing(draw), number(10 * draw.whole(2, 30))]))
    if draw.difficulty > 2 and draw.whole(0, 1):
        form = times(
            [number(10 * draw.whole(2, 30)), Call("exp", monomial(Fraction(1, draw.rng.choice((2, 4, 5, 10))), 1))]
        )
        if draw.difficulty > 3:
            form = Sum((form, monomial(draw.whole(2, 9), 1)))
    return Problem("rate", (form,), (time,))


def _growth_and_decay(draw: Draw) -> Problem:
    form = _exponential(draw)
    if draw.whole(0, 2) == 0:
        return Problem("doubling", (form,))
    start = 100 * draw.whole(1, draw.one_of(5, 9, 9, 20, 40))
    factor = draw.whole(2, draw.one_of(5, 9, 12, 15, 20))
    steep = Fraction(draw.whole(1, 3), draw.rng.choice((2, 4, 5, 10, 20)))
    if draw.difficulty > 2 and draw.whole(0, 1):
        falling = times([number(start * factor), Call("exp", monomial(-steep, 1))])
        return Problem("grown to", (falling,), (Fraction(0), Fraction(start)))
    return Problem(
        "grown to",
        (times([number(start), Call("exp", monomial(steep, 1))]),),
        (Fraction(0), Fraction(start * factor)),
    )


def _related_rates(draw: Draw) -> Problem:
    styles = ("circle grows", "cube grows", "sphere grows")[: draw.one_of(2, 2, 3, 3, 3)]
    rate = Fraction(draw.whole(1, 6), draw.one_of(1, 1, 1, draw.rng.choice((1, 2)), draw.rng.choice((2, 3, 4))))
    return Problem(draw.rng.choice(styles), (), (rate, Fraction(draw.whole(2, draw.one_of(9, 12, 15, 15, 20)))))


def _optimisation(draw: Draw) -> Problem:
    size = draw.whole(2, draw.one_of(20, 30, 40, 60, 90))

    def rectangle() -> Problem:
        return Problem("largest rectangle", (), (Fraction(4 * size if draw.difficulty < 4 else 2 * size + 1),))

    def wall() -> Problem:
        return Problem("rectangle at wall", (), (Fraction(4 * size if draw.difficulty < 4 else 2 * size + 1),))

    def product() -> Problem:
        return Problem("largest product", (), (Fraction(2 * size), Fraction(draw.whole(2, 9))))

    def box() -> Problem:
        return Problem(
            "open box", (), (Fraction(6 * draw.whole(1, 9) if draw.difficulty < 5 else 3 * draw.whole(2, 20)),)
        )

    return (
        draw.either(rectangle, wall, product)
        if draw.difficulty < 3
        else draw.either(rectangle, wall, product, box)
    )


def _rate(draw: Draw) -> Expression:
    """A rate that is positive for positive numbers, with whole coefficients after integrating in most cases."""
    count, high = draw.one_of(1, 2, 2, 3, 3), draw.one_of(1, 1, 2, 2, 3)
    return joined(
        [
            monomial((int(exponent) + 1) * draw.whole(1, draw.one_of(4, 5, 6, 6, 6)), exponent)
            for exponent in draw.exponents(count, high)
        ]
    )


def _times(draw: Draw) -> tuple[Fraction, Fraction]:
    first = draw.whole(0, draw.one_of(0, 1, 2, 3, 3))
    return Fraction(first), Fraction(first + draw.whole(1, draw.one_of(5, 5, 4, 4, 4)))


def _accumulated_quantity(draw: Draw) -> Problem:
    if draw.difficulty > 1 and draw.whole(0, 2) == 0:
        return Problem("amount then", (_rate(draw),), (*_times(draw), Fraction(10 * draw.whole(1, 30))))
    if draw.difficulty > 3 and draw.whole(0, 1):
        form = times(
            [number(10 * draw.whole(1, 9)), Call("exp", monomial(Fraction(1, draw.rng.choice((2, 4, 5))), 1))]
        )
        return Problem("accumulated", (form,), _times(draw))
    return Problem("accumulated", (_rate(draw),), _times(draw))


def _distance_travelled(draw: Draw) -> Problem:
    if draw.difficulty > 1 and draw.whole(0, 1):
        return Problem("position then", (_rate(draw),), (*_times(draw), Fraction(draw.whole(1, 40))))
    return Problem("distance", (_rate(draw),), _times(draw))


SITUATION_SHAPES: Mapping[str, Callable[[Draw], Problem]] = MappingProxyType(
    {
        "velocity-and-acceleration": _velocity_and_acceleration,
        "marginal-cost": _marginal_cost,
        "rates-of-change": _rates_of_change,
        "growth-and-decay": _growth_and_decay,
        "related-rates": _related_rates,
        "optimisation": _optimisation,
        "accumulated-quantity": _accumulated_quantity,
        "distance-travelled": _distance_travelled,
    }
)
"""How to draw a problem, for every skill about quantities in the world."""
