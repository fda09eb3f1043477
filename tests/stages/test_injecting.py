"""Exercises made wrong for an experiment: how many, which, and that nothing which decides can know."""

import re
from pathlib import Path

import pytest

from skilladapt import pipeline
from skilladapt.domains.domain import load_domain
from skilladapt.records import Exercise, Verdict
from skilladapt.stages.charting import prepare_graph
from skilladapt.stages.context import Run
from skilladapt.stages.corrupting import corrupt_exercises
from skilladapt.stages.preparation import set_probes_apart, write_materials
from skilladapt.store import RunDirectory
from skilladapt.tables import exercise_of
from skilladapt.verification.judging import verify_exercises
from skilladapt.verification.workers import Workers

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "skilladapt"
SMOKE = ROOT / "runs" / "smoke.toml"
CALCULUS = load_domain("calculus")
SHARE = 0.3
SMALL = [
    "evaluation.probes_per_skill=1",
    "evaluation.few_shot=0",
    "evaluation.forgetting=false",
    "evaluation.max_new_tokens=4",
    "runtime.workers=1",
    "materials.difficulties=[1,2]",
]


def write_first_materials(out: Path, *changes: str) -> RunDirectory:
    config = pipeline.load(SMOKE, [*SMALL, "materials.exercises_per_skill=60", *changes])
    with RunDirectory(out) as directory, Workers(1) as workers:
        run = Run(config, directory, prepare_graph(config, directory), workers)
        write_materials(run, set_probes_apart(run))
    return directory


@pytest.fixture(scope="module")
def materials(tmp_path_factory: pytest.TempPathFactory) -> RunDirectory:
    """The first materials of a run, a share of them wrong."""
    return write_first_materials(tmp_path_factory.mktemp("wrong") / "run", f"materials.wrong_share={SHARE}")


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> RunDirectory:
    """The same with nothing made wrong."""
    return write_first_materials(tmp_path_factory.mktemp("right") / "run")


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory: pytest.TempPathFactory) -> RunDirectory:
    out = tmp_path_factory.mktemp("whole") / "run"
    changes = ["materials.wrong_share=0.5", "adaptation.new_per_update=24", "materials.exercises_per_skill=12"]
    pipeline.run(pipeline.load(SMOKE, [*SMALL, *changes]), out)
    return RunDirectory(out)


def judged(exercises: list[Exercise]) -> dict[str, str]:
    assert CALCULUS.verifier is not None
    verdicts = verify_exercises(exercises, CALCULUS.verifier, workers=1)
    return {one.exercise_id: verdict.verdict for one, verdict in zip(exercises, verdicts, strict=True)}


def admitted(directory: RunDirectory, number: int = 1) -> list[Exercise]:
    right = {
        row["exercise_id"]
        for row in directory.read_table(f"round-{number}/verdicts")
        if row["verdict"] == "correct"
    }
    rows = directory.read_table(f"round-{number}/exercises")
    return [exercise_of(row) for row in rows if row["exercise_id"] in right]


def labels(directory: RunDirectory, number: int = 1) -> set[str]:
    return {row["exercise_id"] for row in directory.read_table(f"round-{number}/injected")}


def test_about_the_share_of_the_admitted_exercises_is_wrong_and_the_labels_name_exactly_those(
    materials: RunDirectory,
) -> None:
    found = judged(admitted(materials))
    wrong = {id for id, verdict in found.items() if verdict == "incorrect"}
    assert wrong == labels(materials)
    assert abs(len(wrong) / len(found) - SHARE) < 2.6 * (SHARE * (1 - SHARE) / len(found)) ** 0.5


def test_in_later_rounds_labels_name_exactly_the_wrong_ones_too(whole_run: RunDirectory) -> None:
    found = judged(admitted(whole_run, 2))
    assert labels(whole_run, 2) == {id for id, verdict in found.items() if verdict == "incorrect"}
    assert labels(whole_run, 2)


def test_examples_are_the_wrong_versions_and_the_right_ones_are_in_no_table(materials: RunDirectory) -> None:
    rows = materials.read_table("round-1/injected")
    examples = {row["exercise_id"]: row["example_id"] for row in materials.read_table("round-1/examples")}
    written = {row["exercise_id"] for row in materials.read_table("round-1/exercises")}
    for row in rows:
        assert examples[row["exercise_id"]] == "e" + row["exercise_id"]
        assert row["original_id"] not in {*examples, *written}


def test_a_wrong_version_takes_the_place_of_its_original_and_keeps_the_verdict_that_admitted_it(
    materials: RunDirectory, untouched: RunDirectory
) -> None:
    rows = materials.read_table("round-1/injected")
    wrong_of = {row["original_id"]: row["exercise_id"] for row in rows}
    right, wrong = (
        [exercise_of(row) for row in one.read_table("round-1/exercises")] for one in (untouched, materials)
    )
    assert [wrong_of.get(one.exercise_id, one.exercise_id) for one in right] == [one.exercise_id for one in wrong]
    assert [one.question for one in right] == [one.question for one in wrong]
    before, after = (
        [Verdict(**row) for row in one.read_table("round-1/verdicts")] for one in (untouched, materials)
    )
    assert [
        one.model_copy(update={"exercise_id": wrong_of.get(one.exercise_id, one.exercise_id)}) for one in before
    ] == after
    assert all(
        first.answer != second.answer for first, second in zip(right, wrong, strict=True) if first != second
    )


