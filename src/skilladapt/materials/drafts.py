"""Drafts become exercises: every field is there, means something, and names skills of the graph; or a reason.

Nothing is judged right or wrong here; that is verification's.
"""

import re
from collections.abc import Mapping
from typing import Final

from skilladapt.materials.giving_away import NUMBER, gives_away
from skilladapt.materials.language import language_fault
from skilladapt.materials.replies import Draft, ExerciseForm
from skilladapt.openings import opened
from skilladapt.prompts.reading import Unusable
from skilladapt.records import AnswerType, Assignment, Exercise
from skilladapt.skills.slug import comparable

MAX_QUESTION: Final = 2_000
MAX_STEPS: Final = 12
MAX_STEP: Final = 600
MAX_ANSWER: Final = 80
MAX_WORDS: Final = 8
"""In a short answer: more would hardly ever be worded in the same way twice."""
_NAMELESS: Final = ("", "none", "skill", "skill name", "name")


def to_exercise(
    draft: Draft,
    form: ExerciseForm,
    assignment: Assignment,
    title_of: Mapping[str, str],
    author: str,
    language: str,
) -> Exercise:
    """The exercise that a draft means, as practice. Raises `Unusable` with the first fault.

    `title_of` gives, by id, the titles of the skills that steps may name, by either; a step without a name belongs
    to the exercise's own skill.
    """
    question = _question(draft, form)
    steps = _steps(draft, form, assignment.skill_ids[0], title_of)
    answer, answer_type = _answer(draft, form)
    if form != "choice" and gives_away(question, answer):
        raise Unusable("the question gives its answer away")
    fault = language_fault(" ".join([question, *(text for _, text in steps)]), language)
    if fault:
        raise Unusable(fault)
    practice = opened(question, held_out=False)
    if practice is None:
        raise Unusable("no wording of the question is practice")
    return Exercise(
        skill_ids=assignment.skill_ids,
        question=practice,
        solution="\n".join(f"{title_of[id]}: {text}" for id, text in steps),
        step_skills=tuple(id for id, _ in steps),
        answer=answer,
        answer_type=answer_type,
        difficulty=assignment.difficulty,
        kind=assignment.kind,
        parent_ids=tuple(parent.exercise_id for parent in assignment.parents),
        author=author,
        generation=max((parent.generation + 1 for parent in assignment.parents), default=0),
    )


def _question(draft: Draft, form: ExerciseForm) -> str:
    question = " ".join(draft.question.split())
    if len(re.findall(r"\w", question)) < 8:
        raise Unusable("no question")
    if len(question) > MAX_QUESTION:
        raise Unusable(f"a question of {len(question):,} characters; at most {MAX_QUESTION:,} are allowed")
    if form != "choice":
        return question
    letters = sorted(draft.options)
    if len(letters) < 3 or letters != list("ABCDEFGH"[: len(letters)]):
        raise Unusable(f"the options {', '.join(letters) or 'none'}; at least A, B and C are needed")
    if len({comparable(option) for option in draft.options.values()} - {""}) < len(letters):
        raise Unusable("an option is empty or stands there twice")
    return "\n".join([question, *(f"{letter}) {draft.options[letter]}" for letter in letters)])


def _steps(draft: Draft, form: ExerciseForm, own: str, title_of: Mapping[str, str]) -> list[tuple[str, str]]:
    id_of = {comparable(name): id for id, title in title_of.items() for name in (id, title)}
    steps = [(_skill_id(name, own, id_of), " ".join(text.split())) for name, text in draft.steps]
    if form == "choice":
        wrong = sorted(set(draft.options) - {_letter(draft.answer)})
        unnamed = [letter for letter in wrong if not draft.misconceptions.get(letter)]
        if unnamed:
            raise Unusable(f"no misconception is named for {', '.join(unnamed)}")
        steps += [(own, f"{letter} would mean: {draft.misconceptions[letter]}") for letter in wrong]
    if not any(text for _, text in steps):
        raise Unusable("no steps")
    if len(steps) > MAX_STEPS or any(not 0 < len(text) <= MAX_STEP for _, text in steps):
        raise Unusable(f"more than {MAX_STEPS} steps, or one that is empty or longer than {MAX_STEP} characters")
    return steps


def _skill_id(name: str | None, own: str, id_of: Mapping[str, str]) -> str:
    key = comparable(name or "")
    if key in _NAMELESS:
        return own
    if key not in id_of:
        raise Unusable(f"a step names the skill '{(name or '')[:60]}', which is not one it may use")
    return id_of[key]


def _answer(draft: Draft, form: ExerciseForm) -> tuple[str, AnswerType]:
    if form == "explanation":
        points = [" ".join(point.split()).rstrip(".;") for point in draft.points]
        if not 2 <= len(points) <= 4 or len({comparable(point) for point in points} - {""}) < len(points):
            raise Unusable(f"{len(points)} points; two to four different ones are needed")
        if any(len(point) > 200 or ";" in point for point in points):
            raise Unusable("a point that is too long, or several in one")
        return "; ".join(points), "points"
    answer = " ".join(draft.answer.split()).rstrip(".")
    if form == "choice":
        letter = _letter(answer)
        if letter not in draft.options:
            raise Unusable(f"the answer {answer[:40]!r} is none of the options")
        return letter, "choice"
    if not answer or not re.search(r"\w", answer) or comparable(answer) == "none":
        raise Unusable("no answer")
    if len(answer) > MAX_ANSWER or len(answer.split()) > MAX_WORDS:
        raise Unusable(f"an answer of {len(answer.split())} words; at most {MAX_WORDS} can be checked")
    return answer, "number" if NUMBER.fullmatch(answer) else "text"


def _letter(answer: str) -> str:
    found = re.match(r"\W*([A-Ha-h])(?:\W|$)", answer)
    return found[1].upper() if found else ""
