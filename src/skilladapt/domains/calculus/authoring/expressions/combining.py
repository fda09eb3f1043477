"""Puts expressions together: products, polynomials multiplied out, one expression inside another."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import reduce
from itertools import product
from math import prod

from skilladapt.domains.calculus.authoring.expressions.trees import (
    ONE,
    VARIABLE,
    Call,
    Exponent,
    Expression,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
    joined,
    monomial,
    number,
    terms_of,
)


def times(factors: Sequence[Expression]) -> Expression:
    """The factors as one flat product: all terms multiplied into one in front, needless ones left out.

    With a quotient among them the product is one quotient; numbers above and below are cancelled.
    """
    flat: list[Expression] = []
    for factor in factors:
        flat.extend(factor.factors if isinstance(factor, Product) else (factor,))
    if any(isinstance(factor, Quotient) for factor in flat):
        tops = [factor.top if isinstance(factor, Quotient) else factor for factor in flat]
        return divided(times(tops), times([factor.bottom for factor in flat if isinstance(factor, Quotient)]))
    terms = [factor for factor in flat if isinstance(factor, Term)]
    coefficient = prod((term.coefficient for term in terms), start=Fraction(1))
    front = monomial(coefficient, sum(term.exponent for term in terms))
    rest = [factor for factor in flat if not isinstance(factor, Term)]
    if not rest or front.coefficient == 0:
        return front if front.coefficient else number(0)
    kept = rest if front == number(1) else [front, *rest]
    return kept[0] if len(kept) == 1 else Product(tuple(kept))


def divided(top: Expression, bottom: Expression) -> Expression:
    """One quotient, numbers in front of both cancelled; the top alone when nothing is left below."""
    (above, over), (below, under) = _split(top), _split(bottom)
    ratio = above / below
    if under == ONE:
        return times([number(ratio), over])
    if ratio == 0:
        return number(0)
    upper, lower = times([number(ratio.numerator), over]), times([number(ratio.denominator), under])
    if isinstance(upper, Term) and isinstance(lower, Term):
        least = min(upper.exponent, lower.exponent)
        upper = monomial(upper.coefficient, upper.exponent - least)
        lower = monomial(lower.coefficient, lower.exponent - least)
        if lower.exponent == 0:
            return monomial(upper.coefficient / lower.coefficient, upper.exponent)
    return Quotient(upper, lower)


def _split(expression: Expression) -> tuple[Fraction, Expression]:
    """The number in front and what it stands in front of."""
    match expression:
        case Term(coefficient, exponent):
            return coefficient, Term(Fraction(1), exponent)
        case Product((Term(coefficient, exponent), *rest)):
            return coefficient, times([Term(Fraction(1), exponent), *rest])
        case _:
            return Fraction(1), expression


def split_number(expression: Expression) -> tuple[Fraction, Expression]:
    """The number in front of a product, a term or a quotient, and the rest; 1 where there is none."""
    if isinstance(expression, Quotient):
        above, over = _split(expression.top)
        below, under = _split(expression.bottom)
        return above / below, over if under == ONE else Quotient(over, under)
    return _split(expression)


def collect(terms: Iterable[Term]) -> Expression:
    """The terms added up: descending powers, each at most once, no zeros (but a lone 0)."""
    total: dict[Exponent, Fraction] = {}
    for term in terms:
        total[term.exponent] = total.get(term.exponent, Fraction(0)) + term.coefficient
    parts = [Term(total[exponent], exponent) for exponent in sorted(total, reverse=True) if total[exponent]]
    return joined(parts) if parts else number(0)


def negated(expression: Expression) -> Expression:
    """Minus the expression, term by term."""
    if isinstance(expression, Sum):
        return Sum(tuple(negated(part) for part in expression.parts))
    return times([number(-1), expression])


def combined(parts: Sequence[Expression]) -> Expression:
    """The parts added up: their terms collected, functions behind them, nothing that is 0."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Sum) else (part,))]
    terms = collect(part for part in flat if isinstance(part, Term))
    others = [part for part in flat if not isinstance(part, Term)]
    kept = [*([terms] if terms != number(0) else []), *others]
    return joined(kept) if kept else number(0)


def divide(top: Expression, bottom: Expression) -> tuple[Expression, Expression]:
    """The quotient of two polynomials and the remainder."""
    found: list[Term] = []
    lead = terms_of(collect(terms_of(bottom)))[0]
    rest = collect(terms_of(top))
    while rest != number(0) and terms_of(rest)[0].exponent >= lead.exponent:
        first = terms_of(rest)[0]
        part = monomial(first.coefficient / lead.coefficient, first.exponent - lead.exponent)
        found.append(part)
        rest = collect([*terms_of(rest), *terms_of(negated(multiply(part, bottom)))])
    return collect(found), rest


def multiply(first: Expression, second: Expression) -> Expression:
    """The expanded, collected product of two polynomials."""
    return collect(
        monomial(a.coefficient * b.coefficient, a.exponent + b.exponent)
        for a, b in product(terms_of(first), terms_of(second))
    )


def expand(expression: Expression) -> Expression:
    """The same value as a collected polynomial; exponents may be negative.

    Raises `ValueError` for a division by zero or by a sum, which have none, and for functions.
    """
    match expression:
        case Term():
            return expression
        case Sum(parts):
            return collect(term for part in parts for term in terms_of(expand(part)))
        case Product(factors):
            return reduce(multiply, (expand(factor) for factor in factors))
        case Power(base, int(exponent)) if exponent >= 0:
            return reduce(multiply, [expand(base)] * exponent, ONE)
        case Power(base, int(exponent)):
            return expand(Quotient(number(1), Power(base, -exponent)))
        case Quotient(top, bottom):
            divisor = expand(bottom)
            if not isinstance(divisor, Term) or divisor.coefficient == 0:
                raise ValueError("only a term other than 0 can divide")
            return multiply(expand(top), monomial(1 / divisor.coefficient, -divisor.exponent))
        case _:
            raise ValueError("only whole powers of sums can be multiplied out")


def substitute(expression: Expression, inner: Expression) -> Expression:
    """The expression with `inner` in place of the variable, nothing computed."""
    if inner == VARIABLE:
        return expression
    match expression:
        case Term(_, 0):
            return expression
        case Term(coefficient, exponent):
            power = inner if exponent == 1 else Power(inner, exponent)
            if exponent == Fraction(1, 2):
                power = Call("sqrt", inner)
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
        case Call(name, argument):
            return Call(name, substitute(argument, inner))
        case _:
            return expression
