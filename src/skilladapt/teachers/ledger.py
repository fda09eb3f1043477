"""What was spent, what may still be asked for, and the caps that both together never pass.

Arithmetic only; `archive.py` puts a ledger on the disk before a call goes out. Money is counted in whole
nano-dollars and always rounded up, so that no sum drifts below the truth.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple


class Amount(NamedTuple):
    """Calls, tokens (prompt and reply together) and money."""

    calls: int = 0
    tokens: int = 0
    nano_usd: int = 0

    def plus(self, other: "Amount") -> "Amount":
        """The sum of both."""
        return Amount(self.calls + other.calls, self.tokens + other.tokens, self.nano_usd + other.nano_usd)

    def minus(self, other: "Amount") -> "Amount":
        """The difference of both."""
        return Amount(self.calls - other.calls, self.tokens - other.tokens, self.nano_usd - other.nano_usd)

    @property
    def usd(self) -> float:
        """The money in dollars."""
        return self.nano_usd / 1e9


class Standing(NamedTuple):
    """A ledger as it is kept on the disk. After a crash what was reserved counts as spent."""

    spent: Amount = Amount()
    reserved: Amount = Amount()


@dataclass(frozen=True)
class Prices:
    """What a service takes, in dollars for a million tokens."""

    prompt: float = 0.0
    completion: float = 0.0

    def of(self, prompt_tokens: int, completion_tokens: int) -> Amount:
        """One call with that many tokens."""
        # A dollar for a million tokens is a thousand nano-dollars for one.
        nano_usd = 1000 * (prompt_tokens * self.prompt + completion_tokens * self.completion)
        return Amount(1, prompt_tokens + completion_tokens, math.ceil(nano_usd - 1e-6))


@dataclass(frozen=True)
class Caps:
    """Most that may be spent; None: no cap."""

    usd: float | None = None
    tokens: int | None = None
    calls: int | None = None

    def passed_by(self, amount: Amount) -> str | None:
        """The name of a cap that `amount` is over, None when it is within all."""
        if self.usd is not None and amount.nano_usd > math.floor(self.usd * 1e9):
            return "usd"
        if self.tokens is not None and amount.tokens > self.tokens:
            return "tokens"
        if self.calls is not None and amount.calls > self.calls:
            return "calls"
        return None


class CapReached(Exception):
    """The next call could pass a cap; `cap` names it."""

    def __init__(self, cap: str) -> None:
        super().__init__(cap)
        self.cap = cap


class Ledger:
    """Keeps `spent + reserved` within the caps.

    True as long as no service bills more than the worst case that was reserved; if one does, the true amount is
    counted, and the next reservation fails.
    """

    def __init__(self, caps: Caps, standing: Standing) -> None:
        self.caps = caps
        self.spent = standing.spent
        self.reserved = standing.reserved

    @property
    def standing(self) -> Standing:
        """What is to be kept on the disk."""
        return Standing(self.spent, self.reserved)

    def reserve(self, worst: Amount) -> bool:
        """Whether there is room for a call; it is reserved then.

        False when there may be room once what is under way has been settled. Raises CapReached when nothing is.
        """
        cap = self.caps.passed_by(self.spent.plus(self.reserved).plus(worst))
        if cap is None:
            self.reserved = self.reserved.plus(worst)
            return True
        if not self.reserved.calls:
            raise CapReached(cap)
        return False

    def settle(self, worst: Amount, actual: Amount) -> None:
        """Turns a reservation into what the call came to."""
        self.reserved = self.reserved.minus(worst)
        self.spent = self.spent.plus(actual)

    def describe(self) -> str:
        """What was spent and what is left, in words."""
        spent, caps = self.spent, self.caps
        left = []
        if caps.usd is not None:
            left.append(f"{max(0.0, caps.usd - spent.usd):.4f} USD")
        if caps.tokens is not None:
            left.append(f"{max(0, caps.tokens - spent.tokens):,} tokens")
        if caps.calls is not None:
            left.append(f"{max(0, caps.calls - spent.calls):,} calls")
        return (
            f"{spent.usd:.4f} USD, {spent.tokens:,} tokens and {spent.calls:,} calls were spent; "
            f"{' and '.join(left) or 'nothing capped'} left"
        )
