"""An author that knows no subject: prompts to a teacher model, and replies read strictly.

A teacher is asked for many things at a time (`prepare`), since a service answers many as fast as one. Whatever
cannot be used is kept with its reason. Equal assignments are equal requests: with a cached teacher a run that is
repeated gets what it got before, for nothing.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeVar

from skilladapt.materials.asking import MISTAKES, Asking, prompt_of
from skilladapt.materials.author import Corruption, Work
from skilladapt.materials.drafts import to_exercise
from skilladapt.materials.language import language_fault
from skilladapt.materials.replies import Draft, ExerciseForm, Unusable, read_drafts, text_of
from skilladapt.openings import opened, unopened
from skilladapt.records import Assignment, Exercise, Probe, Record, Skill, Split, Textbook
from skilladapt.skills.graph import SkillGraph
from skilladapt.teachers.teacher import Outcome, Request, Sampling, Teacher, ask_all

T = TypeVar("T")
R = TypeVar("R")

MOST_AT_ONCE: Final = 4
"""Exercises asked for in one request; of more, the last ones are poor, or cut off."""


@dataclass(frozen=True)
class AuthorSettings:
    """How materials are asked for."""

    forms: tuple[ExerciseForm, ...] = ("short", "choice", "explanation")
    """Of exercises, in turn."""
    language: str = "en"
    """ISO 639-1."""
    attempts: int = 2
    """How often an assignment is asked for in all, while fewer exercises came than wanted."""
    sampling: Sampling = Sampling(max_tokens=1_500)


class Rejected(Record):
    """Something a teacher wrote that is no material, or a reply that never came."""

    purpose: str
    """The prompt, such as `exercises`."""
    skill_id: str
    reason: str
    text: str = ""
    """What was written, cut to 2,000 characters."""


class _Part(NamedTuple):
    """Some of an assignment's exercises, asked for in one request."""

    key: str
    """The assignment's identity."""
    form: ExerciseForm
    request: Request


