"""A run that goes on elsewhere: another place, language, clock, version or number of threads."""

import json
import random
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from comparison import EQUAL, compare
from trials import Server, Whole

from skilladapt.store import FORMAT


def stopped(server: Server, whole: Whole, out: Path) -> Path:
    """A run that was killed after its first round."""
    assert server.run(out, kill_at_event=int(0.6 * whole.outcome.events)).status == -9
    assert (out / "round-1" / "manifest.json").exists()
    return out


def test_copied_run_goes_on_at_another_path_home_language_and_time_zone(
    server: Server, whole: Whole, tmp_path: Path
) -> None:
    here = stopped(server, whole, tmp_path / "run")
    there = tmp_path / "another place, ümlaut" / "copy"
    (tmp_path / "home").mkdir()
    shutil.copytree(here, there)
    shutil.rmtree(here)
    environment = {"HOME": str(tmp_path / "home"), "LC_ALL": "C", "LANG": "de_DE", "TZ": "Pacific/Kiritimati"}
    continued = server.run(there, environment=environment, cwd=str(tmp_path / "home"))
    assert continued.status == 0, continued.said
    assert "warning" not in continued.said
    assert compare(whole.out, there) == EQUAL
    print(f"elsewhere: {continued.steps} of {whole.outcome.steps} steps done there")
    assert continued.steps < whole.outcome.steps


def test_run_goes_on_with_more_threads_and_says_that_last_digits_may_differ(
    server: Server, whole: Whole, tmp_path: Path
) -> None:
    out = stopped(server, whole, tmp_path / "run")
    continued = server.run(out, threads=2)
    assert continued.status == 0, continued.said
    assert "threads 1 -> 2" in continued.said and "the last digits" in continued.said
    for name in ("exercises", "examples"):
        assert pq.read_table(out / f"round-2/{name}.parquet") == pq.read_table(
            whole.out / f"round-2/{name}.parquet"
        )
    one, two = (
        {
            (row["example_id"], row["pass"]): row["loss"]
            for row in pq.read_table(path / "round-2/losses.parquet").to_pylist()
        }
        for path in (whole.out, out)
    )
    assert one.keys() == two.keys()
    greatest = max(abs(one[row] - two[row]) for row in one)
    print(f"1 against 2 threads: losses differ by at most {greatest:.2g}")
    assert greatest < 1e-5


@pytest.mark.parametrize("shift", ["a_day_later", "a_day_earlier"])
def test_clock_that_jumps_changes_nothing_but_times(
    server: Server, whole: Whole, tmp_path: Path, shift: str
) -> None:
    out = stopped(server, whole, tmp_path / "run")
    continued = server.run(out, mutations=[shift])
    assert continued.status == 0, continued.said
    assert compare(whole.out, out) == EQUAL
    times = [json.loads(line)["time"][:10] for line in (out / "events.jsonl").read_text().splitlines()]
    assert len(set(times)) > 1
    assert all(json.loads(line).get("seconds", 0) >= 0 for line in (out / "events.jsonl").read_text().splitlines())


def test_run_that_goes_on_with_another_version_says_so(server: Server, whole: Whole, tmp_path: Path) -> None:
    out = stopped(server, whole, tmp_path / "run")
    torch = json.loads((out / "provenance.json").read_text())["versions"]["torch"]
    continued = server.run(out, mutations=["other_torch"])
    assert continued.status == 0, continued.said
    assert f"torch {torch} -> 9.9.9" in continued.said and "begun with other versions" in continued.said
    assert "other versions" not in server.run(out, mutations=["other_torch"]).said, "a finished run is not touched"


@pytest.mark.parametrize("command", ["run", "status", "report"])
def test_run_of_a_newer_format_is_refused(server: Server, tmp_path: Path, command: str) -> None:
    out = tmp_path / "run"
    server.run(out, mutations=["newer_format"], kill_at_event=100)
    outcome = server.run(out) if command == "run" else server.command(out, command, str(out))
    assert outcome.status == 2 and "Traceback" not in outcome.said
    assert f"format {FORMAT + 1}" in outcome.said and f"knows format {FORMAT}" in outcome.said


@pytest.mark.parametrize("damage", ["flipped", "cut", "deleted"])
def test_damaged_format_is_refused_or_written_again(
    server: Server, whole: Whole, tmp_path: Path, damage: str
) -> None:
    out = tmp_path / "run"
    shutil.copytree(whole.out, out)
    path = out / "run.json"
    data = bytearray(path.read_bytes())
    if damage == "flipped":
        data[data.index(str(FORMAT).encode())] ^= 1 << random.Random(0).randrange(3)
        path.write_bytes(data)
    elif damage == "cut":
        path.write_bytes(data[:5])
    else:
        path.unlink()
    outcome = server.run(out)
    assert "Traceback" not in outcome.said
    assert outcome.status == (0 if damage == "deleted" else 2)
    if damage == "deleted":
        assert compare(whole.out, out) == EQUAL
