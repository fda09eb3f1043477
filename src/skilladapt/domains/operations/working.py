"""Questions and their solutions: what is asked, in which order it is worked out, and how each line is written.

`drom(glim(47)) = ?`, where glim is karn after tosh, is solved inside out, down to primitive operations:

    glim(47) = karn(tosh(47))
    tosh(47) = 80
    karn(80) = 13
    drom(13) = 55
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from skilladapt.domains.operations.definitions import Definition
from skilladapt.domains.operations.subject import Subject
from skilladapt.records import Exercise

AUTHOR_NAME = "operations"
_MAX_QUESTION = 1_000
_CALL = re.compile(r"((?:[a-z]+\()+)([0-9]{2})(\)+)")
_NO_RESULTS: Mapping[int, int] = {}


@dataclass(frozen=True, slots=True)
class Call:
    """Operations applied one after the other to a value."""

    names: tuple[str, ...]
    """The outermost first, which is the last to be applied."""
    value: int

    def __str__(self) -> str:
        return "".join(f"{name}(" for name in self.names) + f"{self.value:02d}" + ")" * len(self.names)

    @property
    def question(self) -> str:
        """The one way in which it is asked: what is held out is decided by the text."""
        return f"{self} = ?"


def read_call(text: str, subject: Subject) -> Call | None:
    """The call that stands in `text`, or None where there is none of known operations."""
    match = _CALL.fullmatch(text.strip()) if len(text) <= _MAX_QUESTION else None
    if match is None:
        return None
    names = tuple(match[1].split("(")[:-1])
    if len(names) != len(match[3]) or any(name not in subject.definitions for name in names):
        return None
    return Call(names, int(match[2]))


def read_question(text: str, subject: Subject) -> Call | None:
    """The call that an exercise asks for, or None where it asks for something else."""
    call, mark, rest = text.partition(" = ?")
    return read_call(call, subject) if mark and not rest.strip() else None


@dataclass(frozen=True, slots=True)
class Working:
    """A call worked out."""

    lines: tuple[str, ...]
    skills: tuple[str, ...]
    """The operation that each line is about."""
    values: tuple[int, ...]
    """The value that each line begins with, and then the last result."""

    @property
    def result(self) -> int:
        """What comes out."""
        return self.values[-1]

    @property
    def solution(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)

    @property
    def answer(self) -> str:
        """The result as it is written, with two digits."""
        return f"{self.result:02d}"


def plan(names: Sequence[str], subject: Subject, turned: Definition | None = None) -> list[Definition]:
    """The definitions to use, in their order: composed ones are written out, primitive ones computed.

    `turned` replaces the definition of its name.
    """
    steps: list[Definition] = []
    for name in reversed(names):
        definition = turned if turned and turned.name == name else subject.definitions[name]
        steps.append(definition)
        if definition.parts:
            steps += plan(definition.parts, subject, turned)
    return steps


def work_out(
    steps: Sequence[Definition], value: int, subject: Subject, results: Mapping[int, int] = _NO_RESULTS
) -> Working:
    """The lines of a plan, begun with `value`. `results` are other results, by step, than the right ones."""
    lines, values = [], [value]
    for place, definition in enumerate(steps):
        if definition.parts:
            lines.append(f"{Call((definition.name,), value)} = {Call(definition.parts, value)}")
        else:
            value = results.get(place, subject.apply(definition.name, value))
            lines.append(f"{Call((definition.name,), values[-1])} = {value:02d}")
        values.append(value)
    return Working(tuple(lines), tuple(step.name for step in steps), tuple(values))


def exercise_of(call: Call, subject: Subject) -> Exercise:
    """The exercise that asks for `call`; it belongs to the outermost operation; each in a row makes it harder."""
    working = work_out(plan(call.names, subject), call.value, subject)
    return Exercise(
        skill_ids=tuple(dict.fromkeys(call.names)),
        question=call.question,
        solution=working.solution,
        step_skills=working.skills,
        answer=working.answer,
        answer_type="number",
        difficulty=min(5, len(call.names)),
        author=AUTHOR_NAME,
    )
