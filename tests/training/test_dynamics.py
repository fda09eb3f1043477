import math

import pytest
import torch

from skilladapt.models.chat import Encoded
from skilladapt.training.batches import Prepared
from skilladapt.training.dynamics import Dynamics, Observation, observe

EXERCISE = Prepared("e1", 1.0, Encoded(input_ids=(9, 9, 1, 2, 3, 4), completion_start=2, answer_positions=(3, 4)))
PAGE = Prepared("e2", 1.0, Encoded(input_ids=(0, 5, 0), completion_start=1, answer_positions=()))
TARGET_N = torch.tensor([1, 2, 3, 4, 5, 0])


def logits(likeliest_N: list[bool]) -> torch.Tensor:
    """Of a vocabulary of ten tokens, the likeliest being the target or another."""
    token_N = torch.where(torch.tensor(likeliest_N), TARGET_N[: len(likeliest_N)], 7)
    return torch.nn.functional.one_hot(token_N, 10).float()


def test_losses_are_means_and_the_answer_span_leaves_out_solution_and_end_mark():
    first, second = observe(
        [EXERCISE, PAGE],
        torch.tensor([8.0, 1.0, 3.0, 4.0, 2.0, 6.0]),
        logits([False, True, True, False, False, False]),
        TARGET_N,
    )
    assert (first.loss, first.worst_answer_token, first.greedy_answer) == (4.0, 3.0, True)
    assert (second.loss, second.greedy_answer) == (4.0, False)
    assert (first.answer_margin, math.isnan(second.answer_margin)) == (1.0, True)
    assert math.isnan(second.worst_answer_token)


def test_one_unlikely_token_of_the_answer_is_enough_to_be_wrong():
    (seen,) = observe([EXERCISE], torch.zeros(4), logits([True, True, False, True]), TARGET_N[:4])
    assert not seen.greedy_answer
    assert seen.answer_margin == pytest.approx(0.0)  # one token by 1 above the others, the other by 1 below


def test_a_token_that_is_only_as_likely_as_another_is_not_right():
    (seen,) = observe([EXERCISE], torch.zeros(4), torch.zeros(4, 10), TARGET_N[:4])
    assert (seen.greedy_answer, seen.answer_margin) == (False, 0.0)


def test_pages_alone_have_no_answers_to_look_at():
    (seen,) = observe([PAGE], torch.tensor([2.0, 4.0]), logits([True, True]), TARGET_N[:2])
    assert (seen.loss, seen.greedy_answer) == (3.0, False)


def test_a_history_has_one_value_for_each_pass_under_its_examples_id():
    dynamics = Dynamics.empty(examples=2, passes=3)
    for row in range(2):
        for pass_, loss in enumerate((2.0, 1.0, 0.5)):
            dynamics.record(
                row, pass_, Observation(loss + row, loss, greedy_answer=pass_ > 0, answer_margin=pass_ - loss)
            )
    history, other = dynamics.histories([EXERCISE, PAGE], round=3)
    assert (history.example_id, history.round, history.tokens) == ("e1", 3, 4)
    assert history.loss_P == (2.0, 1.0, 0.5) and history.late_loss == 0.75
    assert history.greedy_answer_P == (False, True, True)
    assert history.answer_margin_P == (-2.0, 0.0, 1.5)
    assert (other.example_id, other.loss_P) == ("e2", (3.0, 2.0, 1.5))


def test_a_round_with_a_hole_is_a_defect_and_never_a_history():
    dynamics = Dynamics.empty(examples=1, passes=2)
    dynamics.record(0, 0, Observation(1.0, 1.0, greedy_answer=True, answer_margin=1.0))
    with pytest.raises(AssertionError, match="not trained in every pass"):
        dynamics.histories([EXERCISE], round=1)


def test_dynamics_survive_as_tensors():
    dynamics = Dynamics.empty(examples=1, passes=2)
    dynamics.record(0, 1, Observation(1.0, math.nan, greedy_answer=True, answer_margin=2.0))
    again = Dynamics.from_tensors(dynamics.tensors())
    dynamics.record(0, 1, Observation(5.0, 5.0, greedy_answer=False, answer_margin=-1.0))
    assert (float(again.loss_EP[0, 1]), bool(again.greedy_answer_EP[0, 1])) == (1.0, True)
    assert float(again.answer_margin_EP[0, 1]) == 2.0
    assert again.loss_EP[0, 0].isnan() and again.worst_answer_token_EP[0, 1].isnan()
