"""A skill graph as a Mermaid flowchart, which many wikis and code hosts draw where it stands in a page."""

from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.units import units_of
from skilladapt.skills.visible import visible_line

MOST_EDGES, MOST_CHARACTERS = 500, 50_000
"""Mermaid draws no more than this unless it is told to."""


def to_mermaid(graph: SkillGraph) -> str:
    """The flowchart from left to right, with a frame around each unit."""
    lines = ["flowchart LR"]
    names = {skill.id: f"s{index}" for index, skill in enumerate(graph.skills)}
    for number, unit in enumerate(units_of(graph)):
        indent = "  "
        if unit.title is not None:
            lines.append(f'  subgraph u{number}["{_escaped(unit.title)}"]')
            indent = "    "
        lines += [f'{indent}{names[skill.id]}["{_escaped(skill.title)}"]' for skill in unit.skills]
        if unit.title is not None:
            lines.append("  end")
    edges = dict.fromkeys((edge.before, edge.after) for edge in graph.prerequisites)
    lines += [f"  {names[before]} --> {names[after]}" for before, after in edges]
    text = "\n".join(lines) + "\n"
    if len(edges) > MOST_EDGES or len(text) > MOST_CHARACTERS:
        return f"%% {len(edges)} edges, {len(text)} characters: raise maxEdges and maxTextSize to draw it\n{text}"
    return text


_PLAIN = " ,()"


def _escaped(text: str) -> str:
    """Letters and digits of every script as they are, everything else as Mermaid's codes (`#35;` is `#`).

    More than quotation marks have a meaning there: `%%{` begins a directive, a back-tick Markdown, `#` a code, and
    `1.` or `-` at the beginning a list that is not drawn.
    """
    escaped = "".join(
        char if char.isalnum() or char in _PLAIN or ord(char) > 127 else f"#{ord(char)};"
        for char in visible_line(text)
    )
    return escaped or "#160;"  # an empty text is a mistake there
