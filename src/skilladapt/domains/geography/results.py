"""What a question that was read comes to: one operation after the other, each worked out by the method chosen."""

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Final

from skilladapt.domains.geography.facts import countries
from skilladapt.domains.geography.looking_up import Unknown
from skilladapt.domains.geography.reading import Grid, Node, Said, Unreadable, Value
from skilladapt.domains.geography.vocabulary import code_of_name

WorkOut = Callable[[str, Sequence[Any]], Any]
"""A method: an operation and its arguments to the result, or Unknown."""
ORDERS: Final = frozenset({"order_by_population", "order_by_area"})
_PEOPLE, _LAND = "people", "square kilometres"


def single(value: Value) -> str:
    """The one name at a place."""
    if not isinstance(value, tuple) or len(value) != 1:
        raise Unreadable("one name is expected")
    return value[0]


def code_of(value: Value, work_out: WorkOut) -> str:
    """The code of a country that is named or described."""
    if isinstance(value, Node):
        return str(work_out(value.op, [code_of(one, work_out) for one in value.args]))
    if isinstance(value, tuple):
        raise Unreadable("one country is expected")
    return value


def codes_of(value: Value) -> tuple[str, ...]:
    """The codes of several different countries."""
    names = value if isinstance(value, tuple) else ()
    known = code_of_name()
    if not names or len(set(names)) < len(names) or any(name not in known for name in names):
        raise Unreadable("different countries are expected")
    return tuple(known[name] for name in names)


def result_of(said: Said, grid: Grid | None, work_out: WorkOut) -> Any:
    """The result of what is asked, before it is put into words."""
    op, args = said.op, said.args
    if grid is not None:
        return from_table(said, grid, work_out)
    if op in ("people_together", "area_together", "order_by_population", "order_by_area", "average"):
        codes = codes_of(args[0])
        if len(codes) < 2:
            raise Unreadable("several countries are expected")
        return work_out(op, [codes])
    if op in ("rank", "rank_last", "share"):
        listed, one = (args[0], args[1]) if isinstance(args[0], tuple) else (args[1], args[0])
        code, codes = code_of(one, work_out), codes_of(listed)
        return work_out("share", [codes, code]) if op == "share" else work_out("rank", [code, codes])
    if op == "clock":
        here, clock = (args[1], args[0]) if _is_clock(args[0]) else (args[0], args[1])
        return _time(clock, here, args[2], work_out)
    found = [code_of(one, work_out) for one in args]
    if len(set(found)) < len(found):
        raise Unknown("it names one country twice")
    if op in ("country", "described"):
        if op == "described" and not isinstance(args[0], Node):
            raise Unreadable("the country is named already")
        return found[0]
    if op == "inverse_times":
        return work_out("times_as_large", found[::-1])
    if op == "shared_language":
        return bool(work_out("shared_languages", found))
    return work_out(op, found)


def _is_clock(value: Value) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d\d:\d\d", value) is not None


def _time(clock: Value, here: Value, there: Value, work_out: WorkOut) -> Any:
    places = [code_of(here, work_out), code_of(there, work_out)]
    if places[0] == places[1]:
        raise Unknown("it names one place twice")
    return work_out("clock", [clock, *places])


def column_of(grid: Grid, item: str) -> tuple[tuple[str, int], ...]:
    """The lines of a table with the numbers of one column."""
    if item not in grid.columns:
        raise Unreadable("the table has no such column")
    place = grid.columns.index(item)
    return tuple((name, numbers[place]) for name, numbers in grid.rows)


def _row(grid: Grid, row: str) -> str:
    found = [name for name, _ in grid.rows if name.lower() == row]
    if len(found) != 1:
        raise Unreadable("the table has no such line")
    return found[0]


def from_table(said: Said, grid: Grid, work_out: WorkOut) -> Any:
    """The result of a question, or of what a line states, about a table."""
    if said.op == "row_density":
        row = _row(grid, said.word("row"))
        values = [work_out("cell", [column_of(grid, item), row]) for item in (_PEOPLE, _LAND)]
        found = work_out("row_quotient", values)
        if found.denominator != 1:
            raise Unknown("it comes to no whole number")
        return found
    if said.op == "country_users":
        return work_out(said.op, [of_countries(column_of(grid, grid.columns[0])), single(said.args[0])])
    column = column_of(grid, said.word("item"))
    if said.op == "country_total":
        return work_out(said.op, [of_countries(column), single(said.args[0])])
    if said.op in ("cell", "row_share"):
        return work_out(said.op, [column, _row(grid, said.word("row"))])
    if said.op == "rows_above":
        return work_out(said.op, [column, Fraction(str(said.args[0]))])
    return work_out(said.op, [column])


def of_countries(column: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    """The lines of a table whose names are countries, by their codes."""
    known = {one.name: one.code for one in countries().values()}
    if any(name not in known for name, _ in column):
        raise Unreadable("not every line of the table is a country")
    return tuple((known[name], value) for name, value in column)
