"""Reads a solution line by line: what each states must be true, and what it computes with must stand before it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from skilladapt.domains.geography.judging import Wanted
from skilladapt.domains.geography.looking_up import Unknown
from skilladapt.domains.geography.reading import MAX_LENGTH, Question, Unreadable, read_statement
from skilladapt.domains.geography.results import WorkOut
from skilladapt.domains.geography.statements import compared_by, is_true
from skilladapt.domains.geography.vocabulary import NUMBER
from skilladapt.records import Judgement

MAX_LINES: Final = 60
_TITLE: Final = re.compile(r"[A-Z][A-Za-z' ]{2,60}: ")
_OPTION: Final = re.compile(r", so option ([A-H]) is right$")
_EQUATION: Final = re.compile(rf"({NUMBER}(?: [-+*/] {NUMBER})+) = ({NUMBER})( \(rounded\))?")
_COMPARISON: Final = re.compile(rf"{NUMBER}(?: > {NUMBER})+")
_REMARK: Final = "remember that "
_OFFSET: Final = re.compile(r"UTC[+-]([0-9]{1,2})(?::([0-9]{2}))?")
_CONSTANTS: Final = frozenset({Fraction(100), Fraction(1000)})
"""For percentages, and for millions of people on thousands of square kilometres."""


@dataclass
class _Reader:
    """What is known while a solution is read."""

    question: Question
    wanted: Wanted
    work_out: WorkOut
    numbers: set[Fraction] = field(default_factory=set)
    """All that stood in the question or in lines before."""


def judge_lines(
    solution: str,
    text: str,
    question: Question,
    wanted: Wanted,
    work_out: WorkOut,
) -> tuple[Judgement, str]:
    """What the lines are worth, and why: the first false one refutes, one that is not understood leaves it open.

    `text` is the question as it stands: its numbers may be computed with, and those of the lines before.
    """
    lines = solution.splitlines()
    if len(lines) > MAX_LINES:
        return "undecided", f"the solution has {len(lines):,} lines; at most {MAX_LINES} are read"
    listed = max((len(one) for one in question.said.args if isinstance(one, tuple)), default=0)
    reader = _Reader(question, wanted, work_out, {*_CONSTANTS, Fraction(listed), *_numbers_in(text)})
    unread = ""
    for number, line in enumerate(lines, start=1):
        title = _TITLE.match(line)
        said = (line[title.end() :] if title else line).removesuffix(".")
        try:
            if not _holds(said, reader):
                return "incorrect", f"line {number} is false: {quoted(line)}"
        except Unreadable as reason:
            unread = unread or f"line {number} is not understood: {reason}"
        except Unknown as reason:
            unread = unread or f"line {number} cannot be checked: {reason}"
        reader.numbers |= _numbers_in(said)
    return ("undecided", unread) if unread else ("correct", "")


def _numbers_in(text: str) -> set[Fraction]:
    """The numbers of a text without their signs, and offsets from UTC in hours."""
    found = {Fraction(one) for one in re.findall(r"[0-9]{1,9}(?:\.[0-9]{1,6})?", text[:10_000])}
    return found | {Fraction(hours) + Fraction(int(minutes or 0), 60) for hours, minutes in _OFFSET.findall(text)}


def _holds(text: str, reader: _Reader) -> bool:
    """Whether all parts of a line are true."""
    if len(text) > MAX_LENGTH:
        raise Unreadable(f"longer than {MAX_LENGTH:,} characters")
    if option := _OPTION.search(text):
        if reader.wanted.kind != "option" or option[1] != reader.wanted.values[0]:
            return False
        text = text[: option.start()]
    if text.startswith(_REMARK):
        return all(_states(one, reader) for one in text.removeprefix(_REMARK).split(", and that "))
    first, so, rest = text.partition(", so ")
    if _EQUATION.fullmatch(first):
        return _equation_holds(first, reader.numbers) and (not so or _states(rest, reader))
    if _COMPARISON.fullmatch(first):
        return _states(rest, reader, [Fraction(one) for one in first.split(" > ")])
    return _states(text, reader)


def _states(text: str, reader: _Reader, compared: Sequence[Fraction] = ()) -> bool:
    """Whether a statement is true, and follows from the numbers that were compared for it."""
    failure: Exception | None = None
    grid, work_out = reader.question.grid, reader.work_out
    for said in read_statement(text):
        try:
            if said.op == "rows_above" and said.args[:1] != reader.question.said.args[:1]:
                return False  # true, perhaps, but of another limit than the one asked about
            if compared and [*compared] != compared_by(said, grid, work_out):
                return False
            return is_true(said, grid, reader.wanted.values, work_out)
        except (Unreadable, Unknown) as error:
            failure = failure or error
    raise failure or Unreadable("it says nothing")


def _equation_holds(text: str, known: set[Fraction]) -> bool:
    """Whether an equation is true, and what it computes with is known from before."""
    equation = _EQUATION.fullmatch(text)
    assert equation is not None
    left, right, is_rounded = equation.groups()
    if not {Fraction(one) for one in re.findall(r"[0-9.]+", left)} <= known:
        return False
    value, stated = _value(left), Fraction(right)
    if value is None or not is_rounded:
        return value == stated
    step = Fraction(1, 10 ** len(right.partition(".")[2]))
    return value != stated and abs(value - stated) <= step / 2


def _value(text: str) -> Fraction | None:
    """Products and quotients first, then sums, from left to right; None for a division by zero."""
    total, term, sign = Fraction(0), Fraction(0), 1
    for operator, number in re.findall(rf"(?:^|([-+*/]) )({NUMBER})(?: |$)", text):
        value = Fraction(number)
        if operator == "*":
            term *= value
        elif operator == "/":
            if not value:
                return None
            term /= value
        else:
            total += sign * term
            term, sign = value, -1 if operator == "-" else 1
    return total + sign * term


def quoted(text: str) -> str:
    """A text, short enough for a message."""
    short = " ".join(text[:200].split())
    return repr(short if len(short) <= 60 else short[:57] + "...")
