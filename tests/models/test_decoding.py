from contextlib import contextmanager
from dataclasses import replace

import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM

from skilladapt.models.adapter import restore_weights, trainable_weights, with_adapter
from skilladapt.models.decoding import answer
from skilladapt.models.loading import hash_weights, load_student


@pytest.fixture(scope="module")
def student():
    """Tiny, with weights ten times as large, so that what it says depends on what it is asked."""
    student = load_student("tiny-random")
    enlarge(student.model)
    return student


@pytest.fixture(scope="module")
def adapted():
    """The same with an adapter that changes what it says."""
    student = load_student("tiny-random")
    enlarge(student.model)
    adapted = with_adapter(student, rank=4)
    generator = torch.Generator().manual_seed(0)
    weights = trainable_weights(adapted)
    noise = {name: torch.randn(weight.shape, generator=generator) for name, weight in weights.items()}
    restore_weights(adapted, {name: weight + 0.1 * noise[name] for name, weight in weights.items()})
    return adapted


def enlarge(model):
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim == 2:
                parameter.mul_(10)


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


def generated(student, question, max_new_tokens):
    """What transformers itself generates for one question alone."""
    ids = torch.tensor([student.chat.encode_prompt(question)])
    ends = [student.chat.end_of_turn, student.chat.end_of_text]
    output = student.model.generate(
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
        max_new_tokens=max_new_tokens,
        do_sample=False,
        eos_token_id=ends,
        pad_token_id=ends[-1],
    )
    return student.chat.decode([id for id in output[0, ids.shape[1] :].tolist() if id not in ends])


@contextmanager
def replies_end_here_and_there(student, max_new_tokens):
    """Declares the token at which the replies end at the most different lengths to be the end of the turn."""
    rows = [student.chat.encode_content(one_by_one(student, text, (), max_new_tokens)) for text in QUESTIONS]
    lengths = {end: {row.index(end) for row in rows if end in row} for row in rows for end in row}
    usual = student.chat.end_of_turn
    object.__setattr__(student.chat, "end_of_turn", max(lengths, key=lambda end: (len(lengths[end]), end)))
    try:
        yield
    finally:
        object.__setattr__(student.chat, "end_of_turn", usual)


def another(student, kind, **settings):
    """The student with a tiny random model of another kind, its weights enlarged as well."""
    sizes = {
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 8,
        "vocab_size": len(student.tokenizer),
        "eos_token_id": student.chat.end_of_turn,
        "bos_token_id": None,
        "pad_token_id": student.chat.end_of_text,
    }
    config = AutoConfig.for_model(kind, **sizes, **settings)
    with torch.random.fork_rng():
        torch.manual_seed(1)
        model = AutoModelForCausalLM.from_config(config).eval()
    enlarge(model)
    return replace(student, model=model)


@pytest.mark.parametrize("batch_size", [2, 4])
def test_replies_are_those_that_generate_gives_one_by_one(student, adapted, batch_size):
    for asked in (student, adapted):
        with replies_end_here_and_there(asked, 20):
            replies = answer(asked, QUESTIONS, max_new_tokens=20, batch_size=batch_size)
            assert replies == [generated(asked, question, 20) for question in QUESTIONS]
            assert len(set(map(len, replies))) > 2


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("mistral", {"sliding_window": 8}),
        ("qwen3", {}),
        ("gemma3_text", {"sliding_window": 8, "layer_types": ["sliding_attention", "full_attention"]}),
        ("gpt2", {"n_positions": 130}),
        ("bloom", {}),
        ("lfm2", {"layer_types": ["conv", "full_attention"]}),
    ],
)
def test_models_of_many_kinds_reply_as_they_do_one_by_one(student, kind, settings):
    asked = another(student, kind, **settings)
    with replies_end_here_and_there(asked, 20):
        replies = answer(asked, QUESTIONS, max_new_tokens=20, batch_size=3)
        assert replies == [generated(asked, question, 20) for question in QUESTIONS]


def test_a_prompt_takes_the_place_of_a_reply_that_ended_and_the_replies_stay_the_same(student, monkeypatch):
    shapes = []
    forward = student.model.forward
    monkeypatch.setattr(
        student.model, "forward", lambda **given: shapes.append(given["input_ids"].shape) or forward(**given)
    )
    questions = QUESTIONS * 4
    with replies_end_here_and_there(student, 12):
        at_once = answer(student, questions, max_new_tokens=12, batch_size=len(questions))
        shapes.clear()
        assert answer(student, questions, max_new_tokens=12, batch_size=8) == at_once
    # The opening alone, eight prompts, and then as many as there is room for.
    joined = [rows for rows, tokens in shapes if tokens > 1][2:]
    assert len(joined) > 2 and max(joined) < 8


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


def test_weights_and_layers_are_the_same_after_answering_also_after_an_interruption(adapted):
    before, addresses = hash_weights(adapted), [weight.data_ptr() for weight in adapted.model.parameters()]

    def interrupt(done):
        raise KeyboardInterrupt

    answer(adapted, QUESTIONS, max_new_tokens=3)
    with pytest.raises(KeyboardInterrupt):
        answer(adapted, QUESTIONS, max_new_tokens=3, batch_size=4, on_progress=interrupt)
    assert hash_weights(adapted) == before
    assert [weight.data_ptr() for weight in adapted.model.parameters()] == addresses
    assert not [name for name, layer in adapted.model.named_modules() if "forward" in vars(layer)]


def test_the_cache_is_no_longer_than_what_goes_on_however_many_are_asked(student, monkeypatch):
    columns = []
    forward = student.model.forward
    monkeypatch.setattr(
        student.model,
        "forward",
        lambda **given: columns.append(given["attention_mask"].shape[1]) or forward(**given),
    )
    answer(student, QUESTIONS * 10, max_new_tokens=6, batch_size=4)
    longest = max(len(student.chat.encode_prompt(question)) for question in QUESTIONS)
    assert len(columns) > 60 and max(columns) <= longest + 2 * 6


def test_a_question_that_leaves_no_room_for_a_reply_is_not_answered():
    student = load_student("tiny-random")
    tokens = len(student.chat.encode_prompt("x"))
    room = student.model.config.max_position_embeddings - tokens
    fits, long = answer(student, ["x", "x" * 2 * room], max_new_tokens=4)
    assert fits and not long
