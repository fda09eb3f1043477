"""Works tasks out that go from a country to its neighbours and on from there."""

from collections.abc import Callable, Mapping
from typing import Final

from skilladapt.domains.geography.computing import density_of, people_together, tell_time
from skilladapt.domains.geography.facts import countries
from skilladapt.domains.geography.names import named, plain
from skilladapt.domains.geography.references import Ref, neighbours_of, resolve
from skilladapt.domains.geography.routes import note_way
from skilladapt.domains.geography.task import Task
from skilladapt.domains.geography.working import Solution, Unanswerable, Working

Solver = Callable[[Task, Working], Solution]

JOINS: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("continent", "capital"): ("continent-by-capital", "the continent of the country whose capital is {C}"),
    ("currency", "capital"): ("currency-by-capital", "the currency of the country whose capital is {C}"),
    ("language", "capital"): ("language-by-capital", "the official language of the country whose capital is {C}"),
    ("capital", "largest neighbour"): (
        "capital-of-the-largest-neighbour",
        "the capital of the largest neighbour of {X} by area",
    ),
    ("capital", "common neighbour"): (
        "capital-of-a-common-neighbour",
        "the capital of the common neighbour of {X} and {Y}",
    ),
    ("currency", "most populous neighbour"): (
        "currency-of-the-most-populous-neighbour",
        "the currency of the most populous neighbour of {X}",
    ),
    ("density", "largest neighbour"): (
        "density-of-the-largest-neighbour",
        "the population density of the largest neighbour of {X} by area",
    ),
}
"""Skills that ask for something of a country described in one way, and the line that sums it up."""


def join_line(form: str, ref: Ref, value: str, working: Working) -> None:
    """Sums up what was found of a described country, where a skill is about just that."""
    if isinstance(ref, str) or (form, ref.kind) not in JOINS:
        return
    skill, text = JOINS[form, ref.kind]
    if skill in working.allowed and all(isinstance(inner, str) for inner in ref.of):
        names = dict(zip("XY", (named(str(code)) for code in ref.of), strict=False))
        capital = countries()[str(ref.of[0])].capital
        working.note(skill, f"{text.format(**names, C=capital)} is {value}")


def _density(task: Task, working: Working) -> Solution:
    found = plain(density_of(working, resolve(task.ref, working)))
    join_line("density", task.ref, f"{found} people per square kilometre", working)
    return working.done([found], "number")


def _without_coast(task: Task, working: Working) -> Solution:
    code = resolve(task.ref, working)
    without = [other for other in neighbours_of(working, code, 2) if not working.fact("coast", other).coast]
    working.note(
        "neighbours-without-coast",
        f"the number of neighbours of {named(code)} without sea coast is {len(without)}",
    )
    return working.done([str(len(without))], "number")


def _with_currency(task: Task, working: Working) -> Solution:
    code = resolve(task.ref, working)
    neighbours = neighbours_of(working, code, 2)
    own = working.fact("currency", code).currency
    same = [other for other in neighbours if working.fact("currency", other).currency == own]
    working.note(
        "neighbours-with-the-same-currency",
        f"the number of neighbours of {named(code)} with the same currency is {len(same)}",
    )
    return working.done([str(len(same))], "number")


def _together(task: Task, working: Working) -> Solution:
    code = resolve(task.ref, working)
    total = people_together(working, neighbours_of(working, code, 2))
    working.note(
        "neighbours-together",
        f"the combined population of the neighbours of {named(code)} is {plain(total)} million",
    )
    return working.done([plain(total)], "number")


def _borders_to_cross(task: Task, working: Working) -> Solution:
    start, goal = (resolve(task.reference(key), working) for key in "XY")
    if start == goal:
        raise Unanswerable("no way at all")
    number = note_way(working, start, goal)
    crossed = "1 border" if number == 1 else f"{number} borders"
    working.note(
        "borders-to-cross", f"the shortest way by land from {named(start)} to {named(goal)} crosses {crossed}"
    )
    return working.done([str(number)], "number")


def _clock(task: Task, working: Working) -> Solution:
    there = resolve(task.ref, working)
    country = working.fact("capital", there)
    here = task.text("C")
    if here == there:
        raise Unanswerable("the same place")
    solution = tell_time(task, working, here, there)
    working.note("time-at-the-largest-neighbour", f"in {country.capital} it is then {solution.answers[0]}")
    return working.done(solution.answers)


SOLVERS: Final[Mapping[str, Solver]] = {
    "density": _density,
    "neighbours without coast": _without_coast,
    "neighbours with the currency": _with_currency,
    "neighbours together": _together,
    "borders to cross": _borders_to_cross,
    "clock at neighbour": _clock,
}
"""By form."""
