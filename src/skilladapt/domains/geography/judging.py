"""What a question that was read comes to, which answers are right, and whether a line of a solution is true.

All of it is worked out by one of the two methods, whose only part is a single operation at a time.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from skilladapt.domains.geography.facts import countries
from skilladapt.domains.geography.looking_up import Unknown
from skilladapt.domains.geography.naming import is_named, is_order, names_of
from skilladapt.domains.geography.reading import Grid, Node, Question, Said, Unreadable, Value
from skilladapt.domains.geography.vocabulary import code_of_name
from skilladapt.records import AnswerType

WorkOut = Callable[[str, Sequence[Any]], Any]
"""A method: an operation and its arguments to the result, or Unknown."""

_NUMBERS: Final = frozenset(
    "population area output latitude_difference time_difference number_of_neighbours people_together area_together "
    "population_difference times_as_large density output_per_person rank share average neighbours_without_coast "
    "neighbours_with_currency neighbours_together borders_to_cross cell column_sum rows_above row_share row_quotient "
    "country_total country_users inverse_times rank_last row_density".split()
)
_YES_NO: Final = frozenset("coast same_continent same_currency shared_language capital_is_largest borders".split())
_COUNTRIES: Final = frozenset("country described more_populous larger more_output denser richer".split())
_ORDERS: Final = frozenset({"order_by_population", "order_by_area"})
_CHOICES: Final = frozenset({"one_language", "one_neighbour", "users", "countries_of_language"})
_DIRECTIONS: Final = frozenset({"north_or_south", "east_or_west"})
PEOPLE, LAND = "people", "square kilometres"


@dataclass(frozen=True)
class Wanted:
    """What is right for a question."""

    kind: str
    """`number`, `choice` (yes, no, true, false, a direction), `option`, `order`, `country`, `capital`, `both`, `text`."""
    values: tuple[str, ...]
    """As they stand in the table; a letter for an option; numbers in decimals."""

    @property
    def answer_type(self) -> AnswerType:
        """The type that an answer must have."""
        return "number" if self.kind == "number" else "choice" if self.kind in ("choice", "option") else "text"


def wanted_of(question: Question, work_out: WorkOut) -> Wanted:
    """What is right. Raises Unknown where the facts do not tell, Unreadable where the question makes no sense."""
    wanted = _wanted(question.said, question.grid, work_out, question.options)
    if not question.options:
        if question.said.op in _CHOICES or len(wanted.values) != 1:
            raise Unreadable("it asks for a choice and offers none")
        return wanted
    right = [
        letter
        for letter, option in zip("ABCDEFGH", question.options, strict=False)
        if any(is_named(option, value, wanted.kind) for value in wanted.values)
    ]
    if len(right) != 1:
        raise Unknown(f"{len(right)} of the options are right")
    return Wanted("option", tuple(right))


def _wanted(said: Said, grid: Grid | None, work_out: WorkOut, options: Sequence[str]) -> Wanted:
    if said.op == "claim":
        if said.claim is None:
            raise Unreadable("nothing is claimed")
        return Wanted("choice", ("true" if is_true(said.claim, None, (), work_out) else "false",))
    if said.op == "both":
        first, second, of = said.args
        country = _resolved(of, work_out)
        parts = [_shown(str(op), work_out(str(op), [country])) for op in (first, second)]
        return Wanted("both", ("; ".join(parts),))
    if said.op in _CHOICES:
        return _choice(said, work_out)
    result = result_of(said, grid, work_out)
    if said.op in _NUMBERS:
        return Wanted("number", (decimal(result),))
    if said.op in _YES_NO:
        return Wanted("choice", ("yes" if result else "no",))
    if said.op in _DIRECTIONS:
        return Wanted("choice", (result,))
    if said.op in _ORDERS:
        return Wanted("order", (", ".join(result),))
    if said.op in _COUNTRIES:
        return Wanted("country", (result,))
    if said.op == "further_north":
        return Wanted("capital", (result,))
    return Wanted(
        "capital" if said.op == "capital" else "text", (result if said.op != "capital" else _code(result),)
    )


def _code(capital: str) -> str:
    return next(code for code, country in countries().items() if country.capital == capital)


def _shown(op: str, result: Any) -> str:
    return decimal(result) if op in _NUMBERS else str(result)


def decimal(value: Fraction) -> str:
    """A number in decimals, without a needless zero."""
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):.6f}".rstrip("0")


def _choice(said: Said, work_out: WorkOut) -> Wanted:
    if said.op == "one_language":
        return Wanted("text", work_out("languages", [_resolved(said.args[0], work_out)]))
    if said.op == "one_neighbour":
        return Wanted("country", work_out("neighbours", [_resolved(said.args[0], work_out)]))
    op = "users" if said.op == "users" else "speakers"
    return Wanted("country", work_out(op, [_single(said.args[0])]))


def _single(value: Value) -> str:
    if not isinstance(value, tuple) or len(value) != 1:
        raise Unreadable("one name is expected")
    return value[0]


def _resolved(value: Value, work_out: WorkOut) -> str:
    """The code of a country that is named or described."""
    if isinstance(value, Node):
        return str(work_out(value.op, [_resolved(one, work_out) for one in value.args]))
    if isinstance(value, tuple):
        raise Unreadable("one country is expected")
    return value


def _codes(value: Value) -> tuple[str, ...]:
    names = value if isinstance(value, tuple) else ()
    known = code_of_name()
    if not names or len(set(names)) < len(names) or any(name not in known for name in names):
        raise Unreadable("different countries are expected")
    return tuple(known[name] for name in names)


def result_of(said: Said, grid: Grid | None, work_out: WorkOut) -> Any:
    """The result of what is asked, before it is put into words."""
    op, args = said.op, said.args
    if grid is not None:
        return _from_table(said, grid, work_out)
    if op in ("people_together", "area_together", "order_by_population", "order_by_area", "average"):
        codes = _codes(args[0])
        if len(codes) < 2:
            raise Unreadable("several countries are expected")
        return work_out(op, [codes])
    if op in ("rank", "rank_last", "share"):
        listed, one = (args[0], args[1]) if isinstance(args[0], tuple) else (args[1], args[0])
        code, codes = _resolved(one, work_out), _codes(listed)
        return work_out("share", [codes, code]) if op == "share" else work_out("rank", [code, codes])
    if op in ("clock", "clock_in_country"):
        here, clock = (args[1], args[0]) if _is_clock(args[0]) else (args[0], args[1])
        return _time(clock, here, args[2], work_out)
    found = [_resolved(one, work_out) for one in args]
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
    places = [_resolved(here, work_out), _resolved(there, work_out)]
    if places[0] == places[1]:
        raise Unknown("it names one place twice")
    return work_out("clock", [clock, *places])


def _column(grid: Grid, item: str) -> tuple[tuple[str, int], ...]:
    if item not in grid.columns:
        raise Unreadable("the table has no such column")
    place = grid.columns.index(item)
    return tuple((name, numbers[place]) for name, numbers in grid.rows)


def _row(grid: Grid, row: str) -> str:
    found = [name for name, _ in grid.rows if name.lower() == row]
    if len(found) != 1:
        raise Unreadable("the table has no such line")
    return found[0]


def _from_table(said: Said, grid: Grid, work_out: WorkOut) -> Any:
    if said.op == "row_density":
        row = _row(grid, said.word("row"))
        values = [work_out("cell", [_column(grid, item), row]) for item in (PEOPLE, LAND)]
        found = work_out("row_quotient", values)
        if found.denominator != 1:
            raise Unknown("it comes to no whole number")
        return found
    if said.op == "country_users":
        return work_out(said.op, [_of_countries(_column(grid, grid.columns[0])), _single(said.args[0])])
    column = _column(grid, said.word("item"))
    if said.op == "country_total":
        return work_out(said.op, [_of_countries(column), _single(said.args[0])])
    if said.op in ("cell", "row_share"):
        return work_out(said.op, [column, _row(grid, said.word("row"))])
    if said.op == "rows_above":
        return work_out(said.op, [column, Fraction(str(said.args[0]))])
    return work_out(said.op, [column])


def _of_countries(column: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    known = {names_of(code)[0].removeprefix("the "): code for code in countries()}
    if any(name not in known for name, _ in column):
        raise Unreadable("not every line of the table is a country")
    return tuple((known[name], value) for name, value in column)


# --- lines -------------------------------------------------------------------------------------------------


def is_true(said: Said, grid: Grid | None, lines_of: Sequence[str], work_out: WorkOut) -> bool:
    """Whether what a line states holds. Raises Unknown or Unreadable where that cannot be told."""
    op, args = said.op, said.args
    if op in ("cell", "top_row", "column_sum", "rows_above", "country_total", "table_users"):
        return _holds_in_table(said, grid, work_out)
    if op == "same":
        return _resolved(args[0], work_out) == _resolved(args[1], work_out)
    if op == "shifted":
        return _is_shifted(str(args[0]), said.word("word"), str(args[1]), str(args[2]))
    if op == "then":
        return str(args[1]) in lines_of
    if op in ("same_continent", "same_currency"):
        holds = work_out(op, [_resolved(one, work_out) for one in args])
        return bool(holds) == (not said.word("word").startswith("do not"))
    if op in ("speaks", "share_language", "share_none", "languages", "neighbours", "no_neighbours"):
        return _holds_of_several(said, work_out)
    if op == "capital_is_largest":
        return bool(work_out(op, [_resolved(args[0], work_out)])) == (said.word("word") == "also")
    if op == "has_coast":
        return bool(work_out("coast", [_resolved(args[0], work_out)])) == (said.word("word") == "a")
    if said.word("word"):
        return str(work_out(op, [_resolved(args[0], work_out)])).lower() == said.word("word")
    stated = args[-1]
    if op in _ORDERS:
        return bool(work_out(op, [_codes(stated)]) == _codes(stated))
    result = result_of(Said(op, args[:-1]), None, work_out)
    if isinstance(result, Fraction):
        return isinstance(stated, str) and Fraction(stated) == result
    return _single(stated) == result


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
    """The numbers, the largest first, that a conclusion is drawn from. Raises Unreadable where it compares nothing."""
    if said.op == "top_row" and grid is not None:
        return sorted((Fraction(value) for _, value in _column(grid, said.word("item"))), reverse=True)
    node = next((one for one in said.args if isinstance(one, Node)), None)
    if said.op in _ORDERS:
        op, codes = said.op, _codes(said.args[-1])
    elif said.op == "same" and node is not None:
        op, codes = node.op, tuple(_resolved(one, work_out) for one in node.args)
        codes = work_out("neighbours", codes) if op.endswith("_neighbour") else codes
    else:
        raise Unreadable("it follows from no comparison")
    if op not in _MEASURES:
        raise Unreadable("it follows from no comparison")
    return sorted((work_out(_MEASURES[op], [code]) for code in codes), reverse=True)


def _holds_of_several(said: Said, work_out: WorkOut) -> bool:
    args = said.args
    if said.op == "speaks":
        return _single(args[0]) in work_out("languages", [_resolved(args[1], work_out)])
    if said.op in ("share_language", "share_none"):
        shared = work_out("shared_languages", [_resolved(one, work_out) for one in args[:2]])
        return not shared if said.op == "share_none" else _single(args[2]) in shared
    if said.op == "languages":
        stated = args[1]
        return isinstance(stated, tuple) and sorted(stated) == sorted(
            work_out("languages", [_resolved(args[0], work_out)])
        )
    found = work_out("neighbours", [_resolved(args[0], work_out)])
    return not found if said.op == "no_neighbours" else sorted(_codes(args[1])) == sorted(found)


def _holds_in_table(said: Said, grid: Grid | None, work_out: WorkOut) -> bool:
    if grid is None:
        raise Unreadable("there is no table")
    if said.op == "table_users":
        users = work_out("users", [_single(said.args[1])])
        rows = {code for code, _ in _of_countries(_column(grid, grid.columns[0]))}
        return set(_codes(said.args[0])) == rows & set(users)
    result = _from_table(said, grid, work_out)
    if said.op == "top_row":
        return bool(result.lower() == said.word("row"))
    return bool(Fraction(str(said.args[-1])) == result)


def _is_shifted(before: str, sign: str, hours: str, after: str) -> bool:
    start, end = (60 * int(time[:2]) + int(time[3:]) for time in (before, after))
    shift = 60 * Fraction(hours) * (1 if sign == "plus" else -1)
    return start + shift == end


def answers_question(wanted: Wanted, answer: str) -> bool:
    """Whether an answer is the one wanted, in any of the names that the table knows."""
    if wanted.kind == "order":
        return is_order(answer, wanted.values[0].split(", "))
    return any(is_named(answer, value, wanted.kind) for value in wanted.values)
