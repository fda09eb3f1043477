"""Question files from outside the project, asked as they are and graded like everything else.

A file is JSON lines with `id, question, answer`, optionally `topic`, `skill_id` and `choices`; other keys are not
read. Its text is other people's and never becomes training material.
"""

import json
import re
from collections.abc import Sequence
from json import JSONDecodeError
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, ValidationError, field_validator, model_validator

from skilladapt.errors import UserError
from skilladapt.evaluation.replies import bare, find_answer
from skilladapt.evaluation.scores import Answerer, Grader, judge, summarise
from skilladapt.records import Answer, AnswerType, Record, Score

MAX_SHOWN = 10
"""Broken lines named in a message; the others are counted."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

Filled = Annotated[str, Field(min_length=1)]


class BenchmarkItem(Record):
    """One question of a benchmark."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    id: Filled
    question: Filled
    answer: Filled
    """LaTeX or plain text; with choices, the letter or the text of one of them."""
    topic: str | None = None
    skill_id: str | None = None
    choices: tuple[Filled, ...] | None = Field(default=None, min_length=2, max_length=len(LETTERS))

    @field_validator("id", "answer", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value

    @model_validator(mode="after")
    def _answer_is_a_choice(self) -> "BenchmarkItem":
        if self.choices and not choice_letter(self.answer, self.choices):
            raise ValueError(f"the answer {self.answer[:40]!r} is none of the choices")
        return self

    @property
    def answer_type(self) -> AnswerType:
        """A guess from the answer: `choice` with choices, `number`, `text` where words are, else `expression`."""
        if self.choices:
            return "choice"
        bare = self.answer.strip("$ ").replace("\\,", "").replace(" ", "")
        if re.fullmatch(r"[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?(/\d+)?", bare):
            return "number"
        outside = re.sub(r"\$[^$]*\$|\\[A-Za-z]+", " ", self.answer)
        words = re.findall(r"[A-Za-z]{3,}", outside)
        return "text" if any(word not in _FUNCTIONS for word in words) else "expression"

    @property
    def prompt(self) -> str:
        """The question with its lettered choices, a line each."""
        lines = [f"{letter}. {choice}" for letter, choice in zip(LETTERS, self.choices or (), strict=False)]
        return "\n".join([self.question, *lines])


_FUNCTIONS = {"sin", "cos", "tan", "sec", "csc", "cot", "log", "exp", "sqrt", "arcsin", "arccos", "arctan"}


class BenchmarkResult(Record):
    """What a model made of a benchmark."""

    answers: tuple[Answer, ...]
    """In the order of the file; `skill_id` is empty where the file names none, `probe_id` is the item's id."""
    scores: tuple[Score, ...]
    """`all` first, then the skills the file names; `decided / n` says how much could be graded at all."""


def read_benchmark(path: Path, limit: int | None = None) -> list[BenchmarkItem]:
    """The items of a benchmark file in its order, the first `limit` of them when given; blank lines are skipped.

    The whole file is checked. Raises `UserError` naming the broken lines and what is wrong with each, or when the
    file is missing, unreadable, empty or repeats an id.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise UserError(f"There is no benchmark at {path}; check the path.") from None
    except UnicodeDecodeError:
        raise UserError(f"The benchmark {path} is not UTF-8 text; JSON lines are needed.") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UserError(f"The benchmark {str(path)!r} cannot be read ({reason}); make it readable.") from None
    items: dict[str, BenchmarkItem] = {}
    first_line: dict[str, int] = {}
    faults = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            item = _item(line)
        except ValueError as error:
            faults.append(f"{path}:{number}: {error}.")
            continue
        if item.id in items:
            faults.append(f"{path}:{number}: the id {item.id!r} stands on line {first_line[item.id]} already.")
        first_line.setdefault(item.id, number)
        items.setdefault(item.id, item)
    if faults:
        more = [f"{path}: {len(faults) - MAX_SHOWN} more broken lines."] if len(faults) > MAX_SHOWN else []
        raise UserError(*faults[:MAX_SHOWN], *more)
    if not items:
        raise UserError(f"The benchmark {path} is empty; it needs a JSON object with id, question, answer a line.")
    return list(items.values())[:limit]


def evaluate_benchmark(
    when: str, name: str, items: Sequence[BenchmarkItem], answer: Answerer, grader: Grader
) -> BenchmarkResult:
    """Asks all `items`, at least one, and grades the replies; `name` becomes the `probe_set` of the scores."""
    replies = answer([item.prompt for item in items])
    given = [_given(item, reply) for item, reply in zip(items, replies, strict=True)]
    expected = [
        choice_letter(item.answer, item.choices) if item.choices else bare(item.answer) or item.answer
        for item in items
    ]
    correct = judge(
        [item.question for item in items], expected, given, [item.answer_type for item in items], grader
    )
    answers = tuple(
        Answer(
            when=when,
            probe_id=item.id,
            skill_id=item.skill_id or "",
            question=item.question,
            expected=item.answer,
            given=found,
            correct=right,
        )
        for item, found, right in zip(items, given, correct, strict=True)
    )
    by_skill: dict[str, list[bool | None]] = {"all": list(correct)}
    for one in answers:
        if one.skill_id:
            by_skill.setdefault(one.skill_id, []).append(one.correct)
    scores = tuple(summarise(when, skill, name, outcomes) for skill, outcomes in by_skill.items())
    return BenchmarkResult(answers=answers, scores=scores)


def choice_letter(answer: str, choices: Sequence[str]) -> str:
    """The letter of the choice that `answer` names by its letter or its text; empty when it names none."""
    said = answer.strip().strip("().:").casefold()
    texts = [choice.strip().casefold() for choice in choices]
    if said in texts:
        return LETTERS[texts.index(said)]
    lettered = re.match(r"\s*\(?([A-Za-z])(?:[).:]|\s*$)", answer)
    letter = lettered[1].upper() if lettered else ""
    return letter if letter and LETTERS.index(letter) < len(choices) else ""


def _given(item: BenchmarkItem, reply: str) -> str:
    found = find_answer(reply, item.answer_type)
    return (choice_letter(found, item.choices) or found) if item.choices else found


def _item(line: str) -> BenchmarkItem:
    """Raises `ValueError` with one short reason."""
    try:
        content = json.loads(line)
    except JSONDecodeError as error:
        raise ValueError(f"not JSON ({error.msg} at column {error.colno})") from None
    except (ValueError, RecursionError):
        raise ValueError("not JSON that can be read: too deep, or a number too long") from None
    if not isinstance(content, dict):
        raise ValueError("not a JSON object")
    try:
        return BenchmarkItem(**content)
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc']))} {fault['msg']}".strip() for fault in error.errors()]
        raise ValueError("; ".join(faults)) from None
