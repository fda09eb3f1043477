"""Draws problems about numbers, polynomials and functions: which form, how many terms, how large the numbers.

Nothing here knows what a problem's answer is.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.expressions.trees import (
    MINUS_ONE,
    Expression,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
    monomial,
    number,
)
from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.shapes.draw import HALVES, Draw

# --- numbers and powers ------------------------------------------------------------------------------------


def _minus(value: int) -> Expression:
    """`value` subtracted; a negative one keeps its parentheses, as in `4 - (-5)`."""
    return number(-value) if value >= 0 else Product((MINUS_ONE, number(value)))


def _signed_numbers(draw: Draw) -> Problem:
    low, high = draw.one_of(1, 2), draw.one_of(9, 9, 12, 15, 20)
    a, b, c, d = (draw.whole(low, high) * draw.rng.choice((1, -1)) for _ in range(4))
    product = Product((number(a), number(b)))
    match draw.difficulty:
        case 1:
            form: Expression = draw.rng.choice(
                (
                    Sum((number(-abs(a)), number(b))),
                    Sum((number(abs(a)), number(-abs(a) - abs(b)))),
                    Product((number(-abs(a)), number(abs(b)))),
                )
            )
        case 2:
            form = draw.rng.choice(
                (product, Sum((number(a), _minus(-abs(b)))), Sum((number(a), number(b), number(c))))
            )
        case 3:
            form = draw.rng.choice((Sum((product, number(c))), Sum((number(c), number(-abs(d)), _minus(b)))))
        case 4:
            form = Product((Sum((number(abs(a)), number(b))), number(c)))
            form = draw.rng.choice((Sum((form, number(d))), Sum((number(d), _minus(c), product))))
        case _:
            form = Sum((product, _negative(Product((number(abs(c)), number(d)))), number(draw.whole(-20, -1))))
    return Problem("compute", (form,))


def _negative(product: Product) -> Expression:
    first = product.factors[0]
    assert isinstance(first, Term)
    return Product((number(-first.coefficient), *product.factors[1:]))


def _base_and_exponent(draw: Draw, signed: bool) -> Power:
    """A power whose value one can find by hand."""
    base = draw.whole(1, 6 if draw.difficulty == 2 else 12)
    low, high = {1: (3, 7), 2: (2, 6), 3: (2, 5), 4: (2, 4), 5: (2, 3), 6: (2, 3), 10: (2, 5)}.get(base, (2, 2))
    return Power(number(-base if signed else base), draw.whole(low, high))


def _evaluating_powers(draw: Draw) -> Problem:
    signed = draw.difficulty >= 3 or (draw.difficulty == 2 and draw.whole(1, 3) == 1)
    first = _base_and_exponent(draw, signed)
    second = _base_and_exponent(draw, signed=draw.difficulty == 5)
    added: Expression = draw.rng.choice((second, Product((MINUS_ONE, second))))
    plain = number(draw.signed(9))
    match draw.difficulty:
        case 1:
            form: Expression = first
        case 2:
            form = draw.rng.choice((first, Sum((first, plain)), Product((number(draw.whole(2, 5)), first))))
        case 3:
            form = draw.rng.choice((first, Sum((first, plain)), Product((number(draw.signed(6)), first))))
        case 4:
            form = Sum((first, added))
        case _:
            form = Sum((Product((number(draw.signed(6)), first)), added))
    return Problem("compute", (form,))


def _multiplying_powers(draw: Draw) -> Problem:
    factors = draw.powers(draw.one_of(2, 3, 3, 4, 5), draw.one_of(9, 9, 20, 25, 30))
    return Problem("power", (Product(tuple(factors)),))


def _power_of_a_power(draw: Draw) -> Problem:
    power = draw.power_of_power(draw.one_of(9, 9, 12, 12, 5))
    match draw.difficulty:
        case 1:
            form: Expression = power
        case 2:
            form = Product((power, monomial(1, draw.whole(1, 9))))
        case 3:
            form = Product((power, *draw.powers(2, 12)))
        case 4:
            form = Product((power, draw.power_of_power(12)))
        case _:
            form = Product((Power(power, draw.whole(2, 3)), monomial(1, draw.whole(1, 20))))
    return Problem("power", (form,))


def _dividing_powers(draw: Draw) -> Problem:
    low = draw.whole(1, draw.one_of(7, 9, 12, 12, 6))
    top = monomial(1, low + draw.whole(1, draw.one_of(7, 9, 20, 12, 6)))
    divisor = draw.size()
    match draw.difficulty:
        case 1:
            return Problem("power", (Quotient(top, monomial(1, low)),))
        case 2:
            above = monomial(divisor * draw.whole(2, 5), top.exponent)
            return Problem("monomial", (Quotient(above, monomial(divisor, low)),))
        case 3:
            return Problem("power", (Quotient(Product((top, *draw.powers(1, 9))), monomial(1, low)),))
        case 4:
            above = monomial(-divisor * draw.whole(2, 12), top.exponent)
            return Problem("monomial", (Quotient(above, monomial(divisor, low)),))
        case _:
            first = monomial(divisor * draw.whole(2, 6), top.exponent + draw.whole(1, 4))
            second = monomial(draw.rng.choice((1, -1)) * divisor * draw.whole(1, 6), top.exponent)
            return Problem("simplest", (Quotient(Sum((first, second)), monomial(divisor, low)),))


def _negative_exponents(draw: Draw) -> Problem:
    low, gap = draw.whole(1, draw.one_of(9, 9, 9, 12, 15)), draw.whole(1, draw.one_of(9, 9, 9, 12, 15))
    base = number(draw.whole(2, 10))

    def value() -> Problem:
        return Problem("compute", (Power(base, -draw.whole(1, 2 if base.coefficient > 5 else 3)),))

    def fraction() -> Problem:
        top = number(1 if draw.difficulty == 1 else draw.size())
        return Problem("negative", (Quotient(top, monomial(1, low)),))

    def quotient() -> Problem:
        return Problem("power", (Quotient(monomial(1, low), monomial(1, low + gap)),))

    def factors() -> Problem:
        more = draw.powers(draw.difficulty - 3, 6) if draw.difficulty > 3 else []
        extra = sum(term.exponent for term in more if isinstance(term, Term))
        powers: list[Expression] = [monomial(1, low), monomial(1, -low - gap - extra), *more]
        draw.rng.shuffle(powers)
        return Problem("power", (Product(tuple(powers)),))

    def mixed() -> Problem:
        top = number(draw.size())
        return Problem("monomial", (Product((monomial(1, low), Quotient(top, monomial(1, low + gap)))),))

    if draw.difficulty < 3:
        return draw.either(value, fraction)
    return draw.either(quotient, factors) if draw.difficulty == 3 else draw.either(factors, mixed)


# --- polynomials -------------------------------------------------------------------------------------------


def _multiplying_monomials(draw: Draw) -> Problem:
    count = draw.one_of(2, 2, 3, 3, 4)
    high = draw.one_of(6, 9, 9, 12, 9)
    terms: list[Expression] = [
        monomial(draw.signed(draw.one_of(9, 9, 6, 12, 6)), draw.whole(1, high)) for _ in range(count)
    ]
    if draw.difficulty > 3:
        terms[0] = monomial(draw.rng.choice(HALVES), draw.whole(1, high))
    if all(isinstance(term, Term) and term.coefficient == 1 for term in terms):
        terms[0] = monomial(draw.size(), draw.whole(1, high))
    return Problem("product", (Product(tuple(terms)),))


def _like_terms(draw: Draw) -> Problem:
    kinds = draw.exponents(draw.one_of(2, 2, 3, 3, 4), draw.one_of(1, 3, 3, 5, 6))
    count = draw.one_of(3, 4, 5, 6, 8)
    chosen = kinds + [draw.rng.choice(kinds) for _ in range(count - len(kinds))]
    draw.rng.shuffle(chosen)
    terms = [monomial(draw.signed(), exponent) for exponent in chosen]
    return Problem("like", (Sum(tuple(terms)),))


def _distributing(draw: Draw) -> Problem:
    factor = monomial(draw.size(), draw.one_of(draw.whole(0, 1), draw.whole(0, 2), draw.whole(1, 4)))
    if draw.difficulty > 1 and draw.rng.random() < 0.5:
        factor = Term(-factor.coefficient, factor.exponent)
    inside = draw.polynomial(draw.one_of(2, 2, 3, 4, 5), draw.one_of(1, 2, 3, 5, 7))
    if draw.difficulty == 5 and draw.rng.random() < 0.5:
        return Problem("expand", (Product((factor, monomial(draw.size(), 1), inside)),))
    return Problem("expand", (Product((factor, inside)),))


def _expanding_products(draw: Draw) -> Problem:
    def pair() -> Problem:
        steep = draw.one_of(1, 4, 9, 12)
        return Problem("expand", (Product((draw.linear(1, steep), draw.linear(draw.one_of(1, 1, 2), steep))),))

    def square() -> Problem:
        return Problem("expand", (Power(draw.linear(1, draw.one_of(1, 3, 9)), 2),))

    def long() -> Problem:
        return Problem("expand", (Product((draw.linear(), draw.polynomial(3, 2, 9))),))

    def three() -> Problem:
        return Problem("expand", (Product((draw.linear(1, 2), draw.linear(1, 1), draw.linear(1, 1))),))

    if draw.difficulty < 3:
        return draw.either(pair, pair, square)
    return draw.either(*((pair, square), (long, pair), (three, long))[draw.difficulty - 3])


def _evaluating_polynomials(draw: Draw) -> Problem:
    form = draw.polynomial(draw.one_of(2, 2, 3, 3, 4), draw.one_of(1, 2, 2, 3, 3), draw.one_of(9, 6, 6, 9, 9))
    return Problem("value", (form,), (draw.point(),))


# --- functions ---------------------------------------------------------------------------------------------


def _function_values(draw: Draw) -> Problem:
    def plain() -> Problem:
        form = draw.polynomial(draw.one_of(2, 2, 3), draw.one_of(1, 2), draw.one_of(9, 9, 6))
        return Problem("function value", (form,), (draw.point(),))

    def factored() -> Problem:
        pair = Product((draw.linear(1, 2), draw.linear(1, 3)))
        return Problem("function value", (draw.rng.choice((pair, Power(draw.linear(1, 3), 2))),), (draw.point(),))

    def cube() -> Problem:
        power = Power(draw.linear(1, 2), 3)
        form = Sum((Product((number(draw.whole(2, 5)), power)), number(draw.signed(9))))
        return Problem("function value", (form,), (Fraction(draw.whole(-2, 3)),))

    def two() -> Problem:
        first, second = draw.rng.sample(range(-3, 5), 2)
        return Problem(
            "two values",
            (draw.polynomial(2, 2, 9),),
            (Fraction(first), Fraction(second)),
            draw.rng.choice(("+", "-")),
        )

    if draw.difficulty < 3:
        return plain()
    return draw.either(*((plain, factored), (factored, two), (two, cube))[draw.difficulty - 3])


def _composing_functions(draw: Draw) -> Problem:
    inner: Expression = draw.linear(draw.one_of(1, 1, 2, 2, 3), draw.one_of(5, 9, 9))
    exponent = draw.whole(2, draw.one_of(5, 5, 6, 6, 9))
    match draw.difficulty:
        case 1:
            outer: Expression = draw.rng.choice((monomial(1, exponent), draw.linear(1, 5)))
        case 2:
            outer = draw.rng.choice((monomial(draw.size(), exponent), draw.linear(2, 1)))
        case 3:
            outer = draw.rng.choice((draw.linear(exponent, 5), monomial(draw.signed(), exponent)))
        case 4:
            outer = draw.polynomial(2, 3, 9)
        case _:
            outer, inner = draw.polynomial(3, 4, 9), draw.polynomial(2, 3, 9)
    if draw.difficulty in (2, 3) and draw.rng.random() < 0.3:
        return Problem("composition value", (draw.linear(2, 3), draw.linear(1, 3)), (Fraction(draw.whole(-1, 3)),))
    return Problem("composition", (outer, inner))


def _inner_and_outer(draw: Draw) -> Problem:
    inner = draw.polynomial(3, 3, 9) if draw.difficulty > 3 else draw.linear(draw.one_of(1, 2, 3), 9)
    form: Expression = Power(inner, draw.whole(2, draw.one_of(9, 9, 12, 15, 20)))
    if draw.difficulty in (3, 5) or (draw.difficulty == 2 and draw.rng.random() < 0.5):
        form = Product((number(draw.size()), form))
    if draw.difficulty > 3:
        form = Sum((form, number(draw.signed())))
    return Problem(draw.rng.choice(("inner", "outer")), (form,))


ALGEBRA_SHAPES: Mapping[str, Callable[[Draw], Problem]] = MappingProxyType(
    {
        "signed-numbers": _signed_numbers,
        "evaluating-powers": _evaluating_powers,
        "multiplying-powers": _multiplying_powers,
        "power-of-a-power": _power_of_a_power,
        "dividing-powers": _dividing_powers,
        "negative-exponents": _negative_exponents,
        "multiplying-monomials": _multiplying_monomials,
        "like-terms": _like_terms,
        "distributing": _distributing,
        "expanding-products": _expanding_products,
        "evaluating-polynomials": _evaluating_polynomials,
        "function-values": _function_values,
        "composing-functions": _composing_functions,
        "inner-and-outer": _inner_and_outer,
    }
)
"""How to draw a problem, for every skill that comes before derivatives."""
