"""Going on in the middle of a round: the last checkpoints of a round under way, and the newest that is whole.

A round may be left at any moment, between two writes too. A checkpoint is complete and verified, or it does not
count; when the newest is damaged, the one before it takes its place. Whatever was trained since is trained again
and comes out the same, bit for bit.
"""

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from skilladapt.models.loading import Student
from skilladapt.training.checkpoint import DamagedCheckpoint, load_checkpoint, save_checkpoint
from skilladapt.training.loop import RoundProgress, StepReport

KEPT = 2
"""Checkpoints kept of a round under way: the newest, and one to fall back to."""

MOST_TIME_SHARE = 0.05
"""Share of the time that may go into writing checkpoints, however large they are."""


@dataclass
class Bookmarks:
    """The checkpoints of one round under way, in a folder of their own."""

    folder: Path
    inputs: str
    """A hash of all that the round is made from; checkpoints of anything else are passed over."""
    every_s: float
    """Seconds between two checkpoints, more where writing takes long; 0 writes one after every step."""
    clock: Callable[[], float] = time.monotonic
    _due: float = field(init=False)

    def __post_init__(self) -> None:
        self._due = self.clock() + self.every_s

    def keep(self, student: Student, report: StepReport) -> None:
        """Writes a checkpoint after a step, when one is due. Raises RunError when the disk is full."""
        if report.done == report.total or self.clock() < self._due:
            return  # what a finished round leaves is its caller's to write
        began = self.clock()
        progress = report.progress()
        position = {"inputs": self.inputs, "steps_done": progress.steps_done}
        folder = self.folder / f"step-{progress.steps_done:09d}"
        save_checkpoint(folder, student, progress.state, position, progress.dynamics)
        for older in self._newest_first()[KEPT:]:
            shutil.rmtree(older)
        spent = self.clock() - began
        self._due = self.clock() + (max(self.every_s, spent / MOST_TIME_SHARE) if self.every_s else 0)

    def newest(self, student: Student) -> tuple[Student, RoundProgress | None, Sequence[str]]:
        """The student as the newest whole checkpoint has it, where it stood, and what is wrong with newer ones.

        The progress is None when there is none; the student is then as it was given.
        """
        faults = []
        for folder in self._newest_first():
            try:
                found = load_checkpoint(folder, student)
            except DamagedCheckpoint as error:
                faults.append(error.fault)
                continue
            if found.position.get("inputs") != self.inputs or found.dynamics is None:
                faults.append(f"The checkpoint {folder} is of other data or settings")
                continue
            return (
                found.student,
                RoundProgress(found.position["steps_done"], found.state, found.dynamics),
                faults,
            )
        return student, None, faults

    def _newest_first(self) -> list[Path]:
        return sorted(self.folder.glob("step-*"), reverse=True)
