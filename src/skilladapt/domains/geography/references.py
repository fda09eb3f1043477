"""Countries that are described, not named: `the largest neighbour of Chad`, `the country whose capital is Lima`.

A description stands wherever a country can; what it says is worked out in lines of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from skilladapt.domains.geography.facts import countries
from skilladapt.domains.geography.names import exact, named, plain
from skilladapt.domains.geography.routes import first_steps, note_way
from skilladapt.domains.geography.working import Unanswerable, Working

MOST_NEIGHBOURS: Final = 6
"""Countries with more make solutions that nobody reads."""


@dataclass(frozen=True)
class Described:
    """A country by what is special about it."""

    kind: str
    """A key of `DESCRIPTIONS`."""
    of: tuple["Ref", ...]


Ref = str | Described
"""A code, or a description."""


@dataclass(frozen=True)
class CapitalOf:
    """A capital by its country, where it could be named as well."""

    of: Ref


@dataclass(frozen=True)
class Description:
    """A way to describe a country."""

    skill: str
    phrases: tuple[str, ...]
    """The first one is that of solutions. `{X}`, `{Y}` are countries, `{C}` is the capital of the one meant."""
    find: Callable[[Working, Sequence[str]], str]
    """The code, once the countries it refers to are known; states all facts but the conclusion."""

    @property
    def places(self) -> int:
        """How many countries it refers to."""
        return 2 if "{Y}" in self.phrases[0] else 1


def resolve(ref: Ref, working: Working) -> str:
    """The code of the country meant, after the lines that lead to it."""
    if isinstance(ref, str):
        working.mentions.add(ref)
        return ref
    description = DESCRIPTIONS[ref.kind]
    codes = [resolve(inner, working) for inner in ref.of]
    if len(set(codes)) < len(codes):
        raise Unanswerable("the same country twice")
    found = description.find(working, codes)
    conclude(ref.kind, codes, found, working)
    return found


def conclude(kind: str, codes: Sequence[str], found: str, working: Working) -> None:
    """The line that says which country it is, after what the last comparison has to say."""
    description = DESCRIPTIONS[kind]
    phrase = description.phrases[0].format(
        **dict(zip("XY", map(named, codes), strict=False)), C=countries()[found].capital
    )
    compared = working.compared
    working.compared = ""
    so = f"{compared}, so " if compared else ""
    working.note(description.skill, f"{so}{phrase} is {named(found)}", *codes)
    working.mentions.add(found)


def base(ref: Ref) -> tuple[str, ...]:
    """The codes that a reference starts from."""
    return (ref,) if isinstance(ref, str) else tuple(code for inner in ref.of for code in base(inner))


def greatest(working: Working, codes: Sequence[str], measure: "Measure") -> str:
    """The one with the largest value; the comparison waits for its conclusion."""
    ranked = in_order(working, codes, measure)
    return ranked[0]


def in_order(working: Working, codes: Sequence[str], measure: "Measure") -> list[str]:
    """All of them, the largest value first. Raises Unanswerable where two are equal."""
    values = {code: measure(working, code) for code in codes}
    if len(set(values.values())) < len(values):
        raise Unanswerable("two are equal")
    ranked = sorted(values, key=lambda code: -values[code])
    working.compared = " > ".join(plain(values[code]) for code in ranked) if len(ranked) > 1 else ""
    return ranked


Measure = Callable[[Working, str], Fraction]
"""States a number and returns it."""


def population(working: Working, code: str) -> Fraction:
    """Millions."""
    return exact(working.fact("population", code).population or 0)


def area(working: Working, code: str) -> Fraction:
    """Thousands of square kilometres."""
    return exact(working.fact("area", code).area or 0)


def output(working: Working, code: str) -> Fraction:
    """Billions of dollars."""
    return exact(working.fact("output", code).gdp or 0)


def neighbours_of(working: Working, code: str, fewest: int = 1) -> tuple[str, ...]:
    """States the neighbours; raises Unanswerable where there are too few or too many."""
    found = working.fact("one neighbour", code).neighbours or ()
    if not fewest <= len(found) <= MOST_NEIGHBOURS:
        raise Unanswerable("too few or too many neighbours")
    return tuple(sorted(found, key=lambda code: countries()[code].name))


def _by_capital(working: Working, codes: Sequence[str]) -> str:
    country = countries()[codes[0]]
    if country.capital in (None, country.name):
        raise Unanswerable("its capital is not known, or names it already")
    return country.code


def _of_neighbours(measure: Measure) -> Callable[[Working, Sequence[str]], str]:
    return lambda working, codes: greatest(working, neighbours_of(working, codes[0], 2), measure)


def _common(working: Working, codes: Sequence[str]) -> str:
    first, second = (neighbours_of(working, code, 2) for code in codes)
    both = [code for code in first if code in second]
    if len(both) != 1:
        raise Unanswerable("no country, or several, border both")
    return both[0]


def _first_on_way(working: Working, codes: Sequence[str]) -> str:
    start, goal = codes
    steps = first_steps(start, goal)
    if len(steps) != 1 or steps[0] == goal:
        raise Unanswerable("several ways begin differently, or no country lies between")
    note_way(working, start, goal)
    return steps[0]


def _of_two(measure: Measure) -> Callable[[Working, Sequence[str]], str]:
    return lambda working, codes: greatest(working, codes, measure)


DESCRIPTIONS: Final[Mapping[str, Description]] = {
    "capital": Description(
        "countries-of-capitals",
        (
            "the country whose capital is {C}",
            "the country with the capital {C}",
            "the country that has {C} as its capital",
        ),
        _by_capital,
    ),
    "largest neighbour": Description(
        "largest-neighbours",
        (
            "the largest neighbour of {X}",
            "the largest country next to {X}",
            "the largest country that borders {X}",
        ),
        _of_neighbours(area),
    ),
    "most populous neighbour": Description(
        "most-populous-neighbours",
        (
            "the most populous neighbour of {X}",
            "the neighbour of {X} with the most people",
            "the most populous country next to {X}",
        ),
        _of_neighbours(population),
    ),
    "common neighbour": Description(
        "common-neighbours",
        (
            "the common neighbour of {X} and {Y}",
            "the country that borders both {X} and {Y}",
            "the only country that is a neighbour of both {X} and {Y}",
        ),
        _common,
    ),
    "first on the way": Description(
        "first-country-on-a-route",
        (
            "the first country on the way by land from {X} to {Y} with the fewest borders",
            "the first country you enter on the way by land from {X} to {Y} with the fewest borders",
            "the country that comes right after {X} on the way by land to {Y} with the fewest borders",
        ),
        _first_on_way,
    ),
    "more people": Description(
        "comparing-populations",
        ("the more populous of {X} and {Y}", "the one of {X} and {Y} with more people"),
        _of_two(population),
    ),
    "larger": Description(
        "comparing-areas",
        ("the larger of {X} and {Y} by area", "the one of {X} and {Y} with the larger area"),
        _of_two(area),
    ),
    "more output": Description(
        "comparing-economic-output",
        ("the larger economy of {X} and {Y}", "the one of {X} and {Y} with the larger economic output"),
        _of_two(output),
    ),
}
"""By kind."""
