"""The whole method with a tiny random student: what is written, that it is equal, and that it can be continued."""

import hashlib
import math
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import torch

from skilladapt import pipeline
from skilladapt.adaptation.observations import observe, trained_exercises
from skilladapt.adaptation.policies import POLICIES
from skilladapt.adaptation.suspicion import suspicion
from skilladapt.config import load_saved_config
from skilladapt.errors import RunError, UserError
from skilladapt.outcome import read_outcome
from skilladapt.skills.graph import SkillGraph
from skilladapt.stages import updating
from skilladapt.stages.classroom import Classroom
from skilladapt.stages.library import read_calibration, read_entries, read_histories
from skilladapt.store import RunDirectory
from skilladapt.tables import TABLES
from skilladapt.training import loop

SMOKE = Path(__file__).parents[1] / "runs" / "smoke.toml"


def tables_by_hash(out: Path) -> dict[str, str]:
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*.parquet"))
    }


def checkpoints_by_hash(out: Path) -> dict[str, str]:
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*.safetensors"))
    }


def test_every_table_is_written_with_its_columns(smoke_run: Path) -> None:
    written = {path.stem for path in smoke_run.rglob("*.parquet")}
    # What was made wrong for an experiment is only told where something was.
    assert set(TABLES) - {"injected"} <= written
    for path in smoke_run.rglob("*.parquet"):
        if path.stem in TABLES:
            assert pq.read_schema(path).names == TABLES[path.stem].names, path


def test_no_table_is_empty(smoke_run: Path) -> None:
    sizes = {path: pq.read_metadata(path).num_rows for path in smoke_run.rglob("*.parquet")}
    assert not [path for path, rows in sizes.items() if rows == 0]


def test_two_runs_of_one_configuration_are_equal_by_hash(smoke_run: Path, tmp_path: Path) -> None:
    pipeline.run(pipeline.load(SMOKE), tmp_path / "again")
    assert tables_by_hash(tmp_path / "again") == tables_by_hash(smoke_run)
    assert checkpoints_by_hash(tmp_path / "again") == checkpoints_by_hash(smoke_run)


def test_another_seed_writes_other_exercises(smoke_run: Path, tmp_path: Path) -> None:
    pipeline.run(pipeline.load(SMOKE, ["seed=2", "training.rounds=1"]), tmp_path / "other")
    first, other = (RunDirectory(out).read_table("round-1/exercises") for out in (smoke_run, tmp_path / "other"))
    assert not {row["exercise_id"] for row in first} & {row["exercise_id"] for row in other}


def test_finished_run_trains_nothing_and_says_so(
    smoke_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(smoke_run, tmp_path / "copy")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "copy").rglob("*.parquet")}
    monkeypatch.setattr(Classroom, "open", lambda *_, **__: pytest.fail("the student was loaded"))
    pipeline.run(pipeline.load(SMOKE), tmp_path / "copy")
    assert "Nothing was left to do" in capsys.readouterr().out
    assert {path: path.stat().st_mtime_ns for path in before} == before


