"""One token budget for a whole run: never exceeded, used up, and shared out among passes and skills."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from skilladapt import pipeline
from skilladapt.adaptation.calibrate import CalibrationSample
from skilladapt.config import RunConfig
from skilladapt.records import Example
from skilladapt.stages.budgeting import NextRound, plan_round
from skilladapt.stages.charting import prepare_graph
from skilladapt.stages.context import Run
from skilladapt.stages.library import read_entries, spent_in
from skilladapt.stages.preparation import set_probes_apart, write_materials
from skilladapt.stages.sampling import build_sample, sample_tokens
from skilladapt.store import RunDirectory
from skilladapt.verification.workers import Workers

SMOKE = Path(__file__).parents[2] / "runs" / "smoke.toml"
SMALL = [
    "evaluation.probes_per_skill=1",
    "evaluation.few_shot=0",
    "evaluation.forgetting=false",
    "evaluation.max_new_tokens=4",
    "runtime.workers=1",
    "materials.difficulties=[1]",
    "materials.exercises_per_skill=36",
]


def config_of(*changes: str) -> RunConfig:
    return pipeline.load(SMOKE, [*SMALL, *changes])


def finished(out: Path, *changes: str) -> RunDirectory:
    pipeline.run(config_of(*changes), out)
    return RunDirectory(out)


def budgets(directory: RunDirectory) -> list[dict[str, object]]:
    return [directory.read_json(f"round-{number}/budget") for number in directory.rounds() if number]


@pytest.mark.parametrize(
    "changes",
    [
        ["training.total_tokens=24000"],
        ["training.total_tokens=24000", "training.rounds=1", "adaptation.calibration_examples=40"],
        ["training.total_tokens=30000", "adaptation.new_per_update=48", "training.order=random"],
        ["training.total_tokens=40000", "adaptation.policy=none", "training.passes=1", "training.rounds=3"],
    ],
    ids=["default", "one round", "much that is new", "static"],
)
def test_a_whole_run_trains_its_budget_and_no_more(tmp_path: Path, changes: list[str]) -> None:
    directory = finished(tmp_path / "run", *changes)
    total = directory.read_json("plan")["total_tokens"]
    tokens = directory.read_json("summary")["tokens"]
    assert total * 0.97 <= tokens["total"] <= total
    assert (tokens["calibration"] > 0) == ("adaptation.policy=none" not in changes)


def test_a_budget_of_few_examples_is_used_but_for_one_example_a_pass(tmp_path: Path) -> None:
    directory = finished(tmp_path / "run", "training.total_tokens=6000", "adaptation.replay_share=0")
    last = budgets(directory)[-1]
    longest = 200
    assert 6000 - last["passes"] * longest < directory.read_json("summary")["tokens"]["total"] <= 6000


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A run whose materials are written and whose rounds can be planned."""
    config = config_of("training.total_tokens=24000")
    out = tmp_path_factory.mktemp("prepared") / "run"
    with RunDirectory(out) as directory, Workers(1) as workers:
        run = Run(config, directory, prepare_graph(config, directory), workers)
        write_materials(run, set_probes_apart(run))
        yield run


def planned(run: Run, *changes: str) -> tuple[Run, NextRound]:
    """Round 1 of the same materials under other settings."""
    other = Run(config_of(*changes), run.directory, run.graph, run.workers)
    vars(other)["classroom"] = run.classroom
    examples = {id: entry.example for id, entry in read_entries(run.directory, 1).items()}
    return other, plan_round(other, 1, examples, {})


def tokens_of(run: Run, examples: list[Example]) -> int:
    return sum(run.classroom.count_tokens(one.material) for one in examples)


@pytest.mark.parametrize("total", range(15000, 27000, 1200))
def test_calibration_and_the_only_round_stay_within_the_budget_together(prepared: Run, total: int) -> None:
    run, following = planned(prepared, f"training.total_tokens={total}", "training.rounds=1")
    new = {id: one for id, one in following.examples.items() if not one.benched}
    assert following.calibration is not None
    sample = build_sample(run, following.examples, following.calibration)
    calibration = sample_tokens(run, sample, following.allotment.passes)
    textbooks = run.directory.read_json("plan")["textbook_tokens"]
    trained = following.allotment.passes * tokens_of(run, list(new.values()))
    assert 0 < calibration < 0.4 * (total - textbooks)
    assert textbooks + calibration + trained <= total
    least = min(run.classroom.count_tokens(one.material) for one in following.examples.values())
    assert total - textbooks - calibration - trained < following.allotment.passes * 4 * least


