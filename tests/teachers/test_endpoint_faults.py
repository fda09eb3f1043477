"""What services and networks do to an endpoint. The numbers are those of the fault matrix's rows."""

import asyncio
import gzip
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path

import psutil
import pytest
from loopback import Answer, Asked, Loopback, Raw, completion, echo, error
from teacher_builders import QUICK, cached_endpoint, request, requests

from skilladapt.errors import RunError
from skilladapt.teachers.ledger import Prices
from skilladapt.teachers.limits import Patience
from skilladapt.teachers.teacher import NoReply, Reply, ask_all

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def is_reply(outcome: object) -> bool:
    return isinstance(outcome, Reply)


# --- row 28: too many requests -------------------------------------------------------------------------------


def too_many(value: str | None, at_first: int) -> Callable[[Asked], Answer]:
    def serve(asked: Asked) -> Answer:
        if asked.number >= at_first:
            return echo(asked)
        date = {"Date": formatdate(1e9, usegmt=True)}
        return error(429, **({} if value is None else {"Retry_After": value}), **date)

    return serve


@pytest.mark.parametrize(
    ("value", "least_s", "most_s"),
    [
        ("1", 1.0, 1.5),
        (formatdate(1e9 + 1, usegmt=True), 1.0, 1.5),
        ("600", 1.5, 2.0),  # bounded
        ("1e999", 1.5, 2.0),
        (None, 0.01, 0.5),
        ("-5", 0.01, 0.5),
        ("soon", 0.01, 0.5),
        ("nan", 0.01, 0.5),
        (formatdate(0, usegmt=True), 0.01, 0.5),
        ("Mon, 99 Foo 99999 99:99:99 GMT", 0.01, 0.5),
    ],
)
def test_a_service_is_left_alone_for_as_long_as_it_asks_within_bounds(
    tmp_path: Path, value: str | None, least_s: float, most_s: float
) -> None:
    patience = Patience(attempts=8, first_wait_s=0.02, longest_wait_s=0.1, longest_retry_after_s=1.5)
    with (
        Loopback(too_many(value, 16)) as server,
        cached_endpoint(server, tmp_path / "a", concurrency=16, patience=patience) as (teacher, _),
    ):
        assert all(map(is_reply, ask_all(teacher, requests(20))))
    times = [asked.at for asked in server.asked]
    assert least_s <= times[16] - times[15] <= most_s
    assert len(times) == 20 + 16  # nobody was asked again in vain
    # Those who waited do not all start at once, but as if a call took a second, of which nothing is known yet.
    assert server.peak_rate(0.25, since=times[16], until=times[16] + 0.5) <= 3


def test_a_service_with_a_limit_is_asked_about_as_often_as_it_bears(tmp_path: Path) -> None:
    times: list[float] = []

    def serve(asked: Asked) -> Answer:
        if sum(at > asked.at - 0.5 for at in times) >= 20:
            return error(429, Retry_After="0.5")
        times.append(asked.at)
        return Answer(body=completion(asked.text), delay_s=0.05)

    with (
        Loopback(serve) as server,
        cached_endpoint(
            server, tmp_path / "a", concurrency=64, patience=Patience(first_wait_s=0.02, longest_wait_s=0.5)
        ) as (teacher, _),
    ):
        assert all(map(is_reply, ask_all(teacher, requests(150))))
        repeated = teacher.tally.counts().repeated
    # The first storm is as large as allowed; after that each episode costs few calls.
    assert repeated == {"status 429": len(server.asked) - 150}
    assert len(server.asked) - 150 <= 150
    assert server.peak_rate(0.5, since=server.asked[64].at + 0.3) <= 40


# --- row 29: failures that pass ------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [408, 409, 425, 500, 502, 503, 529])
def test_a_burst_of_failures_is_sat_out(tmp_path: Path, status: int) -> None:
    def serve(asked: Asked) -> Answer:
        return error(status) if asked.number < 12 else echo(asked)

    with Loopback(serve) as server, cached_endpoint(server, tmp_path / "a") as (teacher, _):
        outcomes = ask_all(teacher, requests(30))
    assert all(map(is_reply, outcomes))
    assert max(map(server.texts.count, server.texts)) <= QUICK.attempts
    assert len(server.asked) == 42


def test_a_request_that_always_fails_is_given_up_and_holds_nobody_back(tmp_path: Path) -> None:
    def serve(asked: Asked) -> Answer:
        return error(500, "poison") if asked.text == "question 7" else echo(asked)

    with Loopback(serve) as server, cached_endpoint(server, tmp_path / "a") as (teacher, _):
        outcomes = ask_all(teacher, requests(30))
        assert teacher.tally.counts().failed == {"status 500": 1}
    assert [place for place, outcome in enumerate(outcomes) if not is_reply(outcome)] == [7]
    assert outcomes[7] == NoReply(reason="status 500: poison, 4 attempts")
    assert server.texts.count("question 7") == QUICK.attempts and len(server.asked) == 33


