import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from adaptation_builders import exercise_of, graph_of, observed_of
from numpy.testing import assert_allclose

from skilladapt.adaptation.observations import Observations
from skilladapt.adaptation.standardise import standardised
from skilladapt.adaptation.suspicion import LOSS_FLOOR, fit_weights, score, signals, suspicion
from skilladapt.records import SignalWeights

GRAPH = graph_of(["a"])
LATE, WORST = range(2)


def observed_with(
    losses: Sequence[Sequence[float]], worst: Sequence[Sequence[float]] | None = None, seen: int = 0
) -> Observations:
    """Exercises of one skill; the worst tokens are the losses unless given."""
    ids = [f"e{number}" for number in range(len(losses))]
    observed = observed_of(
        GRAPH,
        {id: exercise_of("a", number=number) for number, id in enumerate(ids)},
        dict(zip(ids, losses, strict=True)),
        seen=dict.fromkeys(ids, seen),
    )
    return replace(observed, worst_E_P=np.array(worst or losses, dtype=np.float64))


def of_logarithm(losses: Sequence[float], observed: Observations) -> np.ndarray:
    return standardised(np.log(np.array(losses) + LOSS_FLOOR), observed)


def test_signals_are_standardised_logarithms_of_two_losses() -> None:
    observed = observed_with([[9, 1, 2], [9, 3, 4], [9, 5, 7]], [[8, 2, 5], [6, 1, 2], [4, 4, 1]])
    found = signals(observed)
    assert_allclose(found[:, LATE], of_logarithm([1.5, 3.5, 6], observed))
    assert_allclose(found[:, WORST], of_logarithm([5, 3, 3], observed))


@pytest.mark.parametrize(
    "losses, seen, late",
    [
        # The very first pass is left out, where there is another.
        ([[9, 1], [2, 3]], 0, [1, 3]),
        ([[9, 1], [2, 3]], 2, [5, 2.5]),
        ([[9, 1, 2], [2, 3, 4]], 0, [1.5, 3.5]),
        ([[9], [2]], 0, [9, 2]),
    ],
)
def test_the_first_pass_an_exercise_ever_had_is_not_late(
    losses: list[list[float]], seen: int, late: list[float]
) -> None:
    observed = observed_with(losses, seen=seen)
    assert_allclose(signals(observed)[:, LATE], of_logarithm(late, observed))


def test_without_an_answer_span_the_loss_stands_in_for_its_worst_token() -> None:
    observed = observed_with([[9, 1], [2, 3], [4, 6]], [[math.nan, math.nan], [8, 7], [5, 5]])
    assert_allclose(signals(observed)[:, WORST], of_logarithm([5, 7.5, 5], observed))


def test_suspicion_is_the_weighed_mean_of_the_signals() -> None:
    observed = observed_with([[9, 1], [2, 3], [4, 6]], [[8, 2], [6, 1], [9, 4]])
    weights = SignalWeights(late=0.6, worst=0.4)
    expected = signals(observed) @ [0.6, 0.4]
    assert_allclose(suspicion(observed, weights), expected)
    assert_allclose(score(signals(observed), weights), expected)
    assert_allclose(suspicion(observed, SignalWeights(late=1, worst=0)), signals(observed)[:, LATE])


def test_a_score_remembers_the_one_before() -> None:
    losses = [[1.0, 1.0], [2.0, 2.0], [4.0, 4.0]]
    now_E = suspicion(observed_with(losses), SignalWeights())
    remembering = replace(observed_with(losses), score_before_E=np.array([math.nan, 2.0, -1.0]))
    mixed_E = np.array([0.7 * now_E[1] + 0.3 * 2, 0.7 * now_E[2] - 0.3])
    expected_E = mixed_E.mean() + (mixed_E - mixed_E.mean()) * np.std(now_E[1:]) / np.std(mixed_E)
    assert_allclose(suspicion(remembering, SignalWeights()), [now_E[0], *expected_E])


def test_few_that_are_remembered_become_no_more_suspicious_for_a_memory_that_was_lower() -> None:
    losses = [[1.0, 1.0]] * 38 + [[5.0, 5.0], [4.0, 4.0]]
    now_E = suspicion(observed_with(losses), SignalWeights())
    before_E = np.array([math.nan] * 38 + [0.0, 1.0])
    found_E = suspicion(replace(observed_with(losses), score_before_E=before_E), SignalWeights())
    assert_allclose(found_E[38:].mean(), 0.7 * now_E[38:].mean() + 0.3 * 0.5)
    assert_allclose(found_E[38:].std(), now_E[38:].std())


def test_the_only_one_with_a_score_before_takes_it_into_account() -> None:
    losses = [[1.0, 1.0], [2.0, 2.0], [4.0, 4.0]]
    now_E = suspicion(observed_with(losses), SignalWeights())
    remembering = replace(observed_with(losses), score_before_E=np.array([math.nan, math.nan, -1.0]))
    assert_allclose(suspicion(remembering, SignalWeights()), [*now_E[:2], 0.7 * now_E[2] - 0.3])


def test_what_is_remembered_leaves_scores_as_far_spread_as_those_of_one_round() -> None:
    draws = np.random.default_rng(0)
    losses = np.exp(draws.normal(0, 1, (400, 2)))
    now_E = suspicion(observed_with(losses.tolist()), SignalWeights())
    remembering = replace(observed_with(losses.tolist()), score_before_E=draws.normal(0, 1, 400))
    remembered_E = suspicion(remembering, SignalWeights())
    assert remembered_E.std() == pytest.approx(now_E.std())
    assert (remembered_E > 1.5).mean() == pytest.approx((now_E > 1.5).mean(), abs=0.03)


def drawn(count: int, *shift: float, seed: int = 0) -> np.ndarray:
    """So many exercises whose signals lie around `shift`."""
    return np.random.default_rng(seed).normal(shift, 1.0, (count, len(shift)))


def test_the_signal_that_tells_planted_errors_apart_gets_the_weight() -> None:
    assert fit_weights(drawn(300, 0, 0), drawn(100, 0, 2, seed=1)).worst > 0.8
    assert fit_weights(drawn(300, 0, 0), drawn(100, 2, 0, seed=1)).late > 0.85
    both = fit_weights(drawn(300, 0, 0), drawn(100, 1.5, 1.5, seed=1))
    assert both.late == pytest.approx(0.5, abs=0.1)
    assert both.late + both.worst == pytest.approx(1)


def test_a_few_planted_errors_hardly_move_the_weights() -> None:
    assert fit_weights(drawn(6, 0, 0), drawn(2, 0, 2, seed=1)).worst < 0.45


def test_what_tells_nothing_leaves_the_weights_as_they_are() -> None:
    assert fit_weights(np.zeros((40, 2)), np.zeros((10, 2))) == SignalWeights()


def test_planted_errors_learned_better_than_real_exercises_give_no_weight_below_zero() -> None:
    assert fit_weights(drawn(200, 0, 0), drawn(200, 2, -3, seed=1)) == SignalWeights(late=1, worst=0)
    assert fit_weights(drawn(200, 0, 0), drawn(200, -3, -3, seed=1)) == SignalWeights()


def test_one_outlier_does_not_decide_the_weights() -> None:
    real, planted = drawn(300, 0, 0), drawn(100, 0, 2, seed=1)
    real[0, WORST] = 1e6
    assert fit_weights(real, planted).worst > 0.7
