"""What authors of domains have in common, whatever they write about. Verifiers never see it."""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from itertools import islice
from typing import Final, NamedTuple

from skilladapt.errors import UserError
from skilladapt.records import Assignment, Exercise, Probe, Split, canonical_question


class Remark(NamedTuple):
    """A line that stands before a solution and says what was wrong with a student's answer."""

    skill_id: str
    line: str


@dataclass(frozen=True)
class Lesson:
    """What a domain's `lessons.md` says about one skill."""

    rule: str
    """What to do, as a recipe."""
    reason: str
    """Why it works, or a picture of it."""
    mistake: str
    """What goes wrong most often, and how to notice."""


OPENINGS: Final = ("How to do it.", "Why it works.", "In short.", "A picture.")
"""How the idea of a page begins; odd ones begin a reason."""
EXAMPLE_NAMES: Final = ("Example", "Worked example", "Another example")


def builds_on(before: Sequence[str]) -> str:
    """What a page says of the titles that its skill directly builds on."""
    return f"It builds on: {', '.join(before)}." if before else "Nothing else is needed to begin."


def worked(exercise: Exercise, name: str) -> str:
    """The exercise as an example on a page."""
    return f"{name}: {exercise.question}\n{exercise.completion}"


def read_lessons(file: Traversable) -> Mapping[str, Lesson]:
    """The lessons by skill id: a heading for each, and a line each of `Rule:`, `Reason:` and `Mistake:`."""
    found = re.findall(
        r"^## (\S+)\nRule: (.+)\nReason: (.+)\nMistake: (.+)$", file.read_text("utf-8"), re.MULTILINE
    )
    return {skill_id: Lesson(*said) for skill_id, *said in found}


def check_known(author: str, skill_ids: Sequence[str], known: Container[str]) -> None:
    """Raises UserError with every skill that the author does not know."""
    mistakes = [
        f"The {author} author cannot write about '{id}', which is not in its syllabus; "
        "remove the skill, name another author, or mend 'domain_options'."
        for id in skill_ids
        if id not in known
    ]
    if mistakes:
        raise UserError(*mistakes)


class Aim(NamedTuple):
    """What the exercises of an assignment are to be about."""

    skill_ids: Sequence[str]
    difficulty: int
    parent: Exercise | None
    """Whose variants they are."""


def aim_of(assignment: Assignment) -> Aim:
    """Variants are about what their parent is about, whatever else was asked for."""
    if assignment.kind != "augmented" or not assignment.parents:
        return Aim(assignment.skill_ids, assignment.difficulty, None)
    parent = assignment.parents[0]
    return Aim(parent.skill_ids, parent.difficulty, parent)


def children(found: Iterable[Exercise], assignment: Assignment, remark: Remark | None = None) -> list[Exercise]:
    """The first so many as are asked for that do not repeat a parent, `descended`."""
    parents = {canonical_question(parent.question) for parent in assignment.parents}
    fresh = (exercise for exercise in found if canonical_question(exercise.question) not in parents)
    return [descended(exercise, assignment, remark) for exercise in islice(fresh, assignment.count)]


def descended(exercise: Exercise, assignment: Assignment, remark: Remark | None = None) -> Exercise:
    """The exercise as a child of the assignment's parents, its solution beginning with the remark."""
    update: dict[str, object] = {
        "kind": assignment.kind,
        "parent_ids": tuple(parent.exercise_id for parent in assignment.parents),
        "generation": max((parent.generation + 1 for parent in assignment.parents), default=0),
    }
    if remark is not None:
        update["solution"] = f"{remark.line}\n{exercise.solution}"
        update["step_skills"] = (remark.skill_id, *exercise.step_skills)
    return exercise.model_copy(update=update)


def as_probe(exercise: Exercise, pair: str, split: Split, family: str = "") -> Probe:
    """What is asked of a student who must not see the solution."""
    return Probe(
        skill_id=exercise.skill_ids[0],
        question=exercise.question,
        answer=exercise.answer,
        answer_type=exercise.answer_type,
        pair=pair,
        split=split,
        family=family,
    )
