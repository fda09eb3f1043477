"""Takes products and quotients apart, so that two of them can be compared whatever they are written like."""

from collections.abc import Mapping
from fractions import Fraction

from skilladapt.domains.calculus.authoring.expressions.combining import collect
from skilladapt.domains.calculus.authoring.expressions.trees import (
    VARIABLE,
    Call,
    Exponent,
    Expression,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
    is_polynomial,
    terms_of,
)


def factors_of(expression: Expression) -> tuple[Fraction, Mapping[Expression, Exponent]]:
    """The number in front, and how often each other factor is there; polynomials begin with the coefficient 1."""
    found: dict[Expression, Exponent] = {}
    number = _gather(expression, 1, found)
    return number, {base: exponent for base, exponent in found.items() if exponent}


def ratio(first: Expression, second: Expression) -> Fraction | None:
    """The number that `second` must be multiplied by to give `first`; None where there is none."""
    (above, one), (below, other) = factors_of(first), factors_of(second)
    return above / below if one == other and below else None


def _gather(expression: Expression, exponent: Exponent, found: dict[Expression, Exponent]) -> Fraction:
    """Adds the factors of the expression to a power, and gives the number in front."""
    match expression:
        case Term(coefficient, height) if coefficient == 1 or exponent == int(exponent):
            found[VARIABLE] = found.get(VARIABLE, 0) + height * exponent
            return coefficient ** int(exponent) if coefficient != 1 else coefficient
        case Product(factors):
            number = Fraction(1)
            for factor in factors:
                number *= _gather(factor, exponent, found)
            return number
        case Quotient(top, bottom):
            return _gather(top, exponent, found) * _gather(bottom, -exponent, found)
        case Power(base, inner):
            return _gather(base, inner * exponent, found)
        case Call("sqrt", argument):
            return _gather(argument, Fraction(1, 2) * exponent, found)
        case Sum() if is_polynomial(expression) and exponent == int(exponent):
            first = terms_of(collect(terms_of(expression)))[0].coefficient
            monic = collect(Term(term.coefficient / first, term.exponent) for term in terms_of(expression))
            found[monic] = found.get(monic, 0) + exponent
            return first ** int(exponent)
        case _:
            found[expression] = found.get(expression, 0) + exponent
            return Fraction(1)
