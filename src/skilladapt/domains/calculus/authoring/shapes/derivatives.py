"""Draws problems about derivatives: which form, how many terms, how large the numbers.

Nothing here knows what a problem's answer is.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.expressions.trees import (
    Expression,
    Power,
    Product,
    Quotient,
    Sum,
    joined,
    monomial,
    number,
    terms_of,
)
from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.shapes.draw import HALVES, Draw

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
            return Problem("expanded derivative", (Product(tuple(draw.powers(draw.whole(2, 3), 12))),))
        case _:
            return Problem("expanded derivative", (Product((draw.power_of_power(9), *draw.powers(1, 9))),))


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
    sign = 1 if first.coefficient > 0 else -1
    return joined([monomial(sign * draw.size(), first.exponent), *others])


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
            form = draw.rng.choice(
                (Power(draw.polynomial(3, 3, 9), exponent), Product((number(draw.size()), curved)))
            )
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


DERIVATIVE_SHAPES: Mapping[str, Callable[[Draw], Problem]] = MappingProxyType(
    {
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
"""How to draw a problem, for every skill about derivatives."""
