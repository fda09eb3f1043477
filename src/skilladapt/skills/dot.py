"""A skill graph in the language of Graphviz, for `dot -Tsvg graph.dot` and other drawing programs."""

from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.units import units_of
from skilladapt.skills.visible import visible_line


def to_dot(graph: SkillGraph) -> str:
    """The graph from left to right, a cluster for each unit, nodes by skill id, evidence as tooltips."""
    lines = ["digraph skills {", "  rankdir=LR;", '  node [shape=box, style=rounded, fontname="sans-serif"];']
    for number, unit in enumerate(units_of(graph)):
        indent = "  "
        if unit.title is not None:
            lines += [f"  subgraph cluster_{number} {{", f"    label={_quoted(unit.title)};"]
            indent = "    "
        lines += [f"{indent}{_quoted(skill.id)} [label={_quoted(skill.title)}];" for skill in unit.skills]
        if unit.title is not None:
            lines.append("  }")
    for edge in graph.prerequisites:
        why = "; ".join(f"{evidence.source}: {evidence.where}" for evidence in edge.evidence)
        tooltip = f" [tooltip={_quoted(why)}]" if why else ""
        lines.append(f"  {_quoted(edge.before)} -> {_quoted(edge.after)}{tooltip};")
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    """A quoted string of one line in which backslashes are no commands and ampersands no entities of HTML."""
    escaped = visible_line(text).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
