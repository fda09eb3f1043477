import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from skilladapt.durable import write_atomically
from skilladapt.errors import RunError, UserError
from skilladapt.store import RunDirectory

SCHEMA = pa.schema([("name", pa.string()), ("value", pa.float64())])


def write_stage(directory: RunDirectory, stage: str, name: str, text: str) -> None:
    with directory.stage(stage):
        directory.write_text(name, text)


def test_stage_is_done_only_after_it_ended(tmp_path: Path) -> None:
    with RunDirectory(tmp_path) as directory:
        assert not directory.is_done("round-1/training")
        with directory.stage("round-1/training"):
            directory.write_text("round-1/a.txt", "a")
            assert not directory.has("round-1/manifest.json")
    with RunDirectory(tmp_path) as again:
        assert again.is_done("round-1/training")


def test_stage_that_failed_is_not_done(tmp_path: Path) -> None:
    with RunDirectory(tmp_path) as directory:
        with pytest.raises(ValueError, match="half-way"), directory.stage("graph"):
            directory.write_text("graph.json", "{}")
            raise ValueError("half-way")
        assert not directory.is_done("graph")


@pytest.mark.parametrize("damage", ["changed", "deleted"])
def test_stage_with_damaged_file_is_done_again(tmp_path: Path, damage: str) -> None:
    with RunDirectory(tmp_path) as directory:
        write_stage(directory, "graph", "graph.json", "good")
    if damage == "changed":
        (tmp_path / "graph.json").write_text("gooD")
    else:
        (tmp_path / "graph.json").unlink()
    with RunDirectory(tmp_path) as again:
        assert not again.is_done("graph")
        assert again.events()[-1]["event"] == "damaged"


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"graph": 3}', '{"graph": {"chain": "x"}}', '{"graph": {"files": 1}}']
)
def test_damaged_manifest_means_not_done(tmp_path: Path, content: str) -> None:
    with RunDirectory(tmp_path) as directory:
        write_stage(directory, "graph", "graph.json", "good")
    (tmp_path / "manifest.json").write_text(content)
    with RunDirectory(tmp_path) as again:
        assert not again.is_done("graph")


def test_stage_built_on_a_changed_stage_is_not_done(tmp_path: Path) -> None:
    with RunDirectory(tmp_path) as directory:
        write_stage(directory, "graph", "graph.json", "one")
        write_stage(directory, "probes", "probes.txt", "p")
    (tmp_path / "graph.json").unlink()
    with RunDirectory(tmp_path) as again:
        assert not again.is_done("graph")
        write_stage(again, "graph", "graph.json", "two")
        assert not again.is_done("probes")


def test_stage_done_again_with_equal_files_keeps_what_was_built_on_it(tmp_path: Path) -> None:
    with RunDirectory(tmp_path) as directory:
        write_stage(directory, "graph", "graph.json", "one")
        write_stage(directory, "probes", "probes.txt", "p")
    (tmp_path / "graph.json").unlink()
    with RunDirectory(tmp_path) as again:
        assert not again.is_done("graph")
        write_stage(again, "graph", "graph.json", "one")
        assert again.is_done("probes")


def test_asking_twice_whether_a_stage_is_done_changes_nothing(tmp_path: Path) -> None:
    with RunDirectory(tmp_path) as directory:
        write_stage(directory, "graph", "graph.json", "one")
    with RunDirectory(tmp_path) as again:
        assert again.is_done("graph") and again.is_done("graph")


def test_table_round_trip_and_equal_bytes(tmp_path: Path) -> None:
    rows = [{"name": "ä\n<", "value": 0.1}, {"name": None, "value": float("nan")}]
    with RunDirectory(tmp_path) as directory:
        directory.write_table("one", rows, SCHEMA)
        directory.write_table("two", rows, SCHEMA)
        assert directory.read_table("one")[0] == rows[0]
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


def test_flipped_bit_in_a_table_is_an_error_and_not_a_row(tmp_path: Path) -> None:
    with RunDirectory(tmp_path) as directory:
        directory.write_table("t", [{"name": str(i), "value": i / 7} for i in range(200)], SCHEMA)
        path = tmp_path / "t.parquet"
        data = bytearray(path.read_bytes())
        data[60] ^= 4
        path.write_bytes(data)
        with pytest.raises(OSError, match="CRC|checksum|orrupt"):
            directory.read_table("t")


def test_second_process_is_refused_while_the_first_works(tmp_path: Path) -> None:
    code = f"""
from skilladapt.store import RunDirectory
from skilladapt.errors import UserError
try:
    RunDirectory({str(tmp_path)!r}).__enter__()
except UserError as error:
    print(error)
"""
    with RunDirectory(tmp_path):
        found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Another process is working in" in found.stdout


def test_half_written_files_are_swept_when_a_run_goes_on(tmp_path: Path) -> None:
    (tmp_path / ".writing-left").write_text("half")
    with RunDirectory(tmp_path):
        assert not (tmp_path / ".writing-left").exists()


def test_file_in_place_of_a_directory_is_the_persons_mistake(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="is a file, not a directory"):
        RunDirectory(tmp_path / "file").__enter__()


def test_failed_write_keeps_the_old_file_and_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with RunDirectory(tmp_path) as directory:
        directory.write_text("a.txt", "old")
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(RunError, match="disk is full.*run the same command again"):
            directory.write_text("a.txt", "new")
    assert (tmp_path / "a.txt").read_text() == "old"
    assert not list(tmp_path.glob(".writing-*"))


def test_atomic_write_syncs_data_then_renames_then_syncs_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (order.append("sync"), fsync(handle))[1])
    monkeypatch.setattr(os, "replace", lambda *paths: (order.append("rename"), replace(*paths))[1])
    write_atomically(tmp_path / "a", b"x")
    assert order == ["sync", "rename", "sync"]


def test_torn_last_event_is_left_out(tmp_path: Path) -> None:
    with RunDirectory(tmp_path) as directory:
        directory.log(stage="graph", event="begin")
        with (tmp_path / "events.jsonl").open("a") as file:
            file.write('{"stage": "gra')
        assert [event["stage"] for event in directory.events()] == ["graph"]


def test_json_has_sorted_keys_so_equal_content_is_equal_bytes(tmp_path: Path) -> None:
    with RunDirectory(tmp_path) as directory:
        directory.write_json("a", {"b": 1, "a": 2})
    assert list(json.loads((tmp_path / "a.json").read_text())) == ["a", "b"]
