import torch
from training_builders import example, page, planted, tiny

from skilladapt.training.batches import Prepared, Rejected, micro_batches, prepare, steps

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


def test_micro_batches_hold_each_example_once_longest_first_within_the_limit():
    sequences = prepare([example(index) for index in (3, 30, 1, 20, 2)], CHAT, 500).sequences
    longest = max(len(one.encoded.input_ids) for one in sequences)
    batches = list(micro_batches(sequences, CPU, limit=2 * longest))
    assert [len(batch.examples) for batch in batches] == [2, 2, 1] or len(batches) > 1
    flat = [one for batch in batches for one in batch.examples]
    assert flat == sorted(sequences, key=lambda one: -len(one.encoded.input_ids))
    assert all(batch.input_ids_BT.numel() <= 2 * longest for batch in batches)
    assert [len(batch.examples) for batch in micro_batches(sequences, CPU, limit=1)] == [1] * 5


def test_targets_are_the_completion_tokens_and_each_is_predicted_from_the_one_before():
    sequences = prepare([example(1, weight=0.5), example(4), page()], CHAT, 500).sequences
    (batch,) = micro_batches(sequences, CPU)
    rows, columns = batch.predicts_BT.nonzero(as_tuple=True)
    assert torch.equal(batch.input_ids_BT[rows, columns + 1], batch.target_N)
    expected = [id for one in batch.examples for id in one.encoded.input_ids[one.encoded.completion_start :]]
    assert batch.target_N.tolist() == expected
    assert batch.weight_N.tolist() == [one.weight for one in batch.examples for _ in range(_tokens(one))]


def _tokens(one: Prepared) -> int:
    return len(one.encoded.input_ids) - one.encoded.completion_start
