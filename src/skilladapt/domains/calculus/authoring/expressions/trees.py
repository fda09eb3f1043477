"""Expressions in one variable as the author thinks of them: how they are built.

They are a data structure of their own rather than a computer algebra system's, because exercises are about the
form an expression is written in (`3x + 5 - x`, `(x + 2)(x - 5)`), which such a system simplifies away. All
arithmetic is exact. The variable has no name here; printing (`showing`) gives it one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

Exponent: TypeAlias = int | Fraction
"""Whole wherever it can be: `monomial` and `power` see to that."""
FunctionName: TypeAlias = Literal["sin", "cos", "tan", "exp", "ln", "sqrt"]


@dataclass(frozen=True)
class Term:
    """`coefficient` times the variable to the power `exponent`; a number when the exponent is 0."""

    coefficient: Fraction
    exponent: Exponent = 0


@dataclass(frozen=True)
class Sum:
    """Two or more parts, added in this order; a part with a negative coefficient is printed as subtracted."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Product:
    """Two or more factors; a leading -1 is printed as a minus sign."""

    factors: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Power:
    """`base` to an `exponent`, which may be negative where the base is a term, and broken for any base."""

    base: "Expression"
    exponent: Exponent


@dataclass(frozen=True)
class Quotient:
    """`top` divided by `bottom`."""

    top: "Expression"
    bottom: "Expression"


@dataclass(frozen=True)
class Call:
    """An elementary function of an `argument`; `exp` is printed as a power of e."""

    name: FunctionName
    argument: "Expression"


@dataclass(frozen=True)
class Constant:
    """The number pi; powers of e, e itself among them, are calls of `exp`."""

    name: Literal["pi"] = "pi"


@dataclass(frozen=True)
class Words:
    """What stands in the place of an expression where the result is a choice, such as `increasing`."""

    text: str


Expression: TypeAlias = Term | Sum | Product | Power | Quotient | Call | Constant | Words

MINUS_ONE = Term(Fraction(-1))
ONE: Expression = Term(Fraction(1))
ZERO = Term(Fraction(0))
VARIABLE = Term(Fraction(1), 1)
PI = Constant()


def number(value: Fraction | int) -> Term:
    """A plain number."""
    return Term(Fraction(value))


def monomial(coefficient: Fraction | int, exponent: Exponent) -> Term:
    """`coefficient` times the variable to the power `exponent`."""
    return Term(Fraction(coefficient), whole_if_possible(exponent))


def whole_if_possible(exponent: Exponent) -> Exponent:
    """The exponent as an `int` where it is whole."""
    return int(exponent) if exponent == int(exponent) else exponent


def is_number(expression: Expression) -> bool:
    """Whether the expression is one plain number."""
    return isinstance(expression, Term) and expression.exponent == 0


def children(expression: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside."""
    match expression:
        case Sum(parts):
            return parts
        case Product(factors):
            return factors
        case Power(base, _):
            return (base,)
        case Quotient(top, bottom):
            return (top, bottom)
        case Call(_, argument):
            return (argument,)
        case _:
            return ()


def has_variable(expression: Expression) -> bool:
    """Whether the variable occurs."""
    if isinstance(expression, Term):
        return expression.exponent != 0
    return any(has_variable(child) for child in children(expression))


def is_elementary(expression: Expression) -> bool:
    """Whether something in it goes beyond whole powers of sums: a function, a broken power, pi."""
    match expression:
        case Call() | Constant() | Words():
            return True
        case Term(_, exponent) if exponent != int(exponent):
            return True
        case Power(_, exponent) if exponent != int(exponent):
            return True
        case _:
            return any(is_elementary(child) for child in children(expression))


def is_polynomial(expression: Expression) -> bool:
    """Whether the expression is a term or a plain sum of terms, in any order."""
    if isinstance(expression, Sum):
        return all(isinstance(part, Term) for part in expression.parts)
    return isinstance(expression, Term)


def terms_of(expression: Expression) -> tuple[Term, ...]:
    """The terms of something that `is_polynomial`."""
    parts = expression.parts if isinstance(expression, Sum) else (expression,)
    return tuple(part for part in parts if isinstance(part, Term))


def joined(parts: Sequence[Expression]) -> Expression:
    """The parts as a sum, nested sums of terms flattened, nothing collected; a single part as it is."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Sum) else (part,))]
    return flat[0] if len(flat) == 1 else Sum(tuple(flat))
