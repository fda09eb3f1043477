"""Limits, integrals and zeros of a function that can only be evaluated, to many digits.

Nothing here knows rules of differentiation or integration. Functions take and give numbers of the rounded
arithmetic of `series`; where one has no value it raises `Undefined`.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

Scalar = Any
"""A number of the multi-precision library, which has no types; exact polynomials take fractions, too."""
Evaluated = Callable[[Scalar], Scalar]
Nodes = Sequence[tuple[Scalar, Scalar]]
"""Places between -1 and 1 with their weights."""
Quadrature = Callable[[Evaluated, Sequence[Scalar]], Scalar]

_FIRST_STEP: Final = 12
_HALVINGS: Final = 11
"""Steps 2^-12 to 2^-22: extrapolated ten times, what is left of a smooth function is below 1e-40, while
rounding in the 50 digits grows to about 1e-30."""
_CELLS: Final = 240
"""Cells in which one zero each is looked for where a function is no polynomial."""
_BISECTIONS: Final = 40
_NEWTON_STEPS: Final = 4
_SECANTS: Final = 6
_AGREED: Final = 25
"""Digits in which two rules must agree for the finer one, which is far better, to be believed."""
_LARGEST_DENOMINATOR: Final = 10_000


class Undefined(ValueError):
    """The expression has no real, well-conditioned value at the point; the message says why."""


class Unreal(Undefined):
    """What is outside the real domain, and not by a rounding error."""


def one_sided_limit(function: Evaluated, point: Scalar, direction: int, real: Evaluated) -> Scalar:
    """The limit from the right (1) or the left (-1), by Richardson's extrapolation of values beside the point."""
    steps = [direction * Fraction(1, 2 ** (_FIRST_STEP + k)) for k in range(_HALVINGS)]
    row = [function(point + real(step)) for step in steps]
    last = row[-1]
    for order in range(1, len(row)):
        last = row[-1]
        row = [(2**order * finer - coarser) / (2**order - 1) for coarser, finer in pairwise(row)]
    if abs(row[-1] - last) * 10**22 > max(1, abs(last)):
        raise Undefined("it tends to no number there")
    return row[-1]


def polynomial_roots(
    coefficients: Sequence[Fraction], low: Fraction, high: Fraction, real: Evaluated
) -> list[Scalar]:
    """The different zeros of a polynomial (lowest power first) from `low` to `high`, ascending.

    Rational ones are fractions, others made by `real`. Between the zeros of its derivative it has at most one.
    """
    degree = max((k for k, value in enumerate(coefficients) if value), default=0)
    if degree == 0:
        return []
    slopes = [k * value for k, value in enumerate(coefficients)][1 : degree + 1]
    turning = polynomial_roots(slopes, low, high, real)
    found: list[Scalar] = []
    for left, right in pairwise([low, *turning, high]):
        values = [_value(coefficients, knot, real) for knot in (left, right)]
        found += [
            knot for knot, value in zip((left, right), values, strict=True) if value == 0 and knot not in found
        ]
        if values[0] * values[1] < 0 and not any(knot in found for knot in (left, right)):
            ends = (real(knot) if isinstance(knot, Fraction) else knot for knot in (left, right))
            root = _polished([real(value) for value in coefficients], *ends)
            near = Fraction(float(root)).limit_denominator(_LARGEST_DENOMINATOR)
            found.append(near if _at(coefficients, near) == 0 else root)
    return sorted(found)


def _at(coefficients: Sequence[Scalar], point: Scalar) -> Scalar:
    total = coefficients[-1]
    for value in reversed(coefficients[:-1]):
        total = total * point + value
    return total


def _value(coefficients: Sequence[Fraction], point: Scalar, real: Evaluated) -> Scalar:
    if isinstance(point, Fraction):
        return _at(coefficients, point)
    value = _at([real(value) for value in coefficients], point)
    return 0 if abs(value) * 10**30 < 1 else value


def _polished(coefficients: Sequence[Scalar], left: Scalar, right: Scalar) -> Scalar:
    slopes = [k * value for k, value in enumerate(coefficients)][1:]
    rising = _at(coefficients, right) > 0
    for _ in range(_BISECTIONS):
        middle = (left + right) / 2
        left, right = (left, middle) if (_at(coefficients, middle) > 0) == rising else (middle, right)
    guess = (left + right) / 2
    for _ in range(_NEWTON_STEPS):
        guess = guess - _at(coefficients, guess) / _at(slopes, guess)
    return guess


def sign_changes(function: Evaluated, low: Scalar, high: Scalar) -> Iterator[Scalar]:
    """Where the function changes its sign from `low` to `high`, ascending; one in each cell of a grid at most."""
    width = (high - low) / _CELLS
    before: tuple[Scalar, Scalar] | None = None
    for k in range(_CELLS + 1):
        point = low + k * width
        try:
            value = function(point)
        except Undefined:
            before = None
            continue
        if value == 0 or abs(value) * 10**30 < 1:
            yield point
            before = None
            continue
        if before is not None and before[1] * value < 0:
            found = _bisected(function, before[0], point, value > 0)
            if abs(function(found)) < 1:  # else it is a pole
                yield found
        before = (point, value)


def _bisected(function: Evaluated, left: Scalar, right: Scalar, rising: bool) -> Scalar:
    """Halves the cell until the secant takes over, which then doubles the digits with every second step."""
    for _ in range(_BISECTIONS):
        middle = (left + right) / 2
        left, right = (left, middle) if (function(middle) > 0) == rising else (middle, right)
    before, value = left, function(left)
    guess = right
    for _ in range(_SECANTS):
        now = function(guess)
        if now == value:
            break
        before, guess, value = guess, guess - now * (guess - before) / (now - value), now
    return guess


def integral(
    function: Evaluated, low: Scalar, high: Scalar, nodes: Sequence[Nodes], general: Quadrature
) -> Scalar:
    """The integral by two Gaussian rules; by the general one where these differ, as at a vertical tangent."""
    half, middle = (high - low) / 2, (high + low) / 2
    rough, fine = (half * sum(weight * function(middle + half * x) for x, weight in rule) for rule in nodes)
    if abs(rough - fine) * 10**_AGREED <= max(1, abs(fine)):
        return fine
    return general(function, [low, high])
