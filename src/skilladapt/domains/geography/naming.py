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
_UNITS: Final = re.compile(
    r"\s*(?:million|billion|thousand|people|inhabitants|dollars|percent|per cent|%|degrees?|hours?|borders?"
    r"|countries|neighbours?|of|per|person|square|kilometres?|kilometers?|km2|km²|us|\$|times)\b\s*|\s*[%$]\s*"
)


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


def is_named(text: str, value: str, kind: str) -> bool:
    """Whether a text is this value: a code for a country or for its capital, else what the table says."""
    if kind == "number":
        return _number(text) == Fraction(value)
    if kind in ("country", "capital"):
        return plain(text) in {plain(name) for name in (names_of if kind == "country" else _capitals_of)(value)}
    if kind == "both":
        parts, wanted = text.split(";"), value.split("; ")
        return len(parts) == len(wanted) and all(
            is_named(one, other, "number" if re.fullmatch(NUMBER, other) else "text")
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


def _number(text: str) -> Fraction | None:
    """The one number in a text that has nothing else but units; None where there is none or more."""
    found = _UNITS.sub(" ", " ".join(text[:_LONGEST].replace("\u2212", "-").casefold().split())).strip(" .")
    bare = re.sub(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", "", found)
    return Fraction(bare) if re.fullmatch(NUMBER, bare) else None


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
