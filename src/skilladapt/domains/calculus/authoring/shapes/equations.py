"""Draws equations, lines, and questions about functions as wholes. Nothing here knows an answer."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

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
)
from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.shapes.draw import Draw


def line(slope: Fraction | int, height: Fraction | int) -> Expression:
    """`slope * x + height`, without what is 0."""
    return joined([monomial(slope, 1), number(height)]) if height else monomial(slope, 1)


def nonzero(draw: Draw, high: int) -> int:
    """A whole number from `-high` to `high`, not 0."""
    return draw.whole(1, high) * draw.rng.choice((1, -1))


def _linear_equations(draw: Draw) -> Problem:
    x = draw.whole(1, 9) if draw.difficulty == 1 else nonzero(draw, draw.one_of(9, 9, 9, 12, 12))
    a, b, c = draw.whole(2, 9), nonzero(draw, 9), nonzero(draw, 9)
    left: Expression
    right: Expression
    match draw.difficulty:
        case 1:
            left, right = line(a, b), number(a * x + b)
        case 2:
            c = draw.rng.choice([k for k in range(1, 10) if k != a])
            left, right = line(a, b), line(c, a * x + b - c * x)
        case 3:
            left, right = Product((number(a), Sum((VARIABLE, number(b))))), number(a * (x + b))
        case 4:
            left = joined([Product((number(a), Sum((VARIABLE, number(b))))), number(c)])
            slope = draw.rng.choice([k for k in range(-5, 10) if k not in (0, a)])
            right = line(slope, a * (x + b) + c - slope * x)
        case _:
            slope = draw.rng.choice([k for k in range(2, 12) if k != a])
            left, right = Product((number(a), line(1, b))), line(slope, c)
    return Problem("equation", (left, right))


def _quadratic_equations(draw: Draw) -> Problem:
    first, second = draw.rng.sample([k for k in range(-9, 10) if k], 2)
    sign: Literal["+", "-"] = draw.rng.choice(("+", "-"))
    product = expand(Product((line(1, -first), line(1, -second))))
    left: Expression
    right: Expression
    match draw.difficulty:
        case 1:
            square = draw.whole(2, 15) ** 2
            left, right = draw.rng.choice(((monomial(1, 2), number(square)), (line2(1, 0, -square), number(0))))
        case 2:
            left, right = product, number(0)
        case 3:
            moved = line(nonzero(draw, 6), nonzero(draw, 9))
            left, right = expand(Sum((product, moved))), moved
        case 4:
            steep = draw.whole(2, 4)
            shifted = first if first != steep * second else first + 1
            left, right = expand(Product((line(steep, -shifted), line(1, -second)))), number(0)
        case _:
            middle, inside = nonzero(draw, 5), draw.rng.choice((2, 3, 5, 6, 7, 8, 10, 12))
            left, right = line2(1, -2 * middle, middle**2 - inside), number(0)
    return Problem("which solution", (left, right), (), sign)


def line2(square: int, slope: int, height: int) -> Expression:
    """`square * x^2 + slope * x + height`, collected."""
    return expand(Sum((monomial(square, 2), monomial(slope, 1), number(height))))


def _exponential_equations(draw: Draw) -> Problem:
    a, b, k = draw.whole(2, 9), draw.whole(1, 9), draw.rng.choice([k for k in range(2, 30)])
    power = Call("exp", monomial(a, 1))
    left: Expression
    right: Expression
    match draw.difficulty:
        case 1:
            left, right = (
                (Call("exp", VARIABLE), number(k))
                if draw.whole(0, 1)
                else (Call("ln", VARIABLE), number(k % 4 + 1))
            )
        case 2:
            left, right = power, number(k)
        case 3:
            steep, up = draw.whole(2, 5), k % 3 + 1
            left, right = draw.rng.choice(
                (
                    (times([number(b + 1), power]), number((b + 1) * k)),
                    (times([number(steep), Call("ln", VARIABLE)]), number(steep * up)),
                )
            )
        case 4:
            left, right = draw.rng.choice(
                (
                    (Sum((times([number(a), Call("exp", VARIABLE)]), number(b))), number(a * k + b)),
                    (Call("ln", monomial(a, 1)), number(k % 3 + 2)),
                )
            )
        case _:
            inside = line(draw.whole(2, 5), draw.whole(1, 5))
            left, right = draw.rng.choice(
                ((Call("exp", inside), number(k)), (Call("ln", inside), number(k % 2 + 2)))
            )
    return Problem("equation", (left, right))


def _points(draw: Draw) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """Two points with different first coordinates; their slope is whole below difficulty 4."""
    high = draw.one_of(6, 6, 8, 9, 12)
    a, d = draw.rng.sample(range(0 if draw.difficulty == 1 else -high, high + 1), 2)
    b = draw.whole(0 if draw.difficulty == 1 else -high, high)
    slope = nonzero(draw, draw.one_of(4, 5, 6))
    k = (
        b + slope * (d - a)
        if draw.difficulty < 4
        else draw.rng.choice([y for y in range(-high, high + 1) if y != b])
    )
    return Fraction(a), Fraction(b), Fraction(d), Fraction(k)


def _slope_of_a_line(draw: Draw) -> Problem:
    return Problem("slope of points", (), _points(draw))


def _equation_of_a_line(draw: Draw) -> Problem:
    def through_points() -> Problem:
        return Problem("line through points", (), _points(draw))

    def through_point() -> Problem:
        slope = Fraction(nonzero(draw, 7), draw.one_of(1, 1, 1, 2, 3))
        return Problem("line through point", (), (Fraction(nonzero(draw, 9)), Fraction(nonzero(draw, 12)), slope))

    def value() -> Problem:
        a, k = draw.rng.sample(range(-6, 7), 2)
        numbers = (Fraction(a), Fraction(nonzero(draw, 9)), Fraction(nonzero(draw, 5)), Fraction(k))
        return Problem("line value", (), numbers)

    forms = (
        (through_point,),
        (through_point, value),
        (through_points, value),
        (through_points,),
        (through_points, through_point),
    )
    return draw.either(*forms[draw.difficulty - 1])


def _average_rate(draw: Draw) -> Problem:
    low = draw.whole(0, 3) if draw.difficulty < 3 else draw.whole(-4, 3)
    high = low + draw.whole(1, draw.one_of(3, 4, 4, 5, 6))
    form = draw.polynomial(
        draw.one_of(1, 2, 3, 3, 4), draw.one_of(2, 2, 2, 3, 3), draw.one_of(5, 5, 6, 6, 6), low=2
    )
    if draw.difficulty > 3 and draw.rng.random() < 0.3:
        low, high = draw.rng.choice(((1, 2), (1, 4), (2, 4), (1, 5)))
        form = Quotient(number(draw.size() * 2), VARIABLE)
    return Problem("average rate", (form,), (Fraction(low), Fraction(high)))


def _inverse_functions(draw: Draw) -> Problem:
    a, b = draw.whole(2, draw.one_of(9, 9, 9, 6, 6)), nonzero(draw, draw.one_of(20, 9, 12, 2, 2))
    match draw.difficulty:
        case 1:
            form: Expression = draw.rng.choice((line(1, b), monomial(a, 1), line(a, b)))
        case 2:
            form = line(a * draw.rng.choice((1, -1)), b)
        case 3:
            form = draw.rng.choice((Quotient(line(1, b), number(a)), line(Fraction(1, a), b)))
        case 4:
            form = draw.rng.choice(
                (Sum((Call("exp", VARIABLE), number(b))), Call("exp", monomial(a, 1)), Call("ln", monomial(a, 1)))
            )
        case _:
            form = draw.rng.choice(
                (
                    Sum((times([number(a), Call("exp", VARIABLE)]), number(b))),
                    Sum((Call("ln", VARIABLE), number(b))),
                    Call("exp", line(a, b)),
                )
            )
    return Problem("inverse", (form,))


def _domains(draw: Draw) -> Problem:
    a = draw.whole(1 if draw.difficulty == 1 else 2, draw.one_of(2, 6, 7, 9, 9))
    zero = (
        Fraction(nonzero(draw, 9)) if draw.difficulty < 4 else Fraction(nonzero(draw, 15), draw.rng.choice((1, a)))
    )
    inner = line(a, -a * zero)

    def quotient() -> Problem:
        top = (
            number(draw.size())
            if draw.difficulty < 3
            else draw.rng.choice((VARIABLE, line(1, -zero + nonzero(draw, 5))))
        )
        return Problem("undefined at", (Quotient(top, inner),))

    def root() -> Problem:
        if draw.difficulty > 2 and draw.whole(0, 1):
            return Problem(
                "defined from", (Call("sqrt", Sum((number(a * zero), Term(Fraction(-a), 1)))),), (), "-"
            )
        return Problem("defined from", (times([number(draw.whole(1, 4)), Call("sqrt", inner)]),))

    def log() -> Problem:
        return Problem("logarithm from", (times([number(draw.whole(1, 4)), Call("ln", inner)]),))

    return draw.either(quotient, root) if draw.difficulty == 1 else draw.either(quotient, root, log)


EQUATION_SHAPES: Mapping[str, Callable[[Draw], Problem]] = MappingProxyType(
    {
        "linear-equations": _linear_equations,
        "quadratic-equations": _quadratic_equations,
        "exponential-equations": _exponential_equations,
        "slope-of-a-line": _slope_of_a_line,
        "equation-of-a-line": _equation_of_a_line,
        "average-rate": _average_rate,
        "inverse-functions": _inverse_functions,
        "domains": _domains,
    }
)
"""How to draw a problem, for every skill about equations, lines and whole functions."""
