"""Probes: questions that are never practised, each beside a twin of the same kind about other countries."""

import random
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from skilladapt.domains.authoring import as_probe
from skilladapt.domains.geography.draw import Draw
from skilladapt.domains.geography.kinds import SKILLS, Family, tasks
from skilladapt.domains.geography.subject import Subject
from skilladapt.domains.geography.wordings import read, template_of
from skilladapt.domains.geography.writing import Use, written
from skilladapt.records import Exercise, Probe, Split, canonical_question, split_of

FAMILIES: Final[Mapping[Family, tuple[Use, ...]]] = {
    "facts": ("wordings", "strangers"),
    "joins": ("joins", "strangers"),
    "tables": ("wordings",),
}
"""What is probed of each kind of skill, in turn."""
_TRIES: Final = 3_000
"""Draws for the probes of one family: a fifth is held out, a third of that `dev`, and of joins a fifth again."""
_DIFFICULTIES: Final = (1, 2, 3)


def write_pairs(skill_id: str, count: int, split: Split, subject: Subject, rng: random.Random) -> list[Probe]:
    """Up to `count` pairs of probes of one skill, twins next to each other; the families take turns."""
    families = FAMILIES[SKILLS[skill_id].family]
    waiting = {family: _pairs(skill_id, family, split, subject, rng) for family in families}
    probes: list[Probe] = []
    seen: set[str] = set()
    while waiting and len(probes) < 2 * count:
        for family in list(waiting):
            pair = next(waiting[family], None)
            if pair is None:
                del waiting[family]
            elif len(probes) < 2 * count and not seen & (
                questions := {canonical_question(one.question) for one in pair}
            ):
                seen |= questions
                name = f"{skill_id}-{split}-{len(probes) // 2}"
                probes += [as_probe(one, name, split, family) for one in pair]
    return probes


def _pairs(
    skill_id: str, family: Use, split: Split, subject: Subject, rng: random.Random
) -> Iterator[tuple[Exercise, Exercise]]:
    """Twins that differ in their countries and in their words; where words run out, in their countries."""
    single: list[Exercise] = []
    for exercise in _held_out(skill_id, family, split, subject, rng):
        twin = next((one for one in single if _differ(one, exercise)), None)
        if twin is None:
            single.append(exercise)
        else:
            single.remove(twin)
            yield twin, exercise


def _held_out(
    skill_id: str, family: Use, split: Split, subject: Subject, rng: random.Random
) -> Iterator[Exercise]:
    for difficulty in _DIFFICULTIES:
        draw = Draw.of(subject, rng, difficulty, family == "strangers")
        drawn = islice(tasks(skill_id, draw, probe=True), _TRIES)
        for exercise in written((skill_id,), difficulty, drawn, subject, rng, family):
            if split_of(exercise.question) == split:
                yield exercise


def _differ(first: Exercise, second: Exercise) -> bool:
    tasks = read(first.question), read(second.question)
    assert tasks[0] is not None and tasks[1] is not None
    return tasks[0].subjects != tasks[1].subjects and template_of(first.question) != template_of(second.question)
