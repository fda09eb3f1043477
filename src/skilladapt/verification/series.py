"""What an expression and its derivatives are worth at a point.

Values travel as truncated Taylor series, `[c_0, c_1, ...]` with `c_k = f^(k)(a) / k!` (forward-mode automatic
differentiation: Griewank and Walther, *Evaluating Derivatives*, 2nd ed. 2008, chapter 13, table 13.1 for the
recurrences). A derivative is therefore as exact as a value: no difference quotient, no step size, nothing cancels.
Rational expressions are computed in fractions without any rounding, all others with 50 digits.
"""

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from math import factorial
from typing import Any, Final

from skilladapt.verification.expressions import (
    Applied,
    Constant,
    Expression,
    Function,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Variable,
)

DIGITS: Final = 50
LARGEST: Final = 10**15
"""Rounded values beyond this, or divisors below its inverse, leave too few of the 50 digits to be trusted."""

Scalar = Any
"""A Fraction, or an mpmath number, whose library has no types."""
Series = list[Scalar]


class Undefined(ValueError):
    """The expression has no real, well-conditioned value at the point; the message says why."""


class _Irrational(Exception):
    """Fractions do not suffice."""


def value_at(expression: Expression, point: Mapping[str, Fraction]) -> Scalar:
    """The real value at `point`: a Fraction wherever only rational arithmetic is needed, else with 50 digits.

    Raises:
        Undefined: At a pole, outside the real domain, too near to either, or when a letter has no value.

    """
    try:
        return _Arithmetic(exact=True).evaluate(expression, {name: [x] for name, x in point.items()}, 0)[0]
    except _Irrational:
        rounded = _Arithmetic(exact=False)
        values = {name: [rounded.number(x)] for name, x in point.items()}
        return rounded.evaluate(expression, values, 0)[0]


def nearly_equal(left: Scalar, right: Scalar) -> bool:
    """Whether two values agree in 20 digits: of the 50, intermediate values up to `LARGEST` leave more than 30."""
    rounded = _Arithmetic(exact=False)
    first, second = (rounded.number(x) if isinstance(x, Fraction) else x for x in (left, right))
    return bool(abs(first - second) * 10**20 <= max(1, abs(first), abs(second)))


@cache
def _reals() -> Any:
    import mpmath

    reals = mpmath.MPContext()
    reals.dps = DIGITS
    return reals


