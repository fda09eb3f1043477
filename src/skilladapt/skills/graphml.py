"""A skill graph as GraphML, for Gephi, yEd, Cytoscape, networkx and whatever else reads graphs."""

import networkx as nx

from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.visible import visible_line, visible_text


def to_graphml(graph: SkillGraph) -> str:
    """Nodes by skill id, with title, description, level and unit; edges with their evidence, a line a piece."""
    drawn: nx.DiGraph[str] = nx.DiGraph()
    for skill in graph.skills:
        drawn.add_node(
            visible_line(skill.id),
            label=visible_line(skill.title),
            description=visible_text(skill.description),
            level=skill.level,
            unit=visible_line(skill.part_of or ""),
        )
    for edge in graph.prerequisites:
        evidence = "\n".join(visible_line(f"{piece.source}: {piece.where}") for piece in edge.evidence)
        drawn.add_edge(visible_line(edge.before), visible_line(edge.after), evidence=evidence)
    text = "\n".join(nx.generate_graphml(drawn, named_key_ids=True))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'
