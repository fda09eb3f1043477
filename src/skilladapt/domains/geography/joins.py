"""What is asked of a described country, where a skill of its own is about just that."""

from collections.abc import Mapping
from typing import Final

from skilladapt.domains.geography.facts import countries
from skilladapt.domains.geography.names import named
from skilladapt.domains.geography.references import CapitalOf, Ref, resolve
from skilladapt.domains.geography.working import Working

JOINS: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("continent", "capital"): ("continent-by-capital", "the continent of the country whose capital is {C}"),
    ("currency", "capital"): ("currency-by-capital", "the currency of the country whose capital is {C}"),
    ("language", "capital"): ("language-by-capital", "the official language of the country whose capital is {C}"),
    ("capital", "largest neighbour"): (
        "capital-of-the-largest-neighbour",
        "the capital of the largest neighbour of {X}",
    ),
    ("capital", "common neighbour"): (
        "capital-of-a-common-neighbour",
        "the capital of the common neighbour of {X} and {Y}",
    ),
    ("currency", "most populous neighbour"): (
        "currency-of-the-most-populous-neighbour",
        "the currency of the most populous neighbour of {X}",
    ),
    ("density", "largest neighbour"): (
        "density-of-the-largest-neighbour",
        "the population density of the largest neighbour of {X}",
    ),
}
"""Skills that ask for something of a country described in one way, and the line that sums it up."""


def join_line(form: str, ref: Ref, value: str, working: Working) -> None:
    """Sums up what was found of a described country, where a skill is about just that."""
    if isinstance(ref, str) or (form, ref.kind) not in JOINS:
        return
    skill, text = JOINS[form, ref.kind]
    if skill in working.allowed and all(isinstance(inner, str) for inner in ref.of):
        names = dict(zip("XY", (named(str(code)) for code in ref.of), strict=False))
        capital = countries()[str(ref.of[0])].capital
        working.note(skill, f"{text.format(**names, C=capital)} is {value}", *map(str, ref.of))


def place(where: str | CapitalOf, working: Working) -> str:
    """The code of the country whose capital is meant, after the lines that lead to it."""
    if isinstance(where, str):
        return where
    code = resolve(where.of, working)
    country = working.fact("capital", code)
    join_line("capital", where.of, country.capital or "", working)
    return code
