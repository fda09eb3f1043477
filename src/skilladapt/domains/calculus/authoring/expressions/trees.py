"""Expressions in one variable as the author thinks of them: how they are built, printed and computed.

They are a data structure of their own rather than a computer algebra system's, because exercises are about the
form an expression is written in (`3x + 5 - x`, `(x + 2)(x - 5)`), which such a system simplifies away. All
arithmetic is exact. The variable has no name here; printing gives it one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import pairwise, product
from math import prod
from typing import TypeAlias


@dataclass(frozen=True)
class Term:
    """`coefficient` times the variable to the power `exponent`; a number when the exponent is 0."""

    coefficient: Fraction
    exponent: int = 0


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
    """`base` to a whole-number `exponent`, which may be negative where the base is a term."""

    base: "Expression"
    exponent: int


@dataclass(frozen=True)
class Quotient:
    """`top` divided by `bottom`, which is a term wherever the quotient is computed."""

    top: "Expression"
    bottom: "Expression"


Expression: TypeAlias = Term | Sum | Product | Power | Quotient

MINUS_ONE = Term(Fraction(-1))
ONE: Expression = Term(Fraction(1))


def number(value: Fraction | int) -> Term:
    """A plain number."""
    return Term(Fraction(value))


def monomial(coefficient: Fraction | int, exponent: int) -> Term:
    """`coefficient` times the variable to the power `exponent`."""
    return Term(Fraction(coefficient), exponent)


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
        case _:
            return ()


def has_variable(expression: Expression) -> bool:
    """Whether the variable occurs."""
    if isinstance(expression, Term):
        return expression.exponent != 0
    return any(has_variable(child) for child in children(expression))


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


def times(factors: Sequence[Expression]) -> Expression:
    """The factors as one flat product: all terms multiplied into one in front, needless ones left out."""
    flat: list[Expression] = []
    for factor in factors:
        flat.extend(factor.factors if isinstance(factor, Product) else (factor,))
    terms = [factor for factor in flat if isinstance(factor, Term)]
    coefficient = prod((term.coefficient for term in terms), start=Fraction(1))
    front = Term(coefficient, sum(term.exponent for term in terms))
    rest = [factor for factor in flat if not isinstance(factor, Term)]
    if not rest or front.coefficient == 0:
        return front if front.coefficient else number(0)
    kept = rest if front == number(1) else [front, *rest]
    return kept[0] if len(kept) == 1 else Product(tuple(kept))


def collect(terms: Iterable[Term]) -> Expression:
    """The terms added up: descending powers, each at most once, no zeros (but a lone 0)."""
    total: dict[int, Fraction] = {}
    for term in terms:
        total[term.exponent] = total.get(term.exponent, Fraction(0)) + term.coefficient
    parts = [Term(total[exponent], exponent) for exponent in sorted(total, reverse=True) if total[exponent]]
    return joined(parts) if parts else number(0)


def multiply(first: Expression, second: Expression) -> Expression:
    """The expanded, collected product of two polynomials."""
    return collect(
        Term(a.coefficient * b.coefficient, a.exponent + b.exponent)
        for a, b in product(terms_of(first), terms_of(second))
    )


def expand(expression: Expression) -> Expression:
    """The same value as a collected polynomial; exponents may be negative.

    Raises `ValueError` for a division by zero or by a sum, which have none.
    """
    match expression:
        case Sum(parts):
            return collect(term for part in parts for term in terms_of(expand(part)))
        case Product(factors):
            return reduce(multiply, (expand(factor) for factor in factors))
        case Power(base, exponent) if exponent >= 0:
            return reduce(multiply, [expand(base)] * exponent, ONE)
        case Power(base, exponent):
            return expand(Quotient(number(1), Power(base, -exponent)))
        case Quotient(top, bottom):
            divisor = expand(bottom)
            if not isinstance(divisor, Term) or divisor.coefficient == 0:
                raise ValueError("only a term other than 0 can divide")
            return multiply(expand(top), Term(1 / divisor.coefficient, -divisor.exponent))
        case _:
            return expression


def value_at(expression: Expression, point: Fraction) -> Fraction:
    """The exact value where the variable is `point`; raises `ZeroDivisionError` where there is none."""
    match expression:
        case Term(coefficient, exponent):
            return coefficient * point**exponent
        case Sum(parts):
            return sum((value_at(part, point) for part in parts), Fraction(0))
        case Product(factors):
            return reduce(lambda value, factor: value * value_at(factor, point), factors, Fraction(1))
        case Power(base, exponent):
            return value_at(base, point) ** exponent
        case Quotient(top, bottom):
            return value_at(top, point) / value_at(bottom, point)


def substitute(expression: Expression, inner: Expression) -> Expression:
    """The expression with `inner` in place of the variable, nothing computed."""
    match expression:
        case Term(_, 0):
            return expression
        case Term(coefficient, exponent):
            power = inner if exponent == 1 else Power(inner, exponent)
            return power if coefficient == 1 else Product((number(coefficient), power))
        case Sum(parts):
            return Sum(tuple(substitute(part, inner) for part in parts))
        case Product(factors):
            flat: list[Expression] = []
            for factor in factors:
                replaced = substitute(factor, inner)
                flat.extend(replaced.factors if isinstance(replaced, Product) else (replaced,))
            return Product(tuple(flat))
        case Power(base, exponent):
            return Power(substitute(base, inner), exponent)
        case Quotient(top, bottom):
            return Quotient(substitute(top, inner), substitute(bottom, inner))


def show(expression: Expression, variable: str = "x", sign: str = "*") -> str:
    """The plain-text notation of an expression; `sign` stands between factors that need one."""
    match expression:
        case Term():
            return _show_term(expression, variable)
        case Sum(parts):
            first, *others = [_show_part(part, variable, sign) for part in parts]
            return first + "".join(f" - {text[1:]}" if text.startswith("-") else f" + {text}" for text in others)
        case Product(factors):
            return _show_product(factors, variable, sign)
        case Power(base, exponent):
            bare = isinstance(base, Term) and is_number(base) and base.coefficient >= 0
            whole = bare and isinstance(base, Term) and base.coefficient.denominator == 1
            text = show(base, variable, sign)
            return f"{text if whole else f'({text})'}^{exponent}"
        case Quotient(top, bottom):
            return _show_quotient(top, bottom, variable, sign)


def _show_term(term: Term, variable: str) -> str:
    if term.exponent == 0:
        return str(term.coefficient)
    power = variable if term.exponent == 1 else f"{variable}^{term.exponent}"
    minus, size = "-" if term.coefficient < 0 else "", abs(term.coefficient)
    if size == 1:
        return minus + power
    return f"{minus}{size}{power}" if size.denominator == 1 else f"{minus}({size}){power}"


def _show_part(part: Expression, variable: str, sign: str) -> str:
    text = show(part, variable, sign)
    return f"({text})" if isinstance(part, Sum) else text


def _show_product(factors: Sequence[Expression], variable: str, sign: str) -> str:
    if factors[0] == MINUS_ONE and len(factors) > 1:
        rest = factors[1:]
        text = show(rest[0], variable, sign) if len(rest) == 1 else _show_product(rest, variable, sign)
        needs_parentheses = text.startswith("-") or (len(rest) == 1 and isinstance(rest[0], Sum))
        return f"-({text})" if needs_parentheses else f"-{text}"
    texts = []
    for index, factor in enumerate(factors):
        text = show(factor, variable, sign)
        unclear = index > 0 and (text.startswith("-") or (is_number(factor) and "/" in text))
        wrapped = isinstance(factor, Sum | Quotient | Product) or unclear
        texts.append(f"({text})" if wrapped else text)
    shown = texts[0]
    for (left, right), text in zip(pairwise(factors), texts[1:], strict=True):
        shown += text if _touch(left, right) else f"{sign}{text}"
    return shown


def _touch(left: Expression, right: Expression) -> bool:
    """Whether the factors are written side by side: the right one brings parentheses of its own."""
    brackets = isinstance(right, Sum) or (isinstance(right, Power) and isinstance(right.base, Sum))
    return brackets and (has_variable(left) or has_variable(right))


def _show_quotient(top: Expression, bottom: Expression, variable: str, sign: str) -> str:
    above, below = show(top, variable, sign), show(bottom, variable, sign)
    if isinstance(top, Sum | Product | Quotient):
        above = f"({above})"
    simple = isinstance(bottom, Power) or (
        isinstance(bottom, Term) and (bottom.coefficient == 1 or (is_number(bottom) and bottom.coefficient > 0))
    )
    below = below if simple else f"({below})"
    return f"{above}/{below}" if is_number(top) else f"{above} / {below}"
