"""How many calls a service gets at once, and when: as many as it bears.

Additive increase, multiplicative decrease: a call that succeeds widens the window a little, a "too many requests"
halves it, once for each episode. After a pause calls are spread over the time that a call takes, so that those
who waited do not all start at once. Clocks are monotonic, and nobody waits longer than `Patience` says.
"""

import asyncio
import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


@dataclass(frozen=True)
class Patience:
    """How often and how long is waited for a service."""

    attempts: int = 8
    """Calls for one request, at most, for failures that can pass."""
    first_wait_s: float = 0.5
    """Doubled with each further attempt."""
    longest_wait_s: float = 60.0
    longest_retry_after_s: float = 300.0
    """However long a service asks to wait, it is not longer than this."""

    def backoff_s(self, attempt: int) -> float:
        """Before jitter; the first attempt that failed is number 1."""
        return float(min(self.longest_wait_s, self.first_wait_s * 2 ** min(attempt - 1, 30)))


def retry_after_s(value: str | None, said_at: str | None = None) -> float | None:
    """What a Retry-After header asks for: seconds, or a date; None where it makes no sense.

    A date counts from `said_at`, the response's own date, as the clocks of two machines differ; without one, from
    now. May be of any size; never negative.
    """
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        date = _date(value)
        if date is None:
            return None
        seconds = (date - (_date(said_at) or datetime.now(UTC))).total_seconds()
    return None if math.isnan(seconds) or seconds < 0 else seconds


def _date(value: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(value or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


class Window:
    """One service's share: how many calls may be under way, and from when on."""

    def __init__(self, most: int, patience: Patience) -> None:
        self._most = most
        self._patience = patience
        self.size = float(most)
        self.under_way = 0
        self.opens_at = 0.0
        """When the next call may start, by the loop's clock."""
        self._narrowed_at = self._succeeded_at = self._rested_at = -math.inf
        self._rests = 0
        self._call_s = 1.0
        """About how long a call takes."""
        self._to_spread = 0
        """Calls yet to be started one by one after a pause."""

    def is_open(self, now: float) -> bool:
        """Whether a call may start."""
        return self.under_way < int(self.size) and self.opens_at <= now

    def start(self, now: float) -> None:
        """Counts a call."""
        self.under_way += 1
        if self._to_spread > 0:
            self._to_spread -= 1
            self.opens_at = now + self._call_s / self.size

    def succeeded(self, began: float, now: float) -> None:
        """A call went through."""
        self._succeeded_at = now
        self._rests = 0
        self._call_s += 0.1 * (now - began - self._call_s)
        self.size = min(self._most, self.size + 1 / self.size)

    def had_too_many(self, began: float, now: float, asked_s: float | None) -> None:
        """The service said so, and perhaps how long to wait."""
        if began >= self._narrowed_at:  # else the answer is to the wider window of before
            self._narrowed_at = now
            self.size = max(1.0, self.size / 2)
        wait_s = self._patience.first_wait_s if asked_s is None else asked_s
        self._pause(now, min(wait_s, self._patience.longest_retry_after_s))

    def failed(self, began: float, now: float, asked_s: float | None = None) -> None:
        """A call failed otherwise. The service rests when nobody's calls go through any more."""
        if asked_s is not None:
            self._pause(now, min(asked_s, self._patience.longest_retry_after_s))
        if self._succeeded_at < began and self._rested_at <= began:
            self._rests += 1
            self._rested_at = now
            self._pause(now, self._patience.backoff_s(self._rests))

    def _pause(self, now: float, wait_s: float) -> None:
        self.opens_at = max(self.opens_at, now + wait_s)
        self._to_spread = int(self.size)


class Gate:
    """Lets calls through to several services, each to the one with the most room."""

    def __init__(self, windows: Sequence[Window]) -> None:
        self._windows = windows
        self._queue: deque[asyncio.Future[None]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    async def enter(self) -> int:
        """Waits for room; the place of the service to call. `leave` must follow."""
        while (place := self._open()) is None:
            turn = asyncio.get_running_loop().create_future()
            self._queue.append(turn)
            self._set_timer()
            try:
                await turn
            except asyncio.CancelledError:
                self._wake()  # the turn may have been this one's
                raise
        window = self._windows[place]
        window.start(asyncio.get_running_loop().time())
        self._wake()
        return place

    def leave(self, place: int) -> None:
        """A call is over."""
        self._windows[place].under_way -= 1
        self._wake()

    def _open(self) -> int | None:
        now = asyncio.get_running_loop().time()
        places = [place for place, window in enumerate(self._windows) if window.is_open(now)]
        return min(places, key=lambda at: self._windows[at].under_way / self._windows[at].size, default=None)

    def _wake(self) -> None:
        """Gives the turn to who waits longest, if there is room."""
        if not self._queue and self._timer is None:
            return
        while self._queue and self._open() is not None:
            turn = self._queue.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._set_timer()

    def _set_timer(self) -> None:
        """Wakes somebody when the first pause is over; room made by a call that ends wakes by itself."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        opens = [window.opens_at for window in self._windows if window.under_way < int(window.size)]
        if self._queue and opens:  # also where that time has come meanwhile, or nobody would wake
            self._timer = asyncio.get_running_loop().call_at(min(opens), self._wake)
