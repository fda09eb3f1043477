import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from skilladapt.errors import RunError, UserError
from skilladapt.teachers.archive import Archive, Kept
from skilladapt.teachers.ledger import Amount, Standing
from skilladapt.teachers.teacher import Reply


def reply(text: str) -> Reply:
    return Reply(text=text, finish="stop", model="m", prompt_tokens=1, completion_tokens=2, cost_usd=0.1 + 0.2)


def fill(path: Path, number: int = 20) -> None:
    with Archive(path) as archive:
        archive.write([Kept("t", f"key{index}", reply(f"text {index}" * 20)) for index in range(number)]).result()


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "folder" / "teacher.sqlite"


def test_replies_are_found_again_as_they_were(path: Path) -> None:
    fill(path)
    with Archive(path) as archive:
        found = archive.find("t", [f"key{index}" for index in range(0, 40)])
        assert len(found) == 20 and found["key3"] == reply("text 3" * 20)
        assert not archive.find("another", ["key3"])
        assert len(archive.find("t", [f"key{index % 20}" for index in range(1500)])) == 20


def test_the_first_reply_to_a_request_stays(path: Path) -> None:
    with Archive(path) as archive:
        archive.write([Kept("t", "k", reply("first"))]).result()
        archive.write([Kept("t", "k", reply("second")), Kept("t", "k2", reply("other"))]).result()
        assert archive.find("t", ["k"])["k"].text == "first" and archive.find("t", ["k2"])


OPEN = """
import sys
from pathlib import Path
from skilladapt.teachers.archive import Archive
Archive(Path(sys.argv[1]))
"""


def test_every_commit_is_synced_and_the_file_has_one_writer(path: Path) -> None:
    with Archive(path) as archive:
        asked = "PRAGMA journal_mode", "PRAGMA synchronous", "PRAGMA locking_mode"
        found = [
            archive._run(lambda query=query: archive._connection.execute(query).fetchone()[0]).result()
            for query in asked
        ]
        assert found == ["wal", 2, "exclusive"]
        with pytest.raises(RunError, match="in use by another process"):
            Archive(path)
        other = subprocess.run(
            [sys.executable, "-c", OPEN, str(path)],
            capture_output=True,
            text=True,
            env={"PYTHONPATH": ":".join(sys.path)},
        )
        assert "in use by another process" in other.stderr
    Archive(path).close()


def test_a_row_in_which_a_bit_flipped_is_put_aside_wherever_it_flipped(path: Path) -> None:
    fill(path)
    data = bytearray(path.read_bytes())
    for number, text in enumerate((b"text 3text 3", b"text 7text 7"), 1):
        at = data.index(text) + 7
        data[at] ^= number
    path.write_bytes(data)
    check = sqlite3.connect(path)
    assert check.execute("PRAGMA integrity_check").fetchall() == [("ok",)]  # SQLite itself sees nothing
    check.close()
    keys = [f"key{index}" for index in range(20)]
    with Archive(path) as archive:
        found = archive.find("t", keys)
        assert found.keys() == set(keys) - {"key3", "key7"} and archive.quarantined == 2
        archive.write([Kept("t", "key3", reply("anew"))]).result()
        assert archive.find("t", keys)["key3"].text == "anew" and archive.quarantined == 2
    check = sqlite3.connect(path)
    assert sorted(check.execute("SELECT key FROM quarantine").fetchall()) == [("key3",), ("key7",)]
    check.close()


def test_a_reply_that_came_under_another_key_is_not_taken_for_its_own(path: Path) -> None:
    fill(path)
    meddle = sqlite3.connect(path)
    with meddle:
        other = "FROM replies WHERE key = 'key1'"
        meddle.execute(f"UPDATE replies SET (reply, sha256) = (SELECT reply, sha256 {other}) WHERE key = 'key2'")
        meddle.execute("UPDATE replies SET teacher = 'u' WHERE key = 'key4'")
    meddle.close()
    with Archive(path) as archive:
        assert not archive.find("t", ["key2"]) and not archive.find("u", ["key4"])


@pytest.mark.parametrize("flips", [range(0, 16), range(100, 116)], ids=["header", "page"])
def test_a_damaged_file_is_told_and_never_taken_for_an_empty_one(path: Path, flips: range) -> None:
    fill(path, 200)
    data = bytearray(path.read_bytes())
    for at in flips:
        data[at] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(RunError, match="is damaged .* Put back a copy"), Archive(path) as archive:
        archive.find("t", ["key1"])


def test_how_the_ledger_stood_is_read_back_and_what_was_reserved_counts_as_spent(path: Path) -> None:
    with Archive(path) as archive:
        assert archive.standing == Standing()
        archive.write([], Standing(Amount(1, 20, 300), Amount(4, 50, 600))).result()
    for _ in range(2):  # once, not again at each opening
        with Archive(path) as archive:
            assert archive.standing == Standing(Amount(5, 70, 900))


def test_a_changed_account_is_refused(path: Path) -> None:
    with Archive(path) as archive:
        archive.write([], Standing(Amount(1, 20, 300))).result()
    meddle = sqlite3.connect(path)
    with meddle:
        meddle.execute("UPDATE ledger SET spent_nano_usd = 299")
    meddle.close()
    with pytest.raises(RunError, match="what was spent cannot be read"):
        Archive(path)


def test_a_newer_format_is_refused(path: Path) -> None:
    fill(path, 1)
    meddle = sqlite3.connect(path)
    meddle.execute("PRAGMA user_version = 99")
    meddle.close()
    with pytest.raises(UserError, match="newer version"):
        Archive(path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be made"):
        Archive(tmp_path / "file" / "a.sqlite")


FULL = """
import resource, signal, sys
from pathlib import Path
from skilladapt.errors import RunError
from skilladapt.teachers.archive import Archive, Kept
from skilladapt.teachers.teacher import Reply
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
archive = Archive(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
for index in range(10_000):
    reply = Reply(text="x" * 1000, finish="stop", model="m", prompt_tokens=1, completion_tokens=2)
    try:
        archive.write([Kept("t", f"key{index}", reply)]).result()
    except RunError as error:
        print(index)
        print(error)
        try:
            archive.write([]).result()
        except RunError:
            print("for good")
        break
archive.close()
"""


def test_a_full_disk_stops_it_with_a_word_and_loses_nothing_it_told_of(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(path)],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    written, message, last = done.stdout.splitlines()
    assert "Nothing can be written to" in message and last == "for good"
    with Archive(path) as archive:
        found = archive.find("t", [f"key{index}" for index in range(int(written) + 5)])
    assert 10 < int(written) == len(found)
