"""Real commands with their worker processes: signals, second commands, few descriptors, and nobody left behind."""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from comparison import EQUAL, compare
from trials import RUN_FILE, SMALL, Server, Whole

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
INTERRUPTED = {signal.SIGINT: 130, signal.SIGTERM: 143}


def group(leader: int) -> list[int]:
    """The living processes of a process group."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == leader and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


def wait_until(condition: object, within_s: float) -> float:
    """Waits for `condition()`; returns the seconds it took."""
    began = time.monotonic()
    while not condition():  # type: ignore[operator]
        assert time.monotonic() - began < within_s, "it took too long"
        time.sleep(0.02)
    return time.monotonic() - began


@contextmanager
def command(out: Path, descriptors: int = 1024) -> Iterator["subprocess.Popen[str]"]:
    """`skilladapt run` in a process group of its own, as a shell starts it; killed at the end."""
    settings = [argument for override in (*SMALL, "runtime.workers=2") for argument in ("--set", override)]
    process = subprocess.Popen(
        [sys.executable, "-m", "skilladapt.cli", "run", str(RUN_FILE), "--out", str(out), *settings],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT | {"OMP_NUM_THREADS": "1"},
        start_new_session=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors)),
    )
    try:
        yield process
    finally:
        for one in group(process.pid):
            os.kill(one, signal.SIGKILL)
        process.communicate()


@pytest.mark.parametrize("number", INTERRUPTED)
def test_interrupted_run_ends_at_once_and_goes_on(
    server: Server, whole: Whole, tmp_path: Path, number: signal.Signals
) -> None:
    rng = random.Random(number)
    slowest = 0.0
    for trial in range(4):
        out, after_s = tmp_path / str(trial), rng.uniform(0.05, 0.9) * whole.outcome.seconds
        outcome = server.run(out, kill_after_s=after_s, signal=number)
        if outcome.status == 0:
            continue  # it was done before
        assert outcome.status == INTERRUPTED[number], outcome.said
        assert "the same command goes on from here" in outcome.said and "Traceback" not in outcome.said
        slowest = max(slowest, outcome.seconds - after_s)
        assert server.run(out).status == 0
        assert compare(whole.out, out) == EQUAL
    print(f"{number.name}: ended within {slowest:.2f} s")
    assert slowest < 5


@pytest.mark.slow
def test_second_command_is_refused_and_a_killed_one_leaves_neither_lock_nor_processes(
    server: Server, whole: Whole, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    with command(out) as first:
        wait_until(lambda: len(group(first.pid)) > 2 and (out / "graph.json").exists(), 60)
        second = server.run(out, log=str(tmp_path / "log"))
        assert second.status == 2 and "Another process is working in" in second.said
        assert first.poll() is None
        first.kill()
        first.wait()
        third = server.run(out, log=str(tmp_path / "log"))
        left_s = wait_until(lambda: not group(first.pid), 20)
    print(f"second command: refused in {second.seconds:.2f} s; workers of a killed run gone in {left_s:.2f} s")
    assert third.status == 0, third.said
    assert compare(whole.out, out).differing == ("config.toml",)  # of other workers


@pytest.mark.slow
@pytest.mark.parametrize("number", INTERRUPTED)
def test_interrupted_command_takes_its_workers_along_without_a_word_of_theirs(
    tmp_path: Path, number: signal.Signals
) -> None:
    out = tmp_path / "run"
    with command(out) as process:
        # They have worked, so they have started: one whose command ends while it starts may say so, if rarely.
        wait_until(lambda: len(group(process.pid)) > 2 and (out / "probes.parquet").exists(), 60)
        if number == signal.SIGINT:
            os.killpg(process.pid, number)  # as a terminal does
        else:
            process.send_signal(number)
        _, said = process.communicate(timeout=20)
        left_s = wait_until(lambda: not group(process.pid), 20)
    print(f"{number.name} with workers: gone in {left_s:.2f} s")
    assert process.returncode == INTERRUPTED[number], said
    assert "the same command goes on from here" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("number", INTERRUPTED)
def test_impatient_person_ends_the_run_as_well_and_it_goes_on(
    server: Server, whole: Whole, tmp_path: Path, number: signal.Signals
) -> None:
    rng = random.Random(number)
    for trial in range(4):
        out, after_s = tmp_path / str(trial), rng.uniform(0.05, 0.9) * whole.outcome.seconds
        again_s = rng.uniform(0, 0.003)
        outcome = server.run(out, kill_after_s=after_s, signal=number, again_after_s=again_s)
        assert outcome.status in (-number, INTERRUPTED[number], 0) and "Traceback" not in outcome.said, (
            outcome.said
        )
        assert server.run(out).status == 0
        assert compare(whole.out, out) == EQUAL


@pytest.mark.slow
@pytest.mark.parametrize("descriptors", [12, 32])
def test_command_with_few_descriptors_ends_well_or_stops_cleanly_and_goes_on(
    server: Server, whole: Whole, tmp_path: Path, descriptors: int
) -> None:
    out = tmp_path / "run"
    with command(out, descriptors) as process:
        _, said = process.communicate(timeout=120)
    print(f"{descriptors} descriptors: status {process.returncode}")
    assert process.returncode in (0, 1) and "Traceback" not in said, said
    assert process.returncode == 0 or "Too many open files" in said
    assert server.run(out).status == 0
    assert compare(whole.out, out).differing in ((), ("config.toml",))
