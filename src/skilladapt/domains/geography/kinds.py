"""Which questions each skill asks: the forms, how what they are about is drawn, and which options they offer."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from skilladapt.domains.geography.draw import Draw, NothingDrawn
from skilladapt.domains.geography.facts import Country, countries
from skilladapt.domains.geography.names import named
from skilladapt.domains.geography.references import CapitalOf, Described
from skilladapt.domains.geography.relations import RELATIONS
from skilladapt.domains.geography.task import Arg, Claim, Task
from skilladapt.records import content_hash

Family = Literal["facts", "joins", "tables"]
Drawn = Callable[[Draw], Mapping[str, Arg]]
Offers = Callable[[Draw, Mapping[str, Arg]], tuple[str, ...]]


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


def tasks(skill_id: str, draw: Draw, probe: bool = False) -> Iterator[Task]:
    """Tasks without end, as good as the countries allow; nothing is checked here but that there is something."""
    kinds = [kind for kind in SKILLS[skill_id].kinds if kind.for_probes or not probe]
    weights = [kind.often for kind in kinds]
    while True:
        kind = draw.rng.choices(kinds, weights)[0]
        try:
            args = kind.drawn(draw)
            yield Task(kind.form, args, kind.offers(draw, args) if kind.offers else ())
        except NothingDrawn:
            yield Task("claim", {})


def is_reserved(skill_id: str, subjects: tuple[str, ...]) -> bool:
    """Whether a skill that joins facts is asked of these countries only in probes: a fifth, by hash."""
    return SKILLS[skill_id].family == "joins" and int(content_hash("join", skill_id, subjects), 16) % 5 == 0


# --- options -----------------------------------------------------------------------------------------------


def _values(key: str) -> Offers:
    """The right value and those of other countries."""

    def offers(draw: Draw, args: Mapping[str, Arg]) -> tuple[str, ...]:
        code = str(args.get("X") or args["C"])
        relation, country = RELATIONS[key], countries()[code]
        others = [
            answer
            for other in draw.nearby(code)
            if relation.value(countries()[other]) is not None
            for answer in relation.answers(countries()[other])
        ]
        if relation.value(country) is None:
            raise NothingDrawn
        return draw.options(relation.answers(country), others, draw.step(3, 4))

    return offers


def _neighbour(draw: Draw, args: Mapping[str, Arg]) -> tuple[str, ...]:
    code = str(args["X"])
    near = countries()[code].neighbours or ()
    far = [other for other in draw.nearby(code) if other not in near]
    return draw.options([named(one) for one in near], [named(one) for one in far], draw.step(3, 4))


def _with_value(key: str, placeholder: str) -> Offers:
    """Countries, one of which has the currency or language."""

    def offers(draw: Draw, args: Mapping[str, Arg]) -> tuple[str, ...]:
        relation, wanted = RELATIONS[key], args[placeholder]
        known = [code for code in draw.universe_sorted if relation.value(countries()[code]) is not None]
        right = [code for code in known if code in draw.pool and wanted in relation.answers(countries()[code])]
        wrong = [code for code in known if wanted not in relation.answers(countries()[code])]
        if draw.difficulty > 2 and right:
            continent = countries()[right[0]].continent
            near = [code for code in wrong if countries()[code].continent == continent]
            wrong = near if len(near) > 4 else wrong
        return draw.options([named(one) for one in right], [named(one) for one in wrong], draw.step(3, 4))

    return offers


# --- what is asked about -----------------------------------------------------------------------------------


def _x(key: str) -> Drawn:
    return lambda draw: {"X": draw.having(key)}


def _c(key: str) -> Drawn:
    return lambda draw: {"C": draw.having(key)}


def _claimed(key: str) -> Drawn:
    """A true claim half of the time, else with the value of another country."""

    def drawn(draw: Draw) -> Mapping[str, Arg]:
        code = draw.having(key)
        relation = RELATIONS[key]
        own = relation.value(countries()[code])
        others = [one for one in draw.nearby(code) if relation.value(countries()[one]) not in (None, own)]
        holder = code if draw.rng.random() < 0.5 or not others else draw.one(others)
        return {"S": Claim(key, code, holder)}

    return drawn


def _described(kind: str, fewest: int = 2) -> Drawn:
    """`X` described by its capital, by a neighbour, or by two countries."""

    def drawn(draw: Draw) -> Mapping[str, Arg]:
        return {"X": describe(kind, draw, fewest)}

    return drawn


def describe(kind: str, draw: Draw, fewest: int = 2) -> Described:
    """A description drawn; more neighbours at higher difficulty."""
    match kind:
        case "capital":
            return Described(kind, (draw.having("capital"),))
        case "largest neighbour" | "most populous neighbour":
            return Described(kind, (draw.with_neighbours(fewest, draw.step(3, 4, 5, 6)),))
        case "common neighbour":
            return Described(kind, tuple(draw.around().values()))
        case "first on the way":
            return Described(kind, tuple(draw.apart(2).values()))
        case _:
            field = {"more people": "population", "larger": "area", "more output": "gdp"}[kind]
            return Described(kind, tuple(draw.compared(field).values()))


def _listed(*counts: int, chosen: bool = False) -> Drawn:
    """`P`, so many countries at each difficulty; with `chosen` `X` is one of them."""

    def drawn(draw: Draw) -> Mapping[str, Arg]:
        codes = draw.several(draw.step(*counts))
        return {"P": codes} | ({"X": draw.one(codes)} if chosen else {})

    return drawn


def _clock_at_neighbour(draw: Draw) -> Mapping[str, Arg]:
    there = describe("largest neighbour", draw)
    return {"K": draw.time(), "C": draw.having("standard time"), "D": CapitalOf(there)}


def _capital_largest(draw: Draw) -> Mapping[str, Arg]:
    same = draw.rng.random() < 0.5
    known = [countries()[code] for code in draw.pool]
    fitting = [one.code for one in known if (one.capital == one.largest_city) == same]
    return {"X": draw.one(fitting or [one.code for one in known])}


def _one_language(draw: Draw) -> Mapping[str, Arg]:
    several = [code for code in draw.pool if len(countries()[code].languages or ()) > 1]
    return {"X": draw.one(several) if several and draw.rng.random() < 0.5 else draw.having("language")}


def _in_table(*columns: str) -> Drawn:
    """A line and a column of a table of invented places."""

    def drawn(draw: Draw) -> Mapping[str, Arg]:
        table = draw.table()
        found: dict[str, Arg] = {"T": table, "I": draw.one(table.columns)}
        if "N" in columns:
            found["N"] = draw.one([name for name, _ in table.rows])
        return found

    return drawn


def _above(draw: Draw) -> Mapping[str, Arg]:
    table = draw.table()
    item = draw.one(table.columns)
    values = sorted(table.column(item).values())
    return {"T": table, "I": item, "N": str(draw.rng.choice(values[:-1]))}


def _dense_table(draw: Draw) -> Mapping[str, Arg]:
    table = draw.table_of_density()
    return {"T": table, "N": draw.one([name for name, _ in table.rows])}


def _table_continent(draw: Draw) -> Mapping[str, Arg]:
    table = draw.table_of_countries()
    by_name = {one.name: one for one in countries().values()}
    continents = sorted({by_name[name].continent for name, _ in table.rows})
    return {"T": table, "I": table.columns[0], "F": draw.rng.choice(continents)}


def _table_currency(draw: Draw) -> Mapping[str, Arg]:
    table = draw.table_of_countries()
    by_name = {one.name: one for one in countries().values()}
    used = [found for name, _ in table.rows if (found := by_name[name].currency)]
    return {"T": table, "M": draw.one(sorted(used))}


# --- the skills --------------------------------------------------------------------------------------------


def _facts(key: str, place: str = "X") -> Asked:
    drawn = _x(key) if place == "X" else _c(key)
    return Asked(
        "facts",
        (
            Kind(key, drawn, often=4),
            Kind(key, drawn, _values(key), for_probes=False),
            Kind("claim", _claimed(key), for_probes=False),
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
        kinds=(Kind("coast", _x("coast"), often=3), Kind("claim", _claimed("coast"), for_probes=False)),
    ),
    "latitudes": _facts("latitude", "C"),
    "longitudes": _facts("longitude", "C"),
    "standard-times": _facts("standard time", "C"),
    "capitals": _facts("capital"),
    "countries-of-capitals": Asked("facts", (Kind("country of capital", _c("capital")),)),
    "largest-cities": _facts("largest city"),
    "currencies": _facts("currency"),
    "official-languages": Asked(
        "facts",
        (
            Kind("language", _x("language"), often=3),
            Kind("one language", _one_language, _values("language"), often=3),
            Kind("claim", _claimed("language"), for_probes=False),
        ),
    ),
    "neighbours": Asked(
        "facts",
        (
            Kind("one neighbour", lambda draw: {"X": draw.with_neighbours()}, _neighbour),
            Kind("borders", lambda draw: draw.bordering()),
        ),
    ),
    "populations": _facts("population"),
    "areas": _facts("area"),
    "economic-output": _facts("output"),
    "hemispheres": _join("half", _c("latitude")),
    "east-or-west-of-greenwich": _join("side", _c("longitude")),
    "further-north": _join("further north", lambda draw: draw.capitals()),
    "latitude-differences": _join("latitude difference", lambda draw: draw.capitals()),
    "time-differences": _join("time difference", lambda draw: draw.capitals()),
    "clock-times": _join("clock", lambda draw: {"K": draw.time(), **draw.capitals()}),
    "same-continent": _join(
        "same continent", lambda draw: draw.even_pair(lambda one, two: one.continent == two.continent)
    ),
    "capital-and-largest-city": _join("capital largest", _capital_largest),
    "users-of-a-currency": _join("users", lambda draw: {"M": draw.currency()}, _with_value("currency", "M")),
    "same-currency": _join(
        "same currency", lambda draw: draw.even_pair(lambda one, two: one.currency == two.currency)
    ),
    "countries-of-a-language": _join(
        "countries of language", lambda draw: {"L": draw.language()}, _with_value("language", "L")
    ),
    "shared-languages": _join(
        "shared language",
        lambda draw: draw.even_pair(lambda one, two: bool({*(one.languages or ())} & {*(two.languages or ())})),
    ),
    "number-of-neighbours": _join("number of neighbours", _neighbour_count),
    "comparing-populations": _comparison("more people", "population"),
    "comparing-areas": _comparison("larger", "area"),
    "comparing-economic-output": _comparison("more output", "gdp"),
    "ordering-populations": _join("order by population", _listed(3, 3, 4, 4, 5)),
    "ordering-areas": _join("order by area", _listed(3, 3, 4, 4, 5)),
    "combined-populations": _join("people together", _listed(2, 2, 3, 3, 4)),
    "combined-areas": _join("area together", _listed(2, 2, 3, 3, 4)),
    "population-differences": _join("population difference", lambda draw: draw.compared("population", True)),
    "times-as-large": _join("times as large", lambda draw: draw.compared("area", True)),
    "population-density": _join("density", _x("area")),
    "comparing-densities": _join("denser", lambda draw: draw.pair()),
    "output-per-person": _join("output per person", _x("output")),
    "comparing-output-per-person": _join("richer", lambda draw: draw.pair()),
    "population-ranks": _join("rank", _listed(3, 3, 4, 4, 5, chosen=True)),
    "population-shares": _join("share", _listed(2, 3, 3, 4, chosen=True)),
    "average-populations": _join("average", _listed(2, 3, 3, 4)),
    "continent-by-capital": _join("continent", _described("capital")),
    "currency-by-capital": _join("currency", _described("capital")),
    "language-by-capital": _join("language", _described("capital")),
    "common-neighbours": _join("which", _described("common neighbour")),
    "neighbours-without-coast": _join(
        "neighbours without coast", _with_neighbours(lambda _, near: near.coast is False)
    ),
    "neighbours-with-the-same-currency": _join(
        "neighbours with the currency", _with_neighbours(lambda one, near: one.currency == near.currency)
    ),
    "neighbours-together": _join("neighbours together", _with_neighbours(lambda one, near: True)),
    "largest-neighbours": _join("which", _described("largest neighbour")),
    "most-populous-neighbours": _join("which", _described("most populous neighbour")),
    "borders-to-cross": _join("borders to cross", lambda draw: draw.apart(1)),
    "first-country-on-a-route": _join("which", _described("first on the way")),
    "capital-of-a-common-neighbour": _join("capital", _described("common neighbour")),
    "capital-of-the-largest-neighbour": _join("capital", _described("largest neighbour")),
    "currency-of-the-most-populous-neighbour": _join("currency", _described("most populous neighbour")),
    "density-of-the-largest-neighbour": _join("density", _described("largest neighbour")),
    "time-at-the-largest-neighbour": _join("clock", _clock_at_neighbour),
    "reading-a-table": _table("read a table", _in_table("N")),
    "largest-row": _table("largest row", _in_table()),
    "column-totals": _table("column total", _in_table()),
    "counting-rows": _table("count rows", _above),
    "density-from-a-table": _table("table density", _dense_table),
    "shares-from-a-table": _table("table share", _in_table("N")),
    "tables-and-continents": _join("table continent", _table_continent),
    "tables-and-currencies": _join("table currency", _table_currency),
}
"""By skill id."""