class _Arithmetic:
    """Arithmetic on series of equal length, either exact or with 50 digits."""

    def __init__(self, exact: bool) -> None:
        self._exact = exact

    def number(self, value: Fraction | int) -> Scalar:
        """A number of this arithmetic."""
        if self._exact:
            return value if isinstance(value, Fraction) else Fraction(value)
        return _reals().mpf(value.numerator) / value.denominator

    def evaluate(self, expression: Expression, values: Mapping[str, Series], order: int) -> Series:
        """The series of `expression`, `order + 1` coefficients, where the letters have the series `values`."""
        found = self._evaluate(expression, values, order)
        if not self._exact and any(abs(coefficient) > LARGEST for coefficient in found):
            raise Undefined("the values there are too large to be compared")
        return found

    def _evaluate(self, expression: Expression, values: Mapping[str, Series], order: int) -> Series:
        match expression:
            case Number(value):
                return self._constant(self.number(value), order)
            case Variable(name):
                if name not in values:
                    raise Undefined(f"nothing is known of {name}")
                return self._padded(values[name], order)
            case Constant(name):
                if self._exact:
                    raise _Irrational
                return self._constant(+_reals().pi if name == "pi" else +_reals().e, order)
            case Sum(terms):
                rows = [self.evaluate(term, values, order) for term in terms]
                return [sum(column[1:], column[0]) for column in zip(*rows, strict=True)]
            case Product(factors):
                found = self.evaluate(factors[0], values, order)
                for factor in factors[1:]:
                    found = _times(found, self.evaluate(factor, values, order))
                return found
            case Quotient(top, bottom):
                return self._over(self.evaluate(top, values, order), self.evaluate(bottom, values, order))
            case Power(base, exponent):
                return self._power(self.evaluate(base, values, order), self.evaluate(exponent, values, order))
            case Function(name, argument):
                return self._function(name, self.evaluate(argument, values, order))
            case Applied():
                return self._applied(expression, values, order)

    def _applied(self, applied: Applied, values: Mapping[str, Series], order: int) -> Series:
        inner = self.evaluate(applied.argument, values, order)
        if applied.order == 0:
            return self.evaluate(applied.body, {**values, applied.variable: inner}, order)
        at = [inner[0], self.number(1)]
        # Other letters are parameters here: a derivative with respect to one variable holds them fixed.
        fixed = {name: series[:1] for name, series in values.items()}
        outer = self.evaluate(applied.body, {**fixed, applied.variable: at}, order + applied.order)
        derivative = [
            outer[k + applied.order] * (factorial(k + applied.order) // factorial(k)) for k in range(order + 1)
        ]
        step = [self.number(0), *inner[1:]]
        found = self._constant(derivative[-1], order)
        for coefficient in reversed(derivative[:-1]):
            found = _times(found, step)
            found[0] += coefficient
        return found

    def _constant(self, value: Scalar, order: int) -> Series:
        return self._padded([value], order)

    def _padded(self, series: Series, order: int) -> Series:
        return series[: order + 1] + [self.number(0)] * (order + 1 - len(series))

    def _over(self, top: Series, bottom: Series) -> Series:
        self._refuse_zero(bottom[0])
        found: Series = []
        for k in range(len(top)):
            found.append((top[k] - sum(bottom[j] * found[k - j] for j in range(1, k + 1))) / bottom[0])
        return found

    def _refuse_zero(self, value: Scalar) -> None:
        if value == 0 or (not self._exact and abs(value) * LARGEST < 1):
            raise Undefined("it has a pole or a branch point there")

    def _power(self, base: Series, exponent: Series) -> Series:
        constant = not any(exponent[1:])
        if constant and exponent[0] == int(exponent[0]):
            return self._whole_power(base, int(exponent[0]))
        if self._exact:
            raise _Irrational
        if not constant:
            return self._function("exp", _times(exponent, self._function("ln", base)))
        if base[0] < 0:
            raise Undefined("a broken power of a negative number is not real")
        self._refuse_zero(base[0])
        found = [base[0] ** exponent[0]]
        for k in range(1, len(base)):
            total = sum((exponent[0] * j - (k - j)) * base[j] * found[k - j] for j in range(1, k + 1))
            found.append(total / (k * base[0]))
        return found

    def _whole_power(self, base: Series, exponent: int) -> Series:
        if exponent == 0:
            self._refuse_zero(base[0])
        if len(base) == 1 and self._exact:
            return [base[0] ** exponent] if exponent >= 0 else self._over([self.number(1)], [base[0] ** -exponent])
        found = self._constant(self.number(1), len(base) - 1)
        square, rest = base, abs(exponent)
        while rest:
            if rest & 1:
                found = _times(found, square)
            rest >>= 1
            if rest:
                square = _times(square, square)
        return found if exponent >= 0 else self._over(self._constant(self.number(1), len(base) - 1), found)

    def _function(self, name: str, inner: Series) -> Series:
        if self._exact:
            raise _Irrational
        if name == "sqrt":
            if inner[0] == 0 and not any(inner[1:]):
                return inner
            return self._power(inner, self._constant(self.number(Fraction(1, 2)), len(inner) - 1))
        if name in ("ln", "log"):
            return self._logarithm(inner)
        if name == "exp":
            return self._exponential(inner)
        sine, cosine = self._sine_and_cosine(inner)
        if name == "tan":
            return self._over(sine, cosine)
        return sine if name == "sin" else cosine

    def _logarithm(self, inner: Series) -> Series:
        if inner[0] < 0:
            raise Undefined("the logarithm of a negative number is not real")
        self._refuse_zero(inner[0])
        found = [_reals().log(inner[0])]
        for k in range(1, len(inner)):
            total = sum(j * found[j] * inner[k - j] for j in range(1, k))
            found.append((inner[k] - total / k) / inner[0])
        return found

    def _exponential(self, inner: Series) -> Series:
        if inner[0] > 40:
            # Checked before computing: the digits of exp(exp(50)) alone would fill the memory.
            raise Undefined("the values there are too large to be compared")
        if inner[0] < -40:
            raise Undefined("the values there are too small to be compared")
        found = [_reals().exp(inner[0])]
        for k in range(1, len(inner)):
            found.append(sum(j * inner[j] * found[k - j] for j in range(1, k + 1)) / k)
        return found

    def _sine_and_cosine(self, inner: Series) -> tuple[Series, Series]:
        sine, cosine = [_reals().sin(inner[0])], [_reals().cos(inner[0])]
        for k in range(1, len(inner)):
            up = sum(j * inner[j] * cosine[k - j] for j in range(1, k + 1)) / k
            down = -sum(j * inner[j] * sine[k - j] for j in range(1, k + 1)) / k
            sine.append(up)
            cosine.append(down)
        return sine, cosine


def _times(left: Series, right: Series) -> Series:
    if len(left) == 1:  # most products are of plain values
        return [left[0] * right[0]]
    return [sum(left[j] * right[k - j] for j in range(k + 1)) for k in range(len(left))]
