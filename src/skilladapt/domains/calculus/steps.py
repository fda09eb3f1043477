"""The steps of a solution, checked where they state equations.

Each line may state several, between words: `Power rule: d/dx [3x^4] = 4*3x^3 = 12x^3, so f'(2) = 96`. `u = 2x + 3`
and `f(x) = ...` say what a letter stands for, and later equations may use it. What cannot be read is no claim.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from skilladapt.domains.calculus.meanings import Question
from skilladapt.verification.answers import Equality
from skilladapt.verification.expressions import Applied, Definition, Expression, Number, letters, parts
from skilladapt.verification.parsing import parse_expression
from skilladapt.verification.tokens import FUNCTIONS, ParseFailure

_RECOUNTS: Final = re.compile(r"\b(?:but|instead|not|wrong|mistake|forgot|should)\b", re.IGNORECASE)
"""Words of a line that tells about a student's mistake: its equations are not claimed to hold."""
_BREAK: Final = re.compile(
    rf"\b(?!(?:d[a-z]|{'|'.join(sorted(FUNCTIONS | {'pi'}))})\b)[A-Za-z]{{2,}}\b|[,;:?]|\.(?=\s|$)|=>|->"
)
_DEFINED: Final = re.compile(r"\s*([a-zA-Z])\s*(?:\(\s*([a-z])\s*\))?\s*")
_CALL: Final = re.compile(r"([a-zA-Z])'*\(\s*[a-z]\s*\)|([a-zA-Z])'")


def false_step(solution: str, question: Question, equal: Equality) -> str:
    """The first false equation, as `step N: ... is not ...`; empty when there is none."""
    known = dict(question.definitions)
    points = list(_points(question.target))
    for number, line in enumerate(solution.splitlines(), 1):
        if _RECOUNTS.search(line):
            continue
        here = list(points)
        for clause in _BREAK.split(line):
            sides = [side.strip() for side in clause.split("=")]
            if len(sides) < 2 or not all(sides):
                continue
            point = _set_to_number(sides, question, known)
            if point is not None:
                here.append(point)
                continue
            fault = _false_clause(sides, known, here, equal)
            if fault:
                return f"step {number}: {fault}"
    return ""


def _false_clause(
    sides: list[str], known: dict[str, Definition], points: list[tuple[str, Number]], equal: Equality
) -> str:
    defined = _DEFINED.fullmatch(sides[0])
    try:
        if defined and defined[1] not in known:
            bodies = [_read(side, known) for side in sides[1:]]
            variable = defined[2] or next(iter(sorted(letters(bodies[0]))), "x")
            if defined[1] != variable:
                known[defined[1]] = Definition(variable, bodies[0])
            sides = sides[1:]
        else:
            bodies = [_read(side, known) for side in sides]
    except ParseFailure:
        return ""
    for index in range(len(bodies) - 1):
        left, right = bodies[index], bodies[index + 1]
        if equal(left, right) is False and not any(
            equal(_at(left, point), _at(right, point)) is True for point in points
        ):
            return f"{sides[index][:60]} is not {sides[index + 1][:60]}"
    return ""


def _read(side: str, known: Mapping[str, Definition]) -> Expression:
    for match in _CALL.finditer(side):
        if (match[1] or match[2]) not in known:
            raise ParseFailure("a function that nothing is known of")
    return parse_expression(side, known)


def _at(expression: Expression, point: tuple[str, Number]) -> Expression:
    name, value = point
    return Applied(expression, name, 0, value)


def _points(expression: Expression) -> Iterator[tuple[str, Number]]:
    """Where the question itself sets a letter to a number: equations may hold there only (`6x = 6*2 = 12`)."""
    if isinstance(expression, Applied) and isinstance(expression.argument, Number):
        yield expression.variable, expression.argument
    for part in parts(expression):
        yield from _points(part)


def _set_to_number(
    sides: list[str], question: Question, known: Mapping[str, Definition]
) -> tuple[str, Number] | None:
    """`x = 2`, for the letter that the question's functions depend on: a place, neither claim nor definition."""
    if len(sides) != 2 or not re.fullmatch(r"[a-z]", sides[0]) or sides[0] in known:
        return None
    try:
        value = parse_expression(sides[1])
    except ParseFailure:
        return None
    if letters(value) or not isinstance(value, Number):
        return None
    variables = {rule.variable for rule in question.definitions.values()} | letters(question.target)
    return (sides[0], value) if sides[0] in variables or sides[0] == "x" else None
