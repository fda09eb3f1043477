"""Draws derivatives of roots, quotients, sines, powers of e, logarithms, and of what is made of them.

Nothing here knows what a problem's answer is.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from skilladapt.domains.calculus.authoring.expressions.combining import times
from skilladapt.domains.calculus.authoring.expressions.exact import written
from skilladapt.domains.calculus.authoring.expressions.trees import (
    PI,
    VARIABLE,
    Call,
    Expression,
    FunctionName,
    Power,
    Product,
    Quotient,
    Sum,
    joined,
    monomial,
    number,
)
from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.shapes.draw import HALVES, Draw

SINES: tuple[FunctionName, ...] = ("sin", "cos")
"""Both take each other's place when they are differentiated or integrated."""


def derivative(draw: Draw, form: Expression) -> Problem:
    """The derivative of the form, asked for in old or new words."""
    return Problem(draw.rng.choice(("derivative", "function derivative")), (form,))


def derivative_at(form: Expression, point: Expression) -> Problem:
    """The value of the form's derivative."""
    return Problem("derivative at", (form, point))


def scaled(draw: Draw, function: Expression) -> Expression:
    """The function with a coefficient in front, from difficulty 4 on sometimes a fraction."""
    broken = draw.difficulty > 3 and draw.rng.random() < 0.3
    return times([number(draw.rng.choice(HALVES) if broken else draw.signed()), function])


def function(draw: Draw, name: FunctionName, inner: Expression = VARIABLE) -> Expression:
    """The function with a coefficient."""
    return scaled(draw, Call(name, inner))


def _root_derivatives(draw: Draw) -> Problem:
    half = Fraction(draw.rng.choice((1, 3, 5, 7)), 2)
    broken = draw.rng.choice((half, Fraction(draw.rng.choice((1, 2, 4, 5, 7)), 3)))
    root = scaled(draw, Call("sqrt", VARIABLE))
    match draw.difficulty:
        case 1:
            form = draw.rng.choice((root, monomial(draw.size(), half)))
        case 2:
            form = monomial(draw.signed(), broken)
        case 3:
            form = draw.rng.choice(
                (Sum((root, monomial(draw.signed(), draw.whole(1, 5)))), monomial(draw.signed(), -half))
            )
        case 4:
            form = Sum((monomial(draw.size(), broken), monomial(draw.signed(), -half), number(draw.signed())))
        case _:
            form = Sum((monomial(draw.signed(), draw.whole(2, 5)), root, monomial(draw.signed(), broken - 3)))
    if draw.difficulty > 1 and draw.rng.random() < 0.3:
        return derivative_at(root, number(draw.whole(1, 7) ** 2))
    return derivative(draw, form)


def _quotient_rule(draw: Draw) -> Problem:
    top, bottom = draw.linear(1, draw.one_of(5, 7, 9)), draw.linear(1, draw.one_of(3, 5, 9))
    match draw.difficulty:
        case 1:
            form = Quotient(monomial(draw.size(), 1), bottom)
        case 2:
            form = draw.rng.choice((Quotient(top, bottom), Quotient(number(draw.size()), bottom)))
        case 3:
            form = draw.rng.choice(
                (Quotient(monomial(1, 2), bottom), Quotient(top, draw.linear(2, 1)), Quotient(top, bottom))
            )
        case 4:
            form = draw.rng.choice(
                (Quotient(draw.linear(2, 5), bottom), Quotient(monomial(draw.size(), 1), draw.linear(2, 3)))
            )
        case _:
            form = Quotient(draw.polynomial(3, 2, 9, low=2), draw.linear(draw.whole(1, 2), 3))
    if draw.difficulty > 2 and draw.rng.random() < 0.25:
        return derivative_at(form, number(draw.whole(-3, 4)))
    return derivative(draw, form)


def _sine_derivatives(draw: Draw) -> Problem:
    sine, cosine = function(draw, "sin"), function(draw, "cos")
    either = draw.rng.choice((sine, cosine))
    power = monomial(draw.signed(), draw.whole(1, draw.one_of(3, 5, 5, 7, 9)))
    forms = (
        (either,),
        (Sum((sine, cosine)), Sum((either, power))),
        (Sum((power, either)), Sum((sine, cosine))),
        (Sum((sine, cosine, power)), joined([either, power, number(draw.signed())])),
        (Sum((power, sine, cosine, number(draw.signed()))),),
    )
    form = draw.rng.choice(forms[draw.difficulty - 1])
    if draw.difficulty > 2 and draw.rng.random() < 0.4:
        angle = written({PI: Fraction(draw.rng.choice((2, 3, 4, 6, 8, 9, 10, 12)), 12)})
        return derivative_at(Sum((sine, cosine)) if draw.difficulty > 3 else either, angle)
    return derivative(draw, form)


