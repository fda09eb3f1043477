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
from skilladapt.materials.author import Asked, Corruption, Rejected, Work
from skilladapt.materials.drafts import to_exercise
from skilladapt.materials.language import language_fault
from skilladapt.materials.plain import FIRST_EXERCISE, PlainDrafts, PlainWanted, ask_plainly
from skilladapt.materials.rejecting import read_or_reject, rejection
from skilladapt.materials.replies import Draft, ExerciseForm, read_drafts
from skilladapt.openings import opened, unopened
from skilladapt.prompts.reading import Unusable
from skilladapt.records import Assignment, Exercise, Probe, Skill, Split, Textbook
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


@dataclass
class _Entry:
    """What became of one thing wanted."""

    purpose: str
    skill_id: str
    count: int
    """How many were wanted."""
    value: Any = None
    rejected: list[Rejected] = field(default_factory=list)


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
    _known: dict[str, _Entry] = field(default_factory=dict)
    """What was asked for already, by prompt and identity of what was wanted."""
    _lately: dict[str, None] = field(default_factory=dict)
    """The keys of what was wanted since rejections were last taken, in that order."""

    @property
    def name(self) -> str:
        """The teacher's."""
        return self.teacher.name

    @cached_property
    def _asking(self) -> Asking:
        return Asking(self.graph, self.settings.sampling)

    @property
    def _asks_plainly(self) -> bool:
        """Whether a teacher that wrote nothing usable is asked once more, in plainer words."""
        return "short" in self.settings.forms and self.settings.attempts > 1

    def take_rejected(self) -> list[Rejected]:
        """What was rejected of all that was wanted since this was last asked, known from before or not.

        So it does not depend on how much of a run was done in one go.
        """
        lately, self._lately = self._lately, {}
        return [one for key in lately for one in self._known[key].rejected]

    def asked_lately(self) -> list[Asked]:
        """What was wanted since rejections were last taken, and how much of it can be used."""
        entries = [self._known[key] for key in self._lately]
        return [
            Asked(purpose=one.purpose, skill_id=one.skill_id, asked=one.count, usable=_usable(one.value))
            for one in entries
        ]

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
        def book(one: tuple[Skill, int], outcome: Outcome, rejected: list[Rejected]) -> Textbook:
            skill = one[0]
            text = read_or_reject("textbook", skill.id, outcome, self._page, rejected) or ""
            return Textbook(skill_id=skill.id, title=skill.title, text=text, author=self.name)

        keys = [f"{skill.identity()} {variant}" for skill, variant in wanted]
        entries = [_Entry("textbook", skill.id, 1) for skill, _ in wanted]
        return self._answered(entries, wanted, keys, lambda one: self._asking.textbook(*one), book)

    def _page(self, text: str) -> str:
        fault = language_fault(text, self.settings.language)
        if fault:
            raise Unusable(fault)
        return text

    def _exercises(self, wanted: Sequence[Assignment]) -> list[list[Exercise]]:
        keys = [f"exercises {one.identity()}" for one in wanted]
        new = {key: one for key, one in zip(keys, wanted, strict=True) if key not in self._known}
        found = {key: _Entry(prompt_of(one), one.skill_ids[0], one.count, []) for key, one in new.items()}
        for attempt in range(self.settings.attempts):
            too_much = attempt > 0 and self._asks_plainly
            plain = {key: (new[key], entry) for key, entry in found.items() if too_much and not entry.value}
            if attempt == self.settings.attempts - 1:
                self._add_plain(plain)
            formal = {key: one for key, one in new.items() if key not in plain}
            parts = [part for key, one in formal.items() for part in self._parts(key, one, found[key], attempt)]
            outcomes = ask_all(self.teacher, [part.request for part in parts])
            for part, outcome in zip(parts, outcomes, strict=True):
                self._add_usable(part, outcome, new[part.key], found[part.key])
        self._known |= found
        self._lately |= dict.fromkeys(keys)
        return [list(self._known[key].value) for key in keys]

    def _add_plain(self, wanted: Mapping[str, tuple[Assignment, _Entry]]) -> None:
        """What can be had from a teacher that wrote nothing in the form asked for."""
        asked = [one for one, _ in wanted.values()]
        skills = [self.graph.by_id[one.skill_ids[0]] for one in asked]
        plain = [
            PlainWanted(skill, one.count, FIRST_EXERCISE + 10 * (one.difficulty - 1))
            for skill, one in zip(skills, asked, strict=True)
        ]
        drafts = ask_plainly(self.teacher, plain, self.settings.sampling)
        for (assignment, entry), found in zip(wanted.values(), drafts, strict=True):
            entry.value += self._plain_exercises(prompt_of(assignment), assignment, found, entry.rejected)

    def _plain_exercises(
        self, purpose: str, assignment: Assignment, found: PlainDrafts, rejected: list[Rejected]
    ) -> list[Exercise]:
        skill_id = assignment.skill_ids[0]
        rejected += [rejection(purpose, skill_id, fault, text) for fault, text in found.faults]
        exercises = [self._exercise(purpose, draft, "short", assignment, rejected) for draft in found.drafts]
        return [one for one in exercises if one is not None]

    def _parts(self, key: str, assignment: Assignment, found: _Entry, attempt: int) -> list[_Part]:
        """The requests for what is missing of an assignment; forms take turns."""
        forms = self.settings.forms
        counts = dict.fromkeys(forms, 0)
        # Another assignment begins with another form, so that a few exercises of each are not all of one.
        first = int(assignment.identity(), 16)
        for turn in range(assignment.count - len(found.value)):
            counts[forms[(first + turn) % len(forms)]] += 1
        parts = []
        for form, count in counts.items():
            for place in range(0, count, MOST_AT_ONCE):
                number = 100 * attempt + place // MOST_AT_ONCE
                request = self._asking.exercises(assignment, form, min(MOST_AT_ONCE, count - place), number)
                parts.append(_Part(key, form, request))
        return parts

    def _add_usable(self, part: _Part, outcome: Outcome, assignment: Assignment, found: _Entry) -> None:
        """Adds what a reply holds of an assignment, up to what it asks for, no question twice."""
        purpose, so_far = prompt_of(assignment), found.value
        asked = {one.question for one in so_far}
        for draft in read_or_reject(purpose, assignment.skill_ids[0], outcome, read_drafts, found.rejected) or []:
            exercise = self._exercise(purpose, draft, part.form, assignment, found.rejected)
            if exercise is not None and exercise.question not in asked and len(so_far) < assignment.count:
                asked.add(exercise.question)
                so_far.append(exercise)

    def _exercise(
        self,
        purpose: str,
        draft: Draft,
        form: ExerciseForm,
        assignment: Assignment,
        rejected: list[Rejected],
    ) -> Exercise | None:
        titles = {id: self.graph.by_id[id].title for id in self.graph.closure(assignment.skill_ids)}
        try:
            return to_exercise(draft, form, assignment, titles, self.name, self.settings.language)
        except Unusable as fault:
            written = f"{draft.question}\n{draft.answer}"
            rejected.append(rejection(purpose, assignment.skill_ids[0], fault, written))
            return None

    def _probes(self, wanted: Sequence[tuple[Skill, int, Split]]) -> list[list[Probe]]:
        def pairs(one: tuple[Skill, int, Split], outcome: Outcome, rejected: list[Rejected]) -> list[Probe]:
            skill, count, split = one
            drafts = read_or_reject("probes", skill.id, outcome, read_drafts, rejected) or []
            asked = Assignment(skill_ids=(skill.id,), difficulty=3, count=count)
            probes: list[Probe] = []
            for twins in zip(drafts[::2], drafts[1::2], strict=False):
                exercises = [self._exercise("probes", draft, "short", asked, rejected) for draft in twins]
                name = f"{skill.id}-{split}-{len(probes) // 2}"
                pair = [probe for one in exercises if one and (probe := _probe(one, name, split))]
                probes += pair if len(pair) == 2 else []
            return probes[: 2 * count]

        keys = [f"{skill.identity()} {count} {split}" for skill, count, split in wanted]
        entries = [_Entry("probes", skill.id, 2 * count) for skill, count, _ in wanted]
        new = [f"probes {key}" not in self._known for key in keys]
        found = self._answered(entries, wanted, keys, lambda one: self._asking.probes(*one), pairs)
        none = [place for place, one in enumerate(found) if new[place] and not one and self._asks_plainly]
        plain = [PlainWanted(wanted[place][0], 2 * wanted[place][1]) for place in none]
        for place, drafts in zip(none, ask_plainly(self.teacher, plain, self.settings.sampling), strict=True):
            skill, _, split = wanted[place]
            entry = self._known[f"probes {keys[place]}"]
            asked = Assignment(skill_ids=(skill.id,), difficulty=1, count=1)
            exercises = self._plain_exercises("probes", asked, drafts, entry.rejected)
            for number, twins in enumerate(zip(exercises[::2], exercises[1::2], strict=False)):
                pair = [_probe(one, f"{skill.id}-{split}-{number}", split) for one in twins]
                entry.value += [one for one in pair if one] if all(pair) else []
        return found

    def _corrupted(self, wanted: Sequence[Corruption]) -> list[Exercise | None]:
        def wrong(one: Corruption, outcome: Outcome, rejected: list[Rejected]) -> Exercise | None:
            found = self._resolved("corrupted", one.exercise, outcome, rejected)
            if found is not None and found.answer == one.exercise.answer:
                fault = Unusable("it comes to the right answer")
                rejected.append(rejection("corrupted", one.exercise.skill_ids[0], fault, found.solution))
                return None
            return found

        possible = [one for one in wanted if one.exercise.answer_type != "points"]
        keys = [f"{one.kind} {one.exercise.exercise_id}" for one in possible]
        entries = [_Entry("corrupted", one.exercise.skill_ids[0], 1) for one in possible]
        versions = self._answered(entries, possible, keys, lambda one: self._asking.corrupted(*one), wrong)
        by_place = iter(versions)
        return [None if one.exercise.answer_type == "points" else next(by_place) for one in wanted]

    def _solved_again(self, wanted: Sequence[Exercise]) -> list[Exercise | None]:
        def solved(one: Exercise, outcome: Outcome, rejected: list[Rejected]) -> Exercise | None:
            return self._resolved("solved-again", one, outcome, rejected)

        keys = [one.exercise_id for one in wanted]
        entries = [_Entry("solved-again", one.skill_ids[0], 1) for one in wanted]
        return self._answered(entries, wanted, keys, self._asking.solved_again, solved)

    def _resolved(
        self, purpose: str, exercise: Exercise, outcome: Outcome, rejected: list[Rejected]
    ) -> Exercise | None:
        """The exercise with the solution and the answer of a reply; its question stays as it is."""
        drafts = read_or_reject(purpose, exercise.skill_ids[0], outcome, read_drafts, rejected)
        if not drafts or exercise.answer_type == "points":
            return None
        draft = drafts[0]
        draft.question = unopened(exercise.question)
        if exercise.answer_type == "choice":
            draft.answer = draft.answer.strip(" ().")[:1].upper()
        asked = Assignment(skill_ids=exercise.skill_ids, difficulty=exercise.difficulty, count=1)
        new = self._exercise(purpose, draft, "short", asked, rejected)
        if new is None or (exercise.answer_type == "choice" and f"\n{new.answer}) " not in exercise.question):
            return None
        changes = {"solution": new.solution, "step_skills": new.step_skills, "answer": new.answer}
        return exercise.model_copy(update=changes)

    def _answered(
        self,
        entries: Sequence[_Entry],
        wanted: Sequence[T],
        keys: Sequence[str],
        request: Callable[[T], Request],
        read: Callable[[T, Outcome, list[Rejected]], R],
    ) -> list[R]:
        """What was read of the reply to each of `wanted`, each with its empty entry.

        What was asked for before is not asked for again.
        """
        keys = [f"{entry.purpose} {key}" for entry, key in zip(entries, keys, strict=True)]
        each = zip(keys, entries, wanted, strict=True)
        new = {key: (entry, one) for key, entry, one in each if key not in self._known}
        outcomes = ask_all(self.teacher, [request(one) for _, one in new.values()])
        for (key, (entry, one)), outcome in zip(new.items(), outcomes, strict=True):
            entry.value = read(one, outcome, entry.rejected)
            self._known[key] = entry
        self._lately |= dict.fromkeys(keys)
        return [self._known[key].value for key in keys]


def _usable(value: Any) -> int:
    """How many things were read."""
    if isinstance(value, list):
        return len(value)
    return int(bool(value.text) if isinstance(value, Textbook) else value is not None)


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
