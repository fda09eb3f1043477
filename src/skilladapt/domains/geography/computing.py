"""Works tasks out whose answer is computed from facts: sums, differences, quotients, orders, degrees and hours."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final

from skilladapt.domains.geography.facts import countries
from skilladapt.domains.geography.joins import place
from skilladapt.domains.geography.names import (
    MINUTES_A_DAY,
    clock,
    exact,
    listed,
    minutes_of,
    named,
    plain,
    rounded,
)
from skilladapt.domains.geography.references import (
    CapitalOf,
    Described,
    Measure,
    area,
    in_order,
    output,
    population,
    resolve,
)
from skilladapt.domains.geography.task import Task
from skilladapt.domains.geography.working import Solution, Unanswerable, Working

Solver = Callable[[Task, Working], Solution]
_AT_NEIGHBOUR: Final = "time-at-the-largest-neighbour"
SMALLEST: Final = Fraction(1, 2)
"""Million people or thousand square kilometres; smaller countries make quotients nobody would ask for."""


def quotient(
    working: Working, skill: str, work: str, value: Fraction, decimals: int, conclusion: str = "", *about: str
) -> str:
    """Adds the line of a division and what follows from it; returns the result as it is written."""
    found = rounded(value, decimals)
    if found is None or found == 0:
        raise Unanswerable("it lies on the border between two roundings")
    mark = "" if found == value else " (rounded)"
    so = f", so {conclusion.format(V=plain(found))}" if conclusion else ""
    working.note(skill, f"{work} = {plain(found)}{mark}{so}", *about)
    return plain(found)


def _between(skill: str, key: str) -> Solver:
    """How far two capitals are apart: degrees of latitude, or hours of standard time."""

    def solver(task: Task, working: Working) -> Solution:
        codes = [place(task.place(one), working) for one in "CD"]
        found = _apart(working, skill, key, *codes)
        return working.done([plain(found)], "number")

    return solver


def _coordinate(working: Working, key: str, code: str) -> Fraction:
    country = working.fact(key, code)
    return exact((country.latitude if key == "latitude" else country.utc) or 0)


def _apart(working: Working, skill: str, key: str, here: str, there: str) -> Fraction:
    first, second = (_coordinate(working, key, code) for code in (here, there))
    if first == second:
        raise Unanswerable("they are the same")
    found = abs(first - second)
    high, low = max(abs(first), abs(second)), min(abs(first), abs(second))
    sign = "+" if first * second < 0 else "-"
    working.note(skill, f"{plain(high)} {sign} {plain(low)} = {plain(found)}", here, there)
    return found


def _further_north(task: Task, working: Working) -> Solution:
    first, second = (place(task.place(one), working) for one in "CD")
    capitals = [working.fact("latitude", code) for code in (first, second)]
    if first == second or capitals[0].latitude == capitals[1].latitude:
        raise Unanswerable("they are the same")
    best = max(capitals, key=lambda country: country.latitude or 0)
    names = " and ".join(str(country.capital) for country in capitals)
    working.note("further-north", f"the further north of {names} is {best.capital}", first, second)
    return working.done([str(best.capital)])


def _time(task: Task, working: Working, here: str, there: str) -> str:
    """The time there when it is `K` here; only within the same day."""
    start = task.text("K")
    hours = _apart(working, "time-differences", "standard time", here, there)
    shift = int(hours * 60) * (1 if (countries()[there].utc or 0) > (countries()[here].utc or 0) else -1)
    found = minutes_of(start) + shift
    if not 0 <= found < MINUTES_A_DAY:
        raise Unanswerable("another day")
    sign = "plus" if shift > 0 else "minus"
    unit = "hour" if hours == 1 else "hours"
    working.note("clock-times", f"{start} {sign} {plain(hours)} {unit} is {clock(found)}", here, there)
    return clock(found)


def _clock(task: Task, working: Working) -> Solution:
    here, there = (place(task.place(one), working) for one in "CD")
    found = _time(task, working, here, there)
    match task.args["D"]:
        case CapitalOf(Described("largest neighbour")) if _AT_NEIGHBOUR in working.allowed:
            working.note(_AT_NEIGHBOUR, f"in {working.country(there).capital} it is then {found}")
    return working.done([found])


def _order(skill: str, measure: Measure, what: str) -> Solver:
    def solver(task: Task, working: Working) -> Solution:
        names = listed([named(code) for code in _ordered(working, task, skill, measure, what)])
        return working.done([names])

    return solver


def _ordered(working: Working, task: Task, skill: str, measure: Measure, what: str) -> list[str]:
    ranked = in_order(working, task.codes(), measure)
    names = listed([named(code) for code in ranked])
    working.note(skill, f"{working.compared}, so the order by {what} is {names}", *ranked)
    working.compared = ""
    return ranked


def _total(working: Working, codes: tuple[str, ...], skill: str, measure: Measure, conclusion: str) -> Fraction:
    values = [measure(working, code) for code in codes]
    total = sum(values, Fraction(0))
    work = " + ".join(map(plain, values))
    working.note(skill, f"{work} = {plain(total)}, so {conclusion.format(V=plain(total))}", *codes)
    return total


def people_together(working: Working, codes: tuple[str, ...]) -> Fraction:
    """The combined population, millions."""
    names = listed([named(code) for code in codes])
    return _total(
        working,
        codes,
        "combined-populations",
        population,
        f"the combined population of {names} is {{V}} million",
    )


def _together(task: Task, working: Working) -> Solution:
    return working.done([plain(people_together(working, task.codes()))], "number")


def _area_together(task: Task, working: Working) -> Solution:
    names = listed([named(code) for code in task.codes()])
    conclusion = f"the combined area of {names} is {{V}} thousand square kilometres"
    return working.done([plain(_total(working, task.codes(), "combined-areas", area, conclusion))], "number")


def _two(task: Task, working: Working, measure: Measure) -> tuple[Fraction, Fraction]:
    first, second = (measure(working, resolve(task.reference(key), working)) for key in "XY")
    if first <= second:
        raise Unanswerable("the first is not the larger one")
    return first, second


def _difference(task: Task, working: Working) -> Solution:
    first, second = _two(task, working, population)
    if second < SMALLEST:
        raise Unanswerable("nobody compares these")
    working.note("population-differences", f"{plain(first)} - {plain(second)} = {plain(first - second)}")
    return working.done([plain(first - second)], "number")


def _times(task: Task, working: Working) -> Solution:
    first, second = _two(task, working, area)
    work = f"{plain(first)} / {plain(second)}"
    if second < SMALLEST or first > 100 * second:
        raise Unanswerable("nobody compares these")
    return working.done([quotient(working, "times-as-large", work, first / second, 1)], "number")


def density_of(working: Working, code: str) -> Fraction:
    """People per square kilometre, as a whole number."""
    people, land = population(working, code), area(working, code)
    if people < SMALLEST or land < SMALLEST:
        raise Unanswerable("too small")
    return Fraction(
        quotient(
            working,
            "population-density",
            f"{plain(people)} * 1000 / {plain(land)}",
            1000 * people / land,
            0,
            f"the population density of {named(code)} is {{V}} people per square kilometre",
            code,
        )
    )


def per_person_of(working: Working, code: str) -> Fraction:
    """Thousands of dollars, to one decimal."""
    money, people = output(working, code), population(working, code)
    if people < SMALLEST:
        raise Unanswerable("too small")
    return Fraction(
        quotient(
            working,
            "output-per-person",
            f"{plain(money)} / {plain(people)}",
            money / people,
            1,
            f"the output per person of {named(code)} is {{V}} thousand dollars",
            code,
        )
    )


def _per_person(task: Task, working: Working) -> Solution:
    return working.done([plain(per_person_of(working, resolve(task.ref, working)))], "number")


def _by_quotient(skill: str, measure: Measure, phrase: str) -> Solver:
    def solver(task: Task, working: Working) -> Solution:
        codes = [resolve(task.reference(key), working) for key in "XY"]
        ranked = in_order(working, codes, measure)
        if len(set(codes)) < 2:
            raise Unanswerable("one country twice")
        pair = " and ".join(map(named, codes))
        working.note(skill, f"{working.compared}, so {phrase} of {pair} is {named(ranked[0])}")
        return working.done([named(ranked[0])])

    return solver


def _rank(task: Task, working: Working) -> Solution:
    code = task.text("X")
    ranked = _ordered(working, task, "ordering-populations", population, "population")
    found = str(ranked.index(code) + 1)
    names = listed([named(other) for other in task.codes()])
    working.note("population-ranks", f"the rank of {named(code)} by population among {names} is {found}")
    return working.done([found], "number")


def _share(task: Task, working: Working) -> Solution:
    total = people_together(working, task.codes())
    part = population(working, task.text("X"))
    work = f"100 * {plain(part)} / {plain(total)}"
    return working.done([quotient(working, "population-shares", work, 100 * part / total, 0)], "number")


def _average(task: Task, working: Working) -> Solution:
    total, number = people_together(working, task.codes()), len(task.codes())
    work = f"{plain(total)} / {number}"
    return working.done([quotient(working, "average-populations", work, total / number, 1)], "number")


SOLVERS: Final[Mapping[str, Solver]] = {
    "latitude difference": _between("latitude-differences", "latitude"),
    "time difference": _between("time-differences", "standard time"),
    "further north": _further_north,
    "clock": _clock,
    "order by population": _order("ordering-populations", population, "population"),
    "order by area": _order("ordering-areas", area, "area"),
    "people together": _together,
    "area together": _area_together,
    "population difference": _difference,
    "times as large": _times,
    "output per person": _per_person,
    "denser": _by_quotient("comparing-densities", density_of, "the more densely populated"),
    "richer": _by_quotient(
        "comparing-output-per-person", per_person_of, "the one with the larger output per person"
    ),
    "rank": _rank,
    "share": _share,
    "average": _average,
}
"""By form; density itself stands with what is joined."""
