"""Wraps a teacher so that no request is ever paid for twice."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from typing import Protocol, runtime_checkable

from skilladapt.teachers.archive import Archive, Kept
from skilladapt.teachers.tally import Tally
from skilladapt.teachers.teacher import Outcome, Reply, Request, Teacher

AT_ONCE = 500
"""Requests looked up together."""


@runtime_checkable
class Keeper(Protocol):
    """A teacher that does its own counting, and keeps its replies in the same archive before it yields them."""

    @property
    def name(self) -> str:
        """As a teacher's."""
        ...

    def ask_keeping(self, requests: Sequence[Request], keys: Sequence[str]) -> Iterator[tuple[int, Outcome]]:
        """As `Teacher.ask`; keeps each reply under its name and the request's key."""
        ...


class Cached:
    """Answers from the archive, asks the teacher for the rest, and keeps what it replies before telling it.

    Requests without a reply are not kept: they are asked again in the next run.
    """

    def __init__(self, teacher: Teacher | Keeper, archive: Archive, *, tally: Tally | None = None) -> None:
        self._teacher = teacher
        self._archive = archive
        self.tally = tally or Tally()

    @property
    def name(self) -> str:
        """The teacher's."""
        return self._teacher.name

    def ask(self, requests: Sequence[Request]) -> Iterator[tuple[int, Outcome]]:
        """As `Teacher.ask`; what is in the archive comes first. Equal requests are asked once."""
        self.tally.asks(len(requests))
        places: dict[str, list[int]] = {}
        """Of requests that are not in the archive, by key."""
        for start in range(0, len(requests), AT_ONCE):
            some = {place: requests[place].key for place in range(start, min(start + AT_ONCE, len(requests)))}
            found = self._archive.find(self.name, list(dict.fromkeys(some.values())))
            for place, key in some.items():
                if key in found:
                    self.tally.cached += 1
                    yield place, found[key]
                else:
                    places.setdefault(key, []).append(place)
        keys = list(places)
        missing = [requests[places[key][0]] for key in keys]
        for index, outcome in self._kept(keys, missing):
            for place in places[keys[index]]:
                yield place, outcome

    def _kept(self, keys: Sequence[str], requests: Sequence[Request]) -> Iterator[tuple[int, Outcome]]:
        """The teacher's outcomes, each reply once it is on the disk."""
        if isinstance(self._teacher, Keeper):
            yield from self._teacher.ask_keeping(requests, keys)
            return
        # Written as they come, by the archive's own thread: whatever is yielded late is not kept late.
        waiting: deque[tuple[int, Outcome, Future[None] | None]] = deque()
        for index, outcome in self._teacher.ask(requests):
            self.tally.came(outcome)
            purpose = requests[index].purpose
            kept = [Kept(self.name, keys[index], outcome, purpose)] if isinstance(outcome, Reply) else []
            waiting.append((index, outcome, self._archive.write(kept) if kept else None))
            while waiting and (len(waiting) > AT_ONCE or waiting[0][2] is None or waiting[0][2].done()):
                yield _written(*waiting.popleft())
        while waiting:
            yield _written(*waiting.popleft())


def _written(index: int, outcome: Outcome, written: "Future[None] | None") -> tuple[int, Outcome]:
    if written is not None:
        written.result()
    return index, outcome