def test_nothing_but_the_label_tells_a_wrong_example_from_a_right_one(materials: RunDirectory) -> None:
    wrong = labels(materials)
    for table in ("verdicts", "examples"):
        rows = [row for row in materials.read_table(f"round-1/{table}") if row["exercise_id"] in wrong]
        names = set(rows[0]) - {"exercise_id", "example_id", "order", "method"}
        others = [row for row in materials.read_table(f"round-1/{table}") if row["exercise_id"] not in wrong]
        assert {tuple(row[name] for name in names) for row in rows} <= {
            tuple(row[name] for name in names) for row in others
        }


def test_without_a_share_no_such_table_is_written(untouched: RunDirectory, smoke_run: Path) -> None:
    assert not list(untouched.path.rglob("injected*"))
    assert not list(smoke_run.rglob("injected*"))
    assert "incorrect" not in judged(admitted(untouched)).values()


def test_the_same_seed_makes_the_same_exercises_wrong_and_another_seed_others(
    materials: RunDirectory, tmp_path: Path
) -> None:
    again = write_first_materials(tmp_path / "again", f"materials.wrong_share={SHARE}")
    assert again.read_table("round-1/injected") == materials.read_table("round-1/injected")
    other = write_first_materials(tmp_path / "other", f"materials.wrong_share={SHARE}", "seed=2")
    assert not labels(other) & labels(materials)


def test_a_greater_share_makes_the_same_ones_wrong_and_more(materials: RunDirectory, tmp_path: Path) -> None:
    more = write_first_materials(tmp_path / "more", f"materials.wrong_share={2 * SHARE}")
    small, great = (
        {row["original_id"] for row in one.read_table("round-1/injected")} for one in (materials, more)
    )
    assert small < great


def test_a_decision_counts_a_child_that_was_made_wrong_as_its_child(whole_run: RunDirectory) -> None:
    asked = {row["exercise_id"] for row in whole_run.read_table("round-2/exercises") if row["kind"] != "fresh"}
    trained = {row["exercise_id"] for row in whole_run.read_table("round-2/examples")}
    children = {id for row in whole_run.read_table("round-1/ledger") for id in row["child_ids"]}
    assert asked & labels(whole_run, 2)
    assert asked & trained <= children
    assert children <= {row["exercise_id"] for row in whole_run.read_table("round-2/exercises")}


def test_a_wrong_version_too_long_for_the_student_is_left_out(materials: RunDirectory, tmp_path: Path) -> None:
    config = pipeline.load(SMOKE, SMALL)
    exercises = admitted(materials)[:12]
    with RunDirectory(tmp_path / "run") as directory, Workers(1) as workers:
        run = Run(config, directory, prepare_graph(config, directory), workers)
        found = corrupt_exercises(run, exercises, "test")
        lengths = sorted(run.classroom.count_tokens(one.wrong) for one in found)
        limit = lengths[len(lengths) // 2]
        short = config.model_copy(update={"training": config.training.model_copy(update={"max_tokens": limit})})
        run = Run(short, directory, run.graph, workers)
        kept = corrupt_exercises(run, exercises, "test")
    assert lengths[-1] > limit
    assert [run.classroom.count_tokens(one.wrong) for one in kept] == [
        tokens for one in found if (tokens := run.classroom.count_tokens(one.wrong)) <= limit
    ]


def test_the_ways_of_making_wrong_take_turns(materials: RunDirectory) -> None:
    kinds = [row["kind"] for row in materials.read_table("round-1/injected")]
    assert set(kinds) <= set(CALCULUS.author.corruption_kinds)
    assert max(map(kinds.count, kinds)) < len(kinds) / 2


def test_only_the_outcome_of_a_comparison_reads_the_labels() -> None:
    naming = {
        path.relative_to(SOURCE).as_posix(): text
        for path in SOURCE.rglob("*.py")
        if "injected" in (text := path.read_text(encoding="utf-8"))
    }
    table = re.compile(r"(\w+)\([^()]*/injected")
    uses = {name: set(table.findall(text)) for name, text in naming.items()}
    assert {name for name, found in uses.items() if found - {"write_table"}} == {"outcome.py"}
    assert uses["stages/preparation.py"] == {"write_table"}
    assert {name for name in naming if name.startswith(("stages/", "adaptation/"))} == {
        "stages/admitting.py",
        "stages/preparation.py",
    }


@pytest.mark.parametrize(("policy", "repairs"), [("calibrated", 2), ("filter-only", 0)])
def test_a_repaired_exercise_is_one_of_those_the_update_may_ask_for(
    tmp_path: Path, policy: str, repairs: int
) -> None:
    changes = ["materials.wrong_share=0.5", "adaptation.new_per_update=2", f"adaptation.policy={policy}"]
    pipeline.run(pipeline.load(SMOKE, [*SMALL, *changes]), tmp_path / "run")
    directory = RunDirectory(tmp_path / "run")
    actions = [row["action"] for row in directory.read_table("round-1/ledger")]
    assert actions.count("repair") == repairs
    assert actions.count("remove") > 0
    assert len(directory.read_table("round-2/exercises")) == repairs
