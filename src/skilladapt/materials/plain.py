"""Exercises from a teacher for whom the full form is too much: one question at a time, then solved as any other.

The answer written beside the question is not used: small models give better answers to a question than they think
up with it. What comes out is checked like everything else.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from skilladapt.materials.replies import Draft
from skilladapt.prompts import fill
from skilladapt.prompts.reading import Unusable, stated_answer, text_of
from skilladapt.records import Skill
from skilladapt.teachers.teacher import Outcome, Request, Sampling, Teacher, ask_all

WORDINGS: Final = ("a test", "an exam", "a quiz", "a simple", "a trivia", "a short", "an easy", "a general")
"""What a question is called, in turn: a teacher that does not vary its replies is asked for another one by it."""
FIRST_EXERCISE: Final = 2
"""The place of an exercise's first wording; those before are the first probes'."""
_QUESTION: Final = re.compile(
    r"^[\s>*#_]*(?:question[*_\s]*\d*[*_\s]*:)?[*_\s]*(?P<text>\S.*\?)[*_\s]*$", re.I | re.M
)


@dataclass(frozen=True)
class PlainWanted:
    """So many questions on a skill, in the wordings from `first` on."""

    skill: Skill
    count: int
    first: int = 0


@dataclass(frozen=True)
class PlainDrafts:
    """What came of it."""

    drafts: list[Draft] = field(default_factory=list)
    faults: list[tuple[Unusable, str]] = field(default_factory=list)
    """Why a reply is not used, and the reply."""


def ask_plainly(teacher: Teacher, wanted: Sequence[PlainWanted], sampling: Sampling) -> list[PlainDrafts]:
    """Drafts with a question, a one-step solution and its answer, for each of `wanted`; no question twice."""
    asked = [(place, one, number) for place, one in enumerate(wanted) for number in range(one.count)]
    requests = [_question_request(one, number, sampling) for _, one, number in asked]
    found = [PlainDrafts() for _ in wanted]
    questions: dict[tuple[int, str], str] = {}
    for (place, _, _), outcome in zip(asked, ask_all(teacher, requests), strict=True):
        try:
            question = _question(text_of(outcome))
        except Unusable as fault:
            found[place].faults.append((fault, getattr(outcome, "text", "")))
        else:
            questions.setdefault((place, question.casefold()), question)
    solving = [
        Request(
            messages=fill("solve-plainly", {"question": question}),
            sampling=sampling,
            purpose="solve-plainly",
        )
        for question in questions.values()
    ]
    for ((place, _), question), outcome in zip(questions.items(), ask_all(teacher, solving), strict=True):
        try:
            found[place].drafts.append(_solved(question, outcome))
        except Unusable as fault:
            found[place].faults.append((fault, f"{question}\n{getattr(outcome, 'text', '')}"))
    return found


def _question_request(wanted: PlainWanted, number: int, sampling: Sampling) -> Request:
    turn, place = divmod(wanted.first + number, len(WORDINGS))
    values = {"wording": WORDINGS[place], "title": wanted.skill.title}
    return Request(messages=fill("question", values), sampling=sampling, draw=turn, purpose="question")


def _question(text: str) -> str:
    found = _QUESTION.search(text)
    if found is None:
        raise Unusable("no question")
    return found["text"].strip()


def _solved(question: str, outcome: Outcome) -> Draft:
    text = text_of(outcome)
    answer = stated_answer(text)
    if not answer:
        raise Unusable("a question that its author could not answer")
    step = next(line.strip() for line in text.split("\n") if line.strip())
    return Draft(question=question, steps=[(None, step)], answer=answer)