def test_what_failed_is_asked_again_in_the_next_run(tmp_path: Path) -> None:
    with Loopback(lambda _: error(500)) as server:
        for script in (server.script, echo):
            server.script = script
            with cached_endpoint(server, tmp_path / "a") as (teacher, _):
                outcome = ask_all(teacher, [request("a")])[0]
    assert is_reply(outcome)


# --- row 30: failures that do not pass -----------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 404, 405, 410, 413, 418, 451])
def test_what_will_not_pass_is_not_asked_again(tmp_path: Path, status: int) -> None:
    def serve(asked: Asked) -> Answer:
        return error(status, "no", Location="http://127.0.0.1:9/") if asked.number == 3 else echo(asked)

    with Loopback(serve) as server, cached_endpoint(server, tmp_path / "a", concurrency=1) as (teacher, _):
        outcomes = ask_all(teacher, requests(10))
    assert len(server.asked) == 10
    assert outcomes[3] == NoReply(reason=f"status {status}: no")


@pytest.mark.parametrize(
    ("status", "message"), [(401, "bad key"), (403, "not you"), (402, "pay"), (429, "insufficient_quota")]
)
def test_a_refused_key_or_account_stops_the_run_and_keeps_what_came(
    tmp_path: Path, status: int, message: str
) -> None:
    def serve(asked: Asked) -> Answer:
        return error(status, message) if asked.number >= 10 else echo(asked)

    with Loopback(serve) as server:
        came = []
        with (
            cached_endpoint(server, tmp_path / "a", concurrency=4, key="sk-0123456789") as (teacher, _),
            pytest.raises(RunError, match=f"{message}.*the key in K and the account"),
        ):
            for place, _ in teacher.ask(requests(100)):
                came.append(place)
        assert len(came) == 10 and len(server.asked) <= 14
        server.script = echo
        with cached_endpoint(server, tmp_path / "a") as (teacher, _):
            assert all(map(is_reply, ask_all(teacher, requests(100))))
    assert len(server.asked) <= 14 + 90


