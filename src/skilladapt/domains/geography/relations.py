"""The kinds of facts that are learned by heart, each described once: its value and the sentences that state it.

A statement is the one form in which solutions give a fact; `sentences` are the prose of textbooks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from skilladapt.domains.geography.facts import Country
from skilladapt.domains.geography.names import degrees, listed, name_of, named, offset, plain
from skilladapt.records import AnswerType


@dataclass(frozen=True)
class Relation:
    """One kind of fact. `{X}` stands for the country, `{C}` for its capital, `{V}` for the value."""

    key: str
    """Also the form of question that asks for it."""
    skill: str
    noun: str
    """What is asked for, as in `Give the capital and the currency of Chad`; empty where that reads badly."""
    statement: str
    value: Callable[[Country], str | None]
    """As it stands in a statement; None where the fact is missing or not worth telling."""
    answers: Callable[[Country], tuple[str, ...]]
    """What is right when it is asked for; several where each of them is one right answer among others."""
    sentences: tuple[str, ...]
    answer_type: AnswerType = "text"
    several: str = ""
    """The statement for several values; empty where it is the same."""

    def state(self, country: Country, value: str) -> str:
        """The statement that this is the value, without a full stop."""
        several = self.several if " and " in value else ""
        return self._filled(several or self.statement, country, value)

    def tell(self, country: Country, value: str, turn: int) -> str:
        """A sentence of a textbook; other turns use other words."""
        sentence = self.sentences[turn % len(self.sentences)]
        if self.key == "language":
            several = " and " in value
            sentence = sentence.replace("{W}", "languages are" if several else "language is")
            sentence = sentence.replace("{be}", "are" if several else "is")
        text = self._filled(sentence, country, value)
        return text[0].upper() + text[1:]

    def _filled(self, text: str, country: Country, value: str) -> str:
        return text.format(X=name_of(country), C=country.capital, V=value)


def _the(currency: str | None) -> str | None:
    return f"the {currency}" if currency else None


def _of_capital(value: Callable[[Country], str | None]) -> Callable[[Country], str | None]:
    return lambda country: value(country) if country.capital else None


def _region(country: Country) -> str:
    return f"the {country.region}" if country.region == "Caribbean" else country.region


def _place(value: int | None, directions: str) -> str | None:
    return degrees(value, directions) if value else None


def _scaled(value: float | None, unit: str) -> str | None:
    return f"{plain(value)} {unit}" if value is not None else None


def _borders(country: Country) -> str | None:
    if country.neighbours is None:
        return None
    return (
        listed(sorted(map(named, country.neighbours), key=lambda name: name.removeprefix("the ")))
        if country.neighbours
        else "no other country"
    )


def _coast(country: Country) -> str | None:
    return None if country.coast is None else "a sea coast" if country.coast else "no sea coast"


def _position(key: str, skill: str, value: Callable[[Country], int | None], directions: str) -> Relation:
    """How far a capital lies from the equator or from Greenwich, in whole degrees."""
    return Relation(
        key,
        skill,
        "",
        f"the {key} of {{C}} is {{V}}",
        _of_capital(lambda country: _place(value(country), directions)),
        lambda country: (degrees(value(country) or 0, directions),),
        (
            "{C}, the capital of {X}, lies at {V}.",
            f"The {key} of {{C}}, the capital of {{X}}, is {{V}}.",
            "At {V} lies {C}, the capital of {X}.",
            "In {X}, the capital {C} is found at {V}.",
        ),
    )


_ALL: Final = (
    Relation(
        "continent",
        "continents",
        "the continent",
        "the continent of {X} is {V}",
        lambda country: country.continent,
        lambda country: (country.continent,),
        (
            "{X} lies in {V}.",
            "The continent of {X} is {V}.",
            "In {V} you find {X}.",
            "{X} belongs to {V}.",
            "{X} is a country of {V}.",
        ),
    ),
    Relation(
        "region",
        "regions",
        "the region",
        "the region of {X} is {V}",
        _region,
        lambda country: (country.region,),
        (
            "{X} lies in {V}.",
            "The region of {X} is {V}.",
            "The United Nations count {X} as a part of {V}.",
            "On lists of regions, {X} stands under {V}.",
            "{V} is the region of {X}.",
        ),
    ),
    Relation(
        "coast",
        "coasts",
        "",
        "{X} has {V}",
        _coast,
        lambda country: ("yes" if country.coast else "no",),
        (
            "{X} has {V}.",
            "On the map you see that {X} has {V}.",
            "As for {X}, it has {V}.",
            "{X} is a country that has {V}.",
        ),
        "choice",
    ),
    _position("latitude", "latitudes", lambda country: country.latitude, "north south"),
    _position("longitude", "longitudes", lambda country: country.longitude, "east west"),
    Relation(
        "standard time",
        "standard-times",
        "",
        "the standard time of {C} is {V}",
        _of_capital(lambda country: None if country.utc is None else offset(country.utc)),
        lambda country: (offset(country.utc or 0),),
        (
            "{C}, the capital of {X}, keeps {V}.",
            "The standard time of {C}, the capital of {X}, is {V}.",
            "In {X}, the clocks of the capital {C} run by {V}.",
            "{V} is the standard time of {C} in {X}.",
        ),
    ),
    Relation(
        "capital",
        "capitals",
        "the capital",
        "the capital of {X} is {V}",
        lambda country: country.capital,
        lambda country: (country.capital or "",),
        (
            "The capital of {X} is {V}.",
            "{V} is the capital of {X}.",
            "{X} calls {V} its capital.",
            "{X} has {V} as its capital.",
            "The capital of {X} bears the name {V}.",
        ),
    ),
    Relation(
        "largest city",
        "largest-cities",
        "the largest city",
        "the largest city of {X} is {V}",
        lambda country: country.largest_city,
        lambda country: (country.largest_city or "",),
        (
            "The largest city of {X} is {V}.",
            "{V} is the largest city of {X}.",
            "No city of {X} has more people than {V}.",
            "In {X}, the city with the most people is {V}.",
        ),
    ),
    Relation(
        "currency",
        "currencies",
        "the currency",
        "the currency of {X} is {V}",
        lambda country: _the(country.currency),
        lambda country: (country.currency or "",),
        (
            "In {X} people pay with {V}.",
            "The currency of {X} is {V}.",
            "{X} uses {V}.",
            "Prices in {X} are given in {V}.",
            "{V} is the money of {X}.",
        ),
    ),
    Relation(
        "language",
        "official-languages",
        "",
        "the official language of {X} is {V}",
        lambda country: listed(country.languages) if country.languages else None,
        lambda country: country.languages or (),
        (
            "The official {W} {V} in {X}.",
            "By law, {V} {be} official in {X}.",
            "Offices in {X} officially use {V}.",
            "In {X} the official {W} {V}.",
        ),
        several="the official languages of {X} are {V}",
    ),
    Relation(
        "one neighbour",
        "neighbours",
        "",
        "{X} borders {V}",
        _borders,
        lambda country: country.neighbours or (),
        (
            "{X} borders {V}.",
            "By land, {X} borders {V}.",
            "On the map, {X} touches {V}.",
            "Straight across the borders of {X} you come to {V}.",
        ),
    ),
    Relation(
        "population",
        "populations",
        "the population in millions",
        "the population of {X} is {V}",
        lambda country: _scaled(country.population, "million"),
        lambda country: (plain(country.population or 0),),
        (
            "About {V} people live in {X}.",
            "The population of {X} is {V}.",
            "{X} has {V} inhabitants.",
            "{X} is home to {V} people.",
        ),
        "number",
    ),
    Relation(
        "area",
        "areas",
        "the area in thousands of square kilometres",
        "the area of {X} is {V}",
        lambda country: _scaled(country.area, "thousand square kilometres"),
        lambda country: (plain(country.area or 0),),
        (
            "{X} covers {V}.",
            "The area of {X} is {V}.",
            "With its land and lakes, {X} covers {V}.",
            "{X} has an area of {V}.",
        ),
        "number",
    ),
    Relation(
        "output",
        "economic-output",
        "the economic output in billions of dollars",
        "the economic output of {X} is {V}",
        lambda country: _scaled(country.gdp, "billion dollars"),
        lambda country: (plain(country.gdp or 0),),
        (
            "In a year, {X} produces goods and services worth {V}.",
            "The economic output of {X} is {V}.",
            "A year's work in {X} is worth {V}.",
            "The economy of {X} makes {V} a year.",
        ),
        "number",
    ),
)
RELATIONS: Final[Mapping[str, Relation]] = {relation.key: relation for relation in _ALL}
"""By key."""
BY_SKILL: Final[Mapping[str, Relation]] = {relation.skill: relation for relation in _ALL}
"""The relation that a fact skill is about."""
