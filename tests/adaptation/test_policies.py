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

from skilladapt.adaptation.policies import POLICIES, Policy, load_policy
from skilladapt.adaptation.requests import UpdateSettings
from skilladapt.adaptation.standing import standing_of
from skilladapt.errors import UserError

GRAPH = graph_of(["a"])
WRITING = {"calibrated", "paper"}


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
    assert bool(update.requests) == (name in WRITING)


def test_only_switching_adaptation_off_needs_no_calibration_and_only_the_default_checks() -> None:
    found = {name: (policy.uses_calibration, policy.checks_suspects) for name, policy in POLICIES.items()}
    assert found == {"calibrated": (True, True), "paper": (True, False), "none": (False, False)}


class Mine:
    name = "mine"
    uses_calibration = False
    checks_suspects = False
    categorise = staticmethod(POLICIES["none"].categorise)
    plan = staticmethod(POLICIES["none"].plan)


@pytest.mark.parametrize(("name", "near"), [("calibated", "calibrated"), ("Paper", "paper"), ("nothing", "none")])
def test_an_unknown_name_is_answered_with_the_nearest(name: str, near: str) -> None:
    with pytest.raises(UserError, match=f"no policy '{name}'; the nearest is '{near}'"):
        load_policy(name)


def test_peoples_own_policy_is_found_as_an_object_or_a_class(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("my_policies")
    mine = Mine()
    module.mine, module.Mine, module.other = mine, Mine, object()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "my_policies", module)
    assert load_policy("my_policies:mine") is mine
    assert isinstance(load_policy("my_policies:Mine"), Mine)
    with pytest.raises(UserError, match="it lacks name, uses_calibration, checks_suspects, categorise, plan"):
        load_policy("my_policies:other")
    with pytest.raises(UserError, match="'my_policies:missing' could not be loaded: AttributeError"):
        load_policy("my_policies:missing")
    with pytest.raises(UserError, match="ModuleNotFoundError"):
        load_policy("no_such_module:policy")
