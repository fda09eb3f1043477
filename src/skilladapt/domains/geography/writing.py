"""Puts tasks that were worked out into exercises, and decides which of them may be practised."""

import random
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from skilladapt.domains.geography.kinds import SKILLS, is_reserved
from skilladapt.domains.geography.solving import solve
from skilladapt.domains.geography.subject import Subject
from skilladapt.domains.geography.task import Task
from skilladapt.domains.geography.wordings import ask
from skilladapt.domains.geography.working import Solution
from skilladapt.records import Exercise, canonical_question, is_held_out
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.syllabus import graph_of, read_syllabus

AUTHOR_NAME: Final = "geography"
Use = Literal["practice", "wordings", "joins", "strangers"]
"""Practice, or a family of probes: facts in other words, joins never practised, countries never told."""


@cache
def syllabus_graph() -> SkillGraph:
    """The graph of the geography syllabus."""
    return graph_of(read_syllabus(files(__package__) / "syllabus.md"))


@cache
def closure(skill_ids: tuple[str, ...]) -> frozenset[str]:
    """The skills and everything they need."""
    return syllabus_graph().closure(skill_ids)


def written(
    skill_ids: Sequence[str],
    difficulty: int,
    tasks: Iterable[Task | None],
    subject: Subject,
    rng: random.Random,
    use: Use = "practice",
) -> Iterator[Exercise]:
    """The tasks as exercises that need the skills, each question once, and none that is not for this use."""
    allowed, seen = closure(tuple(skill_ids)), set[str]()
    for task in tasks:
        solution = solve(task, allowed) if task else None
        if task is None or solution is None or not may_be(use, skill_ids, task, solution, subject):
            continue
        named = {line.skill_id for line in solution.lines}
        if len(skill_ids) > 1 and not named >= set(skill_ids):
            continue
        # Strangers are asked in the words of practice and of probes alike: what is new is the country.
        question = ask(task, rng, use == "wordings" or (use == "strangers" and rng.random() < 0.5))
        key = canonical_question(question)
        if key in seen or is_held_out(question) != (use != "practice"):
            continue
        seen.add(key)
        yield exercise_of(skill_ids, question, solution, difficulty)


def may_be(use: Use, skill_ids: Sequence[str], task: Task, solution: Solution, subject: Subject) -> bool:
    """Whether a task is for practice, or for this family of probes."""
    if use == "strangers":
        return not subject.known & set(task.subjects)
    if not subject.known >= solution.mentions:
        return False
    if use == "joins":
        return is_reserved(skill_ids[0], task.subjects)
    concluded = solution.concluded | {(id, task.subjects) for id in skill_ids}
    return not any(is_reserved(id, subjects) for id, subjects in concluded)


def exercise_of(skill_ids: Sequence[str], question: str, solution: Solution, difficulty: int) -> Exercise:
    """A fresh exercise: every step a line behind its skill's title."""
    titles = syllabus_graph().by_id
    return Exercise(
        skill_ids=tuple(skill_ids),
        question=question,
        solution="\n".join(f"{titles[line.skill_id].title}: {line.text}." for line in solution.lines),
        step_skills=tuple(line.skill_id for line in solution.lines),
        answer=solution.answers[0],
        answer_type=solution.answer_type,
        difficulty=difficulty,
        author=AUTHOR_NAME,
    )


def with_solution(exercise: Exercise, solution: Solution) -> Exercise:
    """The exercise with another solution and answer."""
    other = exercise_of(exercise.skill_ids, exercise.question, solution, exercise.difficulty)
    keep = {"solution", "step_skills", "answer", "answer_type"}
    return exercise.model_copy(update=other.model_dump(include=keep))


def is_known(skill_ids: Sequence[str]) -> bool:
    """Whether all are skills of this syllabus."""
    return all(id in SKILLS for id in skill_ids)
