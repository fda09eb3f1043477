"""Draws a problem for one skill at one difficulty: which form, how many terms, how large the numbers.

Difficulties 1 and 2 keep coefficients and exponents at one digit; 3 adds terms and signs, 4 and 5 larger numbers
and composed forms. Nothing here knows what a problem's answer is.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from skilladapt.domains.calculus.expressions import (
    MINUS_ONE,
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
from skilladapt.domains.calculus.problem import Problem

HALVES = (Fraction(1, 2), Fraction(1, 3), Fraction(2, 3), Fraction(3, 2), Fraction(3, 4), Fraction(1, 4))


@dataclass(frozen=True)
class Draw:
    """A source of numbers that fit a difficulty."""

    rng: random.Random
    difficulty: int

    def one_of(self, *choices: int) -> int:
        """The choice for this difficulty, the last one for all beyond."""
        return choices[min(self.difficulty, len(choices)) - 1]

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self.rng.randint(low, high)

    def size(self) -> int:
        """A positive coefficient: one digit at first, then up to 12 and 20."""
        return self.whole(2, self.one_of(9, 9, 9, 12, 20))

    def signed(self, high: int | None = None) -> int:
        """A coefficient other than 0, negative in one case out of two from difficulty 2 on."""
        value = self.whole(1, high or self.one_of(9, 9, 9, 12, 20))
        return -value if self.difficulty > 1 and self.rng.random() < 0.5 else value

    def exponents(self, count: int, high: int, low: int = 1) -> list[int]:
        """Different exponents from 0 to `high`, descending; the first at least `low`."""
        first = self.whole(max(low, count - 1), high)
        return [first, *sorted(self.rng.sample(range(first), count - 1), reverse=True)]

    def polynomial(self, count: int, high: int, size: int | None = None, low: int = 1) -> Expression:
        """`count` terms in descending powers, the first from `low` to `high` and positive below difficulty 3."""
        terms = [monomial(self.signed(size), exponent) for exponent in self.exponents(count, high, low)]
        if self.difficulty < 3 or self.rng.random() < 0.7:
            terms[0] = Term(abs(terms[0].coefficient), terms[0].exponent)
        return joined(terms)

    def linear(self, high: int = 1, steep: int = 5) -> Sum:
        """`ax^high + b` with a positive leading coefficient."""
        sign = self.rng.choice((1, -1))
        return Sum((monomial(self.whole(1, steep), high), number(sign * self.whole(1, 9))))

    def point(self) -> Fraction:
        """A number to put in, not 0: positive at first, with signs later, a half or a third at the end."""
        if self.difficulty == 5 and self.rng.random() < 0.3:
            return self.rng.choice((Fraction(1, 2), Fraction(-1, 2), Fraction(1, 3)))
        low, high = ((1, 5), (-2, 5), (-3, 4), (-4, 5), (-5, 6))[self.difficulty - 1]
        return Fraction(self.rng.choice([value for value in range(low, high + 1) if value]))

    def either(self, *makers: Callable[[], Problem]) -> Problem:
        """One of the forms."""
        return self.rng.choice(makers)()


# --- numbers and powers ------------------------------------------------------------------------------------


def _minus(value: int) -> Expression:
    """`value` subtracted; a negative one keeps its parentheses, as in `4 - (-5)`."""
    return number(-value) if value >= 0 else Product((MINUS_ONE, number(value)))


def _signed_numbers(draw: Draw) -> Problem:
    a, b, c, d = (draw.whole(1, draw.one_of(9, 9, 12, 15, 20)) * draw.rng.choice((1, -1)) for _ in range(4))
    product = Product((number(a), number(b)))
    match draw.difficulty:
        case 1:
            form: Expression = draw.rng.choice(
                (Sum((number(-abs(a)), number(b))), Sum((number(abs(a)), number(-abs(a) - abs(b)))),
                 Product((number(-abs(a)), number(abs(b)))))
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
    base = draw.whole(2, 12 if draw.difficulty != 2 else 6)
    high = 2 if base > 6 else 3 if base > 4 else 4 if base > 3 else 5
    low = 3 if draw.difficulty == 2 and high > 3 else 2
    sign = -1 if signed else 1
    return Power(number(sign * base), draw.whole(min(low, high), high))


def _evaluating_powers(draw: Draw) -> Problem:
    first = _base_and_exponent(draw, signed=draw.difficulty >= 3 or (draw.difficulty == 2 and draw.whole(1, 3) == 1))
    second = _base_and_exponent(draw, signed=draw.difficulty == 5)
    sign = draw.rng.choice((1, -1))
    signed: Expression = second if sign == 1 else Product((MINUS_ONE, second))
    match draw.difficulty:
        case 4:
            return Problem("compute", (Sum((first, signed)),))
        case 5:
            return Problem("compute", (Sum((Product((number(draw.signed(6)), first)), signed)),))
        case _:
            return Problem("compute", (first,))


def _powers(draw: Draw, count: int, high: int) -> list[Expression]:
    return [monomial(1, draw.whole(1, high)) for _ in range(count)]


def _multiplying_powers(draw: Draw) -> Problem:
    factors = _powers(draw, draw.one_of(2, 3, 3, 4, 5), draw.one_of(9, 9, 20, 25, 30))
    return Problem("power", (Product(tuple(factors)),))


def _power_of_power(draw: Draw, high: int) -> Power:
    return Power(monomial(1, draw.whole(2, high)), draw.whole(2, min(high, 9)))


def _power_of_a_power(draw: Draw) -> Problem:
    power = _power_of_power(draw, draw.one_of(9, 9, 12, 12, 5))
    match draw.difficulty:
        case 1:
            form: Expression = power
        case 2:
            form = Product((power, monomial(1, draw.whole(1, 9))))
        case 3:
            form = Product((power, *_powers(draw, 2, 12)))
        case 4:
            form = Product((power, _power_of_power(draw, 12)))
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
            return Problem("power", (Quotient(Product((top, *_powers(draw, 1, 9))), monomial(1, low)),))
        case 4:
            above = monomial(-divisor * draw.whole(2, 12), top.exponent)
            return Problem("monomial", (Quotient(above, monomial(divisor, low)),))
        case _:
            first = monomial(divisor * draw.whole(2, 6), top.exponent + draw.whole(1, 4))
            second = monomial(draw.rng.choice((1, -1)) * divisor * draw.whole(1, 6), top.exponent)
            return Problem("quotient", (Quotient(Sum((first, second)), monomial(divisor, low)),))


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
        more = _powers(draw, draw.difficulty - 3, 6) if draw.difficulty > 3 else []
        extra = sum(term.exponent for term in more if isinstance(term, Term))
        powers: list[Expression] = [monomial(1, low), monomial(1, -low - gap - extra), *more]
        draw.rng.shuffle(powers)
        return Problem("power", (Product(tuple(powers)),))

    def mixed() -> Problem:
        top = number(draw.size())
        return Problem(
            "monomial", (Product((monomial(1, low), Quotient(top, monomial(1, low + gap)))),)
        )

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


# --- rules for derivatives ---------------------------------------------------------------------------------


def _constant_rule(draw: Draw) -> Problem:
    constant = number(draw.whole(1, draw.one_of(20, 99, 200, 500, 999)) * (draw.rng.choice((1, -1))))
    known = draw.polynomial(draw.one_of(1, 2, 2, 3, 4), draw.one_of(3, 3, 5, 6, 9))

    def shifted() -> Problem:
        return Problem("shifted", (known,), (Fraction(draw.size()),), draw.rng.choice(("+", "-")))

    def alone() -> Problem:
        return Problem("derivative", (constant,))

    return draw.either(alone, shifted) if draw.difficulty < 3 else draw.either(alone, shifted, shifted)


def _power_rule(draw: Draw) -> Problem:
    match draw.difficulty:
        case 1:
            return Problem("derivative", (monomial(1, draw.whole(2, 9)),))
        case 2:
            return Problem("derivative", (monomial(1, draw.whole(1, 20)),))
        case 3:
            return Problem("derivative", (monomial(1, draw.whole(10, 99)),))
        case 4:
            return Problem("expanded derivative", (Product(tuple(_powers(draw, draw.whole(2, 3), 12))),))
        case _:
            return Problem("expanded derivative", (Product((_power_of_power(draw, 9), *_powers(draw, 1, 9))),))


def _constant_multiple(draw: Draw) -> Problem:
    exponent = draw.whole(1 if draw.difficulty > 1 else 2, draw.one_of(6, 9, 12, 15, 20))

    def plain() -> Problem:
        coefficient = Fraction(draw.size() * (draw.rng.choice((1, -1)) if draw.difficulty > 1 else 1))
        return Problem("derivative", (monomial(coefficient, exponent),))

    def scaled() -> Problem:
        known = draw.polynomial(draw.one_of(1, 1, 2, 3, 4), draw.one_of(3, 5, 5, 5, 7), 9)
        return Problem("scaled", (known,), (Fraction(draw.size()),))

    def fraction() -> Problem:
        coefficient = draw.rng.choice(HALVES) * draw.rng.choice((1, -1))
        return Problem("derivative", (monomial(coefficient, coefficient.denominator * draw.whole(1, 6)),))

    if draw.difficulty == 1:
        return plain()
    return draw.either(plain, plain, scaled) if draw.difficulty < 4 else draw.either(plain, scaled, fraction)


def _signs(draw: Draw, exponents: Sequence[int]) -> Expression:
    """Powers with signs and no coefficients, a number where the exponent is 0."""
    first, *rest = exponents
    return joined(
        [monomial(1, first)]
        + [monomial(draw.rng.choice((1, -1)) * (1 if e else draw.whole(2, 9)), e) for e in rest]
    )


def _sum_rule(draw: Draw) -> Problem:
    count, high = draw.one_of(2, 2, 3, 4, 5), draw.one_of(7, 9, 12, 15, 20)

    def plain() -> Problem:
        return Problem("derivative", (_signs(draw, draw.exponents(count, high)),))

    def added() -> Problem:
        first, second = (draw.polynomial(draw.one_of(1, 1, 2, 2, 3), 4, 9) for _ in range(2))
        return Problem("added", (first, second), sign=draw.rng.choice(("+", "-")))

    return plain() if draw.difficulty == 1 else draw.either(plain, plain, added)


def _polynomial(draw: Draw) -> Expression:
    """A polynomial to differentiate, with two terms at first and five at the end."""
    form = draw.polynomial(draw.one_of(2, 2, 3, 4, 5), draw.one_of(3, 5, 5, 7, 9), low=2)
    first, *others = terms_of(form)
    # A first coefficient of 1 would leave nothing but the sum rule where the others are plain too.
    return joined([Term(first.coefficient * draw.whole(2, 3), first.exponent), *others])


def _polynomial_derivatives(draw: Draw) -> Problem:
    return Problem("derivative", (_polynomial(draw),))


def _negative_powers(draw: Draw) -> Problem:
    low = draw.whole(1, draw.one_of(9, 9, 9, 12, 15))
    coefficient = draw.signed()

    def power() -> Problem:
        return Problem("derivative", (monomial(1 if draw.difficulty == 1 else coefficient, -low),))

    def fraction() -> Problem:
        return Problem("derivative", (Quotient(number(coefficient), monomial(1, low)),))

    def two() -> Problem:
        other = draw.whole(1, 9)
        return Problem("derivative", (Sum((monomial(draw.size(), -other), monomial(coefficient, -other - low))),))

    def quotient() -> Problem:
        return Problem("derivative", (Quotient(monomial(1, low), monomial(1, low + draw.whole(1, 9))),))

    forms = ((power,), (power, fraction), (fraction, power), (two, quotient), (two, two, quotient))
    return draw.either(*forms[draw.difficulty - 1])


# --- using the derivative, products and compositions -------------------------------------------------------


def _small_polynomial(draw: Draw) -> Expression:
    """A polynomial whose derivative is easy to evaluate."""
    highest, size = draw.one_of(3, 3, 2, 3, 3), draw.one_of(9, 9, 9, 9, 6)
    return draw.polynomial(draw.one_of(1, 2, 3, 3, 4), highest, size, low=2)


def _derivative_value(draw: Draw) -> Problem:
    return Problem("derivative value", (_small_polynomial(draw),), (draw.point(),))


def _tangent_slope(draw: Draw) -> Problem:
    return Problem("slope", (_small_polynomial(draw),), (draw.point(),))


def _second_derivative(draw: Draw) -> Problem:
    form = draw.polynomial(draw.one_of(1, 2, 3, 4, 5), draw.one_of(5, 4, 5, 7, 9), low=2)
    if draw.difficulty in (2, 4) and draw.rng.random() < 0.3:
        return Problem("second from first", (form,))
    if draw.difficulty == 5 and draw.rng.random() < 0.4:
        return Problem("second value", (draw.polynomial(3, 4, 6),), (Fraction(draw.whole(-2, 3)),))
    return Problem("second derivative", (form,))


def _product_rule(draw: Draw) -> Problem:
    def front() -> Problem:
        return Problem("derivative", (Product((monomial(1, draw.whole(1, 4)), draw.linear(1, 5))),))

    def pair() -> Problem:
        return Problem("derivative", (Product((draw.linear(1, draw.one_of(1, 1, 5)), draw.linear(1, 5))),))

    def higher() -> Problem:
        return Problem("derivative", (Product((draw.linear(2, 3), draw.linear(draw.whole(1, 2), 5))),))

    def long() -> Problem:
        return Problem("derivative", (Product((draw.linear(draw.whole(1, 3), 3), draw.polynomial(3, 3, 9))),))

    forms = ((front,), (front, pair), (pair, higher), (higher, long), (long,))
    return draw.either(*forms[draw.difficulty - 1])


def _chain_rule(draw: Draw) -> Problem:
    exponent = draw.whole(2, draw.one_of(5, 6, 9, 9, 12))
    linear = Power(draw.linear(1, draw.one_of(5, 5, 9)), exponent)
    curved = Power(draw.linear(draw.whole(2, 3), draw.one_of(1, 1, 5)), exponent)
    match draw.difficulty:
        case 1:
            form: Expression = linear
        case 2:
            form = draw.rng.choice((linear, curved))
        case 3:
            form = draw.rng.choice((curved, Product((number(draw.size()), linear))))
        case 4:
            form = draw.rng.choice((Power(draw.polynomial(3, 3, 9), exponent), Product((number(draw.size()), curved))))
        case _:
            other = Product((number(draw.signed()), Power(draw.linear(1, 9), draw.whole(2, 6))))
            form = Sum((curved, draw.rng.choice((monomial(draw.signed(), draw.whole(2, 6)), other))))
    return Problem("derivative", (form,))


def _product_with_chain(draw: Draw) -> Problem:
    exponent = draw.whole(2, draw.one_of(4, 5, 6, 6, 9))
    power = Power(draw.linear(1, draw.one_of(3, 5, 9)), exponent)
    match draw.difficulty:
        case 1:
            front: Expression = monomial(1, 1)
        case 2:
            front = monomial(1, draw.whole(1, 4))
        case 3:
            front = monomial(draw.size(), draw.whole(1, 5))
        case 4:
            front = draw.linear(1, 5)
        case _:
            front = draw.rng.choice((Power(draw.linear(1, 5), draw.whole(2, 5)), draw.linear(2, 5)))
            power = Power(draw.linear(draw.whole(1, 2), 5), exponent)
    return Problem("derivative", (Product((front, power)),))


SHAPES: Mapping[str, Callable[[Draw], Problem]] = MappingProxyType(
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
        "constant-rule": _constant_rule,
        "power-rule": _power_rule,
        "constant-multiple": _constant_multiple,
        "sum-rule": _sum_rule,
        "polynomial-derivatives": _polynomial_derivatives,
        "negative-powers": _negative_powers,
        "derivative-value": _derivative_value,
        "tangent-slope": _tangent_slope,
        "second-derivative": _second_derivative,
        "product-rule": _product_rule,
        "chain-rule": _chain_rule,
        "product-with-chain": _product_with_chain,
    }
)
"""How to draw a problem, for every skill of the syllabus."""
