"""What a policy's words mean: its categories, and what it does with suspects, in a sentence each.

Written out here and not asked of the policies, since a report is made of files alone, perhaps where a policy of
somebody's own is not installed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from skilladapt.records import Category

_SORTED: Final[Mapping[Category, str]] = {
    "easy": "easy: answered rightly in every pass",
    "ambiguous": "ambiguous: being learned",
    "hard": "hard: still wrong in the last pass",
}
_PLANTED = "Before a round, errors planted on purpose are learned by a throw-away copy of the student; what"
_LEARNED = f"{_PLANTED} sets them apart decides which real examples are suspected after it."
_CHECKED = f"{_LEARNED} A suspect is checked by another method, never dropped on suspicion alone."
_UNUSED = (
    "This policy learns nothing from planted errors and suspects nothing: wrong examples stay among the others."
)


@dataclass(frozen=True)
class Meaning:
    """One policy told to a reader."""

    categories: Mapping[Category, str]
    """What makes an example each of them; those that the policy never gives are missing."""
    suspects: str
    """How suspects are found and what becomes of them."""

    @property
    def sorts(self) -> bool:
        """Whether it gives more than one category."""
        return len(self.categories) > 1


def _unsorted(words: str) -> Meaning:
    return Meaning({"ambiguous": f"ambiguous, as all examples are: {words}"}, _UNUSED)


MEANINGS: Final[Mapping[str, Meaning]] = {
    "calibrated": Meaning({**_SORTED, "error": "suspect: looks wrong itself, so it is checked"}, _CHECKED),
    "paper": Meaning(
        {
            "easy": "easy: low and flat",
            "ambiguous": "ambiguous: moving",
            "hard": "hard: high and flat",
            "error": "suspect: as high and flat as planted errors",
        },
        f"{_PLANTED} lies as high and as flat as these do on average is suspected after it. A suspect is removed "
        "without being checked.",
    ),
    "none": _unsorted("this policy adapts nothing"),
    "watch": Meaning(
        _SORTED,
        f"{_PLANTED} sets them apart becomes the score of every real example. The score is told, and nothing else "
        "is done.",
    ),
    "loss-weight": _unsorted("this policy only weighs each by its loss"),
    "skill-it": _unsorted("this policy only changes how much of each skill is trained on"),
    "missing-skill": _unsorted("this policy only has exercises written for skills that wrong answers lack"),
    "filter-only": Meaning(
        {**_SORTED, "error": "suspect: looks wrong itself, so it is checked; nothing else is acted upon"},
        _CHECKED,
    ),
    "generate-only": Meaning(_SORTED, _UNUSED),
    "remove-calibrated": Meaning(
        {**_SORTED, "error": "suspect: looks wrong itself; removed unchecked, and nothing else is acted upon"},
        f"{_LEARNED} A suspect is removed without being checked.",
    ),
    "remove-paper": Meaning(
        {
            **_SORTED,
            "error": "suspect: loss among the highest and flattest; removed unchecked, nothing else is done",
        },
        f"{_PLANTED} sets them apart decides only how many examples are suspected after it. Which ones is decided "
        "by how high and how flat their losses are, and these are removed without being checked.",
    ),
    "remove-random": Meaning(
        {**_SORTED, "error": "suspect: drawn by lot, and removed unchecked; nothing else is acted upon"},
        f"{_PLANTED} sets them apart decides only how many examples are suspected after it. Which ones is drawn "
        "by lot, and these are removed without being checked.",
    ),
}
"""By the name that a run file gives the policy."""


def meaning_of(policy: str) -> Meaning:
    """The entry of a built-in policy; of somebody's own nothing is claimed but the words."""
    return MEANINGS.get(policy) or Meaning(
        {"easy": "easy", "ambiguous": "ambiguous", "hard": "hard", "error": "suspect"},
        "The policy of this run is not one of ours: which examples it suspects, and what becomes of them, the "
        "decisions below tell. A calibration, where there is one, is learned from errors planted on purpose.",
    )
