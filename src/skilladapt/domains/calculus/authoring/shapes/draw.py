"""A source of numbers and polynomials that fit a difficulty.

Difficulties 1 and 2 keep coefficients and exponents at one digit; 3 adds terms and signs, 4 and 5 larger numbers
and composed forms.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from skilladapt.domains.calculus.authoring.expressions.trees import (
    Expression,
    Power,
    Sum,
    Term,
    joined,
    monomial,
    number,
)
from skilladapt.domains.calculus.authoring.problem import Problem

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

    def powers(self, count: int, high: int) -> list[Expression]:
        """`count` powers without coefficients, exponents from 1 to `high`."""
        return [monomial(1, self.whole(1, high)) for _ in range(count)]

    def power_of_power(self, high: int) -> Power:
        """A power of a power such as `(x^3)^2`, the inner exponent up to `high`."""
        return Power(monomial(1, self.whole(2, high)), self.whole(2, min(high, 9)))
