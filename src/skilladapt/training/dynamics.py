"""How each example is learned: numbers read off the very forward pass that trains it, at no cost of their own.

Decides nothing about data. Rows of the `losses` table are made of the histories by `skilladapt.tables`.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from skilladapt.records import LossHistory
from skilladapt.training.batches import Prepared


@dataclass(frozen=True)
class Observation:
    """One example in one pass, before that pass's update."""

    loss: float
    """`l_i^e`: mean negative log-likelihood per completion token (nats)."""
    worst_answer_token: float
    """Largest loss of a token of the answer span (nats); NaN without an answer span."""
    greedy_answer: bool
    """Whether every token of the answer span was the likeliest one; False without an answer span."""


def observe(examples: Sequence[Prepared], loss_N: Tensor, likeliest_N: Tensor) -> Iterator[Observation]:
    """What a micro-batch's forward pass shows of each of its examples.

    `loss_N`: loss of each token in the loss, example by example (nats); `likeliest_N`: whether it was the argmax.
    """
    counts = [one.encoded.completion_tokens for one in examples]
    # One transfer for all; in double, so that a long text's mean does not depend on the order of summation.
    losses = torch.split(loss_N.detach().double().cpu(), counts)
    likeliest = torch.split(likeliest_N.cpu(), counts)
    for one, loss_T, likeliest_T in zip(examples, losses, likeliest, strict=True):
        span = [position - one.encoded.completion_start for position in one.encoded.answer_positions]
        yield Observation(
            loss=float(loss_T.mean()),
            worst_answer_token=float(loss_T[span].max()) if span else math.nan,
            greedy_answer=bool(span) and bool(torch.all(likeliest_T[span])),
        )


def history_of(sequence: Prepared, round: int, observation_P: Sequence[Observation]) -> LossHistory:
    """One example's passes as a record."""
    return LossHistory(
        example_id=sequence.id,
        round=round,
        loss_P=tuple(one.loss for one in observation_P),
        tokens=sequence.encoded.completion_tokens,
        worst_answer_token_P=tuple(one.worst_answer_token for one in observation_P),
        greedy_answer_P=tuple(one.greedy_answer for one in observation_P),
    )
