"""The ledger and the replies on their way to the disk, in groups: while one is written, the next one gathers."""

import asyncio
from collections.abc import Callable

from skilladapt.teachers.archive import Archive, Kept
from skilladapt.teachers.ledger import Amount, Ledger


class Journal:
    """A ledger whose every change is on the disk before it counts. Lives on one event loop.

    To make a reservation is to wait for all that was settled before it: who asks for the next thing only then has
    never more than one reply that is not yet on the disk.
    """

    def __init__(self, archive: Archive, ledger: Ledger) -> None:
        self._archive = archive
        self.ledger = ledger
        self._kept: list[Kept] = []
        self._waiting: list[asyncio.Future[None]] = []
        self._to_tell: list[Callable[[], None]] = []
        self._is_changed = False
        self._writing: asyncio.Task[None] | None = None
        self._error: Exception | None = None
        self._settled = asyncio.Event()

    async def reserve(self, worst: Amount) -> None:
        """Waits until there is room for a call under the caps. Raises CapReached when there will be none.

        Raises RunError when the disk failed, now or before.
        """
        while not self.ledger.reserve(worst):
            self._settled.clear()
            await self._settled.wait()
        written = asyncio.get_running_loop().create_future()
        self._waiting.append(written)
        self._write_soon()
        try:
            await written
        except BaseException:  # the call will not be made
            self.settle(worst, Amount())
            raise

    def settle(self, worst: Amount, actual: Amount, kept: Kept | None = None) -> None:
        """Counts a call that is over, and keeps its reply if it has one."""
        self.ledger.settle(worst, actual)
        self._settled.set()
        if kept is not None:
            self._kept.append(kept)
        self._write_soon()

    def when_written(self, tell: Callable[[], None]) -> None:
        """Calls `tell` when all that was settled so far is on the disk; never, if the disk fails."""
        self._to_tell.append(tell)
        self._write_soon()

    async def finish(self) -> None:
        """Waits for all that is under way to the disk. Raises RunError when it did not get there."""
        while self._writing is not None:
            await asyncio.shield(self._writing)
        if self._error is not None:
            raise self._error

    def _write_soon(self) -> None:
        self._is_changed = True
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())

    async def _write(self) -> None:
        while self._is_changed:
            await asyncio.sleep(0)  # whoever else is ready joins the group
            self._is_changed = False
            kept, self._kept = self._kept, []
            waiting, self._waiting = self._waiting, []
            to_tell, self._to_tell = self._to_tell, []
            try:
                await asyncio.wrap_future(self._archive.write(kept, self.ledger.standing))
            except Exception as error:
                self._error = error
                for written in waiting:
                    if not written.done():
                        written.set_exception(error)
                continue
            for tell in to_tell:
                tell()
            for written in waiting:
                if not written.done():
                    written.set_result(None)
        self._writing = None
