"""Who judges materials and answers. Verdicts have three values; a check that cannot decide says so.

A verifier reads the question's text and shares no code with the author of the question: the one must not repeat
the other's mistake.
"""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from skilladapt.records import AnswerType, Exercise, Judgement, Verdict


class Verifier(Protocol):
    """Judges exercises of one domain. Implementations must be picklable: they are called in worker processes."""

    @property
    def name(self) -> str:
        """Recorded with a run."""
        ...

    @property
    def methods(self) -> Sequence[str]:
        """The checks it knows, cheapest first. Each can decide alone."""
        ...

    def check(self, exercise: Exercise, method: str) -> Verdict:
        """Judges one exercise (answer and checkable steps) by one of `methods`."""
        ...

    def grade(self, question: str, expected: str, given: str, answer_type: AnswerType) -> Verdict:
        """Whether `given` answers `question` as well as `expected` does. The verdict's `exercise_id` is empty."""
        ...


@runtime_checkable
class ChecksMany(Verifier, Protocol):
    """A verifier that judges many exercises at once and not in worker processes: one that asks a service."""

    def check_all(self, exercises: Sequence[Exercise], method: str, /) -> list[Verdict]:
        """Judges each by one of the verifier's methods; verdicts in their order."""
        ...


class Judging(Protocol):
    """Makes verdicts about one exercise by one method."""

    def __call__(self, judgement: Judgement, reason: str = "") -> Verdict:
        """The verdict; only `correct` needs no reason."""
        ...


def verdicts_on(exercise: Exercise, method: str) -> Judging:
    """What makes verdicts about the exercise by the method."""

    def verdict(judgement: Judgement, reason: str = "") -> Verdict:
        return Verdict(exercise_id=exercise.exercise_id, verdict=judgement, method=method, reason=reason)

    return verdict
