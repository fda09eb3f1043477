"""Killable workers: one bad task costs one task, whatever it does."""

import os
import resource
import signal
import time
from collections.abc import Iterator

import pytest

from skilladapt.verification.workers import Lost, Workers

CPU_S = 0.3


def act(task: str) -> str:
    """Runs in a worker; what it does depends on the name."""
    if task == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if task == "crashed":
        os.kill(os.getpid(), signal.SIGSEGV)
    if task == "endless":
        while True:
            pass
    if task == "swallowing":
        while True:
            try:
                sum(range(1000))
            except Exception:
                continue
    if task == "endless in C":
        signal.signal(signal.SIGPROF, signal.SIG_IGN)  # as deaf to the alarm as one long call in C
        while True:
            pass
    if task == "huge":
        return str(len(bytearray(8 * 1024**3)))
    if task == "raising":
        raise ValueError("no such thing")
    if task == "deep":
        return act_deeply(0)
    if task == "asleep":
        time.sleep(60)
    return task.upper()


def act_deeply(depth: int) -> str:
    return act_deeply(depth + 1) + "."


def process_of(_: int) -> int:
    return os.getpid()


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2, cpu_s=CPU_S, wall_s=20) as pool:
        yield pool


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        ("killed", "ended with status -9"),
        ("crashed", "ended with status -11"),
        ("endless", "stopped after 0.3 CPU seconds"),
        ("swallowing", "stopped after 0.3 CPU seconds"),
        ("huge", "stopped at 2048 MiB"),
        ("raising", "failed with ValueError: no such thing"),
        ("deep", "failed with RecursionError"),
    ],
)
def test_a_bad_task_is_lost_alone_with_its_reason(workers: Workers, task: str, reason: str) -> None:
    found = workers.map(act, ["a", "b", task, "c", "d"])
    assert found[:2] + found[3:] == ["A", "B", "C", "D"]
    lost = found[2]
    assert isinstance(lost, Lost)
    assert reason in lost.reason


def test_work_deaf_to_the_alarm_is_killed_by_the_kernel(workers: Workers) -> None:
    lost, fine = workers.map(act, ["endless in C", "a"])
    assert fine == "A"
    assert isinstance(lost, Lost)
    assert lost.reason == "stopped after 2.3 CPU seconds"


def test_a_sleeping_task_is_stopped_at_last() -> None:
    with Workers(1, cpu_s=CPU_S, wall_s=1) as pool:
        lost, fine = pool.map(act, ["asleep", "a"])
    assert fine == "A"
    assert lost == Lost("stopped after 1 seconds")


def test_results_come_in_order_and_do_not_depend_on_the_number_of_workers() -> None:
    items = [f"item {number}" for number in range(200)]
    with Workers(1) as one, Workers(3) as three:
        assert one.map(act, items) == three.map(act, items) == [item.upper() for item in items]


def test_work_happens_in_other_processes_that_end_with_the_pool() -> None:
    with Workers(2) as pool:
        ids = {id for id in pool.map(process_of, range(20)) if isinstance(id, int)}
        assert os.getpid() not in ids
    for id in ids:
        with pytest.raises(ProcessLookupError):
            os.kill(id, 0)


def test_nothing_is_started_for_no_items() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with Workers(2) as pool:
        assert pool.map(act, []) == []
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime == before
