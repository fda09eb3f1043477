"""One call over HTTP: a body out, an answer or a reason back, within a deadline and a number of bytes.

Never raises for what a server or a network does. Exceptions of the client hold headers, and so the key: none
leaves this module, and nothing of their texts does.
"""

import asyncio
import zlib
from dataclasses import dataclass

import aiohttp
from yarl import URL

CONNECT_S = 30.0
HEADERS = {
    "Content-Type": "application/json",
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "User-Agent": "skilladapt",
}
"""Of every call; the session adds them."""


@dataclass(frozen=True)
class Answer:
    """A whole response."""

    status: int
    data: bytes
    retry_after: str | None
    date: str | None


@dataclass(frozen=True)
class Lost:
    """No whole response."""

    reason: str
    was_sent: bool
    """Whether the request may have reached the service, and so may have to be paid for."""
    may_pass: bool = True
    """Whether to ask again may help."""


async def exchange(
    session: aiohttp.ClientSession, url: URL, body: bytes, *, deadline_s: float, most_bytes: int
) -> Answer | Lost:
    """POSTs `body`. `deadline_s` is for all of it, from connecting to the last byte."""
    try:
        async with (
            asyncio.timeout(deadline_s),
            session.post(url, data=body, allow_redirects=False) as response,
        ):
            data = await _read(response, most_bytes)
            if isinstance(data, Lost):
                response.close()  # or the connection would be drained for the next call
                return data
            headers = response.headers
            return Answer(response.status, data, headers.get("Retry-After"), headers.get("Date"))
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        return Lost("cannot connect", was_sent=False)
    except TimeoutError:
        return Lost("timed out", was_sent=True)
    except (aiohttp.ClientPayloadError, aiohttp.ClientConnectionError, OSError):
        return Lost("connection lost", was_sent=True)
    except (aiohttp.ClientError, ValueError, zlib.error):
        return Lost("no valid HTTP", was_sent=True, may_pass=False)


async def _read(response: aiohttp.ClientResponse, most_bytes: int) -> bytes | Lost:
    """The body, decompressed; compression was not asked for, but some services do not listen."""
    too_long = Lost(f"more than {most_bytes:,} bytes", was_sent=True, may_pass=False)
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    length = response.content_length
    if encoding == "identity" and length is not None and length <= most_bytes:
        return await response.read()  # nearly always, and quicker
    if encoding not in ("identity", "gzip", "deflate", ""):
        return Lost("an unknown encoding", was_sent=True, may_pass=False)
    inflate = zlib.decompressobj(wbits=47) if encoding in ("gzip", "deflate") else None
    parts, room = [], most_bytes + 1
    async for part in response.content.iter_any():
        if inflate is not None:
            part = inflate.decompress(part, room)
        parts.append(part)
        room -= len(part)
        if room <= 0:
            return too_long
    if inflate is not None and not inflate.eof:
        return Lost("a compressed body cut short", was_sent=True, may_pass=False)
    return b"".join(parts)
