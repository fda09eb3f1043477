"""Puts a page together: the idea, what it builds on, the facts in prose, worked examples, a common mistake."""

import random
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Final

from skilladapt.domains.authoring import EXAMPLE_NAMES, OPENINGS, Lesson, builds_on, read_lessons, worked
from skilladapt.domains.geography.draw import Draw
from skilladapt.domains.geography.facts import countries
from skilladapt.domains.geography.kinds import tasks
from skilladapt.domains.geography.relations import BY_SKILL, Relation
from skilladapt.domains.geography.subject import Subject
from skilladapt.domains.geography.writing import written
from skilladapt.records import Exercise, Skill, content_hash

COUNTRIES_A_PAGE: Final = 16
MAX_WORDS: Final = 320
"""A page with more words loses its second example."""
_TOLD: Final = ("Here are some of the facts.", "What there is to know.", "To be remembered.", "Facts to keep.")


@cache
def lessons() -> Mapping[str, Lesson]:
    """The lessons by skill id."""
    return read_lessons(files(__package__) / "lessons.md")


def pages_needed(skill_id: str, subject: Subject) -> int:
    """How many variants of the page together state every fact that an exercise can need; 1 or more."""
    relation = _relation(skill_id)
    return len(_slices(relation, subject)) if relation else 1


def compose_page(skill: Skill, before: Sequence[str], subject: Subject, variant: int) -> str:
    """The text of one page; `before` are the titles of what the skill directly builds on.

    Even variants give the rule and then the rest, odd ones an example and then the reason. Of facts each variant
    tells those of other countries; when all have been told, the next round has other words.
    """
    lesson = lessons()[skill.id]
    idea = f"{OPENINGS[variant % 4]} {lesson.reason if variant % 2 else lesson.rule}"
    relation = _relation(skill.id)
    codes: Sequence[str] = ()
    facts = []
    if relation:
        slices = _slices(relation, subject)
        codes = slices[variant % len(slices)]
        facts = [_told(relation, codes, variant, variant // len(slices))]
    shown = [worked(one, EXAMPLE_NAMES[variant % 3]) for one in _examples(skill.id, subject, variant, codes)]
    start = [f"{skill.title}. {skill.description.split(chr(10))[0]}", builds_on(before)]
    end = f"Watch out: {lesson.mistake}"
    if sum(len(part.split()) for part in (*start, idea, *facts, *shown, end)) > MAX_WORDS:
        del shown[1:]
    body = [*shown[:1], idea, *facts, *shown[1:]] if variant % 2 else [idea, *facts, *shown]
    return "\n\n".join([*start, *body, end])


def _relation(skill_id: str) -> Relation | None:
    return BY_SKILL.get("capitals" if skill_id == "countries-of-capitals" else skill_id)


@cache
def _slices(relation: Relation, subject: Subject) -> tuple[tuple[str, ...], ...]:
    """The taught countries whose fact may be told, mixed, in parts of nearly equal size."""
    table = countries()
    known = [
        code
        for code in subject.taught
        if relation.value(table[code]) is not None
        and (relation.key != "one neighbour" or subject.is_closed(table[code]))
    ]
    random.Random(content_hash("geography-pages", relation.key, subject.taught)).shuffle(known)
    number = max(1, -(-len(known) // COUNTRIES_A_PAGE))
    return tuple(tuple(known[part::number]) for part in range(number))


def _told(relation: Relation, codes: Sequence[str], variant: int, turn: int) -> str:
    sentences = []
    for place, code in enumerate(codes):
        country = countries()[code]
        sentences.append(relation.tell(country, relation.value(country) or "", place + turn))
    return f"{_TOLD[variant % len(_TOLD)]} {' '.join(sentences)}"


def _examples(skill_id: str, subject: Subject, variant: int, codes: Sequence[str]) -> list[Exercise]:
    """One or two; where facts are told, one about a country of this page."""
    rng = random.Random(content_hash("geography-textbook", skill_id, variant, subject.taught))
    found: list[Exercise] = []
    for difficulty in (1, 2):
        draw = Draw.of(subject, rng, difficulty)
        drawn = islice(tasks(skill_id, draw), 2_000)
        fitting = (task for task in drawn if task and (not codes or set(task.subjects) <= {*codes}))
        found += islice(written((skill_id,), difficulty, fitting, subject, rng), 1)
    return found
