"""How fast rows come from a service that takes a fixed time a call: ours beside a bare aiohttp loop and `openai`.

    python benchmarks/bench_generation.py

starts a service on 127.0.0.1 in a process of its own, which answers every call after a fixed delay with about
1.5 kB. Each way of asking runs in a fresh process, warmed up by as many calls as go at once, and then asks for the
rows. All ways are done in turn, several times, so that whatever else the machine does burdens all alike: medians,
and the median of the ratios within a turn.

- `bare`: aiohttp in a plain loop that keeps nothing: no retries, no checks, no cost, no cache.
- `openai`: AsyncOpenAI and gather, as its users do it.
- `ours`: with archive and ledger, every reply synced to the disk before it is told.
- `again`: the same on the archive that `ours` left; it must make no call.

Rows per second and processor seconds are those of the asking alone, in the client's process; memory is its peak,
imports included.
"""

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

WAYS = ("bare", "openai", "ours", "again")
PROMPT = "Write an exercise about the chain rule, with its solution step by step. Number "


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--delays-ms", type=int, nargs="+", default=[50, 500])
    parser.add_argument("--concurrency", type=int, nargs="+", default=[64, 256])
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--ways", nargs="+", default=WAYS, choices=WAYS)
    parser.add_argument("--client", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--archive", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve is not None:
        asyncio.run(serve(given.serve / 1000))
    elif given.client:
        way, url, rows, concurrency = given.client
        print(json.dumps(CLIENTS[way](url, int(rows), int(concurrency), given.archive)))
    else:
        compare(given)


def compare(given: argparse.Namespace) -> None:
    print(f"{given.rows} rows, medians of {given.repetitions}, load {os.getloadavg()[0]:.1f} at the start")
    print(f"{'':22}{'rows/s':>9}{'of bare':>9}{'cpu s':>8}{'RSS MB':>8}{'calls':>8}")
    for delay_ms in given.delays_ms:
        server = subprocess.Popen(
            [sys.executable, __file__, "--serve", str(delay_ms)], stdout=subprocess.PIPE, text=True
        )
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        try:
            for concurrency in given.concurrency:
                measured: dict[str, list[dict[str, float]]] = {way: [] for way in given.ways}
                for _ in range(given.repetitions):
                    with tempfile.TemporaryDirectory() as folder:
                        for way in given.ways:
                            archive = Path(folder) / "teacher.sqlite"
                            measured[way].append(run(way, url, given.rows, concurrency, archive))
                show(f"{delay_ms} ms, {concurrency}", measured, given.rows)
        finally:
            server.terminate()
            server.wait()


def run(way: str, url: str, rows: int, concurrency: int, archive: Path) -> dict[str, float]:
    calls = count(url)
    command = [sys.executable, __file__, "--client", way, url, str(rows), str(concurrency)]
    done = subprocess.run([*command, "--archive", str(archive)], stdout=subprocess.PIPE, text=True, check=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return {**measured, "calls": count(url) - calls - measured.pop("warm_up")}


def count(url: str) -> int:
    with urllib.request.urlopen(url) as response:
        return int(response.read())


def show(title: str, measured: dict[str, list[dict[str, float]]], rows: int) -> None:
    for way, each in measured.items():
        ratios = [bare["s"] / one["s"] for bare, one in zip(measured["bare"], each, strict=True)]
        middle = {name: statistics.median(one[name] for one in each) for name in each[0]}
        print(
            f"{title + ', ' + way:22}{rows / middle['s']:9.0f}{statistics.median(ratios):9.2f}"
            f"{middle['cpu_s']:8.2f}{middle['rss_mb']:8.0f}{middle['calls']:8.0f}",
            flush=True,
        )


# --- the ways --------------------------------------------------------------------------------------------------


def timed(work: Callable[[], int], rows: int, warm_up: int) -> dict[str, float]:
    began, cpu = time.perf_counter(), time.process_time()
    assert work() == rows
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "s": time.perf_counter() - began,
        "cpu_s": time.process_time() - cpu,
        "rss_mb": rss,
        "warm_up": warm_up,
    }


def messages(number: int) -> list[dict[str, str]]:
    return [{"role": "user", "content": f"{PROMPT}{number}."}]


def bare(url: str, rows: int, concurrency: int, _: Path) -> dict[str, float]:
    import aiohttp

    async def ask(session: aiohttp.ClientSession, numbers: Any, texts: list[str]) -> None:
        for number in numbers:
            body = {"model": "m", "messages": messages(number), "temperature": 0.7, "max_tokens": 1024}
            async with session.post(f"{url}/chat/completions", json=body) as response:
                content = await response.json()
            texts.append(content["choices"][0]["message"]["content"])

    async def ask_all(session: aiohttp.ClientSession, number: int) -> int:
        numbers, texts = iter(range(number)), []
        await asyncio.gather(*(ask(session, numbers, texts) for _ in range(concurrency)))
        return len(texts)

    with asyncio.Runner() as runner:

        async def start() -> aiohttp.ClientSession:
            return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

        session = runner.run(start())
        runner.run(ask_all(session, concurrency))
        found = timed(lambda: runner.run(ask_all(session, rows)), rows, concurrency)
        runner.run(session.close())
    return found


def openai(url: str, rows: int, concurrency: int, _: Path) -> dict[str, float]:
    from openai import AsyncOpenAI

    async def ask(client: AsyncOpenAI, limit: asyncio.Semaphore, number: int) -> str:
        async with limit:
            reply = await client.chat.completions.create(
                model="m", messages=messages(number), temperature=0.7, max_tokens=1024
            )
        return reply.choices[0].message.content or ""

    async def ask_all(client: AsyncOpenAI, number: int) -> int:
        limit = asyncio.Semaphore(concurrency)
        return len(await asyncio.gather(*(ask(client, limit, at) for at in range(number))))

    with asyncio.Runner() as runner:
        client = AsyncOpenAI(base_url=url, api_key="none-at-all")
        runner.run(ask_all(client, concurrency))
        found = timed(lambda: runner.run(ask_all(client, rows)), rows, concurrency)
        runner.run(client.close())
    return found


def ours(url: str, rows: int, concurrency: int, archive: Path, warm_up: bool = True) -> dict[str, float]:
    from skilladapt.stages.staffing import build_teacher
    from skilladapt.teacher_config import TeacherConfig
    from skilladapt.teachers.teacher import Message, Reply, Request

    def ask_all(numbers: range) -> int:
        requests = [
            Request(messages=tuple(Message.model_validate(one) for one in messages(number))) for number in numbers
        ]
        return sum(isinstance(outcome, Reply) for _, outcome in teacher.ask(requests))

    config = TeacherConfig(
        kind="endpoint",
        model="m",
        base_urls=(url,),
        concurrency=concurrency,
        usd_per_million_prompt_tokens=0.15,
        usd_per_million_completion_tokens=0.6,
        cap_usd=1000.0,
    )
    with build_teacher(config, archive) as teacher:
        if warm_up:
            ask_all(range(10**6, 10**6 + concurrency))
        return timed(lambda: ask_all(range(rows)), rows, concurrency if warm_up else 0)


def again(url: str, rows: int, concurrency: int, archive: Path) -> dict[str, float]:
    return ours(url, rows, concurrency, archive, warm_up=False)


CLIENTS = {"bare": bare, "openai": openai, "ours": ours, "again": again}


# --- the service -----------------------------------------------------------------------------------------------


async def serve(delay_s: float) -> None:
    """As little work a call as possible, so that the clients have the machine for themselves."""
    text = "Let u be the inner function, and take the derivative of the outer one at u. " * 20
    choice = {"index": 0, "message": {"role": "assistant", "content": text[:1500]}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 30, "completion_tokens": 350, "total_tokens": 380}
    body = json.dumps({"object": "chat.completion", "model": "m", "choices": [choice], "usage": usage}).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    reply, loop, calls = head % len(body) + body, asyncio.get_running_loop(), 0

    class Service(asyncio.Protocol):
        def connection_made(self, transport: Any) -> None:
            self.transport, self.data = transport, b""

        def data_received(self, data: bytes) -> None:
            nonlocal calls
            self.data += data
            begin, found, rest = self.data.partition(b"\r\n\r\n")
            if not found:
                return
            if begin.startswith(b"GET"):
                number = str(calls).encode()
                self.transport.write(head % len(number) + number)
                self.transport.close()
                return
            length = begin.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
            if len(rest) >= int(length):
                self.data = b""
                calls += 1
                loop.call_later(delay_s, self.transport.write, reply)

    server = await loop.create_server(Service, "127.0.0.1", 0, backlog=2048)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    main()
