import itertools
import math

import pytest
import torch
from training_builders import example, page, planted, tiny, trained

from reference import plain_loss
from skilladapt.errors import RunError, UserError
from skilladapt.models.adapter import restore_weights, trainable_parameters, trainable_weights, with_all_weights
from skilladapt.models.loading import hash_weights, load_student
from skilladapt.training import batches, loop
from skilladapt.training.batches import Layout
from skilladapt.training.loop import TrainingState
from skilladapt.training.order import item_id


def sharpened(student):
    """With an adapter that does something, so that losses differ between examples."""
    generator = torch.Generator().manual_seed(0)
    return_to = {
        name: weight + torch.randn(weight.shape, generator=generator) * 0.3
        for name, weight in trainable_weights(student).items()
    }
    restore_weights(student, return_to)
    return student


ITEMS = [example(1), example(9, weight=0.3), page(), example(30, weight=0.0), planted(12), example(3)]


EVERY_WAY = [
    dict(zip(("layout", "activation_checkpointing"), way, strict=True))
    for way in itertools.product(
        [Layout(tokens, packed) for tokens in (1024, 150, 1) for packed in (True, False)], [False, True]
    )
]


def name_of(way) -> str:
    packed, recomputed = way["layout"].packed, way["activation_checkpointing"]
    return f"{way['layout'].tokens}{'-packed' if packed else '-padded'}{'-recomputed' if recomputed else ''}"


@pytest.mark.parametrize("way", EVERY_WAY, ids=name_of)
@pytest.mark.parametrize("top_layers", [None, 1])
@pytest.mark.parametrize("batch_size", [1, 2, 6])
def test_each_examples_loss_is_transformers_own_in_every_pass_however_it_is_computed(way, top_layers, batch_size):
    student = sharpened(tiny(top_layers=top_layers))
    with torch.no_grad():
        expected = [float(total) / tokens for total, tokens in (plain_loss(student, item) for item in ITEMS)]
    result = trained(student, ITEMS, passes=2, batch_size=batch_size, learning_rate=lambda tokens: 0.0, **way)
    assert [history.example_id for history in result.histories] == [item_id(item) for item in ITEMS]
    for history, loss in zip(result.histories, expected, strict=True):
        assert history.loss_P == pytest.approx([loss, loss], abs=1e-5)
    assert len({round(loss, 2) for loss in expected}) > 4  # or equality would show little


def test_packed_examples_do_share_rows_and_padded_ones_do_not(monkeypatch):
    # Or the tests above would compare one thing with itself.
    rows = {}
    for packed in (True, False):
        made = []
        monkeypatch.setattr(
            loop, "micro_batches", lambda *args, made=made: made.extend(batches.micro_batches(*args)) or iter(made)
        )
        trained(tiny(), ITEMS, batch_size=6, layout=Layout(1024, packed))
        rows[packed] = sum(len(batch.input_ids_RW) for batch in made)
    assert rows[True] < rows[False] == len(ITEMS)


