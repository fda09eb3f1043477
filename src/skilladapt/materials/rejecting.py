"""What of a teacher's replies is not used is kept, with the reason."""

from collections.abc import Callable
from typing import Final, TypeVar

from skilladapt.materials.author import Rejected
from skilladapt.prompts.reading import Unusable, text_of
from skilladapt.teachers.teacher import Outcome

R = TypeVar("R")
LONGEST: Final = 2_000
"""Characters of a rejected text that are kept."""


def read_or_reject(
    purpose: str, skill_id: str, outcome: Outcome, read: Callable[[str], R], rejected: list[Rejected]
) -> R | None:
    """What `read` makes of a reply; None where it cannot be used, which is added to `rejected`."""
    try:
        return read(text_of(outcome))
    except Unusable as fault:
        rejected.append(rejection(purpose, skill_id, fault, getattr(outcome, "text", "")))
        return None


def rejection(purpose: str, skill_id: str, fault: Unusable, text: str) -> Rejected:
    """Why a text is not used."""
    return Rejected(purpose=purpose, skill_id=skill_id, reason=str(fault), text=text[:LONGEST])
