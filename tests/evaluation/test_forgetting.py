from collections.abc import Sequence

import pytest

from skilladapt.evaluation.forgetting import (
    PanelQuestion,
    ask_panel,
    is_answered,
    measure_forgetting,
    panel_questions,
    panel_texts,
    score_panel,
)


def question(*accepted: str, choices: tuple[str, ...] = ()) -> PanelQuestion:
    return PanelQuestion(id="q", question="?", accepted=accepted, choices=choices)


@pytest.mark.parametrize(
    "accepted, reply, right",
    [
        ("Paris", "The capital of France is Paris.", True),
        ("Paris", "PARIS", True),
        ("Paris", "Parisian cafés are in France", False),
        ("12", "There are 12 months.", True),
        ("12", "There are 120 months, or 3.12, or 1,12", False),
        ("H2O", "It is H₂O.", True),
        ("New York", "in new  york city", True),
        ("New York", "New in York", False),
        ("Paris", "Paris?\nAnswer: London", False),
        ("Paris", "Not London.\nAnswer: Paris", True),
        ("Paris", "", False),
        ("Paris", "no " * 60 + "Paris", False),
        ("Paris", "no " * 59 + "Paris", True),
    ],
)
def test_accepted_answer_must_stand_in_the_reply_as_words(accepted: str, reply: str, right: bool) -> None:
    assert is_answered(question(accepted), reply) is right


def test_any_accepted_answer_will_do() -> None:
    assert is_answered(question("8", "eight"), "A spider has eight legs.")


def test_first_named_choice_counts() -> None:
    hard = question("hard", choices=("hard", "soft"))
    assert is_answered(hard, "A stone is hard, not soft.")
    assert not is_answered(hard, "Soft, never hard.")
    assert not is_answered(hard, "I cannot say.")


def test_panel_is_whole() -> None:
    questions, texts = panel_questions(), panel_texts()
    assert len(questions) == 40 and len({one.id for one in questions}) == 40
    assert len(texts) == 12 and all(50 <= len(text.split()) <= 75 for text in texts)
    assert all(set(one.accepted) & set(one.choices) or not one.choices for one in questions)


def test_panel_questions_do_not_give_their_answers_away() -> None:
    for one in panel_questions():
        assert bool(one.choices) or not is_answered(one, one.question), one.question
        assert all(choice in one.question for choice in one.choices)


def answering(replies: dict[str, str]) -> Sequence[str]:
    return [replies.get(one.id, "no idea") for one in panel_questions()]


def test_forgetting_compares_item_by_item() -> None:
    right = {one.id: one.accepted[0] for one in panel_questions()}
    before = ask_panel("base", lambda _: answering(right), lambda texts: [3.0] * len(texts))
    right.pop("geography-1")
    right.pop("science-1")
    after = ask_panel(
        "round-2", lambda _: answering(right), lambda texts: [3.0 + n / 10 for n in range(len(texts))]
    )
    assert score_panel(before.answers).accuracy == 1.0
    assert (score_panel(after.answers).correct, score_panel(after.answers).probe_set) == (38, "panel")
    change = measure_forgetting(before, after, seed=0)
    assert (change.before, change.after, change.questions, change.texts) == ("base", "round-2", 40, 12)
    assert change.accuracy.difference == pytest.approx(-0.05)
    assert change.accuracy.ci_low == pytest.approx(-0.125, abs=0.026) and change.accuracy.ci_high == 0.0
    assert change.loss.before == pytest.approx(3.0)
    assert change.loss.difference == pytest.approx(0.55)
    assert 0.3 < change.loss.ci_low < 0.55 < change.loss.ci_high < 0.8


def test_different_questions_cannot_be_compared() -> None:
    before = ask_panel("base", lambda _: answering({}), lambda texts: [1.0] * len(texts))
    fewer = before.model_copy(update={"answers": before.answers[1:]})
    with pytest.raises(ValueError, match="same questions"):
        measure_forgetting(before, fewer, seed=0)


def test_hostile_replies_are_only_wrong() -> None:
    hostile = ["\x00" * 1000, "Answer:" * 10_000, "\\boxed{" * 1000, "\ud800", "٣" * 50]
    for reply in hostile:
        assert not is_answered(question("Paris"), reply)
