"""From ordered examples to tensors: encoding, optimizer steps, micro-batches.

An optimizer step takes the next examples in order. Only inside a step are they sorted by length, into
micro-batches with little padding: the step's loss is a sum over its examples, so only the speed changes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from skilladapt.models.chat import Chat, Encoded, UnencodableText
from skilladapt.records import Example, PlantedError, Textbook
from skilladapt.training.order import Item, item_id

MICRO_BATCH_TOKENS = 512
"""Most tokens, padding included, that go through the model at once. More only costs memory on a processor: with
all 30 layers of SmolLM2-135M adapted, 1,024 took 3.5 GB, and 512 took 2.8 GB and a quarter less processor time."""


@dataclass(frozen=True)
class Prepared:
    """One encoded example."""

    id: str
    """An example's id or a planted error's."""
    weight: float
    encoded: Encoded


@dataclass(frozen=True)
class Rejected:
    """An example that cannot be trained."""

    id: str
    reason: str


@dataclass(frozen=True)
class Preparation:
    """What became of a round's examples; benched ones are in neither."""

    sequences: tuple[Prepared, ...]
    rejected: tuple[Rejected, ...]


@dataclass(frozen=True)
class MicroBatch:
    """Examples that go through the model together. Letters: B example, T position, N token in the loss."""

    examples: tuple[Prepared, ...]
    input_ids_BT: Tensor
    """Padded on the right. No attention mask is needed: with causal attention nothing sees what comes after it."""
    predicts_BT: Tensor
    """Whether the token after this position is in the loss (bool)."""
    target_N: Tensor
    """The tokens in the loss, example by example."""
    weight_N: Tensor
    """The weight of the example each of them belongs to (float32)."""


def prepare(items: Sequence[Item], chat: Chat, max_tokens: int) -> Preparation:
    """Encodes everything that is not benched, in order.

    A sequence of more than `max_tokens` tokens is rejected and never cut: its end is its answer.
    """
    sequences: list[Prepared] = []
    rejected: list[Rejected] = []
    for item in items:
        if isinstance(item, Example) and item.benched:
            continue
        try:
            encoded = _encode(item, chat)
        except UnencodableText as error:
            rejected.append(Rejected(item_id(item), str(error)))
            continue
        if len(encoded.input_ids) > max_tokens:
            reason = f"it has {len(encoded.input_ids)} tokens, more than max_tokens = {max_tokens}"
            rejected.append(Rejected(item_id(item), reason))
            continue
        sequences.append(Prepared(item_id(item), item.weight if isinstance(item, Example) else 1.0, encoded))
    return Preparation(tuple(sequences), tuple(rejected))


def steps(sequences: Sequence[Prepared], batch_size: int) -> Iterator[Sequence[Prepared]]:
    """The examples of each optimizer step, in order; the last step may have fewer."""
    for start in range(0, len(sequences), batch_size):
        yield sequences[start : start + batch_size]


def micro_batches(
    step: Sequence[Prepared], device: torch.device, limit: int = MICRO_BATCH_TOKENS
) -> Iterator[MicroBatch]:
    """The examples of a step, longest first, in groups of at most `limit` tokens (and at least one example)."""
    group: list[Prepared] = []
    for sequence in sorted(step, key=lambda one: -len(one.encoded.input_ids)):
        width = len((group or [sequence])[0].encoded.input_ids)
        if group and width * (len(group) + 1) > limit:
            yield _collate(group, device)
            group = []
        group.append(sequence)
    if group:
        yield _collate(group, device)


def _encode(item: Item, chat: Chat) -> Encoded:
    material = item.exercise if isinstance(item, PlantedError) else item.material
    return chat.encode_textbook(material) if isinstance(material, Textbook) else chat.encode_exercise(material)


def _collate(group: Sequence[Prepared], device: torch.device) -> MicroBatch:
    width = max(len(one.encoded.input_ids) for one in group)
    input_ids_BT = torch.zeros(len(group), width, dtype=torch.long)
    predicts_BT = torch.zeros(len(group), width, dtype=torch.bool)
    for row, one in enumerate(group):
        length = len(one.encoded.input_ids)
        input_ids_BT[row, :length] = torch.tensor(one.encoded.input_ids)
        predicts_BT[row, one.encoded.completion_start - 1 : length - 1] = True
    targets = [id for one in group for id in one.encoded.input_ids[one.encoded.completion_start :]]
    weights = [one.weight for one in group for _ in range(one.encoded.completion_tokens)]
    return MicroBatch(
        examples=tuple(group),
        input_ids_BT=input_ids_BT.to(device),
        predicts_BT=predicts_BT.to(device),
        target_N=torch.tensor(targets, device=device),
        weight_N=torch.tensor(weights, dtype=torch.float32, device=device),
    )
