"""Shares and AUROC with 95% intervals that stay honest at the edges and in small samples."""

import math

import numpy as np
from scipy.optimize import brentq
from scipy.stats import binomtest, rankdata

from skilladapt.adaptation.observations import FloatArray

Z = 1.959963984540054
"""97.5th percentile of the normal distribution."""


def share_with_interval(successes: int, trials: int) -> tuple[float, float, float]:
    """Share, low and high by Wilson's score interval; `trials` is at least 1."""
    interval = binomtest(successes, trials).proportion_ci(0.95, method="wilson")
    return successes / trials, float(interval.low), float(interval.high)


def auroc_with_interval(wrong_score_N: FloatArray, right_score_R: FloatArray) -> tuple[float, float, float]:
    """Chance that a wrong one scores above a right one (ties count half), low and high.

    The interval inverts Hanley and McNeil's variance, evaluated at the bound and not at the estimate (Newcombe,
    Statistics in Medicine 25 (2006), method 5). DeLong's and the bootstrap's intervals shrink to a point where
    the two sorts are separated completely, which a dozen planted errors easily are.
    """
    wrong, right = wrong_score_N.size, right_score_R.size
    ranks = rankdata(np.concatenate([wrong_score_N, right_score_R]))
    area = float((ranks[:wrong].sum() - wrong * (wrong + 1) / 2) / (wrong * right))
    half = (wrong + right) / 2 - 1

    def distance(bound: float) -> float:
        ratio = (1 - bound) / (2 - bound) + bound / (1 + bound)
        variance = bound * (1 - bound) * (1 + half * ratio) / (wrong * right)
        return abs(area - bound) - Z * math.sqrt(variance)

    # At the estimate itself the distance is negative, but for an estimate of 0 or 1, where it is zero.
    low = float(brentq(distance, 0.0, area - 1e-9)) if area > 1e-9 else 0.0
    high = float(brentq(distance, area + 1e-9, 1.0)) if area < 1 - 1e-9 else 1.0
    return area, low, high
