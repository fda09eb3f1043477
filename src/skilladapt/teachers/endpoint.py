"""A teacher behind any service that speaks the OpenAI-compatible chat format, or behind several alike.

Blocking outside, asyncio on a thread of its own inside. A call is reserved in the ledger and written down before
it is sent; its reply is committed before it is told. So nothing that was paid for and came is lost, whenever this
is left or killed, and no more is asked again than was under way.
"""

import asyncio
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

import aiohttp
from pydantic import SecretStr
from yarl import URL

from skilladapt.errors import RunError
from skilladapt.teachers.archive import Archive, Kept
from skilladapt.teachers.dialect import Dialect
from skilladapt.teachers.exchange import CONNECT_S, HEADERS, Answer, exchange
from skilladapt.teachers.journal import Journal
from skilladapt.teachers.ledger import Amount, CapReached, Caps, Ledger, Prices
from skilladapt.teachers.limits import Gate, Patience, Window, retry_after_s
from skilladapt.teachers.loop_thread import LoopThread
from skilladapt.teachers.meaning import Meaning, Misunderstood, Passing, Refused, meaning_of
from skilladapt.teachers.secret import Redactor
from skilladapt.teachers.tally import Tally, first_words
from skilladapt.teachers.teacher import NoReply, Outcome, Reply, Request
from skilladapt.teachers.wire import prompt_tokens_at_most

BYTES_AT_LEAST, BYTES_PER_TOKEN = 2**18, 64
"""Of a response that is read: some, and many for each token that was allowed."""
MOST_WAITING = 2000
"""Outcomes that wait for whoever asked; then no further call is made."""
END_S = 5.0
"""Longest wait for what was left to end."""
WAKE_S = 0.5


@dataclass(frozen=True)
class Terms:
    """On what terms a service is asked."""

    prices: Prices = Prices()
    caps: Caps = Caps()
    concurrency: int = 64
    """Most calls under way, to all services together."""
    timeout_s: float = 120.0
    """For one call, from connecting to the last byte."""
    patience: Patience = Patience()


USUAL_TERMS = Terms()


@dataclass(frozen=True)
class _Service:
    url: URL
    window: Window
    dialect: Dialect


class _Job(NamedTuple):
    """One request."""

    place: int
    request: Request
    key: str


class _Run:
    """One `ask`: what is still to be asked, and what has come."""

    def __init__(self, requests: Sequence[Request], keys: Sequence[str]) -> None:
        self.left = map(_Job, range(len(requests)), requests, keys)
        self.came: SimpleQueue[tuple[int, Outcome] | None] = SimpleQueue()
        """None when nothing more comes."""
        self.stop: RunError | None = None
        """Why nothing more is asked."""
        self._pausing: set[asyncio.Task[Any]] = set()

    def end(self, error: RunError) -> None:
        """Ends the run when what is under way has come; who only waits to ask again ends now."""
        self.stop = self.stop or error
        for task in self._pausing:
            task.cancel()

    @contextmanager
    def pausing(self) -> Iterator[None]:
        """Around a wait with no call under way."""
        task = asyncio.current_task()
        assert task is not None
        self._pausing.add(task)
        try:
            yield
        finally:
            self._pausing.discard(task)

    def next(self) -> tuple[int, Outcome] | None:
        """Waits for it; an interrupt that reached another thread is noticed, too."""
        while True:
            with suppress(Empty):
                return self.came.get(timeout=WAKE_S)


class _Stopped(Exception):
    """The run was stopped by another request."""


