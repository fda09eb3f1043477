"""Probes: questions that are never practised, each beside a twin of the same kind with other numbers."""

import random
from collections.abc import Iterator, Mapping
from itertools import islice, pairwise
from typing import Final

from skilladapt.domains.authoring import as_probe
from skilladapt.domains.operations.sequences import USUAL, draw_calls, is_practice, is_reserved
from skilladapt.domains.operations.subject import Subject
from skilladapt.domains.operations.working import Call, exercise_of
from skilladapt.records import Probe, Split, is_held_out, split_of

FAMILIES: Final[Mapping[str, tuple[int, ...]]] = {"inputs": (1,), "sequences": (2, 3), "depths": (USUAL + 1,)}
"""How many operations in a row the probes of each family call, in turn."""
_TRIES: Final = 6_000
"""Draws for one pair: of two in a row a fifth is reserved, of those a fifth held out, and a third `dev`."""


def write_pairs(name: str, count: int, split: Split, subject: Subject, rng: random.Random) -> list[Probe]:
    """Up to `count` pairs of probes of one operation, twins next to each other; the families take turns."""
    probes: list[Probe] = []
    seen: set[Call] = set()
    waiting = list(FAMILIES)
    turn = 0
    while waiting and len(probes) < 2 * count:
        family = waiting.pop(0)
        pair = _pair(name, family, turn, split, subject, rng, seen)
        turn += 1
        if pair is None:
            continue
        waiting.append(family)
        seen.update(pair)
        probes += [
            as_probe(exercise_of(call, subject), f"{name}-{split}-{len(probes) // 2}", split, family)
            for call in pair
        ]
    return probes


def _pair(
    name: str, family: str, turn: int, split: Split, subject: Subject, rng: random.Random, seen: set[Call]
) -> tuple[Call, Call] | None:
    """Two calls of the same length, with other values and, where there are inner operations, others of those."""
    lengths = FAMILIES[family]
    first = turn // len(FAMILIES) % len(lengths)
    for length in lengths[first:] + lengths[:first]:
        fitting = [call for call in _held_out(name, family, length, split, subject, rng) if call not in seen]
        for one, other in pairwise(fitting):
            if one.value != other.value and (length == 1 or one.names != other.names):
                return one, other
    return None


def _held_out(
    name: str, family: str, length: int, split: Split, subject: Subject, rng: random.Random
) -> Iterator[Call]:
    found = (
        call
        for call in draw_calls(name, length, subject, rng, _TRIES)
        if _is_of(family, call.names) and is_held_out(call.question) and split_of(call.question) == split
    )
    return islice(found, 8)


def _is_of(family: str, names: tuple[str, ...]) -> bool:
    """Whether the operations in a row are a probe of the family; none may stand right after itself."""
    if family != "sequences":
        return is_practice(names)
    pairs = list(pairwise(names))
    return all(outer != inner for outer, inner in pairs) and any(is_reserved(*pair) for pair in pairs)
