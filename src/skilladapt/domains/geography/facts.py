"""The facts about countries, which author and verifier both know. `facts.csv` is made by comparing sources.

A fact on which two sources disagree is missing there (`benchmarks/geography_facts.py` tells which). Nothing may be
asked that needs a missing one.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, cast

Continent = Literal["Africa", "Asia", "Europe", "North America", "Oceania", "South America"]


@dataclass(frozen=True)
class Country:
    """What is known of one country. None where sources disagree or are silent."""

    code: str
    """Two letters, ISO 3166-1."""
    name: str
    """As in a sentence, without an article."""
    aliases: tuple[str, ...]
    """Other names that a reader may use for it."""
    continent: Continent
    region: str
    """One of the regions of the United Nations, such as `Western Africa`."""
    capital: str | None
    capital_aliases: tuple[str, ...]
    latitude: int | None
    """Of the capital, whole degrees, south negative."""
    longitude: int | None
    """Of the capital, whole degrees, west negative."""
    utc: float | None
    """Standard time in the capital, hours ahead of UTC; a multiple of a quarter."""
    currency: str | None
    """The one legal tender, such as `Kenyan shilling`."""
    currency_code: str | None
    """Three letters, ISO 4217."""
    languages: tuple[str, ...] | None
    """Official in the whole country, at least one, in alphabetical order."""
    neighbours: tuple[str, ...] | None
    """Codes of the countries with a common land border, in order; empty for none."""
    coast: bool | None
    """Whether it has a sea coast."""
    area: float | None
    """Thousands of square kilometres, at most two significant digits."""
    population: float | None
    """Millions, at most two significant digits."""
    largest_city: str | None
    gdp: int | None
    """Economic output of a year, billions of dollars at purchasing power, at most two significant digits."""


@cache
def countries() -> Mapping[str, Country]:
    """All countries by code, in the order of the codes."""
    text = (files(__package__) / "facts.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return MappingProxyType({country.code: country for country in map(_country, rows)})


def _country(row: Mapping[str, str]) -> Country:
    return Country(
        code=row["code"],
        name=row["name"],
        aliases=_several(row["aliases"]) or (),
        continent=cast("Continent", row["continent"]),
        region=row["region"],
        capital=row["capital"] or None,
        capital_aliases=_several(row["capital_aliases"]) or (),
        latitude=int(row["latitude"]) if row["latitude"] else None,
        longitude=int(row["longitude"]) if row["longitude"] else None,
        utc=_number(row["utc"]),
        currency=row["currency"] or None,
        currency_code=row["currency_code"] or None,
        languages=_several(row["languages"]),
        neighbours=() if row["neighbours"] == "none" else _several(row["neighbours"]),
        coast={"yes": True, "no": False}.get(row["coast"]),
        area=_number(row["area"]),
        population=_number(row["population"]),
        largest_city=row["largest_city"] or None,
        gdp=int(row["gdp"]) if row["gdp"] else None,
    )


def _several(cell: str) -> tuple[str, ...] | None:
    return tuple(cell.split(";")) if cell else None


def _number(cell: str) -> float | None:
    return float(cell) if cell else None
