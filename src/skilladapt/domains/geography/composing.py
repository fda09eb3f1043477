"""Draws tasks that need several skills at once: one says which country is meant, another asks something of it.

It only proposes: whether a solution really names every skill is checked on the solution itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from skilladapt.domains.geography.asked import describe
from skilladapt.domains.geography.draw import Draw, NothingDrawn
from skilladapt.domains.geography.joins import JOINS
from skilladapt.domains.geography.kinds import tasks
from skilladapt.domains.geography.references import DESCRIPTIONS, CapitalOf, Described, Ref
from skilladapt.domains.geography.relations import BY_SKILL
from skilladapt.domains.geography.task import Arg, Task

_DESCRIBES: Final[Mapping[str, str]] = {found.skill: kind for kind, found in DESCRIPTIONS.items()}
"""The kind of description that needs a skill."""
_JOINED: Final[Mapping[str, tuple[str, str]]] = {skill: join for join, (skill, _) in JOINS.items()}
"""What a skill asks for, and of which description."""
_OF_ONE: Final = {
    **{skill: found.key for skill, found in BY_SKILL.items() if "{C}" not in found.statement},
    "number-of-neighbours": "number of neighbours",
    "capital-and-largest-city": "capital largest",
    "population-density": "density",
    "output-per-person": "output per person",
    "neighbours-without-coast": "neighbours without coast",
    "neighbours-with-the-same-currency": "neighbours with the currency",
    "neighbours-together": "neighbours together",
}
"""Forms that ask for something of one country, which may be described."""
_OF_CAPITAL: Final = {
    "latitudes": "latitude",
    "longitudes": "longitude",
    "standard-times": "standard time",
    "hemispheres": "half",
    "east-or-west-of-greenwich": "side",
    "further-north": "further north",
    "latitude-differences": "latitude difference",
    "time-differences": "time difference",
    "clock-times": "clock",
}
"""Forms that ask for something of a capital, which may be that of a described country."""
_OF_TWO: Final = {
    "same-continent": "same continent",
    "same-currency": "same currency",
    "shared-languages": "shared language",
    "comparing-populations": "more people",
    "comparing-areas": "larger",
    "comparing-economic-output": "more output",
    "population-differences": "population difference",
    "times-as-large": "times as large",
    "comparing-densities": "denser",
    "comparing-output-per-person": "richer",
    "borders-to-cross": "borders to cross",
}
"""Forms that compare two countries, the first of which may be described."""


def propose(skill_ids: Sequence[str], draw: Draw) -> Iterator[Task | None]:
    """Tasks without end that may need all of `skill_ids`; None for each draw that finds nothing."""
    ways = _ways(skill_ids)
    alone = {id: tasks(id, draw) for id in skill_ids}
    while True:
        # A question of one of the skills may happen to need the others.
        yield next(alone[draw.rng.choice(skill_ids)])
        for form, kinds in ways:
            try:
                yield _joint(form, kinds, draw)
            except NothingDrawn:
                continue


def _ways(skill_ids: Sequence[str]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """What can be asked for, and the kinds of description that lead to the country."""
    found: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    kinds = [_DESCRIBES[id] for id in skill_ids if id in _DESCRIBES]
    joined = [_JOINED[id] for id in skill_ids if id in _JOINED]
    single = [id for id in skill_ids if id not in _DESCRIBES and id not in _JOINED]
    if not single and not joined and len(kinds) > 1:
        found.append((("which",), tuple(kinds)))
    if len(joined) == 1 and not single:
        form, kind = joined[0]
        found.append(((form,), (kind, *(other for other in kinds if other != kind))))
    if len(single) == 1 and not joined:
        found.append(
            ((_OF_ONE.get(single[0]) or _OF_TWO.get(single[0]) or _OF_CAPITAL.get(single[0], ""),), tuple(kinds))
        )
    places = [_OF_CAPITAL[id] for id in single if id in _OF_CAPITAL]
    if len(places) == 1 and len(single) == 2 and "capitals" in single and not joined:
        found.append(((places[0],), tuple(kinds)))
    if joined == [("capital", "largest neighbour")] and len(places) == len(single) == 1:
        found.append(((places[0],), ("largest neighbour", *kinds)))
    nouns = [BY_SKILL[id].key for id in single if id in BY_SKILL and BY_SKILL[id].noun]
    if len(single) == len(nouns) == 2 and not joined:
        found.append((("both", *nouns), tuple(kinds)))
    if not single and not joined:
        # The last comparison may be what is asked, and the others say of what.
        for id in skill_ids:
            if id in _OF_TWO:
                rest = tuple(kind for kind in kinds if kind != _DESCRIBES[id])
                found.append(((_OF_TWO[id],), rest))
    return [way for way in found if way[0][0]]


def _joint(form: tuple[str, ...], kinds: Sequence[str], draw: Draw) -> Task:
    """One question; the first of `kinds` stands outermost, the others in any order below."""
    inner = list(kinds[1:])
    draw.rng.shuffle(inner)
    ref: Ref = draw.with_neighbours() if kinds else draw.country()
    for kind in reversed([*kinds[:1], *inner]):
        ref = _around(kind, ref, draw, innermost=isinstance(ref, str))
    args: dict[str, Arg] = {"X": ref}
    name = form[0]
    if name in _OF_TWO.values():
        args["Y"] = draw.country()
        if draw.rng.random() < 0.5:
            args = {"X": args["Y"], "Y": args["X"]}
    if name in _OF_CAPITAL.values():
        args = {"C": CapitalOf(ref)}
        if name not in ("latitude", "longitude", "standard time", "half", "side"):
            args = {"C": draw.country(), "D": CapitalOf(ref)}
        if name == "clock":
            args["K"] = draw.time()
    if name == "both":
        nouns = list(form[1:])
        draw.rng.shuffle(nouns)
        args |= {"Q": nouns[0], "R": nouns[1]}
    return Task(name, args)


def _around(kind: str, ref: Ref, draw: Draw, innermost: bool) -> Described:
    if innermost:
        return describe(kind, draw)
    if kind == "capital":
        raise NothingDrawn("a capital is named, not described")
    return Described(kind, (ref, draw.country())[: DESCRIPTIONS[kind].places])
