"""A subject that no domain is about, from a syllabus and a teacher to a taught student."""

import json
import re
import sqlite3
import time
from pathlib import Path

import pytest

import legs
from skilladapt import pipeline
from skilladapt.errors import UserError
from skilladapt.records import is_held_out
from skilladapt.stages.charting import build_graph
from skilladapt.stages.estimating import estimate
from skilladapt.stages.quoting import show_estimate
from skilladapt.store import RunDirectory

SMOKE = Path(__file__).parents[1] / "runs" / "smoke.toml"
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
calibration_examples = 36
planted_share = 0.4
calibration_passes = 2
new_per_update = 4

[evaluation]
probes_per_skill = 2
few_shot = 0
max_new_tokens = 8
forgetting = false
"""


def written_run(folder: Path) -> Path:
    """The run file, with its syllabus beside it."""
    (folder / "legs.md").write_text(legs.SYLLABUS)
    file = folder / "legs.toml"
    file.write_text(RUN.format(syllabus=folder / "legs.md"))
    return file


@pytest.fixture(scope="module")
def run_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written_run(tmp_path_factory.mktemp("legs"))


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


@pytest.mark.parametrize(("lacking", "named"), [("[teacher]", "'teacher' is missing"), ("syllabus", "'syllabus'")])
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


def test_the_estimate_made_before_holds_what_was_asked(run_file: Path, directory: RunDirectory) -> None:
    config = pipeline.load(run_file)
    parts = estimate(config, build_graph(config))
    low, high = (sum(part.calls[end] for part in parts) for end in (0, 1))
    with sqlite3.connect(directory.path / "teacher.sqlite") as connection:
        (asked,) = connection.execute("SELECT count(*) FROM replies").fetchone()
    # The script explains a thing in the same words each time, and what is the same is read once.
    assert 0.75 * low <= asked <= high < 4 * low


def test_an_estimate_tells_cost_time_and_caps(run_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    priced = ['teacher.kind="endpoint"', 'teacher.base_urls=["http://127.0.0.1:9/v1"]', "teacher.model=m"]
    prices = ["teacher.usd_per_million_prompt_tokens=2", "teacher.usd_per_million_completion_tokens=8"]
    file = run_file.with_name("priced.toml")
    file.write_text(run_file.read_text().replace('script = "legs:answer"', ""))
    show_estimate(pipeline.load(file, [*priced, *prices, "teacher.cap_calls=10"]), as_json=False)
    shown = capsys.readouterr().out
    assert "US dollars" in shown and "Time of asking" in shown and "cap_calls 10" in shown
    assert "is less than the run takes at least" in " ".join(shown.split())
    show_estimate(pipeline.load(file, [*priced, *prices]), as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert 0 < found["cost_usd"][0] < found["cost_usd"][1] and found["parts"][0]["purpose"] == "textbooks"


def test_thousands_of_skills_are_estimated_in_seconds(run_file: Path) -> None:
    units = (f"## Unit {unit}\n\n" + "".join(_section(unit, place) for place in range(20)) for unit in range(500))
    syllabus = run_file.with_name("large.md")
    syllabus.write_text("# Much\n\n" + "".join(units))
    config = pipeline.load(run_file).model_copy(update={"syllabus": str(syllabus)})
    graph = build_graph(config)
    began = time.perf_counter()
    parts = estimate(config, graph)
    assert time.perf_counter() - began < 10  # under a second on one idle core
    assert {part.purpose: part.calls for part in parts}["textbooks"] == (10_000, 10_000)


def _section(unit: int, place: int) -> str:
    return f"### Matter {unit} of sort {place}\nSay what it is.\n\n"


def test_a_domain_of_its_own_needs_no_estimate() -> None:
    with pytest.raises(UserError, match="asks no teacher"):
        estimate(pipeline.load(SMOKE), build_graph(pipeline.load(SMOKE)))


def test_social_studies_go_all_the_way_from_their_syllabi_to_a_taught_student(tmp_path: Path) -> None:
    text = SMOKE.with_name("social-studies.toml").read_text(encoding="utf-8")
    own = re.search(r"\[teacher\]\n.*?(?=\n\[)", text, flags=re.DOTALL)
    assert own is not None and 'kind = "endpoint"' in own[0]
    file = tmp_path / "social-studies.toml"
    file.write_text(text.replace(own[0], '[teacher]\nkind = "scripted"\nscript = "legs:answer"\n'))
    small = (
        "student.model=tiny-random",
        "materials.textbooks_per_skill=1",
        "materials.exercises_per_skill=4",
        "materials.difficulties=[1]",
        "training.passes=2",
        "training.textbook_passes=1",
        "adaptation.calibration_examples=16",
        "adaptation.new_per_update=4",
        "evaluation.probes_per_skill=1",
        "evaluation.few_shot=0",
        "evaluation.max_new_tokens=8",
        "evaluation.forgetting=false",
    )
    pipeline.run(pipeline.load(file, small), tmp_path / "out")
    directory = RunDirectory.existing(tmp_path / "out")
    taught = {row["skill_ids"][0] for row in directory.read_table("round-1/exercises")}
    assert taught == set(pipeline.load(file).teach) and directory.has("report.html")
    assert len(directory.read_json("graph")["skills"]) > 2_000
