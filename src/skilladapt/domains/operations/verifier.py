"""Judges exercises on invented operations from the text of their questions.

It reads the formulas as a person does and works the answer out in two independent ways. It never sees how a
question was made, and shares nothing with the author but the definitions.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from skilladapt.domains.operations.formulas import (
    Called,
    Linear,
    Rule,
    Unreadable,
    quoted,
    read_asked,
    read_called,
    read_rules,
)
from skilladapt.records import AnswerType, Exercise, Verdict
from skilladapt.verification.answers import compare
from skilladapt.verification.verifier import verdicts_on

MAX_LINES: Final = 500
"""Lines of a solution; five operations of six primitive ones take 55."""


class OperationsVerifier:
    """`evaluation`: digits computed from the inside out. `expansion`: written out, then looked up in tables.

    It is two numbers on its way to a worker; the formulas are read there, once.
    """

    name: str = "operations"
    methods: Sequence[str] = ("evaluation", "expansion")

    def __init__(self, operations: int, seed: int) -> None:
        self._operations = operations
        self._seed = seed

    def check(self, exercise: Exercise, method: str) -> Verdict:
        """Whether the answer is right, and every line of the solution a true equation that leads up to it."""
        work_out = _METHODS[method]
        rules = read_rules(self._operations, self._seed)
        verdict = verdicts_on(exercise, method)
        try:
            wanted = work_out(read_asked(exercise.question, rules), rules)
        except Unreadable as reason:
            return verdict("undecided", f"the question is not understood: {reason}")
        answer = exercise.answer.strip()
        if not _TWO_DIGITS.fullmatch(answer):
            return verdict("incorrect", f"the answer: {quoted(answer)} is no value of two digits")
        if answer != wanted:
            return verdict("incorrect", f"the answer: {answer} is not what comes out")
        fault = _fault(exercise.solution, answer, lambda text: work_out(read_called(text, rules), rules))
        return verdict("incorrect", fault) if fault else verdict("correct")

    def grade(self, question: str, expected: str, given: str, answer_type: AnswerType) -> Verdict:
        """Compares the answers: two digits where the question is of this subject, else by the type."""
        try:
            read_asked(question, read_rules(self._operations, self._seed))
        except Unreadable:
            compared = compare(expected, given, answer_type)
            return Verdict(
                exercise_id="", verdict=compared.verdict, method=compared.method, reason=compared.reason
            )
        found = given[-1_000:].rpartition("=")[2].strip(" \t\n.$")
        if found == expected.strip():
            return Verdict(exercise_id="", verdict="correct", method="exact")
        unlike = "is no value of two digits" if not _TWO_DIGITS.fullmatch(found) else f"is not {quoted(expected)}"
        return Verdict(exercise_id="", verdict="incorrect", method="exact", reason=f"{quoted(found)} {unlike}")


_TWO_DIGITS: Final = re.compile(r"[0-9]{2}")


def _fault(solution: str, answer: str, value_of: Callable[[str], str]) -> str:
    """What is wrong with the lines of a solution, the first such thing; empty when nothing is."""
    lines = solution.splitlines()
    if len(lines) > MAX_LINES:
        return f"the solution has {len(lines):,} lines; at most {MAX_LINES} are read"
    value = answer
    for number, line in enumerate(lines, start=1):
        left, equals, right = line.partition("=")
        if not equals:
            return f"line {number} is no equation: {quoted(line)}"
        try:
            value = value_of(left)
            same = value_of(right) == value
        except Unreadable as reason:
            return f"line {number} is not understood: {reason}"
        if not same:
            return f"line {number} is false: {quoted(line)}"
    return "" if value == answer else f"the last line comes to {value}, the answer is {answer}"


def _evaluated(called: Called, rules: Mapping[str, Rule]) -> str:
    """The value, digit by digit, from the innermost operation to the outermost."""
    value = called.value
    waiting = list(called.names)
    while waiting:
        rule = rules[waiting.pop()]
        first, second = rule
        if isinstance(first, Linear) and isinstance(second, Linear):
            tens, units = int(value[0]), int(value[1])
            value = "".join(
                str((digit.times * (tens if digit.of_tens else units) + digit.more) % 10)
                for digit in (first, second)
            )
        else:
            waiting += [str(first), str(second)]
    return value


def _looked_up(called: Called, rules: Mapping[str, Rule]) -> str:
    """The value by tables of a hundred entries, composed from the outermost operation inwards."""
    table = [f"{value:02d}" for value in range(100)]
    for name in called.names:
        for primitive in _expanded(name, rules):
            inner = _table(primitive)
            table = [table[int(inner[value])] for value in range(100)]
    return table[int(called.value)]


def _expanded(name: str, rules: Mapping[str, Rule]) -> list[tuple[Linear, Linear]]:
    """The primitive rules that an operation stands for, the outermost first."""
    first, second = rules[name]
    if isinstance(first, Linear) and isinstance(second, Linear):
        return [(first, second)]
    return [*_expanded(str(first), rules), *_expanded(str(second), rules)]


@lru_cache(maxsize=4096)
def _table(rule: tuple[Linear, Linear]) -> tuple[str, ...]:
    """What becomes of each value. The digits are counted up, so that a wrong product could not hide here, too."""
    columns = []
    for digit in rule:
        results, result = [], digit.more
        for _ in range(10):
            results.append(str(result))
            for _ in range(digit.times):
                result = 0 if result == 9 else result + 1
        columns.append([results[value // 10 if digit.of_tens else value % 10] for value in range(100)])
    return tuple(tens + units for tens, units in zip(*columns, strict=True))


_METHODS: Final[Mapping[str, Callable[[Called, Mapping[str, Rule]], str]]] = {
    "evaluation": _evaluated,
    "expansion": _looked_up,
}
