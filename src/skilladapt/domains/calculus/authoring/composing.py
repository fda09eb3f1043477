"""Draws problems that join several skills, so that one who lacks any of them fails.

It only proposes: whether a solution really names every skill is checked on the solution itself.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import islice

from skilladapt.domains.calculus.authoring.expressions.combining import expand
from skilladapt.domains.calculus.authoring.expressions.trees import (
    Expression,
    Power,
    Product,
    Term,
    has_variable,
    joined,
    monomial,
    number,
    terms_of,
)
from skilladapt.domains.calculus.authoring.problem import Problem, join, link, says_f
from skilladapt.domains.calculus.authoring.shapes.algebra import ALGEBRA_SHAPES
from skilladapt.domains.calculus.authoring.shapes.derivatives import DERIVATIVE_SHAPES
from skilladapt.domains.calculus.authoring.shapes.draw import Draw
from skilladapt.domains.calculus.authoring.shapes.tables import SHAPES
from skilladapt.domains.calculus.authoring.wordings.tables import STYLES

_RULES = frozenset(
    {
        "constant-rule",
        "power-rule",
        "constant-multiple",
        "sum-rule",
        "polynomial-derivatives",
        "negative-powers",
        "product-rule",
        "chain-rule",
        "product-with-chain",
    }
)
_USES = frozenset({"derivative-value", "tangent-slope", "second-derivative"})
_FORMS = frozenset({"derivative", "expanded derivative", "simplify", "compute"})
"""Tasks whose expression can become a part of a larger one."""
_POLYNOMIAL = frozenset({*ALGEBRA_SHAPES, *DERIVATIVE_SHAPES})
"""Skills whose expressions can be put into one another."""
_PLAIN = frozenset({"evaluating-powers", "constant-rule"})
"""Skills whose parts are numbers."""


def propose(skill_ids: Sequence[str], difficulty: int, tries: int, rng: random.Random) -> Iterator[Problem]:
    """At most `tries` problems of each kind that may need all of `skill_ids`, in forms chosen by `rng`."""
    easier = Draw(rng, max(1, difficulty - 1))
    if set(skill_ids) <= _POLYNOMIAL:
        yield from islice(_forms(skill_ids, easier), tries)
    # A number put into a function is more of a problem than their sum, so that is tried for a while.
    yield from islice(_pairs(skill_ids, easier, _linked), max(1, tries // 10))
    yield from islice(_pairs(skill_ids, easier, _joined), tries)


def _forms(skill_ids: Sequence[str], draw: Draw) -> Iterator[Problem]:
    """Endlessly: one expression that needs all of them, asked for in one of many ways."""
    while True:
        yield from _Joint(skill_ids, draw).problems()


def _pairs(
    skill_ids: Sequence[str], draw: Draw, together: Callable[[Problem, Problem, Draw], Problem]
) -> Iterator[Problem]:
    """Endlessly: a problem of one of the skills, which may need the others, and two questions made one."""
    while True:
        found = [_with_noun(skill_id, draw) for skill_id in skill_ids]
        yield from (SHAPES[skill_id](draw) for skill_id in skill_ids)
        named = [part for part in found if part is not None]
        if len(found) == len(named) == 2 and not all(map(says_f, named)):
            yield together(named[0], named[1], draw)


def _joined(first: Problem, second: Problem, draw: Draw) -> Problem:
    return join(first, second, draw.rng.choice(("+", "-")))


def _linked(first: Problem, second: Problem, draw: Draw) -> Problem:
    return link(*draw.rng.sample((first, second), 2))


def _with_noun(skill_id: str, draw: Draw) -> Problem | None:
    """A problem of the skill whose result can be spoken of; None where none comes up."""
    problems = (SHAPES[skill_id](draw) for _ in range(40))
    return next((problem for problem in problems if STYLES[problem.style].noun), None)


class _Joint:
    """One choice of parts for the skills, and the ways to ask for them together."""

    def __init__(self, skill_ids: Sequence[str], draw: Draw) -> None:
        self._skills = frozenset(skill_ids)
        self._draw = draw
        ordered = [id for id in SHAPES if id in self._skills]
        self._parts = [part for id in ordered if (part := _part(id, draw)) is not None]
        self._point = Fraction(draw.rng.choice((1, 2, 3) if draw.difficulty < 3 else (-3, -2, -1, 1, 2, 3)))

    def problems(self) -> list[Problem]:
        """The ways, shuffled."""
        ways = [*self._single(), *self._numbers(), *self._functions()]
        if self._skills & _USES:
            ways += self._uses()
        elif self._skills & _RULES:
            ways += self._derivatives()
        elif self._parts:
            ways += self._algebra()
        self._draw.rng.shuffle(ways)
        return ways

    def _single(self) -> list[Problem]:
        """A problem of one of the skills may happen to need the others."""
        return [SHAPES[id](self._draw) for id in sorted(self._skills) if id in SHAPES]

    def _whole(self) -> Expression:
        return joined(self._parts)

    def _algebra(self) -> list[Problem]:
        whole = self._whole()
        if not has_variable(whole):
            return [Problem("compute", (whole,))]
        ways = [Problem("simplest", (whole,)), Problem("simplified value", (whole,), (self._point,))]
        product = Product(tuple(self._parts))
        if len(self._parts) == 2 and isinstance(result := expand(product), Term) and result.exponent:
            ways.append(Problem("power" if result.coefficient == 1 else "monomial", (product,)))
        return ways

    def _numbers(self) -> list[Problem]:
        """A number to put in that has to be worked out first."""
        draw = self._draw
        numeric = SHAPES["signed-numbers" if "signed-numbers" in self._skills else "evaluating-powers"]
        inner = draw.polynomial(2, 2, 4)
        point = numeric(Draw(draw.rng, 1)).expressions[0]
        return [
            Problem("computed value", (inner, point)),
            Problem("nested value", (draw.linear(1, 4), inner), (self._point,)),
        ]

    def _functions(self) -> list[Problem]:
        if not self._skills & {"composing-functions", "inner-and-outer"}:
            return []
        draw = self._draw
        inner = draw.linear(draw.whole(1, 2), 5)
        outer = monomial(1, draw.whole(2, 3))
        power = Power(draw.linear(draw.whole(1, 2), 5), draw.whole(2, 7))
        curved = Power(draw.polynomial(2, 4, 9, low=2), draw.whole(2, 6))
        return [
            Problem("composition derivative", (monomial(1, draw.whole(2, 6)), inner)),
            Problem("composition derivative", (draw.linear(1, 5), draw.polynomial(2, 4, 9, low=2))),
            Problem("composition value", (draw.linear(2, 3), draw.linear(1, 4)), (self._point,)),
            Problem("expanded composition", (outer, inner)),
            Problem("expanded composition", (draw.linear(1, 5), inner)),
            Problem("swapped composition", (Power(draw.linear(1, 9), draw.whole(2, 7)),)),
            Problem("inner derivative", (curved,)),
            Problem("named chain", (power,)),
        ]

    def _derivatives(self) -> list[Problem]:
        draw, whole = self._draw, self._whole()
        ways = [
            Problem("derivative", (whole,)),
            _simplify_first(whole),
            Problem("derivative value", (whole,), (self._point,)),
            Problem("derivative", (Product((monomial(1, 1), draw.linear(), draw.linear())),)),
        ]
        if len(self._parts) == 2:
            ways.append(Problem("two derivatives", tuple(self._parts)))
        if "negative-exponents" in self._skills:
            high, low = draw.whole(4, 9), draw.whole(1, 2)
            ways.append(_simplify_first(Product((monomial(draw.size(), high), monomial(1, -low)))))
        if "function-values" in self._skills:
            known = draw.polynomial(2, 3, 9)
            ways.append(Problem("shifted value", (known,), (Fraction(draw.size()), self._point)))
        return ways + [_simplify_first(part) for part in self._parts]

    def _uses(self) -> list[Problem]:
        draw, point = self._draw, (self._point,)
        whole = self._whole() if self._parts else draw.polynomial(2, 3, 9, low=2)
        if "second-derivative" in self._skills:
            return [Problem("second derivative", (whole,)), Problem("second value", (whole,), point)]
        if self._skills >= {"derivative-value", "tangent-slope"}:
            other = Fraction(draw.whole(-3, 0))
            return [Problem("two slopes", (whole,), (*point, other))]
        slope = "slope" if "tangent-slope" in self._skills else "derivative value"
        return [Problem(slope, (whole,), point), Problem("value and derivative", (whole,), point)]


def _simplify_first(expression: Expression) -> Problem:
    """Simplify, then differentiate; only what has no negative powers is called a polynomial."""
    plain = all(term.exponent >= 0 for term in terms_of(expand(expression)))
    return Problem("expanded derivative" if plain else "simplified derivative", (expression,))


def _part(skill_id: str, draw: Draw) -> Expression | None:
    """An expression that needs the skill, None for a skill that is about something else."""
    if skill_id == "signed-numbers":
        return Product((number(-draw.size()), number(draw.signed(9))))
    problem = SHAPES[skill_id](draw)
    for _ in range(20):
        form = problem.expressions[0]
        if problem.task in _FORMS and (has_variable(form) or skill_id in _PLAIN):
            return form
        problem = SHAPES[skill_id](draw)
    return None
