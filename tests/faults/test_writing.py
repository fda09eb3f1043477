"""Runs killed while they write: a checkpoint, the data of the next round, the report."""

import random
import re
import shutil
from pathlib import Path

import pytest
from comparison import EQUAL, compare, fingerprints
from killing import explain, figures, try_kill
from trials import Server, Whole

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


@pytest.fixture(scope="module")
def changes(server: Server, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The files that a run is about to change, one for each event that is counted."""
    out = tmp_path_factory.mktemp("changes") / "run"
    log = out.parent / "events"
    assert server.run(out, list_events=str(log)).status == 0
    return [line.removeprefix(f"{out}/") for line in log.read_text().splitlines()]


def events_of(changes: list[str], pattern: str) -> list[int]:
    return [number for number, name in enumerate(changes, start=1) if re.search(pattern, name)]


def some(numbers: list[int], count: int) -> list[int]:
    return sorted(random.Random(0).sample(numbers, min(count, len(numbers))))


@needs_strace
def test_run_killed_while_files_are_written_goes_on(server: Server, whole: Whole, tmp_path: Path) -> None:
    # The weights are written by a library in another language, where only the system calls can be seen.
    trials = []
    for number in some(list(range(1, 130)), 6):
        fault = ["-e", "trace=write", "-e", f"inject=write:signal=KILL:when={number}"]
        kill = {"trace": fault, "trace_log": str(tmp_path / "trace")}
        out = tmp_path / str(number)
        killed = server.run(out, **kill)
        assert killed.status == -9, killed.said
        trials.append((number, server.run(out), compare(whole.out, out)))
        shutil.rmtree(out)
    wrong = [trial for trial in trials if trial[1].status != 0 or trial[2] != EQUAL]
    print(f"killed in a write: n {len(trials)}, failures {len(wrong)}")
    assert not wrong


@pytest.mark.parametrize(
    "what, pattern, count",
    [
        ("checkpoint", r"staging|checkpoint", 5),
        ("data of the next round", r"round-1/ledger|round-2/(\.writing|exercises|examples|verdicts|replay)", 5),
    ],
)
def test_run_killed_while_it_writes_goes_on(
    server: Server, whole: Whole, tmp_path: Path, changes: list[str], what: str, pattern: str, count: int
) -> None:
    numbers = events_of(changes, pattern)
    assert len(numbers) > 10
    trials = [try_kill(server, whole.out, tmp_path / str(n), {"kill_at_event": n}) for n in some(numbers, count)]
    found = figures(trials, whole.outcome)
    print(f"killed in the {what}: {found}")
    assert not found.failures, f"{found}\n{explain(trials)}"


def test_run_killed_in_its_report_keeps_the_old_one(server: Server, whole: Whole, tmp_path: Path) -> None:
    old = (whole.out / "report.html").read_bytes()
    tried = 0
    for number in range(1, 40):
        out = tmp_path / str(number)
        shutil.copytree(whole.out, out)
        outcome = server.command(out, "report", str(out), kill_at_event=number)
        now = (out / "report.html").read_bytes()
        assert now == old or now.rstrip().endswith(b"</html>"), number
        assert {name for name in fingerprints(out) if ".writing" not in name} == set(fingerprints(whole.out))
        if outcome.status == 0:
            break
        tried += 1
        assert server.run(out).status == 0
        assert compare(whole.out, out) == EQUAL
    print(f"killed in the report: n {tried}, damaged 0")
    assert tried >= 4


def test_check_notices_that_files_are_written_in_place(server: Server, whole: Whole, tmp_path: Path) -> None:
    """With nothing renamed, a run killed in the middle of its configuration cannot go on."""
    trials = (
        try_kill(server, whole.out, tmp_path / str(n), {"kill_at_event": n}, mutations=["no_rename"])
        for n in range(4, 14)
    )
    assert any(not trial.is_sound for trial in trials)
