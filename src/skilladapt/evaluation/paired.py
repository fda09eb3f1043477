"""What changed between two models that answered the same probes, with an interval that respects their pairing.

Probe twins are no independent evidence, so the unit is a pair of them; pairs are resampled within their skill, so
the interval is about these skills and not about which skills were drawn.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from skilladapt.evaluation.probes import pairs_of
from skilladapt.records import Answer, Probe, Record

RESAMPLES = 10_000
SEEDS_FOR_A_CLAIM = 5
"""Fewer seeds say nothing about how results vary with the seed."""


class PairedDifference(Record):
    """How much more often `after` is right than `before`, with a 95% bootstrap interval (shares, not percent)."""

    before: str
    after: str
    n_pairs: int
    seeds: int
    difference: float
    """Mean of `after - before` over pairs and seeds, in [-1, 1]."""
    ci_low: float
    ci_high: float
    label: str
    """How far the interval reaches: `for this run` with one seed."""
    family: str = ""
    """The one kind of probes it is about; empty for all."""


def paired_difference(
    probes: Sequence[Probe],
    before_S: Sequence[Sequence[Answer]],
    after_S: Sequence[Sequence[Answer]],
    *,
    seed: int,
    family: str = "",
    resamples: int = RESAMPLES,
) -> PairedDifference:
    """The difference between two models over pairs of probes, all or those of one `family`.

    `_S`: one set of answers for each training seed. All answers of one side carry one `when` each, which names the
    side. An undecided answer counts as wrong. Raises `ValueError` when the sides differ in seeds or mix several
    `when`s, `KeyError` for a probe without an answer.
    """
    pairs = [pair for pair in pairs_of(probes) if family in ("", pair[0].family)]
    (before,), (after,) = ({answer.when for answers in side for answer in answers} for side in (before_S, after_S))
    difference_S_J = np.array(
        [
            pair_means(pairs, later) - pair_means(pairs, earlier)
            for earlier, later in zip(before_S, after_S, strict=True)
        ]
    )
    low, high = bootstrap_interval(
        difference_S_J, [probe.skill_id for probe, _ in pairs], seed=seed, resamples=resamples
    )
    return PairedDifference(
        before=before,
        after=after,
        n_pairs=len(pairs),
        seeds=len(before_S),
        difference=float(difference_S_J.mean()),
        ci_low=low,
        ci_high=high,
        label=_label(len(before_S)),
        family=family,
    )


def bootstrap_interval(
    value_S_J: NDArray[np.float64],
    stratum_J: Sequence[str],
    *,
    seed: int,
    resamples: int = RESAMPLES,
) -> tuple[float, float]:
    """The 95% percentile interval of the mean of `value_S_J` (seeds, units).

    Seeds are resampled first, then units within their stratum, the same units for all seeds (`docs/method.md`,
    "Intervals"); with one seed only units are. Units that all agree give an interval of no width, and a stratum
    of one unit adds none: read such intervals with care. Takes 0.1 s for 500 units in 25 strata.
    """
    seeds, units = value_S_J.shape
    if not seeds or not units:
        raise ValueError("an interval needs at least one seed and one unit")
    generator = np.random.default_rng(seed)
    sum_R_S = np.zeros((resamples, seeds))
    strata = np.array(stratum_J)
    for stratum in dict.fromkeys(stratum_J):
        value_S_K = value_S_J[:, strata == stratum]
        size = value_S_K.shape[1]
        # Drawing `size` units with replacement is drawing how often each is taken: one matrix product, no gather.
        taken_R_K = generator.multinomial(size, np.full(size, 1 / size), size=resamples)
        sum_R_S += taken_R_K @ value_S_K.T
    seed_share_R_S = generator.multinomial(seeds, np.full(seeds, 1 / seeds), size=resamples) / seeds
    mean_R = (sum_R_S * seed_share_R_S).sum(axis=1) / units
    low, high = np.percentile(mean_R, [2.5, 97.5])
    return float(low), float(high)


def pair_means(pairs: Sequence[tuple[Probe, Probe]], answers: Sequence[Answer]) -> NDArray[np.float64]:
    """The share of each pair answered right: 0, 1/2 or 1. KeyError for a probe without an answer."""
    right = {answer.probe_id: answer.correct is True for answer in answers}
    return np.array([(right[probe.probe_id] + right[twin.probe_id]) / 2 for probe, twin in pairs])


def _label(seeds: int) -> str:
    if seeds == 1:
        return "for this run"
    return f"over {seeds} seeds" + ("" if seeds >= SEEDS_FOR_A_CLAIM else ", too few for a claim about seeds")
