"""One round of training: examples in order in, their loss histories out.

An optimizer step over its micro-batches minimises `sum_i w_i sum_t l_it / sum_i T_i`. The denominator is
unweighted: dividing by the weights too would cancel the weight of a batch that is easy throughout. The loop
records dynamics and decides nothing about data; rounds follow one another with one adapter and one optimizer.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from accelerate import Accelerator
from torch import Tensor
from torch.nn.functional import cross_entropy

from skilladapt.errors import RunError, UserError
from skilladapt.models.adapter import trainable_parameters
from skilladapt.models.loading import Student
from skilladapt.records import LossHistory, content_hash
from skilladapt.training.batches import MicroBatch, Rejected, micro_batches, prepare, steps
from skilladapt.training.dynamics import Observation, history_of, observe
from skilladapt.training.order import Item
from skilladapt.training.schedule import LearningRate

BETAS = (0.9, 0.95)
CLIP_NORM = 1.0


@dataclass(frozen=True)
class TrainingState:
    """Where training stands; together with the trainable weights it is all that continuing needs."""

    step: int = 0
    """Optimizer steps taken."""
    tokens: int = 0
    """Non-padding tokens that went through forward and backward, prompts included."""
    optimizer: Mapping[str, Tensor] = field(default_factory=dict)
    """The optimizer's tensors, named `quantity:parameter`; empty before the first step."""


@dataclass(frozen=True)
class StepReport:
    """What `on_step` is told after each optimizer step."""

    step: int
    """Optimizer steps taken in all rounds."""
    done: int
    total: int
    """Steps of this round: taken, and altogether."""
    loss: float
    """The step's weighted loss (nats per token)."""
    learning_rate: float
    tokens: int
    """Tokens trained in all rounds."""


@dataclass(frozen=True)
class RoundResult:
    """What a round left behind, besides the student's new weights."""

    histories: tuple[LossHistory, ...]
    """One for each trained example, in training order."""
    rejected: tuple[Rejected, ...]
    """Examples that could not be trained, with the reason."""
    state: TrainingState
    tokens: int
    """Tokens trained in this round."""


def train_round(
    student: Student,
    items: Sequence[Item],
    *,
    round: int,
    passes: int,
    batch_size: int,
    seed: int,
    learning_rate: LearningRate,
    state: TrainingState | None = None,
    max_tokens: int = 1024,
    on_step: Callable[[StepReport], None] | None = None,
) -> RoundResult:
    """Trains the student's trainable weights, in place, on `items` in the given order, `passes` times.

    `batch_size` is examples for each optimizer step; `state` is what the round before returned. Benched examples
    are left out. Equal arguments and weights give equal results, bit for bit, on one machine. Raises UserError
    when no example can be trained, RunError when a loss is not finite (the weights are then of no use).
    """
    before = state or TrainingState()
    preparation = prepare(items, student.chat, max_tokens)
    sequences = preparation.sequences
    if preparation.rejected and not sequences:
        raise UserError(
            f"None of the {len(preparation.rejected)} examples can be trained (the first: "
            f"{preparation.rejected[0].reason}); raise training.max_tokens or mend the materials."
        )
    assert len({one.id for one in sequences}) == len(sequences), "an example is twice in a round"
    # Devices are the student's business, so accelerate places nothing.
    accelerator = Accelerator(cpu=student.device.type == "cpu", device_placement=False)
    if accelerator.num_processes > 1:
        raise UserError("Training over several processes is not supported; start a single one.")
    parameters = trainable_parameters(student)
    model, optimizer = accelerator.prepare(student.model, _optimizer(parameters, before.optimizer))
    seen: dict[str, list[Observation]] = {one.id: [] for one in sequences}
    step, tokens, total = before.step, before.tokens, passes * math.ceil(len(sequences) / batch_size)
    model.train()
    try:
        for _ in range(passes):
            for examples in steps(sequences, batch_size):
                rate = learning_rate(tokens)
                for group in optimizer.param_groups:
                    group["lr"] = rate
                loss = 0.0
                denominator = sum(one.encoded.completion_tokens for one in examples)
                with _seeded(student.device, seed, step):
                    for batch in micro_batches(examples, student.device):
                        batch_loss, observations = _forward(model, batch, denominator)
                        _check_finite(batch, observations, step)
                        accelerator.backward(batch_loss)
                        loss += float(batch_loss.detach())
                        for one, observation in zip(batch.examples, observations, strict=True):
                            seen[one.id].append(observation)
                if not math.isfinite(float(accelerator.clip_grad_norm_(parameters.values(), CLIP_NORM))):
                    raise RunError(f"The gradient is not finite at step {step}; {_REMEDY}")
                optimizer.step()
                optimizer.zero_grad()
                step += 1
                tokens += sum(len(one.encoded.input_ids) for one in examples)
                if on_step is not None:
                    on_step(StepReport(step, step - before.step, total, loss, rate, tokens))
    finally:
        model.eval()
    return RoundResult(
        histories=tuple(history_of(one, round, seen[one.id]) for one in sequences),
        rejected=preparation.rejected,
        state=TrainingState(step, tokens, _optimizer_tensors(parameters, optimizer)),
        tokens=tokens - before.tokens,
    )


_REMEDY = "lower training.learning_rate, or look at the example, and run again."


def _forward(model: torch.nn.Module, batch: MicroBatch, denominator: int) -> tuple[Tensor, list[Observation]]:
    """The micro-batch's share of the step's loss, and what it shows of its examples."""
    # Logits only where a token of a completion is predicted: the vocabulary is by far the widest layer.
    logits_NV = model(
        input_ids=batch.input_ids_BT, logits_to_keep=batch.predicts_BT, use_cache=False
    ).logits.float()
    loss_N = cross_entropy(logits_NV, batch.target_N, reduction="none")
    observations = list(observe(batch.examples, loss_N, logits_NV.detach().argmax(dim=-1) == batch.target_N))
    return (batch.weight_N * loss_N).sum() / denominator, observations


def _check_finite(batch: MicroBatch, observations: Sequence[Observation], step: int) -> None:
    for one, observation in zip(batch.examples, observations, strict=True):
        if not math.isfinite(observation.loss):
            raise RunError(f"The loss of example {one.id} is {observation.loss} at step {step}; {_REMEDY}")


def _optimizer(parameters: Mapping[str, Tensor], tensors: Mapping[str, Tensor]) -> torch.optim.AdamW:
    """AdamW (Loshchilov and Hutter 2019) without weight decay, continued from `tensors`."""
    optimizer = torch.optim.AdamW(parameters.values(), lr=0.0, betas=BETAS, weight_decay=0.0, fused=True)
    for name, tensor in tensors.items():
        quantity, _, parameter_name = name.partition(":")
        parameter = parameters[parameter_name]
        optimizer.state[parameter][quantity] = tensor.to(parameter.device, copy=True)
    return optimizer


def _optimizer_tensors(parameters: Mapping[str, Tensor], optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    return {
        f"{quantity}:{name}": tensor.detach().cpu().clone()
        for name, parameter in parameters.items()
        for quantity, tensor in optimizer.state[parameter].items()
    }


@contextmanager
def _seeded(device: torch.device, seed: int, step: int) -> Iterator[None]:
    """Dropout drawn from (seed, step) alone, so that no generator's state need be stored to continue."""
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(int(content_hash("dropout", seed, step), 16))
        yield
