"""What can be wrong with skills and edges taken together: names given twice, edges to nowhere, circles.

Everything has a place, such as `skills[12]`: whoever reads a file tells it, whoever built the records need not.
"""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import NamedTuple

import networkx as nx

from skilladapt.records import Prerequisite, Related, Skill

NO_SKILLS = "The skill graph is empty; a syllabus needs at least one skill."
MOST_SHOWN = 12
"""Skills of a circle that are named; a longer one is shortened in its middle."""


class Fault(NamedTuple):
    """One mistake: where it is and a sentence with what is wrong and what to do."""

    place: str
    sentence: str


def faults(
    skills: Mapping[str, Skill],
    prerequisites: Mapping[str, Prerequisite],
    related: Mapping[str, Related],
    also_known: Collection[str] = (),
) -> list[Fault]:
    """Every fault of the whole, each record being given by its place.

    `also_known` are ids of skills that are faulty themselves: an edge to one of them is no second mistake.
    """
    found = _repeated(skills)
    known = {skill.id for skill in skills.values()} | set(also_known)
    for place, edge in prerequisites.items():
        if edge.before not in known:
            found.append(
                Fault(
                    place,
                    f"Skill '{shown(edge.after)}' requires '{shown(edge.before)}', which is not in the graph; "
                    f"{_nearest(edge.before, known)}add it or remove the prerequisite.",
                )
            )
        if edge.after not in known:
            found.append(
                Fault(
                    place,
                    f"A prerequisite leads to '{shown(edge.after)}', which is not in the graph; "
                    f"{_nearest(edge.after, known)}add or remove it.",
                )
            )
    for place, pair in related.items():
        found += [
            Fault(
                place,
                f"A related pair names '{shown(id)}', which is not in the graph; "
                f"{_nearest(id, known)}add or remove it.",
            )
            for id in (pair.first, pair.second)
            if id not in known
        ]
    return found + _circles(skills, prerequisites)


def shown(text: str, limit: int = 80) -> str:
    """A name as a message shows it."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _repeated(skills: Mapping[str, Skill]) -> list[Fault]:
    found = []
    ids: dict[str, str] = {}
    titles: dict[str, str] = {}
    for place, skill in skills.items():
        if ids.setdefault(skill.id, place) != place:
            sentence = f"Two skills have the id '{shown(skill.id)}'; give one of them another name."
            found.append(Fault(f"{ids[skill.id]} and {place}", sentence))
        elif titles.setdefault(skill.title.casefold(), place) != place:
            sentence = f"Two skills are called '{shown(skill.title)}'; give one of them another name."
            found.append(Fault(f"{titles[skill.title.casefold()]} and {place}", sentence))
    return found


MOST_LOOKED_AT = 2_000
"""In a larger graph no nearest id is looked for: a thousand edges to nowhere would take minutes."""


def _nearest(id: str, known: Collection[str]) -> str:
    if len(known) > MOST_LOOKED_AT or len(id) > 200:
        return ""
    near = get_close_matches(id, known, n=1, cutoff=0.8)
    return f"did you mean '{near[0]}'? Otherwise " if near else ""


def _circles(skills: Mapping[str, Skill], prerequisites: Mapping[str, Prerequisite]) -> list[Fault]:
    """One whole circle for each knot of skills that need one another; not all: a knot can have any number."""
    titles = {skill.id: skill.title for skill in skills.values()}
    places: dict[tuple[str, str], str] = {}
    for place, edge in prerequisites.items():
        places.setdefault((edge.before, edge.after), place)
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edges_from(places)
    position = {id: index for index, id in enumerate(titles)}

    def syllabus_order(id: str) -> int:
        return position.get(id, len(position))

    knots = [
        (min(ids, key=syllabus_order), ids)
        for ids in nx.strongly_connected_components(graph)
        if len(ids) > 1 or graph.has_edge(*ids, *ids)
    ]
    found = []
    for start, ids in sorted(knots, key=lambda knot: syllabus_order(knot[0])):
        steps = nx.find_cycle(graph.subgraph(ids), source=start)
        names = [titles.get(before, before) for before, _ in steps]
        path = " -> ".join(_shortened([*names, names[0]]))
        where = ", ".join(_shortened([places[before, after] for before, after in steps]))
        found.append(Fault(where, f"The prerequisites run in a circle: {path}; remove one of them."))
    return found


def _shortened(names: list[str]) -> list[str]:
    if len(names) <= MOST_SHOWN:
        return [shown(name) for name in names]
    half = MOST_SHOWN // 2
    left_out = f"({len(names) - 2 * half} more)"
    return [*map(shown, names[:half]), left_out, *map(shown, names[-half:])]
