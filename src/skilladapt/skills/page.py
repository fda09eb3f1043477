"""A skill graph as a page to look at: one HTML file that needs nothing else and asks for nothing.

The page draws itself from data that it carries; without scripts it is a plain list of everything. Its own policy
lets no other script, style, image or request in, whatever the titles of a syllabus contain.
"""

import json
from typing import Any, NamedTuple

from markupsafe import Markup

from skilladapt.pages import own_text, page_environment, policy_of
from skilladapt.skills.findings import findings
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.units import units_of
from skilladapt.skills.visible import visible_line, visible_text

SCRIPTS = ("data", "layout", "map", "chosen", "page")
"""Parts of the page's script, in the order in which they need one another."""


def to_page(graph: SkillGraph, title: str) -> str:
    """The page as text. All of the graph's words are in it twice: as data, and as a list for want of scripts."""
    environment = page_environment("skilladapt.skills")
    content = _content(graph, title)
    style = own_text(environment, "graph.css")
    scripts = [own_text(environment, f"graph_{part}.js") for part in SCRIPTS]
    return environment.get_template("graph.html").render(
        **content,
        data=_embedded(content),
        plain=_plain(content),
        style=style,
        scripts=scripts,
        policy=policy_of(style, scripts),
    )


def _content(graph: SkillGraph, title: str) -> dict[str, Any]:
    """What the page knows, in lists short enough for thousands of skills; skills and units by their numbers."""
    units = units_of(graph)
    unit_of = {unit.title: index for index, unit in enumerate(units)}
    index_of = {skill.id: index for index, skill in enumerate(graph.skills)}
    evidence: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for edge in graph.prerequisites:
        pieces = [(visible_line(piece.source), visible_line(piece.where)) for piece in edge.evidence]
        evidence.setdefault((edge.before, edge.after), []).extend(pieces)
    return {
        "title": visible_line(title) or "Skill graph",
        "remarks": [visible_line(remark) for remark in findings(graph)],
        "units": [None if unit.title is None else visible_line(unit.title) for unit in units],
        "skills": [
            {
                "id": visible_line(skill.id),
                "title": visible_line(skill.title),
                "unit": unit_of[skill.part_of],
                "level": skill.level,
                "description": visible_text(skill.description),
            }
            for skill in graph.skills
        ],
        "edges": [[index_of[before], index_of[after], why] for (before, after), why in evidence.items()],
        "related": [
            [index_of[pair.first], index_of[pair.second], visible_line(pair.reason)] for pair in graph.related
        ],
    }


class _Around(NamedTuple):
    """A skill's number, and others' numbers with the reasons: what it needs, what needs it, what goes with it."""

    number: int
    needs: list[tuple[int, list[tuple[str, str]]]]
    opens: list[tuple[int, list[tuple[str, str]]]]
    together: list[tuple[int, str]]


def _plain(content: dict[str, Any]) -> list[tuple[str | None, list[_Around]]]:
    """The plain list, unit by unit."""
    around = [_Around(index, [], [], []) for index in range(len(content["skills"]))]
    for before, after, why in content["edges"]:
        around[after].needs.append((before, why))
        around[before].opens.append((after, why))
    for first, second, reason in content["related"]:
        around[first].together.append((second, reason))
        around[second].together.append((first, reason))
    units: list[tuple[str | None, list[_Around]]] = [(title, []) for title in content["units"]]
    for index, skill in enumerate(content["skills"]):
        units[skill["unit"]][1].append(around[index])
    return units


def _embedded(content: dict[str, Any]) -> Markup:
    """The data for the scripts, without a character that could end the element it stands in."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))
