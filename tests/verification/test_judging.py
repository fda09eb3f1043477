"""Verdicts on many exercises and answers: in order, independent of workers, no item stopping another."""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from skilladapt.records import AnswerType, Exercise, Verdict
from skilladapt.verification.judging import grade_answers, second_opinion, verify_exercises
from skilladapt.verification.workers import Workers


@dataclass(frozen=True)
class ScriptedVerifier:
    """Does what the question says: `first: correct, second: incorrect`."""

    name: str = "scripted"
    methods: Sequence[str] = ("first", "second")

    def check(self, exercise: Exercise, method: str) -> Verdict:
        said = dict(part.split(": ") for part in exercise.question.split(", "))[method]
        if said == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if said == "spin":
            while True:
                pass
        if said == "eat":
            return bytearray(8 * 1024**3).decode()  # type: ignore[return-value]
        if said == "raise":
            raise RuntimeError("broken verifier")
        return Verdict.model_validate(
            {"exercise_id": exercise.exercise_id, "verdict": said, "method": method, "reason": "as told"}
        )

    def grade(self, question: str, expected: str, given: str, answer_type: AnswerType) -> Verdict:
        if given == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        right = expected == given
        return Verdict(
            exercise_id="", verdict="correct" if right else "incorrect", method=question, reason=answer_type
        )


def exercise(question: str) -> Exercise:
    return Exercise(
        skill_ids=("a",),
        question=question,
        solution="",
        step_skills=(),
        answer="1",
        answer_type="number",
        difficulty=1,
        author="test",
    )


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2, cpu_s=0.3) as pool:
        yield pool


def judged(verdicts: Sequence[Verdict]) -> list[tuple[str, str]]:
    return [(verdict.verdict, verdict.method) for verdict in verdicts]


SCRIPT = [
    "first: correct, second: incorrect",
    "first: undecided, second: incorrect",
    "first: undecided, second: undecided",
    "first: incorrect, second: correct",
]
OUTCOMES = [("correct", "first"), ("incorrect", "second"), ("undecided", "second"), ("incorrect", "first")]


def test_the_first_method_that_decides_has_the_word(workers: Workers) -> None:
    found = verify_exercises([exercise(text) for text in SCRIPT], ScriptedVerifier(), workers=workers)
    assert judged(found) == OUTCOMES


def test_verdicts_do_not_depend_on_how_many_workers_judge(workers: Workers) -> None:
    exercises = [exercise(text) for text in SCRIPT]
    many = verify_exercises(exercises, ScriptedVerifier(), workers=workers)
    assert verify_exercises(exercises, ScriptedVerifier(), workers=1) == many


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        ("kill", "ended with status -9"),
        ("spin", "CPU seconds"),
        ("eat", "stopped at 2048 MiB"),
        ("raise", "RuntimeError: broken verifier"),
    ],
)
def test_an_exercise_that_breaks_its_check_is_undecided_and_the_others_are_judged(
    workers: Workers, deed: str, reason: str
) -> None:
    bad = exercise(f"first: {deed}, second: correct")
    exercises = [exercise(SCRIPT[0]), bad, exercise(SCRIPT[1]), exercise(SCRIPT[3])]
    found = verify_exercises(exercises, ScriptedVerifier(), workers=workers)
    assert judged(found) == [OUTCOMES[0], ("undecided", "none"), OUTCOMES[1], OUTCOMES[3]]
    assert reason in found[1].reason
    assert found[1].exercise_id == bad.exercise_id


def test_a_second_opinion_comes_from_a_method_that_did_not_admit(workers: Workers) -> None:
    exercises = [exercise(SCRIPT[0]), exercise(SCRIPT[3])]
    admitted = {exercises[0].exercise_id: "first", exercises[1].exercise_id: "second"}
    found = second_opinion(exercises, admitted, ScriptedVerifier(), workers=workers)
    assert judged(found) == [("incorrect", "second"), ("incorrect", "first")]


def test_without_another_method_there_is_no_second_opinion(workers: Workers) -> None:
    only = ScriptedVerifier(methods=("first",))
    suspect = exercise(SCRIPT[0])
    found = second_opinion([suspect], {suspect.exercise_id: "first"}, only, workers=workers)
    assert (found[0].verdict, found[0].reason) == ("undecided", "no other method")


def test_a_second_opinion_needs_to_know_the_first(workers: Workers) -> None:
    with pytest.raises(KeyError):
        second_opinion([exercise(SCRIPT[0])], {}, ScriptedVerifier(), workers=workers)


def test_grades_come_in_order_and_survive_a_lost_worker(workers: Workers) -> None:
    found = grade_answers(
        ["q1", "q2", "q3"],
        ["1", "1", "1"],
        ["1", "kill", "2"],
        ["number"] * 3,
        ScriptedVerifier(),
        workers=workers,
    )
    assert judged(found) == [("correct", "q1"), ("undecided", "none"), ("incorrect", "q3")]


def test_without_a_verifier_answers_are_compared_alone(workers: Workers) -> None:
    found = grade_answers(
        ["?", "?"], ["1/2", "6x"], ["0.5", "2*3x"], ["number", "polynomial"], None, workers=workers
    )
    assert judged(found) == [("correct", "arithmetic"), ("incorrect", "form")]


def test_lists_of_unequal_length_are_refused(workers: Workers) -> None:
    with pytest.raises(ValueError, match="zip"):
        grade_answers(["?"], ["1", "2"], ["1"], ["number"], None, workers=workers)


def test_hostile_answers_are_graded_within_their_cpu_limit(workers: Workers) -> None:
    hostile = [
        "9**9**9**9",
        "(10**7)!",
        "(" * 3000 + "12x^3" + ")" * 3000,
        "x" * 1_000_000,
        "sin(exp(exp(exp(x))))",
    ]
    before = time.monotonic()
    found = grade_answers(["?"] * 5, ["12x^3"] * 5, hostile, ["expression"] * 5, None, workers=workers)
    assert [verdict.verdict for verdict in found] == ["undecided"] * 4 + ["incorrect"]
    assert time.monotonic() - before < 30
