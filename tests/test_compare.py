"""Arms side by side: equal budgets, shared beginnings, and a comparison that is killed, repeated or mistaken."""

import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path

import pytest

import legs
from skilladapt import pipeline
from skilladapt.adaptation.policies import load_policy
from skilladapt.arms import ARMS, arm_configs
from skilladapt.compare import Cell, _common, _outcomes, compare
from skilladapt.config import RunConfig
from skilladapt.errors import RunError, UserError
from skilladapt.outcome import read_outcome, summarised
from skilladapt.store import RunDirectory

ROOT = Path(__file__).parents[1]
SMOKE = ROOT / "runs" / "smoke.toml"
TOTAL = 24_000
SMALL = [
    f"training.total_tokens={TOTAL}",
    "materials.exercises_per_skill=22",
    "materials.difficulties=[1]",
    "evaluation.probes_per_skill=1",
    "evaluation.few_shot=0",
    "evaluation.forgetting=false",
    "evaluation.max_new_tokens=4",
    "runtime.workers=1",
]
PAIR = ["sft-random", "dsa"]
KEYS = {
    "seeds",
    "accuracy",
    "difference",
    "relative",
    "tokens_to_reach",
    "curve",
    "tokens",
    "exercises",
    "checked",
    "decoded",
    "seconds",
    "wrong_share",
}
UNMEASURED = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}


def run_compare(arms: list[str], out: Path, *, seeds: int = 2, jobs: int = 2, more: tuple[str, ...] = ()) -> None:
    compare(SMOKE, arms, seeds=seeds, jobs=jobs, overrides=[*SMALL, *more], out=out)


def tables_by_hash(out: Path) -> dict[str, str]:
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*.parquet"))
    }


def without_seconds(comparison: object) -> object:
    if isinstance(comparison, dict):
        return {key: without_seconds(value) for key, value in comparison.items() if key != "seconds"}
    return comparison


def table_in(printed: str) -> str:
    return printed.partition("At equal tokens")[2]


@pytest.fixture(scope="module")
def printed() -> io.StringIO:
    return io.StringIO()


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory, printed: io.StringIO) -> Path:
    """A finished comparison of two arms and two seeds. Tests must not write into it."""
    out = tmp_path_factory.mktemp("compared") / "out"
    with redirect_stdout(printed):
        run_compare(PAIR, out)
    return out


@pytest.fixture(scope="module")
def cells(compared: Path) -> dict[tuple[str, int], RunDirectory]:
    return {(arm, seed): RunDirectory.existing(compared / arm / f"seed-{seed}") for arm in PAIR for seed in (1, 2)}


def test_every_cell_is_a_finished_run_of_its_arm_and_seed(cells: dict[tuple[str, int], RunDirectory]) -> None:
    for (arm, seed), directory in cells.items():
        assert directory.has_ended("report") and directory.has("report.html")
        saved = pipeline.load(directory.path / "config.toml")
        assert saved.seed == seed
        assert saved.adaptation.policy == ARMS[arm]["adaptation.policy"]


def test_cells_train_equal_tokens_and_none_more_than_the_budget(
    cells: dict[tuple[str, int], RunDirectory],
) -> None:
    tokens = {name: directory.read_json("summary")["tokens"] for name, directory in cells.items()}
    totals = [row["total"] for row in tokens.values()]
    assert max(totals) <= TOTAL
    assert min(totals) >= 0.98 * TOTAL
    assert all((row["calibration"] > 0) == (arm == "dsa") for (arm, _), row in tokens.items())


def test_tokens_of_the_comparison_are_those_the_runs_say_they_trained(
    compared: Path, cells: dict[tuple[str, int], RunDirectory]
) -> None:
    found = json.loads((compared / "comparison.json").read_text())
    for arm in PAIR:
        totals = [cells[arm, seed].read_json("summary")["tokens"]["total"] for seed in (1, 2)]
        assert found[arm]["tokens"] == sum(totals) // 2
        assert found[arm]["curve"][-1][0] == found[arm]["tokens"]


