"""An event loop on a thread of its own, for a blocking caller."""

import asyncio
import concurrent.futures
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class LoopThread:
    """Starts with the first coroutine; a daemon, so that it never keeps a process alive."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._started: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, T]) -> "concurrent.futures.Future[T]":
        """Runs `work` on the loop; any thread may ask for that."""
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name=self._name, daemon=True)
                self._thread.start()
        return asyncio.run_coroutine_threadsafe(self._run(work), self._loop)

    def close(self, last: Coroutine[Any, Any, None]) -> None:
        """Cancels what was started, then runs `last`, and ends the thread. Nothing is done if none was started."""
        if self._loop is None or self._thread is None:
            last.close()
            return
        loop, self._loop = self._loop, None
        asyncio.run_coroutine_threadsafe(self._end(last), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        self._thread.join()
        loop.close()

    async def _run(self, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.current_task()
        assert task is not None
        self._started.add(task)
        try:
            return await work
        finally:
            self._started.discard(task)

    async def _end(self, last: Coroutine[Any, Any, None]) -> None:
        started = list(self._started)
        for task in started:
            task.cancel()
        await asyncio.gather(*started, return_exceptions=True)
        await last
