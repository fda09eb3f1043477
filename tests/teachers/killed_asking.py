"""A process that asks and is killed: `python killed_asking.py URL DATABASE NUMBER CONCURRENCY KILL_AT CAP_USD`.

Prints each place as its outcome is told. `KILL_AT` is `before:N` or `after:N`: SIGKILL around the N-th write of
replies to the disk; `none`: it ends by itself.
"""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from teacher_builders import cached_endpoint, requests

from skilladapt.errors import RunError
from skilladapt.teachers.archive import Archive, Kept
from skilladapt.teachers.ledger import Caps, Prices, Standing


def kill_at(point: str) -> None:
    where, _, number = point.partition(":")
    left = int(number)
    write = Archive._write

    def counted(self: Archive, kept: Sequence[Kept], standing: Standing | None) -> None:
        nonlocal left
        left -= bool(kept)
        if where == "before" and not left:
            os.kill(os.getpid(), signal.SIGKILL)
        write(self, kept, standing)
        if where == "after" and not left:
            os.kill(os.getpid(), signal.SIGKILL)

    Archive._write = counted  # type: ignore[method-assign]


def main() -> None:
    url, path, number, concurrency, point, cap_usd = sys.argv[1:]
    if point != "none":
        kill_at(point)
    with cached_endpoint(
        [url],
        Path(path),
        concurrency=int(concurrency),
        prices=Prices(1.0, 10.0),
        caps=Caps(usd=float(cap_usd)),
    ) as (teacher, _):
        try:
            for place, _ in teacher.ask(requests(int(number), purpose="solve")):
                os.write(1, f"{place}\n".encode())
        except RunError as error:
            os.write(2, f"{error}\n".encode())
            sys.exit(1)


if __name__ == "__main__":
    main()