def test_passes_grow_while_data_is_small(prepared: Run) -> None:
    data = tokens_of(prepared, [entry.example for entry in read_entries(prepared.directory, 1).values()])
    passes = []
    for times in (2, 8, 20):
        total = 1672 + 2 * times * data
        _, following = planned(prepared, f"training.total_tokens={total}", "adaptation.policy=none")
        passes.append(following.allotment.passes)
        assert following.allotment.pass_tokens >= data
        assert not any(one.benched for one in following.examples.values())
    assert passes == [2, 8, 20]


def test_large_data_is_read_in_part_and_the_rest_waits_with_a_reason(prepared: Run) -> None:
    _, following = planned(prepared, "training.total_tokens=6000", "adaptation.policy=none")
    benched = {id for id, one in following.examples.items() if one.benched}
    rows = {row.example_id: row for row in following.plan.ledger.actions()}
    assert following.allotment.passes == 2
    assert benched == set(rows) and benched
    assert all("beyond the round's" in row.reason for row in rows.values())


def test_without_a_budget_passes_and_tokens_of_a_round_are_as_configured(prepared: Run) -> None:
    data = prepared.directory.read_json("plan")["round_tokens"]
    for passes in (2, 5):
        _, following = planned(prepared, f"training.passes={passes}")
        assert (following.allotment.passes, following.allotment.pass_tokens) == (passes, data)
        assert following.calibration is not None
        assert not any(one.benched for one in following.examples.values())


def test_smoke_run_has_no_budget_and_every_round_its_own_tokens(smoke_run: Path) -> None:
    directory = RunDirectory(smoke_run)
    tokens = directory.read_json("plan")["round_tokens"]
    assert [(one["passes"], one["pass_tokens"]) for one in budgets(directory)] == [(2, tokens)] * 2


@pytest.fixture(scope="module")
def cumulative(tmp_path_factory: pytest.TempPathFactory) -> RunDirectory:
    """A run of three levels, of which nothing is mastered."""
    return finished(
        tmp_path_factory.mktemp("cumulative") / "run",
        "training.total_tokens=40000",
        "materials.exercises_per_skill=14",
        "training.order=cumulative",
        "training.rounds=6",
        'teach=["power-rule","constant-multiple","product-rule"]',
    )


def test_cumulative_order_opens_levels_over_the_rounds_and_shuts_none(cumulative: RunDirectory) -> None:
    opened = [set(one["open_skills"]) for one in budgets(cumulative)]
    assert opened[0] == {"power-rule"}
    assert all(before <= after for before, after in zip(opened, opened[1:], strict=False))
    assert len({len(one) for one in opened}) == 3
    assert opened[3] == {"power-rule", "constant-multiple", "product-rule"}


def test_cumulative_order_trains_no_example_of_a_shut_skill(cumulative: RunDirectory) -> None:
    for number, budget in enumerate(budgets(cumulative), start=1):
        entries = read_entries(cumulative, number).values()
        shut = [one for one in entries if one.example.skill_id not in budget["open_skills"]]
        assert all(one.order is None and one.example.benched for one in shut)
        assert bool(shut) == (len(budget["open_skills"]) < 3)
        losses = {row["example_id"] for row in cumulative.read_table(f"round-{number}/losses")}
        assert losses.isdisjoint(one.example.example_id for one in shut)


def test_cumulative_order_says_in_the_ledger_of_every_shut_example_why_it_waits(cumulative: RunDirectory) -> None:
    for number, budget in enumerate(budgets(cumulative), start=1):
        shut = {
            id
            for id, entry in read_entries(cumulative, number).items()
            if entry.example.skill_id not in budget["open_skills"]
        }
        name = f"round-{number - 1}/ledger"
        rows = cumulative.read_table(name) if cumulative.has(name) else []
        waiting = {row["example_id"] for row in rows if "its skill waits for what it needs" in row["reason"]}
        assert waiting == shut
        assert {row["action"] for row in rows if row["example_id"] in waiting} >= ({"bench"} if shut else set())


