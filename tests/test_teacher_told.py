"""What a run tells of its teacher: the estimate kept with it, the truth beside it, the yield, the prompts."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import legs
from skilladapt import pipeline, prompts
from skilladapt.errors import RunError
from skilladapt.stages.charting import build_graph
from skilladapt.stages.closing import show_results
from skilladapt.store import RunDirectory
from skilladapt.teachers.teacher import Request
from test_any_subject import written_run

KILLED = Path(__file__).with_name("killed_run.py")


@pytest.fixture(scope="module")
def run_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written_run(tmp_path_factory.mktemp("told"))


@pytest.fixture(scope="module")
def directory(run_file: Path) -> RunDirectory:
    pipeline.run(pipeline.load(run_file), run_file.parent / "out")
    return RunDirectory.existing(run_file.parent / "out")


def test_calls_tokens_and_purposes_are_those_of_the_archive(directory: RunDirectory) -> None:
    found = directory.read_json("summary")["teacher"]
    with sqlite3.connect(directory.path / "teacher.sqlite") as connection:
        rows = connection.execute("SELECT purpose, count(*) FROM replies GROUP BY purpose").fetchall()
    assert dict(rows) == {purpose: row["calls"] for purpose, row in found["purposes"].items()}
    assert {"textbook", "probes", "exercises", "solve", "points", "corrupted"} <= found["purposes"].keys()
    total = found["together"]
    assert total["calls"] == sum(row["calls"] for row in found["costs"]) == sum(count for _, count in rows)
    assert total["tokens"] == sum(
        row["prompt_tokens"] + row["completion_tokens"] for row in found["purposes"].values()
    )
    assert found["name"] == "legs:answer" and found["ledger"]["without_reply"] == 0


def test_each_part_stands_beside_the_estimate_kept_at_the_beginning(directory: RunDirectory) -> None:
    estimate = {part["purpose"]: part for part in directory.read_json("estimate")["parts"]}
    costs = {row["part"]: row for row in directory.read_json("summary")["teacher"]["costs"]}
    assert estimate.keys() <= costs.keys()
    for part, row in costs.items():
        low, high = row["estimated"]["calls"]
        assert [low, high] == estimate[part]["calls"]
        outside = "below" if row["calls"] < low else "above" if row["calls"] > high else None
        assert row["outside"].get("calls") == outside
    assert costs["textbooks"]["outside"].get("calls") is None


def test_the_yield_adds_up(directory: RunDirectory) -> None:
    summary = directory.read_json("summary")
    rows = {row["purpose"]: row for row in summary["teacher"]["yield"]}
    assert rows["textbook"]["asked"] == 3 and rows["probes"]["asked"] == 12 and rows["exercises"]["asked"] >= 36
    for row in rows.values():
        assert row["admitted"] <= row["usable"] <= row["asked"] or row["purpose"] == "corrupted"
    verdicts = [row for number in (0, 1, 2) for row in directory.read_table(f"round-{number}/verdicts")]
    right = sum(row["verdict"] == "correct" for row in verdicts)
    assert right == sum(row["admitted"] for name, row in rows.items() if name not in ("probes", "corrupted"))
    refused = sum(
        row["count"] for row in summary["teacher"]["rejected"] if row["by"] not in ("author", "verification")
    )
    assert refused == len(verdicts) - right


def test_the_provenance_names_the_teacher_and_hashes_every_prompt(directory: RunDirectory) -> None:
    found = directory.read_json("provenance")
    assert found["prompts"] == prompts.hashes() and "forms/choice" in found["prompts"]
    teacher = found["teacher"]
    assert (teacher["name"], teacher["kind"], teacher["temperature"]) == ("legs:answer", "scripted", 0.7)


def test_other_prompts_are_told_when_a_run_goes_on(
    run_file: Path,
    directory: RunDirectory,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = Path(shutil.copytree(directory.path, tmp_path / "copy"))
    manifest = json.loads((out / "manifest.json").read_text())
    (out / "manifest.json").write_text(json.dumps({k: v for k, v in manifest.items() if k != "report"}))
    monkeypatch.setattr(prompts, "hashes", lambda: {**directory.read_json("provenance")["prompts"], "solve": "0"})
    pipeline.run(pipeline.load(run_file), out)
    assert "begun with other prompts (solve)" in " ".join(capsys.readouterr().err.split())


def test_the_end_of_a_run_tells_it_and_so_does_its_page(
    run_file: Path, directory: RunDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    show_results(directory, build_graph(pipeline.load(run_file)))
    told = capsys.readouterr().out
    assert (
        "What the teacher was asked, and below it the estimate" in told
        and "What its replies were good for" in told
    )
    assert "below" in told  # the script is short of words
    page = directory.read_text("report.html")
    assert 'id="teacher"' in page and "legs:answer" in page


def test_a_run_without_a_teacher_tells_nothing_of_one(smoke_run: Path) -> None:
    directory = RunDirectory.existing(smoke_run)
    assert "teacher" not in directory.read_json("summary")
    assert not {"teacher", "prompts"} & directory.read_json("provenance").keys()
    assert not directory.has("estimate.json") and not directory.has("teacher.sqlite")
    assert not list(smoke_run.rglob("*-asked.parquet"))
    assert 'id="teacher"' not in directory.read_text("report.html")


def test_equal_runs_with_equal_replies_tell_the_same(
    run_file: Path, directory: RunDirectory, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    again.mkdir()
    shutil.copy(directory.path / "teacher.sqlite", again)
    pipeline.run(pipeline.load(run_file), again)
    for name in ("summary.json", "estimate.json", "provenance.json"):
        assert (again / name).read_bytes() == (directory.path / name).read_bytes()


def test_sums_survive_kills(run_file: Path, directory: RunDirectory, tmp_path: Path) -> None:
    out = tmp_path / "out"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(KILLED.parent), *sys.path])}
    for point in ("reply:9", "stage:round-1/update", "stage:summary"):
        command = [sys.executable, str(KILLED), str(run_file), str(out), point]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)
        assert done.returncode == -signal.SIGKILL, done.stderr
        assert not RunDirectory(out).has("summary.json")
    pipeline.run(pipeline.load(run_file), out)
    assert (out / "summary.json").read_bytes() == (directory.path / "summary.json").read_bytes()


def test_an_estimate_is_kept_once_and_made_anew_for_another_run(
    run_file: Path, directory: RunDirectory, tmp_path: Path
) -> None:
    out = Path(shutil.copytree(directory.path, tmp_path / "copy"))
    kept = (out / "estimate.json").read_bytes()
    before = (out / "estimate.json").stat().st_mtime_ns
    pipeline.run(pipeline.load(run_file), out)
    assert (out / "estimate.json").stat().st_mtime_ns == before
    for damaged in (b"{", json.dumps({**json.loads(kept), "told_for": "another"}).encode()):
        (out / "estimate.json").write_bytes(damaged)
        pipeline.run(pipeline.load(run_file), out)
        assert (out / "estimate.json").read_bytes() == kept


def test_a_skill_without_any_exercise_is_a_finding(
    run_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = legs.answer

    def refusing(request: Request) -> str:
        is_about_birds = "Step [Legs of birds and insects]" in request.messages[-1].content
        if request.purpose == "question" or (request.purpose == "exercises" and is_about_birds):
            return "I cannot do that."
        return answer(request)

    monkeypatch.setattr(legs, "answer", refusing)
    pipeline.run(pipeline.load(run_file, ["training.rounds=1"]), tmp_path / "out")
    summary = RunDirectory.existing(tmp_path / "out").read_json("summary")
    (finding,) = [one for one in summary["findings"] if "birds" in one]
    assert (
        finding == "No exercise at all was admitted for 'Legs of birds and insects': 12 were asked for, 0 usable."
    )
    told = re.sub(r"\s+", " ", capsys.readouterr().out)
    assert finding in told and "x refused" in told
    (loss,) = [row for row in summary["teacher"]["rejected"] if row["reason"] == "refused"]
    assert (loss["purpose"], loss["by"]) == ("exercises", "author") and loss["count"] >= 6


def test_a_graph_made_of_a_goal_is_told_of_beside_its_estimate(run_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "goal.toml"
    syllabus = next(line for line in run_file.read_text().splitlines() if line.startswith("syllabus"))
    file.write_text(run_file.read_text().replace(syllabus, f'goal = "{legs.GOAL}"'))
    pipeline.run(pipeline.load(file, ["training.rounds=1"]), tmp_path / "out")
    found = RunDirectory.existing(tmp_path / "out").read_json("summary")["teacher"]
    first = found["costs"][0]
    assert (first["part"], first["calls"], first["estimated"]["calls"]) == ("the graph", 1, [1, 358])
    assert found["together"]["calls"] == sum(row["calls"] for row in found["costs"])


def test_a_teacher_that_writes_nothing_usable_stops_the_run_with_its_reasons(
    run_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = legs.answer
    monkeypatch.setattr(
        legs,
        "answer",
        lambda request: "I cannot do that." if request.purpose in ("exercises", "question") else answer(request),
    )
    with pytest.raises(RunError, match=r"Not one of 0 exercises was admitted \(refused\)"):
        pipeline.run(pipeline.load(run_file), tmp_path / "out")
    assert RunDirectory(tmp_path / "out").read_table("materials-rejected")
