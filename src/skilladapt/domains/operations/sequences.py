"""Which operations follow one another in a question, and which never do outside probes."""

import random
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from skilladapt.domains.operations.subject import Subject
from skilladapt.domains.operations.working import Call
from skilladapt.records import content_hash

VALUES: Final = 100
USUAL: Final = 3
"""Operations in a row that a student practises, unless an exercise of difficulty 4 or 5 is asked for."""


def is_reserved(outer: str, inner: str) -> bool:
    """Whether `outer` right after `inner` may only ever be a probe: a fifth of all pairs, for every seed."""
    return int(content_hash("sequence", outer, inner), 16) % 5 == 0


def is_practice(names: Sequence[str]) -> bool:
    """Whether an exercise may call these in a row: none right after itself, and no reserved pair."""
    return all(outer != inner and not is_reserved(outer, inner) for outer, inner in pairwise(names))


def draw_calls(name: str, length: int, subject: Subject, rng: random.Random, tries: int) -> Iterator[Call]:
    """Calls of `length` operations in a row, the outermost `name`, the others of at most its level.

    A single operation comes with every value once, in any order; of longer ones `tries` are drawn, of which some
    may be equal or no practice.
    """
    if length == 1:
        yield from (Call((name,), value) for value in rng.sample(range(VALUES), VALUES))
        return
    others = subject.up_to(subject.definitions[name].level)
    for _ in range(tries):
        yield Call((name, *rng.choices(others, k=length - 1)), rng.randrange(VALUES))


def draw_joint_calls(
    skill_ids: Sequence[str], needed: Sequence[str], limit: int, subject: Subject, rng: random.Random, tries: int
) -> Iterator[Call]:
    """Calls of at most `limit` operations in a row, the outermost the first of `skill_ids`.

    They contain all of `needed`, and of the others as many as there is room for, in any order; in the second half
    of the tries fewer, and others in between, since a pair may be reserved.
    """
    outermost, *rest = skill_ids
    optional = [name for name in rest if name not in needed]
    room = limit - 1 - len(needed)
    if room < 0:
        return
    fillers = subject.up_to(subject.definitions[outermost].level)
    for turn in range(tries):
        chosen = rng.sample(optional, min(room, len(optional)))
        if turn >= tries // 2:
            del chosen[rng.randint(0, len(chosen)) :]
            chosen += rng.choices(fillers, k=rng.randint(0, room - len(chosen)))
        inner = [*needed, *chosen]
        rng.shuffle(inner)
        if inner:
            yield Call((outermost, *inner), rng.randrange(VALUES))
