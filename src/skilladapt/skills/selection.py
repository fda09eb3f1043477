"""Which skills of a graph are taught: the ones a person names, checked and ordered."""

from collections.abc import Iterable
from difflib import get_close_matches

from skilladapt.errors import UserError
from skilladapt.skills.graph import SkillGraph


def select_skills(graph: SkillGraph, wanted: Iterable[str]) -> list[str]:
    """The wanted skill ids, each once, in the graph's own order (level by level, ties in syllabus order).

    Wanting nothing in particular means every skill. Raises `UserError` naming every unknown id with the nearest
    known ones.
    """
    asked = list(dict.fromkeys(wanted)) or list(graph.by_id)
    mistakes = [_unknown(id, graph) for id in asked if id not in graph.by_id]
    if mistakes:
        raise UserError(*mistakes)
    chosen = set(asked)
    return [id for id in graph.order() if id in chosen]


def _unknown(id: str, graph: SkillGraph) -> str:
    titles = {skill.title.casefold(): skill.id for skill in graph.skills}
    if id.casefold() in titles:
        return f"'{id}' is a skill's title; write its id '{titles[id.casefold()]}' instead."
    near = get_close_matches(id.casefold(), graph.by_id, n=3)
    known = ", ".join(f"'{name}'" for name in near or list(graph.by_id)[:3])
    return f"There is no skill '{id}' in the graph; " + (
        f"did you mean {known}?" if near else f"it has {known}, ..."
    )
