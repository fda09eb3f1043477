"""Remarks on a skill graph for the person who reads it before anything is paid for: nothing here is an error.

A few remarks of a kind are told one by one; many are counted, with the first of them as examples.
"""

from collections.abc import Sequence

from skilladapt.skills.alike import meaning
from skilladapt.skills.circles import GIVEN_UP
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.similar import MAX_SKILLS, near_duplicates

LONG_CHAIN = 12
"""Prerequisite chains of more skills than this are worth a remark: every link must be learned in turn."""
LONG_TITLE = 60
"""Titles of more characters than this are worth one too: every solution step begins with its skill's title."""
FINDINGS = "findings"
"""Where a graph keeps what was noticed while it was built."""
FEW = 3
"""As many remarks of one kind are told one by one, or as examples of the others."""


def findings(graph: SkillGraph) -> list[str]:
    """Readable remarks, a sentence each, a dozen or two at most however large the graph is."""
    return [
        *_while_built(graph),
        *_isolated(graph),
        *_long_chain(graph),
        *_contradicted_orders(graph),
        *_long_titles(graph),
        *_merges(graph),
        *_given_up(graph),
        *_kept_apart(graph),
        *_near_duplicates(graph),
    ]


def _while_built(graph: SkillGraph) -> list[str]:
    """What was noticed while a teacher was asked; a person may have edited it."""
    found = graph.others.get(FINDINGS, [])
    return [str(one) for one in found] if isinstance(found, list) else []


def _told(remarks: Sequence[str], many: str) -> list[str]:
    """The remarks, or when there are more than a few: how `many` there are, and the first."""
    if len(remarks) <= FEW:
        return list(remarks)
    return [f"{len(remarks):,} {many}, such as:", *(f"  {remark}" for remark in remarks[:FEW])]


def _listed(titles: Sequence[str]) -> str:
    some = ", ".join(f"'{title}'" for title in titles[:FEW])
    return some if len(titles) <= FEW else f"{some} and {len(titles) - FEW:,} more"


def _isolated(graph: SkillGraph) -> list[str]:
    if len(graph.skills) == 1:
        return []
    alone = [skill for skill in graph.skills if not graph.before(skill.id) and not graph.after(skill.id)]
    if len(alone) > FEW:
        titles = _listed([skill.title for skill in alone])
        return [
            f"{len(alone):,} of {len(graph.skills):,} skills are isolated, they require nothing and nothing "
            f"requires them: {titles}."
        ]
    return [f"'{skill.title}' is isolated: it requires nothing and nothing requires it." for skill in alone]


def _long_chain(graph: SkillGraph) -> list[str]:
    last = max(graph.skills, key=lambda skill: skill.level)
    if last.level < LONG_CHAIN:
        return []
    here = last
    while here.level:
        here = next(
            graph.by_id[id] for id in sorted(graph.before(here.id)) if graph.by_id[id].level == here.level - 1
        )
    return [
        f"The longest chain of prerequisites has {last.level + 1} skills, from '{here.title}' to '{last.title}'."
    ]


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
    return _told(list(remarks.values()), "prerequisites go against the order of the syllabus")


def _long_titles(graph: SkillGraph) -> list[str]:
    long = [skill for skill in graph.skills if len(skill.title) > LONG_TITLE]
    if len(long) > FEW:
        ids = _listed([skill.id for skill in long])
        return [f"{len(long):,} titles have more than {LONG_TITLE} characters; short names are cheaper: {ids}."]
    return [
        f"The title of '{skill.id}' has {len(skill.title)} characters; a short name is cheaper." for skill in long
    ]


def _merges(graph: SkillGraph) -> list[str]:
    remarks = [
        f"'{graph.by_id[merge.skill].title}' is merged from {', '.join(one.where for one in merge.mentions)} "
        f"({merge.mentions[1].reason})."
        for merge in graph.merges
        if merge.skill in graph.by_id
    ]
    return _told(remarks, "skills are merged from several places (all are in 'merges' of graph.json)")


def _given_up(graph: SkillGraph) -> list[str]:
    remarks = [
        f"'{graph.by_id[pair.first].title}' before '{graph.by_id[pair.second].title}' was {pair.reason}."
        for pair in graph.related
        if pair.reason.startswith(GIVEN_UP)
    ]
    return _told(remarks, "prerequisites were given up to open circles (all are in 'related' of graph.json)")


def _kept_apart(graph: SkillGraph) -> list[str]:
    """Skills whose titles say the same; where the merge told them apart, their units stand behind the titles."""
    groups: dict[str, list[str]] = {}
    for skill in graph.skills:
        own = skill.title.removesuffix(f" ({skill.part_of})")
        groups.setdefault(meaning(own), []).append(skill.title)
    remarks = [
        f"{_listed(titles)} have one title, but seem to differ; if not, name them in merging.same."
        for titles in groups.values()
        if len(titles) > 1
    ]
    return _told(remarks, "titles belong to several skills that seem to differ (merging.same makes them one)")


def _near_duplicates(graph: SkillGraph) -> list[str]:
    if len(graph.skills) > MAX_SKILLS:
        return [f"Near-duplicates were not looked for: there are more than {MAX_SKILLS:,} skills."]
    remarks = [
        f"'{pair.first.title}' and '{pair.second.title}' are alike ({pair.likeness:.2f}); if they are one, "
        "name them in merging.same."
        for pair in near_duplicates(graph.skills)
    ]
    return _told(remarks, "pairs of skills are alike by their words (merging.same makes them one)")
