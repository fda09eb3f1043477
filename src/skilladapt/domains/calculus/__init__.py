"""Calculus, from arithmetic to integrals. Needs no model: the author and the verifier both compute."""

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skilladapt.domains.domain import Domain

    DOMAIN: Domain


def __getattr__(name: str) -> "Domain":
    # Built when first asked for: a worker that imports the verifier must not load the author beside it.
    if name != "DOMAIN":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _domain()


@cache
def _domain() -> "Domain":
    from skilladapt.domains.calculus.author import AUTHOR
    from skilladapt.domains.calculus.verifier import VERIFIER
    from skilladapt.domains.domain import Domain
    from skilladapt.skills.syllabus import read_syllabus

    return Domain("calculus", read_syllabus(files(__name__) / "syllabus.md"), AUTHOR, VERIFIER)
