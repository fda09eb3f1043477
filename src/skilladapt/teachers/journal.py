"""The ledger and the replies on their way to the disk, in groups: while one is written, the next one gathers."""

import asyncio

from skilladapt.teachers.archive import Archive, Kept
from skilladapt.teachers.ledger import Amount, Ledger


class Journal:
    """A ledger whose every change is on the disk before it counts. Lives on one event loop."""

    def __init__(self, archive: Archive, ledger: Ledger) -> None:
        self._archive = archive
        self.ledger = ledger
        self._kept: list[Kept] = []
        self._waiting: list[asyncio.Future[None]] = []
        self._writing: asyncio.Task[None] | None = None
        self._settled = asyncio.Event()

    async def reserve(self, worst: Amount) -> None:
        """Waits until there is room for a call under the caps. Raises CapReached when there will be none."""
        while not self.ledger.reserve(worst):
            self._settled.clear()
            await self._settled.wait()
        try:
            await self._written()
        except BaseException:  # the call will not be made
            self.ledger.settle(worst, Amount())
            self._settled.set()
            raise

    def settle(self, worst: Amount, actual: Amount, kept: Kept | None = None) -> "asyncio.Future[None]":
        """Counts a call and keeps its reply, if it has one; done when both are on the disk."""
        self.ledger.settle(worst, actual)
        self._settled.set()
        if kept is not None:
            self._kept.append(kept)
        return self._written()

    async def finish(self) -> None:
        """Waits for all that is under way to the disk."""
        while self._writing is not None:
            await asyncio.shield(self._writing)

    def _written(self) -> "asyncio.Future[None]":
        future = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return future

    async def _write(self) -> None:
        while self._waiting:
            await asyncio.sleep(0)  # whoever else is ready joins the group
            waiting, self._waiting = self._waiting, []
            kept, self._kept = self._kept, []
            try:
                await asyncio.wrap_future(self._archive.write(kept, self.ledger.standing))
            except Exception as error:
                for future in waiting:
                    if not future.done():
                        future.set_exception(error)
                        future.exception()  # marks it as seen; whoever waits gets it all the same
                continue
            for future in waiting:
                if not future.done():
                    future.set_result(None)
        self._writing = None
