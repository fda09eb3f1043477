"""A run that is killed: `python killed_run.py RUN_FILE OUT POINT`.

`POINT` is `reply:N`: SIGKILL after the N-th write of replies to the disk; `stage:NAME`: as that stage begins.
"""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from skilladapt import pipeline
from skilladapt.store import RunDirectory
from skilladapt.teachers.archive import Archive, Kept
from skilladapt.teachers.ledger import Standing


def kill_at(point: str) -> None:
    what, _, where = point.partition(":")
    write, log, writes = Archive._write, RunDirectory.log, 0

    def counted(self: Archive, kept: Sequence[Kept], standing: Standing | None) -> None:
        nonlocal writes
        write(self, kept, standing)
        writes += bool(kept)
        if what == "reply" and writes == int(where):
            os.kill(os.getpid(), signal.SIGKILL)

    def logged(self: RunDirectory, **event: object) -> None:
        log(self, **event)
        if what == "stage" and (event.get("stage"), event.get("event")) == (where, "begin"):
            os.kill(os.getpid(), signal.SIGKILL)

    Archive._write = counted  # type: ignore[method-assign]
    RunDirectory.log = logged  # type: ignore[method-assign]


if __name__ == "__main__":
    kill_at(sys.argv[3])
    pipeline.run(pipeline.load(Path(sys.argv[1])), Path(sys.argv[2]))
