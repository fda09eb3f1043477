import pytest
import torch
from training_builders import example, page, planted, tiny

from skilladapt.training.batches import Layout, Rejected, micro_batches, prepare, steps

CHAT = tiny().chat
CPU = torch.device("cpu")


def test_examples_are_prepared_in_order_without_the_benched_and_the_too_long():
    items = [example(1, weight=0.5), example(2, benched=True), example(200), page(), planted(3)]
    preparation = prepare(items, CHAT, max_tokens=120)
    assert [one.id for one in preparation.sequences] == [
        items[0].example_id,
        items[3].example_id,
        items[4].planted_id,
    ]
    assert [one.weight for one in preparation.sequences] == [0.5, 1.0, 1.0]
    length = len(CHAT.encode_exercise(items[2].material).input_ids)
    assert preparation.rejected == (
        Rejected(items[2].example_id, f"it has {length} tokens, more than max_tokens = 120"),
    )


def test_a_sequence_of_exactly_the_limit_is_trained():
    length = len(CHAT.encode_exercise(example(1).material).input_ids)
    assert len(prepare([example(1)], CHAT, max_tokens=length).sequences) == 1
    assert len(prepare([example(1)], CHAT, max_tokens=length - 1).rejected) == 1


def test_a_text_that_cannot_be_encoded_is_rejected_with_its_reason():
    bad = page(text="\ud800")
    assert prepare([bad], CHAT, 100).rejected == (
        Rejected(bad.example_id, "it holds characters that are no valid Unicode"),
    )


def test_steps_take_examples_in_order_and_the_last_may_be_smaller():
    sequences = prepare([example(index) for index in range(5)], CHAT, 500).sequences
    assert [[one.id for one in step] for step in steps(sequences, 2)] == [
        [one.id for one in sequences[start : start + 2]] for start in (0, 2, 4)
    ]


@pytest.mark.parametrize("packed", [True, False])
def test_micro_batches_hold_each_example_once_within_the_limit(packed):
    sequences = prepare([example(index) for index in (3, 30, 1, 20, 2)], CHAT, 500).sequences
    longest = max(one.tokens for one in sequences)
    batches = list(micro_batches(sequences, CPU, Layout(2 * longest, packed)))
    flat = [one for batch in batches for one in batch.examples]
    assert sorted(one.id for one in flat) == sorted(one.id for one in sequences)
    assert all(batch.input_ids_RW.numel() <= 2 * longest for batch in batches)
    assert all(len(batch.input_ids_RW) == 1 for batch in micro_batches(sequences, CPU, Layout(1, packed)))


def test_padded_rows_hold_one_example_each_the_longest_first():
    sequences = prepare([example(index) for index in (3, 30, 1)], CHAT, 500).sequences
    (batch,) = micro_batches(sequences, CPU, Layout(10_000, packed=False))
    assert list(batch.examples) == sorted(sequences, key=lambda one: -one.tokens)
    assert [row for row, _ in batch.places] == [0, 1, 2]
    assert not batch.is_packed


def test_packed_rows_are_balanced_and_leave_little_padding():
    sequences = prepare([example(index) for index in (90, 1, 20, 40, 60, 5, 3, 30)], CHAT, 500).sequences
    tokens = sum(one.tokens for one in sequences)
    (padded,) = micro_batches(sequences, CPU, Layout(10_000, packed=False))
    (packed,) = micro_batches(sequences, CPU, Layout(10_000))
    assert packed.is_packed and len(packed.input_ids_RW) < len(sequences)
    assert tokens / packed.input_ids_RW.numel() > 0.9 > 0.7 > tokens / padded.input_ids_RW.numel()


def test_long_examples_are_not_put_behind_one_another(monkeypatch):
    sequences = prepare([example(index) for index in (200, 201, 202)], CHAT, 500).sequences
    monkeypatch.setattr("skilladapt.training.batches.ATTENTION_WIDTH", 50)
    (batch,) = micro_batches(sequences, CPU, Layout(10_000))
    assert not batch.is_packed


def test_each_example_lies_at_its_place_with_positions_of_its_own():
    sequences = prepare([example(index) for index in (30, 1, 4, 2)], CHAT, 500).sequences
    (batch,) = micro_batches(sequences, CPU, Layout(10_000))
    for one, (row, columns) in zip(batch.examples, batch.places, strict=True):
        assert tuple(batch.input_ids_RW[row, columns].tolist()) == one.encoded.input_ids
        assert batch.positions_RW[row, columns].tolist() == list(range(one.tokens))


def test_targets_are_the_completion_tokens_and_each_is_predicted_from_the_one_before():
    sequences = prepare([example(1, weight=0.5), example(4), page(), example(60)], CHAT, 500).sequences
    (batch,) = micro_batches(sequences, CPU, Layout(10_000))
    assert batch.is_packed
    rows, columns = batch.predicts_RW.nonzero(as_tuple=True)
    assert torch.equal(batch.input_ids_RW[rows, columns + 1], batch.target_N)
    expected = [id for one in batch.examples for id in one.encoded.input_ids[one.encoded.completion_start :]]
    assert batch.target_N.tolist() == expected
    weights = [one.weight for one in batch.examples for _ in range(one.encoded.completion_tokens)]
    assert batch.weight_N.tolist() == weights