@pytest.mark.parametrize(
    "stage", ["round-0/training", "round-1/training", "round-1/categories", "round-1/update", "round-2/evaluation"]
)
def test_run_stopped_in_a_stage_goes_on_to_the_same_end(
    smoke_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    begin = RunDirectory.log

    def stop(self: RunDirectory, **event: object) -> None:
        if event.get("event") == "end" and event.get("stage") == stage:
            raise KeyboardInterrupt
        begin(self, **event)

    monkeypatch.setattr(RunDirectory, "log", stop)
    with pytest.raises(KeyboardInterrupt):
        pipeline.run(pipeline.load(SMOKE), tmp_path / "run")
    monkeypatch.undo()
    pipeline.run(pipeline.load(SMOKE), tmp_path / "run")
    assert tables_by_hash(tmp_path / "run") == tables_by_hash(smoke_run)
    assert checkpoints_by_hash(tmp_path / "run") == checkpoints_by_hash(smoke_run)
    assert (tmp_path / "run" / "summary.json").read_bytes() == (smoke_run / "summary.json").read_bytes()


def test_run_stopped_before_a_stage_was_complete_does_it_again(
    smoke_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updating, "plan_round", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        pipeline.run(pipeline.load(SMOKE), tmp_path / "run")
    monkeypatch.undo()
    pipeline.run(pipeline.load(SMOKE), tmp_path / "run")
    assert tables_by_hash(tmp_path / "run") == tables_by_hash(smoke_run)


def test_run_stopped_by_a_loss_that_is_not_finite_goes_on_to_the_same_end(
    smoke_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    losses, poisonings = loop.cross_entropy, iter([math.nan])

    def poisoned(*args: torch.Tensor, **kwargs: str) -> torch.Tensor:
        loss_N = losses(*args, **kwargs)
        begun = any((tmp_path / "run").glob("round-1/steps/step-*"))
        return loss_N * next(poisonings, 1.0) if begun else loss_N

    config = pipeline.load(SMOKE, ["runtime.checkpoint_every_s=0"])
    monkeypatch.setattr(loop, "cross_entropy", poisoned)
    with pytest.raises(RunError, match=r"The loss of example \w+ is nan at step \d+; run the same command again"):
        pipeline.run(config, tmp_path / "run")
    pipeline.run(config, tmp_path / "run")
    assert "going on after step" in capsys.readouterr().out
    assert tables_by_hash(tmp_path / "run") == tables_by_hash(smoke_run)
    assert checkpoints_by_hash(tmp_path / "run") == checkpoints_by_hash(smoke_run)


def test_directory_of_another_configuration_is_refused_with_differences(smoke_run: Path, tmp_path: Path) -> None:
    shutil.copytree(smoke_run, tmp_path / "copy")
    with pytest.raises(UserError, match="another configuration: training.passes was 2 and is now 3"):
        pipeline.run(pipeline.load(SMOKE, ["training.passes=3"]), tmp_path / "copy")


def test_other_workers_do_not_make_it_another_configuration(smoke_run: Path, tmp_path: Path) -> None:
    shutil.copytree(smoke_run, tmp_path / "copy")
    pipeline.run(pipeline.load(SMOKE, ["runtime.workers=1"]), tmp_path / "copy")
    assert tables_by_hash(tmp_path / "copy") == tables_by_hash(smoke_run)


def test_textbooks_alone_can_be_taught(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alone = ["training.rounds=0", "training.textbook_passes=2", "training.total_tokens=4000"]
    pipeline.run(pipeline.load(SMOKE, alone), tmp_path / "out")
    directory = RunDirectory.existing(tmp_path / "out")
    summary = directory.read_json("summary")
    assert [(one["before"], one["after"]) for one in summary["paired"]] == [
        ("base", "round-0"),
        ("base-few-shot", "round-0"),
        ("base-few-shot", "round-0-few-shot"),
    ], "who never practised is shown the answer format, too"
    assert summary["tokens"]["total"] == summary["tokens"]["textbooks"] > 0
    assert not any("No exercise" in finding for finding in summary["findings"])
    outcome = read_outcome(directory)
    assert len(outcome.right_R_J) == len(outcome.tokens_R) == 1
    assert outcome.tokens_R[-1] == summary["tokens"]["total"]
    printed = capsys.readouterr().out
    assert "calibration 0" in printed and "r0 shown" in printed
    assert "after the textbooks: shown the format" in (tmp_path / "out" / "report.html").read_text()


@pytest.mark.parametrize("policy", sorted(set(POLICIES) - {"calibrated"}))
def test_other_policies_run_through_every_stage(tmp_path: Path, policy: str) -> None:
    few = ["materials.exercises_per_skill=6", "evaluation.few_shot=0", "evaluation.forgetting=false"]
    pipeline.run(pipeline.load(SMOKE, [f"adaptation.policy={policy}", *few]), tmp_path / policy)
    directory = RunDirectory(tmp_path / policy)
    assert directory.has("round-2/scores")
    rows = directory.read_table("round-1/ledger")
    assert len({(row["example_id"], row["action"]) for row in rows}) == len(rows)
    assert directory.has("round-1/checks") == POLICIES[policy].checks_suspects
    writes = bool(directory.read_table("round-2/exercises"))
    assert not writes or policy in ("paper", "generate-only", "missing-skill")
    if policy == "none":
        assert {row["action"] for row in rows} == {"keep"}


def test_how_suspicious_an_example_is_depends_on_the_round_before(smoke_run: Path) -> None:
    directory = RunDirectory(smoke_run)
    trained = trained_exercises(entry.example for entry in read_entries(directory, 2).values())
    graph, histories = SkillGraph.from_json(directory.read_text("graph.json")), read_histories(directory, 2)
    weights = read_calibration(directory, 2).weights
    written = {row["example_id"]: row["score"] for row in directory.read_table("round-2/categories")}
    before = {row["example_id"]: row["score"] for row in directory.read_table("round-1/categories")}
    alone, remembered = (
        suspicion(observe(trained, histories, 2, graph, scores=scores), weights) for scores in ({}, before)
    )
    assert list(written.values()) == pytest.approx(remembered.tolist())
    differs = {id for id, one, other in zip(sorted(trained), alone, remembered, strict=True) if one != other}
    assert differs == before.keys() & trained.keys() != set()


def test_what_a_second_method_says_is_kept_and_what_it_refutes_is_gone(smoke_run: Path) -> None:
    directory = RunDirectory(smoke_run)
    checks, numbers = directory.read_table("round-1/checks"), directory.read_json("round-1/checks")
    suspects = {
        row["example_id"] for row in directory.read_table("round-1/categories") if row["category"] == "error"
    }
    trained = directory.read_table("round-1/categories")
    assert {row["example_id"] for row in checks if row["suspected"]} == suspects
    assert len(checks) == numbers["checks"] == len(suspects) + min(30, len(trained) - len(suspects))
    assert numbers["suspects"] + numbers["others"] == len(trained)
    refuted = {row["example_id"] for row in checks if row["verdict"] == "incorrect"}
    gone = {
        row["example_id"]
        for row in directory.read_table("round-1/ledger")
        if row["action"] in ("remove", "repair")
    }
    assert refuted == gone
    assert not gone & {row["example_id"] for row in directory.read_table("round-2/examples")}


def test_nothing_is_trained_that_was_not_accepted(smoke_run: Path) -> None:
    directory = RunDirectory(smoke_run)
    for number in (0, 1, 2):
        accepted = {
            row["exercise_id"]
            for earlier in range(number + 1)
            for row in directory.read_table(f"round-{earlier}/verdicts")
            if row["verdict"] == "correct"
        }
        rows = directory.read_table(f"round-{number}/examples")
        assert {row["exercise_id"] for row in rows} <= accepted


def test_losses_are_there_for_exactly_the_trained_examples_and_passes(smoke_run: Path) -> None:
    directory = RunDirectory(smoke_run)
    for number in (1, 2):
        trained = {
            row["example_id"]
            for row in directory.read_table(f"round-{number}/examples")
            if row["order"] is not None and not row["benched"]
        }
        losses = directory.read_table(f"round-{number}/losses")
        assert {(row["example_id"], row["pass"]) for row in losses} == {(id, p) for id in trained for p in (1, 2)}
        assert len(losses) == 2 * len(trained)


def test_ledger_children_exist_and_name_their_parents_skill(smoke_run: Path) -> None:
    directory = RunDirectory(smoke_run)
    written = {row["exercise_id"] for row in directory.read_table("round-2/exercises")}
    children = {child for row in directory.read_table("round-1/ledger") for child in row["child_ids"]}
    assert children and children <= written


def test_no_probe_is_among_the_exercises(smoke_run: Path) -> None:
    directory = RunDirectory(smoke_run)
    probes = {row["question"] for row in directory.read_table("probes")}
    practised = {row["question"] for n in (1, 2) for row in directory.read_table(f"round-{n}/exercises")}
    assert not probes & practised


def test_round_keeps_to_its_token_budget(smoke_run: Path) -> None:
    directory = RunDirectory(smoke_run)
    plan = directory.read_json("plan")
    for number in (1, 2):
        assert directory.read_json(f"round-{number}/tokens")["trained"] <= 2 * plan["round_tokens"]


@pytest.mark.parametrize("path", sorted(SMOKE.parent.glob("*.toml")), ids=lambda path: path.stem)
def test_run_file_is_valid_and_begins_with_its_command(path: Path) -> None:
    program, command, file = path.read_text().splitlines()[0].split()[1:4]
    assert (program, file) == ("skilladapt", f"runs/{path.name}") and command in ("run", "compare")
    pipeline.load(path)


def test_a_subject_made_up_from_options_goes_through_every_stage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small = [
        "domain=operations",
        "domain_options.operations=4",
        "domain_options.seed=1",
        "teach=[]",
        "materials.difficulties=[1,2,3]",
        "evaluation.probes_per_skill=3",
        "evaluation.max_new_tokens=4",
        "evaluation.forgetting=false",
    ]
    out = tmp_path / "operations"
    pipeline.run(pipeline.load(SMOKE, small), out)
    table = capsys.readouterr().out.partition("Share of held-out probes")[2]
    assert [
        name for name in ("all skills", "inputs", "sequences", "depths") if f"\u2502 {name} " not in table
    ] == []
    directory = RunDirectory(out)
    scores = directory.read_table("round-2/scores")
    assert {"family:inputs", "family:sequences", "family:depths"} <= {row["skill_id"] for row in scores}
    assert {row["family"] for row in directory.read_table("probes")} == {"inputs", "sequences", "depths"}
    assert load_saved_config(out / "config.toml").domain_options == {"operations": 4, "seed": 1}


def test_whole_calculus_graph_goes_through_every_stage(tmp_path: Path) -> None:
    small = [
        "student.model='tiny-random'",
        "materials.textbooks_per_skill=1",
        "materials.exercises_per_skill=5",
        "training.rounds=2",
        "evaluation.probes_per_skill=1",
        "evaluation.max_new_tokens=4",
        "adaptation.calibration_examples=60",
    ]
    pipeline.run(pipeline.load(SMOKE.parent / "calculus.toml", small), tmp_path / "calculus")
    scores = RunDirectory(tmp_path / "calculus").read_table("round-2/scores")
    assert len({row["skill_id"] for row in scores if ":" not in row["skill_id"]}) >= 20
