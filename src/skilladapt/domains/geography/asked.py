"""What questions are about: the countries, descriptions and tables of each form, as a draw gives them."""

from collections.abc import Callable, Mapping

from skilladapt.domains.geography.draw import Draw
from skilladapt.domains.geography.facts import countries
from skilladapt.domains.geography.references import CapitalOf, Described
from skilladapt.domains.geography.relations import RELATIONS
from skilladapt.domains.geography.task import Arg, Claim

Drawn = Callable[[Draw], Mapping[str, Arg]]


def of_country(key: str) -> Drawn:
    """`X`, whose fact of this kind is known."""
    return lambda draw: {"X": draw.having(key)}


def of_capital(key: str) -> Drawn:
    """`C`, the fact of whose country is known."""
    return lambda draw: {"C": draw.having(key)}


def claim(key: str) -> Drawn:
    """A true claim half of the time, else with the value of another country."""

    def drawn(draw: Draw) -> Mapping[str, Arg]:
        code = draw.having(key)
        relation = RELATIONS[key]
        own = relation.value(countries()[code])
        others = [one for one in draw.nearby(code) if relation.value(countries()[one]) not in (None, own)]
        holder = code if draw.rng.random() < 0.5 or not others else draw.one(others)
        return {"S": Claim(key, code, holder)}

    return drawn


def described(kind: str, fewest: int = 2) -> Drawn:
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


def several(*counts: int, chosen: bool = False) -> Drawn:
    """`P`, so many countries at each difficulty; with `chosen` `X` is one of them."""

    def drawn(draw: Draw) -> Mapping[str, Arg]:
        codes = draw.several(draw.step(*counts))
        return {"P": codes} | ({"X": draw.one(codes)} if chosen else {})

    return drawn


def clock_at_neighbour(draw: Draw) -> Mapping[str, Arg]:
    """A time here, and a place there that is described."""
    there = describe("largest neighbour", draw)
    return {"K": draw.time(), "C": draw.having("standard time"), "D": CapitalOf(there)}


def capital_and_city(draw: Draw) -> Mapping[str, Arg]:
    """`X`, whose capital is the largest city half of the time."""
    same = draw.rng.random() < 0.5
    known = [countries()[code] for code in draw.pool]
    fitting = [one.code for one in known if (one.capital == one.largest_city) == same]
    return {"X": draw.one(fitting or [one.code for one in known])}


def one_language(draw: Draw) -> Mapping[str, Arg]:
    """`X`, with several languages half of the time."""
    several = [code for code in draw.pool if len(countries()[code].languages or ()) > 1]
    return {"X": draw.one(several) if several and draw.rng.random() < 0.5 else draw.having("language")}


def in_table(*columns: str) -> Drawn:
    """A line and a column of a table of invented places."""

    def drawn(draw: Draw) -> Mapping[str, Arg]:
        table = draw.table()
        found: dict[str, Arg] = {"T": table, "I": draw.one(table.columns)}
        if "N" in columns:
            found["N"] = draw.one([name for name, _ in table.rows])
        return found

    return drawn


def rows_above(draw: Draw) -> Mapping[str, Arg]:
    """A table and a limit that some line is above."""
    table = draw.table()
    item = draw.one(table.columns)
    values = sorted(table.column(item).values())
    return {"T": table, "I": item, "N": str(draw.rng.choice(values[:-1]))}


def dense_table(draw: Draw) -> Mapping[str, Arg]:
    """A table of people and areas, and one line of it."""
    table = draw.table_of_density()
    return {"T": table, "N": draw.one([name for name, _ in table.rows])}


def table_and_continent(draw: Draw) -> Mapping[str, Arg]:
    """A table of countries and the continent of some."""
    table = draw.table_of_countries()
    by_name = {one.name: one for one in countries().values()}
    continents = sorted({by_name[name].continent for name, _ in table.rows})
    return {"T": table, "I": table.columns[0], "F": draw.rng.choice(continents)}


def table_and_currency(draw: Draw) -> Mapping[str, Arg]:
    """A table of countries and the currency of some."""
    table = draw.table_of_countries()
    by_name = {one.name: one for one in countries().values()}
    used = [found for name, _ in table.rows if (found := by_name[name].currency)]
    return {"T": table, "M": draw.one(sorted(used))}
