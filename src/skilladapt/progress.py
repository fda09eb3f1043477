"""What a person sees while a run works: a bar with the time left in a terminal, a line now and then in a log."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

LOG_EVERY_S = 20.0


class Advance(Protocol):
    """Called with the amount of work done since the last call."""

    def __call__(self, amount: int = 1, /) -> None:
        """Moves the bar on."""
        ...


LOG_WIDTH = 110

_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """`text` with a mark for each character that a terminal would obey, or that turns the writing round.

    New lines and tabs stay.
    """
    return _OBEYED.sub("\ufffd", text)


class PlainConsole(Console):
    """Prints every text as it is: titles, questions and replies are other people's.

    What looks like markup, a name of an emoji or an escape sequence is part of the text, in tables too.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(markup=False, emoji=False, highlight=False, **settings)
        if not self.is_terminal:
            self.width = LOG_WIDTH

    def render_str(self, text: str, **settings: Any) -> Text:
        """All strings come through here, so none can be forgotten."""
        return super().render_str(harmless(text), **settings)


console = PlainConsole()
"""Where results are printed."""
_progress = PlainConsole(stderr=True)
"""Apart from the results, which a script may read."""


def warn(text: str) -> None:
    """Says what a person should know of, in one line, beside the results."""
    _progress.print(f"warning: {text}", style="yellow", soft_wrap=True)


@contextmanager
def progress(title: str, total: int, unit: str, *, done: int = 0) -> Iterator[Advance]:
    """Shows `title` with `total` units of work, some of it `done`; yields what advances it. No title: silence."""
    if not title:
        yield lambda amount=1, /: None
        return
    shown = _bar(title, total, unit, done) if _progress.is_terminal else _lines(title, total, unit, done)
    with shown as advance:
        yield advance


@contextmanager
def _bar(title: str, total: int, unit: str, done: int) -> Iterator[Advance]:
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=_progress) as bar:
        task = bar.add_task(harmless(title), total=total, completed=done)

        def advance(amount: int = 1, /) -> None:
            bar.update(task, advance=amount)

        yield advance


@contextmanager
def _lines(title: str, total: int, unit: str, done: int) -> Iterator[Advance]:
    began = last = time.monotonic()
    earlier = done

    def advance(amount: int = 1, /) -> None:
        nonlocal done, last
        done += amount
        now = time.monotonic()
        if now - last >= LOG_EVERY_S:
            last = now
            left_s = (now - began) / max(done - earlier, 1) * max(total - done, 0)
            _progress.print(f"  {title}: {done}/{total} {unit}, about {duration(left_s)} left")

    yield advance
    _progress.print(f"  {title}: {done - earlier} {unit} in {duration(time.monotonic() - began)}")


def duration(seconds: float) -> str:
    """Seconds in words: `45 s`, `3 min 5 s`, `2 h 4 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
