"""What becomes of suspects, before anything is augmented: what looks hard is often wrong.

Writing more like what looks hard, without this step, doubled the share of wrong examples on a small task. Second
opinions are given by the caller; nothing is judged here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from skilladapt.adaptation.categorise import ERROR, HARD, Categorised
from skilladapt.adaptation.ledger import Ledger, LedgerDraft, quoted
from skilladapt.adaptation.standing import Standing
from skilladapt.records import ActionKind, Calibration, Exercise, Verdict, material_id


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
    otherwise.

    Raises `ValueError` when a verdict is about another exercise.
    """
    category_E = found.category_E.copy()
    draft = _draft(standing, found)
    suspects = np.flatnonzero(found.category_E == ERROR)
    suspicion = f"score {{score:.2f}} >= threshold {calibration.threshold:.2f}; "
    if not calibration.decisive:
        draft.add(suspects, "quarantine", 0.0, suspicion + "the domain has no decisive verifier")
    else:
        unchecked = suspects[~np.isin(suspects, np.fromiter(verdicts, dtype=np.int64, count=len(verdicts)))]
        draft.add(unchecked, "quarantine", 0.0, suspicion + "no other method could check it")
    for row, verdict in verdicts.items():
        is_suspect = found.category_E[row] == ERROR
        if is_suspect and not calibration.decisive:
            continue
        outcome = _judged(standing, row, verdict, repaired.get(row))
        if is_suspect:
            draft.add(
                [row], outcome.action, outcome.weight, suspicion + quoted(outcome.finding), outcome.child_ids
            )
            category_E[row] = HARD if outcome.action == "reclassify" else ERROR
        elif outcome.action in ("remove", "repair"):
            audited = "audit: not suspected, but " + quoted(outcome.finding)
            draft.add([row], outcome.action, outcome.weight, audited, outcome.child_ids)
            category_E[row] = ERROR
    return Resolution(found=replace(found, category_E=category_E), ledger=draft.done())


def remove_suspects(standing: Standing, found: Categorised, calibration: Calibration) -> Resolution:
    """Removes every suspect unchecked, as the paper does with its error set."""
    draft = _draft(standing, found)
    draft.add(
        np.flatnonzero(found.category_E == ERROR),
        "remove",
        0.0,
        "not checked; mean loss {mean:.3f}, deviation {deviation:.3f} "
        f"(planted errors: {calibration.baseline_loss:.3f}, {calibration.baseline_std:.3f}), score {{score:.2f}}",
    )
    return Resolution(found=found, ledger=draft.done())


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
    if not is_second_opinion(verdict, example.verdict):
        return _Outcome("quarantine", f"checked only by {verdict.method}, which had admitted it")
    if verdict.verdict == "undecided":
        return _Outcome("quarantine", f"undecided by {verdict.method}: {verdict.reason}")
    if verdict.verdict == "correct":
        return _Outcome("reclassify", f"found correct by {verdict.method}, so it is hard", weight=1.0)
    refuted = f"refuted by {verdict.method}: {verdict.reason}"
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
