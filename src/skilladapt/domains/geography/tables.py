"""Works tasks out that come with a small table: reading, comparing, adding, counting, and joining known facts."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final

from skilladapt.domains.geography.computing import quotient
from skilladapt.domains.geography.facts import countries
from skilladapt.domains.geography.names import listed, named
from skilladapt.domains.geography.task import Task
from skilladapt.domains.geography.working import Solution, Unanswerable, Working

Solver = Callable[[Task, Working], Solution]
PEOPLE: Final = "people"
LAND: Final = "square kilometres"


def _read(working: Working, row: str, value: int, item: str) -> None:
    working.note("reading-a-table", f"{row} has {value} {item}")


def _value(task: Task, working: Working) -> Solution:
    row, item = task.text("N"), task.text("I")
    value = task.table.column(item)[row]
    _read(working, row, value, item)
    return working.done([str(value)], "number")


def _largest(task: Task, working: Working) -> Solution:
    item = task.text("I")
    column = task.table.column(item)
    ranked = sorted(column, key=lambda row: -column[row])
    if len(set(column.values())) < len(column):
        raise Unanswerable("two are equal")
    _read(working, ranked[0], column[ranked[0]], item)
    compared = " > ".join(str(column[row]) for row in ranked)
    working.note("largest-row", f"{compared}, so the line with the most {item} is {ranked[0]}")
    return working.done([ranked[0]])


def _sum(working: Working, values: list[int], item: str) -> int:
    total = sum(values)
    work = " + ".join(map(str, values))
    working.note("column-totals", f"{work} = {total}" + (f", so there are {total} {item} in all" if item else ""))
    return total


def _total(task: Task, working: Working) -> Solution:
    item = task.text("I")
    return working.done([str(_sum(working, list(task.table.column(item).values()), item))], "number")


def _count(task: Task, working: Working) -> Solution:
    item, limit = task.text("I"), int(task.text("N"))
    found = {row: value for row, value in task.table.column(item).items() if value > limit}
    if not found:
        raise Unanswerable("none")
    for row, value in found.items():
        _read(working, row, value, item)
    working.note("counting-rows", f"the number of lines with more than {limit} {item} is {len(found)}")
    return working.done([str(len(found))], "number")


def _density(task: Task, working: Working) -> Solution:
    row = task.text("N")
    people, land = task.table.column(PEOPLE)[row], task.table.column(LAND)[row]
    if people % land:
        raise Unanswerable("no whole number")
    _read(working, row, people, PEOPLE)
    _read(working, row, land, LAND)
    working.note("density-from-a-table", f"{people} / {land} = {people // land}")
    return working.done([str(people // land)], "number")


def _share(task: Task, working: Working) -> Solution:
    item, row = task.text("I"), task.text("N")
    column = task.table.column(item)
    total = _sum(working, list(column.values()), item)
    work = f"100 * {column[row]} / {total}"
    found = quotient(working, "shares-from-a-table", work, Fraction(100 * column[row], total), 0)
    return working.done([found], "number")


def _codes(task: Task) -> dict[str, str]:
    by_name = {named(code).removeprefix("the "): code for code in countries()}
    return {row: by_name[row] for row, _ in task.table.rows}


def _continent(task: Task, working: Working) -> Solution:
    item, wanted = task.text("I"), task.text("F")
    column, found = task.table.column(item), []
    for row, code in _codes(task).items():
        if working.fact("continent", code).continent == wanted:
            found.append(row)
    if not found or len(found) == len(column):
        raise Unanswerable("none or all")
    for row in found:
        _read(working, row, column[row], item)
    values = [column[row] for row in found]
    total = _sum(working, values, "") if len(values) > 1 else values[0]
    working.note("tables-and-continents", f"the number of {item} from {wanted} is {total}")
    return working.done([str(total)], "number")


def _currency(task: Task, working: Working) -> Solution:
    wanted = task.text("M")
    found = [code for code in _codes(task).values() if working.fact("currency", code).currency == wanted]
    if not found:
        raise Unanswerable("none")
    names = listed([named(code) for code in found])
    uses = "uses" if len(found) == 1 else "use"
    working.note("tables-and-currencies", f"in the table, {names} {uses} the {wanted}")
    return working.done([str(len(found))], "number")


SOLVERS: Final[Mapping[str, Solver]] = {
    "read a table": _value,
    "largest row": _largest,
    "column total": _total,
    "count rows": _count,
    "table density": _density,
    "table share": _share,
    "table continent": _continent,
    "table currency": _currency,
}
"""By form."""
