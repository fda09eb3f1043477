"""Whether what a line of a solution states is true, worked out by one of the two methods."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from skilladapt.domains.geography.reading import Grid, Node, Said, Unreadable
from skilladapt.domains.geography.results import (
    ORDERS,
    WorkOut,
    code_of,
    codes_of,
    column_of,
    from_table,
    of_countries,
    result_of,
    single,
)


def is_true(said: Said, grid: Grid | None, lines_of: Sequence[str], work_out: WorkOut) -> bool:
    """Whether what a line states holds. Raises Unknown or Unreadable where that cannot be told."""
    op, args = said.op, said.args
    if op in ("cell", "top_row", "column_sum", "rows_above", "country_total", "table_users"):
        return _holds_in_table(said, grid, work_out)
    if op == "same":
        return code_of(args[0], work_out) == code_of(args[1], work_out)
    if op == "shifted":
        return _is_shifted(str(args[0]), said.word("word"), str(args[1]), str(args[2]))
    if op == "then":
        return str(args[1]) in lines_of
    if op in ("same_continent", "same_currency"):
        holds = work_out(op, [code_of(one, work_out) for one in args])
        return bool(holds) == (not said.word("word").startswith("do not"))
    if op in ("speaks", "share_language", "share_none", "languages", "neighbours", "no_neighbours"):
        return _holds_of_several(said, work_out)
    if op == "capital_is_largest":
        return bool(work_out(op, [code_of(args[0], work_out)])) == (said.word("word") == "also")
    if op == "has_coast":
        return bool(work_out("coast", [code_of(args[0], work_out)])) == (said.word("word") == "a")
    if said.word("word"):
        return str(work_out(op, [code_of(args[0], work_out)])).lower() == said.word("word")
    stated = args[-1]
    if op in ORDERS:
        return bool(work_out(op, [codes_of(stated)]) == codes_of(stated))
    result = result_of(Said(op, args[:-1]), None, work_out)
    if isinstance(result, Fraction):
        return isinstance(stated, str) and Fraction(stated) == result
    return bool(single(stated) == result)


_MEASURES: Final = {
    "more_populous": "population",
    "populous_neighbour": "population",
    "order_by_population": "population",
    "larger": "area",
    "largest_neighbour": "area",
    "order_by_area": "area",
    "more_output": "output",
    "denser": "density",
    "richer": "output_per_person",
}
"""By what countries are compared."""


def compared_by(said: Said, grid: Grid | None, work_out: WorkOut) -> list[Fraction]:
    """The numbers, the largest first, that a conclusion is drawn from; Unreadable where it compares nothing."""
    if said.op == "top_row" and grid is not None:
        return sorted((Fraction(value) for _, value in column_of(grid, said.word("item"))), reverse=True)
    node = next((one for one in said.args if isinstance(one, Node)), None)
    if said.op in ORDERS:
        op, codes = said.op, codes_of(said.args[-1])
    elif said.op == "same" and node is not None:
        op, codes = node.op, tuple(code_of(one, work_out) for one in node.args)
        codes = work_out("neighbours", codes) if op.endswith("_neighbour") else codes
    else:
        raise Unreadable("it follows from no comparison")
    if op not in _MEASURES:
        raise Unreadable("it follows from no comparison")
    return sorted((work_out(_MEASURES[op], [code]) for code in codes), reverse=True)


def _holds_of_several(said: Said, work_out: WorkOut) -> bool:
    args = said.args
    if said.op == "speaks":
        return single(args[0]) in work_out("languages", [code_of(args[1], work_out)])
    if said.op in ("share_language", "share_none"):
        shared = work_out("shared_languages", [code_of(one, work_out) for one in args[:2]])
        return not shared if said.op == "share_none" else single(args[2]) in shared
    if said.op == "languages":
        stated = args[1]
        return isinstance(stated, tuple) and sorted(stated) == sorted(
            work_out("languages", [code_of(args[0], work_out)])
        )
    found = work_out("neighbours", [code_of(args[0], work_out)])
    return not found if said.op == "no_neighbours" else sorted(codes_of(args[1])) == sorted(found)


def _holds_in_table(said: Said, grid: Grid | None, work_out: WorkOut) -> bool:
    if grid is None:
        raise Unreadable("there is no table")
    if said.op == "table_users":
        users = work_out("users", [single(said.args[1])])
        rows = {code for code, _ in of_countries(column_of(grid, grid.columns[0]))}
        return set(codes_of(said.args[0])) == rows & set(users)
    result = from_table(said, grid, work_out)
    if said.op == "top_row":
        return bool(result.lower() == said.word("row"))
    return bool(Fraction(str(said.args[-1])) == result)


def _is_shifted(before: str, sign: str, hours: str, after: str) -> bool:
    start, end = (60 * int(time[:2]) + int(time[3:]) for time in (before, after))
    shift = 60 * Fraction(hours) * (1 if sign == "plus" else -1)
    return start + shift == end
