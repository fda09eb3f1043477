"""A run killed at any moment goes on to what it would have been: bit for bit, on one machine and thread count."""

import os
import random
from pathlib import Path

import pytest
from comparison import EQUAL, compare
from killing import explain, figures, kill_points, try_kill
from trials import Server, Whole

KILLS = int(os.environ.get("SKILLADAPT_KILLS", "50"))
"""Kill points to try; set the variable to try more, `SKILLADAPT_KILL_SEED` to try others."""
SEED = int(os.environ.get("SKILLADAPT_KILL_SEED", "0"))
REHEARSED = 4
"""Steps of the rehearsal that times the training; repeated where a run was killed before its first asking."""
SHARES = 10
"""The kill points are tried in so many tests, which can run at the same time."""


def test_uninterrupted_runs_are_equal(server: Server, whole: Whole, tmp_path: Path) -> None:
    assert server.run(tmp_path / "again").status == 0
    assert compare(whole.out, tmp_path / "again") == EQUAL


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_run_killed_anywhere_goes_on_to_the_same_losses_weights_and_tables(
    server: Server, whole: Whole, tmp_path: Path, share: int
) -> None:
    kills = kill_points(whole.outcome, KILLS, SEED)[share::SHARES]
    trials = [try_kill(server, whole.out, tmp_path / str(number), kill) for number, kill in enumerate(kills)]
    found = figures(trials, whole.outcome)
    print(f"killed anywhere: {found}")
    assert not found.failures, f"{found}\n{explain(trials)}"


@pytest.mark.slow
def test_run_killed_again_while_it_recovers_goes_on_all_the_same(
    server: Server, whole: Whole, tmp_path: Path
) -> None:
    rng = random.Random(SEED)
    trials = []
    for number in range(max(3, KILLS // 15)):
        kills = [{"kill_at_event": rng.randint(1, 1 + whole.outcome.events // 4)} for _ in range(4)]
        trials.append(try_kill(server, whole.out, tmp_path / str(number), *kills))
    found = figures(trials, whole.outcome)
    print(f"killed four times: {found}")
    assert not found.failures, f"{found}\n{explain(trials)}"


def test_run_killed_in_a_round_repeats_no_more_than_the_step_it_was_in(
    server: Server, whole: Whole, tmp_path: Path
) -> None:
    trials = []
    for step in random.Random(SEED).sample(range(2, whole.outcome.steps), 4):
        trials.append(try_kill(server, whole.out, tmp_path / str(step), {"kill_at_step": step}))
    found = figures(trials, whole.outcome)
    print(f"killed in a step: {found}")
    assert not found.failures, f"{found}\n{explain(trials)}"
    assert found.steps_repeated <= 1 + REHEARSED


def test_check_notices_that_a_checkpoint_says_no_longer_where_it_stood(
    server: Server, whole: Whole, tmp_path: Path
) -> None:
    trials = [
        try_kill(server, whole.out, tmp_path / str(step), {"kill_at_step": step}, mutations=["no_position"])
        for step in range(whole.outcome.steps - 4, whole.outcome.steps - 2)
    ]
    found = figures(trials, whole.outcome)
    print(f"without its position: {found}")
    assert found.failures and found.rows_doubled + found.rows_lost + (found.first_differing_step or 0) > 0
