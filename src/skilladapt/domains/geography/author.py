"""The geography author: writes textbooks, exercises and probes from the table of facts, without a model.

An exercise is a task put into words and worked out line by line. Verification never sees these modules, and they
never see it; both know only the facts.
"""

import random
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from skilladapt.domains.authoring import aim_of, check_known, children
from skilladapt.domains.geography.composing import propose
from skilladapt.domains.geography.draw import Draw
from skilladapt.domains.geography.held_out import write_pairs
from skilladapt.domains.geography.kinds import SKILLS, tasks
from skilladapt.domains.geography.mistakes import KINDS, corrupted
from skilladapt.domains.geography.remarks import remark_on
from skilladapt.domains.geography.solving import solve
from skilladapt.domains.geography.subject import Subject, subject_of
from skilladapt.domains.geography.task import Task
from skilladapt.domains.geography.textbook import compose_page, pages_needed
from skilladapt.domains.geography.wordings import read
from skilladapt.domains.geography.writing import (
    AUTHOR_NAME,
    closure,
    is_known,
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
    content_hash,
)
from skilladapt.skills.graph import SkillGraph

TRIES: Final = 200
"""Draws for each exercise asked for before fewer are given: some are held out, reserved or have no one answer."""


class GeographyAuthor:
    """Writes for the countries of one choice; everything is deterministic in the arguments."""

    name: str = AUTHOR_NAME
    corruption_kinds: Sequence[str] = tuple(KINDS)

    def __init__(self, countries: int, strangers: int, seed: int) -> None:
        self._options = (countries, strangers, seed)

    @property
    def subject(self) -> Subject:
        """Which countries are taught and which are strangers."""
        return subject_of(*self._options)

    def pages_needed(self, skill_id: str) -> int:
        """How many variants of a page together state every fact of a skill that an exercise can need."""
        check_known(self.name, [skill_id], SKILLS)
        return pages_needed(skill_id, self.subject)

    def write_textbook(self, skill: Skill, graph: SkillGraph, variant: int) -> Textbook:
        """A page of 100 to 320 words; of facts each variant tells some of the countries (`pages_needed`)."""
        check_known(self.name, [skill.id], SKILLS)
        before = [other.title for other in graph.skills if other.id in graph.before(skill.id)]
        text = compose_page(skill, before, self.subject, variant)
        return Textbook(skill_id=skill.id, title=skill.title, text=text, author=self.name)

    def write_exercises(self, assignment: Assignment) -> list[Exercise]:
        """Up to `assignment.count` exercises, none twice, none with a held-out question or about a stranger.

        Composed ones name every skill asked for in their steps; where no question joins them, the list is empty.

        Raises:
            UserError: A skill is not in the geography syllabus.

        """
        skill_ids, difficulty, parent = aim_of(assignment)
        check_known(self.name, skill_ids, SKILLS)
        answer = assignment.student_answer
        remark = remark_on(parent, answer, self.subject) if parent and answer else None
        rng = self._rng("exercises", assignment.model_dump(mode="json"))
        draw = Draw.of(self.subject, rng, difficulty)
        proposed: Iterator[Task | None] = (
            propose(skill_ids, draw) if len(skill_ids) > 1 else tasks(skill_ids[0], draw)
        )
        proposed = islice(proposed, TRIES * assignment.count)
        return children(written(skill_ids, difficulty, proposed, self.subject, rng), assignment, remark)

    def write_probes(self, skill: Skill, count: int, split: Split) -> list[Probe]:
        """`count` pairs of held-out probes, twins next to each other; the families take turns.

        `wordings` asks a taught fact in words that practice never uses; `joins` joins taught facts about countries
        of which this was never practised; `strangers` asks about countries that are told nowhere. Where a family
        has no more, the others stand in.
        """
        check_known(self.name, [skill.id], SKILLS)
        return write_pairs(skill.id, count, split, self.subject, self._rng("probes", skill.id, split))

    def solve_again(self, exercise: Exercise) -> Exercise | None:
        """The same question worked out; None where it is not one of this syllabus."""
        task = read(exercise.question)
        if task is None or not is_known(exercise.skill_ids):
            return None
        solution = solve(task, closure(exercise.skill_ids))
        return None if solution is None else with_solution(exercise, solution)

    def corrupt(self, exercise: Exercise, kind: str, rng: random.Random) -> Exercise | None:
        """A wrong version whose last line and answer agree; None where `kind` does not apply to it."""
        task = read(exercise.question)
        if task is None or kind not in KINDS or not is_known(exercise.skill_ids):
            return None
        return corrupted(exercise, task, kind, self.subject, rng)

    def _rng(self, *parts: object) -> random.Random:
        return random.Random(content_hash("geography", *self._options, *parts))
