"""A teacher's reply about the parts of a skill, read line by line."""

import re
from dataclasses import dataclass
from typing import Final

from skilladapt.prompts.reading import Unusable
from skilladapt.skills.slug import clean_title, comparable

MOST_WORDS: Final = 14
"""Of a name; what has more is a sentence."""
_FIELD: Final = re.compile(
    r"^[\s>*#_\-]*(?:\d{1,2}[.)]\s*)?[*_]*(skill|does|elementary|needs)[*_\s]*(?:\d{1,2})?[*_\s]*:[*_\s]*(.*)$",
    re.IGNORECASE,
)
_TOPIC: Final = re.compile(
    r"^\s*(?:\d{1,2}[.)]|[-*\u2022])\s+(?P<title>[^:]+?)\s*(?:(?::|\s[-\u2013\u2014]\s)\s*(?P<does>.*))?$"
)
_NOTHING: Final = frozenset({"", "none", "nothing", "n/a", "-", "no"})


@dataclass(frozen=True)
class Part:
    """One skill that another one is made of."""

    title: str
    description: str
    is_elementary: bool
    needs: tuple[str, ...]
    """Titles, as they were written."""


def read_parts(text: str, most: int) -> list[Part]:
    """The parts in a reply, at most so many. Raises `Unusable` where there are fewer than two."""
    parts: list[dict[str, str]] = []
    for line in text.split("\n"):
        found = _FIELD.match(line)
        if found is None:
            continue
        name, value = found[1].lower(), clean_title(found[2]).strip("*_` ")
        if name == "skill":
            parts.append({"skill": value})
        elif parts:
            parts[-1].setdefault(name, value)
    named = {comparable(part["skill"]): part for part in parts if 0 < len(part["skill"].split()) <= MOST_WORDS}
    named.pop("", None)
    if len(named) < 2:
        raise Unusable("fewer than two parts in the form asked for")
    return [_part(part) for part in list(named.values())[:most]]


def read_topics(text: str, most: int) -> list[Part]:
    """The topics of a plain list, at most so many, each taken for elementary. Raises as `read_parts` does."""
    topics: dict[str, Part] = {}
    for line in text.split("\n"):
        found = _TOPIC.match(line)
        title = clean_title(found["title"]).strip("*_` .") if found else ""
        if found and 0 < len(title.split()) <= MOST_WORDS:
            does = clean_title(found["does"] or "").strip("*_` ")
            topics.setdefault(comparable(title), Part(title, does, is_elementary=True, needs=()))
    topics.pop("", None)
    if len(topics) < 2:
        raise Unusable("fewer than two parts, in the form asked for or in a plain list")
    return list(topics.values())[:most]


def _part(fields: dict[str, str]) -> Part:
    needs = [clean_title(one).strip("*_`. ") for one in re.split(r";|,(?=\s*[A-Z])", fields.get("needs", ""))]
    return Part(
        title=fields["skill"].rstrip("."),
        description=fields.get("does", ""),
        is_elementary=not fields.get("elementary", "yes").casefold().startswith("no"),
        needs=tuple(one for one in needs if one.casefold() not in _NOTHING),
    )
