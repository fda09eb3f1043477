"""Writes calculus exercises over all skills and difficulties, verifies them, and has a third party work them out.

    python benchmarks/bench_calculus.py [--exercises 100000] [--jobs 2]

Reported: exercises written and verified per second of one process, verdicts other than correct, duplicates (by
canonical question), and by an interpreter that shares no code with author or verifier (`calculus_questions`) how
many it could read and how many answers it found wrong. Ends with status 1 unless all are read and none is wrong.
"""

import argparse
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing import get_context

from calculus_questions import judge
from skilladapt.domains.domain import load_domain
from skilladapt.records import Assignment, canonical_question, content_hash
from skilladapt.skills.syllabus import graph_of

DIFFICULTIES = (1, 2, 3, 4, 5)
EXAMPLES = 20
"""Questions printed of those that were not read, not verified or found wrong."""


@dataclass
class Found:
    written: int = 0
    verified: int = 0
    read: int = 0
    write_s: float = 0.0
    verify_s: float = 0.0
    judge_s: float = 0.0
    questions: set[str] = field(default_factory=set)
    """Hashes of the canonical questions."""
    faults: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def fault(self, kind: str, text: str) -> None:
        self.faults[kind] += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(f"{kind}: {text}")

    def add(self, other: "Found") -> None:
        for name in ("written", "verified", "read", "write_s", "verify_s", "judge_s"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.questions |= other.questions
        self.faults += other.faults
        self.examples += other.examples[: EXAMPLES - len(self.examples)]


def examine(task: tuple[str, int, int, int]) -> Found:
    """One skill at one difficulty."""
    skill_id, difficulty, count, draw = task
    domain, found = load_domain("calculus"), Found()
    assert domain.verifier is not None
    start = time.perf_counter()
    assignment = Assignment(skill_ids=(skill_id,), difficulty=difficulty, count=count, draw=draw)
    exercises = domain.author.write_exercises(assignment)
    found.write_s = time.perf_counter() - start
    found.written = len(exercises)
    for exercise in exercises:
        told = f"{skill_id} {difficulty}: {exercise.question} | {exercise.answer}"
        found.questions.add(content_hash(canonical_question(exercise.question)))
        start = time.perf_counter()
        verdict = domain.verifier.check(exercise, domain.verifier.methods[0])
        found.verify_s += time.perf_counter() - start
        found.verified += verdict.verdict == "correct"
        if verdict.verdict != "correct":
            found.fault(verdict.verdict, f"{told} | {verdict.reason}")
        start = time.perf_counter()
        try:
            right = judge(exercise.question, exercise.answer)
            found.read += 1
            if not right:
                found.fault("wrong", told)
        except Exception as error:  # whatever the third party stumbles over, it did not read the question
            found.fault("unread", f"{told} | {error!r}")
        found.judge_s += time.perf_counter() - start
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--exercises", type=int, default=100_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--draw", type=int, default=0, help="another draw gives other exercises")
    arguments = parser.parse_args()
    syllabus = load_domain("calculus").syllabus
    assert syllabus is not None
    skills = [skill.id for skill in graph_of(syllabus).skills]
    share, rest = divmod(arguments.exercises, len(skills) * len(DIFFICULTIES))
    cells = [(skill, difficulty) for skill in skills for difficulty in DIFFICULTIES]
    tasks = [
        (*cell, share + (place < rest), arguments.draw)
        for place, cell in enumerate(cells)
        if share + (place < rest)
    ]
    total, start = Found(), time.perf_counter()
    with get_context("spawn").Pool(arguments.jobs) as pool:
        for found in pool.imap_unordered(examine, tasks):
            total.add(found)
    wall = time.perf_counter() - start
    print(f"{len(skills)} skills, {total.written} exercises of {arguments.exercises}, {wall:.0f} s in all")
    print(f"written  {total.written / total.write_s:8.0f} a second and process")
    print(f"verified {total.written / total.verify_s:8.0f} a second and process, {total.verified} correct")
    print(f"worked out anew {total.written / total.judge_s:.0f} a second and process, {total.read} read")
    print(f"duplicates {total.written - len(total.questions)}")
    print("faults", dict(total.faults) or "none")
    print(*total.examples, sep="\n")
    return 1 if total.faults else 0


if __name__ == "__main__":
    sys.exit(main())
