"""Files that outlive a crash: written beside their place, synced, renamed; and the hashes that tell them whole."""

import hashlib
import os
import tempfile
from pathlib import Path


def write_atomically(path: Path, data: bytes) -> None:
    """Writes `data` to `path` so that after any crash either the old or the new content is there, whole.

    A temporary file in the same folder is written and synced, renamed over the old one, and the folder synced.
    An error of fsync is raised and never retried: after one, the kernel may have dropped the pages.
    """
    handle, temporary = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync(path.parent)


def make_folder(path: Path) -> None:
    """Makes a folder, and those it lies in, where they are missing; after a power cut they are still there."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(exist_ok=True)
    sync(path.parent)


def link_out_of(folder: Path) -> Path | None:
    """The first link in a folder, however deep, that leads out of it: what is written there would go elsewhere."""
    inside = folder.resolve()
    links = (path for path in sorted(folder.rglob("*")) if path.is_symlink())
    return next((link for link in links if not link.resolve().is_relative_to(inside)), None)


def sync(path: Path) -> None:
    """Waits until a file, or the names in a folder, are on the disk. After a failure the data may be gone."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256_of(path: Path) -> str:
    """The sha256 of a file's content, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
