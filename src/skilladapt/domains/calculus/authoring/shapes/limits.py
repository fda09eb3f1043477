"""Draws questions about limits. Nothing here knows an answer."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.expressions.combining import expand, times
from skilladapt.domains.calculus.authoring.expressions.trees import (
    VARIABLE,
    Call,
    Expression,
    Product,
    Quotient,
    Sum,
    Term,
    joined,
    monomial,
    number,
    terms_of,
)
from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.shapes.draw import Draw
from skilladapt.domains.calculus.authoring.shapes.equations import line, nonzero


def _reducible(draw: Draw) -> tuple[Quotient, int]:
    """A fraction whose denominator divides its numerator, and where both are 0."""
    zero, other = nonzero(draw, draw.one_of(7, 9, 9, 9, 9)), nonzero(draw, 9)
    match draw.difficulty:
        case 1:
            rest: Expression = line(1, zero)
        case 2:
            rest = line(1, other)
        case 3:
            rest = line(draw.whole(2, 5), other)
        case 4:
            rest = draw.rng.choice((line(-draw.whole(1, 3), other), Product((VARIABLE, line(1, other)))))
        case _:
            rest = expand(Sum((monomial(1, 2), monomial(nonzero(draw, 4), 1), number(other))))
    bottom = line(1, -zero)
    return Quotient(expand(Product((bottom, rest))), bottom), zero


def _cancelling_factors(draw: Draw) -> Problem:
    if draw.difficulty in (1, 2) and draw.whole(0, 2) == 0:
        bottom = line(1, nonzero(draw, 9))
        return Problem("cancel", (Quotient(expand(Product((monomial(draw.whole(1, 6), 1), bottom))), bottom),))
    return Problem("cancel", (_reducible(draw)[0],))


def _limits_by_substitution(draw: Draw) -> Problem:
    point = draw.point() if draw.difficulty < 5 else Fraction(nonzero(draw, 5))
    top = draw.polynomial(draw.one_of(2, 3, 2, 3, 3), draw.one_of(2, 2, 2, 2, 3), draw.one_of(9, 6, 6, 6, 6))
    match draw.difficulty:
        case 1 | 2:
            form = top
        case 3:
            form = Quotient(top, line(1, nonzero(draw, 9)))
        case 4:
            inside = line(1, draw.rng.choice((1, 4, 9, 16, 25)) - point)
            form = draw.rng.choice(
                (times([number(draw.whole(1, 5)), Call("sqrt", inside)]), Quotient(top, line(2, nonzero(draw, 9))))
            )
        case _:
            bottom = Sum((monomial(1, 2), number(draw.whole(1, 9))))
            form = draw.rng.choice((Quotient(top, bottom), Product((line(1, nonzero(draw, 5)), top))))
    return Problem("limit", (form,), (point,))


def _limits_by_cancelling(draw: Draw) -> Problem:
    form, zero = _reducible(draw)
    if draw.difficulty > 3 and draw.whole(0, 1):
        form = Quotient(form.top, expand(Product((form.bottom, line(1, zero + nonzero(draw, 5))))))
    return Problem("limit", (form,), (Fraction(zero),))


def _limits_at_infinity(draw: Draw) -> Problem:
    high = draw.one_of(1, 2, 2, 3, 4)
    count = draw.one_of(2, 2, 3, 3, 4)

    def side(degree: int, terms: int) -> Expression:
        exponents = [degree, *sorted(draw.rng.sample(range(degree), min(terms - 1, degree)), reverse=True)]
        return joined([monomial(draw.signed(9), exponent) for exponent in exponents])

    lower = draw.difficulty > 1 and draw.whole(0, 3) == 0
    top = side(high - 1, count) if lower else side(high, count)
    return Problem("limit at infinity", (Quotient(top, _not_falling(side(high, count))),))


def _not_falling(expression: Expression) -> Expression:
    """A denominator that begins with a positive term."""
    first, *others = terms_of(expression)
    return joined([Term(abs(first.coefficient), first.exponent), *others])


def _continuity(draw: Draw) -> Problem:
    point = draw.whole(1, 5) if draw.difficulty < 3 else nonzero(draw, 5)
    left = draw.polynomial(draw.one_of(2, 2, 2, 3, 3), draw.one_of(1, 2, 2, 2, 3), 6)

    def added() -> Problem:
        right = draw.rng.choice((monomial(draw.signed(6), draw.one_of(1, 1, 2)), monomial(draw.signed(4), 1)))
        return Problem("continuity sum", (left, right), (Fraction(point),))

    def scaled() -> Problem:
        return Problem("continuity factor", (left,), (Fraction(point),))

    return draw.either(added) if draw.difficulty == 1 else draw.either(added, scaled)


def _quadratic(draw: Draw) -> Expression:
    match draw.difficulty:
        case 1:
            return draw.rng.choice(
                (monomial(1, 2), monomial(draw.whole(2, 6), 2), Sum((monomial(1, 2), number(draw.signed(9)))))
            )
        case 2:
            return joined([monomial(draw.whole(1, 4), 2), monomial(draw.signed(9), 1)])
        case 3:
            return joined([monomial(draw.signed(5), 2), monomial(draw.signed(9), 1), number(draw.signed(9))])
        case 4:
            return draw.rng.choice((monomial(1, 3), joined([monomial(1, 3), monomial(draw.signed(9), 1)])))
        case _:
            return joined([monomial(draw.signed(3), 3), monomial(draw.signed(5), 2), monomial(draw.signed(9), 1)])


def _place(draw: Draw) -> Fraction:
    return Fraction(
        draw.whole(1, draw.one_of(9, 6, 5, 3, 2)) * (draw.rng.choice((1, -1)) if draw.difficulty > 2 else 1)
    )


def _difference_quotient(draw: Draw) -> Problem:
    if draw.whole(0, 2) == 0:
        return Problem("difference value", (_quadratic(draw),), (_place(draw), Fraction(draw.whole(1, 5))))
    return Problem("difference quotient", (_quadratic(draw),), (_place(draw),))


def _derivative_from_limit(draw: Draw) -> Problem:
    return Problem("derivative from limit", (_quadratic(draw),), (_place(draw),))


def _limits_by_derivatives(draw: Draw) -> Problem:
    a, b = draw.whole(2, 9), draw.whole(1, 9)
    sine, power = Call("sin", monomial(a, 1)), Sum((Call("exp", monomial(a, 1)), number(-1)))
    log = Call("ln", Sum((monomial(a, 1), number(1))))
    bent = Sum((number(1), times([number(-1), Call("cos", monomial(a, 1))])))
    bottom, sine_below = monomial(b, 1), Call("sin", monomial(b, 1))
    match draw.difficulty:
        case 1:
            form = Quotient(draw.rng.choice((sine, power)), bottom)
        case 2:
            form = Quotient(draw.rng.choice((sine, power, log)), draw.rng.choice((bottom, sine_below)))
        case 3:
            form = Quotient(
                draw.rng.choice((times([number(draw.whole(2, 5)), sine]), power, log)),
                draw.rng.choice((bottom, sine_below)),
            )
        case 4:
            form = Quotient(bent, monomial(draw.whole(1, 5), 2))
        case _:
            straight = joined([Call("exp", monomial(a, 1)), number(-1), monomial(-a, 1)])
            form = Quotient(draw.rng.choice((straight, bent)), monomial(draw.whole(1, 5), 2))
    return Problem("limit", (form,), (Fraction(0),))


LIMIT_SHAPES: Mapping[str, Callable[[Draw], Problem]] = MappingProxyType(
    {
        "cancelling-factors": _cancelling_factors,
        "limits-by-substitution": _limits_by_substitution,
        "limits-by-cancelling": _limits_by_cancelling,
        "limits-at-infinity": _limits_at_infinity,
        "continuity": _continuity,
        "difference-quotient": _difference_quotient,
        "derivative-from-limit": _derivative_from_limit,
        "limits-by-derivatives": _limits_by_derivatives,
    }
)
"""How to draw a problem, for every skill about limits."""
