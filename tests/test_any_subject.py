"""A subject that no domain is about, from a syllabus and a teacher to a taught student."""

import json
import re
from pathlib import Path

import pytest

import legs
from skilladapt import pipeline
from skilladapt.errors import UserError
from skilladapt.records import is_held_out
from skilladapt.store import RunDirectory

RUN = """\
title = "Legs"
syllabus = "{syllabus}"

[teacher]
kind = "scripted"
script = "legs:answer"

[student]
model = "tiny-random"

[materials]
exercises_per_skill = 12
difficulties = [1, 2]

[training]
rounds = 2
passes = 2
batch_size = 4

[adaptation]
calibration_examples = 24
calibration_passes = 2
new_per_update = 4

[evaluation]
probes_per_skill = 2
few_shot = 0
max_new_tokens = 8
forgetting = false
"""


@pytest.fixture(scope="module")
def run_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("legs")
    (folder / "legs.md").write_text(legs.SYLLABUS)
    file = folder / "legs.toml"
    file.write_text(RUN.format(syllabus=folder / "legs.md"))
    return file


@pytest.fixture(scope="module")
def directory(run_file: Path) -> RunDirectory:
    pipeline.run(pipeline.load(run_file), run_file.parent / "out")
    return RunDirectory.existing(run_file.parent / "out")


def test_a_student_is_taught_what_the_teacher_wrote_and_solvers_confirmed(directory: RunDirectory) -> None:
    exercises = {row["question"]: row for row in directory.read_table("round-1/exercises")}
    assert len(exercises) >= 12 and not any(is_held_out(question) for question in exercises)
    assert {row["answer_type"] for row in exercises.values()} == {"number", "choice", "points"}
    verdicts = directory.read_table("round-1/verdicts")
    assert {row["method"] for row in verdicts if row["verdict"] == "correct"} == {"agreement"}
    assert directory.read_table("round-2/losses") and directory.has("report.html")


def test_what_was_rejected_is_kept_with_its_reason(directory: RunDirectory) -> None:
    for table in ("probes-rejected", "materials-rejected", "round-1/update-rejected"):
        for row in directory.read_table(table):
            assert row["reason"] and row["purpose"] and row["skill_id"]


def test_a_wrong_version_is_refuted_by_solvers_and_planted(directory: RunDirectory) -> None:
    calibration = directory.read_json("round-1/calibration")
    assert calibration["planted"] >= 1


def test_the_same_run_again_asks_nobody_and_makes_the_same_tables(
    run_file: Path, directory: RunDirectory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = tmp_path / "again"
    again.mkdir()
    (again / "teacher.sqlite").write_bytes((directory.path / "teacher.sqlite").read_bytes())

    def nobody(request: object) -> str:
        raise AssertionError("the teacher was asked")

    monkeypatch.setattr(legs, "answer", nobody)
    pipeline.run(pipeline.load(run_file), again)
    manifests = [
        json.loads((folder / "round-2" / "manifest.json").read_text()) for folder in (directory.path, again)
    ]
    assert manifests[0] == manifests[1]


@pytest.mark.parametrize(
    ("lacking", "named"), [("[teacher]", "'teacher' is missing"), ("syllabus", "'syllabus': it is missing")]
)
def test_what_a_run_lacks_is_told_before_any_work(
    run_file: Path, tmp_path: Path, lacking: str, named: str
) -> None:
    lines = run_file.read_text().splitlines()
    begin = next(place for place, line in enumerate(lines) if line.startswith(lacking))
    del lines[begin : begin + (3 if lacking == "[teacher]" else 1)]
    file = tmp_path / "lacking.toml"
    file.write_text("\n".join(lines))
    with pytest.raises(UserError, match=re.escape(named)):
        pipeline.run(pipeline.load(file), tmp_path / "out")
    assert not (tmp_path / "out").exists()