def _powers(draw: Draw, count: int, high: int) -> Expression:
    """Powers without coefficients and a number: for their derivatives the sum rule is enough."""
    exponents = sorted(draw.rng.sample(range(1, high + 1), count), reverse=True)
    return joined([*(monomial(draw.signed(1), exponent) for exponent in exponents), number(draw.signed())])


def _exponential_derivatives(draw: Draw) -> Problem:
    power = monomial(draw.signed(), draw.whole(1, draw.one_of(3, 5, 5, 7, 9)))
    forms = (
        (function(draw, "exp"),),
        (Sum((function(draw, "exp"), power)), Sum((power, function(draw, "exp")))),
        (joined([_powers(draw, 1, 5), function(draw, "exp")]),),
        (joined([function(draw, "exp"), _powers(draw, 2, 6)]),),
        (joined([_powers(draw, 3, 9), function(draw, "exp")]),),
    )
    form = draw.rng.choice(forms[draw.difficulty - 1])
    if draw.difficulty > 1 and draw.rng.random() < 0.3:
        return derivative_at(form, number(draw.whole(0, draw.one_of(1, 1, 2, 2, 3))))
    return derivative(draw, form)


def _logarithm_derivatives(draw: Draw) -> Problem:
    power = monomial(draw.signed(), draw.whole(1, draw.one_of(3, 5, 5, 7, 9)))
    log = function(draw, "ln")
    forms = (
        (log,),
        (Sum((log, power)), Sum((power, log))),
        (joined([_powers(draw, 1, 5), log]),),
        (joined([log, _powers(draw, 2, 6)]),),
        (joined([_powers(draw, 3, 9), log]),),
    )
    form = draw.rng.choice(forms[draw.difficulty - 1])
    if draw.difficulty > 1 and draw.rng.random() < 0.4:
        return derivative_at(form, number(draw.whole(1, draw.one_of(4, 4, 6, 8, 9))))
    return derivative(draw, form)


def _inner(draw: Draw, name: FunctionName) -> Expression:
    """An inner function: linear at first, then with a square or three terms; the function has values for it."""
    steep, free = draw.whole(2, draw.one_of(9, 9, 5, 6, 9)), name in ("sin", "cos", "exp")
    above = Sum((monomial(draw.whole(1, 9), 1), number(draw.whole(1, 9))))
    match draw.difficulty:
        case 1:
            return draw.rng.choice((monomial(steep, 1), draw.linear(1, 9) if free else above))
        case 2:
            falling = monomial(-steep, 1) if name == "exp" else monomial(steep, 1)
            return draw.rng.choice((falling, draw.linear(1, 9) if free else above))
        case 3 if free:
            return draw.rng.choice((draw.linear(2, 5), monomial(1, draw.whole(2, 4)), draw.linear(3, 2)))
        case 4 | 5 if free:
            return draw.rng.choice((draw.polynomial(3, 3, 9, low=2), draw.linear(2, 5)))
        case 3:
            return Sum((monomial(draw.whole(1, 5), draw.whole(2, 3)), number(draw.whole(1, 9))))
        case _:
            square, middle = monomial(draw.whole(1, 5), 2), monomial(draw.whole(1, 9), 1)
            return draw.rng.choice((Sum((square, middle, number(draw.whole(1, 9)))), Sum((square, number(steep)))))


def _chain_with(draw: Draw, names: tuple[FunctionName, ...]) -> Problem:
    name = draw.rng.choice(names)
    call = Call(name, _inner(Draw(draw.rng, min(draw.difficulty, 4) - (draw.difficulty == 5)), name))
    match draw.difficulty:
        case 1:
            form: Expression = call
        case 2 | 4:
            form = scaled(draw, call)
        case 3:
            form = draw.rng.choice((call, scaled(draw, call)))
        case _:
            other, easier = draw.rng.choice(names), Draw(draw.rng, 2)
            form = Sum((scaled(draw, call), function(easier, other, _inner(easier, other))))
    if draw.difficulty in (3, 4) and names != ("exp",) and draw.rng.random() < 0.3:
        form = scaled(draw, Power(Call(draw.rng.choice(names), VARIABLE), draw.whole(2, 5)))
    return derivative(draw, form)


