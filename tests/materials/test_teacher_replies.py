import json
import tracemalloc

import pytest

from skilladapt.materials.replies import Draft, read_drafts
from skilladapt.prompts.reading import Unusable, text_of
from skilladapt.teachers.teacher import NoReply
from teacher_stub import reply

TIDY = """\
Question: Who wrote the first draft
of the Declaration of Independence?
Step [Founding documents]: The Committee of Five chose one of its members to write it.
Step [Founding documents]: That was
  Thomas Jefferson.
Answer: Thomas Jefferson
---
Question: Which house must revenue bills begin in?
A) The Senate
B) The House
C) Either
Step [Congress]: The Constitution gives it to the House.
Misconception A: The Senate is the upper house, so it goes first.
Misconception C: Both houses are equal in everything.
Answer: B
"""


def test_lines_become_drafts_and_lines_without_a_field_go_on_with_the_one_before() -> None:
    first, second = read_drafts(TIDY)
    assert first == Draft(
        question="Who wrote the first draft of the Declaration of Independence?",
        steps=[
            ("Founding documents", "The Committee of Five chose one of its members to write it."),
            ("Founding documents", "That was Thomas Jefferson."),
        ],
        answer="Thomas Jefferson",
    )
    assert second.options == {"A": "The Senate", "B": "The House", "C": "Either"} and second.answer == "B"
    assert second.misconceptions["C"] == "Both houses are equal in everything."


@pytest.mark.parametrize(
    "text",
    [
        "Sure, here you are:\n\n**Question 1:** What is two plus two?\n**Step 1:** Two and two.\n**Answer:** 4",
        "1. Question: What is two plus two?\n- Step: Two and two.\n- Answer: 4",
        "### Question: What is two plus two?\nSTEP [None]: Two and two.\nANSWER: 4\n\n***",
    ],
)
def test_numbering_and_emphasis_are_forgiven(text: str) -> None:
    (draft,) = read_drafts(text)
    assert (draft.question, draft.answer, draft.steps[0][1]) == ("What is two plus two?", "4", "Two and two.")


def test_json_holds_the_same_fields() -> None:
    exercise = {
        "question": "Which one is it?",
        "options": {"A": "this", "B": "that"},
        "steps": [{"skill": "Choosing", "text": "Look."}, "Look again."],
        "misconceptions": {"B": "mistook it"},
        "answer": "A",
    }
    for text in (json.dumps({"exercises": [exercise]}), f"```json\n{json.dumps([exercise])}\n```"):
        (draft,) = read_drafts(text)
        assert draft.steps == [("Choosing", "Look."), (None, "Look again.")]
        assert (draft.options, draft.answer) == ({"A": "this", "B": "that"}, "A")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("I think that this is a nice subject.", "no exercise"),
        ('{"exercises": [{"question": "Is it 1?", "answer": NaN}]}', "NaN"),
        ('{"exercises": [], "exercises": []}', "twice"),
        ('{"exercises": [{"question": "cut', "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ('{"answer": ' + "9" * 5_000 + "}", "not valid JSON"),
        ('{"exercises": "many"}', "without a list"),
        ('{"exercises": ["one"]}', "something else"),
        ("[]", "no exercise"),
    ],
)
def test_what_is_no_exercise_is_rejected_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(Unusable, match=reason):
        read_drafts(text)


def test_json_of_wrong_types_has_empty_fields_and_not_texts_of_them() -> None:
    (draft,) = read_drafts('[{"question": ["a"], "steps": {"0": 1}, "answer": true, "points": "p", "options": 3}]')
    assert draft == Draft()


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (NoReply(reason="timed out"), "no reply: timed out"),
        (reply("Question: wh", "length"), "cut off"),
        (reply("", "filtered"), "held back"),
        (reply("Question: what?", "unknown"), "whether it is whole"),
        (reply(" \n\x00 "), "empty"),
        (reply("I'm sorry, but I can't help with that."), "refused"),
        (reply("As an AI language model, I have no opinion."), "refused"),
        (reply("Q" * 100_001), "at most"),
    ],
)
def test_replies_that_are_not_whole_are_not_read(outcome: object, reason: str) -> None:
    with pytest.raises(Unusable, match=reason):
        text_of(outcome)  # type: ignore[arg-type]


def test_a_huge_reply_is_refused_without_a_copy_of_it() -> None:
    huge = reply("Question: " + "x" * 20_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(Unusable, match="20,000,010 characters; at most 100,000"):
            text_of(huge)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    print(f"memory for a reply of 20 MB: {peak:,} bytes more")
    assert peak < 1_000_000


def test_a_question_about_apologies_is_no_refusal() -> None:
    assert text_of(reply("Question: Why did he say: I'm sorry?")).startswith("Question")


def test_control_characters_are_gone() -> None:
    assert text_of(reply("a\x1b[31m\u202eb\r\nc\x00")) == "a [31m b\nc"
