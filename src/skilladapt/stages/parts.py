"""The parts of what a teacher is asked, as an estimate calls them, and the purposes that belong to each."""

from collections.abc import Mapping
from typing import Final

PURPOSES: Final[Mapping[str, tuple[str, ...]]] = {
    "the graph": ("decomposed", "topics", "needs", "same"),
    "textbooks": ("textbook",),
    "probes": ("probes",),
    "exercises": ("exercises", "question"),
    "new exercises": ("composed", "augmented", "solved-again"),
    "wrong versions": ("corrupted",),
    "solutions": ("solve", "solve-plainly"),
    "readings and judgements": ("points", "judge"),
}
"""By part, in the order of a run; a purpose is the name of the prompt that asks.

An update may ask for fresh exercises, too, by the same prompt as before: those count as `exercises`.
"""
OTHERS: Final = "others"
"""What a purpose that is listed nowhere counts as."""


def part_of(purpose: str) -> str:
    """The part to which a purpose belongs."""
    return next((part for part, purposes in PURPOSES.items() if purpose in purposes), OTHERS)
