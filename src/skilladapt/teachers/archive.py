"""Replies that came and what was spent for them, in one SQLite file that outlives a kill and a power cut.

One connection on one thread does everything: writes are synced before anybody hears of them, and no second
connection can be in the way (some versions of SQLite lose data when two write and tidy up their log at once). The
file is locked while it is open. SQLite does not notice a flipped bit in a row, so each row has a hash.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import NamedTuple, Self, TypeVar

from skilladapt.durable import make_folder
from skilladapt.errors import RunError, UserError
from skilladapt.teachers.ledger import Amount, Standing
from skilladapt.teachers.spending import Spending, Spent
from skilladapt.teachers.teacher import Reply

T = TypeVar("T")
FORMAT = 2
"""Since 2 each reply has its purpose."""
_SETTINGS = {"locking_mode": "exclusive", "journal_mode": "wal", "synchronous": 2}
"""Exclusive first: then the log needs no shared memory."""
_TABLES = """
CREATE TABLE IF NOT EXISTS replies (
    teacher TEXT, key TEXT, purpose TEXT, reply BLOB, sha256 BLOB, PRIMARY KEY (teacher, key)
);
CREATE TABLE IF NOT EXISTS quarantine (teacher TEXT, key TEXT, purpose TEXT, reply BLOB, sha256 BLOB);
CREATE TABLE IF NOT EXISTS ledger (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    spent_calls INTEGER, spent_tokens INTEGER, spent_nano_usd INTEGER,
    reserved_calls INTEGER, reserved_tokens INTEGER, reserved_nano_usd INTEGER,
    sha256 BLOB
);
"""
_AT_ONCE = 500
"""Keys looked up in one query."""


class Kept(NamedTuple):
    """A reply and whose it is to what."""

    teacher: str
    key: str
    """Of the request."""
    reply: Reply
    purpose: str = ""
    """What it was asked for when it was paid for; whoever asks the same later may want it for something else."""


class Archive:
    """The file, locked until `close`. Methods may be called from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._broken: RunError | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="archive")
        self._lock = Lock()
        self._waiting: list[Kept] = []
        self._waiting_standing: Standing | None = None
        self.quarantined = 0
        """Rows that were found damaged since it was opened; they are asked for again."""
        try:
            self._connection, self.standing = self._run(self._open).result()
        except BaseException:
            self._thread.shutdown()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Waits for what is being written."""
        self._thread.submit(self._connection.close).result()
        self._thread.shutdown()

    def find(self, teacher: str, keys: Sequence[str]) -> dict[str, Reply]:
        """The replies that are there, by key. A damaged one is put aside and is not there."""
        return self._run(lambda: self._find(teacher, keys)).result()

    def spending(self) -> Spending:
        """What all replies in the file took, by purpose, and what the ledger says; reads every reply."""
        return self._run(self._spending).result()

    def write(self, kept: Sequence[Kept], standing: Standing | None = None) -> "Future[None]":
        """Writes replies, and how the ledger stands, in one transaction; when done they are on the disk.

        A reply that is there already stays as it is. What is given while something is being written goes together
        into the next transaction.
        """
        with self._lock:
            self._waiting += kept
            self._waiting_standing = standing or self._waiting_standing
        return self._run(self._write_waiting)

    def _write_waiting(self) -> None:
        """All that was given so far; those who come next may find nothing left to do."""
        with self._lock:
            kept, self._waiting = self._waiting, []
            standing, self._waiting_standing = self._waiting_standing, None
        if kept or standing is not None:
            self._write(kept, standing)

    def _run(self, work: Callable[[], T]) -> "Future[T]":
        return self._thread.submit(self._guarded, work)

    def _guarded(self, work: Callable[[], T]) -> T:
        if self._broken is not None:
            raise self._broken
        try:
            return work()
        except sqlite3.Error as error:
            self._broken = self._explained(error)  # for good: after a failed sync nothing can be known
            raise self._broken from error

    def _explained(self, error: sqlite3.Error) -> RunError:
        path, reason = self._path, str(error)
        if "locked" in reason:
            return RunError(f"{path} is in use by another process; let that finish, and run again.")
        if type(error) is sqlite3.DatabaseError:
            return RunError(
                f"{path} is damaged ({reason}). Put back a copy, or move it away: what is in it is then asked for "
                "and paid for again, and what was spent so far is forgotten."
            )
        return RunError(
            f"Nothing can be written to {path} ({reason}); make room or make it writable, and run the same "
            "command again. No reply that was told of is lost."
        )

    def _open(self) -> tuple[sqlite3.Connection, Standing]:
        try:
            make_folder(self._path.parent)
        except OSError as error:
            raise UserError(
                f"The folder of {self._path} cannot be made ({error.strerror}); choose another."
            ) from error
        connection = sqlite3.connect(self._path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            # The answer must be fetched: an error would go unnoticed otherwise.
            for name, value in _SETTINGS.items():
                connection.execute(f"PRAGMA {name}={value}").fetchall()
                (found,) = connection.execute(f"PRAGMA {name}").fetchone()
                if found != value:
                    raise UserError(f"{self._path}: the disk does not allow {name}={value}; choose another disk.")
            (format,) = connection.execute("PRAGMA user_version").fetchone()
            if format > FORMAT:
                raise UserError(f"{self._path} is of a newer version of skilladapt; use that one.")
            if 0 < format < FORMAT:  # 0: just made
                raise UserError(
                    f"{self._path} has format {format}, which did not keep what replies were asked for, and this "
                    f"version knows format {FORMAT}; use the version that wrote it, or move it away: what is in "
                    "it is then asked for and paid for again."
                )
            with _transaction(connection):
                for table in _TABLES.strip().split(";\n"):
                    connection.execute(table)
                connection.execute(f"PRAGMA user_version={FORMAT}")
                standing = self._standing(connection)
                _write_standing(connection, standing)
        except BaseException:
            connection.close()
            raise
        return connection, standing

    def _standing(self, connection: sqlite3.Connection) -> Standing:
        """Whatever was reserved by a process that is no more counts as spent."""
        row = connection.execute("SELECT * FROM ledger").fetchone()
        if row is None:
            return Standing()
        *numbers, digest = row[1:]
        if digest != _digest(*numbers):
            raise RunError(
                f"{self._path} is damaged: what was spent cannot be read, so no cap can be kept. Put back a copy, "
                "or move the file away: what is in it is then asked for and paid for again."
            )
        return Standing(Amount(*numbers[:3]).plus(Amount(*numbers[3:])))

    def _write(self, kept: Sequence[Kept], standing: Standing | None) -> None:
        with _transaction(self._connection):
            if kept:
                self._connection.executemany(
                    "INSERT INTO replies VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", map(_row, kept)
                )
            if standing is not None:
                _write_standing(self._connection, standing)

    def _find(self, teacher: str, keys: Sequence[str]) -> dict[str, Reply]:
        found: dict[str, Reply] = {}
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            query = f"SELECT rowid, * FROM replies WHERE teacher = ? AND key IN ({marks})"
            for rowid, *row in self._connection.execute(query, (teacher, *some)).fetchall():
                _, key, _, data, digest = row
                if _digest(*row[:-1]) == digest:
                    found[key] = Reply.model_validate_json(data)
                else:
                    self._put_aside(rowid)
        return found

    def _spending(self) -> Spending:
        found: dict[str, Spent] = {}
        for *row, digest in self._connection.execute("SELECT * FROM replies"):
            _, _, purpose, data = row
            if _digest(*row) == digest:  # one that is damaged has its cost in the ledger only
                found[purpose] = found.get(purpose, Spent()).plus(Spent.of(Reply.model_validate_json(data)))
        return Spending(dict(sorted(found.items())), self._standing(self._connection).spent)

    def _put_aside(self, rowid: int) -> None:
        with _transaction(self._connection):
            self._connection.execute("INSERT INTO quarantine SELECT * FROM replies WHERE rowid = ?", (rowid,))
            self._connection.execute("DELETE FROM replies WHERE rowid = ?", (rowid,))
        self.quarantined += 1


class _transaction:
    """Commits at the end, or takes everything back."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._connection.execute("COMMIT")
        elif self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


def _write_standing(connection: sqlite3.Connection, standing: Standing) -> None:
    numbers = (*standing.spent, *standing.reserved)
    connection.execute(
        "INSERT OR REPLACE INTO ledger VALUES (1, ?, ?, ?, ?, ?, ?, ?)", (*numbers, _digest(*numbers))
    )


def _row(kept: Kept) -> tuple[str, str, str, bytes, bytes]:
    told = (kept.teacher, kept.key, kept.purpose, kept.reply.model_dump_json().encode())
    return *told, _digest(*told)


def _digest(*parts: object) -> bytes:
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode()
        digest.update(b"%d:" % len(data) + data)
    return digest.digest()
