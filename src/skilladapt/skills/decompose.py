"""A goal becomes a syllabus: a teacher breaks it into skills, and those into others, down to elementary ones.

Breadth first, a level at a time, so that a limit cuts off what is deepest and not what comes last. Nothing is kept
here: a cached teacher answers what it was asked before, so what was interrupted goes on where it was. What the
teacher wrote is text to be looked at; which of it is one skill, and which edges can stay, `merge` decides. A
teacher for whom the form is too much is asked once more, in plainer words.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from skilladapt.prompts import fill
from skilladapt.prompts.reading import Unusable, text_of
from skilladapt.records import Evidence, Prerequisite, Record
from skilladapt.skills.alike import meaning
from skilladapt.skills.merge import Decision
from skilladapt.skills.sections import Section, Syllabus, Unit
from skilladapt.skills.slug import comparable
from skilladapt.skills.subskills import Part, read_parts, read_topics
from skilladapt.teachers.teacher import Request, Sampling, Teacher, ask_all

SOURCE: Final = "teacher"
"""What the syllabus that comes out is called, in evidence and in places."""
MOST_TOLD: Final = 30
"""Skills planned elsewhere that a prompt lists: the ones told last."""


class Limits(Record):
    """Where a decomposition ends."""

    depth: int = 3
    """Levels below the goal; what is there is taken for elementary."""
    skills: int = 200
    """Most elementary skills; of the deepest level, the first ones are broken up as long as there is room."""
    parts: int = 8
    """Most parts of one skill."""


@dataclass(frozen=True)
class Decomposed:
    """What became of a goal."""

    syllabus: Syllabus
    """Elementary skills in the order of teaching, in units named after what they are part of."""
    decisions: tuple[Decision, ...]
    """Which of them are one skill."""
    findings: tuple[str, ...]
    made_of: Mapping[str, tuple[str, ...]]
    """Of every skill that was broken up, by its title (`comparable`), the places of the elementary ones in it."""


@dataclass(eq=False)
class _Node:
    """A skill in the tree."""

    where: str
    """`teacher#2.1`: the place in the tree."""
    title: str
    description: str
    path: tuple[str, ...]
    """Titles from the goal down to what it is part of."""
    is_elementary: bool = False
    needs: tuple[str, ...] = ()
    asked: str = ""
    """The key of the request it comes from."""
    parts: list["_Node"] = field(default_factory=list)

    def leaves(self) -> Iterator["_Node"]:
        """The skills without parts below it, itself if it has none, in the order of teaching."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


def decompose(
    goal: str,
    teacher: Teacher,
    limits: Limits | None = None,
    sampling: Sampling | None = None,
    listed: Sequence[str] = (),
) -> Decomposed:
    """The elementary skills that make up `goal`, and what of them the teacher says is needed for what.

    `listed` are parts of the goal that a syllabus names, which must occur. Raises `Unusable` where not even the
    goal could be broken up, and what the teacher raises.
    """
    limits, sampling = limits or Limits(), sampling or Sampling(temperature=0.3)
    root = _Node(f"{SOURCE}#0", goal, "", ())
    level, count, failed = [root], 1, list[str]()
    for depth in range(limits.depth):
        room = (limits.skills - count) // (limits.parts - 1) if depth else 1
        frontier = [node for node in level if not node.is_elementary][:room]
        if not frontier:
            break
        known = [node.title for node in root.leaves() if node is not root][-MOST_TOLD:]
        requests = [_request(node, known, listed if depth == 0 else (), limits, sampling) for node in frontier]
        unread = _asked(frontier, requests, teacher, partial(read_parts, most=limits.parts))
        requests = [_plain_request(node, limits, sampling) for node in unread]
        unread = _asked(list(unread), requests, teacher, partial(read_topics, most=limits.parts))
        if root in unread:
            raise unread[root]
        failed += [f"'{node.title}' was not broken up: {fault}." for node, fault in unread.items()]
        count += sum(len(node.parts) - 1 for node in frontier if node.parts)
        level = [part for node in frontier for part in node.parts]
    leaves = list(root.leaves())
    return Decomposed(
        _syllabus(goal, root, leaves),
        _same(leaves),
        tuple(_findings(leaves, failed, limits)),
        {comparable(node.title): tuple(leaf.where for leaf in node.leaves()) for node in _all(root) if node.parts},
    )


