import sys
from types import ModuleType

import pytest
from adaptation_builders import (
    calibration_of,
    example_of,
    exercise_of,
    graph_of,
    observed_of,
    unsuspecting,
)

from skilladapt.adaptation.categorise import ERROR, Categorised
from skilladapt.adaptation.policies import POLICIES, Policy, load_policy
from skilladapt.adaptation.requests import UpdateSettings
from skilladapt.adaptation.standing import Standing, standing_of
from skilladapt.adaptation.suspects import Resolution, remove_suspects, resolve_suspects
from skilladapt.errors import UserError
from skilladapt.records import Verdict

GRAPH = graph_of(["a"])
# Uses a calibration, has suspects checked, asks for new exercises.
POWERS = {
    "calibrated": (True, True, True),
    "paper": (True, False, True),
    "none": (False, False, False),
    "watch": (True, False, False),
    "loss-weight": (False, False, False),
    "skill-it": (False, False, False),
    "missing-skill": (False, False, True),
    "filter-only": (True, True, False),
    "generate-only": (False, False, True),
    "remove-calibrated": (True, False, False),
    "remove-paper": (True, False, False),
    "remove-random": (True, False, False),
}


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_turns_a_round_into_a_complete_update(name: str) -> None:
    policy = load_policy(name)
    assert (policy.name, isinstance(policy, Policy)) == (name, True)
    trained = {
        example_of(exercise).example_id: exercise for exercise in (exercise_of("a", number=n) for n in range(4))
    }
    examples = {id: example_of(exercise) for id, exercise in trained.items()}
    losses = {id: [3.0, 3.0 / (place + 1)] for place, id in enumerate(trained)}
    observed = observed_of(GRAPH, trained, losses)
    found = policy.categorise(observed, calibration_of(threshold=99.0, baseline_loss=99.0))
    assert found.category_E.shape == found.score_E.shape == (4,)
    standing = standing_of(observed, examples, GRAPH, frozenset("a"), frozenset())
    update = policy.plan(standing, unsuspecting(standing, found), UpdateSettings())
    assert {action.example_id for action in update.ledger.actions()} == set(examples)
    assert not update.removed_E.any()
    assert (policy.uses_calibration, policy.checks_suspects, bool(update.requests)) == POWERS[name]
    assert (update.share_S is not None) == (name == "skill-it")


def situation(policy: Policy, score_wanted: int = 3) -> tuple[Standing, Categorised, Resolution]:
    """Forty exercises, `score_wanted` of them far above the rest, after suspects were dealt with."""
    trained = {
        example_of(exercise).example_id: exercise for exercise in (exercise_of("a", number=n) for n in range(40))
    }
    losses = {id: [9.0, 9.0 if place < score_wanted else 1.0 + place / 100] for place, id in enumerate(trained)}
    greedy = {id: [place % 2 == 0] * 2 for place, id in enumerate(trained)}
    observed = observed_of(GRAPH, trained, losses, greedy)
    examples = {id: example_of(exercise) for id, exercise in trained.items()}
    standing = standing_of(observed, examples, GRAPH, frozenset("a"), frozenset("a"))
    calibration = calibration_of(threshold=2.0, baseline_loss=99.0)
    found = policy.categorise(observed, calibration)
    if policy.checks_suspects:
        verdicts = {
            row: Verdict(exercise_id=standing.exercise_of(row).exercise_id, verdict="correct", method="symbolic")
            for row in range(observed.size)
        }
        return standing, found, resolve_suspects(standing, found, verdicts, {}, calibration)
    return standing, found, remove_suspects(standing, found, calibration)


@pytest.mark.parametrize(
    ("name", "suspected", "removed", "weights"),
    [
        ("calibrated", 3, 0, {0.5, 1.0}),
        ("filter-only", 3, 0, {1.0}),
        ("generate-only", 0, 0, {0.5, 1.0}),
        ("remove-calibrated", 3, 3, {0.0, 1.0}),
        ("remove-paper", 3, 3, {0.0, 1.0}),
        ("remove-random", 3, 3, {0.0, 1.0}),
        ("missing-skill", 0, 0, {1.0}),
        ("skill-it", 0, 0, {1.0}),
        ("none", 0, 0, {1.0}),
        ("watch", 0, 0, {1.0}),
    ],
)
def test_each_part_of_the_default_can_be_had_alone(
    name: str, suspected: int, removed: int, weights: set[float]
) -> None:
    policy = POLICIES[name]
    standing, found, resolution = situation(policy)
    update = policy.plan(standing, resolution, UpdateSettings())
    assert (found.category_E == ERROR).sum() == suspected
    assert update.removed_E.sum() == removed
    assert set(update.weight_E) == weights


def test_what_is_removed_at_random_is_not_what_is_suspected() -> None:
    drawn = situation(POLICIES["remove-random"])[1].category_E == ERROR
    suspected = situation(POLICIES["remove-calibrated"])[1].category_E == ERROR
    assert drawn.sum() == suspected.sum()
    assert drawn.tolist() != suspected.tolist()


class Mine:
    name = "mine"
    uses_calibration = False
    checks_suspects = False
    writes_material = False
    categorise = staticmethod(POLICIES["none"].categorise)
    plan = staticmethod(POLICIES["none"].plan)


@pytest.mark.parametrize(("name", "near"), [("calibated", "calibrated"), ("Paper", "paper"), ("nothing", "none")])
def test_an_unknown_name_is_answered_with_the_nearest(name: str, near: str) -> None:
    with pytest.raises(UserError, match=f"no policy '{name}'; the nearest is '{near}'") as raised:
        load_policy(name)
    assert all(known in str(raised.value) for known in POWERS)


def test_peoples_own_policy_is_found_as_an_object_or_a_class(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("my_policies")
    mine = Mine()
    module.mine, module.Mine, module.other = mine, Mine, object()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "my_policies", module)
    assert load_policy("my_policies:mine") is mine
    assert isinstance(load_policy("my_policies:Mine"), Mine)
    with pytest.raises(
        UserError, match="it lacks name, uses_calibration, checks_suspects, writes_material, categorise, plan"
    ):
        load_policy("my_policies:other")
    with pytest.raises(UserError, match="'my_policies:missing' could not be loaded: AttributeError"):
        load_policy("my_policies:missing")
    with pytest.raises(UserError, match="ModuleNotFoundError"):
        load_policy("no_such_module:policy")
