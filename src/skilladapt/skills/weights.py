"""How much each signal counts: two small logistic models, one for "related" and one for "comes before".

A prerequisite is a related pair with an order. The first model is fitted on unordered pairs, the second on stated
prerequisites against their reversals, so the two questions are answered, and explained, apart.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from skilladapt.records import Record
from skilladapt.skills.signals import BEFORE, RELATED, FloatArray, Signals

_PRIOR = 3.0
"""Strength of the pull of weights to zero, for signals scaled to unit variance."""


class Weights(Record):
    """Log-odds for each unit of a signal."""

    bias: float
    """Log-odds that two skills without any likeness are related, times the number of skills: however many there
    are, a skill needs two or three."""
    related: Mapping[str, float]
    before: Mapping[str, float]

    def related_odds(self, signals: Mapping[str, FloatArray]) -> FloatArray:
        """Log-odds that one of the two needs the other; `signals` come from all skills, one a row."""
        prior = self.bias - float(np.log(len(signals["text"])))
        return _weighted(signals, self.related) + prior

    def before_odds(self, signals: Mapping[str, FloatArray]) -> FloatArray:
        """Log-odds that, of two related skills, the first is the one that is needed."""
        return _weighted(signals, self.before)


_BEFORE = {"named": 1.838, "reference": 1.987, "centre": 14.634}
LEXICAL = Weights(bias=0.182, related={"text": 6.37, "unit": 1.329}, before=_BEFORE)
WITH_MEANING = Weights(bias=-1.829, related={"text": 2.005, "meaning": 6.238, "unit": 0.537}, before=_BEFORE)
"""Fitted on 592 stated prerequisites of school mathematics: the readiness links of OpenStax Prealgebra 2e
and those of the Coherence Map in grades K-8 (`benchmarks/bench_prerequisites.py`)."""


def fit_weights(examples: Sequence[tuple[Signals, Sequence[tuple[int, int]]]]) -> Weights:
    """Weights from syllabi with stated prerequisites, given as (before, after) positions.

    Every pair that is not stated counts as unrelated, which understates how often a likely pair is needed where
    authors state only samples. Holds all pairs in memory: meant for some hundred skills each. All syllabi have
    sentence vectors, or none has.
    """
    alike, is_related, prior, ordered = [], [], [], []
    for signals, edges in examples:
        size = len(signals)
        both = signals.into(np.arange(size))
        first, second = np.triu_indices(size, 1)
        stated = np.zeros((size, size), dtype=bool)
        before, after = np.array(edges).T
        stated[before, after] = True
        alike.append(np.stack([both[name][first, second] for name in RELATED if name in both], axis=1))
        is_related.append((stated | stated.T)[first, second])
        prior.append(np.full(first.size, -np.log(size)))
        ordered.append(np.stack([both[name][before, after] for name in BEFORE], axis=1))
    names = [name for name in RELATED if name in both]
    bias, related = _logistic(
        np.concatenate(alike), np.concatenate(is_related).astype(float), np.concatenate(prior), centred=True
    )
    differences = np.concatenate(ordered)
    _, earlier = _logistic(differences, np.ones(len(differences)), np.zeros(len(differences)), centred=False)
    return Weights(
        bias=round(bias, 3),
        related={name: round(weight, 3) for name, weight in zip(names, related, strict=True)},
        before={name: round(weight, 3) for name, weight in zip(BEFORE, earlier, strict=True)},
    )


def _weighted(signals: Mapping[str, FloatArray], weights: Mapping[str, float]) -> FloatArray:
    total: FloatArray = np.sum([weight * signals[name] for name, weight in weights.items()], axis=0)
    return total


def _logistic(
    x_E_F: FloatArray, y_E: FloatArray, prior_E: FloatArray, *, centred: bool
) -> tuple[float, list[float]]:
    """Bias and weights of a ridge logistic regression on top of prior log-odds.

    Without `centred` there is no bias, as for differences, whose signs could as well be exchanged.
    """
    mean_F = x_E_F.mean(axis=0) if centred else np.zeros(x_E_F.shape[1])
    scale_F = np.sqrt(((x_E_F - mean_F) ** 2).mean(axis=0)) + 1e-9
    scaled = np.column_stack([np.full(len(x_E_F), float(centred)), (x_E_F - mean_F) / scale_F])

    def loss(weight: FloatArray) -> tuple[float, Any]:
        odds = scaled @ weight + prior_E
        pull = np.concatenate([[0.0], weight[1:]])
        value = (np.logaddexp(0, odds) - y_E * odds).sum() + _PRIOR / 2 * pull @ pull
        return float(value), scaled.T @ (expit(odds) - y_E) + _PRIOR * pull

    weight = minimize(loss, np.zeros(scaled.shape[1]), jac=True, method="L-BFGS-B").x
    per_unit = weight[1:] / scale_F
    return float(weight[0] - per_unit @ mean_F), [float(value) for value in per_unit]
