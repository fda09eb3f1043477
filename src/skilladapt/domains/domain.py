"""A subject: its syllabus, who writes its materials and who judges them."""

import difflib
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from skilladapt.errors import UserError
from skilladapt.materials.author import Author
from skilladapt.verification.verifier import Verifier


@dataclass(frozen=True)
class Domain:
    """What a run needs to know of a subject."""

    name: str
    syllabus: Path
    """A Markdown file of units, skills and their prerequisites."""
    author: Author
    verifier: Verifier | None
    """None where nothing can decide what is right; such a domain is uncalibrated."""


def built_in_domains() -> list[str]:
    """Names of the domains that come with the package, sorted."""
    return sorted(folder.parent.name for folder in Path(__file__).parent.glob("*/syllabus.md"))


def load_domain(name: str) -> Domain:
    """The built-in domain called `name`, or a person's own, named as `module:object`.

    Raises:
        UserError: Nothing is found under that name, or what is found is no `Domain`.

    """
    module, _, attribute = name.partition(":")
    if ":" not in name:
        if name not in built_in_domains():
            raise UserError(_unknown(name))
        module, attribute = f"{__package__}.{name}", "DOMAIN"
    try:
        found = getattr(import_module(module), attribute)
    except Exception as error:  # a module of a person's own may raise anything
        raise UserError(
            f"The domain '{name}' cannot be loaded ({type(error).__name__}: {error}); "
            "name an importable module and an object in it."
        ) from error
    if not isinstance(found, Domain):
        raise UserError(
            f"The domain '{name}' is a {type(found).__name__}; it must be a skilladapt.domains.domain.Domain."
        )
    return found


def _unknown(name: str) -> str:
    names = built_in_domains()
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.4)
    hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(names)}."
    return f"There is no domain '{name}'; {hint} Your own is named as module:object."