def test_static_arm_is_asked_for_as_many_exercises_up_front_as_the_adaptive_one_may_ask_for(
    cells: dict[tuple[str, int], RunDirectory],
) -> None:
    for seed in (1, 2):
        static, adaptive = (cells[arm, seed] for arm in PAIR)
        config = pipeline.load(adaptive.path / "config.toml")
        skills = len(config.teach)
        most = config.materials.exercises_per_skill * skills + config.adaptation.new_per_update * (
            config.training.rounds - 1
        )
        asked = pipeline.load(static.path / "config.toml").materials.exercises_per_skill * skills
        assert asked == most
        assert len(static.read_table("round-1/exercises")) == asked
        assert static.read_table("round-2/exercises") == []
        assert len(adaptive.read_table("round-1/exercises")) == config.materials.exercises_per_skill * skills
        assert 0 < len(adaptive.read_table("round-2/exercises")) <= config.adaptation.new_per_update


def test_comparison_file_has_the_documented_keys_for_every_arm(compared: Path) -> None:
    found = json.loads((compared / "comparison.json").read_text())
    assert list(found) == PAIR
    for row in found.values():
        assert set(row) == KEYS
        assert row["seeds"] == 2
        assert set(row["accuracy"]) == set(row["difference"]) == {"all"}
        assert all(len(interval) == 3 for interval in (row["accuracy"]["all"], row["difference"]["all"]))
        assert len(row["curve"]) == len(row["wrong_share"]) == 3


