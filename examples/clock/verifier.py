"""Judges exercises about clock times from the text of their questions. It imports nothing of the author's."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from skilladapt.records import AnswerType, Exercise, Verdict
from skilladapt.verification.answers import compare
from skilladapt.verification.parsing import parse_expression
from skilladapt.verification.series import value_at
from skilladapt.verification.verifier import verdicts_on

MAX_LENGTH = 300
_START, _END = r"(?P<hour>\d\d):(?P<minute>\d\d)", r"(?P<end_hour>\d\d):(?P<end_minute>\d\d)"
_HOURS, _MINUTES = r"(?P<hours>\d+) h (?P<minutes>\d+) min", r"(?P<minutes>\d+) minutes"
Read = Mapping[str, int]
"""The numbers in a question, by what they are."""


class ClockVerifier:
    """`minutes` counts minutes; `calendar` lets the standard library's clock do it."""

    name = "clock"
    methods: Sequence[str] = ("minutes", "calendar")

    def check(self, exercise: Exercise, method: str) -> Verdict:
        """Whether the answer is right and every equation in the solution true."""
        verdict = verdicts_on(exercise, method)
        for pattern, answers in FORMS:
            found = re.fullmatch(pattern, exercise.question[:MAX_LENGTH])
            if found is None:
                continue
            right = answers[self.methods.index(method)](
                {name: int(value) for name, value in found.groupdict().items()}
            )
            if compare(right, exercise.answer, exercise.answer_type).verdict != "correct":
                return verdict("incorrect", f"the answer is {right}")
            false = next(_false_equations(exercise.solution), None)
            return verdict("incorrect", f"{false} is false") if false else verdict("correct")
        return verdict("undecided", "the question is not understood")

    def grade(self, question: str, expected: str, given: str, answer_type: AnswerType) -> Verdict:
        """Compares the answers."""
        compared = compare(expected, given, answer_type)
        return Verdict(exercise_id="", verdict=compared.verdict, method=compared.method, reason=compared.reason)


def _false_equations(solution: str) -> Iterator[str]:
    for left, right in re.findall(r"(?<![\d:])(\d[\d*+ -]*) = (\d[\d*+ -]*)", solution[:2000]):
        if value_at(parse_expression(left), {}) != value_at(parse_expression(right), {}):
            yield f"{left} = {right}"


def _duration(read: Read) -> int:
    return 60 * read.get("hours", 0) + read["minutes"]


def _start(read: Read) -> datetime:
    return datetime(2001, 1, 1, read["hour"], read["minute"])


def _between(read: Read) -> timedelta:
    return datetime(2001, 1, 1, read["end_hour"], read["end_minute"]) - _start(read)


def _later(read: Read) -> str:
    minutes = 60 * read["hour"] + read["minute"] + _duration(read)
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


Answers = tuple[Callable[[Read], str], Callable[[Read], str]]
"""How each method finds the answer."""
_MINUTE = timedelta(minutes=1)
_IN_MINUTES: Answers = (
    lambda read: str(60 * read["hours"] + read["minutes"]),
    lambda read: str(timedelta(hours=read["hours"], minutes=read["minutes"]) // _MINUTE),
)
_IN_HOURS: Answers = (
    lambda read: f"{read['minutes'] // 60} h {read['minutes'] % 60} min",
    lambda read: "{} h {} min".format(*divmod(read["minutes"], 60)),
)
_SINCE_MIDNIGHT: Answers = (
    lambda read: str(60 * read["hour"] + read["minute"]),
    lambda read: str((_start(read) - datetime(2001, 1, 1)) // _MINUTE),
)
_BETWEEN: Answers = (
    lambda read: str(60 * (read["end_hour"] - read["hour"]) + read["end_minute"] - read["minute"]),
    lambda read: str(_between(read) // _MINUTE),
)
_LATER: Answers = (_later, lambda read: f"{_start(read) + timedelta(minutes=_duration(read)):%H:%M}")

FORMS: Sequence[tuple[str, Answers]] = (
    (rf"How many minutes are {_HOURS}\?", _IN_MINUTES),
    (rf"Write {_HOURS} in minutes\.", _IN_MINUTES),
    (rf"A train takes {_HOURS}\. How many minutes is that\?", _IN_MINUTES),
    (rf"Write {_MINUTES} in hours and minutes\.", _IN_HOURS),
    (rf"How many hours and minutes are {_MINUTES}\?", _IN_HOURS),
    (rf"A film lasts {_MINUTES}\. How long is that in hours and minutes\?", _IN_HOURS),
    (rf"How many minutes after midnight is {_START}\?", _SINCE_MIDNIGHT),
    (rf"How many minutes of the day are over at {_START}\?", _SINCE_MIDNIGHT),
    (rf"It is {_START}\. How many minutes ago was midnight\?", _SINCE_MIDNIGHT),
    (rf"How many minutes are there from {_START} to {_END}\?", _BETWEEN),
    (rf"A lesson begins at {_START} and ends at {_END}\. How many minutes does it last\?", _BETWEEN),
    (rf"How many minutes pass between {_START} and {_END} of the same day\?", _BETWEEN),
    (rf"It is {_START}\. What time is it {_MINUTES} later\?", _LATER),
    (rf"It is {_START}\. What time is it {_HOURS} later\?", _LATER),
    (rf"A bus leaves at {_START} and takes {_MINUTES}\. When does it arrive\?", _LATER),
    (rf"A bus leaves at {_START} and takes {_HOURS}\. When does it arrive\?", _LATER),
    (rf"What time is it {_MINUTES} after {_START}\?", _LATER),
    (rf"What time is it {_HOURS} after {_START}\?", _LATER),
)
"""What a question can look like, and how it is answered."""
