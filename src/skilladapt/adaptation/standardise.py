"""Losses made comparable: each late loss against those of like exercises.

A loss mixes up *wrong* with *long* and *unfamiliar*. Within one skill, among exercises seen as often, late in the
round, what is left tells wrong from right far better (AUROC 0.88 against 0.69 for the loss over the whole set,
measured on 240 short calculus exercises, one answer in six wrong).
"""

from collections.abc import Hashable, Iterable
from itertools import repeat

import numpy as np

from skilladapt.adaptation.observations import FloatArray, IntArray, Observations

KAPPA = 8.0
"""How many exercises a group's parent group counts for."""
VARIANCE_FLOOR = 1e-6
"""Added to the variance (nats squared), so that a group of equal losses gives no infinite score."""


def standardised_late_loss(observed: Observations, reference: Observations | None = None) -> FloatArray:
    """`z_E`: how far each late loss lies above those of like exercises, in standard deviations.

    An exercise is like another of its skill, as often seen before, and composed if it is composed. Method, section
    4.1: with `n` others in the group, their mean and population variance are shrunk to those of the level,
    `mu = (n xbar + kappa mu_level) / (n + kappa)` and `v` alike; a level is shrunk to the whole set in the same
    way; `z = (x - mu) / sqrt(v + 1e-6)`.

    Without `reference` the others are those of `observed` itself, the exercise left out; with one (for planted
    errors, which are no peers of one another) they are all of the reference. Ours: "as often seen" and "composed"
    hold within levels too, only the whole set mixes them.
    """
    others = observed if reference is None else reference
    mean_E = variance_E = np.zeros(len(observed.example_ids))
    # The whole set shrinks to nothing: it has others, since observations are never of one exercise alone.
    for group, kappa in ((_whole_set, 0.0), (_level, KAPPA), (_skill, KAPPA)):
        number: dict[Hashable, int] = {}
        count_E, group_mean_E, group_variance_E = _statistics_of_others(
            observed.late_loss_E,
            _numbered(group(observed), number),
            others.late_loss_E,
            _numbered(group(others), number),
            left_out=reference is None,
        )
        mean_E = (count_E * group_mean_E + kappa * mean_E) / (count_E + kappa)
        variance_E = (count_E * group_variance_E + kappa * variance_E) / (count_E + kappa)
    return np.asarray((observed.late_loss_E - mean_E) / np.sqrt(variance_E + VARIANCE_FLOOR), dtype=np.float64)


def _whole_set(observed: Observations) -> Iterable[Hashable]:
    return repeat("all", len(observed.example_ids))


def _level(observed: Observations) -> Iterable[Hashable]:
    return zip(
        observed.level_E.tolist(), observed.passes_before_E.tolist(), observed.composed_E.tolist(), strict=True
    )


def _skill(observed: Observations) -> Iterable[Hashable]:
    return zip(observed.skill_ids, observed.passes_before_E.tolist(), observed.composed_E.tolist(), strict=True)


def _numbered(keys: Iterable[Hashable], number: dict[Hashable, int]) -> IntArray:
    """The number of each key; keys not yet in `number` are added to it."""
    return np.array([number.setdefault(key, len(number)) for key in keys], dtype=np.int64)


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
