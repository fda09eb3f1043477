"""How the next token of a reply is drawn: the likeliest, or by chance from the likelier ones.

Each row has a generator of its own, so what it draws depends on neither its neighbours nor their number.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Draw:
    """The chances of one row. Its state moves on with every token."""

    temperature: float
    """Above 0."""
    top_p: float
    """Only the likeliest tokens that together have this share of the probability are drawn."""
    generator: torch.Generator
    """On the processor, whatever the model is on."""

    @classmethod
    def of(cls, temperature: float, top_p: float, seed: int) -> "Draw | None":
        """None where nothing is left to chance."""
        return cls(temperature, top_p, torch.Generator().manual_seed(seed)) if temperature > 0 else None

    def next_id(self, logits_V: Tensor) -> int:
        """One token."""
        share_V, id_V = (logits_V.double() / self.temperature).softmax(dim=0).sort(descending=True)
        # The first is always among them, as before it there is nothing.
        share_V = share_V.where(share_V.cumsum(dim=0) - share_V < self.top_p, 0.0)
        at = torch.multinomial(share_V.cpu(), 1, generator=self.generator)
        return int(id_V[at])


def next_ids(logits_RV: Tensor, draws: Sequence[Draw | None]) -> Tensor:
    """The next token of each row; a row without a `Draw` gets the likeliest."""
    ids = logits_RV.argmax(dim=-1)
    for row, draw in enumerate(draws):
        if draw is not None:
            ids[row] = draw.next_id(logits_RV[row])
    return ids
