import numpy as np
import pytest
from adaptation_builders import categorised_of, example_of, exercise_of, graph_of, observed_of, unsuspecting

from skilladapt.adaptation.requests import UpdateSettings
from skilladapt.adaptation.standing import standing_of
from skilladapt.adaptation.weighting import loss_weights, plan_by_loss

GRAPH = graph_of(["a"])


def test_weights_rise_with_the_loss_up_to_the_mean() -> None:
    # Mean 4, deviation 2: a loss half a deviation below the mean weighs 3/4, two deviations below it the least.
    late = np.array([2.0, 6.0])
    assert loss_weights(late).tolist() == [0.5, 1.0]
    assert loss_weights(np.array([0.0, 4.0, 4.0, 8.0])).tolist() == pytest.approx([1 - 4 / (2 * 8**0.5), 1, 1, 1])


def test_no_weight_is_below_a_tenth_and_equal_losses_weigh_all_the_same() -> None:
    late = np.array([0.0] + [5.0] * 99)
    assert loss_weights(late)[0] == 0.1
    assert loss_weights(np.array([3.0, 3.0, 3.0])).tolist() == [1.0, 1.0, 1.0]


def test_the_last_two_passes_decide_and_are_told() -> None:
    exercises = [exercise_of("a", number=number) for number in range(2)]
    examples = {example_of(exercise).example_id: example_of(exercise, 0.25) for exercise in exercises}
    low, high = examples
    trained = dict(zip(examples, exercises, strict=True))
    observed = observed_of(GRAPH, trained, {low: [9.0, 1.0, 3.0], high: [0.0, 5.0, 7.0]})
    standing = standing_of(observed, examples, GRAPH, frozenset("a"), frozenset())
    found = categorised_of("ambiguous", "ambiguous")
    update = plan_by_loss(standing, unsuspecting(standing, found), UpdateSettings())
    rows = {action.example_id: action for action in update.ledger.actions()}
    # Late losses 2 and 6. The weights of before do not matter.
    assert (rows[low].action, rows[low].weight_before, rows[low].weight_after) == ("keep", 0.25, 0.5)
    assert (rows[high].action, rows[high].weight_after) == ("keep", 1.0)
    assert rows[low].reason == "late loss 2.000, of all 4.000 with deviation 2.000"
    assert (update.requests, update.removed_E.any(), update.share_S) == ((), False, None)
