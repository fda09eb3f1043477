"""The run directory: atomic files, hashed stages, one process at a time.

A stage writes its files, then its entry in the manifest of its folder; an entry names each file with its sha256,
and a chain hash over all stages before it. So a stage counts as done only when it finished, its files are as it
left them, and everything it was built on is still the same. A stage that is not done is done again, from scratch.
This module knows nothing of what the files mean.
"""

import errno
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout
from pydantic import TypeAdapter
from typing_extensions import TypedDict

from skilladapt.durable import link_out_of, make_folder, sha256_of, write_atomically
from skilladapt.errors import RunError, UserError

MANIFEST = "manifest.json"
FORMAT = 2
"""Of the run directory; a greater one when an older version could not go on with what a newer one wrote."""


class Busy(UserError):
    """Another process holds the run directory."""


class _Entry(TypedDict):
    chain: str
    files: dict[str, str]


_MANIFEST_FORM = TypeAdapter(dict[str, _Entry])


class RunDirectory:
    """Reads and writes the files of one run. Names are relative to its path; tables leave out `.parquet`.

    Writing needs the lock: use it as a context manager. Reading does not.
    """

    def __init__(self, path: Path | str, warn: Callable[[str], None] = lambda _: None) -> None:
        """`warn` is told of damage that is found, in a sentence: a file, and what is done again for it."""
        self.path = Path(path)
        self._warn = warn
        self._told: set[str] = set()
        self._lock: FileLock | None = None
        self._written: dict[str, str] | None = None
        self._chain = ""

    @classmethod
    def existing(cls, path: Path | str) -> Self:
        """The directory of a run that was begun. Raises UserError when there is none."""
        directory = cls(path)
        if not directory.has("config.toml"):
            raise UserError(f"{path} is not the directory of a run: it has no config.toml; check the path.")
        directory.check_format()
        return directory

    def __enter__(self) -> Self:
        """Creates the directory, takes its lock and sweeps half-written files.

        Raises UserError when the directory cannot be written, a link leads out of it or another process holds it.
        """
        if os.path.exists(self.path) and not os.path.isdir(self.path):
            raise UserError(f"{self.path} is a file, not a directory; choose another --out.")
        try:
            make_folder(self.path)
            _check_writable(self.path)
            if link := link_out_of(self.path):
                raise UserError(
                    f"{link} is a link to a place outside {self.path}; put what it leads to in its place."
                )
            lock = FileLock(self.path / ".lock")
            lock.acquire(timeout=0)
            # Only under the lock: the half-written file of a process that is working is no leftover.
            for leftover in self.path.rglob(".writing-*"):
                leftover.unlink()
            for leftover in self.path.rglob(".staging-*"):
                shutil.rmtree(leftover)
        except Timeout:
            raise Busy(
                f"Another process is working in {self.path}; wait for it or choose another --out."
            ) from None
        except OSError as error:
            raise UserError(
                f"{self.path} cannot be written ({error.strerror or error}); "
                "choose another --out or mend its permissions."
            ) from error
        self._lock = lock
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Releases the lock."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    # --- reading ---

    def has(self, name: str) -> bool:
        """Whether a file or a table of that name exists."""
        return any(os.path.exists(self.path / file) for file in (name, f"{name}.parquet"))

    def check_format(self) -> None:
        """Raises UserError when the run was written in a format that is not known here."""
        if not self.has("run.json"):
            return
        try:
            found = self.read_json("run").get("format")
        except (OSError, ValueError, AttributeError) as error:
            raise UserError(
                f"{self.path / 'run.json'} is damaged ({error}); delete it if this version began the run."
            ) from error
        if found != FORMAT:
            raise UserError(
                f"{self.path} is a run of format {found!r}, and this version knows format {FORMAT}; "
                "use the version that began the run, or choose another --out."
            )

    def read_text(self, name: str) -> str:
        """A whole text file."""
        return (self.path / name).read_text(encoding="utf-8")

    def read_json(self, name: str) -> dict[str, Any]:
        """A JSON object; `.json` is added to a bare name."""
        content: dict[str, Any] = json.loads(self.read_text(_json_name(name)))
        return content

    def read_table(self, name: str) -> list[dict[str, Any]]:
        """All rows of a table, page checksums verified."""
        table = pq.read_table(self.path / f"{name}.parquet", page_checksum_verification=True)
        rows: list[dict[str, Any]] = table.to_pylist()
        return rows

    def rows(self, name: str) -> list[dict[str, Any]]:
        """All rows of a table, none where there is no such table: not every round writes every one."""
        return self.read_table(name) if os.path.exists(self.path / f"{name}.parquet") else []

    def rounds(self) -> list[int]:
        """Numbers of the rounds begun so far, ascending."""
        names = (folder.name.removeprefix("round-") for folder in self.path.glob("round-*") if folder.is_dir())
        return sorted(int(name) for name in names if name.isdecimal())

    def events(self) -> list[dict[str, Any]]:
        """What happened when: one object a line; a torn last line, and whatever else is none, is left out.

        Raises UserError when the file cannot be read at all.
        """
        if not self.has("events.jsonl"):
            return []
        path, rows = self.path / "events.jsonl", []
        try:
            lines = path.read_bytes().splitlines()
        except OSError as error:
            raise UserError(f"{path} cannot be read ({error.strerror}); make it readable.") from error
        for line in lines:
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(row, dict):
                rows.append(row)
        return rows

    # --- writing ---

    def write_text(self, name: str, text: str) -> None:
        """Replaces a text file atomically and durably."""
        self._write(name, text.encode("utf-8", "surrogatepass"))

    def write_json(self, name: str, content: Mapping[str, Any]) -> None:
        """Replaces a JSON file; keys are sorted, so equal content gives equal bytes."""
        self.write_text(_json_name(name), json.dumps(content, sort_keys=True, indent=1, ensure_ascii=False) + "\n")

    def write_table(self, name: str, rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> None:
        """Replaces a table; equal rows give equal bytes with one version of pyarrow."""
        table = pa.Table.from_pylist(list(rows), schema=schema)
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="zstd", write_page_checksum=True)
        self._write(f"{name}.parquet", sink.getvalue().to_pybytes())

    def adopt(self, name: str) -> None:
        """Makes a file, or every file of a folder, that something else wrote part of the running stage."""
        for path in [self.path / name, *sorted((self.path / name).rglob("*"))]:
            if path.is_file() and self._written is not None:
                self._written[path.relative_to(self.path).as_posix()] = sha256_of(path)

    def remove(self, name: str) -> None:
        """Removes a folder that no stage needs any more, with all that is in it; no harm if there is none."""
        with _disk_errors(self.path / name):
            if (self.path / name).exists():
                shutil.rmtree(self.path / name)

    def log(self, **event: Any) -> None:
        """Appends one event with the time."""
        line = json.dumps({"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **event})
        path = self.path / "events.jsonl"
        with _disk_errors(path), path.open("ab+") as file:
            if file.tell() > 0:
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":  # torn by a power cut: it must not take this one with it
                    line = "\n" + line
            file.write(line.encode() + b"\n")

    # --- stages ---

    def is_done(self, stage: str) -> bool:
        """Whether `stage` finished on top of the stages passed so far and its files are intact.

        Ask in the order of the run: a stage found done becomes part of the chain for the next.
        """
        entry = self._manifest(stage).get(_key(stage))
        if entry is not None and entry["chain"] == self._chain:
            return True  # asked about before, and nothing came after it yet
        if entry is None:
            return False
        if entry["chain"] != _chain(self._chain, stage, entry["files"]):
            self._tell(stage, _manifest_name(stage), f"does not fit what {stage} is built on; that is done again.")
            return False
        damaged = [name for name, digest in entry["files"].items() if not _is_intact(self.path / name, digest)]
        for name in damaged:
            fault = "is not as" if os.path.lexists(self.path / name) else "is gone since"
            self._tell(stage, name, f"{fault} {stage} left it; that is done again.")
        if damaged:
            return False
        self._chain = entry["chain"]
        return True

    @contextmanager
    def stage(self, stage: str) -> Iterator[None]:
        """Runs a stage: what is written inside becomes its files, its manifest entry is written last."""
        assert self._written is None, "stages do not nest"
        self.log(stage=stage, event="begin")
        began = time.monotonic()
        self._written = {}
        try:
            yield
            files = dict(sorted(self._written.items()))
        finally:
            self._written = None
        self._chain = _chain(self._chain, stage, files)
        manifest = self._manifest(stage)
        manifest[_key(stage)] = {"chain": self._chain, "files": files}
        self.write_json(_manifest_name(stage), manifest)
        self.log(stage=stage, event="end", seconds=round(time.monotonic() - began, 3))

    def has_ended(self, stage: str) -> bool:
        """Whether `stage` ever finished, whatever became of its files and of the stages before it."""
        return _key(stage) in self._manifest(stage)

    def forget(self, *stages: str) -> None:
        """Makes finished stages ones that are to be done again; their files stay until they are written anew."""
        for stage in stages:
            manifest = self._manifest(stage)
            if manifest.pop(_key(stage), None) is not None:
                self.write_json(_manifest_name(stage), manifest)

    def forget_stages(self) -> None:
        """Makes every stage one that is to be done again; all begin with those of the top folder."""
        with _disk_errors(self.path / MANIFEST):
            (self.path / MANIFEST).unlink(missing_ok=True)

    def _manifest(self, stage: str) -> dict[str, _Entry]:
        name = _manifest_name(stage)
        if not (self.path / name).exists():
            return {}
        try:
            return _MANIFEST_FORM.validate_json(self.read_text(name))
        except (OSError, ValueError):
            self._tell(stage, name, "is damaged; the stages in it are done again.")
            return {}

    def _tell(self, stage: str, file: str, fault: str) -> None:
        if self._lock is not None and file not in self._told:
            self._told.add(file)
            self.log(stage=stage, event="damaged", file=file)
            self._warn(f"{file} {fault}")

    def _write(self, name: str, data: bytes) -> None:
        assert self._lock is not None, "a run directory is written under its lock only"
        path = self.path / name
        with _disk_errors(path):
            make_folder(path.parent)
            write_atomically(path, data)
        if self._written is not None:
            self._written[name] = hashlib.sha256(data).hexdigest()


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = {
            errno.ENOSPC: "the disk is full; free some space",
            errno.EDQUOT: "the disk quota is used up; free some space",
            errno.EFBIG: "files may not grow that large here; raise the limit",
            errno.EROFS: "the disk is read-only; make it writable",
            errno.EACCES: "permission was denied; mend the permissions",
        }.get(error.errno or 0, f"{error.strerror or error}; mend that")
        raise RunError(f"{path} could not be written: {what} and run the same command again.") from error


def _check_writable(path: Path) -> None:
    """Raises OSError for a folder of the run that cannot be written, before hours of work come to an end in it."""
    for folder in (path, *(one for one in path.rglob("*") if one.is_dir())):
        if not os.access(folder, os.W_OK | os.X_OK):
            read_only = os.statvfs(folder).f_flag & os.ST_RDONLY
            reason = os.strerror(errno.EROFS) if read_only else f"no file may be made in {folder}"
            raise OSError(errno.EROFS if read_only else errno.EACCES, reason)


def _json_name(name: str) -> str:
    return name if name.endswith(".json") else f"{name}.json"


def _key(stage: str) -> str:
    return stage.rpartition("/")[2]


def _manifest_name(stage: str) -> str:
    folder = stage.rpartition("/")[0]
    return f"{folder}/{MANIFEST}" if folder else MANIFEST


def _chain(before: str, stage: str, files: Mapping[str, str]) -> str:
    text = json.dumps([before, stage, files], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _is_intact(path: Path, digest: str) -> bool:
    try:
        return sha256_of(path) == digest
    except OSError:
        return False
