"""The code broken on purpose, one safeguard at a time: what the checks must notice if they are any good."""

import os
from pathlib import Path


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
        path.write_bytes(data)

    store.write_atomically = write_in_place
