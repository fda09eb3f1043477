"""Whether two expressions are equal, by computer algebra.

The algebra system gets objects built from our own tree, never a text: its text parser evaluates what it reads. It
is imported when first needed, because that takes a second in every worker; run it in a worker (`workers`), because
no limit from within stops it reliably.
"""

from functools import cache
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

MAX_OPERATIONS: Final = 400
"""Operations in the difference of the two sides, and the largest exponent of a sum: a limit that, unlike time,
does not depend on the machine."""


def equal_symbolically(left: Expression, right: Expression) -> bool | None:
    """True when the difference is reduced to zero, False when it is reduced to a number that is not zero.

    A rational difference is decided by its expanded numerator; any other only where simplification ends in a
    number. None means undecided, also when the difference is too large to be worked on.
    """
    sympy = _sympy()
    difference = _built(left) - _built(right)
    if difference.has(sympy.zoo, sympy.nan, sympy.oo):
        return None
    powers_of_sums = (power for power in difference.atoms(sympy.Pow) if power.base.is_Add and power.exp.is_number)
    if difference.count_ops() > MAX_OPERATIONS or any(abs(power.exp) > MAX_OPERATIONS for power in powers_of_sums):
        return None
    if difference.is_rational_function():
        top, bottom = sympy.fraction(sympy.together(difference))
        return None if sympy.expand(bottom) == 0 else bool(sympy.expand(top) == 0)
    simplified = sympy.simplify(difference)
    if simplified == 0:
        return True
    return False if simplified.is_number and simplified.is_zero is False else None


@cache
def _sympy() -> Any:
    import sympy

    return sympy


def _built(expression: Expression) -> Any:
    sympy = _sympy()
    match expression:
        case Number(value):
            return sympy.Rational(value.numerator, value.denominator)
        case Variable(name):
            return sympy.Symbol(name, real=True)
        case Constant(name):
            return sympy.pi if name == "pi" else sympy.E
        case Sum(terms):
            return sympy.Add(*(_built(term) for term in terms))
        case Product(factors):
            return sympy.Mul(*(_built(factor) for factor in factors))
        case Quotient(top, bottom):
            return _built(top) / _built(bottom)
        case Power(base, exponent):
            return sympy.Pow(_built(base), _built(exponent))
        case Function(name, argument):
            return getattr(sympy, {"ln": "log"}.get(name, name))(_built(argument))
        case Applied(body, variable, order, argument):
            symbol = sympy.Symbol(variable, real=True)
            return sympy.diff(_built(body), symbol, order).subs(symbol, _built(argument))
