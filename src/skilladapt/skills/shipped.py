"""The syllabi that come with the package, named like `openstax/us-history`; their licences stand beside them."""

from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_FOLDER = files(__package__) / "syllabi"


@cache
def shipped_names() -> tuple[str, ...]:
    """All names, sorted."""
    return tuple(
        sorted(
            f"{folder.name}/{file.name.removesuffix('.json')}"
            for folder in _FOLDER.iterdir()
            if folder.is_dir()
            for file in folder.iterdir()
            if file.name.endswith(".json")
        )
    )


def shipped_file(name: str) -> Traversable | None:
    """The file of the syllabus called `name`; None where there is none."""
    return _FOLDER / f"{name}.json" if name in shipped_names() else None


def nearest(name: str) -> str:
    """The shipped name most like `name`, or nothing."""
    return next(iter(get_close_matches(name, shipped_names(), n=1, cutoff=0.7)), "")
