"""What becomes of suspects, before anything is augmented: what looks hard is often wrong.

Writing more like what looks hard, without this step, doubled the share of wrong examples on a small task. Second
opinions are given by the caller; nothing is judged here.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from skilladapt.adaptation.categorise import ERROR, HARD, Categorised
from skilladapt.adaptation.ledger import Ledger, LedgerDraft, quoted
from skilladapt.adaptation.observations import IntArray
from skilladapt.adaptation.standing import Standing
from skilladapt.records import PERSON, ActionKind, Calibration, Exercise, Verdict, material_id

NOTHING_SAID: Mapping[int, Verdict] = {}
NOTHING_REPAIRED: Mapping[int, Exercise] = {}


@dataclass(frozen=True)
class Resolution:
    """The categories of a round after its suspects were dealt with, and what was done about these."""

    found: Categorised
    """Suspects found correct are `hard` now, the other suspects still `error`."""
    ledger: Ledger
    """One row for each suspect (remove, repair, reclassify or quarantine) and each other example refuted."""


def resolve_suspects(
    standing: Standing,
    found: Categorised,
    verdicts: Mapping[int, Verdict],
    repaired: Mapping[int, Exercise],
    calibration: Calibration,
) -> Resolution:
    """Deals with every exercise of category `error` (method, section 4.4).

    `verdicts` are second opinions by row, `repaired` the exercises with the right answer, where that is certain.
    *Incorrect*: removed, or repaired where a repaired exercise is given (the caller verifies and admits it as any
    other). *Correct*: reclassified as hard, at weight 1. *Undecided*, no verdict, a verdict by the very method
    that admitted it, or an uncalibrated domain: quarantined at weight 0. An exercise that is no suspect and was
    checked all the same (an audit) is removed or repaired when refuted by another method, and left as it is
    otherwise. What a person says holds in any case.

    Raises `ValueError` when a verdict is about another exercise.
    """
    draft = _draft(standing, found)
    by = f" >= threshold {found.threshold:.2f}" if math.isfinite(found.threshold) else ""
    suspicion = f"score {{score:.2f}}{by}; "
    if not calibration.decisive:
        verdicts = {row: verdict for row, verdict in verdicts.items() if _counts(found, row, verdict)}
    why = "no other method could check it" if calibration.decisive else "the domain has no decisive verifier"
    draft.add(_unjudged_suspects(found, verdicts), "quarantine", 0.0, suspicion + why)
    return _resolved(standing, found, verdicts, repaired, draft, suspicion)


def remove_suspects(
    standing: Standing,
    found: Categorised,
    calibration: Calibration,
    verdicts: Mapping[int, Verdict] = NOTHING_SAID,
    repaired: Mapping[int, Exercise] = NOTHING_REPAIRED,
) -> Resolution:
    """Removes every suspect unchecked, as the paper does with its error set; but what a person says holds.

    `verdicts` and `repaired` are a person's, by row.
    """
    draft = _draft(standing, found)
    draft.add(
        _unjudged_suspects(found, verdicts),
        "remove",
        0.0,
        "not checked; mean loss {mean:.3f}, deviation {deviation:.3f} "
        f"(planted errors: {calibration.baseline_loss:.3f}, {calibration.baseline_std:.3f}), score {{score:.2f}}",
    )
    return _resolved(standing, found, verdicts, repaired, draft, "score {score:.2f}; ")


def _counts(found: Categorised, row: int, verdict: Verdict) -> bool:
    """Whether a verdict says anything without a calibration: on what is no suspect, or as a person's."""
    return bool(found.category_E[row] != ERROR) or verdict.method == PERSON


def _unjudged_suspects(found: Categorised, verdicts: Mapping[int, Verdict]) -> IntArray:
    suspects = np.flatnonzero(found.category_E == ERROR)
    return suspects[~np.isin(suspects, np.fromiter(verdicts, dtype=np.int64, count=len(verdicts)))]


def _resolved(
    standing: Standing,
    found: Categorised,
    verdicts: Mapping[int, Verdict],
    repaired: Mapping[int, Exercise],
    draft: LedgerDraft,
    suspicion: str,
) -> Resolution:
    """What verdicts lead to, added to a `draft` that tells of all other suspects."""
    category_E = found.category_E.copy()
    for row, verdict in verdicts.items():
        outcome = _judged(standing, row, verdict, repaired.get(row))
        if found.category_E[row] == ERROR:
            draft.add(
                [row], outcome.action, outcome.weight, suspicion + quoted(outcome.finding), outcome.child_ids
            )
            category_E[row] = HARD if outcome.action == "reclassify" else ERROR
        elif outcome.action in ("remove", "repair"):
            audited = "" if verdict.method == PERSON else "audit: "
            reason = f"{audited}not suspected, but {quoted(outcome.finding)}"
            draft.add([row], outcome.action, outcome.weight, reason, outcome.child_ids)
            category_E[row] = ERROR
    return Resolution(found=replace(found, category_E=category_E), ledger=draft.done())


@dataclass(frozen=True)
class _Outcome:
    action: ActionKind
    finding: str
    weight: float = 0.0
    child_ids: tuple[str, ...] = ()


def _judged(standing: Standing, row: int, verdict: Verdict, repaired: Exercise | None) -> _Outcome:
    """What a second opinion leads to."""
    example = standing.example_of(row)
    if verdict.exercise_id != material_id(example.material):
        raise ValueError(f"the verdict on {example.example_id} is about exercise {verdict.exercise_id}")
    if verdict.method != PERSON and not is_second_opinion(verdict, example.verdict):
        return _Outcome("quarantine", f"checked only by {verdict.method}, which had admitted it")
    if verdict.verdict == "undecided":
        return _Outcome("quarantine", f"undecided by {verdict.method}: {verdict.reason}")
    if verdict.verdict == "correct":
        by = "a person" if verdict.method == PERSON else verdict.method
        return _Outcome("reclassify", f"found correct by {by}, so it is hard", weight=1.0)
    refuted = verdict.reason if verdict.method == PERSON else f"refuted by {verdict.method}: {verdict.reason}"
    if repaired is not None:
        return _Outcome("repair", refuted, child_ids=(repaired.exercise_id,))
    return _Outcome("remove", refuted)


def is_second_opinion(verdict: Verdict, admitting: Verdict) -> bool:
    """Whether a verdict is by another method than the one that admitted the example."""
    return verdict.method != admitting.method


def _draft(standing: Standing, found: Categorised) -> LedgerDraft:
    observed = standing.observed
    numbers = {"mean": observed.mean_loss_E, "deviation": observed.std_loss_E, "score": found.score_E}
    return LedgerDraft(observed.round, observed.example_ids, found.category_E, standing.weight_E, numbers)
