"""The learning rate as a function of the tokens trained, so that runs of equal budgets are comparable."""

import math
from collections.abc import Callable

LearningRate = Callable[[int], float]
"""Learning rate of the next step, given the tokens trained before it."""


def warmup_then_cosine(
    peak: float, budget: int, warmup_share: float = 0.05, floor_share: float = 0.1
) -> LearningRate:
    """Rises linearly to `peak` over the first `warmup_share` of `budget` tokens, then falls along half a cosine.

    It ends, and stays beyond the budget, at `floor_share * peak`. The first step's rate is that of a hundredth of
    the way up, as a rate of zero would waste its tokens.
    """
    warmup = max(1.0, warmup_share * budget)

    def at(tokens: int) -> float:
        if warmup_share and tokens < warmup:
            return peak * max(0.01, tokens / warmup)
        progress = min(1.0, (tokens - warmup) / max(1.0, budget - warmup))
        return peak * (floor_share + (1 - floor_share) * 0.5 * (1 + math.cos(math.pi * max(0.0, progress))))

    return at
