"""The code broken on purpose, one safeguard at a time: what the checks must notice if they are any good."""

import os
import time
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any


def no_fsync() -> None:
    """Nothing waits for the disk."""
    os.fsync = lambda _: None  # type: ignore[assignment]


def no_hash_check() -> None:
    """A file that is there is taken to be whole."""
    from skilladapt import store

    store._is_intact = lambda path, _: path.exists()


def no_rename() -> None:
    """Files are written in place."""
    from skilladapt import store

    def write_in_place(path: Path, data: bytes) -> None:
        with path.open("wb") as file:
            file.write(data[: len(data) // 2])
            file.flush()
            os.fsync(file.fileno())
            file.write(data[len(data) // 2 :])

    store.write_atomically = write_in_place


def other_torch() -> None:
    """Another version of torch is installed."""
    from skilladapt.stages import closing

    version = closing.version
    closing.version = lambda name: "9.9.9" if name == "torch" else version(name)


def newer_format() -> None:
    """What a version of the future does."""
    from skilladapt import pipeline, store

    store.FORMAT = pipeline.FORMAT = store.FORMAT + 1


def a_day_later() -> None:
    """The clock was set forward."""
    _shift_clocks(86_400.0)


def a_day_earlier() -> None:
    """The clock was set back."""
    _shift_clocks(-86_400.0)


def _shift_clocks(seconds: float) -> None:
    from skilladapt import store

    now, real = time.time, store.datetime

    class Shifted(real):
        @classmethod
        def now(cls, zone: tzinfo | None = None) -> datetime:
            return real.now(zone) + timedelta(seconds=seconds)

    time.time = lambda: now() + seconds
    store.datetime = Shifted


def no_position() -> None:
    """A checkpoint from the middle of a round is taken for one of its beginning."""
    from dataclasses import replace

    from skilladapt.training.resuming import Bookmarks

    newest = Bookmarks.newest

    def forgetful(self: Bookmarks, student: Any) -> Any:
        student, progress, faults = newest(self, student)
        return student, progress and replace(progress, steps_done=0), faults

    Bookmarks.newest = forgetful  # type: ignore[method-assign]
