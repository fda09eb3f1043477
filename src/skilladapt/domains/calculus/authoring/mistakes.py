"""Wrong solutions that look right, and the mistake behind a student's wrong answer.

A slip changes the result in the last line; a wrong step follows a wrong rule from where it is used to the answer.
"""

import random
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.expressions.combining import collect
from skilladapt.domains.calculus.authoring.expressions.notation import NotationError, read_expression, variable_of
from skilladapt.domains.calculus.authoring.expressions.showing import show
from skilladapt.domains.calculus.authoring.expressions.trees import (
    Expression,
    Power,
    Product,
    Sum,
    Term,
    Words,
    is_polynomial,
    joined,
    number,
    terms_of,
)
from skilladapt.domains.calculus.authoring.expressions.values import same
from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.rules.working import MISTAKES
from skilladapt.domains.calculus.authoring.solving.solution import Solution
from skilladapt.domains.calculus.authoring.solving.solve import solve
from skilladapt.records import ANSWER_MARK


def wrong_solutions(problem: Problem, allowed: frozenset[str] | None) -> dict[str, Solution]:
    """For every common mistake that changes the answer, its name and the solution it leads to."""
    right = solve(problem, allowed)
    found = {}
    for mistake in MISTAKES:
        try:
            wrong = solve(problem, allowed, mistake)
        except (ArithmeticError, AssertionError, LookupError, ValueError):
            continue  # the mistake leads to something the next rule cannot take up, such as a division by 0
        if wrong.steps and wrong.answer_type == right.answer_type and not same(wrong.result, right.result):
            found[mistake] = wrong
    return found


def read_answer(reply: str) -> tuple[str, Expression] | None:
    """The final answer of a student's reply in the author's own notation, None when there is none to read.

    What was read is printed again from the expression, so no text of the student's gets into a material.
    """
    line = reply.rsplit(ANSWER_MARK, 1)[-1].strip().split("\n", 1)[0]
    text = re.sub(r"^[A-Za-z]?'{0,2}(\([a-z]\))?\s*=", "", line).strip().rstrip(".")
    text = re.sub(r"\+\s*C$", "", text).strip()
    try:
        variable = variable_of(text)
        expression = read_expression(text, variable)
    except NotationError:
        return None
    return show(expression, variable), expression


def name_mistake(problem: Problem, answer: Expression, allowed: frozenset[str] | None) -> str | None:
    """The common mistake that leads to `answer`, None when no single one does."""
    wrong = wrong_solutions(problem, allowed)
    return next((mistake for mistake, solution in wrong.items() if same(solution.result, answer)), None)


# --- slips -------------------------------------------------------------------------------------------------


def _change_coefficient(
    expression: Expression, rng: random.Random, change: Callable[[Fraction], Fraction]
) -> Expression:
    """One term, chosen by `rng`, with another coefficient."""
    match expression:
        case Words():
            return expression
        case Term(coefficient, exponent):
            return Term(change(coefficient), exponent)
        case Sum(parts):
            index = rng.randrange(len(parts))
            changed = _change_coefficient(parts[index], rng, change)
            return joined([*parts[:index], changed, *parts[index + 1 :]])
        case Product((Term() as first, *rest)):
            return Product((Term(_not_zero(first.coefficient, change), first.exponent), *rest))
        case Product(factors):
            return Product((number(_not_zero(Fraction(1), change)), *factors))
        case _:
            return Product((number(_not_zero(Fraction(1), change)), expression))


def _not_zero(coefficient: Fraction, change: Callable[[Fraction], Fraction]) -> Fraction:
    """Nobody writes 0 in front of a function."""
    return change(coefficient) or 2 * coefficient


def _sign(expression: Expression, rng: random.Random) -> Expression | None:
    return _change_coefficient(expression, rng, lambda coefficient: -coefficient)


def _coefficient(expression: Expression, rng: random.Random) -> Expression | None:
    step = rng.choice((-3, -2, 2, 3))
    return _change_coefficient(expression, rng, lambda coefficient: coefficient + step)


def _off_by_one(expression: Expression, rng: random.Random) -> Expression | None:
    step = rng.choice((-1, 1))
    return _change_coefficient(expression, rng, lambda coefficient: coefficient + step)


def _exponent(expression: Expression, rng: random.Random) -> Expression | None:
    step = rng.choice((-1, 1))
    match expression:
        case Term(coefficient, exponent) if exponent != 0:
            return Term(coefficient, exponent + step)
        case Sum(parts) if is_polynomial(expression):
            index = rng.randrange(len(parts))
            changed = _exponent(parts[index], rng)
            terms = terms_of(joined([*parts[:index], *([changed] if changed else []), *parts[index + 1 :]]))
            return collect(terms) if changed else None
        case Power(base, exponent) if exponent + step > 1:
            return Power(base, exponent + step)
        case Product((*rest, Power(base, exponent))) if exponent + step > 1:
            return Product((*rest, Power(base, exponent + step)))
        case _:
            return None


def _forgotten_term(expression: Expression, rng: random.Random) -> Expression | None:
    if not isinstance(expression, Sum):
        return None
    index = rng.randrange(len(expression.parts))
    return joined([*expression.parts[:index], *expression.parts[index + 1 :]])


SLIPS: Mapping[str, Callable[[Expression, random.Random], Expression | None]] = MappingProxyType(
    {
        "sign": _sign,
        "coefficient": _coefficient,
        "off_by_one": _off_by_one,
        "exponent": _exponent,
        "forgotten_term": _forgotten_term,
    }
)
"""Ways to get a result slightly wrong; each gives None where it does not apply."""