class Endpoint:
    """Close it, or use it in a `with`.

    The cost of a reply is reckoned from the tokens that the service reports; where it reports none, from an
    estimate, rather too high. A call whose answer was lost counts as if it had cost the most it could.
    """

    def __init__(
        self,
        base_urls: Sequence[str],
        model: str,
        archive: Archive,
        *,
        key: SecretStr | None = None,
        key_name: str = "",
        terms: Terms = USUAL_TERMS,
        tally: Tally | None = None,
    ) -> None:
        self._model = model
        self._key, self._key_name = key, key_name
        self._redact = Redactor(key)
        self._terms = terms
        self._journal = Journal(archive, Ledger(terms.caps, archive.standing))
        self._services = [
            _Service(
                URL(f"{url.rstrip('/')}/chat/completions"), Window(terms.concurrency, terms.patience), Dialect()
            )
            for url in base_urls
        ]
        self._gate = Gate([service.window for service in self._services])
        self._jitter = random.Random()
        self._host = urlsplit(base_urls[0]).hostname or base_urls[0]
        self._name = f"{model} at {self._host}"
        self._thread = LoopThread("endpoint")
        self._session: aiohttp.ClientSession | None = None
        self.tally = tally or Tally()

    @property
    def name(self) -> str:
        """The model, and the host of the first service; its port may change from day to day."""
        return self._name

    @property
    def ledger(self) -> Ledger:
        """What was spent so far."""
        return self._journal.ledger

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends what is under way; what came is on the disk then."""
        self._thread.close(self._end())

    def ask(self, requests: Sequence[Request]) -> Iterator[tuple[int, Outcome]]:
        """As `Teacher.ask`; each reply is in the archive when it is yielded."""
        return self.ask_keeping(requests, [request.key for request in requests])

    def ask_keeping(self, requests: Sequence[Request], keys: Sequence[str]) -> Iterator[tuple[int, Outcome]]:
        """The same for whoever knows the requests' keys already."""
        run = _Run(requests, keys)
        if not requests:
            return
        task = self._thread.start(self._serve(run, len(requests)))
        ended = False
        try:
            while (item := run.next()) is not None:
                yield item
            ended = True
            task.result()  # raises what went wrong within
        finally:
            if not ended:
                task.cancel()
                with suppress(Empty):
                    while run.came.get(timeout=END_S) is not None:
                        pass
        if run.stop is not None:
            raise run.stop

    async def _serve(self, run: _Run, requests: int) -> None:
        try:
            if self._session is None:
                self._session = self._new_session()
            async with asyncio.TaskGroup() as group:
                for _ in range(min(self._terms.concurrency, requests)):
                    group.create_task(self._work(run))
        finally:
            try:
                await self._journal.finish()
            except RunError as error:
                run.stop = run.stop or error
            finally:
                run.came.put(None)

    def _new_session(self) -> aiohttp.ClientSession:
        aiohttp.log.client_logger.addFilter(self._redact)
        headers = dict(HEADERS)
        if self._key is not None:
            headers["Authorization"] = f"Bearer {self._key.get_secret_value()}"
        return aiohttp.ClientSession(
            headers=headers,
            connector=aiohttp.TCPConnector(limit=0),  # the gate limits
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S),
            auto_decompress=False,
        )

    async def _end(self) -> None:
        if self._session is not None:
            await self._session.close()
            aiohttp.log.client_logger.removeFilter(self._redact)

    async def _work(self, run: _Run) -> None:
        for job in run.left:
            while run.came.qsize() >= MOST_WAITING:
                await asyncio.sleep(0.02)
            try:
                outcome = await self._outcome(run, job)
            except _Stopped:
                return
            except RunError as error:
                return run.end(error)
            except CapReached as reached:
                return run.end(self._cap_error(reached.cap))
            self.tally.came(outcome)
            self._journal.when_written(partial(run.came.put, (job.place, outcome)))
            if run.stop is not None:
                return

    async def _outcome(self, run: _Run, job: _Job) -> Outcome:
        """Asks until there is a reply, or asking on makes no sense."""
        reason, was_reached, attempts = "", False, self._terms.patience.attempts
        for attempt in range(1, attempts + 1):
            with run.pausing():
                place = await self._gate.enter()
            try:
                service = self._services[place]
                if service.dialect.knows_all_of(job.request):
                    got = await self._attempt(run, service, job)
                else:
                    async with service.dialect.turn():
                        got = await self._attempt(run, service, job)
            finally:
                self._gate.leave(place)
            if not isinstance(got, Passing):
                return got
            reason = got.reason
            was_reached |= got.was_sent
            if attempt < attempts:
                self.tally.repeated[first_words(reason)] += 1
                # After "too many" it is the gate that waits; and another service may be well.
                if not got.too_many and (attempt > 1 or len(self._services) == 1):
                    with run.pausing():
                        await asyncio.sleep(
                            self._terms.patience.backoff_s(attempt) * self._jitter.uniform(0.5, 1.0)
                        )
        if not was_reached:
            raise RunError(
                f"The service at {self._host} was not reached in {attempts} attempts; see that it "
                "runs and that teacher.base_urls is right, and run the same command again: what came is kept."
            )
        return NoReply(reason=f"{reason}{', ' if ':' in reason else ': '}{attempts} attempts")

    async def _attempt(self, run: _Run, service: _Service, job: _Job) -> Outcome | Passing:
        """One call, or a few more where the service turns out to refuse some of the fields."""
        left_out: frozenset[str] = frozenset()
        while True:
            meaning = await self._call(run, service, job, left_out)
            if isinstance(meaning, Refused):
                key = f" in {self._key_name}" if self._key_name else ""
                raise RunError(
                    f"The service at {self._host} {meaning.reason}; see to the key{key} and the account, and run "
                    "the same command again: what came is kept."
                )
            if not isinstance(meaning, Misunderstood):
                return meaning
            suspect = service.dialect.suspect(job.request, meaning.message, left_out)
            if suspect is None:
                said = f": {meaning.message}" if meaning.message else ""
                return NoReply(reason=f"status {meaning.status}{said}")
            left_out |= {suspect}

    async def _call(self, run: _Run, service: _Service, job: _Job, left_out: frozenset[str]) -> Meaning:
        request = job.request
        most = request.sampling.max_tokens
        worst = self._terms.prices.of(prompt_tokens_at_most(request), most)
        await self._journal.reserve(worst)
        clock = asyncio.get_running_loop().time
        began = clock()
        assert self._session is not None
        try:
            if run.stop is not None:
                raise _Stopped
            self.tally.calls += 1
            got = await exchange(
                self._session,
                service.url,
                service.dialect.body(request, self._model, left_out),
                deadline_s=self._terms.timeout_s,
                most_bytes=BYTES_AT_LEAST + BYTES_PER_TOKEN * most,
            )
        except _Stopped:
            self._journal.settle(worst, Amount())
            raise
        except BaseException:  # left: the service may be working on it all the same
            self._journal.settle(worst, worst)
            raise
        meaning, cost = meaning_of(got, request, self._model, self._terms.prices, worst, self._redact)
        if isinstance(meaning, Passing):
            asked_s = retry_after_s(meaning.retry_after, meaning.date)
            if meaning.too_many:
                service.window.had_too_many(began, clock(), asked_s)
            else:
                service.window.failed(began, clock(), asked_s)
        elif isinstance(got, Answer) and got.status < 300:
            service.window.succeeded(began, clock())
            service.dialect.learn(request, left_out)
        kept = Kept(self._name, job.key, meaning, request.purpose) if isinstance(meaning, Reply) else None
        self._journal.settle(worst, cost, kept)
        return meaning

    def _cap_error(self, cap: str) -> RunError:
        return RunError(
            f"The cap teacher.cap_{cap} is reached: {self.ledger.describe()}, and the next call could cost more. "
            "Raise it and run the same command again: what came is kept."
        )
