"""Exercises made wrong on purpose, and refuted: planted for calibration, or hidden in an experiment's data."""

import random
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from skilladapt.materials.author import Corruption, Work, prepare
from skilladapt.records import Exercise, Verdict, content_hash
from skilladapt.stages.context import Run
from skilladapt.verification.judging import verify_exercises


class Corrupted(NamedTuple):
    """A wrong version of an exercise."""

    original: Exercise
    wrong: Exercise
    kind: str
    verdict: Verdict
    """*Incorrect*, always."""


def corrupt_exercises(run: Run, exercises: Sequence[Exercise], purpose: str) -> list[Corrupted]:
    """A wrong version of each exercise that can be made wrong and is then refuted; kinds take turns.

    Those too long for the student are left out: a run stops at what cannot be trained. `purpose` keeps the draws
    for one use apart from those for another. Empty where the domain has no verifier.
    """
    if run.domain.verifier is None:
        return []
    kinds = run.domain.author.corruption_kinds
    first = [Corruption(one, kinds[turn % len(kinds)]) for turn, one in enumerate(exercises)]
    prepare(run.domain.author, Work(corruptions=first))
    drafts = [
        (exercise, *draft)
        for turn, exercise in enumerate(exercises)
        for draft in islice(_wrong_versions(run, exercise, purpose, turn), 1)
    ]
    verdicts = verify_exercises([wrong for _, _, wrong in drafts], run.domain.verifier, workers=run.workers)
    return [
        Corrupted(exercise, wrong, kind, verdict)
        for (exercise, kind, wrong), verdict in zip(drafts, verdicts, strict=True)
        if verdict.verdict == "incorrect" and not run.classroom.fault_of(wrong)
    ]


def _wrong_versions(run: Run, exercise: Exercise, purpose: str, turn: int) -> Iterator[tuple[str, Exercise]]:
    author = run.domain.author
    kinds = list(author.corruption_kinds)
    for kind in kinds[turn % len(kinds) :] + kinds[: turn % len(kinds)]:
        rng = random.Random(content_hash(purpose, run.config.seed, exercise.exercise_id, kind))
        wrong = author.corrupt(exercise, kind, rng)
        if wrong is not None:
            yield kind, wrong
