"""Remarks on a skill graph for the person who reads it before anything is paid for: nothing here is an error."""

import networkx as nx

from skilladapt.skills.graph import SkillGraph

LONG_CHAIN = 12
"""Prerequisite chains of more skills than this are worth a remark: every link must be learned in turn."""
LONG_TITLE = 60
"""Titles of more characters than this are worth one too: every solution step begins with its skill's title."""

MOST_OF_A_KIND = 4
"""Remarks of one kind; in a large graph nobody reads seven hundred."""


def findings(graph: SkillGraph) -> list[str]:
    """Readable remarks, a sentence each: isolated skills, long chains, contradicted orders, long titles."""
    return [
        *_few(_isolated(graph), "skills are isolated, too"),
        *_long_chain(graph),
        *_few(_contradicted_orders(graph), "prerequisites run against the order of the syllabus, too"),
        *_few(_long_titles(graph), "titles are long, too"),
    ]


def _few(remarks: list[str], what: str) -> list[str]:
    if len(remarks) <= MOST_OF_A_KIND:
        return remarks
    return [*remarks[: MOST_OF_A_KIND - 1], f"{len(remarks) - MOST_OF_A_KIND + 1:,} more {what}."]


def _isolated(graph: SkillGraph) -> list[str]:
    alone = [skill for skill in graph.skills if not graph.before(skill.id) and not graph.after(skill.id)]
    if len(graph.skills) == 1:
        return []
    return [f"'{skill.title}' is isolated: it requires nothing and nothing requires it." for skill in alone]


def _long_chain(graph: SkillGraph) -> list[str]:
    edges = nx.DiGraph((edge.before, edge.after) for edge in graph.prerequisites)
    chain = [graph.by_id[id].title for id in nx.dag_longest_path(edges)]
    if len(chain) <= LONG_CHAIN:
        return []
    return [f"The longest chain of prerequisites has {len(chain)} skills, from '{chain[0]}' to '{chain[-1]}'."]


def _contradicted_orders(graph: SkillGraph) -> list[str]:
    position = {skill.id: index for index, skill in enumerate(graph.skills)}
    units = {unit: index for index, unit in enumerate(dict.fromkeys(skill.part_of for skill in graph.skills))}
    remarks: dict[tuple[str | None, str | None], str] = {}
    for edge in graph.prerequisites:
        before, after = graph.by_id[edge.before], graph.by_id[edge.after]
        if units[before.part_of] > units[after.part_of]:
            remarks.setdefault(
                (before.part_of, after.part_of),
                f"The unit '{after.part_of}' comes before '{before.part_of}', "
                f"but '{after.title}' in it requires '{before.title}'.",
            )
        elif position[before.id] > position[after.id] and before.part_of == after.part_of:
            remarks[before.id, after.id] = f"'{after.title}' stands before '{before.title}', which it requires."
    return list(remarks.values())


def _long_titles(graph: SkillGraph) -> list[str]:
    long = [skill for skill in graph.skills if len(skill.title) > LONG_TITLE]
    return [
        f"The title of '{skill.id}' has {len(skill.title)} characters; a short name is cheaper." for skill in long
    ]
