"""A benchmark file of newly invented operations, for a student that was taught something else.

Each question defines the operations it uses, then asks. Writes JSON lines for `skilladapt evaluate --benchmark`:

    python -m skilladapt.domains.operations.transfer --operations 200 --seed 1 --questions 200 > FILE.jsonl
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator
from typing import Final

from skilladapt.domains.operations.definitions import check_options
from skilladapt.domains.operations.sequences import draw_calls
from skilladapt.domains.operations.subject import Subject, subject_of
from skilladapt.domains.operations.working import Call, exercise_of
from skilladapt.errors import UserError
from skilladapt.records import content_hash

INTRODUCTION: Final = (
    "A value has two digits, ab: a is its tens digit and b its units digit. An operation makes a new value of it. "
    "For example, name(ab) = (3a+4)(b+7) means that the new tens digit is the last digit of 3a+4 and the new "
    "units digit is the last digit of b+7. In f(g(ab)), g comes first."
)
LONGEST: Final = 3
"""Most operations in a row."""
MOST: Final = 100_000
_TRIES: Final = 100


def transfer_questions(operations: int, seed: int, questions: int) -> Iterator[dict[str, str]]:
    """`questions` different items of a benchmark, one to three operations in a row in turn; topic is how many.

    Deterministic. Raises UserError where a number is out of range.
    """
    check_options(operations, seed)
    if not 1 <= questions <= MOST:
        raise UserError(f"{questions:,} questions are asked for; from 1 to {MOST:,} can be written.")
    subject = subject_of(operations, seed)
    rng = random.Random(content_hash("operations-transfer", operations, seed))
    names = list(subject.definitions)
    seen: set[Call] = set()
    for number in range(1, questions + 1):
        length = 1 + (number - 1) % LONGEST
        call = _another(names, length, subject, rng, seen)
        seen.add(call)
        yield {
            "id": f"operations-{operations}-{seed}-{number:05d}",
            "question": _defined(call, subject),
            "answer": exercise_of(call, subject).answer,
            "topic": f"{length} in a row",
        }


def _another(names: list[str], length: int, subject: Subject, rng: random.Random, seen: set[Call]) -> Call:
    for _ in range(_TRIES):
        call = next(iter(draw_calls(rng.choice(names), length, subject, rng, 1)))
        if call not in seen:
            return call
    raise UserError(
        f"No more than {len(seen):,} questions were found for so few operations; raise the one or lower the other."
    )


def _defined(call: Call, subject: Subject) -> str:
    used = frozenset[str]().union(*(subject.inside(name) for name in call.names))
    formulas = [definition.formula for name, definition in subject.definitions.items() if name in used]
    return "\n".join([INTRODUCTION, *formulas, f"What is {call}? Answer with two digits."])


def main(arguments: list[str] | None = None) -> int:
    """Writes the file to standard output; exit status 2 where a number is out of range."""
    parser = argparse.ArgumentParser(prog="python -m skilladapt.domains.operations.transfer")
    parser.add_argument("--operations", type=int, default=200, help="how many operations are invented")
    parser.add_argument("--seed", type=int, default=0, help="other seeds invent others")
    parser.add_argument("--questions", type=int, default=200, help="how many lines are written")
    asked = parser.parse_args(arguments)
    try:
        for item in transfer_questions(asked.operations, asked.seed, asked.questions):
            print(json.dumps(item))
    except UserError as error:
        print(*error.mistakes, sep="\n", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
