"""The method `query`: every operation asked of an SQL database that holds the facts, in memory.

Texts reach the database as bound parameters only. Results are of the same kinds as in `looking_up.py`.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any, Final

from skilladapt.domains.geography.facts import countries
from skilladapt.domains.geography.looking_up import Unknown

_WITHIN: Final = "SELECT value FROM json_each(:a)"
_NEAR: Final = "SELECT other FROM border WHERE code = :a"
_MEASURES: Final = {"population": "population", "area": "area", "output": "gdp"}


def _fact(column: str) -> str:
    return f"SELECT {column} FROM country WHERE code = :a"


def _side(column: str, positive: str, negative: str) -> str:
    return (
        f"SELECT CASE WHEN {column} > 0 THEN '{positive}' WHEN {column} < 0 THEN '{negative}' END "
        "FROM country WHERE code = :a"
    )


def _degrees(column: str, positive: str, negative: str) -> str:
    return (
        f"SELECT ABS({column}) || CASE ABS({column}) WHEN 1 THEN ' degree' ELSE ' degrees' END || "
        f"CASE WHEN {column} > 0 THEN ' {positive}' WHEN {column} < 0 THEN ' {negative}' ELSE '' END "
        "FROM country WHERE code = :a"
    )


def _top_of(source: str, measure: str) -> str:
    """The code with the largest measure; no row where one is unknown, several where two are equal."""
    return (
        f"WITH chosen AS (SELECT DISTINCT code, {measure} AS size FROM country WHERE code IN ({source})) "
        "SELECT code FROM chosen WHERE size = (SELECT MAX(size) FROM chosen) "
        "AND (SELECT COUNT(*) = COUNT(size) FROM chosen)"
    )


def _ordered(measure: str) -> str:
    return (
        f"WITH chosen AS (SELECT code, {measure} AS size FROM country WHERE code IN ({_WITHIN})) "
        "SELECT CASE WHEN (SELECT COUNT(DISTINCT size) FROM chosen) = json_array_length(:a) "
        "THEN json_group_array(code) END FROM (SELECT code FROM chosen ORDER BY size DESC)"
    )


def _total(measure: str, what: str) -> str:
    return (
        f"SELECT {what} FROM (SELECT {measure} AS size FROM country WHERE code IN ({_WITHIN})) "
        "HAVING COUNT(size) = json_array_length(:a)"
    )


def _over_neighbours(what: str, known: str) -> str:
    """Something summed over all neighbours, 0 where there are none; nothing where a fact is missing."""
    return (
        f"SELECT CASE WHEN (SELECT surveyed FROM country WHERE code = :a) AND COUNT(*) = COUNT({known}) "
        f"THEN COALESCE({what}, CASE COUNT(*) WHEN 0 THEN 0 END) END FROM country WHERE code IN ({_NEAR})"
    )


_PAIR: Final = "SELECT :a UNION SELECT :b"
_DENSITY: Final = "CAST(1000.0 * population / area + 0.5 AS INTEGER)"
_PER_PERSON: Final = "ROUND(1.0 * gdp / population, 1)"
_UTC: Final = (
    "SELECT 'UTC' || CASE WHEN utc < 0 THEN '-' ELSE '+' END || CAST(ABS(utc) AS INTEGER) || "
    "CASE WHEN ABS(utc) > CAST(ABS(utc) AS INTEGER) "
    "THEN printf(':%02d', ROUND(60 * (ABS(utc) - CAST(ABS(utc) AS INTEGER)))) ELSE '' END "
    "FROM country WHERE code = :a"
)
_CLOCK: Final = (
    "WITH shift AS (SELECT CAST(SUBSTR(:a, 1, 2) AS INTEGER) * 60 + CAST(SUBSTR(:a, 4, 2) AS INTEGER) + "
    "CAST(ROUND(60 * ((SELECT utc FROM country WHERE code = :c) - (SELECT utc FROM country WHERE code = :b))) "
    "AS INTEGER) AS minutes) SELECT printf('%02d:%02d', minutes / 60, minutes % 60) FROM shift "
    "WHERE minutes >= 0 AND minutes < 1440 AND SUBSTR(:a, 1, 2) < '24' AND SUBSTR(:a, 4, 2) < '60'"
)
_DISTANCE: Final = (
    "WITH RECURSIVE reached(code, steps) AS (SELECT :b, 0 UNION SELECT border.other, steps + 1 FROM reached "
    "JOIN border ON border.code = reached.code WHERE steps < 30), "
    "distance AS (SELECT code, MIN(steps) AS steps FROM reached GROUP BY code) "
)
_ROWS: Final = (
    "WITH line AS (SELECT json_extract(value, '$[0]') AS name, json_extract(value, '$[1]') AS size "
    "FROM json_each(:a)) "
)

QUERIES: Final[Mapping[str, str]] = {
    **{name: _fact(name) for name in ("continent", "region", "capital", "largest_city", "currency")},
    **{name: _fact(column) for name, column in _MEASURES.items()},
    "coast": _fact("coast"),
    "languages": "SELECT json_group_array(name) FROM (SELECT name FROM language WHERE code = :a ORDER BY name) "
    "HAVING COUNT(*) > 0",
    "language": "SELECT name FROM language WHERE code = :a",
    "neighbours": "SELECT CASE WHEN (SELECT surveyed FROM country WHERE code = :a) "
    "THEN json_group_array(other) END FROM (SELECT other FROM border WHERE code = :a ORDER BY other)",
    "latitude": _degrees("latitude", "north", "south"),
    "longitude": _degrees("longitude", "east", "west"),
    "north_or_south": _side("latitude", "north", "south"),
    "east_or_west": _side("longitude", "east", "west"),
    "standard_time": _UTC,
    "further_north": _top_of(_PAIR, "latitude"),
    "latitude_difference": "SELECT ABS(one.latitude - two.latitude) FROM country one, country two "
    "WHERE one.code = :a AND two.code = :b",
    "time_difference": "SELECT ABS(one.utc - two.utc) FROM country one, country two "
    "WHERE one.code = :a AND two.code = :b",
    "clock": _CLOCK,
    "same_continent": "SELECT COUNT(DISTINCT continent) = 1 FROM country WHERE code IN (:a, :b)",
    "same_currency": "SELECT COUNT(DISTINCT currency) = 1 FROM country WHERE code IN (:a, :b) "
    "HAVING COUNT(currency) = COUNT(*)",
    "shared_languages": "SELECT CASE WHEN :a IN (SELECT code FROM language) AND :b IN (SELECT code FROM language) "
    "THEN json_group_array(name) END FROM (SELECT name FROM language WHERE code = :a "
    "INTERSECT SELECT name FROM language WHERE code = :b ORDER BY name)",
    "capital_is_largest": "SELECT capital = largest_city FROM country WHERE code = :a",
    "borders": "SELECT :b IN (SELECT other FROM border WHERE code = :a) FROM country WHERE code = :a AND surveyed",
    "users": "SELECT json_group_array(code) FROM (SELECT code FROM country WHERE currency = :a ORDER BY code)",
    "speakers": "SELECT json_group_array(code) FROM (SELECT code FROM language WHERE name = :a ORDER BY code)",
    "number_of_neighbours": "SELECT (SELECT COUNT(*) FROM border WHERE code = :a) FROM country "
    "WHERE code = :a AND surveyed",
    "by_capital": "SELECT code FROM country WHERE code = :a",
    "largest_neighbour": _top_of(_NEAR, "area"),
    "populous_neighbour": _top_of(_NEAR, "population"),
    "common_neighbour": "SELECT other FROM border WHERE code = :a "
    "INTERSECT SELECT other FROM border WHERE code = :b",
    "first_step": _DISTANCE
    + "SELECT other FROM border JOIN distance ON distance.code = other WHERE border.code = :a "
    "AND distance.steps = (SELECT steps - 1 FROM distance WHERE code = :a) AND distance.steps > 0",
    "more_populous": _top_of(_PAIR, "population"),
    "larger": _top_of(_PAIR, "area"),
    "more_output": _top_of(_PAIR, "gdp"),
    "denser": _top_of(_PAIR, _DENSITY),
    "richer": _top_of(_PAIR, _PER_PERSON),
    "order_by_population": _ordered("population"),
    "order_by_area": _ordered("area"),
    "people_together": _total("population", "SUM(size)"),
    "area_together": _total("area", "SUM(size)"),
    "population_difference": "SELECT one.population - two.population FROM country one, country two "
    "WHERE one.code = :a AND two.code = :b AND one.population > two.population",
    "times_as_large": "SELECT ROUND(1.0 * one.area / two.area, 1) FROM country one, country two "
    "WHERE one.code = :a AND two.code = :b",
    "density": f"SELECT {_DENSITY} FROM country WHERE code = :a",
    "output_per_person": f"SELECT {_PER_PERSON} FROM country WHERE code = :a",
    "rank": "SELECT 1 + COUNT(*) FROM country WHERE code IN (SELECT value FROM json_each(:b)) "
    "AND population > (SELECT population FROM country WHERE code = :a) "
    "HAVING :a IN (SELECT value FROM json_each(:b)) AND (SELECT COUNT(DISTINCT population) FROM country "
    "WHERE code IN (SELECT value FROM json_each(:b))) = json_array_length(:b)",
    "share": "SELECT CAST(100.0 * (SELECT population FROM country WHERE code = :b) / SUM(population) + 0.5 "
    "AS INTEGER) "
    f"FROM country WHERE code IN ({_WITHIN}) HAVING :b IN ({_WITHIN}) "
    "AND COUNT(population) = json_array_length(:a)",
    "average": _total("population", "ROUND(AVG(size), 1)"),
    "neighbours_without_coast": _over_neighbours("SUM(NOT coast)", "coast"),
    "neighbours_with_currency": _over_neighbours(
        "SUM(currency = (SELECT currency FROM country WHERE code = :a))", "currency"
    ),
    "neighbours_together": _over_neighbours("SUM(population)", "population"),
    "borders_to_cross": _DISTANCE + "SELECT steps FROM distance WHERE code = :a AND steps > 0",
    "cell": _ROWS + "SELECT size FROM line WHERE name = :b",
    "top_row": _ROWS + "SELECT name FROM line WHERE size = (SELECT MAX(size) FROM line)",
    "column_sum": _ROWS + "SELECT SUM(size) FROM line",
    "rows_above": _ROWS + "SELECT COUNT(*) FROM line WHERE size > :b",
    "row_share": _ROWS
    + "SELECT CAST(100.0 * (SELECT size FROM line WHERE name = :b) / SUM(size) + 0.5 AS INTEGER) "
    "FROM line",
    "row_quotient": "SELECT 1.0 * :a / :b",
    "country_total": _ROWS + "SELECT SUM(size) FROM line JOIN country ON country.code = name WHERE continent = :b",
    "country_users": _ROWS + "SELECT SUM(currency = :b) FROM line JOIN country ON country.code = name "
    "HAVING COUNT(currency) = COUNT(*)",
}
"""By the name of the operation; `:a`, `:b`, `:c` are its arguments, several codes or lines as JSON."""

_MANY: Final = frozenset(
    {"languages", "neighbours", "shared_languages", "users", "speakers", "order_by_population", "order_by_area"}
)
_TRUTHS: Final = frozenset({"coast", "same_continent", "same_currency", "capital_is_largest", "borders"})


@cache
def _database() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", check_same_thread=False)
    database.execute(
        "CREATE TABLE country (code TEXT PRIMARY KEY, continent, region, capital, latitude, longitude, utc, "
        "currency, coast, area, population, largest_city, gdp, surveyed)"
    )
    database.execute("CREATE TABLE border (code, other)")
    database.execute("CREATE TABLE language (code, name)")
    for one in countries().values():
        row = (
            one.code,
            one.continent,
            one.region,
            one.capital,
            one.latitude,
            one.longitude,
            one.utc,
            one.currency,
        )
        more = (one.coast, one.area, one.population, one.largest_city, one.gdp, one.neighbours is not None)
        database.execute(f"INSERT INTO country VALUES ({', '.join('?' * 14)})", row + more)
        database.executemany("INSERT INTO border VALUES (?, ?)", [(one.code, to) for to in one.neighbours or ()])
        database.executemany(
            "INSERT INTO language VALUES (?, ?)", [(one.code, name) for name in one.languages or ()]
        )
    return database


def work_out(op: str, args: Sequence[Any]) -> Any:
    """The result of one operation. Raises Unknown where there is not exactly one row."""
    bound = {
        letter: json.dumps(value)
        if isinstance(value, tuple)
        else float(value)
        if isinstance(value, Fraction)
        else value
        for letter, value in zip("abc", args, strict=False)
    }
    rows = _database().execute(QUERIES[op], bound).fetchmany(2)
    if len(rows) != 1 or rows[0][0] is None:
        raise Unknown("the facts give not exactly one answer")
    (found,) = rows[0]
    if op in _MANY:
        return tuple(json.loads(found))
    if op in _TRUTHS:
        return bool(found)
    return Fraction(str(round(found, 6))) if isinstance(found, int | float) else found
