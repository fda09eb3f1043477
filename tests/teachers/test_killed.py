"""Processes that are killed while they ask: what is asked again, what is lost, and what is spent."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from loopback import Answer, Asked, Loopback, completion, echo

from skilladapt.teachers.archive import Archive
from skilladapt.teachers.spending import Spent

SCRIPT = Path(__file__).with_name("killed_asking.py")
COST_USD = 1e-6 * (10 * 1.0 + 5 * 10.0)
"""Of each reply of the server, which reports 10 and 5 tokens."""


def start(
    server: Loopback, path: Path, *, number: int, concurrency: int, point: str = "none", cap_usd: float = 1.0
) -> "subprocess.Popen[str]":
    arguments = [server.url, str(path), str(number), str(concurrency), point, str(cap_usd)]
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def end(process: "subprocess.Popen[str]") -> tuple[int, list[int], str]:
    """Status, places told, and what was said."""
    out, err = process.communicate(timeout=60)
    return process.returncode, [int(line) for line in out.split()], err


@pytest.mark.parametrize("point", ["before:1", "after:1", "before:4", "after:4", "before:9", "after:9"])
def test_after_a_kill_between_reply_and_commit_only_what_was_under_way_is_asked_again(
    tmp_path: Path, point: str
) -> None:
    number, concurrency, path = 100, 6, tmp_path / "a.sqlite"
    with Loopback(lambda asked: Answer(body=completion(asked.text), delay_s=0.003)) as server:
        status, told, said = end(start(server, path, number=number, concurrency=concurrency, point=point))
        assert status == -signal.SIGKILL, said
        before = len(server.asked)
        assert before < number  # it was killed in the middle
        status, all_told, said = end(start(server, path, number=number, concurrency=concurrency))
        assert status == 0, said
        again = server.texts[before:]
    assert sorted(all_told) == list(range(number))
    assert not {f"question {place}" for place in told} & set(again)  # nothing that was told is lost
    repeated = len(server.asked) - len(set(server.texts))
    assert len(set(server.texts)) == number and repeated <= concurrency
    if point.startswith("before"):
        assert repeated >= 1  # or the kill was not where it should be
    with Archive(path) as archive:
        spending = archive.spending()
    # Each of 10 and 5 tokens, however often it was asked; what was under way when killed may have to be paid, too.
    assert spending.by_purpose == {"solve": Spent(number, 10 * number, 5 * number, round(number * COST_USD * 1e9))}
    assert spending.ledger.calls == number + spending.calls_without_reply
    assert repeated <= spending.calls_without_reply <= concurrency


def test_no_kill_lets_more_be_spent_than_the_cap(tmp_path: Path) -> None:
    number, concurrency, path, cap_usd = 2000, 64, tmp_path / "a.sqlite", 0.04
    rng = random.Random(3)
    kills = 0
    with Loopback(lambda asked: Answer(body=completion(asked.text), delay_s=rng.uniform(0, 0.02))) as server:
        for _ in range(30):
            begun = len(server.asked)
            process = start(server, path, number=number, concurrency=concurrency, cap_usd=cap_usd)
            wanted = begun + rng.randrange(20, 120)
            while process.poll() is None and len(server.asked) < wanted:
                time.sleep(0.001)
            process.kill()
            status, _, said = end(process)
            assert len(server.asked) * COST_USD <= cap_usd
            if status == 1:
                break
            assert status == -signal.SIGKILL, said
            kills += 1
    assert "cap teacher.cap_usd is reached" in said and kills >= 2
    connection = sqlite3.connect(path)
    spent, reserved = connection.execute("SELECT spent_nano_usd, reserved_nano_usd FROM ledger").fetchone()
    connection.close()
    billed = round(len(server.asked) * COST_USD * 1e9)
    assert billed <= spent + reserved <= cap_usd * 1e9


def test_an_interrupted_process_ends_within_seconds_and_repeats_nothing_that_came(tmp_path: Path) -> None:
    number, path = 60, tmp_path / "a.sqlite"

    def serve(asked: Asked) -> Answer:
        return Answer(body=completion(asked.text), delay_s=60 if len(server.asked) > 30 else 0)

    with Loopback(serve) as server:
        process = start(server, path, number=number, concurrency=6)
        while len(server.asked) < 36:
            time.sleep(0.01)
        time.sleep(0.2)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        status, told, said = end(process)
        assert time.monotonic() - began < 5 and status in (1, 130, -signal.SIGINT), said
        assert "KeyboardInterrupt" in said and len(told) == 30
        server.asked.clear()
        server.script = echo
        assert end(start(server, path, number=number, concurrency=6))[0] == 0
    assert len(server.asked) == number - 30
