"""The lines of a solution while it is written, and the one mistake it may contain.

Every rule of the author asks `made(mistake)` where people go wrong, so a wrong solution follows from a wrong rule
line by line, exactly as a right one follows from the right rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.expressions.showing import show
from skilladapt.domains.calculus.authoring.expressions.trees import Expression, Sum

MISTAKES: Mapping[str, str] = MappingProxyType(
    {
        "product sign": "the product of two negative numbers is positive",
        "power sign": "the sign of a power depends on whether the exponent is even or odd",
        "base times exponent": "a power is a repeated product, not the base times the exponent",
        "coefficient inside power": "the power belongs to the variable alone, not to its coefficient",
        "negative value": "a negative exponent means one over the power, not a negative number",
        "exponents multiplied": "exponents of factors are added, not multiplied",
        "exponents added": "the exponents of a power of a power are multiplied, not added",
        "exponents divided": "exponents are subtracted when powers are divided",
        "exponent sign": "a power moved out of the denominator changes the sign of its exponent",
        "coefficients added": "coefficients of factors are multiplied, not added",
        "signs dropped": "a minus sign belongs to the term after it",
        "first term only": "every term in the parentheses must be multiplied",
        "middle forgotten": "every term of one factor meets every term of the other",
        "order swapped": "the inner function goes into the outer one, not the other way round",
        "functions multiplied": "f(g(x)) means putting g(x) into f, not a product",
        "inner taken for outer": "the inner function is under the power, the outer one is the power",
        "constant kept": "the derivative of a constant is 0",
        "exponent kept": "the exponent must drop by one",
        "exponent raised": "the exponent drops by one, it does not grow",
        "factor forgotten": "the old exponent must become a factor",
        "coefficient lost": "the coefficient stays as a factor",
        "second part forgotten": "every part of a sum has its own derivative",
        "derivatives multiplied": "the derivative of a product is not the product of the derivatives",
        "minus between": "the two parts of the product rule are added",
        "inner derivative forgotten": "the derivative of the inner function is missing as a factor",
        "not differentiated": "the derivative, not the function, must be evaluated",
        "once only": "the second derivative needs two differentiations",
        "once too few": "one differentiation is missing",
        "denominators added": "fractions need a common denominator before they are added",
        "numerators kept": "a fraction with a new denominator needs a new numerator, too",
        "halved": "a root is not half of the number",
        "roots added": "a product of roots is the root of the product",
        "square kept": "the root of the square comes out, not the square",
        "sine and cosine mixed up": "sine is the height on the circle, cosine the distance to the right",
        "quadrant forgotten": "the sign depends on the quarter of the circle",
        "factor kept outside": "a factor in front of a logarithm becomes an exponent",
        "minus lost": "the exponent keeps its sign",
        "logarithm of e forgotten": "the logarithm of a power of e is its exponent",
        "arguments added": "a sum of logarithms is the logarithm of the product",
        "factor multiplied in": "a factor in front of a logarithm becomes an exponent inside",
        "root doubled": "a root halves the exponent",
        "term keeps its sign": "a term that changes sides changes its sign",
        "not divided by the coefficient": "the coefficient of the variable is still there and must be divided by",
        "other solution": "this is the other one of the two solutions",
        "signs of solutions": "a factor such as x - 3 is 0 at 3, not at -3",
        "function not undone": "the function around the variable must be undone first",
        "points mixed up": "both differences must be taken in the same order",
        "run over rise": "the slope is the rise over the run",
        "height of the point kept": "b is the height at x = 0, not at the given point",
        "not divided by the time": "a rate is a difference divided by how long it took",
        "one over it": "the inverse function is not one over the function",
        "steps not undone": "every step must be undone by its opposite",
        "numerator taken": "the numerator may be 0, the denominator must not",
        "terms cancelled": "only factors can be cancelled, not single terms of a sum",
        "limit called zero": "0 over 0 says nothing yet about the limit",
        "last terms divided": "for large values the highest powers count, not the last terms",
        "all coefficients counted": "only the coefficients of the highest power count",
        "subtracted instead of divided": "a factor is undone by dividing",
        "square taken apart": "the power of a sum is not the sum of the powers",
        "not divided by h": "the difference must be divided by h",
        "sign changed only": "the slope of the normal is minus one over that of the tangent",
        "turned over only": "the slope of the normal has the other sign, too",
        "step forgotten": "the slope must be multiplied by the step",
        "product half differentiated": "both factors of xy change",
        "upside down": "the part with dy/dx is what must be divided by",
        "minus forgotten": "a term that changes sides changes its sign",
        "extremes exchanged": "a positive second derivative belongs to a minimum",
        "ends forgotten": "the extreme value may lie at an end of the interval",
        "critical points forgotten": "the extreme value may lie where the derivative is 0",
        "bounds exchanged": "the value at the lower bound is subtracted from that at the upper one",
        "lower bound forgotten": "the value at the lower bound must be subtracted",
        "constant taken for the value": "C is what is missing to the given value, not the value itself",
        "constant left out": "the constant C must be found from the given value",
        "subtracted instead": "integrals over neighbouring intervals are added",
        "factor added": "a factor of the function is a factor of its integral",
        "length forgotten": "the integral of a constant is the constant times the length of the interval",
        "lower bound subtracted": "the lower bound does not change, so it adds nothing to the derivative",
        "sign of the area kept": "an area is not negative",
        "ends averaged": "the average is the integral over the length, not the middle of the two ends",
        "not divided by the length": "the integral must be divided by the length of the interval",
        "radius not squared": "the area of a circle has the square of the radius",
        "other ends taken": "left ends leave out the last place, right ends the first",
        "one value too many": "there are as many values as rectangles",
        "multiplied by the rate": "the rate in front of the time must be divided by",
        "rate forgotten": "the rate of the radius or the edge is a factor",
        "place given for value": "the largest value is asked for, not where it is reached",
        "rate times time": "the rate changes, so it must be integrated over the time",
        "start forgotten": "what was there at the start must be added",
        "sine sign": "sine becomes cosine and cosine becomes minus sine, not the other way round",
        "sine kept": "sine and cosine take each other's place when they are differentiated",
        "exponent in front": "a power of e keeps its exponent; the power rule is for powers of the variable",
        "logarithm kept": "the derivative of a logarithm is one over what stands inside",
        "half forgotten": "a root is a power with the exponent one half, which becomes a factor",
        "derivatives divided": "the derivative of a quotient is not the quotient of the derivatives",
        "plus between": "the two parts of the quotient rule are subtracted",
        "square forgotten": "the quotient rule has the square of the denominator below",
        "differentiated instead": "integrating goes the other way round than differentiating",
        "not divided": "the new exponent must become a divisor",
        "divided by the old exponent": "the divisor is the new exponent, not the old one",
        "inner factor forgotten": "the derivative of the inner function must become a divisor",
        "inner factor multiplied": "the factor of the inner function is divided by, not multiplied with",
        "parts added": "the remaining integral is subtracted",
    }
)
"""Common mistakes: name and what to say to someone who made it."""


@dataclass(frozen=True)
class Step:
    """One line of a solution."""

    skill_id: str
    work: str
    """A chain of equal things, ending with the result."""


@dataclass
class Working:
    """The lines written so far; `mistake` is the name of the one mistake to make, None for right work."""

    variable: str
    allowed: frozenset[str] | None = None
    """Skills that lines may name; None allows all."""
    mistake: str | None = None
    steps: list[Step] = field(default_factory=list)
    named: str = ""
    """Letters that the question has given away."""

    def made(self, *mistakes: str) -> bool:
        """Whether one of `mistakes` is to be made."""
        return self.mistake in mistakes

    def show(self, expression: Expression) -> str:
        """The expression as it stands in lines: with the variable and `*` without spaces."""
        return show(expression, self.variable)

    def derivative_of(self, expression: Expression) -> str:
        """The expression in the notation for "derivative of"."""
        return f"d/d{self.variable} [{self.show(expression)}]"

    def integral_of(self, expression: Expression) -> str:
        """The expression in the notation for "integral of"."""
        text = self.show(expression)
        return f"∫ {f'({text})' if isinstance(expression, Sum) else text} d{self.variable}"

    def write(self, skill_ids: str | tuple[str, ...], *sides: Expression | str) -> None:
        """Adds a line: the sides joined by =, repeated ones once, under the first allowed of `skill_ids`.

        The last of them stands in when none is allowed, so it must be one that every caller's exercise requires.
        """
        choices = (skill_ids,) if isinstance(skill_ids, str) else skill_ids
        skill_id = next((id for id in choices if self.allowed is None or id in self.allowed), choices[-1])
        shown: list[str] = []
        for side in sides:
            text = side if isinstance(side, str) else self.show(side)
            if not shown or shown[-1] != text:
                shown.append(text)
        self.steps.append(Step(skill_id, " = ".join(shown)))
