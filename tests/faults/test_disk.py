"""A full, broken or read-only disk stops a run with one message, and the run goes on once that is mended."""

import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from comparison import EQUAL, compare
from trials import Outcome, Server, Whole

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


def assert_stopped(outcome: Outcome, *parts: str) -> None:
    """One message that says how to go on, status 1, no traceback."""
    assert outcome.status == 1, outcome.said
    assert "Traceback" not in outcome.said
    for part in ("skilladapt: ", *parts):
        assert part in outcome.said, outcome.said


def assert_goes_on(server: Server, whole: Whole, out: Path) -> None:
    continued = server.run(out)
    assert continued.status == 0, continued.said
    assert compare(whole.out, out) == EQUAL


def inject(server: Server, out: Path, fault: str) -> Outcome:
    trace = ["-e", f"trace={fault.partition(':')[0]}", "-e", f"inject={fault}"]
    return server.run(out, trace=trace, trace_log=f"{out}.trace")


@needs_strace
@pytest.mark.parametrize("call", ["write", "rename"])
def test_full_disk_stops_the_run_which_then_goes_on(
    server: Server, whole: Whole, tmp_path: Path, call: str
) -> None:
    most = {"write": 130, "rename": 60}[call]  # a whole run has a few more
    for seed in range(2):
        number = random.Random(f"{call} {seed}").randint(1, most)
        out = tmp_path / str(number)
        assert_stopped(inject(server, out, f"{call}:error=ENOSPC:when={number}"), "again")
        assert_goes_on(server, whole, out)


@needs_strace
def test_error_of_syncing_stops_the_run_and_is_not_tried_again(
    server: Server, whole: Whole, tmp_path: Path
) -> None:
    for seed in range(3):
        number = random.Random(f"sync {seed}").randint(1, 200)
        out = tmp_path / str(number)
        outcome = inject(server, out, f"fsync:error=EIO:when={number}")
        assert_stopped(outcome, "Input/output error", "run the same command again")
        assert_goes_on(server, whole, out)


@pytest.mark.parametrize("size", [3_000, 12_000, 25_000])
def test_file_that_may_not_grow_stops_the_run_which_then_goes_on(
    server: Server, whole: Whole, tmp_path: Path, size: int
) -> None:
    out = tmp_path / "run"
    assert_stopped(server.run(out, limits={"RLIMIT_FSIZE": size}), "again")
    assert_goes_on(server, whole, out)


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    """A file system of its own at `folder`; skips the test where that is not allowed."""
    folder.mkdir(exist_ok=True)
    found = subprocess.run(["mount", *options, str(folder)], capture_output=True, text=True)
    if found.returncode:
        pytest.skip(f"mounting is not allowed here: {found.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize("kilobytes", [64, 160, 320])
def test_disk_that_stays_full_stops_the_run_which_goes_on_once_there_is_room(
    server: Server, whole: Whole, tmp_path: Path, kilobytes: int
) -> None:
    disk = tmp_path / "disk"
    with mounted(disk, "-t", "tmpfs", "-o", f"size={kilobytes}k", "none"):
        # The log of the trial lies beside the run and not on the full disk.
        outcome = server.run(disk / "deep" / "run", log=str(tmp_path / "log"))
        assert_stopped(outcome, "again")
        subprocess.run(["mount", "-o", "remount,size=16m", str(disk)], check=True)
        assert_goes_on(server, whole, disk / "deep" / "run")


@pytest.mark.parametrize("begun", [False, True])
def test_read_only_disk_is_refused_at_once(server: Server, whole: Whole, tmp_path: Path, begun: bool) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if begun:
        shutil.copytree(whole.out, disk / "run")
        (disk / "run" / "summary.json").unlink()
    with mounted(disk, "--bind", str(disk)):
        subprocess.run(["mount", "-o", "remount,ro,bind", str(disk)], check=True)
        outcome = server.run(disk / "run", log=str(tmp_path / "log"))
    assert outcome.status == 2, outcome.said
    assert "cannot be written" in outcome.said and "Traceback" not in outcome.said
    print(f"read-only: refused after {outcome.seconds:.2f} s, {outcome.steps} steps")
    assert outcome.seconds < 1 and outcome.steps == 0


@pytest.mark.parametrize("place", [".", "round-1"])
def test_folder_that_may_not_be_changed_is_refused_at_once(
    server: Server, whole: Whole, tmp_path: Path, place: str
) -> None:
    out = tmp_path / "run"
    shutil.copytree(whole.out, out)
    (out / "round-1" / "scores.parquet").unlink()
    if subprocess.run(["chattr", "+i", str(out / place)], capture_output=True).returncode:
        pytest.skip("chattr is not allowed here")
    try:
        outcome = server.run(out)
    finally:
        subprocess.run(["chattr", "-i", str(out / place)], check=True)
    assert outcome.status == 2, outcome.said
    assert "cannot be written" in outcome.said and "Traceback" not in outcome.said
    assert outcome.seconds < 1 and outcome.steps == 0
    assert_goes_on(server, whole, out)
