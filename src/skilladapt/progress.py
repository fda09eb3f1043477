"""What a person sees while a run works: a bar with the time left in a terminal, a line now and then in a log."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

LOG_EVERY_S = 20.0


class Advance(Protocol):
    """Called with the amount of work done since the last call."""

    def __call__(self, amount: int = 1, /) -> None:
        """Moves the bar on."""
        ...


LOG_WIDTH = 110

console = Console(width=None if sys.stdout.isatty() else LOG_WIDTH, highlight=False)
"""Where results are printed."""
_progress = Console(width=None if sys.stderr.isatty() else LOG_WIDTH, highlight=False, stderr=True)
"""Apart from the results, which a script may read."""


@contextmanager
def progress(title: str, total: int, unit: str) -> Iterator[Advance]:
    """Shows `title` with `total` units of work to do; yields the function that advances it. No title: silence."""
    if not title:
        yield lambda amount=1, /: None
        return
    shown = _bar(title, total, unit) if _progress.is_terminal else _lines(title, total, unit)
    with shown as advance:
        yield advance


@contextmanager
def _bar(title: str, total: int, unit: str) -> Iterator[Advance]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=_progress) as bar:
        task = bar.add_task(title, total=total)

        def advance(amount: int = 1, /) -> None:
            bar.update(task, advance=amount)

        yield advance


@contextmanager
def _lines(title: str, total: int, unit: str) -> Iterator[Advance]:
    began = last = time.monotonic()
    done = 0

    def advance(amount: int = 1, /) -> None:
        nonlocal done, last
        done += amount
        now = time.monotonic()
        if now - last >= LOG_EVERY_S:
            last = now
            left_s = (now - began) / max(done, 1) * max(total - done, 0)
            _progress.print(f"  {title}: {done}/{total} {unit}, about {duration(left_s)} left")

    yield advance
    _progress.print(f"  {title}: {done} {unit} in {duration(time.monotonic() - began)}")


def duration(seconds: float) -> str:
    """Seconds in words: `45 s`, `3 min 5 s`, `2 h 4 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
