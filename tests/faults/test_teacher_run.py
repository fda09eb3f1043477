"""Whole runs that ask a service and are killed: what is asked again, what it costs, and where the key is."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import legs
from skilladapt.teachers.teacher import Message, Request
from test_any_subject import RUN

sys.path.append(str(Path(__file__).parents[1] / "teachers"))

from loopback import Answer, Asked, Loopback, completion  # noqa: E402
from test_secret import hits  # noqa: E402

KEY = 'sk-ca%na+ry/"0=1'
CONCURRENCY = 6
KILLS = 5
TOKENS = (40, 60)
"""Of prompt and reply, as the service counts them: of every one."""
PRICES = (0.2, 1.0)
"""Dollars per million of them."""
COST_USD = sum(count * price for count, price in zip(TOKENS, PRICES, strict=True)) / 1e6
TEACHER = """\
kind = "endpoint"
base_urls = ["{url}"]
model = "legs"
key_env = "LEGS_KEY"
max_tokens = 120
usd_per_million_prompt_tokens = 0.2
usd_per_million_completion_tokens = 1.0
"""
PURPOSES = {
    "Write one page": "textbook",
    "pairs of test questions": "probes",
    "This exercise is right": "corrupted",
    "Solve it with care": "solved-again",
    "Think step by step, in a few short sentences. ": "solve",
    "Explanation:\n<<<": "points",
    "Answer 1:\n<<<": "judge",
}


def purpose_of(prompt: str) -> str:
    """A service is not told what it is asked for; the script of this subject wants to know."""
    return next((purpose for words, purpose in PURPOSES.items() if words in prompt), "exercises")


def answer(asked: Asked) -> Answer:
    """As the script does, and everything else that is said holds the key."""
    given = asked.headers["authorization"]
    key = given.removeprefix("Bearer ")
    messages = tuple(Message(**one) for one in asked.body["messages"])
    request = Request(messages=messages, draw=asked.number, purpose=purpose_of(asked.text))
    text = legs.answer(request)
    if request.purpose == "textbook":
        text += f" You sent {key}."
    headers = {"X-Echo": given, "Set-Cookie": f"key={key}"}
    return Answer(body=completion(text, usage=TOKENS, model=key, id=key), headers=headers, delay_s=0.01)


def run_file(folder: Path, url: str, more: str = "") -> Path:
    """A run of the subject with a service as its teacher."""
    (folder / "legs.md").write_text(legs.SYLLABUS)
    own = 'kind = "scripted"\nscript = "legs:answer"\n'
    assert own in RUN
    file = folder / "legs.toml"
    file.write_text(RUN.format(syllabus=folder / "legs.md").replace(own, TEACHER.format(url=url) + more))
    return file


def start(file: Path, out: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "skilladapt.cli", "run", str(file), "--out", str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "LEGS_KEY": KEY, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def killed_after(process: "subprocess.Popen[str]", server: Loopback, number: int) -> bool:
    """Kills it when the service was asked so often; whether it still ran."""
    while process.poll() is None and len(server.asked) < number:
        time.sleep(0.001)
    was_running = process.poll() is None
    process.kill()
    return was_running


def manifests(out: Path) -> dict[str, object]:
    """The hashes of all tables, by folder; a report and a summary tell of one run's calls."""
    return {
        folder: {
            name: stage["files"]
            for name, stage in json.loads((out / folder / "manifest.json").read_text()).items()
        }
        for folder in ("base", "round-0", "round-1", "round-2")
    }


