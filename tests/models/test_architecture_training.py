"""Students of every family learn as the formula says, answer in batches as alone, and are saved whole."""

import math

import pytest
import torch
from architectures import WINDOW, exercise

from reference import plain_loss
from skilladapt.models.adapter import (
    load_adapter,
    restore_weights,
    save_adapter,
    trainable_parameters,
    trainable_weights,
    with_adapter,
    with_all_weights,
)
from skilladapt.models.decoding import answer
from skilladapt.models.families import is_proven
from skilladapt.models.loading import hash_weights, load_student
from skilladapt.models.text_loss import text_loss
from skilladapt.models.trunk import Trunk
from skilladapt.records import Example, Textbook, Verdict
from skilladapt.training import batches, loop
from skilladapt.training.checkpoint import load_checkpoint, save_checkpoint
from skilladapt.training.loop import TrainingState, train_round

SLIDING = ("mistral", "gemma2", "gemma3_text")
WEIGHTS = (1.0, 0.3, 1.0, 0.0)


def examples():
    materials = [
        exercise("Differentiate x."),
        exercise(f"Simplify {'1 + ' * 2 * WINDOW}3x^2."),  # longer than the window that some layers have
        Textbook(
            skill_id="power-rule", title="Power rule", text="Bring the exponent down.\n\nDo.", author="a test"
        ),
        exercise("d/dx x^9?", "Power rule: d/dx x^9 = 9x^8", "9x^8"),
    ]
    for material, weight in zip(materials, WEIGHTS, strict=True):
        id = material.textbook_id if isinstance(material, Textbook) else material.exercise_id
        verdict = Verdict(exercise_id=id, verdict="correct", method="test")
        yield Example(material=material, verdict=verdict, weight=weight)


ITEMS = list(examples())


@pytest.fixture(params=["adapter", "all weights"])
def trainable(request, folder):
    """A student that learns, its adapter doing something already."""
    if request.param == "all weights":
        return with_all_weights(load_student(str(folder)))
    return with_moved_adapter(folder)


def with_moved_adapter(folder, top_layers=None):
    student = with_adapter(load_student(str(folder)), rank=4, top_layers=top_layers)
    generator = torch.Generator().manual_seed(0)
    moved = {
        name: weight + torch.randn(weight.shape, generator=generator) * 0.1
        for name, weight in trainable_weights(student).items()
    }
    restore_weights(student, moved)
    return student


def trained(student, items=ITEMS, rate=1e-3, **settings):
    given = dict(round=1, passes=1, batch_size=4, seed=0, learning_rate=lambda tokens: rate)
    return train_round(student, items, **{**given, **settings})


def test_loss_of_each_example_is_transformers_own_for_it_alone(trainable):
    with torch.no_grad():
        expected = [float(total) / tokens for total, tokens in (plain_loss(trainable, item) for item in ITEMS)]
    result = trained(trainable, rate=0.0)
    assert [history.loss_P[0] for history in result.histories] == pytest.approx(expected, rel=1e-5, abs=1e-5)
    assert len({round(loss, 2) for loss in expected}) == len(ITEMS)


def test_gradient_of_a_step_is_that_of_the_formula(trainable, monkeypatch):
    sums, tokens = zip(*(plain_loss(trainable, item) for item in ITEMS), strict=True)
    loss = sum(weight * total for weight, total in zip(WEIGHTS, sums, strict=True)) / sum(tokens)
    parameters = trainable_parameters(trainable).values()
    expected = torch.cat([part.flatten() for part in torch.autograd.grad(loss, list(parameters))])
    taken = []
    monkeypatch.setattr(loop, "CLIP_NORM", math.inf)
    monkeypatch.setattr(
        torch.optim.AdamW, "step", lambda *_: taken.append(torch.cat([p.grad.flatten() for p in parameters]))
    )
    trained(trainable)
    assert (taken[0] - expected).norm() < 1e-5 * expected.norm()
    assert expected.abs().max() > 1e-3


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("top_layers", [None, 1])
def test_packing_and_the_kept_trunk_change_no_loss(folder, packed, top_layers):
    student = with_moved_adapter(folder, top_layers)
    assert is_proven(student) and (Trunk.of(student) is not None) == (top_layers is not None)
    with torch.no_grad():
        expected = [float(total) / tokens for total, tokens in (plain_loss(student, item) for item in ITEMS)]
    result = trained(student, rate=0.0, passes=2, layout=batches.Layout(10_000, packed))
    for history, loss in zip(result.histories, expected, strict=True):
        assert history.loss_P == pytest.approx([loss, loss], rel=1e-5, abs=1e-5)
    (made,) = batches.micro_batches(
        batches.prepare(ITEMS, student.chat, 10_000).sequences, student.device, batches.Layout(10_000, packed)
    )
    assert made.is_packed == packed  # or it would show nothing


