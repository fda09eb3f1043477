"""Who writes materials: the one interface between the pipeline and any source of textbooks and exercises.

An author knows skills. It may be a domain's own (computer algebra, a table of facts; no model needed) or prompts
to a teacher model; the pipeline cannot tell. An author judges nothing: verification decides what is admitted.
"""

import random
from collections.abc import Sequence
from typing import Protocol

from skilladapt.records import Assignment, Exercise, Probe, Skill, Split, Textbook
from skilladapt.skills.graph import SkillGraph


class Author(Protocol):
    """Writes materials for skills. All methods are deterministic in their arguments."""

    name: str
    """Recorded in every material."""
    corruption_kinds: Sequence[str]
    """The ways `corrupt` knows."""

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
