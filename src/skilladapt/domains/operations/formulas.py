"""Reads what the verifier judges by: the text of formulas, and calls of operations in questions and solutions.

`blick(ab) = (3a+4)(b+7)` says that the new tens digit is the last digit of 3a+4 and the new units digit the last
digit of b+7; `glim(ab) = drom(blick(ab))` says that glim is drom after blick.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from skilladapt.domains.operations.definitions import define

MAX_TEXT: Final = 1_000
"""Characters of a question or a line; what is longer is not read."""
MAX_CALLS: Final = 50
"""Operations in a row; more are not looked at."""

_NAME: Final = re.compile(r"[a-z]{1,40}")
_VALUE: Final = re.compile(r"[0-9]{2}")
_DIGIT: Final = re.compile(r"([0-9]?)([ab])(?:\+([0-9]))?")


class Unreadable(ValueError):
    """The text is not understood; the message says why."""


@dataclass(frozen=True, slots=True)
class Linear:
    """The last digit of `times` times a digit of the value and `more`."""

    times: int
    of_tens: bool
    """Whether the tens digit of the value is meant; otherwise its units digit."""
    more: int


Rule = tuple[Linear, Linear] | tuple[str, ...]
"""The new tens digit and the new units digit; or the names of two operations, the outer one first."""


@lru_cache(maxsize=8)
def read_rules(operations: int, seed: int) -> Mapping[str, Rule]:
    """The rule of every operation, read from its formula."""
    return dict(read_formula(definition.formula) for definition in define(operations, seed))


def read_formula(formula: str) -> tuple[str, Rule]:
    """The name of an operation and its rule. Raises `Unreadable`."""
    left, equals, right = formula.partition(" = ")
    name = left.removesuffix("(ab)")
    if not equals or name == left or not _NAME.fullmatch(name):
        raise Unreadable(f"{quoted(formula)} defines nothing")
    if right.startswith("(") and right.endswith(")"):
        parts = right[1:-1].split(")(")
        if len(parts) != 2:
            raise Unreadable(f"{quoted(formula)} gives {len(parts)} digits; there must be two")
        return name, (_linear(parts[0]), _linear(parts[1]))
    *names, rest = right.split("(")
    if len(names) != 2 or rest != "ab))":
        raise Unreadable(f"{quoted(formula)} names no two operations")
    return name, tuple(names)


def _linear(text: str) -> Linear:
    match = _DIGIT.fullmatch(text)
    if match is None:
        raise Unreadable(f"{quoted(text)} is no digit")
    return Linear(int(match[1] or 1), match[2] == "a", int(match[3] or 0))


@dataclass(frozen=True, slots=True)
class Called:
    """Operations on a value, the outermost first; none at all where only the value stands there."""

    names: tuple[str, ...]
    value: str


def read_called(text: str, rules: Mapping[str, Rule]) -> Called:
    """A value, or operations applied to one, such as `drom(glim(47))`. Raises `Unreadable`."""
    if len(text) > MAX_TEXT:
        raise Unreadable(f"{quoted(text)} has {len(text):,} characters; at most {MAX_TEXT:,} are read")
    *names, rest = "".join(text.split()).split("(")
    if len(names) > MAX_CALLS:
        raise Unreadable(f"{len(names)} operations in a row; at most {MAX_CALLS} are looked at")
    value = rest.rstrip(")")
    if len(rest) - len(value) != len(names):
        raise Unreadable(f"the brackets of {quoted(text)} do not match")
    if not _VALUE.fullmatch(value):
        raise Unreadable(f"{quoted(value)} is no value of two digits")
    unknown = [name for name in names if name not in rules]
    if unknown:
        raise Unreadable(f"there is no operation {quoted(unknown[0])}")
    return Called(tuple(names), value)


def read_asked(question: str, rules: Mapping[str, Rule]) -> Called:
    """What `drom(glim(47)) = ?` asks for. Raises `Unreadable`."""
    if len(question) > MAX_TEXT:
        raise Unreadable(f"it has {len(question):,} characters; at most {MAX_TEXT:,} are read")
    call, equals, mark = question.partition("=")
    if not equals or mark.strip() != "?":
        raise Unreadable("it does not end with '= ?'")
    called = read_called(call, rules)
    if not called.names:
        raise Unreadable("it calls no operation")
    return called


def quoted(text: str) -> str:
    """The text in quotes, cut and with everything escaped that cannot be shown."""
    short = " ".join(text[:200].split())
    return ascii(short if len(short) <= 60 else short[:57] + "...")
