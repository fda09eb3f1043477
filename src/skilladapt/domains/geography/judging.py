"""Which answers to a question that was read are right, and of which type they must be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from skilladapt.domains.geography.facts import countries
from skilladapt.domains.geography.looking_up import Unknown
from skilladapt.domains.geography.naming import is_named, is_order
from skilladapt.domains.geography.reading import Grid, Question, Said, Unreadable
from skilladapt.domains.geography.results import ORDERS, WorkOut, code_of, result_of, single
from skilladapt.domains.geography.statements import is_true
from skilladapt.records import AnswerType

_NUMBERS: Final[Mapping[str, str]] = {
    "population": "million",
    "area": "thousand square kilometres",
    "output": "billion dollars",
    "latitude_difference": "degrees",
    "time_difference": "hours",
    "number_of_neighbours": "",
    "people_together": "million",
    "area_together": "thousand square kilometres",
    "population_difference": "million",
    "times_as_large": "times",
    "inverse_times": "times",
    "density": "per square kilometre",
    "output_per_person": "thousand dollars per person",
    "rank": "",
    "rank_last": "",
    "share": "percent",
    "average": "million",
    "neighbours_without_coast": "",
    "neighbours_with_currency": "",
    "neighbours_together": "million",
    "borders_to_cross": "borders",
    "cell": "",
    "column_sum": "",
    "rows_above": "",
    "row_share": "percent",
    "row_density": "per square kilometre",
    "country_total": "",
    "country_users": "",
}
"""Operations whose result is a number, and the unit that the answer counts in."""
_YES_NO: Final = frozenset(
    ["coast", "same_continent", "same_currency", "shared_language", "capital_is_largest", "borders"]
)
_COUNTRIES: Final = frozenset(
    ["country", "described", "more_populous", "larger", "more_output", "denser", "richer"]
)
_CHOICES: Final = frozenset({"one_language", "one_neighbour", "users", "countries_of_language"})
_DIRECTIONS: Final = frozenset({"north_or_south", "east_or_west"})


@dataclass(frozen=True)
class Wanted:
    """What is right for a question."""

    kind: str
    """`number`, `choice` (yes, true, north), `option`, `order`, `country`, `capital`, `both` or `text`."""
    values: tuple[str, ...]
    """As they stand in the table; a letter for an option; numbers in decimals."""
    unit: str = ""
    """Words that may follow a number."""

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
        if any(is_named(option, value, wanted.kind, wanted.unit) for value in wanted.values)
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
        country = code_of(of, work_out)
        parts = [_shown(str(op), work_out(str(op), [country])) for op in (first, second)]
        unit = " ".join(_NUMBERS.get(str(op), "") for op in (first, second))
        return Wanted("both", ("; ".join(parts),), unit)
    if said.op in _CHOICES:
        return _choice(said, work_out)
    result = result_of(said, grid, work_out)
    if said.op in _NUMBERS:
        unit = f"{_NUMBERS[said.op]} {said.word('item')}"
        return Wanted("number", (decimal(result),), unit)
    if said.op in _YES_NO:
        return Wanted("choice", ("yes" if result else "no",))
    if said.op in _DIRECTIONS:
        return Wanted("choice", (result,))
    if said.op in ORDERS:
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
        return Wanted("text", work_out("languages", [code_of(said.args[0], work_out)]))
    if said.op == "one_neighbour":
        return Wanted("country", work_out("neighbours", [code_of(said.args[0], work_out)]))
    op = "users" if said.op == "users" else "speakers"
    return Wanted("country", work_out(op, [single(said.args[0])]))


def answers_question(wanted: Wanted, answer: str) -> bool:
    """Whether an answer is the one wanted, in any of the names that the table knows."""
    if wanted.kind == "order":
        return is_order(answer, wanted.values[0].split(", "))
    return any(is_named(answer, value, wanted.kind, wanted.unit) for value in wanted.values)
