"""How each example is learned: numbers read off the very forward pass that trains it, next to free.

Decides nothing about data. Rows of the `losses` table are made of the histories by `skilladapt.tables`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

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
    """Whether every token of the answer span was likelier than any other; False without an answer span."""
    answer_margin: float
    """Mean over the answer span of `logit of the token - largest other logit` (nats); NaN without one.

    The quantity whose mean over passes is the area under the margin (Pleiss et al. 2020).
    """


@dataclass(frozen=True, eq=False)
class Dynamics:
    """All observations of a round, filled in while it runs. Letters: E example in training order, P pass."""

    loss_EP: Tensor
    """NaN where an example was not trained yet (float64)."""
    worst_answer_token_EP: Tensor
    greedy_answer_EP: Tensor
    answer_margin_EP: Tensor

    @classmethod
    def empty(cls, examples: int, passes: int) -> Self:
        """Of a round that has not begun."""
        unknown = torch.full((examples, passes), math.nan, dtype=torch.float64)
        return cls(unknown, unknown.clone(), torch.zeros(examples, passes, dtype=torch.bool), unknown.clone())

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, Tensor]) -> Self:
        """What `tensors` gave, whatever becomes of the original."""
        return cls(**{name: tensor.clone() for name, tensor in tensors.items()})

    def tensors(self) -> dict[str, Tensor]:
        """Its content by name."""
        return dict(vars(self))

    def record(self, example: int, pass_: int, observation: Observation) -> None:
        """Keeps an observation of an example (index in training order) in a pass (from 0)."""
        self.loss_EP[example, pass_] = observation.loss
        self.worst_answer_token_EP[example, pass_] = observation.worst_answer_token
        self.greedy_answer_EP[example, pass_] = observation.greedy_answer
        self.answer_margin_EP[example, pass_] = observation.answer_margin

    def histories(self, sequences: Sequence[Prepared], round: int) -> tuple[LossHistory, ...]:
        """A finished round's, one for each example, in training order."""
        assert not self.loss_EP.isnan().any(), "an example was not trained in every pass"
        return tuple(
            LossHistory(
                example_id=one.id,
                round=round,
                loss_P=tuple(loss_P),
                tokens=one.encoded.completion_tokens,
                worst_answer_token_P=tuple(worst_P),
                greedy_answer_P=tuple(greedy_P),
                answer_margin_P=tuple(margin_P),
            )
            for one, loss_P, worst_P, greedy_P, margin_P in zip(
                sequences,
                self.loss_EP.tolist(),
                self.worst_answer_token_EP.tolist(),
                self.greedy_answer_EP.tolist(),
                self.answer_margin_EP.tolist(),
                strict=True,
            )
        )


def observe(
    examples: Sequence[Prepared], loss_N: Tensor, logits_NV: Tensor, target_N: Tensor
) -> list[Observation]:
    """What a micro-batch's forward pass shows of each of its examples.

    `loss_N`: loss of each token in the loss, example by example (nats); `logits_NV`: the logits it came from, over
    the vocabulary; `target_N`: the tokens.
    """
    spans, start = [], 0
    for one in examples:
        offset = start - one.encoded.completion_start
        spans.append([offset + position for position in one.encoded.answer_positions])
        start += one.encoded.completion_tokens
    # Of the answers only: searching the whole vocabulary for every token is the one thing here that costs time.
    answer = torch.tensor([index for span in spans for index in span], dtype=torch.long, device=loss_N.device)
    margin = _margins(logits_NV.detach()[answer], target_N[answer]).double().cpu()
    # One transfer for all; in double, so that a long text's mean does not depend on the order of summation.
    loss_N = loss_N.detach().double().cpu()
    losses = torch.split(loss_N, [one.encoded.completion_tokens for one in examples])
    margins = torch.split(margin, [len(span) for span in spans])
    return [
        Observation(
            loss=float(loss_T.mean()),
            worst_answer_token=float(loss_N[span].max()) if span else math.nan,
            greedy_answer=bool(span) and bool((margin_A > 0).all()),
            answer_margin=float(margin_A.mean()) if span else math.nan,
        )
        for loss_T, span, margin_A in zip(losses, spans, margins, strict=True)
    ]


def _margins(logits_AV: Tensor, target_A: Tensor) -> Tensor:
    """How far the logit of each target lies above the largest other one; negative where another is likelier."""
    target_A1 = target_A[:, None]
    own_A = logits_AV.gather(1, target_A1)[:, 0]
    return own_A - logits_AV.scatter(1, target_A1, -math.inf).amax(dim=1)
