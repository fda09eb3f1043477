"""Variants of an exercise: the same operation, as many in a row, another value; they practise what went wrong."""

import random
from collections.abc import Iterator

from skilladapt.domains.operations.sequences import VALUES, draw_calls, is_practice
from skilladapt.domains.operations.subject import Subject
from skilladapt.domains.operations.working import Call, read_call

_MAX_LINES = 100
_MAX_REPLY = 10_000


def draw_variants(
    call: Call, student_answer: str | None, subject: Subject, rng: random.Random, tries: int
) -> Iterator[Call]:
    """At most `tries` calls of the same outermost operation and the same length; half keep the inner ones, too.

    Each needs the operation with which the student's answer first went wrong, where there is one.
    """
    wrong = first_wrong_operation(student_answer, subject) if student_answer else None
    if wrong is not None and not _needs(call, wrong, subject):
        wrong = None
    others = draw_calls(call.names[0], len(call.names), subject, rng, tries)
    for _ in range(tries):
        kept = Call(call.names, rng.randrange(VALUES))
        if len(call.names) == 1:
            yield kept
            continue
        other = next(others) if rng.random() < 0.5 or not is_practice(call.names) else kept
        if wrong is None or _needs(other, wrong, subject):
            yield other


def first_wrong_operation(reply: str, subject: Subject) -> str | None:
    """The operation of the first line that states a false equation; None where no line does."""
    for line in reply[:_MAX_REPLY].split("\n")[:_MAX_LINES]:
        left, _, right = line.partition(" = ")
        call = read_call(left, subject)
        stated = _value(right.strip(), subject)
        if call is not None and stated is not None and _result(call, subject) != stated:
            return call.names[0]
    return None


def _value(text: str, subject: Subject) -> int | None:
    if len(text) == 2 and text.isascii() and text.isdigit():
        return int(text)
    call = read_call(text, subject)
    return None if call is None else _result(call, subject)


def _result(call: Call, subject: Subject) -> int:
    value = call.value
    for name in reversed(call.names):
        value = subject.apply(name, value)
    return value


def _needs(call: Call, name: str, subject: Subject) -> bool:
    return any(name in subject.inside(called) for called in call.names)
