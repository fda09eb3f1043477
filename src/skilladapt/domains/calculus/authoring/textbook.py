"""Puts a textbook page together: the idea, what it builds on, worked examples and the mistake to watch for."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from skilladapt.domains.authoring import EXAMPLE_NAMES, OPENINGS, Lesson, builds_on, read_lessons, worked
from skilladapt.records import Exercise, Skill

MAX_WORDS = 200
"""A page with more words loses its last examples, but for one."""


@cache
def lessons() -> Mapping[str, Lesson]:
    """The lessons by skill id."""
    return read_lessons(files("skilladapt.domains.calculus") / "lessons.md")


def compose_page(skill: Skill, before: Sequence[str], examples: Sequence[Exercise], variant: int) -> str:
    """The text of one page; `before` are the titles of what the skill directly builds on.

    Even variants give the rule and then examples, odd ones an example and then the reason.
    """
    lesson = lessons()[skill.id]
    idea = f"{OPENINGS[variant % 4]} {lesson.reason if variant % 2 else lesson.rule}"
    shown = [worked(exercise, EXAMPLE_NAMES[variant % 3]) for exercise in examples]
    start = [f"{skill.title}. {skill.description.split(chr(10))[0]}", builds_on(before)]
    end = f"Watch out: {lesson.mistake}"
    body = [shown[0], idea, *shown[1:]] if variant % 2 else [idea, *shown]
    while len(" ".join([*start, *body, end]).split()) > MAX_WORDS and len(body) > 2:
        body.pop()
    return "\n\n".join([*start, *body, end])
