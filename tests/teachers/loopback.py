"""A service on 127.0.0.1 that does byte by byte what a test tells it to, and remembers what it was asked.

Its own loop and thread. A script gets each request and says what is sent: an `Answer`, or a coroutine that writes
to the connection as it likes.
"""

import asyncio
import json
import math
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass
class Asked:
    """A request that came."""

    number: int
    """From 0 on, in the order in which they came."""
    at: float
    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def text(self) -> str:
        return str(self.body["messages"][-1]["content"])


@dataclass
class Answer:
    """What is sent back."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0


Raw = Callable[[asyncio.StreamWriter], Awaitable[None]]
Script = Callable[[Asked], Answer | Raw]


def completion(text: Any, finish: Any = "stop", usage: Any = (10, 5), **more: Any) -> bytes:
    """The usual body of a reply."""
    choice: dict[str, Any] = {"index": 0, "message": {"role": "assistant", "content": text}}
    if finish is not None:
        choice["finish_reason"] = finish
    content: dict[str, Any] = {"object": "chat.completion", "model": "loopback", "choices": [choice], **more}
    if usage is not None:
        content["usage"] = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
    return json.dumps(content).encode()


def echo(asked: Asked) -> Answer:
    """Replies with what was asked."""
    return Answer(body=completion(f"reply to {asked.text}"))


def error(status: int, message: str = "no", **headers: str) -> Answer:
    """An error in the usual shape; `Retry_After` becomes `Retry-After`."""
    body = json.dumps({"error": {"message": message}}).encode()
    return Answer(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


class Loopback:
    """Runs until the end of the `with`."""

    def __init__(self, script: Script = echo) -> None:
        self.script = script
        self.asked: list[Asked] = []
        self.under_way = self.most_under_way = 0
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def texts(self) -> list[str]:
        return [asked.text for asked in self.asked]

    def peak_rate(self, window_s: float, since: float, until: float = math.inf) -> int:
        """Most requests that came within a time of that length."""
        times = [asked.at for asked in self.asked if since <= asked.at < until]
        return max(sum(1 for at in times if begin <= at < begin + window_s) for begin in times)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        start = asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1024)
        self._server = asyncio.run_coroutine_threadsafe(start, self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while await self._one(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        data = await reader.readexactly(int(headers["content-length"]))
        asked = Asked(len(self.asked), time.monotonic(), head[0].split()[1], headers, json.loads(data))
        self.asked.append(asked)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            answer = self.script(asked)
            if not isinstance(answer, Answer):
                await answer(writer)
                return False
            await asyncio.sleep(answer.delay_s)
        finally:
            self.under_way -= 1
        head = [f"HTTP/1.1 {answer.status} Told", f"Content-Length: {len(answer.body)}"]
        head += [f"{name}: {value}" for name, value in answer.headers.items()]
        writer.write("\r\n".join([*head, "", ""]).encode() + answer.body)
        await writer.drain()
        return True
