import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from skilladapt.errors import RunError, UserError
from skilladapt.teachers.archive import Archive, Kept
from skilladapt.teachers.ledger import Amount, Standing
from skilladapt.teachers.spending import Spent
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


@pytest.mark.parametrize(("format", "told"), [(99, "newer version"), (1, "has format 1, .* or move it away")])
def test_another_format_is_refused(path: Path, format: int, told: str) -> None:
    fill(path, 1)
    meddle = sqlite3.connect(path)
    meddle.execute(f"PRAGMA user_version = {format}")
    meddle.close()
    with pytest.raises(UserError, match=told):
        Archive(path)


def test_what_was_spent_is_summed_by_the_purpose_it_was_first_asked_for(path: Path) -> None:
    with Archive(path) as archive:
        assert archive.spending() == ({}, Amount())
        asked = [("k1", "solve"), ("k2", "judge"), ("k3", "solve"), ("k1", "judge")]
        kept = [Kept("t", key, reply("x"), purpose) for key, purpose in asked]
        archive.write(kept, Standing(Amount(5, 20, 10**9))).result()
    for _ in range(2):  # opened again it knows the same
        with Archive(path) as archive:
            found = archive.spending()
        assert found.by_purpose == {"judge": Spent(1, 1, 2, 300_000_000), "solve": Spent(2, 2, 4, 600_000_000)}
        assert found.together == (3, 3, 6, 900_000_000) and found.ledger.usd == 1.0
        assert found.calls_without_reply == 2


def test_a_damaged_reply_is_no_part_of_what_replies_took(path: Path) -> None:
    fill(path, 3)
    meddle = sqlite3.connect(path)
    with meddle:
        meddle.execute("UPDATE replies SET purpose = 'other' WHERE key = 'key1'")
    meddle.close()
    with Archive(path) as archive:
        assert archive.spending().by_purpose == {"": Spent(2, 2, 4, 600_000_000)}


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
