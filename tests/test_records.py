import pytest
from pydantic import ValidationError

from skilladapt.records import (
    Example,
    Exercise,
    LossHistory,
    PlantedError,
    Probe,
    Verdict,
    canonical_question,
    content_hash,
    is_held_out,
)
from skilladapt.tables import probe_of, probe_rows


def exercise(question: str, answer: str = "2") -> Exercise:
    return Exercise(
        skill_ids=("adding",),
        question=question,
        solution="Adding: 1 + 1 = 2",
        step_skills=("adding",),
        answer=answer,
        answer_type="number",
        difficulty=1,
        author="test",
    )


def question(held_out: bool) -> str:
    return next(text for n in range(100) if is_held_out(text := f"What is 1 + {n}?") is held_out)


def verdict(of: Exercise, judgement: str) -> Verdict:
    return Verdict.model_validate(
        {"exercise_id": of.exercise_id, "verdict": judgement, "method": "exact", "reason": "because"}
    )


def test_identity_is_the_content() -> None:
    assert exercise("a").exercise_id == exercise("a").exercise_id
    assert exercise("a").exercise_id != exercise("a", answer="3").exercise_id


def test_example_needs_an_accepting_verdict_about_itself() -> None:
    practice, other = exercise(question(False)), exercise("another question")
    assert (
        Example(material=practice, verdict=verdict(practice, "correct")).example_id == f"e{practice.exercise_id}"
    )
    for wrong in (verdict(practice, "incorrect"), verdict(practice, "undecided"), verdict(other, "correct")):
        with pytest.raises(ValidationError):
            Example(material=practice, verdict=wrong)


def test_held_out_question_can_never_become_an_example() -> None:
    probe = exercise(question(True))
    with pytest.raises(ValidationError, match="held out"):
        Example(material=probe, verdict=verdict(probe, "correct"))


def test_planted_error_needs_a_refuting_verdict() -> None:
    wrong = exercise(question(False), answer="3")
    assert PlantedError(exercise=wrong, verdict=verdict(wrong, "incorrect"), kind="sign").planted_id[0] == "p"
    with pytest.raises(ValidationError, match="refuted"):
        PlantedError(exercise=wrong, verdict=verdict(wrong, "correct"), kind="sign")


def test_probe_must_be_held_out() -> None:
    def probe(text: str) -> Probe:
        return Probe(skill_id="adding", question=text, answer="2", answer_type="number", pair="1")

    assert probe(question(True)).probe_id
    with pytest.raises(ValidationError, match="belongs to practice"):
        probe(question(False))


def test_a_family_belongs_to_a_probe_and_where_there_is_none_its_identity_is_what_it_was() -> None:
    fields = {
        "skill_id": "adding",
        "question": question(True),
        "answer": "2",
        "answer_type": "number",
        "pair": "1",
    }
    plain, named = Probe(**fields), Probe(**fields, family="inputs")
    assert plain.probe_id == content_hash("Probe", {**fields, "split": "test"})
    assert named.probe_id not in (plain.probe_id, Probe(**fields, family="depths").probe_id)
    assert [probe_of(row) for row in probe_rows([plain, named])] == [plain, named]
    assert probe_of({name: value for name, value in probe_rows([plain])[0].items() if name != "family"}) == plain


def test_held_out_share_is_a_fifth_and_ignores_case_and_spacing() -> None:
    share = sum(is_held_out(f"Question {n}") for n in range(5000)) / 5000
    assert 0.18 < share < 0.22
    assert canonical_question("What IS\n x\u00a0+ 1?") == canonical_question("what is x + 1?")


def test_verdict_that_does_not_accept_needs_a_reason() -> None:
    with pytest.raises(ValidationError, match="needs a reason"):
        Verdict(exercise_id="x", verdict="undecided", method="numeric")


def test_dynamics_are_mean_population_deviation_and_last_two_passes() -> None:
    history = LossHistory(
        example_id="e1",
        round=1,
        loss_P=(3.0, 2.0, 1.0),
        tokens=4,
        worst_answer_token_P=(3.0, 2.0, 1.0),
        greedy_answer_P=(False, False, True),
        answer_margin_P=(-2.0, -1.0, 1.0),
    )
    assert history.mean_loss == 2.0
    assert history.std_loss == pytest.approx((2 / 3) ** 0.5)
    assert (history.late_at(0), history.late_at(1), history.late_loss) == (3.0, 2.5, 1.5)
