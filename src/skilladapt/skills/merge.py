"""Mentions of skills, from one syllabus or several, into skills: those that mean the same become one.

Merged by words are mentions of one title (`alike.meaning`) from different syllabi, unless their descriptions share
too little; two mentions within one syllabus only if they are word for word alike: who wrote it told them apart.
`Review` and the like are never merged. Whatever is decided otherwise, by a person or by a teacher, is given as
`Decision`s, and these go first, a person's before a teacher's; so a merge is undone by deciding that its mentions
are not the same (`undo`).
Nothing is known here of files or teachers.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from skilladapt.errors import UserError
from skilladapt.records import Evidence, Mention, Merge, Prerequisite, Record, Related, Skill
from skilladapt.skills.alike import LEAST_SHARED, is_generic, meaning, shared
from skilladapt.skills.circles import open_circles
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.slug import comparable, unique_slugs

_ALIKE = "the same title, and descriptions that share {:.0%} of their words"


class Decision(Record):
    """That two mentions are the same skill, or are not: whatever their words say."""

    first: str
    second: str
    """Each the `where` of a mention, or a title, which means every mention of that title."""
    same: bool
    reason: str = ""
    """Who says so, and why."""
    is_firm: bool = True
    """What is not, such as a teacher's opinion, gives way where a firm one says otherwise."""


def undo(merge: Merge, where: str) -> list[Decision]:
    """The decisions that take the mention at `where` out of a merge again."""
    others = [mention.where for mention in merge.mentions if mention.where != where]
    return [Decision(first=where, second=other, same=False, reason="merge undone") for other in others]


def build(
    mentions: Sequence[Mention],
    prerequisites: Sequence[Prerequisite] = (),
    related: Sequence[Related] = (),
    decisions: Sequence[Decision] = (),
    origin: Mapping[str, str] | None = None,
) -> SkillGraph:
    """The graph of all mentions, in their order.

    Edges and pairs name the `where` of mentions; edges that become one keep all their evidence. `origin` names the
    syllabus of each mention; absent, it is what stands before the last `#` or `:` of its `where`. Raises UserError
    for decisions that name nothing or contradict one another.
    """
    if origin is None:
        origin = {mention.where: _source(mention.where) for mention in mentions}
    groups = merge(mentions, prerequisites, decisions)
    titles = _titles([group[0] for group in groups], origin)
    ids = unique_slugs(titles)
    skill_at = {mention.where: id for id, group in zip(ids, groups, strict=True) for mention in group}
    edges, within = _joined(prerequisites, skill_at)
    kept, given_up = open_circles(dict(zip(ids, titles, strict=True)), edges)
    pairs = [
        Related(first=skill_at[pair.first], second=skill_at[pair.second], reason=pair.reason) for pair in related
    ]
    apart = [pair for pair in pairs if pair.first != pair.second]
    skills = [
        Skill(id=id, title=title, description=_description(group), part_of=group[0].part_of)
        for id, title, group in zip(ids, titles, groups, strict=True)
    ]
    merges = [
        Merge(skill=id, mentions=tuple(group), within=tuple(within[id]))
        for id, group in zip(ids, groups, strict=True)
        if len(group) > 1
    ]
    return SkillGraph(skills, kept, list(dict.fromkeys([*apart, *given_up])), merges)


def merge(
    mentions: Sequence[Mention], prerequisites: Sequence[Prerequisite] = (), decisions: Sequence[Decision] = ()
) -> list[list[Mention]]:
    """The mentions in groups that mean the same, in the order of their first; each says why it joined."""
    decided = _Decided(mentions, decisions)
    needs: dict[str, set[str]] = defaultdict(set)
    for edge in prerequisites:
        needs[edge.before].add(edge.after)
        needs[edge.after].add(edge.before)
    groups: list[list[Mention]] = []
    group_at: dict[str, int] = {}
    by_meaning: dict[str, list[int]] = defaultdict(list)
    for mention in mentions:
        key = meaning(mention.title)
        joined = reason = None
        for other, why in decided.same_as(mention.where):
            if other in group_at:
                joined, reason = group_at[other], why
                break
        if joined is None:
            for other, why in decided.likely_same_as(mention.where):
                if other in group_at and decided.allows(mention, groups[group_at[other]]):
                    joined, reason = group_at[other], why
                    break
        if joined is None and not is_generic(mention.title):
            for number in by_meaning[key]:
                reason = _why_same(mention, groups[number], needs)
                if reason and decided.allows(mention, groups[number]):
                    joined = number
                    break
        if joined is None or reason is None:
            joined = len(groups)
            groups.append([])
            reason = ""
        groups[joined].append(mention.model_copy(update={"reason": reason}))
        group_at[mention.where] = joined
        if joined not in by_meaning[key]:
            by_meaning[key].append(joined)
    decided.check(groups)
    return groups


def _why_same(mention: Mention, group: Sequence[Mention], needs: Mapping[str, set[str]]) -> str | None:
    """Why a mention with the title of a group is of the same skill; None when it is not."""
    shares = []
    twice = False
    for other in group:
        if other.where in needs[mention.where]:
            return None
        if _source(other.where) == _source(mention.where):
            if not mention.description or other.description != mention.description:
                return None
            twice = True
        elif meaning(other.title) == meaning(mention.title):
            shares.append(shared(other.description, mention.description))
    if twice:
        return "the same title and description, twice in one syllabus"
    told = [share for share in shares if share is not None]
    if told:
        return _ALIKE.format(max(told)) if max(told) >= LEAST_SHARED else None
    return "the same title; nothing else to compare" if shares else None


