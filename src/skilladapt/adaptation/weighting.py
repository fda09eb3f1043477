"""A baseline: weights by loss alone."""

from typing import Final

import numpy as np

from skilladapt.adaptation.categorise import ERROR
from skilladapt.adaptation.ledger import joined
from skilladapt.adaptation.observations import FloatArray
from skilladapt.adaptation.requests import UpdateSettings
from skilladapt.adaptation.standing import Standing
from skilladapt.adaptation.suspects import Resolution
from skilladapt.adaptation.update import LEAST_WEIGHT, Update, concluded, draft_of

DEVIATIONS: Final = 2.0
"""So many deviations make half of the scale that losses are brought to."""


def plan_by_loss(standing: Standing, resolution: Resolution, _: UpdateSettings) -> Update:
    """Weights that rise with the late loss; nothing is written, and nothing removed that was not suspected.

    After Sow et al., Dynamic Loss-Based Sample Reweighting (ICLR 2025, arXiv 2502.06733): losses are brought to a
    scale `h` from -1 to 1, and low ones, of which there is little to learn, count less. Of their strategies the
    one that did best is taken, `LinUpper`, `min(h + 1, 1)`: full weight from the middle of the scale on. With
    `h = (x - mean) / (2 deviations)` over all exercises of the round, `w = 1 + h`, clipped to 0.1 and 1.

    Deviations: weights are set once a round, by the mean loss of its last two passes, and not at every step; the
    scale is set by mean and deviation and not by the least and the greatest loss, since one outlier sets these;
    and the function is the weight itself, where theirs is the exponent of one that is relative to the batch.
    """
    late_E = standing.observed.late_loss_E
    weight_E = loss_weights(late_E)
    lighter_E = weight_E < standing.weight_E
    kept_E = resolution.found.category_E != ERROR
    lighter, kept = np.flatnonzero(kept_E & lighter_E), np.flatnonzero(kept_E & ~lighter_E)
    told = f"late loss {{late:.3f}}, of all {late_E.mean():.3f} with deviation {late_E.std():.3f}"
    draft = draft_of(standing, resolution)
    draft.add(lighter, "downweight", weight_E[lighter], told)
    draft.add(kept, "keep", weight_E[kept], told)
    return concluded(standing, joined(resolution.ledger, draft.done()))


def loss_weights(late_E: FloatArray) -> FloatArray:
    """The weight of each late loss; all are 1 where none deviates."""
    scale = DEVIATIONS * float(late_E.std())
    distance_E = (late_E - late_E.mean()) / scale if scale else np.zeros_like(late_E)
    return np.asarray(np.clip(1 + distance_E, LEAST_WEIGHT, 1.0), dtype=np.float64)
