"""Works tasks out that go from a country to its neighbours and on from there."""

from collections.abc import Callable, Mapping
from typing import Final

from skilladapt.domains.geography.computing import density_of, people_together
from skilladapt.domains.geography.joins import join_line
from skilladapt.domains.geography.names import named, plain
from skilladapt.domains.geography.references import neighbours_of, resolve
from skilladapt.domains.geography.routes import note_way
from skilladapt.domains.geography.task import Task
from skilladapt.domains.geography.working import Solution, Unanswerable, Working

Solver = Callable[[Task, Working], Solution]


def _density(task: Task, working: Working) -> Solution:
    found = plain(density_of(working, resolve(task.ref, working)))
    join_line("density", task.ref, f"{found} people per square kilometre", working)
    return working.done([found], "number")


def _without_coast(task: Task, working: Working) -> Solution:
    code = resolve(task.ref, working)
    found = [other for other in neighbours_of(working, code, 2) if not working.fact("coast", other).coast]
    return _counted(working, code, "neighbours-without-coast", "without sea coast", len(found))


def _with_currency(task: Task, working: Working) -> Solution:
    code = resolve(task.ref, working)
    neighbours = neighbours_of(working, code, 2)
    own = working.fact("currency", code).currency
    found = [other for other in neighbours if working.fact("currency", other).currency == own]
    return _counted(working, code, "neighbours-with-the-same-currency", "with the same currency", len(found))


def _counted(working: Working, code: str, skill: str, which: str, number: int) -> Solution:
    working.note(skill, f"the number of neighbours of {named(code)} {which} is {number}", code)
    return working.done([str(number)], "number")


def _together(task: Task, working: Working) -> Solution:
    code = resolve(task.ref, working)
    total = people_together(working, neighbours_of(working, code, 2))
    working.note(
        "neighbours-together",
        f"the combined population of the neighbours of {named(code)} is {plain(total)} million",
        code,
    )
    return working.done([plain(total)], "number")


def _borders_to_cross(task: Task, working: Working) -> Solution:
    start, goal = (resolve(task.reference(key), working) for key in "XY")
    if start == goal:
        raise Unanswerable("no way at all")
    number = note_way(working, start, goal)
    way = f"the way by land from {named(start)} to {named(goal)} with the fewest borders"
    working.note("borders-to-cross", f"{way} crosses {number}", start, goal)
    return working.done([str(number)], "number")


SOLVERS: Final[Mapping[str, Solver]] = {
    "density": _density,
    "neighbours without coast": _without_coast,
    "neighbours with the currency": _with_currency,
    "neighbours together": _together,
    "borders to cross": _borders_to_cross,
}
"""By form."""
