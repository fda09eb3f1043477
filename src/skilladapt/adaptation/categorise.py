"""The dynamics of a round become a category for each exercise trained in it.

Each function is one policy's reading of the same observations. None of them decides what is done about a category.
"""

import numpy as np

from skilladapt.adaptation.observations import Observations
from skilladapt.adaptation.standardise import standardised_late_loss
from skilladapt.records import Calibration, Category, Record


class Categorised(Record):
    """One row of the table `categories`."""

    example_id: str
    round: int
    category: Category
    """`error` means suspect; what came of it is in the ledger."""
    mean_loss: float
    """`L_i` (nats per token)."""
    std_loss: float
    """`sigma_i`, over passes (nats per token)."""
    score: float
    """The standardised late loss, under every policy: larger is likelier wrong."""


def categorise_calibrated(observed: Observations, calibration: Calibration) -> list[Categorised]:
    """Suspect by calibrated score, else by what the student can do (method, sections 4.4 and 4.5).

    `error` where the score is at least the threshold of a decisive calibration; else `easy` where the answer was
    greedily right in every pass, `hard` where it was wrong in the last, `ambiguous` otherwise.
    """
    score_E = standardised_late_loss(observed)
    suspect_E = (score_E >= calibration.threshold) & calibration.decisive
    category_E = np.select(
        [suspect_E, observed.greedy_E_P.all(axis=1), ~observed.greedy_E_P[:, -1]],
        ["error", "easy", "hard"],
        "ambiguous",
    )
    return _rows(observed, category_E.tolist(), score_E.tolist())


def categorise_paper(observed: Observations, calibration: Calibration) -> list[Categorised]:
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
        ["error", "hard", "easy"],
        "ambiguous",
    )
    return _rows(observed, category_E.tolist(), standardised_late_loss(observed).tolist())


def categorise_none(observed: Observations) -> list[Categorised]:
    """Everything `ambiguous`: nothing is concluded from the dynamics."""
    ambiguous: list[Category] = ["ambiguous"] * len(observed.example_ids)
    return _rows(observed, ambiguous, standardised_late_loss(observed).tolist())


def _rows(observed: Observations, category_E: list[Category], score_E: list[float]) -> list[Categorised]:
    return [
        Categorised(
            example_id=example_id,
            round=observed.round,
            category=category,
            mean_loss=mean,
            std_loss=std,
            score=score,
        )
        for example_id, category, mean, std, score in zip(
            observed.example_ids,
            category_E,
            observed.mean_loss_E.tolist(),
            observed.std_loss_E.tolist(),
            score_E,
            strict=True,
        )
    ]
