"""One round of training: examples in order in, their loss histories out.

An optimizer step over its micro-batches minimises `sum_i w_i sum_t l_it / sum_i T_i`. The denominator is
unweighted: dividing by the weights too would cancel the weight of a batch that is easy throughout. The loop
records dynamics and decides nothing about data; rounds follow one another with one adapter and one optimizer.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial

import torch
from accelerate import Accelerator
from torch import Tensor
from torch.nn.functional import cross_entropy

from skilladapt.errors import RunError, UserError
from skilladapt.models.adapter import trainable_parameters
from skilladapt.models.families import bare_model, is_proven
from skilladapt.models.loading import Student
from skilladapt.models.trunk import Trunk
from skilladapt.records import LossHistory, content_hash
from skilladapt.training.batches import Layout, MicroBatch, Rejected, micro_batches, prepare, steps
from skilladapt.training.dynamics import Dynamics, observe
from skilladapt.training.order import Item
from skilladapt.training.schedule import LearningRate
from skilladapt.training.trunk_states import TrunkStates

BETAS = (0.9, 0.95)
CLIP_NORM = 1.0


@dataclass(frozen=True)
class TrainingState:
    """Where training stands; together with the trainable weights it is all that the next round needs."""

    step: int = 0
    """Optimizer steps taken."""
    tokens: int = 0
    """Non-padding tokens that went through forward and backward, prompts included."""
    optimizer: Mapping[str, Tensor] = field(default_factory=dict)
    """The optimizer's tensors, named `quantity:parameter`; empty before the first step."""


@dataclass(frozen=True)
class RoundProgress:
    """Where a round stands between two steps; with the trainable weights it is all that going on needs."""

    steps_done: int
    """Of this round."""
    state: TrainingState
    dynamics: Dynamics


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
    progress: Callable[[], RoundProgress]
    """What is needed to go on from here; it costs a copy of the optimizer, and holds until the next step."""


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
    resume: RoundProgress | None = None,
    max_tokens: int = 1024,
    layout: Layout | None = None,
    activation_checkpointing: bool = False,
    on_step: Callable[[StepReport], None] | None = None,
) -> RoundResult:
    """Trains the student's trainable weights, in place, on `items` in the given order, `passes` times.

    `batch_size` is examples for each optimizer step; `state` is what the round before returned, and `resume` what
    `on_step` was told when this round was left, the weights being those of then. `layout` says how a step is cut
    into micro-batches. `activation_checkpointing` saves memory for time. Benched examples are left out. Equal
    arguments and weights give equal results, bit for bit, on one machine, whether or not a round was left and
    resumed. Raises UserError when no example can be trained, RunError when a loss is not finite (the weights are
    then of no use).
    """
    layout = layout or Layout()
    layout = Layout(layout.tokens, layout.packed and is_proven(student))
    preparation = prepare(items, student.chat, max_tokens)
    sequences = preparation.sequences
    if preparation.rejected and not sequences:
        raise UserError(
            f"None of the {len(preparation.rejected)} examples can be trained (the first: "
            f"{preparation.rejected[0].reason}); raise training.max_tokens or mend the materials."
        )
    row_of = {one.id: row for row, one in enumerate(sequences)}
    assert len(row_of) == len(sequences), "an example is twice in a round"
    plan = steps(sequences, batch_size)
    begun = resume or RoundProgress(0, state or TrainingState(), Dynamics.empty(len(sequences), passes))
    dynamics, step, tokens = begun.dynamics, begun.state.step, begun.state.tokens
    # Devices are the student's business, so accelerate places nothing.
    accelerator = Accelerator(cpu=student.device.type == "cpu", device_placement=False)
    if accelerator.num_processes > 1:
        raise UserError("Training over several processes is not supported; start a single one.")
    parameters = trainable_parameters(student)
    model, optimizer = accelerator.prepare(student.model, _optimizer(parameters, begun.state.optimizer))
    trunk = Trunk.of(student)
    states = TrunkStates(trunk, plan, student.device, layout) if trunk else None

    def state_now() -> TrainingState:
        return TrainingState(step, tokens, _optimizer_tensors(parameters, optimizer))

    with _training(student, activation_checkpointing):
        for done in range(begun.steps_done, passes * len(plan)):
            pass_, position = divmod(done, len(plan))
            examples = plan[position]
            rate = learning_rate(tokens)
            for group in optimizer.param_groups:
                group["lr"] = rate
            loss = 0.0
            denominator = sum(one.encoded.completion_tokens for one in examples)
            with _seeded(student.device, seed, step):
                for batch in micro_batches(examples, student.device, layout):
                    with states.beneath(position, batch) if states else nullcontext():
                        logits_NV = _logits(model, batch)
                    loss_N = cross_entropy(logits_NV, batch.target_N, reduction="none")
                    observed = observe(batch.examples, loss_N, logits_NV, batch.target_N)
                    for one, seen in zip(batch.examples, observed, strict=True):
                        if not math.isfinite(seen.loss):
                            raise RunError(
                                f"The loss of example {one.id} is {seen.loss} at step {step}; {_REMEDY}"
                            )
                        dynamics.record(row_of[one.id], pass_, seen)
                    batch_loss = (batch.weight_N * loss_N).sum() / denominator
                    # Before the backward pass makes another as large: they are by far the largest tensor.
                    del logits_NV, loss_N
                    accelerator.backward(batch_loss)
                    loss += float(batch_loss.detach())
            if not math.isfinite(float(accelerator.clip_grad_norm_(parameters.values(), CLIP_NORM))):
                raise RunError(f"The gradient is not finite at step {step}; {_REMEDY}")
            optimizer.step()
            optimizer.zero_grad()
            step += 1
            tokens += sum(one.tokens for one in examples)
            if on_step is not None:
                # Asked before the next step, if at all, so that all of it is of now.
                now = partial(lambda done: RoundProgress(done, state_now(), dynamics), done + 1)
                on_step(StepReport(step, done + 1, passes * len(plan), loss, rate, tokens, now))
    return RoundResult(
        histories=dynamics.histories(sequences, round),
        rejected=preparation.rejected,
        state=state_now(),
        tokens=passes * sum(one.tokens for one in sequences),
    )


_REMEDY = (
    "run the same command again, and if it comes back, begin elsewhere (--out) with a lower "
    "training.learning_rate or without that example."
)


def _logits(model: torch.nn.Module, batch: MicroBatch) -> Tensor:
    """Logits where a token of a completion is predicted, and only there: the vocabulary is the widest layer."""
    output = model(
        input_ids=batch.input_ids_RW,
        position_ids=batch.positions_RW if batch.is_packed else None,
        logits_to_keep=batch.predicts_RW,
        use_cache=False,
    )
    logits_NV: Tensor = output.logits.float()
    return logits_NV


@contextmanager
def _training(student: Student, activation_checkpointing: bool) -> Iterator[None]:
    """The model in training mode, if wanted with activations computed again in the backward pass, not kept."""
    model = student.model
    if activation_checkpointing:
        bare_model(student).activation_checkpointing_enable()
    model.train()
    try:
        yield
    finally:
        model.eval()
        if activation_checkpointing:
            bare_model(student).activation_checkpointing_disable()


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
