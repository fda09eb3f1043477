"""Differentiating, from powers to the chain rule. Needs no model: the author and the verifier both compute."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skilladapt.domains.domain import Domain

    DOMAIN: Domain


def __getattr__(name: str) -> "Domain":
    # Built when first asked for: a worker that imports the verifier must not load the author beside it.
    if name != "DOMAIN":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from skilladapt.domains.calculus.author import AUTHOR
    from skilladapt.domains.calculus.verifier import VERIFIER
    from skilladapt.domains.domain import Domain

    return Domain("calculus", Path(__file__).parent / "syllabus.md", AUTHOR, VERIFIER)
