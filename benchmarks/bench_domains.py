"""Writes exercises of a domain, verifies them, and has a third reader work every one of them out.

    python benchmarks/bench_domains.py operations --exercises 1000000 --options '{"operations": 100}'
    python benchmarks/bench_domains.py calculus --exercises 100000

The exercises are spread evenly over all skills and difficulties. A question that was written before is set
aside, as a run does, and others are asked for instead; where a skill has no more at a difficulty, the rest give
more. Told are the rates of one process, verdicts other than correct, and what an interpreter that shares no code
with author or verifier (`operations_interpreter`, `calculus_questions`) could not read or found wrong. Ends with
status 1 if there is any such fault, or too few exercises.
"""

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from multiprocessing import get_context
from multiprocessing.pool import Pool
from time import perf_counter

import calculus_questions
import operations_interpreter
from skilladapt.domains.contract import DIFFICULTIES
from skilladapt.domains.domain import load_domain
from skilladapt.domains.options import Option
from skilladapt.records import Assignment, Exercise, Skill, canonical_question
from skilladapt.skills.syllabus import graph_of

EXAMPLES = 20
"""Faults printed in full."""

Judge = Callable[[str, str], bool]
Options = Mapping[str, Option]


@dataclass(frozen=True)
class Task:
    """So many exercises of one skill at one difficulty; another draw gives others."""

    skill_id: str
    difficulty: int
    count: int
    draw: int


@dataclass
class Found:
    """What became of the exercises of one task, or of all."""

    written: int = 0
    keys: list[bytes] = field(default_factory=list)
    """Of the canonical questions."""
    writing_s: float = 0.0
    verifying_s: float = 0.0
    interpreting_s: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def note(self, fault: str, exercise: Exercise, reason: str = "") -> None:
        self.faults[fault] += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(f"{fault}: {exercise.question} | {exercise.answer} | {reason}")

    def add(self, other: "Found") -> None:
        for name in ("written", "writing_s", "verifying_s", "interpreting_s"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.faults += other.faults
        self.examples += other.examples[: EXAMPLES - len(self.examples)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("domain", choices=sorted(INTERPRETERS))
    parser.add_argument("--exercises", type=int, default=100_000)
    parser.add_argument("--options", type=json.loads, default={}, help="of the domain, as JSON")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    skills = _skills(given.domain, given.options)
    total, questions = Found(), set[bytes]()
    began = perf_counter()
    with get_context("spawn").Pool(given.jobs, _begin, (given.domain, given.options)) as pool:
        for found in _waves(skills, given.exercises, questions, pool):
            total.add(found)
    seconds = perf_counter() - began
    print(f"{len(questions):,} different exercises, {len(skills)} skills: {seconds:.0f} s, {given.jobs} processes")
    print(f"all together {total.written / seconds:,.0f} a second; of one process:")
    for name in ("writing", "verifying", "interpreting"):
        print(f"  {name} {total.written / getattr(total, f'{name}_s'):,.0f} a second")
    print(f"written before and replaced: {total.written - len(questions):,}")
    print("faults:", dict(total.faults) or "none")
    print(*total.examples, sep="\n", end="")
    return 1 if total.faults or len(questions) < given.exercises else 0


def _waves(skills: Sequence[Skill], exercises: int, questions: set[bytes], pool: Pool) -> Iterator[Found]:
    """Asks until there are enough different questions, or no skill has more; adds their keys to `questions`."""
    cells = [(skill.id, difficulty) for skill in skills for difficulty in DIFFICULTIES]
    wave = 0
    while cells and len(questions) < exercises:
        share, rest = divmod(exercises - len(questions), len(cells))
        tasks = [Task(*cell, count, wave) for i, cell in enumerate(cells) if (count := share + (i < rest))]
        cells = []
        for task, found in zip(tasks, pool.imap(_worked, tasks), strict=True):
            new = set(found.keys) - questions
            questions |= new
            if 2 * len(new) >= task.count:
                cells.append((task.skill_id, task.difficulty))
            yield found
        wave += 1


_judge: Judge
_domain: tuple[str, Options]


def _begin(name: str, options: Options) -> None:
    """Once in every process: an interpreter may hold what cannot be sent."""
    global _judge, _domain
    _domain = (name, options)
    _judge = INTERPRETERS[name](_skills(name, options))


def _worked(task: Task) -> Found:
    domain, found = load_domain(*_domain), Found()
    assert domain.verifier is not None
    began = perf_counter()
    exercises = domain.author.write_exercises(
        Assignment(skill_ids=(task.skill_id,), difficulty=task.difficulty, count=task.count, draw=task.draw)
    )
    written = perf_counter()
    for exercise in exercises:
        verdict = domain.verifier.check(exercise, domain.verifier.methods[0])
        if verdict.verdict != "correct":
            found.note(verdict.verdict, exercise, verdict.reason)
    verified = perf_counter()
    for exercise in exercises:
        try:
            if not _judge(exercise.question, exercise.answer):
                found.note("wrong", exercise)
        except Exception as error:  # whatever it stumbles over, it did not read the question
            found.note("unread", exercise, repr(error))
    found.interpreting_s = perf_counter() - verified
    found.writing_s, found.verifying_s = written - began, verified - written
    found.written = len(exercises)
    found.keys = [blake2b(canonical_question(one.question).encode(), digest_size=12).digest() for one in exercises]
    return found


def _skills(name: str, options: Options) -> Sequence[Skill]:
    syllabus = load_domain(name, options).syllabus
    assert syllabus is not None
    return graph_of(syllabus).skills


INTERPRETERS: Mapping[str, Callable[[Sequence[Skill]], Judge]] = {
    "operations": lambda skills: partial(
        operations_interpreter.judge, rules=operations_interpreter.spoken(skills)
    ),
    "calculus": lambda _: calculus_questions.judge,
}


if __name__ == "__main__":
    sys.exit(main())
