"""From ordered examples to tensors: encoding, optimizer steps, micro-batches.

An optimizer step takes the next examples in order. Only inside a step are they put together as suits the machine:
longest first, short ones packed behind one another into a row, a few rows a micro-batch. The step's loss is a sum
over its examples and none of them sees another, so only the speed changes.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from skilladapt.models.chat import Chat, Encoded, UnencodableText
from skilladapt.records import Example, PlantedError, Textbook
from skilladapt.training.order import Item, item_id

ATTENTION_WIDTH = 900
"""Width of a row at which attention takes as long as all matrix products with weights: half of what counting
operations gives for SmolLM2-135M, as its kernels are half as fast. Larger models could do with more."""


@dataclass(frozen=True)
class Prepared:
    """One encoded example."""

    id: str
    """An example's id or a planted error's."""
    weight: float
    encoded: Encoded

    @property
    def tokens(self) -> int:
        """Tokens of the whole sequence, prompt included."""
        return len(self.encoded.input_ids)


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
class Layout:
    """How micro-batches are made of a step's examples: a matter of speed, memory and the losses' last digits."""

    tokens: int = 512
    """Most tokens, padding included, that go through the model at once. More only costs memory on a processor:
    with all 30 layers of SmolLM2-135M adapted, 1,024 took 3.5 GB, and 512 took 2.8 GB and a quarter less
    processor time. A GPU wants thousands."""
    packed: bool = True
    """Whether short examples share a row; otherwise each has its own, filled up with padding."""


@dataclass(frozen=True)
class MicroBatch:
    """Examples that go through the model together. Letters: R row, W width, N token in the loss."""

    examples: tuple[Prepared, ...]
    """Row by row, from left to right."""
    places: tuple[tuple[int, slice], ...]
    """Where each example lies: its row and its columns."""
    input_ids_RW: Tensor
    """Padded on the right. No attention mask is needed: with causal attention nothing sees what comes after it."""
    positions_RW: Tensor
    """Each example's own, from 0. By them the model tells the examples of a row apart; padding counts on."""
    predicts_RW: Tensor
    """Whether the token after this position is in the loss (bool)."""
    target_N: Tensor
    """The tokens in the loss, example by example."""
    weight_N: Tensor
    """The weight of the example each of them belongs to (float32)."""

    @property
    def is_packed(self) -> bool:
        """Whether a row holds several examples."""
        return len(self.examples) > len(self.input_ids_RW)


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


def steps(sequences: Sequence[Prepared], batch_size: int) -> list[Sequence[Prepared]]:
    """The examples of each optimizer step, in order; the last step may have fewer."""
    return [sequences[start : start + batch_size] for start in range(0, len(sequences), batch_size)]


def micro_batches(
    step: Sequence[Prepared], device: torch.device, layout: Layout | None = None
) -> Iterator[MicroBatch]:
    """The examples of a step, longest first, in rows, and these in groups within the limit (at least one row)."""
    layout = layout or Layout()
    rows = _packed(step) if layout.packed else [[one] for one in _longest_first(step)]
    group: list[list[Prepared]] = []
    for row in sorted(rows, key=lambda row: -_width(row)):
        width = _width((group or [row])[0])
        if group and width * (len(group) + 1) > layout.tokens:
            yield _collate(group, device)
            group = []
        group.append(row)
    if group:
        yield _collate(group, device)


def _longest_first(step: Sequence[Prepared]) -> list[Prepared]:
    return sorted(step, key=lambda one: -one.tokens)


def _packed(step: Sequence[Prepared]) -> list[list[Prepared]]:
    """Rows of about equal width, as many as make the least work.

    Fewer rows are wider and leave less padding; but in a row every token is compared with all others, and whatever
    is no business of its is wasted.
    """
    return min(
        (_balanced(step, rows) for rows in range(1, len(step) + 1)),
        key=lambda rows: len(rows) * (width := max(map(_width, rows))) * (1 + width / ATTENTION_WIDTH),
    )


def _balanced(step: Sequence[Prepared], rows: int) -> list[list[Prepared]]:
    """Each example, the longest first, into the row that is narrowest yet (Graham 1969, "LPT")."""
    made: list[list[Prepared]] = [[] for _ in range(rows)]
    narrowest = [(0, index) for index in range(rows)]
    for one in _longest_first(step):
        width, index = heapq.heappop(narrowest)
        made[index].append(one)
        heapq.heappush(narrowest, (width + one.tokens, index))
    return made


def _width(row: Sequence[Prepared]) -> int:
    return sum(one.tokens for one in row)


def _encode(item: Item, chat: Chat) -> Encoded:
    material = item.exercise if isinstance(item, PlantedError) else item.material
    return chat.encode_textbook(material) if isinstance(material, Textbook) else chat.encode_exercise(material)


def _collate(rows: Sequence[Sequence[Prepared]], device: torch.device) -> MicroBatch:
    width = max(map(_width, rows))
    input_ids_RW = torch.zeros(len(rows), width, dtype=torch.long)
    positions_RW = torch.zeros(len(rows), width, dtype=torch.long)
    predicts_RW = torch.zeros(len(rows), width, dtype=torch.bool)
    places = []
    for number, row in enumerate(rows):
        start = 0
        for one in row:
            end = start + one.tokens
            input_ids_RW[number, start:end] = torch.tensor(one.encoded.input_ids)
            # To the end of the row, so that padding goes on as part of the row's last example.
            positions_RW[number, start:] = torch.arange(width - start)
            predicts_RW[number, start + one.encoded.completion_start - 1 : end - 1] = True
            places.append((number, slice(start, end)))
            start = end
    examples = [one for row in rows for one in row]
    targets = [id for one in examples for id in one.encoded.input_ids[one.encoded.completion_start :]]
    weights = [one.weight for one in examples for _ in range(one.encoded.completion_tokens)]
    return MicroBatch(
        examples=tuple(examples),
        places=tuple(places),
        input_ids_RW=input_ids_RW.to(device),
        positions_RW=positions_RW.to(device),
        predicts_RW=predicts_RW.to(device),
        target_N=torch.tensor(targets, device=device),
        weight_N=torch.tensor(weights, dtype=torch.float32, device=device),
    )
