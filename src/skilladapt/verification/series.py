"""What an expression and its derivatives are worth at a point.

Values travel as truncated Taylor series, `[c_0, c_1, ...]` with `c_k = f^(k)(a) / k!` (forward-mode automatic
differentiation: Griewank and Walther, *Evaluating Derivatives*, 2nd ed. 2008, chapter 13, table 13.1 for the
recurrences). A derivative is therefore as exact as a value: no difference quotient, no step size, nothing cancels.
Rational expressions are computed in fractions without any rounding, all others with 50 digits.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from math import factorial, prod
from typing import Any, Final

from skilladapt.verification.analysis import (
    Nodes,
    Undefined,
    Unreal,
    integral,
    one_sided_limit,
    polynomial_roots,
    sign_changes,
)
from skilladapt.verification.expressions import (
    Antiderivative,
    Applied,
    Constant,
    Expression,
    Extreme,
    Function,
    Integral,
    Limit,
    Number,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    Variable,
    parts,
)

DIGITS: Final = 50
_HIGHEST_DEGREE: Final = 60
"""Polynomials up to this degree are integrated, and their zeros found, by their coefficients."""
LARGEST: Final = 10**15
"""Rounded values beyond this, or divisors below its inverse, leave too few of the 50 digits to be trusted."""

_WIDEST: Final = 10**700
"""Values up to this can be told apart, though not found equal (`differ_widely`)."""
_LARGEST_EXPONENT: Final = {LARGEST: 40, _WIDEST: 1_600}
"""Of e, where values may be as large as that."""

Scalar = Any
"""A Fraction, or an mpmath number, whose library has no types."""
Series = list[Scalar]


class _Irrational(Exception):
    """Fractions do not suffice."""


def value_at(expression: Expression, point: Mapping[str, Fraction]) -> Scalar:
    """The real value at `point`: a Fraction wherever only rational arithmetic is needed, else with 50 digits.

    Raises:
        Undefined: At a pole, outside the real domain, too near to either, or when a letter has no value.

    """
    if not _is_irrational(expression):
        try:
            return _Arithmetic(exact=True).evaluate(expression, {name: [x] for name, x in point.items()}, 0)[0]
        except _Irrational:
            pass  # a broken power, or a zero that is no fraction
    rounded = _Arithmetic(exact=False)
    values = {name: [rounded.number(x)] for name, x in point.items()}
    return rounded.evaluate(expression, values, 0)[0]


def _is_irrational(expression: Expression) -> bool:
    """Whether exact arithmetic is sure to end in `_Irrational`."""
    return isinstance(expression, Function | Constant | Limit) or any(map(_is_irrational, parts(expression)))


def nearly_equal(left: Scalar, right: Scalar) -> bool:
    """Whether two values agree in 20 digits: of the 50, intermediate values up to `LARGEST` leave more than 30."""
    rounded = _Arithmetic(exact=False)
    first, second = (rounded.number(x) if isinstance(x, Fraction) else x for x in (left, right))
    return bool(abs(first - second) * 10**20 <= max(1, abs(first), abs(second)))


def differ_widely(left: Expression, right: Expression, point: Mapping[str, Fraction]) -> bool:
    """Whether values that are too large for `value_at` differ plainly: by far more than any rounding on the way.

    Raises:
        Undefined: Where one of them has no value.

    """
    wide = _Arithmetic(exact=False, largest=_WIDEST)
    values = {name: [wide.number(x)] for name, x in point.items()}
    first, second = (wide.evaluate(side, values, 0)[0] for side in (left, right))
    return bool(abs(first - second) * 10**20 > wide.seen)


@cache
def _reals() -> Any:
    import mpmath

    reals = mpmath.MPContext()
    reals.dps = DIGITS
    return reals


@cache
def _gauss() -> tuple[Nodes, Nodes]:
    """The Gaussian rules of 24 and 48 places."""
    from mpmath.calculus.quadrature import GaussLegendre

    rule = GaussLegendre(_reals())
    rough, fine = (tuple(rule.calc_nodes(degree, _reals().prec)) for degree in (4, 5))
    return rough, fine


@lru_cache(maxsize=4096)
def _rounded(top: int, bottom: int) -> Scalar:
    return _reals().mpf(top) / bottom


class _Arithmetic:
    """Arithmetic on series of equal length, either exact or with 50 digits."""

    def __init__(self, exact: bool, largest: int = LARGEST) -> None:
        self._exact = exact
        self._largest = largest
        self._bound = Fraction(largest) if exact else _rounded(largest, 1)
        self.seen: Scalar = 1
        """The largest value on the way, where values may be larger than `LARGEST`."""

    def number(self, value: Fraction | int) -> Scalar:
        """A number of this arithmetic."""
        if self._exact:
            return value if isinstance(value, Fraction) else Fraction(value)
        return _rounded(value.numerator, value.denominator)

    def evaluate(self, expression: Expression, values: Mapping[str, Series], order: int) -> Series:
        """The series of `expression`, `order + 1` coefficients, where the letters have the series `values`."""
        found = self._evaluate(expression, values, order)
        if not self._exact:
            for coefficient in found:
                if abs(coefficient) > self._bound:
                    raise Undefined("the values there are too large to be compared")
            if self._largest > LARGEST:
                self.seen = max(self.seen, *map(abs, found))
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
            case Applied(body, variable, shift, argument):
                inner = self.evaluate(argument, values, order)
                if shift == 0:
                    return self.evaluate(body, {**values, variable: inner}, order)
                outer = self._around(_without_area(body), variable, inner[0], values, order + shift)
                shifted = [outer[k + shift] * (factorial(k + shift) // factorial(k)) for k in range(order + 1)]
                return self._composed(shifted, inner, order)
            case Antiderivative(body, variable):
                # Its value is open, and 0 here: nothing but its derivative is ever compared.
                inner = self.evaluate(Variable(variable), values, order)
                return self._composed(self._integrated(0, body, variable, inner[0], values, order), inner, order)
            case Integral(body, variable, low, high):
                inner = self.evaluate(high, values, order)
                start = self.evaluate(low, values, 0)[0]
                area = self._area(body, variable, start, inner[0], values)
                return self._composed(
                    self._integrated(area, body, variable, inner[0], values, order), inner, order
                )
            case Limit(body, variable, point):
                return self._constant(self._limit(body, variable, point, values), order)
            case Root(_, _, _, _, index):
                roots = self._roots(expression, values)
                if not -len(roots) <= index < len(roots):
                    raise Undefined("it has fewer zeros than are asked for")
                return self._constant(roots[index], order)
            case Extreme(body, variable, low, high, largest):
                slope = Root(Applied(body, variable, 1, Variable(variable)), variable, low, high)
                ends = [self.evaluate(end, values, 0)[0] for end in (low, high)]
                found = [self._at(body, variable, x, values) for x in (*ends, *self._roots(slope, values))]
                return self._constant(max(found) if largest else min(found), order)

    def _around(
        self, body: Expression, variable: str, point: Scalar, values: Mapping[str, Series], order: int
    ) -> Series:
        """The series of `body` in powers of `variable - point`."""
        # Other letters are parameters here: a derivative with respect to one variable holds them fixed.
        fixed = {name: series[:1] for name, series in values.items()}
        return self.evaluate(body, {**fixed, variable: [point, self.number(1)]}, order)

    def _at(self, body: Expression, variable: str, point: Scalar, values: Mapping[str, Series]) -> Scalar:
        return self._around(body, variable, point, values, 0)[0]

    def _composed(self, outer: Series, inner: Series, order: int) -> Series:
        """The series of a function with the series `outer` around `inner[0]`, of the function `inner`."""
        step = [self.number(0), *inner[1:]]
        found = self._constant(outer[-1], order)
        for coefficient in reversed(outer[:-1]):
            found = _times(found, step)
            found[0] += coefficient
        return found

    def _integrated(
        self,
        value: Scalar,
        body: Expression,
        variable: str,
        point: Scalar,
        values: Mapping[str, Series],
        order: int,
    ) -> Series:
        """The series around `point` of the function that has `value` there and `body` for its derivative."""
        slopes = self._around(body, variable, point, values, order - 1) if order else []
        return [value + self.number(0), *(slope / (k + 1) for k, slope in enumerate(slopes))]

    def _area(
        self, body: Expression, variable: str, low: Scalar, high: Scalar, values: Mapping[str, Series]
    ) -> Scalar:
        coefficients = self._polynomial(body, variable, values)
        if coefficients is not None:
            return sum(
                (value / (k + 1) * (high ** (k + 1) - low ** (k + 1)) for k, value in enumerate(coefficients)),
                self.number(0),
            )
        if self._exact:
            raise _Irrational
        return integral(lambda x: self._at(body, variable, x, values), low, high, _gauss(), _reals().quad)

    def _limit(
        self, body: Expression, variable: str, point: Expression | None, values: Mapping[str, Series]
    ) -> Scalar:
        if self._exact:
            raise _Irrational
        if point is None:
            wide = _Arithmetic(exact=False, largest=LARGEST**2)  # powers of large numbers, but nothing cancels
            return one_sided_limit(
                lambda x: wide._at(body, variable, 1 / x, values), self.number(0), 1, self.number
            )
        place = self.evaluate(point, values, 0)[0]
        right, left = (
            one_sided_limit(lambda x: self._at(body, variable, x, values), place, side, self.number)
            for side in (1, -1)
        )
        if not nearly_equal(left, right):
            raise Undefined("it tends to different numbers from both sides")
        return (left + right) / 2

    def _roots(self, root: Root, values: Mapping[str, Series]) -> list[Scalar]:
        """All zeros that count, ascending."""
        body, variable = root.body, root.variable
        try:
            exact = _Arithmetic(exact=True)
            low, high = (exact.evaluate(end, {}, 0)[0] for end in (root.low, root.high))
            coefficients = exact._polynomial(body, variable, {})
        except _Irrational:
            coefficients = None
        if coefficients is not None:
            found = polynomial_roots(coefficients, low, high, _Arithmetic(exact=False).number)
            if self._exact and not all(isinstance(x, Fraction) for x in found):
                raise _Irrational
            found = [self.number(x) if isinstance(x, Fraction) else x for x in found]
        elif self._exact:
            raise _Irrational
        else:
            ends = [self.evaluate(end, values, 0)[0] for end in (root.low, root.high)]
            found = list(sign_changes(lambda x: self._at(body, variable, x, values), *ends))
        if root.rising is None:
            return found
        slopes = [self._around(body, variable, x, values, 1)[1] for x in found]
        return [x for x, slope in zip(found, slopes, strict=True) if slope and (slope > 0) == root.rising]

    def _polynomial(self, body: Expression, variable: str, values: Mapping[str, Series]) -> Series | None:
        """The coefficients of `body` from the lowest power on; None where it is no plain polynomial."""
        degree = _degree(body, variable)
        return None if degree is None else self._around(body, variable, self.number(0), values, degree)

    def _constant(self, value: Scalar, order: int) -> Series:
        return self._padded([value], order)

    def _padded(self, series: Series, order: int) -> Series:
        missing = order + 1 - len(series)
        return series + [self.number(0)] * missing if missing > 0 else series[: order + 1]

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
            raise Unreal("a broken power of a negative number is not real")
        if len(base) > 1 or exponent[0] < 0:
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
        if inner[0] == 0 or -inner[0] * LARGEST > 1:
            raise Unreal("only a positive number has a real logarithm")
        self._refuse_zero(max(inner[0], self.number(0)))
        found = [_reals().log(inner[0])]
        for k in range(1, len(inner)):
            total = sum(j * found[j] * inner[k - j] for j in range(1, k))
            found.append((inner[k] - total / k) / inner[0])
        return found

    def _exponential(self, inner: Series) -> Series:
        most = _LARGEST_EXPONENT.get(self._largest, 40)
        if inner[0] > most:
            # Checked before computing: the digits of exp(exp(50)) alone would fill the memory.
            raise Undefined("the values there are too large to be compared")
        if inner[0] < -most:
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


def _without_area(body: Expression) -> Expression:
    """What has the same derivatives as an integral, whose value need not be found for them."""
    if not isinstance(body, Integral):
        return body
    return Applied(Antiderivative(body.body, body.variable), body.variable, 0, body.high)


def _degree(body: Expression, variable: str) -> int | None:
    """An upper bound on the degree of a polynomial in `variable` alone; None for anything else."""
    match body:
        case Number():
            return 0
        case Variable(name) if name == variable:
            return 1
        case Sum(terms):
            return _together(max, [_degree(term, variable) for term in terms])
        case Product(factors):
            return _together(sum, [_degree(factor, variable) for factor in factors])
        case Quotient(top, Number()):
            return _degree(top, variable)
        case Power(base, Number(exponent)) if exponent.denominator == 1 and 0 < exponent <= _HIGHEST_DEGREE:
            return _together(lambda degrees: int(exponent) * degrees[0], [_degree(base, variable)])
        case Applied(inner, name, _, argument):
            return _together(prod, [_degree(inner, name), _degree(argument, variable)])
        case _:
            return None


def _together(join: Callable[[Sequence[int]], int], degrees: Sequence[int | None]) -> int | None:
    known = [degree for degree in degrees if degree is not None]
    found = join(known) if len(known) == len(degrees) else _HIGHEST_DEGREE + 1
    return found if found <= _HIGHEST_DEGREE else None


def _times(left: Series, right: Series) -> Series:
    if len(left) == 1:  # most products are of plain values
        return [left[0] * right[0]]
    return [sum(left[j] * right[k - j] for j in range(k + 1)) for k in range(len(left))]
