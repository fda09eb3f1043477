"""Which questions each skill asks: the forms, how what they are about is drawn, and which options they offer."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from skilladapt.domains.geography.asked import (
    Drawn,
    capital_and_city,
    claim,
    clock_at_neighbour,
    dense_table,
    described,
    in_table,
    of_capital,
    of_country,
    one_language,
    rows_above,
    several,
    table_and_continent,
    table_and_currency,
)
from skilladapt.domains.geography.draw import Draw, NothingDrawn
from skilladapt.domains.geography.facts import Country
from skilladapt.domains.geography.options import Offers, offered_holder, offered_neighbour, offered_values
from skilladapt.domains.geography.task import Arg, Task
from skilladapt.records import content_hash

Family = Literal["facts", "joins", "tables"]


@dataclass(frozen=True)
class Kind:
    """One form of question of a skill."""

    form: str
    drawn: Drawn
    offers: Offers | None = None
    """The options to choose from; None where the answer is written out."""
    often: int = 1
    """How often it comes, against the others."""
    for_probes: bool = True


@dataclass(frozen=True)
class Asked:
    """All that a skill asks."""

    family: Family
    """`facts` are learned by heart, `joins` put facts together, `tables` need none."""
    kinds: tuple[Kind, ...]


def tasks(skill_id: str, draw: Draw, probe: bool = False) -> Iterator[Task | None]:
    """Tasks without end, unchecked; None for each draw that finds nothing, so that tries can be counted."""
    kinds = [kind for kind in SKILLS[skill_id].kinds if kind.for_probes or not probe]
    weights = [kind.often for kind in kinds]
    while True:
        kind = draw.rng.choices(kinds, weights)[0]
        try:
            args = kind.drawn(draw)
            yield Task(kind.form, args, kind.offers(draw, args) if kind.offers else ())
        except NothingDrawn:
            yield None


def is_reserved(skill_id: str, subjects: tuple[str, ...]) -> bool:
    """Whether a skill that joins facts is asked of these countries only in probes: a fifth, by hash."""
    return SKILLS[skill_id].family == "joins" and int(content_hash("join", skill_id, subjects), 16) % 5 == 0


def _facts(key: str, place: str = "X") -> Asked:
    drawn = of_country(key) if place == "X" else of_capital(key)
    return Asked(
        "facts",
        (
            Kind(key, drawn, often=4),
            Kind(key, drawn, offered_values(key), for_probes=False),
            Kind("claim", claim(key), for_probes=False),
        ),
    )


def _join(form: str, drawn: Drawn, offers: Offers | None = None) -> Asked:
    return Asked("joins", (Kind(form, drawn, offers),))


def _table(form: str, drawn: Drawn) -> Asked:
    return Asked("tables", (Kind(form, drawn),))


def _comparison(form: str, field: str) -> Asked:
    return _join(form, lambda draw: draw.compared(field))


def _neighbour_count(draw: Draw) -> Mapping[str, Arg]:
    return {"X": draw.with_neighbours()}


def _with_neighbours(wanted: Callable[[Country, Country], bool]) -> Drawn:
    return lambda draw: {"X": draw.with_neighbours(2, draw.step(3, 4, 5, 6), wanted)}


SKILLS: Final[Mapping[str, Asked]] = {
    "continents": _facts("continent"),
    "regions": _facts("region"),
    "coasts": replace(
        _facts("coast"),
        kinds=(Kind("coast", of_country("coast"), often=3), Kind("claim", claim("coast"), for_probes=False)),
    ),
    "latitudes": _facts("latitude", "C"),
    "longitudes": _facts("longitude", "C"),
    "standard-times": _facts("standard time", "C"),
    "capitals": _facts("capital"),
    "countries-of-capitals": Asked("facts", (Kind("country of capital", of_capital("capital")),)),
    "largest-cities": _facts("largest city"),
    "currencies": _facts("currency"),
    "official-languages": Asked(
        "facts",
        (
            Kind("language", of_country("language"), often=3),
            Kind("one language", one_language, offered_values("language"), often=3),
            Kind("claim", claim("language"), for_probes=False),
        ),
    ),
    "neighbours": Asked(
        "facts",
        (
            Kind("one neighbour", lambda draw: {"X": draw.with_neighbours()}, offered_neighbour),
            Kind("borders", lambda draw: draw.bordering()),
        ),
    ),
    "populations": _facts("population"),
    "areas": _facts("area"),
    "economic-output": _facts("output"),
    "hemispheres": _join("half", of_capital("latitude")),
    "east-or-west-of-greenwich": _join("side", of_capital("longitude")),
    "further-north": _join("further north", lambda draw: draw.capitals()),
    "latitude-differences": _join("latitude difference", lambda draw: draw.capitals()),
    "time-differences": _join("time difference", lambda draw: draw.capitals()),
    "clock-times": _join("clock", lambda draw: {"K": draw.time(), **draw.capitals()}),
    "same-continent": _join(
        "same continent", lambda draw: draw.even_pair(lambda one, two: one.continent == two.continent)
    ),
    "capital-and-largest-city": _join("capital largest", capital_and_city),
    "users-of-a-currency": _join("users", lambda draw: {"M": draw.currency()}, offered_holder("currency", "M")),
    "same-currency": _join(
        "same currency", lambda draw: draw.even_pair(lambda one, two: one.currency == two.currency)
    ),
    "countries-of-a-language": _join(
        "countries of language", lambda draw: {"L": draw.language()}, offered_holder("language", "L")
    ),
    "shared-languages": _join(
        "shared language",
        lambda draw: draw.even_pair(lambda one, two: bool({*(one.languages or ())} & {*(two.languages or ())})),
    ),
    "number-of-neighbours": _join("number of neighbours", _neighbour_count),
    "comparing-populations": _comparison("more people", "population"),
    "comparing-areas": _comparison("larger", "area"),
    "comparing-economic-output": _comparison("more output", "gdp"),
    "ordering-populations": _join("order by population", several(3, 3, 4, 4, 5)),
    "ordering-areas": _join("order by area", several(3, 3, 4, 4, 5)),
    "combined-populations": _join("people together", several(2, 2, 3, 3, 4)),
    "combined-areas": _join("area together", several(2, 2, 3, 3, 4)),
    "population-differences": _join("population difference", lambda draw: draw.compared("population", True)),
    "times-as-large": _join("times as large", lambda draw: draw.compared("area", True)),
    "population-density": _join("density", of_country("area")),
    "comparing-densities": _join("denser", lambda draw: draw.pair()),
    "output-per-person": _join("output per person", of_country("output")),
    "comparing-output-per-person": _join("richer", lambda draw: draw.pair()),
    "population-ranks": _join("rank", several(3, 3, 4, 4, 5, chosen=True)),
    "population-shares": _join("share", several(2, 3, 3, 4, chosen=True)),
    "average-populations": _join("average", several(2, 3, 3, 4)),
    "continent-by-capital": _join("continent", described("capital")),
    "currency-by-capital": _join("currency", described("capital")),
    "language-by-capital": _join("language", described("capital")),
    "common-neighbours": _join("which", described("common neighbour")),
    "neighbours-without-coast": _join(
        "neighbours without coast", _with_neighbours(lambda _, near: near.coast is False)
    ),
    "neighbours-with-the-same-currency": _join(
        "neighbours with the currency", _with_neighbours(lambda one, near: one.currency == near.currency)
    ),
    "neighbours-together": _join("neighbours together", _with_neighbours(lambda one, near: True)),
    "largest-neighbours": _join("which", described("largest neighbour")),
    "most-populous-neighbours": _join("which", described("most populous neighbour")),
    "borders-to-cross": _join("borders to cross", lambda draw: draw.apart(1)),
    "first-country-on-a-route": _join("which", described("first on the way")),
    "capital-of-a-common-neighbour": _join("capital", described("common neighbour")),
    "capital-of-the-largest-neighbour": _join("capital", described("largest neighbour")),
    "currency-of-the-most-populous-neighbour": _join("currency", described("most populous neighbour")),
    "density-of-the-largest-neighbour": _join("density", described("largest neighbour")),
    "time-at-the-largest-neighbour": _join("clock", clock_at_neighbour),
    "reading-a-table": _table("read a table", in_table("N")),
    "largest-row": _table("largest row", in_table()),
    "column-totals": _table("column total", in_table()),
    "counting-rows": _table("count rows", rows_above),
    "density-from-a-table": _table("table density", dense_table),
    "shares-from-a-table": _table("table share", in_table("N")),
    "tables-and-continents": _join("table continent", table_and_continent),
    "tables-and-currencies": _join("table currency", table_and_currency),
}
"""By skill id."""
