"""What every domain promises the rest of the system, found out by asking it.

Nothing here knows a subject. A domain's own tests can call `broken_promises`; `skilladapt domain` prints it.
"""

import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from skilladapt.domains.domain import Domain
from skilladapt.errors import UserError
from skilladapt.records import Assignment, Exercise, ExerciseKind, Skill, Verdict, canonical_question, is_held_out
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.syllabus import graph_of
from skilladapt.verification.verifier import Verifier
from skilladapt.verification.workers import Lost, Workers

DIFFICULTIES: Final = (1, 2, 3, 4, 5)
_STRANGE: Final = "What is the meaning of life?"


@dataclass(frozen=True)
class Asked:
    """A domain and what it is asked about."""

    domain: Domain
    skills: Sequence[Skill]
    """Those that are looked at."""
    count: int
    """Exercises asked for of each skill and difficulty."""

    @cached_property
    def graph(self) -> SkillGraph:
        """The graph of its syllabus."""
        assert self.domain.syllabus is not None
        return graph_of(self.domain.syllabus)

    @property
    def verifier(self) -> Verifier:
        """Its verifier."""
        assert self.domain.verifier is not None
        return self.domain.verifier

    @cached_property
    def exercises(self) -> Mapping[tuple[str, int], list[Exercise]]:
        """By skill and difficulty."""
        return {
            (skill.id, difficulty): self.written((skill.id,), difficulty)
            for skill in self.skills
            for difficulty in DIFFICULTIES
        }

    @property
    def all(self) -> Iterator[Exercise]:
        """All exercises."""
        return (exercise for several in self.exercises.values() for exercise in several)

    @cached_property
    def mistakes(self) -> Sequence[tuple[str, Exercise, Exercise]]:
        """Every kind of mistake with the exercise and its wrong version, where there is one."""
        return [
            (kind, one, wrong)
            for one in self.all
            for kind in self.domain.author.corruption_kinds
            if (wrong := self.domain.author.corrupt(one, kind, random.Random(1))) is not None
        ]

    def written(
        self,
        skill_ids: tuple[str, ...],
        difficulty: int,
        kind: ExerciseKind = "fresh",
        parents: Sequence[Exercise] = (),
    ) -> list[Exercise]:
        """What the author writes for them."""
        return self.domain.author.write_exercises(
            Assignment(
                skill_ids=skill_ids, difficulty=difficulty, count=self.count, kind=kind, parents=tuple(parents)
            )
        )

    def is_right(self, exercise: Exercise) -> bool:
        """Whether every method of the verifier says so."""
        return all(self.verifier.check(exercise, one).verdict == "correct" for one in self.verifier.methods)


