from collections.abc import Sequence

import numpy as np
import pytest
from evaluation_samples import probe

from skilladapt.evaluation.paired import bootstrap_interval, paired_difference
from skilladapt.records import Answer, Probe

PROBES = [
    probe(skill, f"{pair}{n}", f"{skill}{pair}") for skill in ("s", "t") for pair in range(3) for n in (1, 2)
]


def answers(when: str, outcomes: Sequence[bool | None], probes: Sequence[Probe] = PROBES) -> list[Answer]:
    return [
        Answer(
            when=when,
            probe_id=one.probe_id,
            skill_id=one.skill_id,
            question=one.question,
            expected=one.answer,
            given="?",
            correct=correct,
        )
        for one, correct in zip(probes, outcomes, strict=True)
    ]


BEFORE = answers("base", [False] * 12)
AFTER = answers("round-1", [True, True, True, False, None, False, True, True, True, True, False, False])


def test_difference_is_the_mean_over_pairs_of_twins() -> None:
    result = paired_difference(PROBES, [BEFORE], [AFTER], seed=0)
    # Pair means after: 1, 1/2, 0 in skill s and 1, 1, 0 in skill t; before: all 0.
    assert result.difference == pytest.approx(3.5 / 6)
    assert (result.before, result.after, result.n_pairs, result.seeds) == ("base", "round-1", 6, 1)
    assert result.label == "for this run"
    assert 0 < result.ci_low < result.difference < result.ci_high < 1


def test_same_seed_same_interval_and_another_seed_nearly_so() -> None:
    first, again, other = (paired_difference(PROBES, [BEFORE], [AFTER], seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert other.ci_low == pytest.approx(first.ci_low, abs=0.09)


def test_sides_exchanged_give_the_opposite() -> None:
    result = paired_difference(PROBES, [AFTER], [BEFORE], seed=0)
    assert result.difference == pytest.approx(-3.5 / 6) and result.ci_high < 0


def test_seeds_are_counted_and_few_of_them_carry_no_claim() -> None:
    three = paired_difference(PROBES, [BEFORE] * 3, [AFTER] * 3, seed=0)
    assert (three.seeds, three.label) == (3, "over 3 seeds, too few for a claim about seeds")
    assert paired_difference(PROBES, [BEFORE] * 5, [AFTER] * 5, seed=0).label == "over 5 seeds"


def test_unequal_seeds_mixed_stages_and_missing_answers_are_refused() -> None:
    with pytest.raises(ValueError):
        paired_difference(PROBES, [BEFORE] * 2, [AFTER], seed=0)
    with pytest.raises(ValueError):
        paired_difference(PROBES, [BEFORE + AFTER], [AFTER], seed=0)
    with pytest.raises(KeyError):
        paired_difference(PROBES, [BEFORE[:-1]], [AFTER], seed=0)


def test_resampling_stays_within_the_stratum() -> None:
    # Between skills nothing varies here, within them nothing at all: any resample has the same mean.
    value_S_J = np.array([[0.0, 0.0, 1.0, 1.0]])
    assert bootstrap_interval(value_S_J, ["a", "a", "b", "b"], seed=0) == (0.5, 0.5)
    low, high = bootstrap_interval(value_S_J, ["a"] * 4, seed=0)
    assert (low, high) == (0.0, 1.0)


def test_interval_of_one_stratum_equals_the_exact_bootstrap_distribution() -> None:
    # The mean of 100 resampled zeros and ones is Binomial(100, 0.3) / 100: 2.5% lie below 0.21, 97.5% below 0.39.
    value_S_J = np.array([[1.0] * 30 + [0.0] * 70])
    low, high = bootstrap_interval(value_S_J, ["a"] * 100, seed=0)
    assert low == pytest.approx(0.21, abs=0.011) and high == pytest.approx(0.39, abs=0.011)


def test_variation_between_seeds_widens_the_interval() -> None:
    value_S_J = np.array([[0.0] * 50, [1.0] * 50])
    # Both seeds 0 or both 1 are drawn with probability 1/4 each.
    assert bootstrap_interval(value_S_J, ["a"] * 50, seed=0) == (0.0, 1.0)


def test_seeds_share_their_resampled_units() -> None:
    # 25 equal seeds tell no more than one; units resampled anew for each would shorten the interval five times.
    value_1_J = np.array([[1.0, 0.0] * 20])
    one = bootstrap_interval(value_1_J, ["a"] * 40, seed=0)
    many = bootstrap_interval(np.repeat(value_1_J, 25, axis=0), ["a"] * 40, seed=0)
    assert many == pytest.approx(one, abs=0.026) and one[1] - one[0] > 0.25


def test_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    generator = np.random.default_rng(7)
    truth = np.repeat([0.1, 0.5, 0.8], 20)
    strata = [str(share) for share in truth]
    covered = 0
    for trial in range(200):
        value_S_J = (generator.random(truth.size) < truth)[None].astype(float)
        low, high = bootstrap_interval(value_S_J, strata, seed=trial, resamples=1000)
        covered += low <= truth.mean() <= high
    # 95% nominal; the percentile bootstrap of 20 units a stratum is known to cover slightly less.
    assert 178 <= covered <= 198


def test_empty_comparison_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one seed and one unit"):
        bootstrap_interval(np.zeros((1, 0)), [], seed=0)


def test_one_family_is_compared_alone() -> None:
    named = [one.model_copy(update={"family": "new" if one.skill_id == "s" else "old"}) for one in PROBES]
    before, after = (
        answers(when, [one.correct for one in side], named)
        for when, side in (("base", BEFORE), ("round-1", AFTER))
    )
    new = paired_difference(named, [before], [after], seed=0, family="new")
    assert (new.difference, new.n_pairs, new.family) == (pytest.approx(1.5 / 3), 3, "new")
    assert paired_difference(named, [before], [after], seed=0).family == ""
