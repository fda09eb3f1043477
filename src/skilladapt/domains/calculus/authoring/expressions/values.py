"""What expressions are worth: exactly where they are rational, else rounded and only good for comparing."""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.expressions.trees import (
    Call,
    Constant,
    Expression,
    FunctionName,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
    Words,
)

_POINTS = (Fraction(2), Fraction(-3), Fraction(5, 7), Fraction(11))
"""Where two expressions are compared; exact, and four points suffice for expressions this small."""
_ROUNDED_POINTS = (0.73, 1.9, 2.61, -0.57)
"""Where two expressions are compared that are not rational."""
_CLOSE = 1e-9

FUNCTIONS: Mapping[FunctionName, Callable[[float], float]] = MappingProxyType(
    {"sin": math.sin, "cos": math.cos, "tan": math.tan, "exp": math.exp, "ln": math.log, "sqrt": math.sqrt}
)


class Irrational(ValueError):
    """Fractions do not suffice for the value."""


def value_at(expression: Expression, point: Fraction) -> Fraction:
    """The exact value where the variable is `point`.

    Raises:
        ZeroDivisionError: There is none.
        Irrational: It has a function or a broken power.

    """
    match expression:
        case Term(coefficient, int(exponent)):
            return coefficient * point**exponent
        case Sum(parts):
            return sum((value_at(part, point) for part in parts), Fraction(0))
        case Product(factors):
            return reduce(lambda value, factor: value * value_at(factor, point), factors, Fraction(1))
        case Power(base, int(exponent)):
            return value_at(base, point) ** exponent
        case Quotient(top, bottom):
            return value_at(top, point) / value_at(bottom, point)
        case _:
            raise Irrational


def approximate(expression: Expression, point: float) -> float:
    """The rounded value where the variable is `point`; raises `ArithmeticError` or `ValueError` without one."""
    match expression:
        case Term(coefficient, exponent):
            return float(coefficient) * math.pow(point, exponent)
        case Sum(parts):
            return sum(approximate(part, point) for part in parts)
        case Product(factors):
            return math.prod(approximate(factor, point) for factor in factors)
        case Power(base, exponent):
            return math.pow(approximate(base, point), exponent)
        case Quotient(top, bottom):
            return approximate(top, point) / approximate(bottom, point)
        case Call(name, argument):
            return FUNCTIONS[name](approximate(argument, point))
        case Constant():
            return math.pi
        case Words():
            raise ValueError("words have no value")


def same(first: Expression, second: Expression) -> bool:
    """Whether two expressions have the same values."""
    if isinstance(first, Words) or isinstance(second, Words):
        return first == second
    try:
        return all(value_at(first, point) == value_at(second, point) for point in _POINTS)
    except ZeroDivisionError:
        return first == second
    except Irrational:
        return _nearly_same(first, second)


def _nearly_same(first: Expression, second: Expression) -> bool:
    compared = False
    for point in _ROUNDED_POINTS:
        try:
            values = approximate(first, point), approximate(second, point)
        except (ArithmeticError, ValueError):
            continue
        compared = True
        if not math.isclose(*values, rel_tol=_CLOSE, abs_tol=_CLOSE):
            return False
    return compared or first == second