def _asked(
    nodes: Sequence[_Node], requests: Sequence[Request], teacher: Teacher, read: Callable[[str], list[Part]]
) -> dict[_Node, Unusable]:
    """Lets the nodes grow by what a teacher replies; those for which nothing can be read, each with the reason."""
    unread = {}
    for node, request, outcome in zip(nodes, requests, ask_all(teacher, requests), strict=True):
        try:
            _grow(node, read(text_of(outcome)), request.key)
        except Unusable as fault:
            unread[node] = fault
    return unread


def _plain_request(node: _Node, limits: Limits, sampling: Sampling) -> Request:
    values = {"title": node.title, "most": limits.parts}
    return Request(messages=fill("topics", values), sampling=sampling, purpose="topics")


def _request(
    node: _Node, known: Sequence[str], listed: Sequence[str], limits: Limits, sampling: Sampling
) -> Request:
    values = {
        "title": node.title,
        "description": node.description,
        "path": node.path,
        "listed": listed,
        "elsewhere": [title for title in known if title != node.title],
        "most": limits.parts,
    }
    return Request(messages=fill("decomposed", values), sampling=sampling, purpose="decomposed")


def _grow(node: _Node, parts: Sequence[Part], key: str) -> None:
    above = {comparable(title) for title in (*node.path, node.title)}
    new = [part for part in parts if comparable(part.title) not in above]  # the others would go round for ever
    if len(new) < 2:
        raise Unusable("its parts are itself or what it is part of")
    path = (*node.path, node.title)
    node.parts += [
        _Node(f"{node.where}.{number}", part.title, part.description, path, part.is_elementary, part.needs, key)
        for number, part in enumerate(new, 1)
    ]


def _syllabus(goal: str, root: _Node, leaves: Sequence[_Node]) -> Syllabus:
    units: list[Unit] = []
    for leaf in leaves:
        section = Section(where=leaf.where, title=leaf.title, description=leaf.description)
        title = leaf.path[-1] if leaf.path else None
        if units and units[-1].title == title:
            units[-1] = units[-1].model_copy(update={"sections": (*units[-1].sections, section)})
        else:
            units.append(Unit(title=title, sections=(section,)))
    return Syllabus(title=goal, source=SOURCE, units=tuple(units), prerequisites=tuple(_prerequisites(root)))


def _prerequisites(root: _Node) -> Iterator[Prerequisite]:
    """What the teacher said is needed, between elementary skills.

    Where a skill with parts needs another one with parts, the first thing learned in it needs the last one learned
    in the other: what lies between follows, as far as it is stated.
    """
    by_title: dict[str, _Node] = {}
    for node in _all(root):
        by_title.setdefault(comparable(node.title), node)
    for node in _all(root):
        for name in node.needs:
            needed = by_title.get(comparable(name))
            if needed is None or needed is node:
                continue
            before, after = list(needed.leaves())[-1], next(node.leaves())
            if before is not after:
                evidence = Evidence(
                    source="teacher", where=f"{SOURCE} {node.asked}: '{node.title}' needs '{name}'"
                )
                yield Prerequisite(before=before.where, after=after.where, evidence=(evidence,))


def _all(node: _Node) -> Iterator[_Node]:
    yield node
    for part in node.parts:
        yield from _all(part)


def _same(leaves: Sequence[_Node]) -> tuple[Decision, ...]:
    """Elementary skills of one meaning by their words: a teacher asked in two branches names them twice."""
    first: dict[str, _Node] = {}
    decisions = []
    for leaf in leaves:
        known = first.setdefault(meaning(leaf.title), leaf)
        if known is not leaf:
            reason = "the same title in two branches of the decomposition"
            decisions.append(
                Decision(first=known.where, second=leaf.where, same=True, reason=reason, is_firm=False)
            )
    return tuple(decisions)


def _findings(leaves: Sequence[_Node], failed: Sequence[str], limits: Limits) -> Iterator[str]:
    yield from failed
    cut = [leaf for leaf in leaves if not leaf.is_elementary and leaf.path]
    if cut:
        is_deep = all(len(leaf.path) == limits.depth for leaf in cut)
        why = f"depth {limits.depth}" if is_deep else f"{len(leaves)} skills of at most {limits.skills}"
        titles = ", ".join(leaf.title for leaf in cut[:5])
        yield (
            f"{len(cut)} skills are not elementary, as the decomposition ends there ({why}): "
            f"{titles}{', ...' if len(cut) > 5 else ''}."
        )
