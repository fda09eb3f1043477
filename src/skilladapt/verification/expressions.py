"""Expressions as small frozen trees, and how large their values can become.

How they are written is not known here (`parsing`), nor what they are worth (`series`, `symbolic`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import exp2, fsum, log2
from typing import Final

POINT_BITS: Final = 9
"""Bits of a sample point, numerator and denominator together."""


@dataclass(frozen=True, slots=True)
class Number:
    """A literal number or fraction of literals."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Variable:
    """A single letter."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """`pi` or `e`."""

    name: str


@dataclass(frozen=True, slots=True)
class Sum:
    """Two or more terms; a subtracted term is a product with -1."""

    terms: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Product:
    """Two or more factors."""

    factors: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Quotient:
    """`top / bottom`; a quotient of two literal numbers is a `Number`."""

    top: "Expression"
    bottom: "Expression"


@dataclass(frozen=True, slots=True)
class Power:
    """`base^exponent`."""

    base: "Expression"
    exponent: "Expression"


@dataclass(frozen=True, slots=True)
class Function:
    """An elementary function of one argument; `log` is the natural logarithm."""

    name: str
    argument: "Expression"


@dataclass(frozen=True, slots=True)
class Applied:
    """The `order`-th derivative of `body` with respect to `variable`, at `variable = argument`.

    One node for three notations: `f(g(x))` (order 0), `f'(2)`, and `d/dx [...]` (the argument is `x` itself).
    """

    body: "Expression"
    variable: str
    order: int
    argument: "Expression"


@dataclass(frozen=True, slots=True)
class Antiderivative:
    """A function whose derivative is `body`: which one is open, so it is only ever compared up to a constant."""

    body: "Expression"
    variable: str


@dataclass(frozen=True, slots=True)
class Integral:
    """The integral of `body` from `low` to `high`; `low` holds no letters."""

    body: "Expression"
    variable: str
    low: "Expression"
    high: "Expression"


@dataclass(frozen=True, slots=True)
class Limit:
    """What `body` tends to from both sides of `point`, or as the variable grows."""

    body: "Expression"
    variable: str
    point: "Expression | None"
    """None at infinity."""


@dataclass(frozen=True, slots=True)
class Root:
    """A number between `low` and `high` where `body` is 0, which has no other letter than `variable`."""

    body: "Expression"
    variable: str
    low: "Expression"
    high: "Expression"
    index: int = 0
    """Which of them, from the lowest; -1 is the highest. There must be as many as that takes."""
    rising: bool | None = None
    """Counts only those where `body` changes from minus to plus (or, if False, from plus to minus)."""


@dataclass(frozen=True, slots=True)
class Extreme:
    """The largest (or smallest) value of `body` for the variable from `low` to `high`."""

    body: "Expression"
    variable: str
    low: "Expression"
    high: "Expression"
    largest: bool


Expression = (
    Number
    | Variable
    | Constant
    | Sum
    | Product
    | Quotient
    | Power
    | Function
    | Applied
    | Antiderivative
    | Integral
    | Limit
    | Root
    | Extreme
)


@dataclass(frozen=True, slots=True)
class Definition:
    """What a letter stands for: `f(x) = ...` or `y = ...`, as a function of `variable`."""

    variable: str
    body: Expression


def letters(expression: Expression) -> frozenset[str]:
    """The variables whose value matters."""
    match expression:
        case Variable(name):
            return frozenset({name})
        case Applied(body, variable, _, argument):
            return (letters(body) - {variable}) | letters(argument)
        case Integral(body, variable) | Limit(body, variable) | Root(body, variable) | Extreme(body, variable):
            outside = (letters(part) for part in parts(expression)[1:])
            return (letters(body) - {variable}).union(*outside)
        case Antiderivative(body, variable):
            return letters(body) | {variable}
        case _:
            return frozenset().union(*(letters(part) for part in parts(expression)))


def parts(expression: Expression) -> tuple[Expression, ...]:
    """The direct sub-expressions."""
    match expression:
        case Sum(parts) | Product(parts):
            return parts
        case Quotient(top, bottom):
            return (top, bottom)
        case Power(base, exponent):
            return (base, exponent)
        case Function(_, argument):
            return (argument,)
        case Applied(body, _, _, argument):
            return (body, argument)
        case Antiderivative(body):
            return (body,)
        case Limit(body, _, point):
            return (body,) if point is None else (body, point)
        case Integral(body, _, low, high) | Root(body, _, low, high) | Extreme(body, _, low, high):
            return (body, low, high)
        case _:
            return ()


def up_to_constant(left: Expression, right: Expression) -> tuple[Expression, Expression]:
    """The two sides, or their derivatives where one has an antiderivative that is known only up to a constant."""
    open_one = next(
        (part for side in (left, right) for part in walk(side) if isinstance(part, Antiderivative)), None
    )
    if open_one is None:
        return left, right
    name = open_one.variable
    return Applied(left, name, 1, Variable(name)), Applied(right, name, 1, Variable(name))


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and everything inside."""
    yield expression
    for part in parts(expression):
        yield from walk(part)


