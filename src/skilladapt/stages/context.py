"""What every stage works on: the configuration, the run directory, the domain, the graph and the student."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from skilladapt.adaptation.policies import Policy, load_policy
from skilladapt.config import RunConfig
from skilladapt.domains.domain import Domain
from skilladapt.materials.author import Counts, Rejects
from skilladapt.progress import warn
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.selection import select_skills
from skilladapt.stages.staffing import Staff
from skilladapt.stages.subject import open_domain
from skilladapt.store import RunDirectory
from skilladapt.tables import ASKED, REJECTED
from skilladapt.verification.workers import Workers

if TYPE_CHECKING:
    from skilladapt.stages.classroom import Classroom


@dataclass
class Run:
    """One run in the making. Only the student is state; it is a copy of the last checkpoint."""

    config: RunConfig
    directory: RunDirectory
    graph: SkillGraph
    workers: Workers
    staff: Staff | None = None
    """Whom to ask; a domain of its own needs nobody."""

    @cached_property
    def domain(self) -> Domain:
        """The subject; a teacher is only called in when something is asked of it."""
        return open_domain(self.config, self.graph, self.staff)

    @cached_property
    def policy(self) -> Policy:
        """The rule that sorts examples."""
        return load_policy(self.config.adaptation.policy)

    @cached_property
    def taught(self) -> tuple[str, ...]:
        """Ids of the skills to teach, in graph order."""
        return tuple(select_skills(self.graph, self.config.teach or self.graph.order()))

    @cached_property
    def classroom(self) -> "Classroom":
        """The student, loaded when a stage first needs it: a finished run never does, and answers at once."""
        from skilladapt.stages.classroom import Classroom

        opened = Classroom.open(self.config)
        self._warn_of_other_hardware(opened.hardware())
        return opened

    def _warn_of_other_hardware(self, now: Mapping[str, object]) -> None:
        if not (self.directory.has("provenance.json") and self.directory.has_ended("provenance")):
            return
        try:
            before = self.directory.read_json("provenance")["hardware"]
            others = [f"{name} {before[name]} -> {now[name]}" for name in now if before[name] != now[name]]
        except (OSError, ValueError, KeyError, TypeError):
            return  # damaged: it is told and written again
        if others:
            warn(
                f"the run was begun on other hardware ({', '.join(others)}); "
                "the last digits of what is trained from here on may differ."
            )

    def keep_rejected(self, stage: str) -> None:
        """Writes what the author asked for, `STAGE-asked`, and what it could not use, `STAGE-rejected`.

        Neither for an author that asks nobody and can use everything.
        """
        if isinstance(self.domain.author, Counts):
            asked = self.domain.author.asked_lately()
            self.directory.write_table(f"{stage}-asked", [one.model_dump() for one in asked], ASKED)
        if isinstance(self.domain.author, Rejects):
            rejected = self.domain.author.take_rejected()
            self.directory.write_table(f"{stage}-rejected", [one.model_dump() for one in rejected], REJECTED)

    def student_after(self, number: int) -> "Classroom":
        """The student as round `number` left it, whatever it was used for since."""
        self.classroom.restore(self.directory.path / f"round-{number}" / "checkpoint")
        return self.classroom

    @property
    def was_taught(self) -> bool:
        """Whether any stage needed the student: false when everything had been done before."""
        return "classroom" in vars(self)
