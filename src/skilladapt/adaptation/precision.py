"""How many of the suspects are wrong: nothing a threshold could promise, since it depends on the data."""

from typing import Final

import numpy as np

from skilladapt.adaptation.categorise import ERROR, Categorised
from skilladapt.adaptation.draws import draw
from skilladapt.adaptation.observations import IntArray, Observations
from skilladapt.records import Calibration

AUDIT_SIZE: Final = 30
"""How many examples that are not suspected are checked all the same."""


def choose_audit(observed: Observations, found: Categorised, seed: int, size: int = AUDIT_SIZE) -> IntArray:
    """Up to `size` exercises that are not suspected, by row, drawn by `seed`, to be checked as suspects are.

    Without them nobody would know how many wrong examples the suspicion misses. Another round draws others.
    """
    others = np.flatnonzero(found.category_E != ERROR)
    drawn = draw(observed.key_E[others], "audit", seed, observed.round)
    return np.sort(others[np.argsort(drawn)[:size]])


def estimate_wrong_share(
    *,
    suspects: int,
    suspects_decided: int,
    suspects_wrong: int,
    others: int,
    others_decided: int,
    others_wrong: int,
) -> float | None:
    """`pi`, the share of wrong examples: suspects and others by their checked shares, weighed by their numbers.

    `decided` counts the verdicts that were correct or incorrect, `wrong` the incorrect ones. None where a sort has
    members but not one decided verdict.
    """
    wrong = 0.0
    for count, decided, refuted in (
        (suspects, suspects_decided, suspects_wrong),
        (others, others_decided, others_wrong),
    ):
        if count and not decided:
            return None
        if count:
            wrong += count * refuted / decided
    return wrong / (suspects + others) if suspects + others else None


def expected_precision(wrong_share: float, calibration: Calibration) -> float | None:
    """Which share of suspects is wrong, if `wrong_share` (`pi`, within 0 and 1) of all exercises is.

    `pi TPR / (pi TPR + (1 - pi) FPR)` (method, section 4.3). None where nothing is suspected at all.
    """
    hits = wrong_share * calibration.recall
    suspected = hits + (1 - wrong_share) * calibration.false_positive_rate
    return hits / suspected if suspected > 0 else None