def replaced(expression: Expression, old: Expression, new: Expression) -> Expression:
    """The expression with every part that equals `old` replaced by `new`."""
    if expression == old:
        return new
    match expression:
        case Sum(terms):
            return Sum(tuple(replaced(term, old, new) for term in terms))
        case Product(factors):
            return product(replaced(factor, old, new) for factor in factors)
        case Quotient(top, bottom):
            return Quotient(replaced(top, old, new), replaced(bottom, old, new))
        case Power(base, exponent):
            return Power(replaced(base, old, new), replaced(exponent, old, new))
        case Function(name, argument):
            return Function(name, replaced(argument, old, new))
        case Applied(body, variable, order, argument):
            return Applied(replaced(body, old, new), variable, order, replaced(argument, old, new))
        case _:
            return expression


def size_in_bits(expression: Expression) -> float:
    """An upper bound on the bits of the exact value at a sample point, without computing it.

    Rounded values (of functions, of broken powers) need no bound here: they are limited where they are computed.
    """
    match expression:
        case Number(value):
            return value.numerator.bit_length() + value.denominator.bit_length()
        case Variable():
            return POINT_BITS
        case Power(base, exponent):
            return size_in_bits(base) * exp2(min(_magnitude(exponent), 64.0)) + size_in_bits(exponent)
        case Applied(body, _, order, argument):
            # The body is evaluated at the argument instead of a sample point.
            return size_in_bits(body) * max(1.0, size_in_bits(argument) / POINT_BITS) + 8 * order
        case _:
            return fsum(size_in_bits(part) for part in parts(expression))


def _magnitude(expression: Expression) -> float:
    """An upper bound on log2 of the absolute value at a sample point, at least 0."""
    match expression:
        case Number(value):
            return log2(abs(value)) if abs(value) > 1 else 0.0
        case Variable():
            return POINT_BITS / 2
        case Sum(terms):
            return max(_magnitude(term) for term in terms) + log2(len(terms))
        case Product(factors):
            return fsum(_magnitude(factor) for factor in factors)
        case Quotient() | Power() | Applied() | Integral() | Limit() | Root() | Extreme():
            return size_in_bits(expression)
        case _:
            return 2.0


def negative(expression: Expression) -> Expression:
    """Minus the expression; a number stays a number."""
    if isinstance(expression, Number):
        return Number(-expression.value)
    return product((Number(Fraction(-1)), expression))


def product(factors: Iterable[Expression]) -> Expression:
    """The flat product of the factors."""
    flat: list[Expression] = []
    for factor in factors:
        flat += factor.factors if isinstance(factor, Product) else (factor,)
    return flat[0] if len(flat) == 1 else Product(tuple(flat))


def quotient(top: Expression, bottom: Expression) -> Expression:
    """The quotient; of two numbers it is a number."""
    if isinstance(top, Number) and isinstance(bottom, Number) and bottom.value:
        return Number(top.value / bottom.value)
    return Quotient(top, bottom)
