import math

import torch

from skilladapt.models.chat import Encoded
from skilladapt.training.batches import Prepared
from skilladapt.training.dynamics import history_of, observe

EXERCISE = Prepared("e1", 1.0, Encoded(input_ids=(9, 9, 1, 2, 3, 4), completion_start=2, answer_positions=(3, 4)))
PAGE = Prepared("e2", 1.0, Encoded(input_ids=(0, 5, 0), completion_start=1, answer_positions=()))


def test_losses_are_means_and_the_answer_span_leaves_out_solution_and_end_mark():
    first, second = observe(
        [EXERCISE, PAGE],
        torch.tensor([8.0, 1.0, 3.0, 4.0, 2.0, 6.0]),
        torch.tensor([False, True, True, False, False, False]),
    )
    assert (first.loss, first.worst_answer_token, first.greedy_answer) == (4.0, 3.0, True)
    assert (second.loss, second.greedy_answer) == (4.0, False)
    assert math.isnan(second.worst_answer_token)


def test_one_unlikely_token_of_the_answer_is_enough_to_be_wrong():
    (seen,) = observe([EXERCISE], torch.zeros(4), torch.tensor([True, True, False, True]))
    assert not seen.greedy_answer


def test_a_history_has_one_value_for_each_pass():
    passes = [next(observe([EXERCISE], torch.full((4,), loss), torch.ones(4).bool())) for loss in (2.0, 1.0, 0.5)]
    history = history_of(EXERCISE, 3, passes)
    assert (history.example_id, history.round, history.tokens) == ("e1", 3, 4)
    assert history.loss_P == (2.0, 1.0, 0.5) and history.late_loss == 0.75
    assert history.greedy_answer_P == (True, True, True)
