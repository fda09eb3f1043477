"""A subject: its syllabus, who writes its materials and who judges them."""

import difflib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from skilladapt.domains.options import Option
from skilladapt.errors import UserError
from skilladapt.materials.author import Author
from skilladapt.skills.syllabus import Syllabus
from skilladapt.verification.verifier import Verifier

_NO_OPTIONS: Mapping[str, Option] = {}


@dataclass(frozen=True)
class Domain:
    """What a run needs to know of a subject."""

    name: str
    syllabus: Syllabus | None
    """Units, skills and their prerequisites; read from a file or made up. None where every run brings its own."""
    author: Author
    verifier: Verifier | None
    """None where nothing can decide what is right; such a domain is uncalibrated."""


def built_in_domains() -> list[str]:
    """Names of the domains that come with the package, sorted."""
    return sorted(file.parent.name for file in Path(__file__).parent.glob("*/__init__.py"))


def load_domain(name: str, options: Mapping[str, Option] = _NO_OPTIONS) -> Domain:
    """The built-in domain called `name`, or a person's own, named as `module:object`.

    A built-in package has a `DOMAIN`, or a `build_domain` that gets the options as keyword arguments; an object of
    a person's own is either, too. What was built is kept, so that loading twice is cheap.

    Raises:
        UserError: Nothing is found under that name, what is found is no `Domain`, or it does not know an option or
            the value of one.

    """
    if ":" not in name and name not in built_in_domains():
        raise UserError(_unknown(name))
    try:
        found = _named(name)
        if not isinstance(found, Domain) and callable(found):
            parameters = inspect.signature(found).parameters.values()
            if not any(parameter.kind == parameter.VAR_KEYWORD for parameter in parameters):
                _check_options(name, options, [parameter.name for parameter in parameters])
            # With its type, or true and 1 would be one key.
            key = tuple(sorted((option, type(value), value) for option, value in options.items()))
            found = _built(found, key)
        else:
            _check_options(name, options, [])
    except UserError:
        raise
    except Exception as error:  # a module of a person's own may raise anything
        raise UserError(
            f"The domain '{name}' cannot be loaded ({type(error).__name__}: {error}); "
            "name an importable module and an object in it."
        ) from error
    if not isinstance(found, Domain):
        raise UserError(
            f"The domain '{name}' is a {type(found).__name__}; it must be a skilladapt.domains.domain.Domain "
            "or a function that returns one."
        )
    return found


def _named(name: str) -> object:
    module, colon, attribute = name.partition(":")
    if colon:
        found: object = getattr(import_module(module), attribute)
        return found
    package = import_module(f"{__package__}.{name}")
    return package.build_domain if hasattr(package, "build_domain") else package.DOMAIN


@lru_cache(maxsize=16)
def _built(build: Callable[..., object], key: tuple[tuple[str, type, Option], ...]) -> object:
    return build(**{option: value for option, _, value in key})


def _check_options(name: str, options: Mapping[str, Option], known: list[str]) -> None:
    mistakes = []
    for option in options:
        if option not in known:
            near = difflib.get_close_matches(option, known, n=1, cutoff=0.5)
            hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known) or 'none'}."
            mistakes.append(f"The domain '{name}' has no option '{option}'; {hint}")
    if mistakes:
        raise UserError(*mistakes)


def _unknown(name: str) -> str:
    names = built_in_domains()
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.4)
    hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(names)}."
    return f"There is no domain '{name}'; {hint} Your own is named as module:object."
