"""The names that the verifier knows, and the text of a question with tokens in their place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from skilladapt.domains.geography.facts import countries

OPEN, CLOSE = "\u27e8", "\u27e9"
"""Around the number of a token; a text that has them already is not read."""


@dataclass(frozen=True)
class Tokens:
    """A text in lower case in which each name is a numbered token."""

    skeleton: str
    names: tuple[str, ...]
    """By number, as they are written in the table of facts."""


def tokenised(text: str) -> Tokens:
    """Names are replaced, the longest that fits first, with an article before them; spacing becomes single."""
    names: list[str] = []

    def token(match: re.Match[str]) -> str:
        names.append(match["name"])
        return f"{OPEN}{len(names) - 1}{CLOSE}"

    skeleton = _names().sub(token, " ".join(text.split()))
    return Tokens(skeleton.lower(), tuple(names))


@cache
def _names() -> re.Pattern[str]:
    known: set[str] = set()
    for country in countries().values():
        known |= {country.name, country.continent, country.region, *(country.languages or ())}
        known |= {name for name in (country.capital, country.largest_city, country.currency) if name}
    longest = sorted(known, key=lambda name: (-len(name), name))
    return re.compile(rf"(?:\b[Tt]he )?(?<!\w)(?P<name>{'|'.join(map(re.escape, longest))})(?!\w)")


@cache
def code_of_name() -> Mapping[str, str]:
    """The code of each country by its name."""
    return {country.name: country.code for country in countries().values()}


@cache
def code_of_capital() -> Mapping[str, str]:
    """The code of each country by its capital."""
    return {country.capital: country.code for country in countries().values() if country.capital}


NUMBER: Final = r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?"
CLOCK: Final = r"[0-9]{2}:[0-9]{2}"
"""A number and a time of day, as questions and solutions write them."""
