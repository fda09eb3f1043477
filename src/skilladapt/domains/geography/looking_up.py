"""The method `table`: every operation worked out in Python from the facts.

A result is a text, a code, a number, a truth value or several codes. The other method, in SQL, is `asking.py`;
neither uses the other.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from skilladapt.domains.geography.facts import Country, countries


class Unknown(ValueError):
    """A fact is missing, or there is not exactly one result."""


def _of(code: str) -> Country:
    return countries()[code]


def _fact(field: str) -> Callable[[str], Any]:
    def found(code: str) -> Any:
        value = getattr(_of(code), field)
        if value is None:
            raise Unknown(f"the {field} of {_of(code).name} is not known")
        return Fraction(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value

    return found


_POPULATION, _AREA, _GDP = _fact("population"), _fact("area"), _fact("gdp")
_LATITUDE, _LONGITUDE, _UTC = _fact("latitude"), _fact("longitude"), _fact("utc")
_NEIGHBOURS, _LANGUAGES, _CURRENCY = _fact("neighbours"), _fact("languages"), _fact("currency")


def _only(found: Sequence[Any]) -> Any:
    if len(found) != 1:
        raise Unknown(f"there are {len(found)} of them")
    return found[0]


def _top(codes: Sequence[str], measure: Callable[[str], Any]) -> str:
    values = {code: measure(code) for code in codes}
    if not values:
        raise Unknown("there are none")
    best = max(values.values())
    return str(_only([code for code, value in values.items() if value == best]))


def _ordered(codes: Sequence[str], measure: Callable[[str], Any]) -> tuple[str, ...]:
    values = {code: measure(code) for code in codes}
    if len(set(values.values())) < len(values) or len(values) < len(codes):
        raise Unknown("two are equal")
    return tuple(sorted(values, key=lambda code: -values[code]))


def _whole(value: Fraction) -> Fraction:
    return Fraction((2 * value.numerator + value.denominator) // (2 * value.denominator))


def _tenths(value: Fraction) -> Fraction:
    return _whole(10 * value) / 10


def _total(codes: Sequence[str], measure: Callable[[str], Any]) -> Fraction:
    if len(set(codes)) < len(codes):
        raise Unknown("one country twice")
    return sum((measure(code) for code in codes), Fraction(0))


def _share(part: Fraction, codes: Sequence[str], code: str) -> Fraction:
    if code not in codes:
        raise Unknown("it is not among them")
    return _whole(100 * part / _total(codes, _POPULATION))


def _rank(code: str, codes: Sequence[str]) -> Fraction:
    ordered = _ordered(codes, _POPULATION)
    if code not in ordered:
        raise Unknown("it is not among them")
    return Fraction(ordered.index(code) + 1)


def _density(code: str) -> Fraction:
    return _whole(1000 * _POPULATION(code) / _AREA(code))


def _per_person(code: str) -> Fraction:
    return _tenths(_GDP(code) / _POPULATION(code))


def _larger_by(first: str, second: str) -> Fraction:
    difference: Fraction = _POPULATION(first) - _POPULATION(second)
    if difference <= 0:
        raise Unknown("it is not the larger one")
    return difference


def _side(value: Fraction, positive: str, negative: str) -> str:
    if not value:
        raise Unknown("it lies on the line")
    return positive if value > 0 else negative


def _degrees(value: Fraction, positive: str, negative: str) -> str:
    amount = f"{abs(value)} {'degree' if abs(value) == 1 else 'degrees'}"
    return f"{amount} {_side(value, positive, negative)}" if value else amount


def _offset(hours: Fraction) -> str:
    minutes = abs(int(hours * 60))
    rest = f":{minutes % 60:02d}" if minutes % 60 else ""
    return f"UTC{'-' if hours < 0 else '+'}{minutes // 60}{rest}"


def _shifted(clock: str, hours: Fraction) -> str:
    minutes = int(clock[:2]) * 60 + int(clock[3:]) + int(hours * 60)
    if int(clock[:2]) > 23 or int(clock[3:]) > 59 or not 0 <= minutes < 24 * 60:
        raise Unknown("it is another day there")
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _apart(first: Fraction, second: Fraction) -> Fraction:
    return abs(first - second)


def _distances(start: str) -> dict[str, int]:
    found, edge = {start: 0}, [start]
    while edge:
        following = []
        for here in edge:
            for code in _of(here).neighbours or ():
                if code not in found:
                    found[code] = found[here] + 1
                    following.append(code)
        edge = following
    return found


def _crossed(start: str, goal: str) -> Fraction:
    distance = _distances(goal)
    if start not in distance or start == goal:
        raise Unknown("there is no way")
    return Fraction(distance[start])


def _first_step(start: str, goal: str) -> str:
    distance = _distances(goal)
    if distance.get(start, 0) < 2:
        raise Unknown("there is no way with a country between")
    near = distance[start] - 1
    return str(_only([code for code in _NEIGHBOURS(start) if distance.get(code) == near]))


def _common(first: str, second: str) -> str:
    return str(_only(sorted({*_NEIGHBOURS(first)} & {*_NEIGHBOURS(second)})))


def _users(name: str) -> tuple[str, ...]:
    return tuple(code for code, country in countries().items() if country.currency == name)


def _speakers(name: str) -> tuple[str, ...]:
    return tuple(code for code, country in countries().items() if name in (country.languages or ()))


Result = Any
OPERATIONS: Final[Mapping[str, Callable[..., Result]]] = {
    **{name: _fact(name) for name in ("continent", "region", "capital", "largest_city", "currency")},
    "coast": _fact("coast"),
    "languages": lambda code: tuple(_LANGUAGES(code)),
    "language": lambda code: _only(_LANGUAGES(code)),
    "neighbours": lambda code: tuple(_NEIGHBOURS(code)),
    "population": _POPULATION,
    "area": _AREA,
    "output": _GDP,
    "latitude": lambda code: _degrees(_LATITUDE(code), "north", "south"),
    "longitude": lambda code: _degrees(_LONGITUDE(code), "east", "west"),
    "north_or_south": lambda code: _side(_LATITUDE(code), "north", "south"),
    "east_or_west": lambda code: _side(_LONGITUDE(code), "east", "west"),
    "standard_time": lambda code: _offset(_UTC(code)),
    "further_north": lambda first, second: _top((first, second), _LATITUDE),
    "latitude_difference": lambda first, second: _apart(_LATITUDE(first), _LATITUDE(second)),
    "time_difference": lambda first, second: _apart(_UTC(first), _UTC(second)),
    "clock": lambda clock, here, there: _shifted(clock, _UTC(there) - _UTC(here)),
    "same_continent": lambda first, second: _of(first).continent == _of(second).continent,
    "same_currency": lambda first, second: _CURRENCY(first) == _CURRENCY(second),
    "shared_languages": lambda first, second: tuple(sorted({*_LANGUAGES(first)} & {*_LANGUAGES(second)})),
    "capital_is_largest": lambda code: _fact("capital")(code) == _fact("largest_city")(code),
    "borders": lambda first, second: second in _NEIGHBOURS(first),
    "users": _users,
    "speakers": _speakers,
    "number_of_neighbours": lambda code: Fraction(len(_NEIGHBOURS(code))),
    "by_capital": lambda code: code,
    "largest_neighbour": lambda code: _top(_NEIGHBOURS(code), _AREA),
    "populous_neighbour": lambda code: _top(_NEIGHBOURS(code), _POPULATION),
    "common_neighbour": _common,
    "first_step": _first_step,
    "more_populous": lambda first, second: _top((first, second), _POPULATION),
    "larger": lambda first, second: _top((first, second), _AREA),
    "more_output": lambda first, second: _top((first, second), _GDP),
    "denser": lambda first, second: _top((first, second), _density),
    "richer": lambda first, second: _top((first, second), _per_person),
    "order_by_population": lambda codes: _ordered(codes, _POPULATION),
    "order_by_area": lambda codes: _ordered(codes, _AREA),
    "people_together": lambda codes: _total(codes, _POPULATION),
    "area_together": lambda codes: _total(codes, _AREA),
    "population_difference": _larger_by,
    "times_as_large": lambda first, second: _tenths(_AREA(first) / _AREA(second)),
    "density": _density,
    "output_per_person": _per_person,
    "rank": _rank,
    "share": lambda codes, code: _share(_POPULATION(code), codes, code),
    "average": lambda codes: _tenths(_total(codes, _POPULATION) / len(codes)),
    "neighbours_without_coast": lambda code: Fraction(sum(not _fact("coast")(one) for one in _NEIGHBOURS(code))),
    "neighbours_with_currency": lambda code: Fraction(
        sum(_CURRENCY(one) == _CURRENCY(code) for one in _NEIGHBOURS(code))
    ),
    "neighbours_together": lambda code: _total(_NEIGHBOURS(code), _POPULATION),
    "borders_to_cross": _crossed,
    "cell": lambda rows, row: _only([Fraction(value) for name, value in rows if name == row]),
    "top_row": lambda rows: _only([name for name, value in rows if value == max(value for _, value in rows)]),
    "column_sum": lambda rows: Fraction(sum(value for _, value in rows)),
    "rows_above": lambda rows, limit: Fraction(sum(value > limit for _, value in rows)),
    "row_share": lambda rows, row: _whole(
        100 * _only([Fraction(value) for name, value in rows if name == row]) / sum(value for _, value in rows)
    ),
    "row_quotient": lambda top, bottom: Fraction(int(top), int(bottom)),
    "country_total": lambda rows, continent: Fraction(
        sum(value for code, value in rows if _of(code).continent == continent)
    ),
    "country_users": lambda rows, currency: Fraction(sum(_CURRENCY(code) == currency for code, _ in rows)),
}
"""By name; countries come as codes, several of them as a tuple, the lines of a table as pairs."""


def work_out(op: str, args: Sequence[Any]) -> Result:
    """The result of one operation. Raises Unknown where there is none."""
    try:
        return OPERATIONS[op](*args)
    except (ZeroDivisionError, KeyError) as error:
        raise Unknown(f"nothing comes out ({type(error).__name__})") from error
