"""What a teacher has done so far, in numbers: for a progress line while it works, and for a report afterwards."""

import time
from collections import Counter
from collections.abc import Callable

from skilladapt.records import Record
from skilladapt.teachers.teacher import NoReply, Outcome


class Counts(Record):
    """A moment's numbers."""

    requests: int
    """That were asked of the teacher."""
    cached: int
    """Answered from the archive."""
    replies: int
    """That came from the service."""
    failed: dict[str, int]
    """Requests without a reply, by the first words of the reason."""
    calls: int
    """Sent to the service, repeated ones too."""
    repeated: dict[str, int]
    """Calls that failed and were made again, by reason."""
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float
    """Of the replies; calls that failed but may have to be paid for are in the ledger only."""
    seconds: float
    """Since the first request."""

    @property
    def per_second(self) -> float:
        """Requests answered by the service, one way or the other."""
        return (self.replies + sum(self.failed.values())) / self.seconds if self.seconds else 0.0

    @property
    def left_s(self) -> float | None:
        """Until all requests are answered, at the rate so far; None where that is not known yet."""
        left = self.requests - self.cached - self.replies - sum(self.failed.values())
        if left <= 0:
            return 0.0
        return left / self.per_second if self.per_second else None


class Tally:
    """Counts up; one may be shared by a teacher and what wraps it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began: float | None = None
        self.requests = self.cached = self.replies = self.calls = 0
        self.failed: Counter[str] = Counter()
        self.repeated: Counter[str] = Counter()
        self._prompt_tokens = self._completion_tokens = 0
        self._cost_usd = 0.0

    def asks(self, requests: int) -> None:
        """More requests have come."""
        if self._began is None:
            self._began = self._clock()
        self.requests += requests

    def came(self, outcome: Outcome) -> None:
        """A request has its outcome, from the service."""
        if isinstance(outcome, NoReply):
            self.failed[first_words(outcome.reason)] += 1
            return
        self.replies += 1
        self._prompt_tokens += outcome.prompt_tokens
        self._completion_tokens += outcome.completion_tokens
        self._cost_usd += outcome.cost_usd

    def counts(self) -> Counts:
        """The numbers now."""
        return Counts(
            requests=self.requests,
            cached=self.cached,
            replies=self.replies,
            failed=dict(self.failed),
            calls=self.calls,
            repeated=dict(self.repeated),
            prompt_tokens=self._prompt_tokens,
            completion_tokens=self._completion_tokens,
            cost_usd=self._cost_usd,
            seconds=0.0 if self._began is None else self._clock() - self._began,
        )


def first_words(reason: str) -> str:
    """What reasons are counted by: what stands before the first colon."""
    return reason.partition(":")[0]
