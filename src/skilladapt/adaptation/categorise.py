"""The dynamics of a round become a category for each exercise trained in it.

Each function is one policy's reading of the same observations. None of them decides what is done about a category.
Categories are numbers here, one byte an exercise; their names belong to tables and records.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from skilladapt.adaptation.calibrate import CHECK_BUDGET
from skilladapt.adaptation.draws import draw
from skilladapt.adaptation.observations import BoolArray, FloatArray, IntArray, Observations
from skilladapt.adaptation.suspicion import suspicion
from skilladapt.records import Calibration, Category

CodeArray = NDArray[np.int8]

NAMES: Final[tuple[Category, ...]] = ("easy", "hard", "ambiguous", "error")
"""The name of each category by its number; `error` means suspect, what came of it is in the ledger."""
EASY, HARD, AMBIGUOUS, ERROR = range(4)
NEW: Final = -1
"""The number of an example without a category, since it was never trained on."""


@dataclass(frozen=True)
class Categorised:
    """What a policy makes of a round's exercises, in the order of the observations."""

    category_E: CodeArray
    score_E: FloatArray
    """How suspicious, under every policy alike: larger is likelier wrong."""
    threshold: float = math.inf
    """Suspected are those whose score is at least this, if they were never found right; infinite where that is
    decided by something else, or nothing is suspected."""


def codes_of(names: Iterable[Category | None]) -> CodeArray:
    """Categories by number; None is `NEW`."""
    number = {None: NEW} | {name: number for number, name in enumerate(NAMES)}
    return np.array([number[name] for name in names], dtype=np.int8)


def category_rows(observed: Observations, found: Categorised) -> Iterator[Mapping[str, object]]:
    """The rows of the table `categories`, in order of id."""
    for row in range(observed.size):
        yield {
            "example_id": observed.id_of(row),
            "round": observed.round,
            "category": NAMES[found.category_E[row]],
            "mean_loss": float(observed.mean_loss_E[row]),
            "std_loss": float(observed.std_loss_E[row]),
            "score": float(found.score_E[row]),
            "threshold": found.threshold if math.isfinite(found.threshold) else None,
            "cleared": bool(observed.cleared_E[row]),
        }


def categorise_calibrated(observed: Observations, calibration: Calibration) -> Categorised:
    """Suspect by calibrated score, else by what the student can do (method, sections 4.4 and 4.5).

    `error` where the score is at least the threshold of a decisive calibration, but of no more exercises than the
    check budget allows, the most suspicious ones, and of none that was checked before and found correct; else as
    `categorise_unsuspecting`.
    """
    found = categorise_unsuspecting(observed, calibration)
    if not calibration.decisive:
        return found
    most = math.floor(CHECK_BUDGET * observed.size + 1e-9)
    threshold = max(calibration.threshold, _threshold_for(most, found.score_E[~observed.cleared_E]))
    suspected = _suspecting(found, (found.score_E >= threshold) & ~observed.cleared_E)
    return replace(suspected, threshold=threshold)


def _threshold_for(most: int, score_E: FloatArray) -> float:
    """The score that no more than so many reach, however a round differs from its calibration."""
    if most >= score_E.size:
        return -math.inf
    # Those equal to the first that is spared are spared, too.
    return float(np.nextafter(-np.partition(-score_E, most)[most], math.inf))


def categorise_unsuspecting(observed: Observations, calibration: Calibration) -> Categorised:
    """By what the student can do alone (method, section 4.5), whatever the calibration says of errors.

    `easy` where the answer was greedily right in every pass, `hard` where it was wrong in the last, `ambiguous`
    otherwise.
    """
    greedy_E_P = observed.greedy_E_P
    category_E = np.select([greedy_E_P.all(axis=1), ~greedy_E_P[:, -1]], [EASY, HARD], AMBIGUOUS).astype(np.int8)
    return Categorised(category_E, suspicion(observed, calibration.weights))


def categorise_random(observed: Observations, calibration: Calibration) -> Categorised:
    """As many suspects as `categorise_calibrated` finds, drawn instead of found; the control for it.

    The draw is by round and ids alone: two runs that differ in their seed have other exercises, hence other ids.
    """
    return _as_many(observed, calibration, np.argsort(draw(observed.key_E, "suspect-random", observed.round)))


def categorise_flat(observed: Observations, calibration: Calibration) -> Categorised:
    """As many suspects as `categorise_calibrated` finds, by what the paper compares; its rule at equal numbers."""
    return _as_many(observed, calibration, np.argsort(-high_and_flat(observed), kind="stable"))


def high_and_flat(observed: Observations) -> FloatArray:
    """The paper's error rule as a score: the mean of the ranks of `L_i` and of `-sigma_i`, within 1 and E.

    Ours: a rule has no more and no less suspicious examples, so it could not be compared at equal numbers.
    """
    return np.asarray((rankdata(observed.mean_loss_E) + rankdata(-observed.std_loss_E)) / 2, dtype=np.float64)


def _as_many(observed: Observations, calibration: Calibration, ranked: IntArray) -> Categorised:
    suspects = int((categorise_calibrated(observed, calibration).category_E == ERROR).sum())
    suspect_E = np.zeros(observed.size, dtype=np.bool_)
    suspect_E[ranked[:suspects]] = True
    return _suspecting(categorise_unsuspecting(observed, calibration), suspect_E)


def categorise_paper(observed: Observations, calibration: Calibration) -> Categorised:
    """The first rule that holds, as we read the paper (Chen and Yang, arXiv 2412.19361; method, section 4).

    `error`: `L_i >= L_b` and `sigma_i <= sigma_b`, the means over planted errors; `hard`: `L_i >= L_avg` and
    `sigma_i <= sigma_avg`, the unweighted means over the observed exercises; `easy`: `L_i < L_avg` and
    `sigma_i <= sigma_avg`; `ambiguous` otherwise. Which inequalities are strict is not public.
    """
    mean_E, std_E = observed.mean_loss_E, observed.std_loss_E
    flat_E = std_E <= std_E.mean()
    category_E = np.select(
        [
            (mean_E >= calibration.baseline_loss) & (std_E <= calibration.baseline_std),
            flat_E & (mean_E >= mean_E.mean()),
            flat_E,
        ],
        [ERROR, HARD, EASY],
        AMBIGUOUS,
    )
    return Categorised(category_E.astype(np.int8), suspicion(observed, calibration.weights))


def categorise_none(observed: Observations, calibration: Calibration) -> Categorised:
    """Everything `ambiguous`: nothing is concluded from the dynamics."""
    return Categorised(np.full(observed.size, AMBIGUOUS, dtype=np.int8), suspicion(observed, calibration.weights))


def _suspecting(found: Categorised, suspect_E: BoolArray) -> Categorised:
    return replace(found, category_E=np.where(suspect_E, np.int8(ERROR), found.category_E))
