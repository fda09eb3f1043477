"""Draws numbers to work out: fractions, roots, broken exponents, angles, powers of e and logarithms."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.expressions.combining import times
from skilladapt.domains.calculus.authoring.expressions.exact import written
from skilladapt.domains.calculus.authoring.expressions.trees import (
    PI,
    Call,
    Expression,
    FunctionName,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
    joined,
    monomial,
    number,
)
from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.shapes.draw import Draw

_SQUAREFREE = (2, 3, 5, 6, 7, 10)
_PERFECT = {2: (4, 9, 16, 25, 36, 49, 64, 81, 100), 3: (8, 27, 64, 125), 4: (16, 81), 5: (32,)}
"""Whole numbers with a whole root, by the degree of the root."""


def _adding_fractions(draw: Draw) -> Problem:
    def proper() -> Term:
        below = draw.whole(2, draw.one_of(6, 9, 10, 12, 15))
        above = draw.rng.choice([k for k in range(1, below + 4) if Fraction(k, below).denominator == below])
        return number(Fraction(above, below))

    parts: list[Expression] = [proper() for _ in range(draw.one_of(2, 2, 3, 3, 3))]
    signs = [1] + [draw.rng.choice((1, -1)) if draw.difficulty > 1 else 1 for _ in parts[1:]]
    if draw.difficulty > 3:
        parts[-1] = number(draw.whole(1, 4))
    return Problem("fractions", (Sum(tuple(times([number(s), p]) for s, p in zip(signs, parts, strict=True))),))


def _roots(draw: Draw, count: int = 1) -> list[Expression]:
    """Different multiples of one root, each under one."""
    under = draw.rng.choice(_SQUAREFREE)
    factors = draw.rng.sample(range(2, draw.one_of(5, 6, 7, 7, 9) + 1), count)
    return [Call("sqrt", number(under * factor**2)) for factor in factors]


def _square_roots(draw: Draw) -> Problem:
    (root,), (one, other) = _roots(draw), _roots(draw, 2)
    match draw.difficulty:
        case 1:
            form: Expression = draw.rng.choice((root, Call("sqrt", number(draw.whole(3, 15) ** 2))))
        case 2:
            form = draw.rng.choice((root, times([number(draw.whole(2, 5)), root])))
        case 3:
            a, b = draw.rng.sample(_SQUAREFREE, 2)
            form = Product((Call("sqrt", number(a * draw.whole(1, 3))), Call("sqrt", number(b))))
        case 4:
            form = Sum((one, times([number(draw.rng.choice((1, -1, 2))), other])))
        case _:
            factor = number(draw.rng.choice((-3, -2, 2, 3)))
            form = Sum((times([number(draw.whole(2, 4)), one]), times([factor, other])))
    return Problem("root", (form,))


def _fractional_exponents(draw: Draw) -> Problem:
    degree = draw.rng.choice((2, 2, 3, 3, 4))
    base = draw.rng.choice(_PERFECT[degree])
    up = 1 if draw.difficulty == 1 else draw.rng.choice([k for k in range(1, 5) if k % degree and base**k < 10**6])
    exponent = Fraction(-up if draw.difficulty > 2 and draw.rng.random() < 0.5 else up, degree)
    power = Power(number(base), exponent)

    def value() -> Problem:
        if draw.difficulty < 4:
            return Problem("exact", (power,))
        scaled = Product((number(draw.whole(2, 9)), power))
        return Problem("exact", (scaled if draw.difficulty == 4 else Sum((scaled, number(draw.signed(9)))),))

    def as_power() -> Problem:
        root = Call("sqrt", monomial(1, draw.rng.choice((1, 3, 5, 7, 9, 11))))
        low, high = monomial(1, draw.whole(1, 9)), monomial(1, draw.whole(2, 9))
        forms = ((root,), (root, Product((low, root))), (Product((high, root)), Quotient(number(1), root)))
        more = (Quotient(high, root), Quotient(root, low))
        return Problem(
            "exponent", (draw.rng.choice((*forms[min(draw.difficulty, 3) - 1], *more[: draw.difficulty - 3])),)
        )

    return draw.either(value, value, as_power)


def _angle(draw: Draw, high: int) -> Expression:
    """A multiple of pi/6 or pi/4 below `high` times pi/12."""
    twelfths = [k for k in range(2, high + 1) if k % 2 == 0 or k % 3 == 0]
    return written({PI: Fraction(draw.rng.choice(twelfths), 12)})


def _trigonometric_values(draw: Draw) -> Problem:
    high = draw.one_of(6, 12, 24, 24, 24)
    names: tuple[FunctionName, ...] = (
        ("sin", "cos") if draw.difficulty == 1 else ("sin", "cos", "sin", "cos", "tan")
    )

    def call() -> Expression:
        return Call(draw.rng.choice(names), _angle(draw, high))

    def scaled(part: Expression) -> Expression:
        return times([number(2 * draw.whole(1, 5)), part])

    match draw.difficulty:
        case 1 | 2 | 3:
            form = draw.rng.choice((scaled(call()), call()))
        case 4:
            one = call()
            while (other := call()) == one:
                pass
            form = Sum((scaled(one), times([number(draw.rng.choice((1, -1))), scaled(other)])))
        case _:
            square = Power(Call(draw.rng.choice(("sin", "cos")), _angle(draw, high)), 2)
            form = Sum((times([number(4 * draw.whole(1, 3)), square]), scaled(call())))
    return Problem("exact", (form,))


def _power_of_e(exponent: Fraction | int) -> Expression:
    return Call("exp", number(exponent))


def _powers_of_e(draw: Draw) -> Problem:
    a, b, c = (draw.whole(2, draw.one_of(9, 9, 9, 9, 7)) for _ in range(3))
    match draw.difficulty:
        case 1:
            form: Expression = Product((_power_of_e(a), _power_of_e(b)))
        case 2:
            form = Quotient(_power_of_e(a + b), _power_of_e(a))
        case 3:
            form = draw.rng.choice(
                (Power(_power_of_e(a), draw.whole(2, 3)), Product((_power_of_e(a), _power_of_e(-a - b))))
            )
        case 4:
            form = Quotient(Product((_power_of_e(a), _power_of_e(b))), _power_of_e(c + a + b))
        case _:
            form = Product((Power(_power_of_e(a), draw.whole(2, 4)), _power_of_e(Fraction(b, 2))))
    return Problem("power of e", (form,))


def _natural_logarithm(draw: Draw) -> Problem:
    k, n = draw.whole(2, draw.one_of(30, 30, 15, 15, 15)), draw.whole(2, 9)
    log = Call("ln", _power_of_e(k))
    match draw.difficulty:
        case 1:
            form: Expression = draw.rng.choice((log, Call("exp", Call("ln", number(k)))))
        case 2:
            form = draw.rng.choice((Call("ln", _power_of_e(-k)), Call("ln", Quotient(number(1), _power_of_e(k)))))
        case 3:
            form = Sum((times([number(n), log]), number(draw.signed(20))))
        case 4:
            half = Call("ln", _power_of_e(Fraction(2 * k + 1, 2)))
            power = Call("exp", times([number(draw.whole(2, 3)), Call("ln", number(n))]))
            form = draw.rng.choice((power, times([number(n), half])))
        case _:
            power = Call("exp", times([number(draw.rng.choice((2, -1))), Call("ln", number(n))]))
            form = Sum((power, times([number(draw.signed(9)), log])))
    return Problem("exact", (form,))


def _logarithm_laws(draw: Draw) -> Problem:
    a, b, c = draw.rng.sample((2, 3, 5, 6, 7, 10, 11), 3)
    size = draw.whole(2, draw.one_of(9, 12, 4, 4, 4))
    first, second, third = (Call("ln", number(k)) for k in (a, b, c))
    match draw.difficulty:
        case 1:
            form: Expression = Sum((Call("ln", number(a * draw.whole(1, 3))), second))
        case 2:
            form = Sum((Call("ln", number(a * size)), times([number(-1), draw.rng.choice((first, second))])))
        case 3:
            form = Sum((times([number(draw.whole(2, 4)), first]), second))
        case 4:
            form = Sum((times([number(draw.whole(2, 3)), first]), times([number(-draw.whole(1, 2)), second])))
        case _:
            form = joined([times([number(draw.whole(2, 3)), first]), second, times([number(-1), third])])
    return Problem("logarithm", (form,))


CONSTANT_SHAPES: Mapping[str, Callable[[Draw], Problem]] = MappingProxyType(
    {
        "adding-fractions": _adding_fractions,
        "square-roots": _square_roots,
        "fractional-exponents": _fractional_exponents,
        "trigonometric-values": _trigonometric_values,
        "powers-of-e": _powers_of_e,
        "natural-logarithm": _natural_logarithm,
        "logarithm-laws": _logarithm_laws,
    }
)
"""How to draw a problem, for every skill about numbers that are not whole."""
