"""The author of invented operations: writes textbooks, exercises and probes by computing with the coefficients.

Verification never sees these modules, and they never see it; both know only the definitions.
"""

import random
from collections.abc import Iterator, Sequence
from typing import Final

from skilladapt.domains.authoring import aim_of, check_known, descended
from skilladapt.domains.operations.held_out import write_pairs
from skilladapt.domains.operations.mistakes import KINDS, corrupted
from skilladapt.domains.operations.sequences import USUAL, draw_calls, draw_joint_calls, is_practice
from skilladapt.domains.operations.subject import Subject, subject_of
from skilladapt.domains.operations.textbook import compose_page
from skilladapt.domains.operations.variants import draw_variants
from skilladapt.domains.operations.working import AUTHOR_NAME, Call, exercise_of, read_question
from skilladapt.records import (
    Assignment,
    Exercise,
    Probe,
    Skill,
    Split,
    Textbook,
    canonical_question,
    content_hash,
    is_held_out,
)
from skilladapt.skills.graph import SkillGraph

TRIES: Final = 200
"""Draws for each exercise asked for before fewer are given: a fifth is held out, others repeat or are reserved."""


class OperationsAuthor:
    """Writes for the operations of one count and seed; everything is deterministic in the arguments."""

    name: str = AUTHOR_NAME
    corruption_kinds: Sequence[str] = tuple(KINDS)

    def __init__(self, operations: int, seed: int) -> None:
        self._operations = operations
        self._seed = seed

    def write_textbook(self, skill: Skill, graph: SkillGraph, variant: int) -> Textbook:
        """A page of 60 to 120 words from a fixed stock (`words.PAGE_WORDS`), with two worked examples."""
        check_known(self.name, [skill.id], self._subject.definitions)
        text = compose_page(skill.id, self._subject, variant)
        return Textbook(skill_id=skill.id, title=skill.title, text=text, author=self.name)

    def write_exercises(self, assignment: Assignment) -> list[Exercise]:
        """Up to `assignment.count` exercises, none twice, none with a held-out question or a reserved pair.

        Difficulty is the number of operations in a row. A single one has about eighty questions, no more. An
        exercise composed of others is never longer than three, or than they are, so that a run up to difficulty 3
        never practises four in a row. Only questions are set apart: a step may state what a probe asks for.

        Raises:
            UserError: A skill is not in the syllabus.

        """
        rng = self._rng("exercises", assignment.model_dump(mode="json"))
        seen = {canonical_question(parent.question) for parent in assignment.parents}
        found: list[Exercise] = []
        for call in self._proposed(assignment, rng):
            key = canonical_question(call.question)
            if key in seen or is_held_out(call.question) or not is_practice(call.names):
                continue
            seen.add(key)
            found.append(descended(exercise_of(call, self._subject), assignment))
            if len(found) == assignment.count:
                break
        return found

    def write_probes(self, skill: Skill, count: int, split: Split) -> list[Probe]:
        """`count` pairs of held-out probes, twins next to each other; the families take turns.

        `inputs` asks for one operation and a value whose question is never practised; `sequences` for two or three
        in a row with a pair that is never practised; `depths` for four in a row of pairs that are. That depth is
        new only in a run with difficulties up to 3. Where a family has no more, the others stand in.
        """
        check_known(self.name, [skill.id], self._subject.definitions)
        return write_pairs(skill.id, count, split, self._subject, self._rng("probes", skill.id, split))

    def solve_again(self, exercise: Exercise) -> Exercise | None:
        """The same question worked out; None where it is not of here."""
        call = read_question(exercise.question, self._subject)
        if call is None:
            return None
        solved = exercise_of(call, self._subject)
        keep = {"solution", "step_skills", "answer", "answer_type"}
        return exercise.model_copy(update=solved.model_dump(include=keep))

    def corrupt(self, exercise: Exercise, kind: str, rng: random.Random) -> Exercise | None:
        """A wrong version; None where `kind` does not apply, comes out right, or the exercise is not of here."""
        call = read_question(exercise.question, self._subject)
        if call is None or kind not in KINDS:
            return None
        return corrupted(exercise, call, kind, self._subject, rng)

    @property
    def _subject(self) -> Subject:
        return subject_of(self._operations, self._seed)

    def _rng(self, *parts: object) -> random.Random:
        return random.Random(content_hash("operations", self._operations, self._seed, *parts))

    def _proposed(self, assignment: Assignment, rng: random.Random) -> Iterator[Call]:
        skill_ids, difficulty, parent = aim_of(assignment)
        check_known(self.name, skill_ids, self._subject.definitions)
        tries = TRIES * assignment.count
        if parent and (call := read_question(parent.question, self._subject)):
            return draw_variants(call, assignment.student_answer, self._subject, rng, tries)
        if len(skill_ids) == 1:
            return draw_calls(skill_ids[0], difficulty, self._subject, rng, tries)
        parents = assignment.parents
        longest = max((parent.difficulty for parent in parents), default=difficulty)
        # What the parents are about must be in it; what else they need only where there is room.
        needed = (
            {parent.skill_ids[0] for parent in parents} & set(skill_ids[1:]) if parents else set(skill_ids[1:])
        )
        return draw_joint_calls(skill_ids, sorted(needed), max(USUAL, longest), self._subject, rng, tries)
