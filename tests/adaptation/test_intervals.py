import numpy as np
import pytest

from skilladapt.adaptation.intervals import auroc_with_interval, share_with_interval


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
