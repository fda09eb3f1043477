"""What becomes of suspects, before anything is augmented: what looks hard is often wrong.

Writing more like what looks hard, without this step, doubled the share of wrong examples on a small task. Second
opinions are given by the caller; nothing is judged here.
"""

from collections.abc import Mapping, Sequence

from skilladapt.adaptation.categorise import Categorised
from skilladapt.records import Action, Calibration, Category, Example, Exercise, Record, Verdict, material_id


class Resolution(Record):
    """The rows of a round after its suspects were dealt with, and what was done about these."""

    rows: tuple[Categorised, ...]
    """All rows given; suspects found correct are `hard` now, the other suspects still `error`."""
    actions: tuple[Action, ...]
    """Exactly one for each suspect: remove, repair, reclassify or quarantine."""


def resolve_suspects(
    rows: Sequence[Categorised],
    examples: Mapping[str, Example],
    verdicts: Mapping[str, Verdict],
    repaired: Mapping[str, Exercise],
    calibration: Calibration,
) -> Resolution:
    """Deals with every row of category `error` (method, section 4.4).

    `verdicts` are second opinions by example id, `repaired` the exercises with the right answer, where that is
    certain. *Incorrect*: removed, or repaired where a repaired exercise is given (the caller verifies and admits
    it as any other). *Correct*: reclassified as hard, at weight 1. *Undecided*, no verdict, a verdict by the very
    method that admitted the example, or an uncalibrated domain: quarantined at weight 0. Raises `ValueError` when
    a verdict is about another exercise.
    """
    resolved = []
    actions = []
    for row in rows:
        if row.category != "error":
            resolved.append(row)
            continue
        action = _resolve(row, examples[row.example_id], verdicts.get(row.example_id), repaired, calibration)
        actions.append(action)
        category: Category = "hard" if action.action == "reclassify" else "error"
        resolved.append(row.model_copy(update={"category": category}))
    return Resolution(rows=tuple(resolved), actions=tuple(actions))


def remove_suspects(
    rows: Sequence[Categorised], examples: Mapping[str, Example], calibration: Calibration
) -> Resolution:
    """Removes every suspect unchecked, as the paper does with its error set."""
    actions = tuple(
        Action(
            round=row.round,
            example_id=row.example_id,
            category="error",
            action="remove",
            reason=f"not checked; mean loss {row.mean_loss:.3f}, deviation {row.std_loss:.3f} "
            f"(planted errors: {calibration.baseline_loss:.3f}, {calibration.baseline_std:.3f}), "
            f"score {row.score:.2f}",
            weight_before=examples[row.example_id].weight,
            weight_after=0.0,
        )
        for row in rows
        if row.category == "error"
    )
    return Resolution(rows=tuple(rows), actions=actions)


def _resolve(
    row: Categorised,
    example: Example,
    verdict: Verdict | None,
    repaired: Mapping[str, Exercise],
    calibration: Calibration,
) -> Action:
    suspicion = f"score {row.score:.2f} >= threshold {calibration.threshold:.2f}"

    def acted(action: str, finding: str, weight_after: float = 0.0, child_ids: tuple[str, ...] = ()) -> Action:
        return Action.model_validate(
            {
                "round": row.round,
                "example_id": row.example_id,
                "category": "error",
                "action": action,
                "reason": f"{suspicion}; {finding}",
                "weight_before": example.weight,
                "weight_after": weight_after,
                "child_ids": child_ids,
            }
        )

    if not calibration.decisive:
        return acted("quarantine", "the domain has no decisive verifier")
    if verdict is None:
        return acted("quarantine", "no other method could check it")
    if verdict.exercise_id != material_id(example.material):
        raise ValueError(f"the verdict on suspect {row.example_id} is about exercise {verdict.exercise_id}")
    if verdict.method == example.verdict.method:
        return acted("quarantine", f"checked only by {verdict.method}, which had admitted it")
    if verdict.verdict == "undecided":
        return acted("quarantine", f"undecided by {verdict.method}: {verdict.reason}")
    if verdict.verdict == "correct":
        return acted("reclassify", f"found correct by {verdict.method}, so it is hard", weight_after=1.0)
    if row.example_id in repaired:
        child_ids = (repaired[row.example_id].exercise_id,)
        return acted("repair", f"refuted by {verdict.method}: {verdict.reason}", child_ids=child_ids)
    return acted("remove", f"refuted by {verdict.method}: {verdict.reason}")
