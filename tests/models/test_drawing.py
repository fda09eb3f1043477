import pytest
import torch

from skilladapt.models.decoding import Start, write_replies
from skilladapt.models.drawing import Draw, next_ids
from skilladapt.models.loading import load_student

LOGITS = torch.tensor([0.0, 2.0, 1.0, -1.0]).log_softmax(dim=0)


def shares(temperature, top_p, draws=4000):
    draw = Draw.of(temperature, top_p, seed=1)
    ids = torch.tensor([draw.next_id(LOGITS) for _ in range(draws)])
    return torch.bincount(ids, minlength=4) / draws


def test_tokens_are_drawn_with_their_probability():
    assert torch.allclose(shares(1.0, 1.0), LOGITS.exp(), atol=0.03)
    assert torch.allclose(shares(2.0, 1.0), (LOGITS / 2).softmax(dim=0), atol=0.03)


def test_only_the_likeliest_tokens_that_make_up_the_share_are_drawn():
    # Their probabilities are 0.64, 0.24, 0.09 and 0.03.
    drawn = shares(1.0, 0.7)
    assert drawn[[0, 3]].sum() == 0 and drawn[2] == pytest.approx(0.27, abs=0.03)
    assert shares(1.0, 1e-6)[1] == 1


def test_without_temperature_nothing_is_left_to_chance():
    assert Draw.of(0.0, 1.0, seed=1) is None
    assert next_ids(torch.stack([LOGITS, -LOGITS]), [None, None]).tolist() == [1, 3]


def drawn_replies(student, prompts, batch_size, seeds):
    encoded = [student.chat.encode_prompt(prompt) for prompt in prompts]
    starts = [Start(ids, 12, Draw.of(1.0, 0.9, seed)) for ids, seed in zip(encoded, seeds, strict=True)]
    ended = [row for rows in write_replies(student, starts, batch_size) for row in rows]
    return [row.ids for row in sorted(ended, key=lambda row: row.index)]


def test_what_a_row_draws_depends_on_its_seed_and_not_on_its_neighbours():
    student = load_student("tiny-random")
    prompts, seeds = ["a", "bb c", "a", "ddd dd d", "e f"], [1, 2, 3, 4, 5]
    together = drawn_replies(student, prompts, 5, seeds)
    assert together == [drawn_replies(student, [prompts[i]], 1, [seeds[i]])[0] for i in range(5)]
    assert together == drawn_replies(student, prompts, 2, seeds)
    assert together[0] != together[2]


def test_nothing_of_decoding_holds_while_its_caller_works():
    student = load_student("tiny-random")
    starts = [Start(student.chat.encode_prompt(text), length) for text, length in (("a", 1), ("b", 9))]
    replies = write_replies(student, starts)
    next(replies)
    assert not torch.is_inference_mode_enabled()
    replies.close()


def test_a_reply_that_ends_by_itself_was_not_cut():
    student = load_student("tiny-random")
    prompt = student.chat.encode_prompt("a")
    ((cut,),) = write_replies(student, [Start(prompt, 3)])
    assert cut.was_cut and len(cut.ids) == 3
    object.__setattr__(student.chat, "end_of_turn", cut.ids[2])
    ((ended,),) = write_replies(student, [Start(prompt, 3)])
    assert not ended.was_cut and ended.ids == cut.ids[: len(ended.ids)] and len(ended.ids) < 3