def broken_promises(domain: Domain, skills: int | None = None, count: int = 3) -> dict[str, list[str]]:
    """For each promise what breaks it, a sentence each; empty lists for a domain that keeps them all.

    Looks at about `skills` of the skills, spread evenly, or at all of them, and at up to `count` exercises of each
    skill and difficulty. What the domain raises is a broken promise, too.

    Raises:
        UserError: The domain has no syllabus or no verifier, so that nothing can be asked.

    """
    if domain.syllabus is None or domain.verifier is None:
        missing = "syllabus" if domain.syllabus is None else "verifier"
        raise UserError(f"The domain '{domain.name}' has no {missing}; what it promises cannot be found out.")
    everything = graph_of(domain.syllabus).skills
    step = max(1, len(everything) // skills) if skills else 1
    asked = Asked(domain, list(dict.fromkeys([*everything[::step], everything[-1]])), count)
    return {promise: list(_found(finds, asked)) for promise, finds in PROMISES.items()}


def _found(finds: Callable[[Asked], Iterator[str]], asked: Asked) -> Iterator[str]:
    try:
        yield from finds(asked)
    except Exception as error:  # a domain of a person's own may raise anything
        yield f"it could not be found out: {type(error).__name__}: {error}"


def _covers(asked: Asked) -> Iterator[str]:
    for (skill_id, difficulty), exercises in asked.exercises.items():
        if not exercises:
            yield f"'{skill_id}' has no exercise of difficulty {difficulty}"


def _stays_within(asked: Asked) -> Iterator[str]:
    for (skill_id, _), exercises in asked.exercises.items():
        for one in exercises:
            if one.skill_ids[0] != skill_id:
                yield f"an exercise asked for '{skill_id}' belongs to '{one.skill_ids[0]}': {one.question}"
            if is_held_out(one.question):
                yield f"a held-out question is practised: {one.question}"
            if len(one.solution.splitlines()) != len(one.step_skills):
                yield f"not every line of the solution names its skill: {one.question}"
            if beyond := set(one.step_skills) - asked.graph.closure(one.skill_ids):
                yield f"a step needs '{min(beyond)}', which '{skill_id}' does not: {one.question}"


def _is_right(asked: Asked) -> Iterator[str]:
    if len(asked.verifier.methods) < 2:
        yield "the verifier has one method; a suspect must be checked by one that did not admit it"
    for one in asked.all:
        for method in asked.verifier.methods:
            verdict = asked.verifier.check(one, method)
            if verdict.verdict != "correct":
                yield f"{method} finds it {verdict.verdict} ({verdict.reason}): {one.question} {one.answer}"


def _refutes(asked: Asked) -> Iterator[str]:
    for kind, one, wrong in asked.mistakes:
        if wrong.question != one.question:
            yield f"'{kind}' changed the question: {one.question}"
        for method in asked.verifier.methods:
            if asked.verifier.check(wrong, method).verdict != "incorrect":
                yield f"{method} does not refute '{kind}': {wrong.question} {wrong.answer}"
    made = {kind for kind, _, _ in asked.mistakes}
    # A kind may be made for one skill alone, so only who looks at all of them can miss it.
    unmade = (
        set(asked.domain.author.corruption_kinds) - made if len(asked.skills) == len(asked.graph.skills) else ()
    )
    for kind in sorted(unmade):
        yield f"'{kind}' applies to none of the exercises"


def _solves_again(asked: Asked) -> Iterator[str]:
    author = asked.domain.author
    example = next(asked.all, None)
    for _, one, wrong in asked.mistakes:
        again = author.solve_again(wrong)
        if again and (again.question, again.skill_ids) != (one.question, one.skill_ids):
            yield f"it became another exercise: {one.question}"
        elif again and not asked.is_right(again):
            yield f"it is still wrong: {again.question} {again.answer}"
    if example and author.solve_again(example.model_copy(update={"question": _STRANGE})) is not None:
        yield f"it claims to solve {_STRANGE!r}"


def _composes(asked: Asked) -> Iterator[str]:
    composed = 0
    needed = [(one.id, id) for one in asked.skills for id in sorted(asked.graph.closure([one.id]) - {one.id})[:8]]
    neighbours = [(one.id, other.id) for one, other in pairwise(asked.skills)]
    for skill_ids in dict.fromkeys([*needed, *neighbours]):
        parents = [one for id in skill_ids for one in asked.exercises.get((id, 3), [])[:1]]
        for one in asked.written(skill_ids, 3, "composed", parents if len(parents) == len(skill_ids) else ()):
            composed += 1
            if missing := set(skill_ids) - set(one.step_skills):
                yield f"composed of {skill_ids}, but no step needs '{min(missing)}': {one.question}"
            if not asked.is_right(one):
                yield f"composed of {skill_ids} and not right: {one.question} {one.answer}"
    if not composed and len(asked.skills) > 1:
        yield "no two skills are ever composed"


def _never_repeats(asked: Asked) -> Iterator[str]:
    for (skill_id, difficulty), exercises in asked.exercises.items():
        keys = [canonical_question(one.question) for one in exercises]
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            yield f"'{skill_id}' asks twice: {key}"
        if exercises != asked.written((skill_id,), difficulty):
            yield f"'{skill_id}' of difficulty {difficulty} comes out differently when it is asked for again"
        for parent in exercises[:1]:
            varied = asked.written((skill_id,), difficulty, "augmented", [parent])
            if any(canonical_question(one.question) == canonical_question(parent.question) for one in varied):
                yield f"a variant of an exercise asks the same: {parent.question}"


def _probes(asked: Asked) -> Iterator[str]:
    author = asked.domain.author
    for skill in asked.skills:
        for split in ("dev", "test"):
            probes = author.write_probes(skill, 2, split)
            if not probes:
                yield f"'{skill.id}' has no {split} probe"
            if probes != author.write_probes(skill, 2, split):
                yield f"the {split} probes of '{skill.id}' come out differently when they are asked for again"
            pairs = [probe.pair for probe in probes]
            if pairs[::2] != pairs[1::2] or len(set(pairs)) != len(pairs) / 2:
                yield f"the {split} probes of '{skill.id}' are no pairs with twins next to each other"
            if any((probe.skill_id, probe.split) != (skill.id, split) for probe in probes):
                yield f"{split} probes asked for '{skill.id}' are of another skill or split"


def _explains(asked: Asked) -> Iterator[str]:
    for skill in asked.skills:
        pages = [asked.domain.author.write_textbook(skill, asked.graph, variant) for variant in (0, 1)]
        if pages[0].text == pages[1].text:
            yield f"the pages about '{skill.id}' are all the same"
        if any(page.skill_id != skill.id for page in pages):
            yield f"a page asked for '{skill.id}' is about another skill"
        if any(len(page.text.split()) < 20 for page in pages):
            yield f"a page about '{skill.id}' has fewer than 20 words"


def _travels(asked: Asked) -> Iterator[str]:
    few = list(asked.all)[:2]
    here = [_verdicts(asked.verifier, one) for one in few]
    with Workers(1) as workers:
        there = workers.map(partial(_verdicts, asked.verifier), few)
    for one, expected, found in zip(few, here, there, strict=True):
        if isinstance(found, Lost):
            yield f"another process cannot judge: {found.reason}"
        elif found != expected:
            yield f"another process judges otherwise: {one.question}"


def _verdicts(verifier: Verifier, exercise: Exercise) -> list[Verdict]:
    return [verifier.check(exercise, method) for method in verifier.methods]


def _stands_alone(asked: Asked) -> Iterator[str]:
    author, verifier = type(asked.domain.author).__module__, type(asked.verifier).__module__
    if author == verifier:
        yield f"author and verifier stand in one module, {author}"
        return
    script = f"import sys, importlib; importlib.import_module({verifier!r}); sys.exit({author!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    if done.returncode:
        yield f"the verifier, {verifier}, imports the author, {author} {done.stderr.strip()[-200:]}".strip()


PROMISES: Mapping[str, Callable[[Asked], Iterator[str]]] = MappingProxyType(
    {
        "there are exercises for every skill and difficulty": _covers,
        "exercises are practice, and their steps stay within what the skill needs": _stays_within,
        "exercises are right by every method": _is_right,
        "planted mistakes of every kind are refuted": _refutes,
        "a wrong exercise is worked out again, right": _solves_again,
        "composed exercises need all their skills and are right": _composes,
        "nothing is asked twice, and the same is written when it is asked for again": _never_repeats,
        "probes come in pairs, of their skill and split": _probes,
        "pages differ and are about their skill": _explains,
        "the verifier travels to other processes": _travels,
        "the verifier shares no code with the author": _stands_alone,
    }
)
"""Each promise, and what finds the sentences that break it."""