def test_training_lowers_the_loss(trainable):
    histories = trained(trainable, passes=8, batch_size=2, rate=3e-3).histories
    weighed = [history.loss_P for history, weight in zip(histories, WEIGHTS, strict=True) if weight]
    assert sum(losses[-1] for losses in weighed) < 0.9 * sum(losses[0] for losses in weighed)


def test_logits_of_chosen_positions_are_those_of_all(member):
    ids = torch.tensor([member.chat.encode_prompt(f"Differentiate {name}.") for name in "yz"])
    chosen = torch.rand(ids.shape, generator=torch.Generator().manual_seed(0)) < 0.5
    with torch.inference_mode():
        everything = member.model(input_ids=ids).logits
        assert torch.allclose(
            member.model(input_ids=ids, logits_to_keep=chosen).logits, everything[chosen], atol=1e-4
        )


QUESTIONS = ["Differentiate x.", "a", "What is the capital of France? " * 3, "", "Find d/dx 3x^2.", "a b c " * 9]


def alone(student, question, shots):
    """The reply as the library itself makes it."""
    ends = [student.chat.end_of_turn, student.chat.end_of_text]
    ids = torch.tensor([student.chat.encode_prompt(question, shots)])
    with torch.inference_mode():
        generated = student.model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            do_sample=False,
            max_new_tokens=12,
            eos_token_id=ends,
            pad_token_id=0,
        )
    return student.chat.decode(generated[0, ids.shape[1] :].tolist())


@pytest.mark.parametrize("shots", [(), (("a", "b"),)])
@pytest.mark.parametrize("batch_size", [1, 4])
def test_replies_in_batches_are_those_of_each_question_alone(member, shots, batch_size):
    expected = [alone(member, question, shots) for question in QUESTIONS]
    assert answer(member, QUESTIONS, shots=shots, max_new_tokens=12, batch_size=batch_size) == expected
    assert len(set(expected)) == len(QUESTIONS)


def test_prompts_of_these_tests_are_longer_than_the_window_of_the_families_that_have_one(member, family):
    window = getattr(member.model.config, "sliding_window", None)
    assert window == (WINDOW if family in SLIDING else None)
    assert max(len(member.chat.encode_prompt(question)) for question in QUESTIONS) > WINDOW


def test_adapter_is_on_all_seven_linear_layers_of_each_layer_and_on_no_other(folder):
    student = with_adapter(load_student(str(folder)), rank=4)
    names = list(trainable_parameters(student))
    assert len(names) == 2 * 7 * student.model.config.num_hidden_layers
    assert all(".layers." in name for name in names)
    top = trainable_parameters(with_adapter(load_student(str(folder)), rank=4, top_layers=1))
    assert len(top) == 2 * 7


def test_saved_adapter_answers_as_before(folder, tmp_path):
    student = with_moved_adapter(folder)
    save_adapter(student, tmp_path)
    again = load_adapter(load_student(str(folder)), tmp_path)
    assert hash_weights(again) == hash_weights(student)
    assert (
        text_loss(again, ["x + 1"])
        == text_loss(student, ["x + 1"])
        != text_loss(load_student(str(folder)), ["x + 1"])
    )


def test_continuing_from_a_checkpoint_is_continuing_bit_for_bit(folder, trainable, tmp_path):
    first = trained(trainable)
    save_checkpoint(tmp_path / "c", trainable, first.state, {})
    expected = trained(trainable, state=first.state)
    fresh = load_student(str(folder))
    has_adapter = (tmp_path / "c" / "adapter_config.json").exists()
    loaded = load_checkpoint(
        tmp_path / "c", with_adapter(fresh, rank=4) if has_adapter else with_all_weights(fresh)
    )
    resumed = trained(loaded.student, state=loaded.state)
    assert [one.loss_P for one in resumed.histories] == [one.loss_P for one in expected.histories]
    assert hash_weights(loaded.student) == hash_weights(trainable)
    assert isinstance(resumed.state, TrainingState)
