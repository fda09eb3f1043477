"""From the text of a question, or of a line of a solution, to what it asks or says.

A text that fits no sentence of `sentences.md` is not understood: a guess could turn a right answer into a wrong
one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from skilladapt.domains.geography.patterns import CAPITAL, NOUNS, Sentence, sentences
from skilladapt.domains.geography.vocabulary import (
    CLOSE,
    OPEN,
    code_of_capital,
    code_of_name,
    tokenised,
)

MAX_LENGTH: Final = 1_500
"""Characters of a question or a line."""
_MAX_NESTED: Final = 8
"""Descriptions in one sentence."""


class Unreadable(ValueError):
    """The text is not understood; the message says why."""


@dataclass(frozen=True)
class Node:
    """A country that is described: an operation and what it is applied to."""

    op: str
    args: tuple["Node | str", ...]


Value = Node | str | tuple[str, ...]
"""A description, a code or plain text, or several names."""


@dataclass(frozen=True)
class Said:
    """What a sentence asks or states."""

    op: str
    args: tuple[Value, ...]
    """In the order of the sentence."""
    words: tuple[tuple[str, str], ...] = ()
    """What stands at the named places: `word`, `item`, `row`."""
    claim: "Said | None" = None
    """What is said to be true or false."""

    def word(self, name: str) -> str:
        """The text at a named place; empty where there is none."""
        return dict(self.words).get(name, "")


@dataclass(frozen=True)
class Grid:
    """A table above a question."""

    head: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Question:
    """A question that was understood."""

    said: Said
    options: tuple[str, ...]
    grid: Grid | None


@cache
def read_question(text: str) -> Question:
    """What `text` asks for.

    Raises:
        Unreadable: It fits no known form.

    """
    if len(text) > MAX_LENGTH:
        raise Unreadable(f"longer than {MAX_LENGTH:,} characters")
    _check_marks(text.replace("\n", " "))
    lines = text.split("\n")
    options: list[str] = []
    while len(lines) > 1 and (match := re.fullmatch(r"([A-H])\) (.+)", lines[-1])):
        options.insert(0, match[2])
        lines.pop()
        if match[1] == "A":
            break
    if options and not text.endswith(
        "".join(f"\n{letter}) {one}" for letter, one in zip("ABCDEFGH", options, strict=False))
    ):
        raise Unreadable("its options are not in order")
    grid = _grid(lines[:-1]) if len(lines) > 1 else None
    asked, known = (
        (lines[-1], sentences("Questions below a table")) if grid else (" ".join(lines), sentences("Questions"))
    )
    for said in _readings(asked, known):
        return Question(said, tuple(options), grid)
    raise Unreadable("it fits no known form")


def read_statement(text: str) -> list[Said]:
    """What a line may say, likeliest first. Raises Unreadable where it fits no known form."""
    if len(text) > MAX_LENGTH:
        raise Unreadable(f"longer than {MAX_LENGTH:,} characters")
    _check_marks(text)
    found = list(_readings(text, sentences("Statements")))
    if not found:
        raise Unreadable("it fits no known form")
    return found


def _check_marks(text: str) -> None:
    if OPEN in text or CLOSE in text or any(not char.isprintable() for char in text):
        raise Unreadable("it has marks that no question has")


def _grid(lines: Sequence[str]) -> Grid:
    cells = [line.split(" | ") for line in lines]
    if len(cells) < 2 or any(len(row) != len(cells[0]) or len(row) < 2 for row in cells):
        raise Unreadable("what stands above the question is no table")
    if not all(re.fullmatch("[0-9]{1,9}", cell) for row in cells[1:] for cell in row[1:]):
        raise Unreadable("the table has other things than whole numbers")
    names = [row[0].lower() for row in cells[1:]]
    columns = tuple(column.lower() for column in cells[0][1:])
    if len(set(names)) < len(names) or len(set(columns)) < len(columns):
        raise Unreadable("the table has two lines or columns of one name")
    rows = tuple((row[0], tuple(map(int, row[1:]))) for row in cells[1:])
    return Grid(cells[0][0], columns, rows)


def _readings(text: str, known: Sequence[Sentence]) -> Iterator[Said]:
    """Every way in which a text fits one of the sentences."""
    tokens = tokenised(text)
    values: list[Node | str] = list(tokens.names)
    yield from _fitting(_described(tokens.skeleton, values), values, known)


def _fitting(skeleton: str, values: Sequence[Node | str], known: Sequence[Sentence]) -> Iterator[Said]:
    for op, pattern, letters in known:
        match = pattern.fullmatch(skeleton)
        if match is None:
            continue
        if op == "claim":
            yield from (
                Said(op, (), claim=one) for one in _fitting(match["claim"], values, sentences("Statements"))
            )
            continue
        try:
            args = tuple(_value(letter, match[f"p{place}"], values) for place, letter in enumerate(letters, 1))
        except Unreadable:
            continue
        words = {name: found for name, found in match.groupdict().items() if not name.startswith("p")}
        yield Said(op, args, tuple((name, _worded(found, values)) for name, found in words.items()))


def _described(skeleton: str, values: list[Node | str]) -> str:
    """The skeleton with a token for each description, whose node is added to `values`."""
    for _ in range(_MAX_NESTED):
        found = next(_descriptions_in(skeleton, values), None)
        if found is None:
            break
        node, start, end = found
        values.append(node)
        skeleton = f"{skeleton[:start]}{OPEN}{len(values) - 1}{CLOSE}{skeleton[end:]}"
    return skeleton


def _descriptions_in(skeleton: str, values: Sequence[Node | str]) -> Iterator[tuple[Node, int, int]]:
    for op, pattern, letters in sentences("Descriptions"):
        for match in pattern.finditer(skeleton):
            try:
                args = [_value(letter, match[f"p{place}"], values) for place, letter in enumerate(letters, 1)]
            except Unreadable:
                continue
            yield Node(op, tuple(one for one in args if not isinstance(one, tuple))), *match.span()


def _value(letter: str, text: str, values: Sequence[Node | str]) -> Value:
    """What stands at a place; a country and a capital are a code or a description."""
    if letter in "NK":
        return text
    if letter == "Q":
        return NOUNS[text]
    found = [values[int(number)] for number in re.findall(f"{OPEN}([0-9]+){CLOSE}", text)]
    if letter == "V":
        if any(isinstance(one, Node) for one in found):
            raise Unreadable("a description among names")
        return tuple(str(one) for one in found)
    one = found[0]
    if isinstance(one, Node):
        return one
    known = code_of_name() if letter == "T" or text.startswith(CAPITAL) else code_of_capital()
    if one not in known:
        raise Unreadable(f"{one} is not known")
    return known[one]


def _worded(text: str, values: Sequence[Node | str]) -> str:
    match = re.fullmatch(f"{OPEN}([0-9]+){CLOSE}", text)
    found = values[int(match[1])] if match else text
    return found.lower() if isinstance(found, str) else text
