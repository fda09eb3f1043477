"""How well predicted prerequisites agree with stated ones: precision, recall and F1, with intervals over skills.

The unit of resampling is the skill that an edge leads to: what was found, predicted and stated for one skill stays
together. Stated edges are often samples of what is needed, so precision is a lower bound.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

import networkx as nx
import numpy as np
from numpy.typing import NDArray

RESAMPLES = 10_000

Edge = tuple[str, str]
"""(before, after), both ids."""


@dataclass(frozen=True)
class Agreement:
    """Counts for each of U units (skills that edges lead to)."""

    found_U: NDArray[np.int64]
    predicted_U: NDArray[np.int64]
    stated_U: NDArray[np.int64]

    @property
    def precision(self) -> float:
        """The share of predicted edges that are stated; 0 when nothing is predicted."""
        return _ratio(self.found_U.sum(), self.predicted_U.sum())

    @property
    def recall(self) -> float:
        """The share of stated edges that are predicted."""
        return _ratio(self.found_U.sum(), self.stated_U.sum())

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall, over all edges (micro)."""
        return _ratio(2 * self.found_U.sum(), self.predicted_U.sum() + self.stated_U.sum())

    def f1_interval(self, seed: int) -> tuple[float, float]:
        """The 95% bootstrap percentile interval of F1."""
        return _middle(_resampled(self, _draws(self.found_U.size, seed)))

    def f1_above(self, other: "Agreement", seed: int) -> tuple[float, float, float]:
        """How far this F1 is above another on the same units, and the 95% interval of that, paired by unit."""
        draws_R_U = _draws(self.found_U.size, seed)
        low, high = _middle(_resampled(self, draws_R_U) - _resampled(other, draws_R_U))
        return self.f1 - other.f1, low, high

    def recall_above(self, other: "Agreement", seed: int) -> tuple[float, float, float]:
        """As `f1_above`, for recall: for rankings cut at the same length."""
        draws_R_U = _draws(self.found_U.size, seed)
        stated_R = np.maximum(draws_R_U @ self.stated_U, 1)
        low, high = _middle(draws_R_U @ (self.found_U - other.found_U) / stated_R)
        return self.recall - other.recall, low, high


def agreement(predicted: Collection[Edge], stated: Collection[Edge], units: Sequence[str]) -> Agreement:
    """Counts of the edges that lead to each of `units`; edges that lead elsewhere are no part of it."""
    predicted, stated = set(predicted), set(stated)
    return Agreement(
        found_U=_count(predicted & stated, units),
        predicted_U=_count(predicted, units),
        stated_U=_count(stated, units),
    )


def closure(edges: Collection[Edge]) -> set[Edge]:
    """All pairs that follow from acyclic `edges`: skipped steps are forgiven where closures are compared."""
    graph = nx.DiGraph(sorted(edges))
    return {(before, after) for after in graph for before in nx.ancestors(graph, after)}


def joined(parts: Sequence[Agreement]) -> Agreement:
    """The counts of several syllabi, each with units of its own."""
    return Agreement(
        found_U=np.concatenate([part.found_U for part in parts]),
        predicted_U=np.concatenate([part.predicted_U for part in parts]),
        stated_U=np.concatenate([part.stated_U for part in parts]),
    )


def _count(edges: Collection[Edge], units: Sequence[str]) -> NDArray[np.int64]:
    place = {unit: index for index, unit in enumerate(units)}
    places = [place[after] for _, after in edges if after in place]
    return np.bincount(np.array(places, dtype=np.int64), minlength=len(units))


@lru_cache(maxsize=2)
def _draws(units: int, seed: int) -> NDArray[np.int64]:
    """How often each unit is taken in each resample."""
    return np.random.default_rng(seed).multinomial(units, np.full(units, 1 / units), size=RESAMPLES)


def _resampled(counts: Agreement, draws_R_U: NDArray[np.int64]) -> NDArray[np.float64]:
    edges_R = draws_R_U @ (counts.predicted_U + counts.stated_U)
    return 2 * (draws_R_U @ counts.found_U) / np.maximum(edges_R, 1)


def _middle(values_R: NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.percentile(values_R, [2.5, 97.5])
    return float(low), float(high)


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0
