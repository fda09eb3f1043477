"""Works tasks out: one function for each form of question that asks for facts or compares them.

Every function states the facts it uses, line by line, and raises Unanswerable where there is not one right answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from skilladapt.domains.geography.computing import SOLVERS as COMPUTING
from skilladapt.domains.geography.facts import countries
from skilladapt.domains.geography.joining import SOLVERS as JOINING
from skilladapt.domains.geography.joins import join_line, place
from skilladapt.domains.geography.names import named
from skilladapt.domains.geography.references import (
    Measure,
    area,
    conclude,
    greatest,
    output,
    population,
    resolve,
)
from skilladapt.domains.geography.relations import RELATIONS
from skilladapt.domains.geography.tables import SOLVERS as TABLES
from skilladapt.domains.geography.task import Claim, Task
from skilladapt.domains.geography.working import Solution, Unanswerable, Working


def solve(task: Task, allowed: frozenset[str]) -> Solution | None:
    """The task worked out with lines of `allowed` skills; None where it has not exactly one right answer."""
    working = Working(allowed)
    try:
        solution = _SOLVERS[task.form](task, working)
    except Unanswerable:
        return None
    if not task.options:
        several = len(solution.answers) > 1 and task.form not in ("one neighbour",)
        return None if several or task.form in CHOICES else solution
    right = [
        letter for letter, option in zip("ABCDEFGH", task.options, strict=False) if option in solution.answers
    ]
    if len(right) != 1 or len(set(task.options)) < len(task.options):
        return None
    *before, last = solution.lines
    marked = last._replace(text=f"{last.text}, so option {right[0]} is right")
    return replace(solution, lines=(*before, marked), answers=(right[0],), answer_type="choice")


CHOICES: Final = frozenset({"one neighbour", "one language", "users", "countries of language"})
"""Forms that always come with options."""


def _fact(task: Task, working: Working) -> Solution:
    relation = RELATIONS["language" if task.form == "one language" else task.form]
    code = resolve(task.ref, working) if "X" in task.args else place(task.place("C"), working)
    country = working.fact(relation.key, code)
    if "X" in task.args and (relation.key != "language" or len(country.languages or ()) == 1):
        join_line(relation.key, task.ref, relation.value(country) or "", working)
    answers = relation.answers(country)
    if relation.key == "one neighbour":
        working.mentions.update(answers)
        return working.done([named(code) for code in answers], relation.answer_type)
    return working.done(answers, relation.answer_type)


def _country_of_capital(task: Task, working: Working) -> Solution:
    code = task.text("C")
    country = working.country(code)
    if country.capital == country.name:
        raise Unanswerable("the capital names the country already")
    conclude("capital", [code], code, working)
    return working.done([named(code)])


def _half(skill: str, key: str, directions: str, origin: str) -> Callable[[Task, Working], Solution]:
    def solver(task: Task, working: Working) -> Solution:
        country = working.fact(key, place(task.place("C"), working))
        value = country.latitude if key == "latitude" else country.longitude
        positive, negative = directions.split()
        found = positive if (value or 0) > 0 else negative
        working.note(skill, f"{country.capital} lies {found} of {origin}", country.code)
        return working.done([found], "choice")

    return solver


def _pair(task: Task, working: Working) -> tuple[str, str]:
    first, second = (resolve(task.reference(key), working) for key in "XY")
    if first == second:
        raise Unanswerable("one country twice")
    return first, second


def _comparison(kind: str, measure: Measure) -> Callable[[Task, Working], Solution]:
    def solver(task: Task, working: Working) -> Solution:
        codes = _pair(task, working)
        found = greatest(working, codes, measure)
        conclude(kind, codes, found, working)
        return working.done([named(found)])

    return solver


def _same(skill: str, key: str, same: str, other: str) -> Callable[[Task, Working], Solution]:
    def solver(task: Task, working: Working) -> Solution:
        codes = _pair(task, working)
        values = {RELATIONS[key].value(working.fact(key, code)) for code in codes}
        both = " and ".join(map(named, codes))
        working.note(skill, f"{both} {same if len(values) == 1 else other}", *codes)
        return working.done(["yes" if len(values) == 1 else "no"], "choice")

    return solver


def _shared_language(task: Task, working: Working) -> Solution:
    first, second = (working.fact("language", code) for code in _pair(task, working))
    shared = sorted({*(first.languages or ())} & {*(second.languages or ())})
    both = f"{named(first.code)} and {named(second.code)}"
    working.note(
        "shared-languages",
        f"{both} share the official language {shared[0]}" if shared else f"{both} share no official language",
        first.code,
        second.code,
    )
    return working.done(["yes" if shared else "no"], "choice")


def _capital_largest(task: Task, working: Working) -> Solution:
    code = resolve(task.ref, working)
    country = working.fact("capital", code)
    working.fact("largest city", code)
    same = country.capital == country.largest_city
    working.note(
        "capital-and-largest-city",
        f"the capital of {named(code)} is {'also' if same else 'not'} its largest city",
        code,
    )
    return working.done(["yes" if same else "no"], "choice")


def _borders(task: Task, working: Working) -> Solution:
    first, second = _pair(task, working)
    neighbours = working.fact("one neighbour", first).neighbours or ()
    return working.done(["yes" if second in neighbours else "no"], "choice")


def _chosen(skill: str, key: str, line: str) -> Callable[[Task, Working], Solution]:
    """Which of the options, all of them countries, has a currency or a language."""

    def solver(task: Task, working: Working) -> Solution:
        wanted = task.text("M" if key == "currency" else "L")
        by_name = {named(code): code for code in countries()}
        found = []
        for option in task.options:
            country = working.country(by_name[option])
            answers = RELATIONS[key].answers(country)
            if RELATIONS[key].value(country) is None:
                raise Unanswerable("a fact of an option is missing")
            if wanted in answers:
                found.append(country.code)
        if len(found) != 1:
            raise Unanswerable("none or several of the options are right")
        working.fact(key, found[0])
        working.note(skill, line.format(X=named(found[0]), V=wanted))
        return working.done([named(found[0])])

    return solver


def _number_of_neighbours(task: Task, working: Working) -> Solution:
    code = resolve(task.ref, working)
    number = len(working.fact("one neighbour", code).neighbours or ())
    working.note("number-of-neighbours", f"the number of neighbours of {named(code)} is {number}", code)
    return working.done([str(number)], "number")


def _which(task: Task, working: Working) -> Solution:
    if isinstance(task.ref, str):
        raise Unanswerable("it is named")
    return working.done([named(resolve(task.ref, working))])


def _claim(task: Task, working: Working) -> Solution:
    claim = task.args["S"]
    assert isinstance(claim, Claim)
    relation = RELATIONS[claim.relation]
    country = working.fact(claim.relation, claim.code)
    claimed = relation.value(working.country(claim.value_of))
    if claimed is None or (claim.relation == "language" and claimed != relation.value(country)):
        # Half of a list of languages, or a list with one too many, could be called right or wrong.
        mine, theirs = country.languages or (), working.country(claim.value_of).languages or ()
        if claimed is None or {*mine} & {*theirs}:
            raise Unanswerable("neither right nor wrong")
    return working.done(["true" if claimed == relation.value(country) else "false"], "choice")


def _both(task: Task, working: Working) -> Solution:
    code = resolve(task.ref, working)
    keys = (task.text("Q"), task.text("R"))
    answers: list[str] = []
    for key in keys:
        found = RELATIONS[key].answers(working.fact(key, code))
        if len(found) != 1 or keys[0] == keys[1]:
            raise Unanswerable("not one value")
        answers += found
    return working.done(["; ".join(answers)])


Solver = Callable[[Task, Working], Solution]

_SOLVERS: Final[Mapping[str, Solver]] = {
    **{key: _fact for key in RELATIONS},
    "one language": _fact,
    "country of capital": _country_of_capital,
    "half": _half("hemispheres", "latitude", "north south", "the equator"),
    "side": _half("east-or-west-of-greenwich", "longitude", "east west", "Greenwich"),
    "same continent": _same(
        "same-continent", "continent", "lie on the same continent", "do not lie on the same continent"
    ),
    "same currency": _same("same-currency", "currency", "use the same currency", "do not use the same currency"),
    "shared language": _shared_language,
    "capital largest": _capital_largest,
    "borders": _borders,
    "users": _chosen("users-of-a-currency", "currency", "{X} uses the {V}"),
    "countries of language": _chosen("countries-of-a-language", "language", "{V} is an official language of {X}"),
    "number of neighbours": _number_of_neighbours,
    "more people": _comparison("more people", population),
    "larger": _comparison("larger", area),
    "more output": _comparison("more output", output),
    "which": _which,
    "claim": _claim,
    "both": _both,
    **COMPUTING,
    **JOINING,
    **TABLES,
}
FORMS: Final = tuple(_SOLVERS)
"""All forms of question."""
