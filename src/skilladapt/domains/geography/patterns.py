"""The sentences of `sentences.md` as patterns, with the places that something stands in."""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from skilladapt.domains.geography.vocabulary import CLOCK, CLOSE, NUMBER, OPEN

NOUNS: Final = {
    "the continent": "continent",
    "the region": "region",
    "the capital": "capital",
    "the largest city": "largest_city",
    "the currency": "currency",
    "the population in millions": "population",
    "the area in thousands of square kilometres": "area",
    "the economic output in billions of dollars": "output",
}
"""Properties that can be asked for together, and their operations."""
CAPITAL: Final = "the capital of "
"""Before a country where a capital can stand."""
_TOKEN: Final = rf"{OPEN}[0-9]+{CLOSE}"
_WORDS: Final = rf"{_TOKEN}|[a-z][a-z' ]{{0,40}}?"
_PLACES: Final = {
    "T": _TOKEN,
    "C": f"(?:{CAPITAL})?{_TOKEN}",
    "V": rf"{_TOKEN}(?:, {_TOKEN})*(?: and {_TOKEN})?",
    "N": NUMBER,
    "K": CLOCK,
    "Q": "|".join(NOUNS),
    "S": ".+",
}
_PHRASES: Final = {
    "ITEM": f"(?P<item>{_WORDS})",
    "ROW": f"(?P<row>{_WORDS})",
    "ASK": "(?:what is|find|give|state|name|tell me|write down)",
    "DEGREES": ",? (?:in|to) whole degrees",
    "MILLIONS": ",? in millions",
    "THOUSANDS": ",? in thousands of square kilometres",
    "BILLIONS": ",? in billions of dollars",
    "DECIMAL": "(?:,? (?:rounded )?to one decimal(?: place)?|[.?] round to one decimal place)",
    "PERCENT": "[.?] round to a whole percent",
}


class Sentence(NamedTuple):
    """One form of words."""

    op: str
    """The operation that works it out."""
    pattern: re.Pattern[str]
    letters: str
    """What stands at its places, in order: the groups `p1`, `p2`, ...; a statement is the group `claim`."""


@cache
def sentences(chapter: str) -> Sequence[Sentence]:
    """Those of one chapter: `Descriptions`, `Questions`, `Questions below a table` or `Statements`."""
    text = (files(__package__) / "sentences.md").read_text("utf-8")
    _, _, after = text.partition(f"\n# {chapter}\n")
    found = []
    # A description may stand anywhere in a sentence, all others are whole ones.
    ending = "" if chapter == "Descriptions" else "[.?!]*"
    for section in after.partition("\n# ")[0].split("\n## ")[1:]:
        op, _, lines = section.partition("\n")
        found += [_compiled(op, one, ending) for one in re.findall("^- (.+)$", lines, re.MULTILINE)]
    return found


def _compiled(op: str, sentence: str, ending: str) -> Sentence:
    letters = ""

    def place(match: re.Match[str]) -> str:
        nonlocal letters
        if match[1] in _PHRASES:
            return _PHRASES[match[1]]
        if match[1] == "S":
            return f"(?P<claim>{_PLACES['S']})"
        letters += match[1]
        return f"(?P<p{len(letters)}>{_PLACES[match[1]]})"

    filled = re.sub(r"(?<!P)<([A-Z]+)>", place, sentence)
    return Sentence(op, re.compile(filled + ending), letters)