def gradients(monkeypatch, items, top_layers=None, **way):
    """The gradient of one step over all `items`, unclipped."""
    monkeypatch.setattr(loop, "CLIP_NORM", math.inf)
    taken = {}
    step = torch.optim.AdamW.step

    def observed(self, *args, **kwargs):
        taken["gradient"] = torch.cat([p.grad.flatten() for group in self.param_groups for p in group["params"]])
        return step(self, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(torch.optim.AdamW, "step", observed)
        trained(sharpened(tiny(top_layers=top_layers)), items, batch_size=len(items), **way)
    return taken["gradient"]


@pytest.mark.parametrize("way", EVERY_WAY, ids=name_of)
@pytest.mark.parametrize("top_layers", [None, 1])
def test_a_steps_gradient_is_that_of_the_formula_however_it_is_computed(monkeypatch, way, top_layers):
    student = sharpened(tiny(top_layers=top_layers))
    weights = [1.0, 0.3, 1.0, 0.0, 1.0, 1.0]
    sums, tokens = zip(*(plain_loss(student, item) for item in ITEMS), strict=True)
    loss = sum(weight * total for weight, total in zip(weights, sums, strict=True)) / sum(tokens)
    expected = torch.autograd.grad(loss, list(trainable_parameters(student).values()))
    found = gradients(monkeypatch, ITEMS, top_layers, **way)
    assert torch.allclose(found, torch.cat([part.flatten() for part in expected]), atol=1e-5, rtol=1e-4)


def test_halving_every_weight_halves_the_gradient(monkeypatch):
    full = gradients(monkeypatch, [example(index) for index in range(4)])
    half = gradients(monkeypatch, [example(index, weight=0.5) for index in range(4)])
    assert torch.allclose(half, full / 2, atol=1e-7) and full.abs().max() > 1e-3


@pytest.mark.parametrize("way", EVERY_WAY, ids=name_of)
def test_examples_are_trained_and_recorded_in_the_order_given_in_every_pass(monkeypatch, way):
    """Step by step: which examples went into each update, whatever rows and micro-batches they were put into."""
    trained_ids, updates = [], []

    def watched(step, device, layout):
        made = list(batches.micro_batches(step, device, layout))
        trained_ids.append({one.id for batch in made for one in batch.examples})
        return iter(made)

    monkeypatch.setattr(loop, "micro_batches", watched)
    items = [example(index) for index in (5, 1, 40, 2, 3)]
    result = trained(
        tiny(), items, passes=2, batch_size=2, on_step=lambda _: updates.append(len(trained_ids)), **way
    )
    ids = [item_id(item) for item in items]
    assert trained_ids == [set(ids[:2]), set(ids[2:4]), set(ids[4:])] * 2
    assert updates == [1, 2, 3, 4, 5, 6]
    assert [history.example_id for history in result.histories] == ids


def test_losses_are_those_before_each_passs_update_and_fall():
    student = sharpened(tiny())
    with torch.no_grad():
        total, tokens = plain_loss(student, ITEMS[0])
    before = float(total) / tokens
    (history,) = trained(student, ITEMS[:1], passes=4).histories
    assert history.loss_P[0] == pytest.approx(before, abs=1e-5)
    assert len(history.loss_P) == 4
    assert all(later < earlier for earlier, later in itertools.pairwise(history.loss_P))


def test_a_student_that_learned_an_answer_by_heart_is_greedily_right():
    student = with_all_weights(load_student("tiny-random"))
    (history,) = trained(student, [example(1)], passes=40).histories
    assert history.greedy_answer_P[0] is False and history.greedy_answer_P[-1] is True
    assert history.worst_answer_token_P[-1] < history.worst_answer_token_P[0]


def test_two_equal_runs_are_equal_bit_for_bit():
    def run():
        torch.manual_seed(int(torch.randint(1000, (1,))))  # the global state must not matter
        student = tiny(dropout=0.3)
        return trained(student, ITEMS, passes=3, batch_size=2), hash_weights(student)

    (first, first_hash), (second, second_hash) = run(), run()
    assert first_hash == second_hash
    assert [h.loss_P for h in first.histories] == [h.loss_P for h in second.histories]
    assert first.state.optimizer.keys() == second.state.optimizer.keys()
    assert all(torch.equal(first.state.optimizer[n], second.state.optimizer[n]) for n in first.state.optimizer)


def test_dropout_follows_the_seed():
    def losses(seed):
        return trained(tiny(dropout=0.5), ITEMS, seed=seed, passes=2).histories[0].loss_P[1]

    assert losses(0) == losses(0) != losses(1)


def test_two_rounds_are_one_longer_round_as_far_as_weights_and_optimizer_go():
    one, two = tiny(dropout=0.2), tiny(dropout=0.2)
    whole = trained(one, ITEMS, passes=4, batch_size=2)
    half = trained(two, ITEMS, passes=2, batch_size=2)
    rest = trained(two, ITEMS, passes=2, batch_size=2, state=half.state)
    assert hash_weights(one) == hash_weights(two)
    assert (rest.state.step, rest.state.tokens) == (whole.state.step, whole.state.tokens) == (12, 2 * half.tokens)
    assert rest.tokens == half.tokens
    assert [h.loss_P for h in rest.histories] == [h.loss_P[2:] for h in whole.histories]


def test_training_moves_the_adapter_and_nothing_else():
    student = tiny()
    frozen = {n: p.detach().clone() for n, p in student.model.named_parameters() if not p.requires_grad}
    trainable = trainable_weights(student)
    trained(student, ITEMS, passes=2)
    parameters = dict(student.model.named_parameters())
    assert all(torch.equal(parameters[name], weight) for name, weight in frozen.items())
    assert not any(torch.equal(parameters[name], weight) for name, weight in trainable.items())
    assert all(parameter.grad is None for parameter in parameters.values())
    assert not student.model.training


def test_all_tokens_that_are_not_padding_are_counted_once_for_each_pass():
    lengths = [len(one.encoded.input_ids) for one in batches.prepare(ITEMS, tiny().chat, 1000).sequences]
    result = trained(tiny(), ITEMS, passes=3)
    assert result.tokens == 3 * sum(lengths)
    assert trained(tiny(), ITEMS, state=TrainingState(tokens=50)).state.tokens == 50 + sum(lengths)


def test_the_learning_rate_is_asked_for_by_tokens_trained_and_reported_with_progress():
    asked, reports = [], []
    result = trained(
        tiny(),
        ITEMS,
        batch_size=3,
        learning_rate=lambda tokens: asked.append(tokens) or 1e-3,
        on_step=reports.append,
        state=TrainingState(step=7, tokens=100),
    )
    assert asked == [100, reports[0].tokens]
    assert [(r.step, r.done, r.total, r.learning_rate) for r in reports] == [(8, 1, 2, 1e-3), (9, 2, 2, 1e-3)]
    assert reports[-1].tokens == result.state.tokens
    assert all(r.loss > 0 for r in reports)


def test_a_rate_of_zero_changes_no_weight():
    student = tiny()
    before = hash_weights(student)
    trained(student, ITEMS, learning_rate=lambda tokens: 0.0)
    assert hash_weights(student) == before


def test_benched_examples_are_not_trained_and_leave_no_history():
    result = trained(tiny(), [example(1), example(2, benched=True)])
    assert [history.example_id for history in result.histories] == [example(1).example_id]
    assert result.rejected == ()


def test_examples_that_are_too_long_are_reported_and_when_all_are_it_is_a_mistake():
    result = trained(tiny(), [example(1), example(90)], max_tokens=100)
    assert [one.id for one in result.rejected] == [example(90).example_id]
    with pytest.raises(UserError, match="None of the 1 examples can be trained .*raise training.max_tokens"):
        trained(tiny(), [example(90)], max_tokens=100)


def test_a_round_of_nothing_trains_nothing():
    result = trained(tiny(), [])
    assert (result.histories, result.tokens, result.state.step) == ((), 0, 0)


def test_a_loss_that_is_not_finite_stops_the_run_and_names_the_example_and_the_step():
    student = tiny()
    restore_weights(student, {n: w * math.nan for n, w in trainable_weights(student).items()})
    with pytest.raises(RunError, match=f"example {example(1).example_id} is nan at step 3; run the same command"):
        trained(student, [example(1)], state=TrainingState(step=3))
    assert not student.model.training


def test_a_long_step_is_clipped(monkeypatch):
    student = tiny()
    norms = []
    clip = loop.Accelerator.clip_grad_norm_
    monkeypatch.setattr(
        loop.Accelerator, "clip_grad_norm_", lambda self, p, m: norms.append((m, clip(self, p, m))) or norms[-1][1]
    )
    trained(student, ITEMS)
    assert {limit for limit, _ in norms} == {1.0}