class _Decided:
    """Decisions, looked up by mention."""

    def __init__(self, mentions: Sequence[Mention], decisions: Sequence[Decision]) -> None:
        known: dict[str, list[str]] = defaultdict(list)
        for mention in mentions if decisions else ():
            known[mention.where].append(mention.where)
            known[comparable(mention.title)].append(mention.where)
        self._same: dict[str, dict[str, str]] = defaultdict(dict)
        self._likely_same: dict[str, dict[str, str]] = defaultdict(dict)
        self._apart: dict[str, set[str]] = defaultdict(set)
        mistakes = []
        for decision in decisions:
            ends = [known.get(name) or known.get(comparable(name)) for name in (decision.first, decision.second)]
            names = (decision.first, decision.second)
            mistakes += [
                f"A decision about merges names '{name}', which is no section's place or title; mend or remove it."
                for name, end in zip(names, ends, strict=True)
                if not end
            ]
            for first, second in _pairs(ends[0] or (), ends[1] or ()):
                if decision.same:
                    found = self._same if decision.is_firm else self._likely_same
                    found[first][second] = found[second][first] = _decided_by(decision)
                elif decision.is_firm:
                    self._apart[first].add(second)
                    self._apart[second].add(first)
        if mistakes:
            raise UserError(*dict.fromkeys(mistakes))

    def same_as(self, where: str) -> Iterator[tuple[str, str]]:
        """Everything decided to be the same, directly or by way of others, with the reason."""
        seen = {where}
        waiting = [where]
        while waiting:
            for other, why in self._same.get(waiting.pop(), {}).items():
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
                    yield other, why

    def likely_same_as(self, where: str) -> Iterator[tuple[str, str]]:
        """What is said to be the same by who gives way to others, with the reason."""
        yield from self._likely_same.get(where, {}).items()

    def allows(self, mention: Mention, group: Sequence[Mention]) -> bool:
        """Whether nothing that is decided speaks against the mention in that group."""
        if not self._apart:
            return True
        own = {mention.where, *(other for other, _ in self.same_as(mention.where))}
        return not any(self._apart.get(where, set()) & {other.where for other in group} for where in own)

    def check(self, groups: Sequence[Sequence[Mention]]) -> None:
        """Raises UserError where mentions decided to be apart came together by other decisions."""
        mistakes = [
            f"It is decided that '{mention.where}' and '{other}' are the same, and that they are not; "
            "remove one of the decisions."
            for group in groups
            if self._apart
            for mention in group
            for other in sorted(self._apart.get(mention.where, set()) & {one.where for one in group})
            if mention.where < other
        ]
        if mistakes:
            raise UserError(*mistakes)


def _pairs(first: Sequence[str], second: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield from ((one, two) for one in first for two in second if one != two)


def _decided_by(decision: Decision) -> str:
    return f"decided: {decision.reason}" if decision.reason else "decided"


def _source(where: str) -> str:
    """The file of a place."""
    return where.partition("#")[0] if "#" in where else where.rpartition(":")[0]


def _titles(first: Sequence[Mention], origin: Mapping[str, str]) -> list[str]:
    """A title for each group: its own, and where several have the same, more and more about where it stands."""
    forms = [
        [
            mention.title,
            *([f"{mention.title} ({mention.part_of})"] if mention.part_of else []),
            f"{mention.title} ({', '.join(filter(None, [mention.part_of, origin[mention.where]]))})",
            f"{mention.title} ({mention.where})",
        ]
        for mention in first
    ]
    chosen = [form.pop(0) for form in forms]
    while True:
        count = Counter(comparable(title) for title in chosen)
        unclear = [index for index, title in enumerate(chosen) if count[comparable(title)] > 1 and forms[index]]
        if not unclear:
            return chosen
        for index in unclear:
            chosen[index] = forms[index].pop(0)


def _joined(
    edges: Sequence[Prerequisite], skill_at: Mapping[str, str]
) -> tuple[list[Prerequisite], Mapping[str, list[Evidence]]]:
    """The edges between skills, each once with all its evidence, and the evidence of those within a skill."""
    joined: dict[tuple[str, str], dict[Evidence, None]] = defaultdict(dict)
    within: dict[str, list[Evidence]] = defaultdict(list)
    for edge in edges:
        before, after = skill_at[edge.before], skill_at[edge.after]
        if before == after:
            within[before] += edge.evidence
        else:
            joined[before, after].update(dict.fromkeys(edge.evidence))
    return [
        Prerequisite(before=before, after=after, evidence=tuple(evidence))
        for (before, after), evidence in joined.items()
    ], within


def _description(group: Sequence[Mention]) -> str:
    """What all mentions say, each line once."""
    lines: dict[str, str] = {}
    for mention in group:
        for line in mention.description.split("\n"):
            lines.setdefault(comparable(line.lstrip("- ")), line)
    lines.pop("", None)
    return "\n".join(lines.values())
