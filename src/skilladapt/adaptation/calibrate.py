"""Planted errors become a score and a threshold: how losses tell wrong exercises from right ones, for one student.

The training itself happens elsewhere, on a throw-away copy of the student. This module chooses what is trained on
there and reads the outcome; it judges and corrupts nothing.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from skilladapt.adaptation.draws import KeyArray, draw
from skilladapt.adaptation.intervals import auroc_with_interval, share_with_interval
from skilladapt.adaptation.observations import BoolArray, FloatArray, IntArray, observe
from skilladapt.adaptation.suspicion import fit_weights, score, signals
from skilladapt.records import (
    Calibration,
    Exercise,
    LossHistory,
    PlantedError,
    Record,
    SignalWeights,
    canonical_question,
    content_hash,
)
from skilladapt.skills.graph import SkillGraph

RECALL_WANTED = 0.85
"""The threshold is the highest that suspects this share of the planted errors."""
CHECK_BUDGET = 0.3
"""At most this share of the real exercises may be suspected; it goes before the recall."""
NEW_SHARE_ALLOWED = 0.25
"""A calibration is reused while no more of the data is new since."""
LEAST_OF_EACH = 4
"""With fewer planted errors, or fewer real exercises, there are not two of each in either fold."""


class CalibrationSample(Record):
    """What a calibration trains on, by example id; no question is in both."""

    real_ids: tuple[str, ...]
    corrupt_ids: tuple[str, ...]
    """Exercises of which a wrong version is planted in place of the right one."""


class CalibrationRow(Record):
    """One planted error in the table `calibration`."""

    planted_id: str
    kind: str
    fold: int
    """0 or 1."""
    score: float
    """By the weights fitted on everything."""
    flagged: bool
    """Whether weights and threshold fitted on the other fold suspect it."""


class CalibrationFit(Record):
    """The outcome of a calibration."""

    calibration: Calibration
    rows: tuple[CalibrationRow, ...]
    """In order of planted id."""


def needs_calibration(new_share: float, in_force: Calibration | None) -> bool:
    """Whether a round, of whose data the share `new_share` is new, needs one of its own.

    It does where there is none, where too much is new, and (ours) where the one in force could not tell wrong from
    right: the interval of its AUROC reaches down to 0.5, as before a student knows anything.
    """
    return (
        in_force is None
        or new_share > NEW_SHARE_ALLOWED
        or (in_force.decisive and cannot_tell(in_force.auroc_low))
    )


def cannot_tell(auroc_low: float) -> bool:
    """Whether a score may be no better than a guess, by the lower end of its AUROC's interval."""
    return auroc_low <= 0.5


def suffices(planted: int, real: int) -> bool:
    """Whether a threshold can be fitted on so many planted errors and real exercises."""
    return min(planted, real) >= LEAST_OF_EACH


def choose_calibration_sample(
    exercises: Mapping[str, Exercise], *, size: int, planted_share: float, seed: int
) -> CalibrationSample:
    """Up to `size` of the exercises (by example id), spread evenly over skills, some of them to be corrupted.

    `planted_share` of them (above 0, below 1) are to be corrupted, of every skill about as many; up to a half, a
    skill with two exercises in the sample keeps a right one to compare with. Of exercises with the same question
    one is taken. The order in which exercises come does not matter.
    """
    drawn = sorted(exercises, key=lambda id: content_hash("calibration-sample", seed, id))
    questions: set[str] = set()
    turns: dict[str, int] = {}
    ranked: list[tuple[int, int, str, str]] = []
    for id in drawn:
        question = canonical_question(exercises[id].question)
        if question not in questions:
            questions.add(question)
            skill_id = exercises[id].skill_ids[0]
            turns[skill_id] = turns.get(skill_id, 0) + 1
            ranked.append((turns[skill_id], len(ranked), skill_id, id))
    sample = [id for _, _, _, id in sorted(sorted(ranked)[:size], key=lambda rank: (rank[2], rank[1]))]
    # Every so-manieth along a list sorted by skill: of each skill about the same share, and no two in a row.
    planted = round(planted_share * len(sample))
    corrupt = [
        id
        for place, id in enumerate(sample)
        if (place + 1) * planted // len(sample) > place * planted // len(sample)
    ]
    return CalibrationSample(
        real_ids=tuple(sorted(set(sample).difference(corrupt))), corrupt_ids=tuple(sorted(corrupt))
    )