def _chain_with_sine(draw: Draw) -> Problem:
    return _chain_with(draw, SINES)


def _chain_with_exponential(draw: Draw) -> Problem:
    return _chain_with(draw, ("exp",))


def _chain_with_logarithm(draw: Draw) -> Problem:
    return _chain_with(draw, ("ln",))


def _chain_with_root(draw: Draw) -> Problem:
    inner = _inner(draw, "sqrt")
    form: Expression = Call("sqrt", inner)
    if draw.difficulty > 2 and isinstance(inner, Sum) and draw.rng.random() < 0.4:
        form = Power(inner, Fraction(draw.rng.choice((3, 5, -1, -3)), 2))
    return derivative(draw, form if draw.difficulty == 1 else scaled(draw, form))


def _mixed_products(draw: Draw) -> Problem:
    names: tuple[FunctionName, ...] = ("sin", "cos", "exp", "ln")
    call = Call(draw.rng.choice(names), VARIABLE)
    match draw.difficulty:
        case 1:
            front: Expression = monomial(1, draw.whole(1, 5))
        case 2:
            front = monomial(draw.signed(), draw.whole(1, 5))
        case 3:
            front = draw.rng.choice((draw.linear(1, 5), monomial(draw.signed(), draw.whole(2, 7))))
        case 4:
            front, call = (
                monomial(draw.size(), draw.whole(1, 4)),
                Call(draw.rng.choice(names[:3]), monomial(draw.whole(2, 6), 1)),
            )
        case _:
            front, call = draw.linear(draw.whole(1, 2), 5), Call(draw.rng.choice(names[:3]), draw.linear(1, 5))
    return derivative(draw, Product((front, call)))


def _mixed_quotients(draw: Draw) -> Problem:
    call = Call(draw.rng.choice(("sin", "cos", "ln", "exp")), VARIABLE)
    top = scaled(draw, call)
    match draw.difficulty:
        case 1:
            form = Quotient(call, monomial(1, draw.whole(1, 4)))
        case 2:
            form = Quotient(top, monomial(1, draw.whole(1, 5)))
        case 3:
            form = Quotient(call, draw.linear(1, 4))
        case 4:
            form = draw.rng.choice(
                (Quotient(top, draw.linear(1, 5)), Quotient(monomial(draw.size(), 1), Call("ln", VARIABLE)))
            )
        case _:
            form = Quotient(
                draw.rng.choice((Call("exp", monomial(draw.whole(2, 5), 1)), top)),
                draw.linear(draw.whole(1, 2), 3),
            )
    return derivative(draw, form)


def _higher_derivatives(draw: Draw) -> Problem:
    steep = draw.whole(2, draw.one_of(3, 4, 5, 3, 3))
    sign: Literal["+", "-"] = draw.rng.choice(("+", "-")) if draw.difficulty > 1 else "+"
    call = Call(draw.rng.choice(("exp", "exp", "sin", "cos")), monomial(steep, 1))
    match draw.difficulty:
        case 1:
            form: Expression = draw.rng.choice(
                (monomial(draw.size(), draw.whole(3, 6)), Call("exp", monomial(steep, 1)))
            )
        case 2:
            form = draw.rng.choice((draw.polynomial(2, 5, 9, low=4), call))
        case 3:
            form = draw.rng.choice((draw.polynomial(3, 6, 9, low=4), scaled(draw, call)))
        case 4:
            form = scaled(draw, draw.rng.choice((call, Call("exp", monomial(-steep, 1)))))
        case _:
            form = draw.rng.choice((draw.polynomial(3, 7, 9, low=5), scaled(draw, Call("ln", VARIABLE))))
    return Problem("higher derivative", (form,), (), sign)


FUNCTION_SHAPES: Mapping[str, Callable[[Draw], Problem]] = MappingProxyType(
    {
        "root-derivatives": _root_derivatives,
        "quotient-rule": _quotient_rule,
        "sine-derivatives": _sine_derivatives,
        "exponential-derivatives": _exponential_derivatives,
        "logarithm-derivatives": _logarithm_derivatives,
        "chain-with-sine": _chain_with_sine,
        "chain-with-exponential": _chain_with_exponential,
        "chain-with-logarithm": _chain_with_logarithm,
        "chain-with-root": _chain_with_root,
        "mixed-products": _mixed_products,
        "mixed-quotients": _mixed_quotients,
        "higher-derivatives": _higher_derivatives,
    }
)
"""How to draw a problem, for every skill about derivatives beyond powers."""
