"""Small requests, and endpoints that lose patience in milliseconds."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from loopback import Loopback
from pydantic import SecretStr

from skilladapt.teachers.archive import Archive
from skilladapt.teachers.cached import Cached
from skilladapt.teachers.endpoint import Endpoint, Terms
from skilladapt.teachers.ledger import Caps, Prices
from skilladapt.teachers.limits import Patience
from skilladapt.teachers.tally import Tally
from skilladapt.teachers.teacher import Message, Request, Sampling

QUICK = Patience(attempts=4, first_wait_s=0.01, longest_wait_s=0.05, longest_retry_after_s=0.5)


def request(text: str, *, max_tokens: int = 20, **more: Any) -> Request:
    sampling = Sampling(max_tokens=max_tokens, temperature=0.5)
    return Request(messages=(Message(role="user", content=text),), sampling=sampling, **more)


def requests(number: int, **more: Any) -> list[Request]:
    return [request(f"question {index}", **more) for index in range(number)]


@contextmanager
def cached_endpoint(
    servers: Loopback | Sequence[str],
    path: Path,
    *,
    model: str = "m",
    key: str | None = None,
    prices: Prices | None = None,
    caps: Caps | None = None,
    **terms: Any,
) -> Iterator[tuple[Cached, Endpoint]]:
    """An endpoint behind its cache, as a run file would have it, but impatient."""
    urls = [servers.url] if isinstance(servers, Loopback) else servers
    settings = {"concurrency": 8, "timeout_s": 5.0, "patience": QUICK, **terms}
    told = Terms(prices or Prices(), caps or Caps(), **settings)
    tally = Tally()
    with (
        Archive(path) as archive,
        Endpoint(
            urls,
            model,
            archive,
            key=None if key is None else SecretStr(key),
            key_name="K",
            terms=told,
            tally=tally,
        ) as endpoint,
    ):
        yield Cached(endpoint, archive, tally=tally), endpoint
