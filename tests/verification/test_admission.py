"""What material must pass, in which order, and that nothing slips through."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import pytest

from skilladapt.records import PERSON, AnswerType, Example, Exercise, Probe, Textbook, Verdict, is_held_out
from skilladapt.verification.admission import FORMAL, admit, admit_textbooks
from skilladapt.verification.workers import Workers

SKILLS = ("low", "middle", "high", "other")
NEEDS = {"low": {"low"}, "middle": {"low", "middle"}, "high": {"low", "middle", "high"}, "other": {"other"}}


@dataclass(frozen=True)
class AnswerIsOne:
    """Accepts the answer 1, refuses others, and cannot decide on `?`."""

    name: str = "one"
    methods: Sequence[str] = ("looking",)

    def check(self, exercise: Exercise, method: str) -> Verdict:
        verdict = {"1": "correct", "?": "undecided"}.get(exercise.answer, "incorrect")
        return Verdict.model_validate(
            {"exercise_id": exercise.exercise_id, "verdict": verdict, "method": method, "reason": "looked"}
        )

    def grade(self, question: str, expected: str, given: str, answer_type: AnswerType) -> Verdict:
        raise AssertionError("exercises are checked, not graded")


def closure(ids: Iterable[str]) -> frozenset[str]:
    return frozenset(skill for id in ids for skill in NEEDS[id])


def question(template: str, held_out: bool = False, start: int = 2) -> str:
    return next(text for n in count(start) if is_held_out(text := template.format(n)) is held_out)


PRACTICE = question("Compute {} + 3.")
ANOTHER = question("Find the sum of {} and 9.")


def exercise(
    text: str = PRACTICE,
    answer: str = "1",
    skill_ids: tuple[str, ...] = ("middle",),
    step_skills: tuple[str, ...] = ("low",),
    solution: str = "Low: so it is",
) -> Exercise:
    return Exercise(
        skill_ids=skill_ids,
        question=text,
        solution=solution,
        step_skills=step_skills,
        answer=answer,
        answer_type="number",
        difficulty=1,
        author="test",
    )


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(1) as pool:
        yield pool


def judged(
    workers: Workers,
    exercises: Sequence[Exercise],
    probes: Sequence[Probe] = (),
    existing: Sequence[str] = (),
    benchmark: Sequence[str] = (),
) -> list[tuple[str, str, str]]:
    verdicts = admit(
        exercises,
        AnswerIsOne(),
        skill_ids=SKILLS,
        closure=closure,
        probes=probes,
        existing=existing,
        benchmark_questions=benchmark,
        workers=workers,
    )
    assert [verdict.exercise_id for verdict in verdicts] == [exercise.exercise_id for exercise in exercises]
    return [(verdict.verdict, verdict.method, verdict.reason) for verdict in verdicts]


def test_right_exercise_is_admitted_and_can_become_an_example(workers: Workers) -> None:
    good = exercise()
    verdicts = admit([good], AnswerIsOne(), skill_ids=SKILLS, closure=closure, probes=[], workers=workers)
    assert verdicts[0].method == "looking"
    assert Example(material=good, verdict=verdicts[0]).skill_id == "middle"


@pytest.mark.parametrize(
    ("bad", "method", "reason"),
    [
        (exercise(skill_ids=("middle", "flying")), "skills", "not in the graph: flying"),
        (exercise(step_skills=("walking",)), "skills", "not in the graph: walking"),
        (exercise(step_skills=("high",)), "skills", "does not need: high"),
        (exercise(step_skills=("other",)), "skills", "does not need: other"),
        (exercise(step_skills=()), "skills", "1 steps, but skills for 0"),
        (exercise(text=question("Compute {} + 3.", held_out=True)), "held-out", "held out"),
        (exercise(answer="2"), "looking", "looked"),
    ],
)
def test_every_fault_is_refused_by_the_check_for_it(
    workers: Workers, bad: Exercise, method: str, reason: str
) -> None:
    assert judged(workers, [exercise(ANOTHER), bad])[0][:2] == ("correct", "looking")
    verdict, found, why = judged(workers, [exercise(ANOTHER), bad])[1]
    assert (verdict, found) == ("incorrect", method)
    assert reason in why


def said(one: Exercise, verdict: str) -> dict[str, Verdict]:
    id = one.exercise_id
    return {
        id: Verdict.model_validate({"exercise_id": id, "verdict": verdict, "method": PERSON, "reason": "said"})
    }


@pytest.mark.parametrize(
    ("judged_one", "person"),
    [(exercise(answer="2"), "correct"), (exercise(answer="?"), "correct"), (exercise(), "incorrect")],
)
def test_a_persons_verdict_takes_the_place_of_the_verifiers(
    workers: Workers, judged_one: Exercise, person: str
) -> None:
    for verifier in (AnswerIsOne(), None):
        verdicts = admit(
            [judged_one],
            verifier,
            skill_ids=SKILLS,
            closure=closure,
            probes=[],
            by_person=said(judged_one, person),
            workers=workers,
        )
        assert verdicts == list(said(judged_one, person).values())


@pytest.mark.parametrize(
    ("bad", "method"),
    [
        (exercise(step_skills=("other",)), "skills"),
        (exercise(text=question("Compute {} + 3.", held_out=True)), "held-out"),
        (exercise(text=ANOTHER), "overlap"),
        (exercise(text=PRACTICE), "duplicate"),
    ],
)
def test_no_person_overrules_a_check_of_form(workers: Workers, bad: Exercise, method: str) -> None:
    (verdict,) = admit(
        [bad],
        AnswerIsOne(),
        skill_ids=SKILLS,
        closure=closure,
        probes=[],
        existing=[PRACTICE],
        benchmark_questions=[ANOTHER],
        by_person=said(bad, "correct"),
        workers=workers,
    )
    assert (verdict.verdict, verdict.method) == ("incorrect", method)
    assert method in FORMAL


def test_the_cheapest_check_speaks_first(workers: Workers) -> None:
    worst = exercise(text=question("Compute {} + 3.", held_out=True), answer="2", step_skills=("other",))
    assert judged(workers, [worst])[0][1] == "skills"


def test_undecided_exercises_are_not_admitted(workers: Workers) -> None:
    assert judged(workers, [exercise(answer="?")]) == [("undecided", "looking", "looked")]


def test_a_domain_without_a_verifier_admits_nothing() -> None:
    verdicts = admit([exercise()], None, skill_ids=SKILLS, closure=closure, probes=[])
    assert (verdicts[0].verdict, verdicts[0].reason) == ("undecided", "the domain has no verifier")


def test_right_exercise_is_not_dropped_for_a_wrong_one_with_the_same_question(workers: Workers) -> None:
    wrong, right = exercise(answer="2"), exercise(answer="1")
    assert [row[0] for row in judged(workers, [wrong, right])] == ["incorrect", "correct"]


def test_of_equal_right_exercises_one_is_admitted_and_of_existing_ones_none(workers: Workers) -> None:
    twins = [exercise(), exercise(solution="Low: and so it is")]
    assert sorted(row[:2] for row in judged(workers, twins)) == [
        ("correct", "looking"),
        ("incorrect", "duplicate"),
    ]
    assert [row[1] for row in judged(workers, twins, existing=[PRACTICE.upper()])] == ["duplicate", "duplicate"]


def test_near_probe_and_benchmark_question_are_overlaps(workers: Workers) -> None:
    held = question(
        "How large is the sum of the two numbers {} and 9 on the green board in the hall?", held_out=True
    )
    probe = Probe(skill_id="low", question=held, answer="1", answer_type="number", pair="p")
    close = held.replace("large", "big")
    assert not is_held_out(close)
    assert judged(workers, [exercise(close)], probes=[probe])[0][1] == "overlap"
    assert judged(workers, [exercise(close)], benchmark=[close.upper()])[0][1] == "overlap"
    assert judged(workers, [exercise(close)])[0][1] == "looking"


def test_textbooks_are_admitted_by_skill_size_and_wording() -> None:
    held = question("Compute {} + 3.", held_out=True)
    probe = Probe(skill_id="low", question=held, answer="1", answer_type="number", pair="p")
    text = "Adding is joining. " * 10
    pages = [
        Textbook(skill_id=skill, title="T", text=body, author="test")
        for skill, body in [
            ("low", text),
            ("flying", text),
            ("low", ""),
            ("low", "word " * 2001),
            ("low", f"{text} {held} It is easy."),
        ]
    ]
    found = admit_textbooks(pages, skill_ids=SKILLS, probes=[probe])
    assert [(verdict.verdict, verdict.method) for verdict in found] == [
        ("correct", "text"),
        ("incorrect", "skills"),
        ("incorrect", "text"),
        ("incorrect", "text"),
        ("incorrect", "overlap"),
    ]
    assert "0 words" in found[2].reason
    assert Example(material=pages[0], verdict=found[0]).skill_id == "low"
