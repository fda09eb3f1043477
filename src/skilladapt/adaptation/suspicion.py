"""Suspicion: one score from two signals of how an exercise was learned, weighed by what planted errors taught.

A signal is the logarithm of a loss, standardised among like exercises: once a skill is known, right losses differ
by factors and not by amounts, and a few large ones would hide the wrong ones. Which signals there are was decided
by measurement (the log of experiments has it); how much each counts differs by student and subject, and a
calibration finds it out.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from scipy.optimize import Bounds, minimize
from scipy.special import expit

from skilladapt.adaptation.observations import FloatArray, Observations
from skilladapt.adaptation.standardise import standardised
from skilladapt.records import SignalWeights

LOSS_FLOOR: Final = 1e-4
"""Added to a loss (nats) before its logarithm: below it, an answer known by heart is no better known."""
RIDGE: Final = 5.0
"""How firmly weights are held at those of an unfitted score: twenty planted errors move them, two do not."""
FARTHEST: Final = 5.0
"""A signal counts for no more deviations than these when weights are fitted: one outlier must not decide them."""
MEMORY: Final = 0.3
"""How much of a score is the one before. A wrong answer that is known by heart by now stood out before it was."""


def suspicion(observed: Observations, weights: SignalWeights) -> FloatArray:
    """How suspicious each exercise is among the others, in deviations: larger is likelier wrong.

    The `score` of its `signals` where it was never trained on before, else `0.7 score + 0.3 score_before`, brought
    back to the spread of this round's scores: a mean of two scatters less than one, and the threshold that
    calibration finds, where nothing is remembered, would be passed too seldom.
    """
    score_E = np.zeros(observed.size)
    # Signal by signal: all of them at once would take as much memory as there are signals.
    for name, weight in weights:
        if weight > 0:
            score_E += weight * _signal(name, observed, None)
    is_remembered_E = ~np.isnan(observed.score_before_E)
    now_E, before_E = score_E[is_remembered_E], observed.score_before_E[is_remembered_E]
    score_E[is_remembered_E] = _spread_like((1 - MEMORY) * now_E + MEMORY * before_E, now_E)
    return score_E


def signals(observed: Observations, reference: Observations | None = None) -> FloatArray:
    """The signals, `E x K`, in the order of `SignalWeights`, `standardised` with or without a reference."""
    return np.stack([_signal(name, observed, reference) for name in SignalWeights.model_fields], axis=1)


def score(signal_E_K: FloatArray, weights: SignalWeights) -> FloatArray:
    """The weighed mean of the signals of each."""
    return np.asarray(signal_E_K @ [weight for _, weight in weights], dtype=np.float64)


def fit_weights(real_R_K: FloatArray, planted_N_K: FloatArray) -> SignalWeights:
    """How much each signal should count to tell planted errors from real exercises by their signals.

    A logistic regression with an intercept, its weights at least 0 (being learned worse never makes an exercise
    look righter) and held at those of the unfitted score by a ridge, `5 |w - (0.75, 0.25)|^2` beside the sum of
    the log losses; then brought to a sum of 1. Real exercises that are wrong count as right ones, being unknown.
    """
    signal_M_K = np.clip(np.concatenate([real_R_K, planted_N_K]), -FARTHEST, FARTHEST)
    is_planted_M = np.repeat([0.0, 1.0], [len(real_R_K), len(planted_N_K)])
    unfitted_K = np.array([weight for _, weight in SignalWeights()])

    def loss_and_gradient(parameters: FloatArray) -> tuple[float, FloatArray]:
        weight_K, intercept = parameters[:-1], parameters[-1]
        odds_M = signal_M_K @ weight_K + intercept
        excess_M, moved_K = expit(odds_M) - is_planted_M, weight_K - unfitted_K
        loss = (np.logaddexp(0, odds_M) - is_planted_M * odds_M).sum() + RIDGE * (moved_K @ moved_K)
        slope_K = signal_M_K.T @ excess_M + 2 * RIDGE * moved_K
        return float(loss), np.append(slope_K, excess_M.sum())

    found = minimize(
        loss_and_gradient,
        np.append(unfitted_K, 0.0),
        jac=True,
        method="L-BFGS-B",
        bounds=Bounds(np.append(np.zeros_like(unfitted_K), -np.inf), np.inf),
    )
    weight_K = found.x[:-1]
    if weight_K.sum() == 0:
        # Planted errors were learned better than real exercises: nothing here tells them apart.
        return SignalWeights()
    share_K = (weight_K / weight_K.sum()).tolist()
    return SignalWeights(**dict(zip(SignalWeights.model_fields, share_K, strict=True)))


def _spread_like(score_E: FloatArray, other_E: FloatArray) -> FloatArray:
    """The scores spread about their mean like the others; where they are all equal they stay."""
    if not score_E.size or score_E.std() == 0:
        return score_E
    mean = float(score_E.mean())
    return mean + (score_E - mean) * float(other_E.std() / score_E.std())


def _signal(name: str, observed: Observations, reference: Observations | None) -> FloatArray:
    loss_of = _LOSSES[name]
    value_R = None if reference is None else _logarithm(loss_of(reference))
    return standardised(_logarithm(loss_of(observed)), observed, value_R, reference)


def _logarithm(loss_E: FloatArray) -> FloatArray:
    return np.asarray(np.log(loss_E + LOSS_FLOOR), dtype=np.float64)


def _late(observed: Observations) -> FloatArray:
    """The mean of the last two passes, but never of the first one an exercise ever had.

    Before that one its answer was unknown, right or wrong: the loss tells how hard it is to guess. It counts where
    there is no other.
    """
    late_E = observed.late_loss_E
    if observed.loss_E_P.shape[1] == 2:
        late_E = np.where(observed.passes_before_E == 0, observed.loss_E_P[:, -1], late_E)
    return np.asarray(late_E, dtype=np.float64)


def _worst(observed: Observations) -> FloatArray:
    """Without an answer span there is no worst token of it; the loss of the whole completion stands in."""
    worst_E = observed.worst_E_P.mean(axis=1)
    return np.asarray(np.where(np.isnan(worst_E), observed.mean_loss_E, worst_E), dtype=np.float64)


_LOSSES: Final[dict[str, Callable[[Observations], FloatArray]]] = {
    "late": _late,
    "worst": _worst,
}
