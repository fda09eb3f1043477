"""Exercises and answers become verdicts, many at once, in workers.

An item that cannot be judged (too slow, too large, a verifier that fails) is undecided, with the reason; it never
stops the others. Verdicts come in the order of the items.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

from skilladapt.records import AnswerType, Exercise, Verdict
from skilladapt.verification.answers import compare
from skilladapt.verification.verifier import ChecksMany, Verifier
from skilladapt.verification.workers import Lost, Workers

NO_OTHER_METHOD = "no other method"


def verify_exercises(
    exercises: Sequence[Exercise],
    verifier: Verifier,
    *,
    workers: Workers | int = 2,
    exclude_methods: Mapping[str, str] | None = None,
) -> list[Verdict]:
    """Each exercise by the verifier's methods, cheapest first, until one decides.

    `exclude_methods` names, by exercise id, a method that must not be used; where nothing else is left the verdict
    is undecided. `workers` is a pool, or how many to start for this call.
    """
    excluded = exclude_methods or {}
    if isinstance(verifier, ChecksMany):
        return _verify_all(verifier, exercises, excluded)
    tasks = [(exercise, excluded.get(exercise.exercise_id)) for exercise in exercises]
    with _pool(workers) as pool:
        found = pool.map(partial(_verify, verifier), tasks)
    return [
        Verdict(exercise_id=exercise.exercise_id, verdict="undecided", method="none", reason=verdict.reason)
        if isinstance(verdict, Lost)
        else verdict
        for exercise, verdict in zip(exercises, found, strict=True)
    ]


def second_opinion(
    exercises: Sequence[Exercise],
    admitted_by: Mapping[str, str],
    verifier: Verifier,
    *,
    workers: Workers | int = 2,
) -> list[Verdict]:
    """Suspected exercises judged by a method that did not admit them (method, section 4.4).

    `admitted_by` is the method of the accepting verdict, by exercise id; every exercise must be in it, since an
    opinion of the same method again would not be a second one (KeyError).
    """
    excluded = {exercise.exercise_id: admitted_by[exercise.exercise_id] for exercise in exercises}
    return verify_exercises(exercises, verifier, workers=workers, exclude_methods=excluded)


def grade_answers(
    questions: Sequence[str],
    expected: Sequence[str],
    given: Sequence[str],
    answer_types: Sequence[AnswerType],
    verifier: Verifier | None,
    *,
    workers: Workers | int = 2,
) -> list[Verdict]:
    """Each given answer against the expected one; without a verifier by comparing the answers alone.

    The verdicts carry no exercise id.
    """
    # What checks many holds a connection, which cannot go to a worker; it grades as if there were none.
    alone = None if isinstance(verifier, ChecksMany) else verifier
    tasks = list(zip(questions, expected, given, answer_types, strict=True))
    with _pool(workers) as pool:
        found = pool.map(partial(_grade, alone), tasks)
    return [
        Verdict(exercise_id="", verdict="undecided", method="none", reason=verdict.reason)
        if isinstance(verdict, Lost)
        else verdict
        for verdict in found
    ]


def _verify_all(verifier: ChecksMany, exercises: Sequence[Exercise], excluded: Mapping[str, str]) -> list[Verdict]:
    """Method after method, each for all that no earlier one has decided."""
    verdicts = {
        one.exercise_id: Verdict(
            exercise_id=one.exercise_id, verdict="undecided", method="none", reason=NO_OTHER_METHOD
        )
        for one in exercises
    }
    for method in verifier.methods:
        waiting = [
            one
            for one in exercises
            if verdicts[one.exercise_id].verdict == "undecided" and excluded.get(one.exercise_id) != method
        ]
        verdicts |= {verdict.exercise_id: verdict for verdict in verifier.check_all(waiting, method)}
    return [verdicts[one.exercise_id] for one in exercises]


def _verify(verifier: Verifier, task: tuple[Exercise, str | None]) -> Verdict:
    exercise, excluded = task
    verdict = Verdict(exercise_id=exercise.exercise_id, verdict="undecided", method="none", reason=NO_OTHER_METHOD)
    for method in verifier.methods:
        if method != excluded:
            verdict = verifier.check(exercise, method)
            if verdict.verdict != "undecided":
                break
    return verdict


def _grade(verifier: Verifier | None, task: tuple[str, str, str, AnswerType]) -> Verdict:
    question, expected, given, answer_type = task
    if verifier is not None:
        return verifier.grade(question, expected, given, answer_type)
    found = compare(expected, given, answer_type)
    return Verdict(exercise_id="", verdict=found.verdict, method=found.method, reason=found.reason)


@contextmanager
def _pool(workers: Workers | int) -> Iterator[Workers]:
    if isinstance(workers, Workers):
        yield workers
    else:
        with Workers(workers) as pool:
            yield pool
