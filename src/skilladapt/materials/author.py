"""Who writes materials: the one interface between the pipeline and any source of textbooks and exercises.

An author knows skills. It may be a domain's own (computer algebra, a table of facts; no model needed) or prompts
to a teacher model; the pipeline cannot tell. An author judges nothing: verification decides what is admitted.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

from skilladapt.records import Assignment, Exercise, Probe, Record, Skill, Split, Textbook
from skilladapt.skills.graph import SkillGraph


class Author(Protocol):
    """Writes materials for skills. All methods are deterministic in their arguments."""

    @property
    def name(self) -> str:
        """Recorded in every material."""
        ...

    @property
    def corruption_kinds(self) -> Sequence[str]:
        """The ways `corrupt` knows."""
        ...

    def write_textbook(self, skill: Skill, graph: SkillGraph, variant: int) -> Textbook:
        """A textbook page for `skill`; another `variant` explains it in another way with other worked examples."""
        ...

    def write_exercises(self, assignment: Assignment) -> list[Exercise]:
        """Up to `assignment.count` exercises, none twice and none with a held-out question."""
        ...

    def write_probes(self, skill: Skill, count: int, split: Split) -> list[Probe]:
        """`count` pairs of held-out probes, twins next to each other; fewer when the skill has no more."""
        ...

    def solve_again(self, exercise: Exercise) -> Exercise | None:
        """The same question with a solution and an answer worked out anew, or None where it cannot be.

        Asked for an exercise that was refuted; what comes back is verified like any other.
        """
        ...

    def corrupt(self, exercise: Exercise, kind: str, rng: random.Random) -> Exercise | None:
        """A wrong version of `exercise` that looks right, or None where `kind` does not apply to it."""
        ...


class Corruption(NamedTuple):
    """An exercise that is to be made wrong in a certain way."""

    exercise: Exercise
    kind: str


@dataclass(frozen=True)
class Work:
    """What an author is about to be asked for, call by call."""

    textbooks: Sequence[tuple[Skill, int]] = ()
    """Skill and variant."""
    probes: Sequence[tuple[Skill, int, Split]] = ()
    """Skill, number of pairs, split."""
    assignments: Sequence[Assignment] = ()
    corruptions: Sequence[Corruption] = ()
    to_solve: Sequence[Exercise] = ()


@runtime_checkable
class Prepares(Protocol):
    """An author that is faster when it is told first what it will be asked for, as one that asks a service is."""

    def prepare(self, work: Work) -> None:
        """Gets ready for all of it at once. The calls themselves are made afterwards, or not at all."""
        ...


class Rejected(Record):
    """Something an author got from its teacher that is no material, or a reply that never came."""

    purpose: str
    """What was asked for: the prompt, such as `exercises`."""
    skill_id: str
    reason: str
    text: str = ""
    """What was written, cut to 2,000 characters."""


class Asked(Record):
    """Something an author asked its teacher for, and how much of it could be used."""

    purpose: str
    """As of what was rejected."""
    skill_id: str
    asked: int
    """Textbook pages, exercises, probes (not pairs) or versions of exercises."""
    usable: int
    """Whether it is right, verification must say."""


@runtime_checkable
class Counts(Protocol):
    """An author that asks a teacher, and counts what for."""

    def asked_lately(self) -> list[Asked]:
        """All that was wanted since rejections were last taken, in that order."""
        ...


@runtime_checkable
class Rejects(Protocol):
    """An author that cannot use all that it gets."""

    def take_rejected(self) -> list[Rejected]:
        """What was rejected of all that was wanted since this was last asked, in that order."""
        ...


def prepare(author: Author, work: Work) -> None:
    """Tells the author what is coming, if it wants to know."""
    if isinstance(author, Prepares):
        author.prepare(work)