def readable(path: Path) -> list[str]:
    """All that is in a file, packed or not."""
    data = path.read_bytes()
    found = [data.decode("utf-8", "replace"), data.decode("utf-16-le", "replace")]
    if path.suffix == ".parquet":
        found.append(json.dumps(pq.read_table(path).to_pylist(), default=str, ensure_ascii=False))
    if path.suffix == ".sqlite":
        with sqlite3.connect(path) as connection:
            names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            found += [repr(row) for name in names for row in connection.execute(f"SELECT * FROM {name}")]
    return found


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[str], str]:
    """A finished run that was killed five times while it asked: its file, its folder, what it asked and said."""
    folder = tmp_path_factory.mktemp("killed")
    rng = random.Random(5)
    with Loopback(answer) as server:
        file = run_file(folder, server.url, f"concurrency = {CONCURRENCY}\n")
        said = ""
        for _ in range(KILLS):
            process = start(file, folder / "out")
            assert killed_after(process, server, len(server.asked) + rng.randint(15, 45)), process.communicate()[0]
            said += process.communicate()[0]
        process = start(file, folder / "out")
        said += process.communicate()[0]
        assert process.returncode == 0, said
        return file, folder / "out", [json.dumps(asked.body, sort_keys=True) for asked in server.asked], said


def test_five_kills_lose_no_reply_and_repeat_only_what_was_under_way(
    killed: tuple[Path, Path, list[str], str],
) -> None:
    _, out, asked, _ = killed
    draws = Counter(asked)
    with sqlite3.connect(out / "teacher.sqlite") as connection:
        (kept,) = connection.execute("SELECT count(*) FROM replies").fetchone()
    repeated = len(asked) - kept
    print(f"{len(asked)} calls for {kept} replies, {repeated} repeated in {KILLS} kills; {len(draws)} prompts")
    assert 0 <= repeated <= KILLS * CONCURRENCY


def test_tables_after_kills_are_those_of_a_run_in_one_go_with_the_same_replies(
    killed: tuple[Path, Path, list[str], str], tmp_path: Path
) -> None:
    file, out, _, _ = killed
    (tmp_path / "out").mkdir()
    shutil.copy(out / "teacher.sqlite", tmp_path / "out" / "teacher.sqlite")
    process = start(file, tmp_path / "out")  # the service is gone: one call would fail
    said = process.communicate()[0]
    assert process.returncode == 0, said
    assert manifests(tmp_path / "out") == manifests(out)


def test_the_key_is_nowhere_in_the_run_and_in_nothing_that_was_said(
    killed: tuple[Path, Path, list[str], str],
) -> None:
    _, out, _, said = killed
    files = [path for path in out.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm"))]
    found = {str(path): hit for path in files for text in readable(path) if (hit := hits(text, KEY))}
    assert len(files) > 30 and not found and not hits(said, KEY)
    books = pq.read_table(out / "round-0" / "textbooks.parquet").column("text").to_pylist()
    assert any("You sent" in text for text in books)  # the key was given back, or nothing is shown


def test_a_few_cents_are_never_exceeded_whatever_is_killed(tmp_path: Path) -> None:
    cap_usd, rng, kills = 0.03, random.Random(6), 0
    with Loopback(answer) as server:
        file = run_file(tmp_path, server.url, f"concurrency = 64\ncap_usd = {cap_usd}\n")
        for _ in range(12):
            process = start(file, tmp_path / "out")
            was_running = killed_after(process, server, len(server.asked) + rng.randint(3, 20))
            said = process.communicate()[0]
            assert len(server.asked) * COST_USD <= cap_usd
            if not was_running:
                break
            assert process.returncode == -signal.SIGKILL
            kills += 1
    assert process.returncode == 1 and "cap teacher.cap_usd is reached" in said, said
    assert kills >= 2
    with sqlite3.connect(tmp_path / "out" / "teacher.sqlite") as connection:
        spent, reserved = connection.execute("SELECT spent_nano_usd, reserved_nano_usd FROM ledger").fetchone()
    billed = round(len(server.asked) * COST_USD * 1e9)
    print(f"{kills} kills: billed {billed / 1e9:.4f}, in the ledger {(spent + reserved) / 1e9:.4f} of {cap_usd}")
    assert billed <= spent + reserved <= cap_usd * 1e9
