"""The steps of a solution, checked where they state equations.

A line may state several, between words: `Power rule: d/dx [3x^4] = 4*3x^3 = 12x^3, so f'(2) = 96`. `u = 2x + 3`
and `f(x) = ...` say what a letter stands for, and later equations may use it. What cannot be read is no claim.
"""

import re
from collections.abc import Container, Iterator, Mapping
from fractions import Fraction
from typing import Final

from skilladapt.domains.calculus.verifying.meanings import ANSWER, Question
from skilladapt.verification.answers import Equality
from skilladapt.verification.expressions import (
    Applied,
    Definition,
    Expression,
    Extreme,
    Limit,
    Number,
    Root,
    Variable,
    letters,
    walk,
)
from skilladapt.verification.parsing import parse_expression
from skilladapt.verification.tokens import CONSTANTS, FUNCTIONS, ParseFailure

_RECOUNTS: Final = re.compile(r"\b(?:but|instead|not|wrong|mistake|forgot|should)\b", re.IGNORECASE)
"""Words of a line that tells about a student's mistake: its equations are not claimed to hold."""
_WORDS_OF_MATHEMATICS: Final = "|".join(sorted(FUNCTIONS | CONSTANTS))
_BREAK: Final = re.compile(rf"\b(?!(?:d[a-z]|{_WORDS_OF_MATHEMATICS})\b)[A-Za-z]{{2,}}\b|[,;:?]|\.(?=\s|$)|[=-]>")
_DEFINES: Final = re.compile(r"([a-zA-Z])(?:\(([a-z])\))?")
_CALLS: Final = re.compile(r"(?<![a-zA-Z])([a-zA-Z])(?:'+|\([a-z]\))")

_EVERYWHERE: Final = (Number(Fraction(-100_000)), Number(Fraction(100_000)))

Place = tuple[str, Expression]
"""A letter and the number it is set to."""


def step_fault(solution: str, question: Question, answer: Expression | None, equal: Equality) -> str:
    """The first false equation (`step 2: ... is not ...`), or that the last step ends elsewhere than in `answer`.

    Empty when nothing is wrong; without an answer that is an expression its end is not looked at. An equation
    holds when it does for all values, or at a number to which the question or the solution sets its letter
    (`6x = 6*2 = 12`). What `equal` cannot decide is let pass.
    """
    lines = [_BREAK.split("" if _RECOUNTS.search(line) else line) for line in solution.splitlines()]
    set_there = [place for line in lines for clause in line if (place := _place(clause))]
    places = [*_places(question, answer), *set_there]
    known = {name: _told(rule, answer) for name, rule in question.definitions.items()}
    # Of two questions in one, both may use a letter of their own, such as b for where a line begins.
    fixed = frozenset(known) if question.parts else known
    variables = frozenset(name for name, _ in places)
    end: Expression | None = None
    for number, line in enumerate(lines, 1):
        claims = [clause.split("=") for clause in line if clause.strip() and not _place(clause)]
        end = None
        for sides in claims:
            if len(sides) == 1 < len(claims):
                continue  # a letter or a term between words; alone in its line it is what the line ends in
            try:
                bodies = _read(sides, known, fixed, variables)
            except ParseFailure:
                end = None
                continue
            for index in range(len(bodies) - 1):
                if not _holds(bodies[index], bodies[index + 1], places, equal):
                    left, right = sides[index - len(bodies)], sides[index - len(bodies) + 1]
                    return f"step {number}: {left.strip()[:60]} is not {right.strip()[:60]}"
            end = bodies[-1]
    if end is not None and answer is not None and not _holds(end, answer, places, equal):
        return "the steps end in another answer"
    return ""


def _told(rule: Definition, answer: Expression | None) -> Definition:
    """The definition with the answer in place of its letter."""
    if answer is None or ANSWER not in letters(rule.body):
        return rule
    return Definition(rule.variable, Applied(rule.body, ANSWER, 0, answer))


def _read(
    sides: list[str], known: dict[str, Definition], fixed: Container[str], variables: Container[str]
) -> list[Expression]:
    """The sides that claim something: without the first where it only names the others, for later use."""
    defines = _DEFINES.fullmatch(sides[0].replace(" ", ""))
    if len(sides) == 1 or defines is None or defines[1] in fixed:
        return [_readable(side, known) for side in sides]
    bodies = [_readable(side, known) for side in sides[1:]]
    variable = defines[2] or next(iter(sorted(letters(bodies[0]))), "x")
    # Where u = 6/2 = 3 is what a question about u asks for, u(u + 1) is still a product.
    if defines[1] != variable and (defines[2] or defines[1] not in variables):
        known[defines[1]] = Definition(variable, bodies[0])
    return bodies


def _holds(left: Expression, right: Expression, places: list[Place], equal: Equality) -> bool:
    # Nothing but False counts, so what is written the same need not be worked out.
    return (
        left == right
        or equal(left, right) is not False
        or any(
            equal(Applied(left, name, 0, value), Applied(right, name, 0, value)) is True for name, value in places
        )
    )


def _place(clause: str) -> Place | None:
    """`x = 2`, which claims nothing."""
    match = re.fullmatch(r"\s*([a-z])\s*=([^=]+)", clause)
    if match is None:
        return None
    try:
        value = parse_expression(match[2])
    except ParseFailure:
        return None
    return None if letters(value) else (match[1], value)


def _readable(side: str, known: Mapping[str, Definition]) -> Expression:
    for match in _CALLS.finditer(side):
        if match[1] not in known:
            raise ParseFailure("a function that nothing is known of")
    return parse_expression(side, known)


def _places(question: Question, answer: Expression | None) -> Iterator[Place]:
    """Where the question itself sets a letter to a number: at a point, in a limit, or by asking for a solution."""
    for one in question.parts:
        yield from _places(one, one.target)
    if question.unknown and answer is not None:
        yield question.unknown, answer
    for part in () if question.parts else walk(question.target):
        match part:
            case Applied(_, variable, _, Number() as argument) | Limit(_, variable, Number() as argument):
                yield variable, argument
            case Root(_, variable) if part == question.target and answer is not None:
                yield variable, answer
            case Root(_, variable):
                yield variable, part
            case Extreme(body, variable):
                slope = Applied(body, variable, 1, Variable(variable))
                yield from ((variable, Root(slope, variable, *_EVERYWHERE, index)) for index in (0, -1))