def fit_calibration(
    real: Mapping[str, Exercise],
    planted: Sequence[PlantedError],
    histories: Iterable[LossHistory],
    graph: SkillGraph,
    *,
    round: int,
    tokens: int,
    seed: int,
) -> CalibrationFit:
    """What the calibration's `histories` (recorded as of `round`, of `real` by example id and `planted`) teach.

    The score is the `suspicion`, of real exercises among themselves, of planted errors among the real ones. Its
    weights and the threshold are fitted on everything; AUROC, recall and false-positive rate are those of two
    fits, each made on one half (drawn by `seed`) and tried on the other (method, section 4.3). Where these cannot
    tell wrong from right, the weights are the unfitted ones: better a plain score than a guess. Wrong exercises
    hidden among the real ones count as false positives when suspected. The intervals (95%) say how well the
    figures are known on planted errors; a later round, with larger groups to compare within and other wrong
    exercises, may lie further off.

    With fewer than four planted errors or real exercises the result is not decisive, with an infinite threshold.
    Raises `RunError` for missing, equal or non-finite losses.
    """
    if not suffices(len(planted), len(real)):
        return CalibrationFit(calibration=uncalibrated(round, tokens, len(planted), len(real)), rows=())
    recorded = list(histories)
    real_observed = observe(real, recorded, round, graph)
    error_of = {error.planted_id: error for error in planted}
    planted_observed = observe({id: error.exercise for id, error in error_of.items()}, recorded, round, graph)
    real_R_K, planted_N_K = signals(real_observed), signals(planted_observed, real_observed)
    real_fold_R = _folds(real_observed.key_E, seed)
    planted_fold_N = _folds(planted_observed.key_E, seed)
    real_score_R, planted_score_N = np.empty(len(real_R_K)), np.empty(len(planted_N_K))
    flagged_R, flagged_N = (
        np.empty_like(real_score_R, dtype=np.bool_),
        np.empty_like(planted_score_N, dtype=np.bool_),
    )
    for fold in (0, 1):
        tried_R, tried_N = real_fold_R == fold, planted_fold_N == fold
        fit = _Fit.on(real_R_K[~tried_R], planted_N_K[~tried_N])
        real_score_R[tried_R], flagged_R[tried_R] = fit.judge(real_R_K[tried_R])
        planted_score_N[tried_N], flagged_N[tried_N] = fit.judge(planted_N_K[tried_N])
    auroc, auroc_low, auroc_high = auroc_with_interval(planted_score_N, real_score_R)
    whole = _Fit.on(real_R_K, planted_N_K, unfitted=cannot_tell(auroc_low))
    recall, recall_low, recall_high = share_with_interval(int(flagged_N.sum()), flagged_N.size)
    false_positive, false_positive_low, false_positive_high = share_with_interval(
        int(flagged_R.sum()), flagged_R.size
    )
    calibration = Calibration(
        decisive=True,
        weights=whole.weights,
        threshold=whole.threshold,
        baseline_loss=float(planted_observed.mean_loss_E.mean()),
        baseline_std=float(planted_observed.std_loss_E.mean()),
        planted=flagged_N.size,
        sampled=flagged_R.size,
        auroc=auroc,
        auroc_low=auroc_low,
        auroc_high=auroc_high,
        recall=recall,
        recall_low=recall_low,
        recall_high=recall_high,
        false_positive_rate=false_positive,
        false_positive_low=false_positive_low,
        false_positive_high=false_positive_high,
        fitted_in_round=round,
        tokens=tokens,
    )
    rows = tuple(
        CalibrationRow(planted_id=id, kind=error_of[id].kind, fold=fold, score=score, flagged=flagged)
        for id, fold, score, flagged in zip(
            map(planted_observed.id_of, range(planted_observed.size)),
            planted_fold_N.tolist(),
            score(planted_N_K, whole.weights).tolist(),
            flagged_N.tolist(),
            strict=True,
        )
    )
    return CalibrationFit(calibration=calibration, rows=rows)


@dataclass(frozen=True)
class _Fit:
    """The weights of the score and a threshold."""

    weights: SignalWeights
    threshold: float

    @classmethod
    def on(cls, real_R_K: FloatArray, planted_N_K: FloatArray, *, unfitted: bool = False) -> Self:
        """Fitted to the signals of real exercises and of planted errors; the weights only if not `unfitted`."""
        weights = SignalWeights() if unfitted else fit_weights(real_R_K, planted_N_K)
        return cls(weights, fit_threshold(score(real_R_K, weights), score(planted_N_K, weights)))

    def judge(self, signal_E_K: FloatArray) -> tuple[FloatArray, BoolArray]:
        """Scores, and which of them are suspected."""
        score_E = score(signal_E_K, self.weights)
        return score_E, score_E >= self.threshold


def uncalibrated(round: int, tokens: int = 0, planted: int = 0, sampled: int = 0) -> Calibration:
    """The calibration of a domain without a decisive verifier: it suspects nothing and claims nothing.

    Threshold and baseline are infinite; an AUROC of 0.5 and rates of 0 have intervals from 0 to 1.
    """
    return Calibration(
        decisive=False,
        threshold=math.inf,
        baseline_loss=math.inf,
        baseline_std=0.0,
        planted=planted,
        sampled=sampled,
        auroc=0.5,
        auroc_low=0.0,
        auroc_high=1.0,
        recall=0.0,
        recall_low=0.0,
        recall_high=1.0,
        false_positive_rate=0.0,
        false_positive_low=0.0,
        false_positive_high=1.0,
        fitted_in_round=round,
        tokens=tokens,
    )


def fit_threshold(real_score_R: FloatArray, planted_score_N: FloatArray) -> float:
    """The highest threshold with recall 0.85, raised until at most 30% of the real exercises reach it.

    "Reach" is `score >= threshold`. Both arrays hold at least one score.
    """
    needed = math.ceil(RECALL_WANTED * planted_score_N.size - 1e-9)
    for_recall = np.sort(planted_score_N)[planted_score_N.size - needed]
    allowed = math.floor(CHECK_BUDGET * real_score_R.size + 1e-9)
    # The highest score that must stay below the threshold; all equal to it stay below, too.
    first_spared = np.sort(real_score_R)[real_score_R.size - allowed - 1]
    return float(max(for_recall, np.nextafter(first_spared, math.inf)))


def _folds(key_E: KeyArray, seed: int) -> IntArray:
    """0 or 1 for each key: halves of equal size (within one), drawn by `seed`."""
    fold_E = np.zeros(key_E.size, dtype=np.int64)
    fold_E[np.argsort(draw(key_E, "calibration-fold", seed))[1::2]] = 1
    return fold_E
