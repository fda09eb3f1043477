"""Puts a number into an expression and works it out, in one line."""

from fractions import Fraction

from skilladapt.domains.calculus.authoring.expressions.combining import substitute
from skilladapt.domains.calculus.authoring.expressions.exact import exact_value, written
from skilladapt.domains.calculus.authoring.expressions.trees import (
    Expression,
    Term,
    is_elementary,
    is_number,
    number,
)
from skilladapt.domains.calculus.authoring.rules.arithmetic import evaluate
from skilladapt.domains.calculus.authoring.rules.working import Working


def put_in(
    expression: Expression, point: Expression, skill_id: str | tuple[str, ...], working: Working
) -> Expression:
    """The value at `point`, in one line that shows the number put in."""
    replaced = substitute(expression, point)
    if is_number(replaced):
        working.write(skill_id, replaced)
        return replaced
    if is_elementary(replaced):
        value = written(exact_value(expression, exact_value(point, {})))
        working.write(skill_id, replaced, value)
        return value
    return number(evaluate(replaced, skill_id, working))


def fraction(value: Expression) -> Fraction:
    """The number as a fraction, which it must be."""
    assert isinstance(value, Term)
    return value.coefficient
