"""A million exercises of invented operations: written, verified, and worked out again by a third reader.

    python benchmarks/bench_operations.py --exercises 1000000

The author computes with coefficients, the verifier reads formulas; the interpreter here knows only the *words* in
which the syllabus defines each operation, and shares no code with either. Told are rates, repeated questions,
and answers that the verifier or the interpreter finds wrong.
"""

import argparse
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from multiprocessing import get_context
from time import perf_counter

from skilladapt.domains.domain import Domain, load_domain
from skilladapt.records import Assignment, Exercise, Skill, canonical_question
from skilladapt.skills.syllabus import graph_of

Operation = Callable[[int], int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exercises", type=int, default=1_000_000)
    parser.add_argument("--operations", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    singles = 80 * given.operations  # a fifth of the hundred values of each is held out
    each = 1 + max(0, given.exercises - singles) // (10 * given.operations)
    skills = [skill.id for skill in _sections(given.operations)]
    tasks = [(given.operations, skill, {1: 100, 2: 2 * each, 3: 8 * each}) for skill in skills]
    began = perf_counter()
    with get_context("spawn").Pool(given.jobs) as pool:
        parts = list(pool.imap_unordered(_worked, tasks))
    seconds = perf_counter() - began
    written = sum(part.written for part in parts)
    keys = [key for part in parts for key in part.keys]
    print(f"{written:,} exercises of {len(tasks)} skills in {seconds:.0f} s with {given.jobs} processes")
    print("| | exercises/s, one process |\n| --- | --- |")
    for name in ("writing_s", "checking_s", "interpreting_s"):
        print(f"| {name.removesuffix('_s')} | {written / sum(getattr(part, name) for part in parts):,.0f} |")
    print(f"all together: {written / seconds:,.0f} exercises/s")
    print(f"questions twice: {len(keys) - len(set(keys))}")
    print(f"found wrong by the verifier: {sum(part.refuted for part in parts)}")
    print(f"found wrong by the interpreter: {sum(part.wrong for part in parts)}")


@dataclass(frozen=True)
class Part:
    """What became of the exercises of one skill."""

    written: int
    keys: list[bytes]
    refuted: int
    wrong: int
    writing_s: float
    checking_s: float
    interpreting_s: float


def _worked(task: tuple[int, str, Mapping[int, int]]) -> Part:
    operations, skill, counts = task
    domain = _domain(operations)
    assert domain.verifier is not None
    began = perf_counter()
    exercises: list[Exercise] = []
    for difficulty, count in counts.items():
        exercises += domain.author.write_exercises(
            Assignment(skill_ids=(skill,), difficulty=difficulty, count=count)
        )
    written = perf_counter()
    method = domain.verifier.methods[0]
    refuted = sum(domain.verifier.check(exercise, method).verdict != "correct" for exercise in exercises)
    checked = perf_counter()
    rules = _spoken(operations)
    wrong = sum(interpret(exercise.question, rules) != exercise.answer for exercise in exercises)
    interpreted = perf_counter()
    keys = [blake2b(canonical_question(one.question).encode(), digest_size=12).digest() for one in exercises]
    return Part(len(exercises), keys, refuted, wrong, written - began, checked - written, interpreted - checked)


def interpret(question: str, rules: Mapping[str, Operation]) -> str:
    """What comes out of a question such as `drom(glim(47)) = ?`, in two digits."""
    *names, value = re.findall(r"[a-z]+|[0-9]+", question)
    result = int(value)
    for name in reversed(names):
        result = rules[name](result)
    return f"{result:02d}"


@cache
def _domain(operations: int) -> Domain:
    return load_domain("operations", {"operations": operations, "seed": 1})


def _sections(operations: int) -> tuple[Skill, ...]:
    syllabus = _domain(operations).syllabus
    assert syllabus is not None
    return graph_of(syllabus).skills


@cache
def _spoken(operations: int) -> Mapping[str, Operation]:
    """Every operation as its sentence in the syllabus says it."""
    rules: dict[str, Operation] = {}
    for skill in _sections(operations):
        words = skill.description.partition(": ")[2].rstrip(".")
        rules[skill.id] = _rule(words, rules)
    return rules


def _rule(words: str, rules: Mapping[str, Operation]) -> Operation:
    if match := re.fullmatch(r"first (\w+), then (\w+)", words):
        inner, outer = (rules.get(name) or _later(name, rules) for name in match.groups())
        return lambda value: outer(inner(value))
    tens, units = re.fullmatch(r"the new tens digit is (.+), and the new units digit is (.+)", words).groups()
    one, other = _digit(tens), _digit(units)
    return lambda value: 10 * one(value) + other(value)


def _later(name: str, rules: Mapping[str, Operation]) -> Operation:
    return lambda value: rules[name](value)


def _digit(words: str) -> Operation:
    match = re.fullmatch(
        r"(?:the last digit of )?(?:(\d) times )?the (tens|units) digit(?: of the value)?(?: plus (\d))?", words
    )
    times, plus = int(match[1] or 1), int(match[3] or 0)
    if match[2] == "tens":
        return lambda value: (times * (value // 10) + plus) % 10
    return lambda value: (times * value + plus) % 10


if __name__ == "__main__":
    main()
