"""Losses made comparable: each against those of like exercises.

A loss mixes up *wrong* with *long* and *unfamiliar*. Within one skill, among exercises seen as often, late in the
round, what is left tells wrong from right far better (AUROC 0.88 against 0.69 for the loss over the whole set,
measured on 240 short calculus exercises, one answer in six wrong).
"""

import numpy as np

from skilladapt.adaptation.observations import FloatArray, IntArray, Observations

KAPPA = 8.0
"""How many exercises a group's parent group counts for."""
VARIANCE_FLOOR = 1e-6
"""Added to the variance (nats squared), so that a group of equal losses gives no infinite score."""


def standardised(
    value_E: FloatArray,
    observed: Observations,
    reference_value_R: FloatArray | None = None,
    reference: Observations | None = None,
) -> FloatArray:
    """`z_E`: how far each finite value `x` lies above those of like exercises, in standard deviations.

    An exercise is like another of its skill, as often seen before, and composed if it is composed. Method, section
    4.1: with `n` others in the group, their mean and population variance are shrunk to those of the level,
    `mu = (n xbar + kappa mu_level) / (n + kappa)` and `v` alike; a level is shrunk to the whole set in the same
    way; `z = (x - mu) / sqrt(v + 1e-6)`.

    Without `reference` the others are those of `observed` itself, the exercise left out; with one (for planted
    errors, which are no peers of one another) they are all of the reference, of the same graph. Ours: "as often
    seen" and "composed" hold within levels too, only the whole set mixes them.
    """
    others = observed if reference is None else reference
    value_R = value_E if reference_value_R is None else reference_value_R
    assert observed.skill_ids == others.skill_ids, "like exercises are found by the skills of one graph"
    seen = int(max(observed.passes_before_E.max(), others.passes_before_E.max())) + 1
    mean_E = variance_E = np.zeros(value_E.size)
    # The whole set shrinks to nothing; an exercise alone in it is its own mean: neither above nor below.
    for group_E, group_R, kappa in (
        (np.zeros_like(observed.skill_E), np.zeros_like(others.skill_E), 0.0),
        (_alike(observed.level_E, observed, seen), _alike(others.level_E, others, seen), KAPPA),
        (_alike(observed.skill_E, observed, seen), _alike(others.skill_E, others, seen), KAPPA),
    ):
        count_E, group_mean_E, group_variance_E = _statistics_of_others(
            value_E, group_E, value_R, group_R, left_out=reference is None
        )
        is_alone_E = count_E + kappa == 0
        weight_E = np.where(is_alone_E, 1.0, count_E + kappa)
        mean_E = np.where(is_alone_E, value_E, (count_E * group_mean_E + kappa * mean_E) / weight_E)
        variance_E = (count_E * group_variance_E + kappa * variance_E) / weight_E
    return np.asarray((value_E - mean_E) / np.sqrt(variance_E + VARIANCE_FLOOR), dtype=np.float64)


def _alike(kind_E: IntArray, observed: Observations, seen: int) -> IntArray:
    """One number for each combination of kind, passes seen before (below `seen`) and composed."""
    return (kind_E.astype(np.int64) * seen + observed.passes_before_E) * 2 + observed.composed_E


def _statistics_of_others(
    value_E: FloatArray, group_E: IntArray, value_R: FloatArray, group_R: IntArray, left_out: bool
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Count, mean and population variance of the values R in the group of each of E.

    If `left_out`, R is E, and each one's own value does not count. Mean and variance are 0 where no others are.
    """
    groups = int(max(group_E.max(), group_R.max())) + 1
    count_G = np.bincount(group_R, minlength=groups).astype(np.float64)
    mean_G = np.bincount(group_R, value_R, groups) / np.maximum(count_G, 1)
    # Squares of distances to the mean: differences of sums of squares would cancel for tight groups.
    squares_G = np.bincount(group_R, (value_R - mean_G[group_R]) ** 2, groups)
    count_E, mean_E, squares_E = count_G[group_E], mean_G[group_E], squares_G[group_E]
    if left_out:
        distance_E = value_E - mean_E
        remaining_E = np.maximum(count_E - 1, 1)
        squares_E = np.maximum(squares_E - distance_E**2 * count_E / remaining_E, 0)
        mean_E = mean_E - distance_E / remaining_E
        count_E = count_E - 1
    alone_E = count_E == 0
    return count_E, np.where(alone_E, 0, mean_E), np.where(alone_E, 0, squares_E / np.maximum(count_E, 1))
