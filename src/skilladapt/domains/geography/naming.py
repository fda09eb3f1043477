"""Whether a text names something known: with or without article, by another name, a number by its value."""

import re
import unicodedata
from fractions import Fraction
from functools import cache
from typing import Final

from skilladapt.domains.geography.facts import countries
from skilladapt.domains.geography.vocabulary import NUMBER

_LONGEST: Final = 500
"""Characters of an answer."""
_ROUGHLY: Final = frozenset({"about", "roughly", "around", "approximately"})
"""Words that change nothing about a number."""
_COUNTED: Final = frozenset({"people", "inhabitant", "countrie", "neighbour", "of"})
_SCALES: Final = frozenset({"million", "thousand", "billion"})


def plain(text: str) -> str:
    """For comparing: without case, accents, articles, marks at the ends and superfluous spaces."""
    text = unicodedata.normalize("NFKD", text[:_LONGEST].replace("\u2212", "-")).casefold().replace("\u2019", "'")
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = " ".join(text.split()).strip(" .,;:!?\"'")
    return text.removeprefix("the ")


@cache
def names_of(code: str) -> tuple[str, ...]:
    """All names of a country, the usual one first."""
    country = countries()[code]
    return (country.name, *country.aliases)


@cache
def _capitals_of(code: str) -> tuple[str, ...]:
    country = countries()[code]
    return (country.capital or "", *country.capital_aliases)


def is_named(text: str, value: str, kind: str, unit: str = "") -> bool:
    """Whether a text is this value: a code for a country or its capital, a number of units, or a plain text."""
    if kind == "number":
        return _number(text, unit) == Fraction(value)
    if kind in ("country", "capital"):
        return plain(text) in {plain(name) for name in (names_of if kind == "country" else _capitals_of)(value)}
    if kind == "both":
        parts, wanted = text.split(";"), value.split("; ")
        return len(parts) == len(wanted) and all(
            is_named(one, other, "number" if re.fullmatch(NUMBER, other) else "text", unit)
            for one, other in zip(parts, wanted, strict=True)
        )
    return _loose(text) == _loose(value)


def _loose(text: str) -> str:
    """Degrees, times and offsets in one of their ways of writing."""
    found = plain(text)
    if match := re.fullmatch(r"([0-9]+) ?(?:°|degrees?)? ?(north|south|east|west|[nsew])", found):
        return f"{match[1]} {match[2][0]}"
    if match := re.fullmatch(r"(?:utc|gmt) ?([+-]) ?0?([0-9]{1,2})(?::?([0-9]{2}))?", found):
        return f"utc{match[1]}{match[2]}:{match[3] or '00'}"
    if match := re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", found):
        return f"{match[1].zfill(2)}:{match[2]}"
    return found


def _number(text: str, unit: str) -> Fraction | None:
    """The number in a text that has nothing else but words of its unit; None where there is none or more."""
    found = " ".join(text[:_LONGEST].replace("\u2212", "-").casefold().replace("km2", "square kilometres").split())
    found = re.sub(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", "", found.replace("%", " percent").replace("us$", "$"))
    match = re.fullmatch(rf"([a-z ]*?)\$? ?({NUMBER}) ?°?([a-z ]*)\.?", found)
    if match is None:
        return None
    unit_words, words = (
        {word.rstrip("s") for word in text.casefold().split()} for text in (unit, f"{match[1]} {match[3]}")
    )
    words -= _ROUGHLY
    # `58 people` is no answer where 58 million are meant; either nothing is said behind the number, or all of it.
    if words and words & _SCALES != unit_words & _SCALES:
        return None
    return Fraction(match[2]) if words <= unit_words | _COUNTED else None


def is_order(text: str, codes: list[str]) -> bool:
    """Whether a text lists these countries in this order."""
    rest = plain(text)
    for place, code in enumerate(codes):
        rest = re.sub(r"^(?:\s*(?:,|;|>|and\b|then\b|\d+[.)]))*\s*(?:the )?", "", rest) if place else rest
        names = sorted((plain(name) for name in names_of(code)), key=len, reverse=True)
        found = next(
            (name for name in names if rest == name or rest.startswith((f"{name},", f"{name} ", f"{name};"))), None
        )
        if found is None:
            return False
        rest = rest[len(found) :]
    return not rest.strip(" .")