@dataclass
class TeacherAuthor:
    """Writes materials for the skills of one graph by asking a teacher."""

    teacher: Teacher
    graph: SkillGraph
    settings: AuthorSettings = AuthorSettings()
    corruption_kinds: Sequence[str] = tuple(MISTAKES)
    _known: dict[str, Any] = field(default_factory=dict)
    """What was written already, by prompt and identity of what was wanted."""
    _rejected: list[Rejected] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The teacher's."""
        return self.teacher.name

    @cached_property
    def _asking(self) -> Asking:
        return Asking(self.graph, self.settings.sampling)

    def take_rejected(self) -> list[Rejected]:
        """What was rejected since this was last asked."""
        taken, self._rejected = self._rejected, []
        return taken

    def prepare(self, work: Work) -> None:
        """Asks for all of it at once; the methods below then answer without asking."""
        self._textbooks(work.textbooks)
        self._probes(work.probes)
        self._exercises(work.assignments)
        self._corrupted(work.corruptions)
        self._solved_again(work.to_solve)

    def write_textbook(self, skill: Skill, graph: SkillGraph, variant: int) -> Textbook:
        """One page; without text, which is never admitted, where the teacher wrote none that can be used."""
        return self._textbooks([(skill, variant)])[0]

    def write_exercises(self, assignment: Assignment) -> list[Exercise]:
        """Up to `assignment.count` different exercises, in the settings' forms by turns."""
        return self._exercises([assignment])[0]

    def write_probes(self, skill: Skill, count: int, split: Split) -> list[Probe]:
        """Up to `count` pairs, with short answers; another split is another request."""
        return self._probes([(skill, count, split)])[0]

    def solve_again(self, exercise: Exercise) -> Exercise | None:
        """The same question with a solution written without a look at the old one."""
        return self._solved_again([exercise])[0]

    def corrupt(self, exercise: Exercise, kind: str, rng: random.Random) -> Exercise | None:
        """A version with another answer; that it is wrong, verification must say. An explanation has none."""
        return self._corrupted([Corruption(exercise, kind)])[0]

    def _textbooks(self, wanted: Sequence[tuple[Skill, int]]) -> list[Textbook]:
        def book(one: tuple[Skill, int], outcome: Outcome) -> Textbook:
            skill = one[0]
            text = self._read("textbook", skill.id, outcome, self._page) or ""
            return Textbook(skill_id=skill.id, title=skill.title, text=text, author=self.name)

        keys = [f"{skill.identity()} {variant}" for skill, variant in wanted]
        return self._answered("textbook", wanted, keys, lambda one: self._asking.textbook(*one), book)

    def _page(self, text: str) -> str:
        fault = language_fault(text, self.settings.language)
        if fault:
            raise Unusable(fault)
        return text

    def _exercises(self, wanted: Sequence[Assignment]) -> list[list[Exercise]]:
        new = {one.identity(): one for one in wanted if f"exercises {one.identity()}" not in self._known}
        found: dict[str, list[Exercise]] = {key: [] for key in new}
        for attempt in range(self.settings.attempts):
            parts = [part for one in new.values() for part in self._parts(one, found, attempt)]
            outcomes = ask_all(self.teacher, [part.request for part in parts])
            for part, outcome in zip(parts, outcomes, strict=True):
                assignment, so_far = new[part.key], found[part.key]
                so_far += self._usable(assignment, part.form, outcome, so_far)[: assignment.count - len(so_far)]
        self._known |= {f"exercises {key}": exercises for key, exercises in found.items()}
        return [list(self._known[f"exercises {one.identity()}"]) for one in wanted]

    def _parts(self, assignment: Assignment, found: Mapping[str, list[Exercise]], attempt: int) -> list[_Part]:
        """The requests for what is missing of an assignment; forms take turns."""
        forms, key = self.settings.forms, assignment.identity()
        counts = dict.fromkeys(forms, 0)
        # Another assignment begins with another form, so that a few exercises of each are not all of one.
        first = int(key, 16)
        for turn in range(assignment.count - len(found[key])):
            counts[forms[(first + turn) % len(forms)]] += 1
        parts = []
        for form, count in counts.items():
            for place in range(0, count, MOST_AT_ONCE):
                number = 100 * attempt + place // MOST_AT_ONCE
                request = self._asking.exercises(assignment, form, min(MOST_AT_ONCE, count - place), number)
                parts.append(_Part(key, form, request))
        return parts

    def _usable(
        self, assignment: Assignment, form: ExerciseForm, outcome: Outcome, found: Sequence[Exercise]
    ) -> list[Exercise]:
        purpose = prompt_of(assignment)
        drafts = self._read(purpose, assignment.skill_ids[0], outcome, read_drafts) or []
        asked = {one.question for one in found}
        exercises = []
        for draft in drafts:
            exercise = self._exercise(purpose, draft, form, assignment)
            if exercise is not None and exercise.question not in asked:
                asked.add(exercise.question)
                exercises.append(exercise)
        return exercises

    def _exercise(self, purpose: str, draft: Draft, form: ExerciseForm, assignment: Assignment) -> Exercise | None:
        titles = {id: self.graph.by_id[id].title for id in self.graph.closure(assignment.skill_ids)}
        try:
            return to_exercise(draft, form, assignment, titles, self.name, self.settings.language)
        except Unusable as fault:
            self._reject(purpose, assignment.skill_ids[0], str(fault), f"{draft.question}\n{draft.answer}")
            return None

    def _probes(self, wanted: Sequence[tuple[Skill, int, Split]]) -> list[list[Probe]]:
        def pairs(one: tuple[Skill, int, Split], outcome: Outcome) -> list[Probe]:
            skill, count, split = one
            drafts = self._read("probes", skill.id, outcome, read_drafts) or []
            asked = Assignment(skill_ids=(skill.id,), difficulty=3, count=count)
            probes: list[Probe] = []
            for twins in zip(drafts[::2], drafts[1::2], strict=False):
                exercises = [self._exercise("probes", draft, "short", asked) for draft in twins]
                name = f"{skill.id}-{split}-{len(probes) // 2}"
                pair = [probe for one in exercises if one and (probe := _probe(one, name, split))]
                probes += pair if len(pair) == 2 else []
            return probes[: 2 * count]

        keys = [f"{skill.identity()} {count} {split}" for skill, count, split in wanted]
        return self._answered("probes", wanted, keys, lambda one: self._asking.probes(*one), pairs)

    def _corrupted(self, wanted: Sequence[Corruption]) -> list[Exercise | None]:
        def wrong(one: Corruption, outcome: Outcome) -> Exercise | None:
            found = self._resolved("corrupted", one.exercise, outcome)
            return found if found is not None and found.answer != one.exercise.answer else None

        possible = [one for one in wanted if one.exercise.answer_type != "points"]
        keys = [f"{one.kind} {one.exercise.exercise_id}" for one in possible]
        versions = self._answered("corrupted", possible, keys, lambda one: self._asking.corrupted(*one), wrong)
        by_place = iter(versions)
        return [None if one.exercise.answer_type == "points" else next(by_place) for one in wanted]

    def _solved_again(self, wanted: Sequence[Exercise]) -> list[Exercise | None]:
        def solved(one: Exercise, outcome: Outcome) -> Exercise | None:
            return self._resolved("solved-again", one, outcome)

        keys = [one.exercise_id for one in wanted]
        return self._answered("solved-again", wanted, keys, self._asking.solved_again, solved)

    def _resolved(self, purpose: str, exercise: Exercise, outcome: Outcome) -> Exercise | None:
        """The exercise with the solution and the answer of a reply; its question stays as it is."""
        drafts = self._read(purpose, exercise.skill_ids[0], outcome, read_drafts)
        if not drafts or exercise.answer_type == "points":
            return None
        draft = drafts[0]
        draft.question = unopened(exercise.question)
        if exercise.answer_type == "choice":
            draft.answer = draft.answer.strip(" ().")[:1].upper()
        asked = Assignment(skill_ids=exercise.skill_ids, difficulty=exercise.difficulty, count=1)
        new = self._exercise(purpose, draft, "short", asked)
        if new is None or (exercise.answer_type == "choice" and f"\n{new.answer}) " not in exercise.question):
            return None
        changes = {"solution": new.solution, "step_skills": new.step_skills, "answer": new.answer}
        return exercise.model_copy(update=changes)

    def _answered(
        self,
        prompt: str,
        wanted: Sequence[T],
        keys: Sequence[str],
        request: Callable[[T], Request],
        read: Callable[[T, Outcome], R],
    ) -> list[R]:
        """What was read of the reply to each of `wanted`; what was asked for before is not asked for again."""
        new = {key: one for key, one in zip(keys, wanted, strict=True) if f"{prompt} {key}" not in self._known}
        outcomes = ask_all(self.teacher, [request(one) for one in new.values()])
        for (key, one), outcome in zip(new.items(), outcomes, strict=True):
            self._known[f"{prompt} {key}"] = read(one, outcome)
        return [self._known[f"{prompt} {key}"] for key in keys]

    def _read(self, purpose: str, skill_id: str, outcome: Outcome, read: Callable[[str], R]) -> R | None:
        try:
            return read(text_of(outcome))
        except Unusable as fault:
            self._reject(purpose, skill_id, str(fault), getattr(outcome, "text", ""))
            return None

    def _reject(self, purpose: str, skill_id: str, reason: str, text: str) -> None:
        self._rejected.append(Rejected(purpose=purpose, skill_id=skill_id, reason=reason, text=text[:2_000]))


def _probe(exercise: Exercise, pair: str, split: Split) -> Probe | None:
    question = opened(unopened(exercise.question), held_out=True)
    if question is None:
        return None
    return Probe(
        skill_id=exercise.skill_ids[0],
        question=question,
        answer=exercise.answer,
        answer_type=exercise.answer_type,
        pair=pair,
        split=split,
    )
