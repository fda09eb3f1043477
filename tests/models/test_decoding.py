import pytest
import torch

from skilladapt.models.adapter import restore_weights, trainable_weights, with_adapter
from skilladapt.models.decoding import answer
from skilladapt.models.loading import load_student


@pytest.fixture(scope="module")
def student():
    """Tiny, with weights ten times as large, so that what it says depends on what it is asked."""
    student = load_student("tiny-random")
    with torch.no_grad():
        for parameter in student.model.parameters():
            if parameter.ndim == 2:
                parameter.mul_(10)
    return student


def one_by_one(student, question, shots, max_new_tokens):
    """The plain definition: the likeliest next token, from the whole text, without cache, batch or padding."""
    ids = student.chat.encode_prompt(question, shots)
    start = len(ids)
    with torch.inference_mode():
        while len(ids) - start < max_new_tokens:
            id = int(student.model(input_ids=torch.tensor([ids])).logits[0, -1].argmax())
            if id in (student.chat.end_of_turn, student.chat.end_of_text):
                break
            ids.append(id)
    return student.chat.decode(ids[start:])


QUESTIONS = [
    "Differentiate x.",
    "a",
    "What is the capital of France? " * 3,
    "",
    "Differentiate 3x^2 + 2x.",
    "a b c",
]


@pytest.mark.parametrize("shots", [(), (("a", "b"), ("cc", "dd"))])
@pytest.mark.parametrize("batch_size", [1, 4, 32])
def test_replies_are_the_greedy_ones_in_the_order_of_the_questions(student, shots, batch_size):
    replies = answer(student, QUESTIONS, shots=shots, max_new_tokens=12, batch_size=batch_size)
    assert replies == [one_by_one(student, question, shots, 12) for question in QUESTIONS]
    assert len(set(replies)) > 3  # or the test would show little


def test_a_reply_stops_at_the_end_of_the_turn_and_the_others_go_on(student, monkeypatch):
    free = answer(student, QUESTIONS, max_new_tokens=12)
    # Declare a token that some replies come to, and others do not, to be the end of the turn.
    ids = [student.chat.encode_content(reply) for reply in free]
    end = next(id for row in ids for id in row[2:] if not all(id in other for other in ids))
    object.__setattr__(student.chat, "end_of_turn", end)
    try:
        stopped = answer(student, QUESTIONS, max_new_tokens=12)
        assert stopped == [one_by_one(student, question, (), 12) for question in QUESTIONS]
        assert stopped != free and any(len(a) == len(b) for a, b in zip(stopped, free, strict=True))
    finally:
        object.__setattr__(student.chat, "end_of_turn", student.chat.tokenizer.eos_token_id)


def test_equal_calls_give_equal_replies(student):
    assert answer(student, QUESTIONS) == answer(student, QUESTIONS)


def test_decoding_reads_the_very_prompt_that_training_does(student, monkeypatch):
    seen = []
    forward = student.model.forward
    monkeypatch.setattr(
        student.model, "forward", lambda **given: seen.append(given["input_ids"]) or forward(**given)
    )
    answer(student, ["Differentiate x."], max_new_tokens=1)
    assert torch.cat(seen, dim=1)[0].tolist() == student.chat.encode_prompt("Differentiate x.")


def test_progress_is_told_after_each_batch(student):
    told = []
    answer(student, ["a", "b", "\ud800", "d", "e"], max_new_tokens=1, batch_size=2, on_progress=told.append)
    assert told == [3, 5]


def test_a_question_that_cannot_be_represented_gets_an_empty_reply_and_costs_the_others_nothing(student):
    assert answer(student, ["a", "\ud800"], max_new_tokens=5) == [answer(student, ["a"], max_new_tokens=5)[0], ""]
    assert answer(student, []) == []


def test_an_adapter_takes_part_and_dropout_does_not():
    student = with_adapter(load_student("tiny-random"), rank=4, dropout=0.9)
    before = answer(student, QUESTIONS, max_new_tokens=5)
    restore_weights(student, {name: weight + 0.5 for name, weight in trainable_weights(student).items()})
    student.model.train()
    after = answer(student, QUESTIONS, max_new_tokens=5)
    assert after != before and after == answer(student, QUESTIONS, max_new_tokens=5)
