"""Draws questions about antiderivatives. Nothing here knows an answer."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType

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
    children,
    joined,
    monomial,
    number,
)
from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.rules.differentiating import derivative
from skilladapt.domains.calculus.authoring.shapes.draw import Draw
from skilladapt.domains.calculus.authoring.shapes.equations import line, nonzero
from skilladapt.domains.calculus.authoring.shapes.functions import SINES, scaled


def _antiderivative(draw: Draw, form: Expression, span: tuple[int, int] | None = None) -> Problem:
    """An antiderivative, or its change over the span where there is one."""
    if span is not None and draw.rng.random() < 0.3:
        return Problem("antiderivative difference", (form,), (Fraction(span[0]), Fraction(span[1])))
    return Problem("antiderivative on positives" if _has_reciprocal(form) else "antiderivative", (form,))


def _has_reciprocal(form: Expression) -> bool:
    """Whether it has values, or a logarithm for its antiderivative, only for positive numbers."""
    match form:
        case Quotient() | Call("ln" | "sqrt"):
            return True
        case _:
            return any(_has_reciprocal(child) for child in children(form))


def span_of(draw: Draw, low: int = 0) -> tuple[int, int]:
    """Two whole numbers, the first from `low` on, where an integral begins and ends."""
    first = low if draw.difficulty == 1 else draw.whole(low if low > 0 else -2, 2 if low <= 0 else low + 1)
    return first, first + draw.whole(1, draw.one_of(3, 3, 3, 3, 4))


def _fitting(draw: Draw, exponent: int) -> int:
    """A coefficient that the new exponent divides, in most cases."""
    return (
        draw.signed(9)
        if draw.difficulty > 3 and draw.whole(0, 1)
        else (exponent + 1) * draw.signed(draw.one_of(3, 4, 4, 6, 9))
    )


def _integrating_powers(draw: Draw) -> Problem:
    exponent = draw.whole(1, draw.one_of(5, 7, 9, 12, 15))
    size = (
        draw.rng.choice((1, exponent + 1))
        if draw.difficulty == 1
        else draw.rng.choice((_fitting(draw, exponent), draw.signed(9)))
    )
    span = (0, draw.whole(1, 2)) if exponent < 5 else None
    return _antiderivative(draw, monomial(size, exponent), span)


def fitting_polynomial(draw: Draw, count: int, high: int) -> Expression:
    """A polynomial whose antiderivative has mostly whole coefficients."""
    return joined([monomial(_fitting(draw, int(exponent)), exponent) for exponent in draw.exponents(count, high)])


def _integrating_polynomials(draw: Draw) -> Problem:
    form = fitting_polynomial(draw, draw.one_of(2, 2, 3, 4, 4), draw.one_of(2, 3, 4, 5, 7))
    return _antiderivative(draw, form, span_of(draw) if draw.difficulty < 4 else None)


def _integrating_any_power(draw: Draw) -> Problem:
    negative = monomial(draw.signed(9), -draw.whole(2, draw.one_of(5, 6, 6, 7, 9)))
    broken = monomial(
        draw.signed(6),
        Fraction(draw.rng.choice((1, 5, 7, -1)), draw.rng.choice((2, 2, 3)) if draw.difficulty > 2 else 2),
    )
    root = scaled(Draw(draw.rng, min(draw.difficulty, 3)), Call("sqrt", VARIABLE))
    form: Expression
    match draw.difficulty:
        case 1:
            form = draw.rng.choice(
                (monomial(1, -draw.whole(2, 9)), monomial(3 * draw.whole(1, 3), Fraction(1, 2)))
            )
        case 2:
            form = draw.rng.choice((negative, broken, root))
        case 3:
            form = draw.rng.choice(
                (Sum((negative, monomial(draw.signed(9), 1))), broken, Sum((root, number(draw.signed(9)))))
            )
        case 4:
            form = draw.rng.choice((joined([monomial(3 * draw.signed(4), 2), negative]), Sum((root, negative))))
        case _:
            form = joined([monomial(draw.signed(9), 3), broken, negative])
    return _antiderivative(draw, form, (1, 4) if form == root else (1, 2) if form == negative else None)


def _integrating_sines(draw: Draw) -> Problem:
    steep = draw.whole(2, draw.one_of(1, 6, 9, 9, 9)) if draw.difficulty > 1 else 1
    wave = scaled(draw, Call(draw.rng.choice(SINES), monomial(steep, 1)))
    other = scaled(draw, Call(draw.rng.choice(SINES), VARIABLE))
    power = monomial(2 * draw.signed(4), 1)
    forms = (
        (other,),
        (wave, other),
        (Sum((other, power)), wave),
        (Sum((wave, monomial(3 * draw.signed(3), 2))), Sum((wave, number(draw.signed(9))))),
        (Sum((wave, power, number(draw.signed(9)))),),
    )
    form = draw.rng.choice(forms[draw.difficulty - 1])
    if draw.rng.random() < 0.3:
        return Problem(
            "angle difference", (other, number(0), written({PI: Fraction(draw.rng.choice((2, 3, 4, 6, 12)), 12)}))
        )
    return _antiderivative(draw, form)


def _integrating_exponentials(draw: Draw) -> Problem:
    steep = draw.rng.choice((1, 2, 3, 4, 5) if draw.difficulty < 3 else (2, 3, -1, -2, 4, 5))
    power = scaled(draw, Call("exp", monomial(steep if draw.difficulty > 1 else 1, 1)))
    forms = (
        (power,),
        (power, times([number(steep), Call("exp", monomial(steep, 1))])),
        (Sum((power, monomial(2 * draw.signed(4), 1))), power),
        (Sum((power, monomial(3 * draw.signed(3), 2))), Sum((number(draw.signed(9)), power))),
        (joined([power, monomial(2 * draw.signed(5), 1), number(draw.signed(9))]),),
    )
    form = draw.rng.choice(forms[draw.difficulty - 1])
    return _antiderivative(draw, form, (0, draw.whole(1, 2)))


def _integrating_reciprocals(draw: Draw) -> Problem:
    over = Quotient(number(draw.signed(draw.one_of(20, 20, 9, 9, 12))), VARIABLE)
    forms = (
        (over,),
        (over, Sum((monomial(2 * draw.signed(4), 1), over))),
        (Sum((over, number(draw.signed(9)))), Sum((monomial(3 * draw.signed(3), 2), over))),
        (joined([monomial(2 * draw.signed(4), 1), over, number(draw.signed(9))]),),
        (
            joined([over, Call("exp", VARIABLE), number(draw.signed(9))]),
            joined([fitting_polynomial(draw, 2, 3), over]),
        ),
    )
    form = draw.rng.choice(forms[draw.difficulty - 1])
    first = draw.rng.choice((1, 1, 2))
    return _antiderivative(draw, form, (first, first + draw.whole(1, 4)))


def _initial_values(draw: Draw) -> Problem:
    form = fitting_polynomial(draw, draw.one_of(1, 2, 2, 3, 3), draw.one_of(2, 2, 3, 3, 4))
    place = (
        0
        if draw.difficulty == 1 and draw.whole(0, 1)
        else draw.whole(1, 2)
        if draw.difficulty < 4
        else nonzero(draw, 2)
    )
    return Problem("initial value", (form,), (Fraction(place), Fraction(nonzero(draw, 12))))


def _linear_substitution(draw: Draw) -> Problem:
    inner = Sum((monomial(draw.whole(2, draw.one_of(4, 5, 6, 7, 9)), 1), number(draw.whole(1, 9))))
    shifted = Sum((monomial(draw.whole(1, 5), 1), number(nonzero(draw, 9))))
    power = Power(shifted, draw.whole(2, draw.one_of(3, 4, 5, 6, 7)))
    names = SINES if draw.difficulty < 3 else (*SINES, "exp")
    function = Call(draw.rng.choice(names), shifted)
    forms = (
        (power,),
        (power, function),
        (scaled(draw, power), Quotient(number(draw.whole(1, 9)), inner), function),
        (scaled(draw, function), times([number(draw.whole(1, 6)), Call("sqrt", inner)])),
        (Sum((power, function)), Quotient(number(draw.size()), inner), Power(inner, -draw.whole(2, 4))),
    )
    form = draw.rng.choice(forms[draw.difficulty - 1])
    return _antiderivative(draw, form, (0, 1) if form == power else None)


def _substitution(draw: Draw) -> Problem:
    degree = draw.one_of(2, 2, draw.whole(2, 3))
    inner = Sum((monomial(draw.one_of(1, 1, draw.whole(1, 3)), degree), number(draw.whole(1, 9))))
    ratio = draw.one_of(1, 1, draw.whole(1, 3), draw.whole(1, 4), draw.whole(1, 5))
    front = times([number(ratio), derivative(inner)]) if draw.difficulty < 4 else monomial(ratio, degree - 1)
    power = Power(inner, draw.whole(2, draw.one_of(4, 6, 6, 6, 7)))
    names: tuple[FunctionName, ...] = ("sin", "cos", "exp")
    call = Call(draw.rng.choice(names), inner)
    wave, other = draw.rng.sample(SINES, 2)
    circle = Product((Power(Call(wave, VARIABLE), draw.whole(2, 5)), Call(other, VARIABLE)))
    logs = Quotient(Power(Call("ln", VARIABLE), draw.whole(2, 4)), VARIABLE)
    forms: tuple[tuple[Expression, ...], ...] = (
        (Product((front, power)),),
        (Product((front, power)), Product((front, call))),
        (Product((front, call)), circle, Quotient(front, inner)),
        (Product((front, Call("sqrt", inner))), circle, Quotient(front, inner), Product((front, call))),
        (
            logs,
            Quotient(front, Power(inner, draw.whole(2, 3))),
            Product((front, Call("sqrt", inner))),
            times([number(ratio), circle]),
        ),
    )
    form = draw.rng.choice(forms[draw.difficulty - 1])
    return _antiderivative(draw, form, (0, 1) if draw.difficulty < 3 and form == Product((front, power)) else None)


def _integration_by_parts(draw: Draw) -> Problem:
    names: tuple[FunctionName, ...] = ("sin", "cos", "exp")
    plain = Call(draw.rng.choice(names), VARIABLE)
    steep = Call(draw.rng.choice(names), monomial(draw.whole(2, 4), 1))
    log = Call("ln", VARIABLE)
    match draw.difficulty:
        case 1:
            form: Expression = Product((monomial(draw.whole(1, 9), 1), plain))
        case 2:
            form = draw.rng.choice(
                (
                    Product((monomial(draw.signed(9), 1), plain)),
                    Product((monomial(draw.whole(1, 3), 1), log)),
                    scaled(draw, log),
                )
            )
        case 3:
            form = draw.rng.choice(
                (Product((monomial(draw.signed(6), 1), steep)), Product((monomial(1, draw.whole(1, 5)), log)))
            )
        case 4:
            form = draw.rng.choice(
                (
                    Product((line(draw.whole(1, 5), nonzero(draw, 9)), plain)),
                    Product((monomial(draw.signed(9), draw.whole(1, 4)), log)),
                )
            )
        case _:
            form = draw.rng.choice(
                (
                    Product((monomial(draw.whole(1, 4), 2), Call("exp", VARIABLE))),
                    Product((line(draw.whole(1, 4), nonzero(draw, 6)), steep)),
                )
            )
    if form == Product((monomial(1, 1), Call("exp", VARIABLE))) or (
        draw.difficulty < 3 and plain.name == "exp" and draw.whole(0, 1)
    ):
        return _antiderivative(
            draw, Product((monomial(draw.whole(1, 9), 1), Call("exp", VARIABLE))), (0, draw.whole(1, 2))
        )
    return _antiderivative(draw, form)


ANTIDERIVATIVE_SHAPES: Mapping[str, Callable[[Draw], Problem]] = MappingProxyType(
    {
        "integrating-powers": _integrating_powers,
        "integrating-polynomials": _integrating_polynomials,
        "integrating-any-power": _integrating_any_power,
        "integrating-sines": _integrating_sines,
        "integrating-exponentials": _integrating_exponentials,
        "integrating-reciprocals": _integrating_reciprocals,
        "initial-values": _initial_values,
        "linear-substitution": _linear_substitution,
        "substitution": _substitution,
        "integration-by-parts": _integration_by_parts,
    }
)
"""How to draw a problem, for every skill about antiderivatives."""
