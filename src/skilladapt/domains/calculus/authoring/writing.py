"""Puts solved problems into exercises: which problems may be asked, and how question and solution are written."""

import random
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from skilladapt.domains.calculus.authoring.expressions.trees import Call, Expression, Term, children
from skilladapt.domains.calculus.authoring.problem import Problem, ask
from skilladapt.domains.calculus.authoring.shapes.draw import Draw
from skilladapt.domains.calculus.authoring.shapes.tables import SHAPES
from skilladapt.domains.calculus.authoring.solving.solution import Solution
from skilladapt.domains.calculus.authoring.solving.solve import solve, solved
from skilladapt.records import Exercise, canonical_question, is_held_out
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.syllabus import graph_of, read_syllabus

AUTHOR_NAME = "calculus"
MAX_STEPS = 5
"""For each problem; one more puts the results of two together."""
MAX_SIZE = 100_000
MAX_EXPONENT = 200
MAX_POWER_OF_E = 30
"""No number in a question or answer is larger; arithmetic beyond that is not what the syllabus teaches."""


@cache
def syllabus_graph() -> SkillGraph:
    """The graph of the calculus syllabus."""
    return graph_of(read_syllabus(files("skilladapt.domains.calculus") / "syllabus.md"))


def closure(skill_ids: Sequence[str]) -> frozenset[str]:
    """The skills and everything they need."""
    return syllabus_graph().closure(skill_ids)


def title(skill_id: str) -> str:
    """The title with which a step begins."""
    return syllabus_graph().by_id[skill_id].title


def drawn(skill_id: str, difficulty: int, rng: random.Random) -> Iterator[Problem]:
    """Problems for one skill, without end."""
    while True:
        yield SHAPES[skill_id](Draw(rng, difficulty))


def written(
    skill_ids: Sequence[str],
    difficulty: int,
    problems: Iterator[Problem],
    rng: random.Random,
    held_out: bool = False,
) -> Iterator[Exercise]:
    """The problems as exercises that need the skills, each question once, held-out ones alone or not at all."""
    allowed, seen = closure(skill_ids), set[str]()
    for problem in problems:
        solution = solved(problem, allowed)
        if solution is None:
            continue
        named = {step.skill_id for step in solution.steps}
        joins = named >= set(skill_ids) if len(skill_ids) > 1 else True
        if not (joins and named <= allowed and reads_well(problem, solution)):
            continue
        asked = ask(problem, rng)
        if asked is None:
            continue
        question, problem = asked
        key = canonical_question(question)
        if key in seen or is_held_out(question) != held_out:
            continue
        seen.add(key)
        yield exercise_of(skill_ids, question, solve(problem, allowed), difficulty)


def reads_well(problem: Problem, solution: Solution) -> bool:
    """Whether there are no huge numbers and no endless solutions, and every line says something."""
    works = [step.work for step in solution.steps]
    return (
        len(works) <= MAX_STEPS * max(1, len(problem.parts)) + bool(problem.parts)
        and all(_is_small(form) for form in (*problem.expressions, solution.result))
        and works[-1].endswith(solution.answer)
        and not any(work.lstrip("-").isdigit() for work in works)
    )


def _is_small(expression: Expression) -> bool:
    match expression:
        case Term(coefficient, exponent):
            return (
                max(abs(coefficient.numerator), coefficient.denominator) <= MAX_SIZE and exponent <= MAX_EXPONENT
            )
        case Call("exp", Term(coefficient, 0)):
            return abs(coefficient) <= MAX_POWER_OF_E
        case _:
            return all(_is_small(child) for child in children(expression))


def exercise_of(skill_ids: Sequence[str], question: str, solution: Solution, difficulty: int) -> Exercise:
    """A fresh exercise: every step a line behind its skill's title."""
    return Exercise(
        skill_ids=tuple(skill_ids),
        question=question,
        solution="\n".join(f"{title(step.skill_id)}: {step.work}" for step in solution.steps),
        step_skills=tuple(step.skill_id for step in solution.steps),
        answer=solution.answer,
        answer_type=solution.answer_type,
        difficulty=difficulty,
        author=AUTHOR_NAME,
    )


def with_solution(exercise: Exercise, solution: Solution) -> Exercise:
    """The exercise with another solution and answer."""
    wrong = exercise_of(exercise.skill_ids, exercise.question, solution, exercise.difficulty)
    return exercise.model_copy(
        update={"solution": wrong.solution, "step_skills": wrong.step_skills, "answer": wrong.answer}
    )