def test_where_nobody_listens_the_run_stops_with_a_word(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
    with (
        cached_endpoint([url], tmp_path / "a") as (teacher, endpoint),
        pytest.raises(RunError, match="was not reached in 4 attempts; see that it runs"),
    ):
        ask_all(teacher, requests(20))
    assert endpoint.ledger.spent.calls == endpoint.ledger.spent.tokens == 0


# --- rows 31 and 32: connections that misbehave --------------------------------------------------------------


async def drip(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"Content-Length: 1000000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


async def silence(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def headers_without_end(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD)
    while True:
        writer.write(b"X-More: " + b"x" * 1000 + b"\r\n")
        await writer.drain()
        await asyncio.sleep(0.01)


async def flood(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"100000\r\n" + b"x" * 2**20 + b"\r\n")
        await writer.drain()


async def bomb(writer: asyncio.StreamWriter) -> None:
    """A gibibyte of zeros in a mebibyte."""
    press = zlib.compressobj(wbits=31)
    start = press.compress(b"") + press.flush(zlib.Z_FULL_FLUSH)
    block = press.compress(b"\0" * 2**20) + press.flush(zlib.Z_FULL_FLUSH)
    data = start + 1024 * block
    writer.write(HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(data) + data)
    await writer.drain()


async def reset(writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def close_at_once(writer: asyncio.StreamWriter) -> None:
    pass


async def cut_in_the_body(writer: asyncio.StreamWriter) -> None:
    body = completion("whole")
    writer.write(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body[:40])
    await writer.drain()


async def half_close(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"Content-Length: 100\r\n\r\n{")
    writer.write_eof()
    await asyncio.sleep(60)


async def no_http(writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
    await writer.drain()


async def bad_chunks(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n")
    await writer.drain()


async def odd_encoding(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"Content-Encoding: br\r\nContent-Length: 3\r\n\r\nabc")
    await writer.drain()


async def no_gzip(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")
    await writer.drain()


async def gzip_cut_short(writer: asyncio.StreamWriter) -> None:
    data = gzip.compress(completion("whole"))[:-20]
    writer.write(HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(data) + data)
    await writer.drain()


class Memory(threading.Thread):
    """The most by which the process has grown inside the `with`, looked at often."""

    def __enter__(self) -> "Memory":
        self.grown, self._over = 0, threading.Event()
        self.start()
        return self

    def run(self) -> None:
        rss = psutil.Process().memory_info
        before = rss().rss
        while not self._over.wait(0.005):
            self.grown = max(self.grown, rss().rss - before)

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()


@pytest.mark.parametrize(
    ("misbehave", "reason", "calls"),
    [
        (drip, "timed out", 4),
        (silence, "timed out", 4),
        (headers_without_end, "", 0),
        (flood, "more than 263,424 bytes", 1),
        (bomb, "more than 263,424 bytes", 1),
        (reset, "connection lost", 4),
        (close_at_once, "connection lost", 4),
        (cut_in_the_body, "connection lost", 4),
        (half_close, "connection lost", 4),
        (no_http, "", 0),
        (bad_chunks, "", 0),
        (odd_encoding, "an unknown encoding", 1),
        (no_gzip, "no valid HTTP", 1),
        (gzip_cut_short, "a compressed body cut short", 1),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_connection_that_misbehaves_costs_one_request_little_time_and_memory(
    tmp_path: Path, misbehave: Raw, reason: str, calls: int
) -> None:
    def serve(asked: Asked) -> Answer | Raw:
        return misbehave if asked.text == "question 2" else echo(asked)

    with Loopback(serve) as server, cached_endpoint(server, tmp_path / "a", timeout_s=0.4) as (teacher, _):
        ask_all(teacher, [request("to warm up")])
        began = time.monotonic()
        with Memory() as memory:
            outcomes = ask_all(teacher, requests(8))
        took_s = time.monotonic() - began
    bad = outcomes.pop(2)
    assert all(map(is_reply, outcomes)) and isinstance(bad, NoReply)
    assert took_s < 4 * (0.4 + QUICK.longest_wait_s) + 1
    assert memory.grown < 30 * 2**20
    if calls:
        assert bad.reason.startswith(reason) and server.texts.count("question 2") == calls
    else:
        assert bad.reason.split(":")[0] in ("timed out", "connection lost", "no valid HTTP")


def test_a_compressed_reply_is_read_although_none_was_asked_for(tmp_path: Path) -> None:
    def serve(asked: Asked) -> Answer:
        assert asked.headers["accept-encoding"] == "identity"
        return Answer(body=gzip.compress(completion("whole")), headers={"Content-Encoding": "gzip"})

    with Loopback(serve) as server, cached_endpoint(server, tmp_path / "a") as (teacher, _):
        (reply,) = ask_all(teacher, [request("a")])
    assert isinstance(reply, Reply) and reply.text == "whole"


def test_a_reply_that_was_lost_on_its_way_is_asked_for_once_more_and_counts_twice(tmp_path: Path) -> None:
    def serve(asked: Asked) -> Answer | Raw:
        return cut_in_the_body if asked.number == 0 else echo(asked)

    prices = Prices(1.0, 1.0)
    with Loopback(serve) as server, cached_endpoint(server, tmp_path / "a", prices=prices) as (teacher, endpoint):
        (reply,) = ask_all(teacher, [request("a")])
        spent = endpoint.ledger.spent
    assert isinstance(reply, Reply) and len(server.asked) == 2
    # The lost one at its worst, 81 tokens of prompt and template and 20 of the reply; the other as reported.
    assert spent == (2, 101 + 15, 1000 * (101 + 15))


# --- rows 33 and 34: replies that are none -------------------------------------------------------------------

GARBAGE: dict[str, bytes] = {
    "an empty body": b"",
    "no JSON": b"<html><body>502</body></html>",
    "no UTF-8 text": b'{"a": "\xff"}',
    "no JSON object": b"[1, 2]",
    "no message in it": b'{"choices": []}',
    "no text in it": completion(None),
    "an empty text": completion("  \n"),
    "an empty text, cut at the limit": completion("", "length"),
    "no valid Unicode": completion("\ud800"),
    "NaN or Infinity in it": completion("a").replace(b"10", b"NaN", 1),
    "a number without end in it": completion("a").replace(b"10", b"1" * 5000, 1),
    "JSON nested too deeply": b"[" * 100_000,
    "the same key twice in it": b'{"choices": 1, "choices": 2}',
    "refused": completion("a").replace(b'"content"', b'"refusal": "I will not", "content"'),
}


@pytest.mark.parametrize("problem", GARBAGE)
def test_garbage_is_no_reply_and_is_not_asked_for_again(tmp_path: Path, problem: str) -> None:
    def serve(asked: Asked) -> Answer:
        return Answer(body=GARBAGE[problem]) if asked.text == "question 2" else echo(asked)

    with Loopback(serve) as server, cached_endpoint(server, tmp_path / "a") as (teacher, _):
        outcomes = ask_all(teacher, requests(6))
        assert teacher.tally.counts().failed == {problem: 1}
    bad = outcomes.pop(2)
    assert isinstance(bad, NoReply) and bad.reason.partition(":")[0] == problem
    assert all(map(is_reply, outcomes)) and len(server.asked) == 6


def test_a_reply_cut_anywhere_is_never_taken_for_a_whole_one(tmp_path: Path) -> None:
    whole = completion('{"answer": 1000}')

    def serve(asked: Asked) -> Answer:
        return Answer(body=whole[: int(asked.text.split()[1])])

    with Loopback(serve) as server, cached_endpoint(server, tmp_path / "a") as (teacher, _):
        outcomes = ask_all(teacher, requests(len(whole)))
    assert not any(map(is_reply, outcomes)) and len(server.asked) == len(whole)