def test_running_again_changes_no_run_and_prints_the_same_table(
    compared: Path, printed: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    def state() -> dict[Path, int]:
        return {
            path: path.stat().st_mtime_ns
            for path in compared.rglob("seed-*/**/*")
            if path.is_file() and path.name != ".lock"
        }

    before, written = state(), (compared / "comparison.json").read_bytes()
    run_compare(PAIR, compared)
    assert state() == before and len(before) > 100
    assert (compared / "comparison.json").read_bytes() == written
    table = table_in(capsys.readouterr().out)
    assert table == table_in(printed.getvalue()) and "sft-random" in table


def test_cell_that_fails_is_named_with_its_log_and_the_others_finish(
    compared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = Path(shutil.copytree(compared, tmp_path / "out"))
    (out / "comparison.json").unlink()
    shutil.rmtree(out / "sft-random" / "seed-1")
    (out / "sft-random" / "seed-1").write_text("no directory")
    with pytest.raises(RunError, match="1 of 2 cells failed: sft-random, seed 1 .exit status 2, see ") as error:
        run_compare(PAIR, out, seeds=1)
    log = out / "sft-random" / "seed-1.log"
    assert str(log) in str(error.value) and "the same command again" in str(error.value)
    assert "seed-1 is a file, not a directory" in log.read_text()
    assert capsys.readouterr().out.count("  done: dsa, seed 1") == 1
    assert not (out / "comparison.json").exists()


SHARING = ["dsa", "policy:paper"]


def test_cells_whose_beginning_failed_are_not_begun_and_others_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []

    def start(cell: Cell, *_: object) -> "subprocess.Popen[bytes]":
        started.append(cell.arm)
        return subprocess.Popen([sys.executable, "-c", f"raise SystemExit({int(' of ' in cell.arm)})"])

    monkeypatch.setattr("skilladapt.compare._start", start)
    told = "^2 of 3 cells failed: the beginning of dsa, policy:paper, seed 1 .exit status 1, see "
    with pytest.raises(RunError, match=told):
        run_compare([*SHARING, "sft-random"], tmp_path / "out", seeds=1, jobs=1)
    assert started == ["the beginning of dsa, policy:paper", "sft-random"]


LEGS = """\
syllabus = "{folder}/legs.md"
[teacher]
kind = "scripted"
script = "fickle_legs:answer"
[student]
model = "tiny-random"
[materials]
exercises_per_skill = 6
difficulties = [1]
[training]
rounds = 2
passes = 2
total_tokens = 12000
[adaptation]
calibration_examples = 4
new_per_update = 3
[evaluation]
probes_per_skill = 2
few_shot = 0
max_new_tokens = 4
forgetting = false
[runtime]
workers = 1
"""


@pytest.fixture(scope="module")
def of_a_teacher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison of which a teacher writes everything, another way each time it is asked."""
    folder = tmp_path_factory.mktemp("of-a-teacher")
    (folder / "legs.md").write_text(legs.SYLLABUS)
    (folder / "legs.toml").write_text(LEGS.format(folder=folder))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), *sys.path]))
        patch.setenv("OMP_NUM_THREADS", "1")
        compare(folder / "legs.toml", PAIR, seeds=2, jobs=2, overrides=[], out=folder / "out")
    return folder


def test_cells_of_a_teachers_subject_are_asked_the_same_probes(of_a_teacher: Path) -> None:
    cells = [RunDirectory.existing(of_a_teacher / "out" / arm / f"seed-{seed}") for arm in PAIR for seed in (0, 1)]
    assert len({cell.read_json("probes")["seal"] for cell in cells}) == 1
    questions = {frozenset(row["question"] for row in cell.read_table("round-1/exercises")) for cell in cells}
    assert len(questions) == len(cells)  # the teacher is fickle indeed
    assert json.loads((of_a_teacher / "out" / "comparison.json").read_text())["dsa"]["seeds"] == 2


def test_an_arm_compared_later_is_asked_the_same_probes_whichever_arm_is_named_first(
    of_a_teacher: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = Path(shutil.copytree(of_a_teacher / "out", tmp_path / "out"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), *sys.path]))
    arms = ["policy:filter-only", "sft-random"]
    compare(of_a_teacher / "legs.toml", arms, seeds=1, jobs=2, overrides=[], out=out)
    assert list(json.loads((out / "comparison.json").read_text())) == arms


def test_cells_that_were_asked_different_probes_are_not_compared(of_a_teacher: Path, tmp_path: Path) -> None:
    shutil.copytree(of_a_teacher / "out", tmp_path / "out")
    cells = [Cell(arm, 1, config_of(), tmp_path / "out" / arm / "seed-0") for arm in PAIR]
    assert list(_outcomes(cells)) == PAIR
    with RunDirectory(cells[1].path) as directory:
        directory.write_json("probes", {**directory.read_json("probes"), "seal": "0" * 16})
    with pytest.raises(RunError, match="sft-random/seed-0 and .*dsa/seed-0 were asked different probes"):
        _outcomes(cells)


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison of arms with a common beginning, killed with all its processes once the first cell is done."""
    out = tmp_path_factory.mktemp("killed") / "out"
    overrides = [argument for override in SMALL for argument in ("--set", override)]
    process = subprocess.Popen(
        [sys.executable, "-m", "skilladapt.cli", "compare", str(SMOKE), "--arms", ",".join(SHARING)]
        + ["--seeds", "1", "--jobs", "1", "--out", str(out), *overrides],
        stdout=subprocess.DEVNULL,
        env=UNMEASURED,
        start_new_session=True,
    )
    paper = out / "policy-paper" / "seed-1"
    while not (paper / "round-1" / "losses.parquet").exists():
        assert process.poll() is None
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert RunDirectory(out / "dsa" / "seed-1").has_ended("report")
    assert not RunDirectory(paper).has_ended("report") and not (out / "comparison.json").exists()
    return out


@pytest.fixture(scope="module")
def continued(killed: Path) -> Path:
    run_compare(SHARING, killed, seeds=1)
    return killed


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, cells: dict[tuple[str, int], RunDirectory]) -> dict[str, Path]:
    """The same cells, by arm, as runs that share nothing with others."""
    out = tmp_path_factory.mktemp("alone") / "paper"
    pipeline.run(arm_configs(SMOKE, ["policy:paper"], 1, SMALL)["policy:paper", 1], out)
    return {"dsa": cells["dsa", 1].path, "policy:paper": out}


def test_killed_comparison_goes_on_to_what_an_uninterrupted_one_says(
    continued: Path, alone: dict[str, Path]
) -> None:
    found = json.loads((continued / "comparison.json").read_text())
    expected = summarised({arm: [read_outcome(RunDirectory.existing(path))] for arm, path in alone.items()})
    for row in expected.values():
        row["wrong_share"] = [None] * len(row["wrong_share"])
    assert without_seconds(found) == without_seconds(expected)


def test_cells_that_share_a_beginning_are_equal_by_hash_to_runs_made_alone(
    continued: Path, alone: dict[str, Path]
) -> None:
    assert len(list((continued / "shared").glob("*/round-0"))) == 1
    for arm, path in alone.items():
        shared = tables_by_hash(continued / arm.replace(":", "-") / "seed-1")
        assert shared == tables_by_hash(path)
        assert shared["round-1/losses.parquet"]


def config_of(*changes: str) -> RunConfig:
    return pipeline.load(SMOKE, [*SMALL, *changes])


@pytest.mark.parametrize(
    "change",
    [
        "adaptation.replay_share=0.3",
        "adaptation.calibration_examples=20",
        "adaptation.calibration_passes=3",
        "adaptation.planted_share=0.5",
        "adaptation.policy=none",
        "materials.wrong_share=0.1",
        "training.order=graph",
        "seed=7",
    ],
)
def test_cells_that_differ_before_the_first_round_share_nothing(change: str) -> None:
    assert _common(config_of(change)) != _common(config_of())


@pytest.mark.parametrize("change", ["adaptation.policy=paper", "adaptation.new_per_update=5", "runtime.workers=3"])
def test_cells_that_differ_after_that_alone_share_a_beginning(change: str) -> None:
    assert _common(config_of(change)) == _common(config_of())


@pytest.mark.parametrize("arm", sorted(ARMS))
def test_every_built_in_arm_may_ask_for_equally_many_exercises(arm: str) -> None:
    config = arm_configs(SMOKE, [arm], 1, SMALL)[arm, 1]
    first = config.materials.exercises_per_skill * len(config.teach)
    later = config.adaptation.new_per_update * (config.training.rounds - 1)
    writes = load_policy(config.adaptation.policy).writes_material
    assert first + later * writes == 22 * 3 + 6


def test_exercises_up_front_that_skills_cannot_share_evenly_are_rounded_up() -> None:
    found = arm_configs(SMOKE, PAIR, 1, [*SMALL, "adaptation.new_per_update=7"])
    assert found["sft-random", 1].materials.exercises_per_skill == 22 + 3


def test_seeds_follow_the_one_of_the_run_file() -> None:
    found = arm_configs(SMOKE, PAIR, 3, [*SMALL, "seed=5"])
    assert list(found) == [(arm, seed) for arm in PAIR for seed in (5, 6, 7)]
    assert all(config.seed == seed for (_, seed), config in found.items())


def with_arms(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "arms.toml"
    path.write_text(SMOKE.read_text() + text)
    return path


def mistakes_of(file: Path, arms: list[str], overrides: list[str] = SMALL) -> list[str]:
    with pytest.raises(UserError) as error:
        arm_configs(file, arms, 2, overrides)
    return list(error.value.mistakes)


@pytest.mark.parametrize(
    "section",
    [
        '[arms.x]\n"training.order" = "graph"\n"adaptation.new_per_update" = 0\n',
        '[arms.x]\ntraining.order = "graph"\nadaptation.new_per_update = 0\n',
        '[arms.x.training]\norder = "graph"\n[arms.x.adaptation]\nnew_per_update = 0\n',
    ],
)
def test_arm_of_the_run_file_changes_what_it_says_however_that_is_written(tmp_path: Path, section: str) -> None:
    config = arm_configs(with_arms(tmp_path, section), ["x"], 1, SMALL)["x", 1]
    assert config == config_of("training.order=graph", "adaptation.new_per_update=0")


def test_arm_goes_before_an_override_for_all(tmp_path: Path) -> None:
    file = with_arms(tmp_path, '[arms.x]\n"materials.wrong_share" = 0.25\n')
    found = arm_configs(file, ["x", "dsa"], 1, [*SMALL, "materials.wrong_share=0.5"])
    assert (found["x", 1].materials.wrong_share, found["dsa", 1].materials.wrong_share) == (0.25, 0.5)


def test_mistakes_are_all_told_at_once_without_a_traceback(tmp_path: Path) -> None:
    file = with_arms(tmp_path, '[arms.x]\n"training.passes" = "three"\n"adaptation.polcy" = "none"\n')
    found = subprocess.run(
        [sys.executable, "-m", "skilladapt.cli", "compare", str(file), "--arms", "dsa,dsaa,x,dsa"]
        + ["--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
    )
    assert found.returncode == 2
    assert "Traceback" not in found.stderr
    lines = found.stderr.strip().splitlines()
    assert len(lines) == 5, found.stderr
    for part in (
        "There is no arm 'dsaa'; did you mean 'dsa'?",
        "An arm is named twice in dsa, dsaa, x, dsa",
        "There is no training.total_tokens",
        "arm 'x': ",
        "unknown key 'adaptation.polcy'; did you mean 'policy'?",
    ):
        assert part in found.stderr, found.stderr
    assert not (tmp_path / "out").exists()


def test_mistake_of_the_run_file_is_told_once_and_not_laid_to_an_arm(tmp_path: Path) -> None:
    found = mistakes_of(SMOKE, PAIR, [*SMALL, "training.batch_size=none"])
    assert len(found) == 1 and "training.batch_size" in found[0] and "arm" not in found[0]
    (missing,) = mistakes_of(tmp_path / "no.toml", PAIR)
    assert "There is no run file" in missing


def test_arm_may_mend_what_would_be_a_mistake_without_it() -> None:
    found = arm_configs(SMOKE, ["sft-random"], 1, [*SMALL, "training.passes=1"])
    assert found["sft-random", 1].training.passes == 1


@pytest.mark.parametrize(
    "change",
    ['"training.total_tokens" = 9', "seed = 4", '"evaluation.split" = "dev"', 'teach = ["power-rule"]'],
)
def test_arm_must_not_change_the_budget_or_the_probes(tmp_path: Path, change: str) -> None:
    (found,) = mistakes_of(with_arms(tmp_path, f"[arms.x]\n{change}\n"), ["x", "dsa"])
    assert found.startswith("arm 'x' changes '") and "the same for all arms" in found


@pytest.mark.parametrize("value", ["2020-01-01", "inf", '"\U0001f600"', "{a = 1}"])
def test_value_that_a_key_cannot_take_is_a_mistake_of_the_arm(tmp_path: Path, value: str) -> None:
    found = mistakes_of(with_arms(tmp_path, f'[arms.x]\n"training.passes" = {value}\n'), ["x"])
    assert all(one.startswith("arm 'x': ") and "training.passes" in one for one in found)


def test_arms_that_are_no_sections_are_a_mistake(tmp_path: Path) -> None:
    (found,) = mistakes_of(with_arms(tmp_path, "[arms]\nx = 3\n"), ["x"])
    assert "[arms.NAME]" in found


def test_a_comparison_of_no_arms_is_a_mistake() -> None:
    (found,) = mistakes_of(SMOKE, [])
    assert found.startswith("No arm is named")
