"""Whether two expressions are equal, by their values at random points."""

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from skilladapt.records import content_hash
from skilladapt.verification.analysis import Undefined, Unreal
from skilladapt.verification.expressions import Expression, Number, letters, up_to_constant
from skilladapt.verification.series import differ_widely, nearly_equal, value_at

POINTS: Final = 8
"""Points that must agree. Two different polynomials of degree 30 agree at one of some 250 points with a chance
below 30/250, at eight below one in ten million (the Schwartz-Zippel lemma)."""
_TRIES: Final = 200
"""Half of the points are negative, where a logarithm has no value, and many others may be too small for one."""


def equal_at_points(left: Expression, right: Expression) -> bool | None:
    """True after agreement at `POINTS` points, False at the first disagreement, None when too few can be computed.

    The points are rational and seeded by the expressions themselves, so the result never varies. Where both values
    are fractions they are compared exactly, and one disagreement is a proof. Constants need one point. Where no
    values can be compared, they differ if only one is real at `POINTS` points, or if they are plainly apart though
    too large to be found equal.
    """
    left, right = up_to_constant(left, right)
    names = sorted(letters(left) | letters(right))
    generator = random.Random(content_hash("points", repr(left), repr(right)))
    points: list[Mapping[str, Fraction]] = []
    agreed = 0
    for _ in range(_TRIES if names else 1):
        point = {name: _sample(generator) for name in names}
        points.append(point)
        try:
            first, second = value_at(left, point), value_at(right, point)
        except Undefined:
            continue
        if isinstance(first, Fraction) and isinstance(second, Fraction):
            same = first == second
        else:
            same = nearly_equal(first, second)
        if not same:
            return False
        agreed += 1
        if agreed == POINTS:
            return True
    if agreed == 0 and (_one_is_unreal(left, right, points) or _are_far_apart(left, right, points[:POINTS])):
        return False
    return True if agreed and not names else None


def _one_is_unreal(left: Expression, right: Expression, points: Sequence[Mapping[str, Fraction]]) -> bool:
    """Whether always the same side has no real value at points where the other one has a value."""
    orders = ((left, right), (right, left))
    fewer, more = sorted(sum(_only_first(*sides, point) for point in points) for sides in orders)
    return fewer == 0 and more >= min(POINTS, len(points))


def _only_first(first: Expression, second: Expression, point: Mapping[str, Fraction]) -> bool:
    try:
        value_at(first, point)
    except Undefined:
        return False
    try:
        value_at(second, point)
    except Unreal:
        return True
    except Undefined:
        pass
    return False


def _are_far_apart(left: Expression, right: Expression, points: Sequence[Mapping[str, Fraction]]) -> bool:
    for point in points:
        try:
            if differ_widely(left, right, point):
                return True
        except Undefined:
            continue
    return False


def sign_by_value(expression: Expression) -> int | None:
    """-1, 0 or 1 for a number below, equal to or above 0; None where it has no value or is not plainly either."""
    try:
        value = value_at(expression, {})
    except Undefined:
        return None
    if not isinstance(value, Fraction) and abs(value) * 10**20 < 1:
        return None
    return int(value > 0) - int(value < 0)


def whole_value(expression: Expression) -> int | None:
    """The whole number that an expression without letters equals; None where it equals none."""
    try:
        value = value_at(expression, {})
    except Undefined:
        return None
    nearest = round(value)
    return nearest if equal_at_points(expression, Number(Fraction(nearest))) else None


def _sample(generator: random.Random) -> Fraction:
    """A fraction between 1/13 and 15, of either sign; never a whole number, where poles like to be."""
    while True:
        value = Fraction(generator.randint(1, 30), generator.randint(2, 13))
        if value.denominator > 1:
            return value * generator.choice((-1, 1))
