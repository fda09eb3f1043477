"""How many of the suspects are wrong: nothing a threshold could promise, since it depends on the data."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from skilladapt.adaptation.categorise import ERROR, Categorised
from skilladapt.adaptation.draws import draw
from skilladapt.adaptation.observations import IntArray, Observations
from skilladapt.adaptation.standing import Standing
from skilladapt.adaptation.suspects import is_second_opinion
from skilladapt.records import Calibration, Record, Verdict

AUDIT_SIZE: Final = 30
"""How many examples that are not suspected are checked all the same."""


def choose_audit(observed: Observations, found: Categorised, seed: int, size: int = AUDIT_SIZE) -> IntArray:
    """Up to `size` exercises neither suspected nor checked before, by row, drawn by `seed`, to be checked now.

    Without them nobody would know how many wrong examples the suspicion misses. Another round draws others.
    """
    others = np.flatnonzero((found.category_E != ERROR) & ~observed.cleared_E)
    drawn = draw(observed.key_E[others], "audit", seed, observed.round)
    return np.sort(others[np.argsort(drawn)[:size]])


class Checks(Record):
    """What second opinions said after one round, in numbers."""

    suspects: int
    suspects_decided: int
    """Found correct or incorrect by another method than the one that admitted them."""
    suspects_wrong: int
    others: int
    """Exercises neither suspected nor cleared before."""
    others_checked: int
    others_decided: int
    others_wrong: int
    cleared: int
    """Found correct by a second method in an earlier round."""
    checks: int
    """How many exercises were checked."""

    @property
    def wrong_share(self) -> float | None:
        """`pi`, the share of wrong exercises: of suspects, of others, and none of those cleared, by their numbers.

        None where a sort has members but not one decided verdict.
        """
        wrong = 0.0
        for count, decided, refuted in (
            (self.suspects, self.suspects_decided, self.suspects_wrong),
            (self.others, self.others_decided, self.others_wrong),
        ):
            if count and not decided:
                return None
            if count:
                wrong += count * refuted / decided
        everyone = self.suspects + self.others + self.cleared
        return wrong / everyone if everyone else None


def count_checks(standing: Standing, found: Categorised, verdicts: Mapping[int, Verdict]) -> Checks:
    """The numbers of the `verdicts`, given by row, on suspects and on others."""
    suspects = int((found.category_E == ERROR).sum())
    cleared = int(standing.observed.cleared_E.sum())
    decided, wrong, checked = [0, 0], [0, 0], [0, 0]
    for row, verdict in verdicts.items():
        sort = int(found.category_E[row] == ERROR)
        checked[sort] += 1
        if is_second_opinion(verdict, standing.example_of(row).verdict) and verdict.verdict != "undecided":
            decided[sort] += 1
            wrong[sort] += verdict.verdict == "incorrect"
    return Checks(
        suspects=suspects,
        suspects_decided=decided[True],
        suspects_wrong=wrong[True],
        others=found.category_E.size - suspects - cleared,
        others_checked=checked[False],
        others_decided=decided[False],
        others_wrong=wrong[False],
        cleared=cleared,
        checks=len(verdicts),
    )


def expected_precision(wrong_share: float, calibration: Calibration) -> float | None:
    """Which share of suspects is wrong, if `wrong_share` (`pi`, within 0 and 1) of all exercises is.

    `pi TPR / (pi TPR + (1 - pi) FPR)` (method, section 4.3). None where nothing is suspected at all.
    """
    hits = wrong_share * calibration.recall
    suspected = hits + (1 - wrong_share) * calibration.false_positive_rate
    return hits / suspected if suspected > 0 else None
