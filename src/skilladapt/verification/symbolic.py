"""Whether two expressions are equal, by computer algebra.

The algebra system gets objects built from our own tree, never a text: its text parser evaluates what it reads. It
is imported when first needed, because that takes a second in every worker; run it in a worker (`workers`), because
no limit from within stops it reliably.
"""

from functools import cache
from typing import Any, Final

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
    up_to_constant,
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
    try:
        sides = [_built(side) for side in up_to_constant(left, right)]
        difference = sides[0] - sides[1]
    except (_Unsolved, NotImplementedError):
        return None
    if difference.has(sympy.zoo, sympy.nan, sympy.oo):
        return None
    powers_of_sums = (power for power in difference.atoms(sympy.Pow) if power.base.is_Add and power.exp.is_number)
    if difference.count_ops() > MAX_OPERATIONS or any(abs(power.exp) > MAX_OPERATIONS for power in powers_of_sums):
        return None
    if difference.is_rational_function():
        top, bottom = sympy.fraction(sympy.together(difference))
        if sympy.expand(bottom) == 0:
            return None
        top = sympy.expand(top)
        if top == 0 or _has_only_fractions(top):
            return bool(top == 0)
    simplified = sympy.simplify(difference)
    if simplified == 0:
        return True
    return False if _differs(difference) or _one_is_unreal(*sides) else None


def sign_by_algebra(expression: Expression) -> int | None:
    """-1, 0 or 1 for a number below, equal to or above 0; None where that cannot be told."""
    try:
        sign = _sympy().sign(_built(expression))
    except (_Unsolved, NotImplementedError):
        return None
    return int(sign) if sign.is_Integer else None


def _has_only_fractions(expression: Any) -> bool:
    """Whether all its constants are fractions; what has logarithms or roots may be 0 without looking so."""
    sympy = _sympy()
    powers = expression.atoms(sympy.Pow)
    return not expression.atoms(sympy.Function, sympy.NumberSymbol) and all(
        power.exp.is_Integer for power in powers
    )


def _differs(difference: Any) -> bool:
    """Whether the difference has a value that is plainly not 0, in the algebra system's own arithmetic."""
    sympy = _sympy()
    for point in _POINTS:
        value = sympy.N(difference.subs(dict.fromkeys(difference.free_symbols, sympy.Rational(*point))), _DIGITS)
        if value.is_number and value.is_real and abs(value) > sympy.Rational(1, 10**20):
            return True
    return False


def _one_is_unreal(left: Any, right: Any) -> bool:
    """Whether the same side has no real value at any of the points, and the other one has one at all of them."""
    sympy = _sympy()
    seen = set()
    for point in _POINTS:
        values = [
            sympy.N(side.subs(dict.fromkeys(side.free_symbols, sympy.Rational(*point))), _DIGITS)
            for side in (left, right)
        ]
        if not all(value.is_number and value.is_finite for value in values):
            return False
        seen.add(tuple(abs(sympy.im(value)) > sympy.Rational(1, 10**20) for value in values))
    return seen in ({(True, False)}, {(False, True)})


class _Unsolved(Exception):
    """The algebra system finds no closed form."""


_POINTS: Final = ((13, 7), (5, 11), (29, 9))
_DIGITS: Final = 40


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
        case Antiderivative(body, variable):
            return sympy.Integral(_built(body), sympy.Symbol(variable, real=True))
        case Integral(body, variable, low, high):
            return _definite(_built(body), sympy.Symbol(variable, real=True), _built(low), _built(high))
        case Limit(body, variable, point):
            symbol = sympy.Symbol(variable, real=True)
            found = sympy.limit(
                _built(body), symbol, sympy.oo if point is None else _built(point), "-" if point is None else "+-"
            )
            if not found.is_finite:
                raise _Unsolved
            return found
        case Root(_, _, _, _, index):
            roots = _roots(expression)
            if not -len(roots) <= index < len(roots):
                raise _Unsolved
            return roots[index]
        case Extreme(body, variable, low, high, largest):
            slope = Root(Applied(body, variable, 1, Variable(variable)), variable, low, high)
            places = [_built(low), _built(high), *_roots(slope)]
            found = [_built(body).subs(sympy.Symbol(variable, real=True), place) for place in places]
            return sympy.Max(*found) if largest else sympy.Min(*found)


def _definite(body: Any, symbol: Any, low: Any, high: Any) -> Any:
    """By the rules a person uses: the general algorithms can take minutes."""
    from sympy.integrals.manualintegrate import manualintegrate

    found = manualintegrate(body, symbol)
    if found.has(_sympy().Integral):
        raise _Unsolved
    return found.subs(symbol, high) - found.subs(symbol, low)


def _roots(root: Root) -> list[Any]:
    """All zeros that count, ascending."""
    sympy = _sympy()
    symbol = sympy.Symbol(root.variable, real=True)
    body, low, high = _built(root.body), _built(root.low), _built(root.high)
    if body.is_polynomial(symbol):
        found = sympy.real_roots(sympy.Poly(body, symbol), multiple=False) if body.has(symbol) else []
        zeros = [zero for zero, _ in found]
    else:
        zeros = sympy.solve(body, symbol)
    slope = sympy.diff(body, symbol)
    inside = [zero for zero in zeros if zero.is_real and low <= zero <= high]
    if root.rising is not None:
        inside = [zero for zero in inside if (slope.subs(symbol, zero) > 0) == root.rising]
    return sorted(inside, key=lambda zero: sympy.N(zero, _DIGITS))
