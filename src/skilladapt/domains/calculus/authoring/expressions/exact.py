"""Exact numbers beyond fractions: sums of fractions of pi, of roots, of logarithms and of powers of e.

That is as far as the syllabus goes: whatever leads out of it is `Unsolvable`, and such a problem is not asked.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import reduce
from math import isqrt
from types import MappingProxyType
from typing import TypeAlias

from skilladapt.domains.calculus.authoring.expressions.trees import (
    ONE,
    PI,
    Call,
    Constant,
    Exponent,
    Expression,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
    Words,
    is_number,
    number,
)

Exact: TypeAlias = Mapping[Expression, Fraction]
"""How often each of `1`, `pi`, `sqrt(k)`, `ln(q)`, `e^q` is in it; none with 0."""

_MAX_POWER = 40
_MAX_FACTOR = 4
"""Factors of logarithms up to this size are taken inside when logarithms are added."""
_SINES: Mapping[Fraction, tuple[Fraction, int]] = MappingProxyType(
    {
        Fraction(0): (Fraction(0), 1),
        Fraction(1, 6): (Fraction(1, 2), 1),
        Fraction(1, 4): (Fraction(1, 2), 2),
        Fraction(1, 3): (Fraction(1, 2), 3),
        Fraction(1, 2): (Fraction(1), 1),
    }
)
"""The sines of the first quadrant: angle over pi, then a fraction and the number under the root behind it."""


class Unsolvable(ValueError):
    """The value is none of those the syllabus teaches."""


def rational(value: Fraction | int) -> Exact:
    """A fraction as an exact number."""
    return {ONE: Fraction(value)} if value else {}


def fraction_of(value: Exact) -> Fraction:
    """The fraction; raises `Unsolvable` where it is none."""
    if any(atom != ONE for atom in value):
        raise Unsolvable("not rational")
    return value.get(ONE, Fraction(0))


def add(values: Iterable[Exact]) -> Exact:
    """The sum; logarithms with small whole factors become one."""
    total: dict[Expression, Fraction] = {}
    for value in values:
        for atom, size in value.items():
            total[atom] = total.get(atom, Fraction(0)) + size
    return _one_logarithm({atom: size for atom, size in total.items() if size})


def _one_logarithm(value: Exact) -> Exact:
    logs = {atom: size for atom, size in value.items() if isinstance(atom, Call) and atom.name == "ln"}
    if len(logs) < 2 or any(size.denominator > 1 or abs(size) > _MAX_FACTOR for size in logs.values()):
        return value
    inside = reduce(lambda product, pair: product * _inside(pair[0]) ** int(pair[1]), logs.items(), Fraction(1))
    rest = {atom: part for atom, part in value.items() if atom not in logs}
    return add([rest, logarithm(rational(inside))])


def _inside(atom: Expression) -> Fraction:
    assert isinstance(atom, Call) and isinstance(atom.argument, Term)
    return atom.argument.coefficient


def scale(value: Exact, factor: Fraction | int) -> Exact:
    """The value times a fraction."""
    return {atom: size * factor for atom, size in value.items()} if factor else {}


def multiply(first: Exact, second: Exact) -> Exact:
    """The product; roots and powers of e go together, other atoms do not."""
    return add(
        scale(_atoms_multiplied(one, other), size * length)
        for one, size in first.items()
        for other, length in second.items()
    )


def _atoms_multiplied(first: Expression, second: Expression) -> Exact:
    match first, second:
        case Term(), _:
            return {second: Fraction(1)}
        case _, Term():
            return {first: Fraction(1)}
        case Call("sqrt", Term(a, 0)), Call("sqrt", Term(b, 0)):
            return root(rational(a * b))
        case Call("exp", Term(a, 0)), Call("exp", Term(b, 0)):
            return exponential(rational(a + b))
        case _:
            raise Unsolvable("a product of two different kinds of numbers")


def invert(value: Exact) -> Exact:
    """One over the value, which has only one part."""
    if len(value) != 1:
        raise Unsolvable("division by a sum or by 0")
    (atom, size), *_ = value.items()
    match atom:
        case Term():
            return rational(1 / size)
        case Call("sqrt", Term(inside, 0)):
            return {atom: 1 / (size * inside)}
        case Call("exp", Term(exponent, 0)):
            return scale(exponential(rational(-exponent)), 1 / size)
        case _:
            raise Unsolvable("division by a number of this kind")


def root(value: Exact) -> Exact:
    """The square root of a fraction that is not negative, with the smallest number under the root."""
    inside = fraction_of(value)
    if inside < 0:
        raise Unsolvable("a root of a negative number")
    whole = inside.numerator * inside.denominator
    square = max((k for k in range(1, isqrt(whole) + 1) if whole % (k * k) == 0), default=0)
    under = whole // (square * square) if square else 0
    size = Fraction(square, inside.denominator)
    return rational(size) if under <= 1 else {Call("sqrt", number(under)): size}


def exponential(value: Exact) -> Exact:
    """E to the power of the value: a fraction, or a multiple of one logarithm."""
    match list(value.items()):
        case []:
            return rational(1)
        case [(Term(), size)]:
            return {Call("exp", number(size)): Fraction(1)}
        case [(Call("ln", Term(inside, 0)), size)]:
            return power(rational(inside), size)
        case _:
            raise Unsolvable("a power of e of this kind")


def logarithm(value: Exact) -> Exact:
    """The natural logarithm of a positive fraction or of a power of e."""
    match list(value.items()):
        case [(Term(), size)] if size > 0:
            turned = size.numerator == 1  # ln(1/3) is -ln(3)
            return (
                {Call("ln", number(1 / size if turned else size)): Fraction(-1 if turned else 1)}
                if size != 1
                else {}
            )
        case [(Call("exp", Term(exponent, 0)), size)] if size == 1:
            return rational(exponent)
        case _:
            raise Unsolvable("a logarithm of this kind")


def power(value: Exact, exponent: Exponent) -> Exact:
    """The value to a power; a broken one of a fraction only where a root or nothing of it remains."""
    if exponent == int(exponent) and abs(int(exponent)) <= _MAX_POWER:
        factors = [value if exponent > 0 else invert(value)] * abs(int(exponent))
        return reduce(multiply, factors, rational(1))
    base, broken = fraction_of(value), Fraction(exponent)
    if broken.denominator == 1:
        raise Unsolvable("a very high power")
    whole = _whole_root(base, broken.denominator)
    if whole is not None:
        return power(rational(whole), broken.numerator)
    if broken.denominator == 2:
        return root(power(rational(base), broken.numerator))
    raise Unsolvable("a root that is no whole number")


def _whole_root(value: Fraction, degree: int) -> Fraction | None:
    parts = [round(abs(part) ** (1 / degree)) for part in (value.numerator, value.denominator)]
    found = Fraction(*parts) if parts[1] else None
    return found if found is not None and value >= 0 and found**degree == value else None


def sine(value: Exact) -> Exact:
    """The sine of a multiple of pi/6 or pi/4."""
    if any(atom != PI for atom in value):
        raise Unsolvable("the sine of no fraction of pi")
    turn = value.get(PI, Fraction(0)) % 2
    sign = -1 if turn > 1 else 1
    turn = turn - 1 if turn > 1 else turn
    turn = 1 - turn if turn > Fraction(1, 2) else turn
    if turn not in _SINES:
        raise Unsolvable("the sine of an angle that is not taught")
    size, under = _SINES[turn]
    return scale(root(rational(under)), sign * size)


def cosine(value: Exact) -> Exact:
    """The cosine of a multiple of pi/6 or pi/4."""
    return sine(add([value, {PI: Fraction(1, 2)}]))


def exact_value(expression: Expression, point: Exact) -> Exact:
    """The value where the variable is `point`; raises `Unsolvable` where it is none that is taught."""

    def of(part: Expression) -> Exact:
        return exact_value(part, point)

    match expression:
        case Term(coefficient, exponent):
            return scale(power(point, exponent), coefficient) if exponent else rational(coefficient)
        case Sum(parts):
            return add(map(of, parts))
        case Product(factors):
            return reduce(multiply, map(of, factors))
        case Power(base, exponent):
            return power(of(base), exponent)
        case Quotient(top, bottom):
            return multiply(of(top), invert(of(bottom)))
        case Call(name, argument):
            return _called(name, of(argument))
        case Constant():
            return {PI: Fraction(1)}
        case Words():
            raise Unsolvable("words have no value")


def _called(name: str, value: Exact) -> Exact:
    match name:
        case "sin":
            return sine(value)
        case "cos":
            return cosine(value)
        case "tan":
            return multiply(sine(value), invert(cosine(value)))
        case "exp":
            return exponential(value)
        case "ln":
            return logarithm(value)
        case _:
            return root(value)


def written(value: Exact) -> Expression:
    """The number as it is printed: positive parts first, such as `e^2 - 1` or `5pi/6`."""
    ordered = sorted(value.items(), key=lambda pair: (pair[1] < 0, is_number(pair[0])))
    parts = [_scaled(atom, size) for atom, size in ordered]
    return (parts[0] if len(parts) == 1 else Sum(tuple(parts))) if parts else number(0)


def _scaled(atom: Expression, size: Fraction) -> Expression:
    if atom == ONE:
        return number(size)
    if size.denominator == 1:
        return atom if size == 1 else Product((number(size), atom))
    if abs(size.numerator) == 1:
        over = Quotient(atom, number(size.denominator))
    else:
        over = Quotient(Product((number(abs(size.numerator)), atom)), number(size.denominator))
    return over if size > 0 else Product((number(-1), over))
