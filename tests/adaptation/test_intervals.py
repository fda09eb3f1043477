import numpy as np
import pytest
from adaptation_builders import calibration_of, categorised_of, exercise_of, graph_of, observed_of

from skilladapt.adaptation.intervals import auroc_with_interval, share_with_interval
from skilladapt.adaptation.precision import choose_audit, estimate_wrong_share, expected_precision


def test_a_share_has_wilsons_interval() -> None:
    assert share_with_interval(8, 10) == pytest.approx((0.8, 0.49016, 0.94332), abs=1e-5)
    assert share_with_interval(0, 10) == pytest.approx((0.0, 0.0, 0.27753), abs=1e-5)


def test_auroc_counts_pairs_and_half_of_ties() -> None:
    # Of the pairs (3, 1), (3, 2), (2, 1), (2, 2) three are won and one is tied.
    area, low, high = auroc_with_interval(np.array([3.0, 2.0]), np.array([1.0, 2.0]))
    assert area == 3.5 / 4
    assert 0 < low < area < high <= 1


def test_complete_separation_leaves_an_interval_of_some_width() -> None:
    area, low, high = auroc_with_interval(np.full(12, 5.0), np.zeros(40))
    assert (area, high) == (1.0, 1.0)
    assert low == pytest.approx(0.891, abs=0.001)
    assert auroc_with_interval(np.zeros(12), np.full(40, 5.0)) == pytest.approx((0.0, 0.0, 1 - low))


def test_auroc_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    generator = np.random.default_rng(0)
    # Two normals 1.8 deviations apart: AUROC 0.8985.
    covered = 0
    for _ in range(200):
        _, low, high = auroc_with_interval(generator.normal(1.8, 1, 20), generator.normal(0, 1, 60))
        covered += low <= 0.8985 <= high
    assert 180 <= covered <= 200


def test_expected_precision_follows_the_formula() -> None:
    calibration = calibration_of(recall=0.8, false_positive_rate=0.1)
    # 0.15 * 0.8 / (0.15 * 0.8 + 0.85 * 0.1) = 0.12 / 0.205.
    assert expected_precision(0.15, calibration) == pytest.approx(0.12 / 0.205)
    assert expected_precision(0.0, calibration) == 0.0
    assert expected_precision(0.5, calibration_of(recall=0.0, false_positive_rate=0.0)) is None


def test_share_of_wrong_examples_weighs_suspects_and_others_by_their_numbers() -> None:
    # 20 suspects, half of those decided wrong; 180 others, one in thirty wrong: (10 + 6) / 200.
    found = estimate_wrong_share(
        suspects=20, suspects_decided=16, suspects_wrong=8, others=180, others_decided=30, others_wrong=1
    )
    assert found == pytest.approx(16 / 200)
    nothing = {"suspects_wrong": 0, "others_wrong": 0}
    assert estimate_wrong_share(suspects=5, suspects_decided=0, others=9, others_decided=9, **nothing) is None
    assert estimate_wrong_share(suspects=0, suspects_decided=0, others=9, others_decided=9, **nothing) == 0.0
    assert estimate_wrong_share(suspects=0, suspects_decided=0, others=0, others_decided=0, **nothing) is None


def test_audit_draws_only_examples_that_are_not_suspected() -> None:
    exercises = {f"e{number:02}": exercise_of("a", number=number) for number in range(50)}
    losses = {id: [1.0, float(place)] for place, id in enumerate(exercises)}
    observed = observed_of(graph_of(["a"]), exercises, losses)
    found = categorised_of("error", *["hard"] * 49)
    audit = choose_audit(observed, found, seed=1).tolist()
    assert len(audit) == len(set(audit)) == 30
    assert 0 not in audit
    assert choose_audit(observed, found, seed=2).tolist() != audit
    assert choose_audit(observed_of(graph_of(["a"]), exercises, losses, round=2), found, seed=1).tolist() != audit
    suspects = categorised_of("easy", "hard", *["error"] * 48)
    assert choose_audit(observed, suspects, seed=1).tolist() == [0, 1]
