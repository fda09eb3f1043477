"""What was spent on replies, by what they were asked for, beside all that was spent."""

from collections.abc import Mapping
from typing import NamedTuple, Self

from skilladapt.teachers.ledger import Amount
from skilladapt.teachers.teacher import Reply


class Spent(NamedTuple):
    """What some replies took, one call each: calls that brought none are in the ledger only."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    nano_usd: int = 0

    @classmethod
    def of(cls, reply: Reply) -> Self:
        """One reply."""
        # Whole nano-dollars again, as the ledger has them: sums then depend on no order.
        return cls(1, reply.prompt_tokens, reply.completion_tokens, round(reply.cost_usd * 1e9))

    def plus(self, other: "Spent") -> "Spent":
        """The sum of both."""
        return Spent(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    @property
    def tokens(self) -> int:
        """Of prompts and replies together."""
        return self.prompt_tokens + self.completion_tokens

    @property
    def usd(self) -> float:
        """The money in dollars."""
        return self.nano_usd / 1e9


class Spending(NamedTuple):
    """All that an archive knows of costs."""

    by_purpose: Mapping[str, Spent]
    """Of the replies that are in it, by the purpose of the request; purposes sorted."""
    ledger: Amount
    """All that was or may have to be paid, calls without a reply too; nothing where no call costs anything."""

    @property
    def together(self) -> Spent:
        """Of all purposes."""
        total = Spent()
        for spent in self.by_purpose.values():
            total = total.plus(spent)
        return total

    @property
    def calls_without_reply(self) -> int:
        """Calls in the ledger that brought no reply, or one that was damaged since."""
        return max(0, self.ledger.calls - self.together.calls)
