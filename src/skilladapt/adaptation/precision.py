"""How many of the suspects are wrong: nothing a threshold could promise, since it depends on the data."""

from collections.abc import Iterable

from skilladapt.adaptation.categorise import Categorised
from skilladapt.records import Calibration, content_hash

AUDIT_SIZE = 30
"""How many examples that are not suspected are checked all the same."""


def choose_audit(rows: Iterable[Categorised], seed: int, size: int = AUDIT_SIZE) -> list[str]:
    """Up to `size` examples that are not suspected, by id, drawn by `seed`, to be checked as suspects are.

    Without them nobody would know how many wrong examples the suspicion misses.
    """
    others = [row.example_id for row in rows if row.category != "error"]
    return sorted(sorted(others, key=lambda id: content_hash("audit", seed, id))[:size])


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
