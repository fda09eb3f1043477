"""The calculus domain's author: writes textbooks, exercises and probes by exact computation, without a model.

An exercise is a problem put into words and solved line by line. Verification never sees these modules, and they
never see it.
"""

import random
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from skilladapt.domains.authoring import aim_of, as_probe, check_known, children
from skilladapt.domains.calculus.authoring.composing import propose
from skilladapt.domains.calculus.authoring.expressions.trees import Expression, has_variable
from skilladapt.domains.calculus.authoring.expressions.values import same
from skilladapt.domains.calculus.authoring.mistakes import SLIPS, wrong_solutions
from skilladapt.domains.calculus.authoring.problem import Problem, read
from skilladapt.domains.calculus.authoring.remarks import remark_on
from skilladapt.domains.calculus.authoring.shapes.tables import SHAPES
from skilladapt.domains.calculus.authoring.solving.solution import Solution
from skilladapt.domains.calculus.authoring.solving.solve import solved
from skilladapt.domains.calculus.authoring.textbook import compose_page
from skilladapt.domains.calculus.authoring.wordings.tables import STYLES
from skilladapt.domains.calculus.authoring.writing import (
    AUTHOR_NAME,
    closure,
    drawn,
    reads_well,
    with_solution,
    written,
)
from skilladapt.records import (
    Assignment,
    Exercise,
    Probe,
    Skill,
    Split,
    Textbook,
    canonical_question,
    content_hash,
    split_of,
)
from skilladapt.skills.graph import SkillGraph

TRIES = 400
"""Draws for each thing asked for before fewer are given: a fifth of all questions is held out, others repeat."""


class CalculusAuthor:
    """Writes for the skills of the calculus syllabus; everything is deterministic in the arguments."""

    name = AUTHOR_NAME
    corruption_kinds: Sequence[str] = (*SLIPS, "swapped", "wrong_step")

    def write_textbook(self, skill: Skill, graph: SkillGraph, variant: int) -> Textbook:
        """A page of 90 to 200 words; even variants begin with the rule, odd ones with an example."""
        check_known(self.name, [skill.id], SHAPES)
        rng = random.Random(content_hash("calculus-textbook", skill.id, variant))
        fresh = written((skill.id,), 1, drawn(skill.id, 1, rng), rng)
        harder = written((skill.id,), 2, drawn(skill.id, 2, rng), rng)
        examples = [*islice(fresh, 2), *islice(harder, 1)]
        before = [other.title for other in graph.skills if other.id in graph.before(skill.id)]
        text = compose_page(skill, before, examples, variant)
        return Textbook(skill_id=skill.id, title=skill.title, text=text, author=self.name)

    def write_exercises(self, assignment: Assignment) -> list[Exercise]:
        """Up to `assignment.count` exercises, none twice, none with a held-out question.

        Composed ones name every skill asked for in their steps; where no question joins them, the list is empty.

        Raises:
            UserError: A skill is not in the calculus syllabus.

        """
        skill_ids, difficulty, parent = aim_of(assignment)
        check_known(self.name, skill_ids, SHAPES)
        answer = assignment.student_answer
        remark = remark_on(parent, answer) if parent and answer else None
        rng = random.Random(content_hash("calculus-exercises", assignment.model_dump(mode="json")))
        if len(skill_ids) > 1:
            problems: Iterator[Problem] = propose(skill_ids, difficulty, TRIES * assignment.count, rng)
        else:
            problems = islice(drawn(skill_ids[0], difficulty, rng), TRIES * assignment.count)
        return children(written(skill_ids, difficulty, problems, rng), assignment, remark)

    def write_probes(self, skill: Skill, count: int, split: Split) -> list[Probe]:
        """`count` pairs of held-out probes of difficulties 1 to 3, twins next to each other.

        The splits share no question: which one a question belongs to is decided by its own hash. Twins have other
        numbers, other words and, where the question names a variable, another one.
        """
        check_known(self.name, [skill.id], SHAPES)
        rng = random.Random(content_hash("calculus-probes", skill.id, split))
        probes: list[Probe] = []
        seen: set[str] = set()
        for index in range(count):
            pair: list[Exercise] = []
            for exercise in _held_out(skill.id, 1 + index % 3, split, rng):
                if canonical_question(exercise.question) in seen or not _differ(pair, exercise):
                    continue
                seen.add(canonical_question(exercise.question))
                pair.append(exercise)
                if len(pair) == 2:
                    break
            if len(pair) == 2:
                probes += [as_probe(exercise, f"{skill.id}-{split}-{index}", split) for exercise in pair]
        return probes

    def solve_again(self, exercise: Exercise) -> Exercise | None:
        """The same question worked out; None where it is not one of this syllabus."""
        problem = read(exercise.question)
        if problem is None or any(id not in SHAPES for id in exercise.skill_ids):
            return None
        solution = solved(problem, closure(exercise.skill_ids))
        return None if solution is None else with_solution(exercise, solution)

    def corrupt(self, exercise: Exercise, kind: str, rng: random.Random) -> Exercise | None:
        """A wrong version whose last line and answer agree; None where `kind` does not apply to it."""
        problem = read(exercise.question)
        known = kind in self.corruption_kinds and all(id in SHAPES for id in exercise.skill_ids)
        if problem is None or not known:
            return None
        allowed = closure(exercise.skill_ids)
        right = solved(problem, allowed)
        if right is None:
            return None
        if kind == "wrong_step":
            found = wrong_solutions(problem, allowed).items()
            wrong = [solution for _, solution in sorted(found) if reads_well(problem, solution)]
            return with_solution(exercise, rng.choice(wrong)) if wrong else None
        changed = _swapped(exercise, right, rng) if kind == "swapped" else SLIPS[kind](right.result, rng)
        if changed is None or same(changed, right.result):
            return None
        answer = right.printed(changed)
        if answer == exercise.answer or not exercise.solution.endswith(exercise.answer):
            return None
        solution = exercise.solution.removesuffix(exercise.answer) + answer
        return exercise.model_copy(update={"solution": solution, "answer": answer})


AUTHOR = CalculusAuthor()


def _held_out(skill_id: str, difficulty: int, split: Split, rng: random.Random) -> Iterator[Exercise]:
    problems = islice(drawn(skill_id, difficulty, rng), TRIES)
    for exercise in written((skill_id,), difficulty, problems, rng, held_out=True):
        if split_of(exercise.question) == split:
            yield exercise


def _differ(pair: Sequence[Exercise], other: Exercise) -> bool:
    """Whether `other` can be the twin: other numbers, other words, another variable if there is a choice."""
    if not pair:
        return True
    first, second = read(pair[0].question), read(other.question)
    assert first is not None and second is not None
    fixed = any(len(set(STYLES[one.style].variables)) == 1 for one in (first, second))
    named = first.variable != second.variable or not any(has_variable(form) for form in first.expressions)
    numbers = [set(re.findall(r"\d+", exercise.question)) for exercise in (pair[0], other)]
    return numbers[0] != numbers[1] and _words(pair[0]) != _words(other) and (named or fixed)


def _words(exercise: Exercise) -> str:
    return " ".join(word for word in exercise.question.split() if word.isalpha() and len(word) > 1)


def _swapped(exercise: Exercise, right: Solution, rng: random.Random) -> Expression | None:
    """The result of another problem of the same skill and kind of answer."""
    for problem in islice(drawn(exercise.skill_ids[0], exercise.difficulty, rng), 20):
        other = solved(problem)
        if other is not None and other.answer_type == right.answer_type and not same(other.result, right.result):
            return other.result
    return None