def test_cumulative_order_reads_the_first_level_more_often_and_uses_the_budget_up(
    cumulative: RunDirectory,
) -> None:
    passes = [one["passes"] for one in budgets(cumulative)]
    assert passes[0] > 2 == min(passes)
    assert 0.99 * 40000 <= cumulative.read_json("summary")["tokens"]["total"] <= 40000


@pytest.fixture(scope="module")
def calibrated_again(tmp_path_factory: pytest.TempPathFactory) -> RunDirectory:
    """A run of three rounds in which so much is new that a calibration comes before more than one."""
    return finished(
        tmp_path_factory.mktemp("again") / "run",
        "training.total_tokens=60000",
        "training.rounds=3",
        "adaptation.new_per_update=48",
        "materials.difficulties=[1,2,3]",
    )


def test_what_a_round_spent_counts_a_calibration_only_where_it_took_place(calibrated_again: RunDirectory) -> None:
    tokens = calibrated_again.read_json("summary")["tokens"]
    spent = [spent_in(calibrated_again, number) for number in (1, 2, 3)]
    assert sum(spent) == tokens["total"] - tokens["textbooks"]
    for number, budget in enumerate(budgets(calibrated_again), start=1):
        calibration = calibrated_again.read_json(f"round-{number}/calibration")["tokens"]
        trained = calibrated_again.read_json(f"round-{number}/tokens")["trained"]
        assert spent[number - 1] - trained == (calibration if budget["calibration"] else 0)


@pytest.mark.parametrize("given", [None, 2], ids=["as its round", "as the run file says"])
def test_a_calibration_takes_the_passes_of_its_round(tmp_path: Path, given: int | None) -> None:
    changes = ["training.total_tokens=70000"] + ([f"adaptation.calibration_passes={given}"] if given else [])
    directory = finished(tmp_path / "run", *changes)
    budget = budgets(directory)[0]
    assert budget["passes"] == 3 and config_of().training.passes == 2
    with Workers(1) as workers:
        run = Run(config_of(*changes), directory, prepare_graph(config_of(*changes), directory), workers)
        examples = {id: entry.example for id, entry in read_entries(directory, 1).items()}
        sample = build_sample(run, examples, CalibrationSample.model_validate(budget["calibration"]))
        expected = sample_tokens(run, sample, given or 3)
    assert directory.read_json("round-1/calibration")["tokens"] == expected > 0
    total = directory.read_json("summary")["tokens"]["total"]
    assert 0.97 * 70000 <= total <= 70000


def test_only_examples_never_trained_on_are_calibrated_on(calibrated_again: RunDirectory) -> None:
    again = [number for number in (2, 3) if budgets(calibrated_again)[number - 1]["calibration"]]
    assert again
    for number in again:
        drawn = calibrated_again.read_json(f"round-{number}/budget")["calibration"]
        new = {id for id, one in read_entries(calibrated_again, number).items() if one.category is None}
        assert {*drawn["real_ids"], *drawn["corrupt_ids"]} <= new
        assert calibrated_again.read_json(f"round-{number}/calibration")["fitted_in_round"] == number


def test_no_calibration_is_planned_that_too_few_new_exercises_allow(tmp_path: Path) -> None:
    directory = finished(
        tmp_path / "run",
        "materials.exercises_per_skill=14",
        "adaptation.new_per_update=13",
        "adaptation.calibration_examples=24",
    )
    assert [one["calibration"] is not None for one in budgets(directory)] == [True, False]
    trained = [one for one in read_entries(directory, 2).values() if one.order is not None]
    assert sum(one.category is None for one in trained) > len(trained) / 4


def test_a_round_too_small_for_a_calibration_has_none_and_suspects_nothing(tmp_path: Path) -> None:
    directory = finished(tmp_path / "run", "training.total_tokens=3000")
    assert [one["calibration"] for one in budgets(directory)] == [None, None]
    assert directory.read_json("round-1/calibration")["decisive"] is False
    assert "error" not in {row["category"] for row in directory.read_table("round-1/categories")}
