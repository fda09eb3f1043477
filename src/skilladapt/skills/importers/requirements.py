"""What sections declare to require, matched to the sections meant, and everything that can be wrong with it."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches

import networkx as nx

from skilladapt.skills.importers.drafts import Draft, Fault, Need, Place, plain, shown
from skilladapt.skills.slug import comparable

Index = Mapping[str, Sequence[int]]
"""Sections by everything they may be called."""

_NOTHING = {"", "-", "none", "nothing"}
"""Ways to say that a section requires nothing."""
_LONGEST = 20
"""As many commas a title may have and still be required; without a limit, a line of commas takes for ever."""
_HINTS = 10
"""As many mistakes come with the nearest title; looking for it is slow."""
_SHOWN = 8
"""As many sections of a circle are named."""


def repeated(drafts: Sequence[Draft], *, across_units: bool = True) -> list[Fault]:
    """Sections whose titles are the same but for case, spacing or emphasis; at choice only within their unit."""
    first: dict[tuple[str | None, str], Draft] = {}
    faults: list[Fault] = []
    for draft in drafts:
        known = first.setdefault((None if across_units else draft.unit, comparable(draft.title)), draft)
        if known is not draft:
            also = f"also {'on' if isinstance(known.place, int) else 'at'} {_places([known.place])}"
            faults.append(
                (
                    draft.place,
                    f"two skills are called '{shown(draft.title)}', {also}; give one of them another name",
                )
            )
    return faults


def match(drafts: Sequence[Draft]) -> tuple[list[list[Need]], list[Fault]]:
    """What each section needs, in the order of `drafts`, and the requirements that name no other section.

    A section is named by its title, by `Unit / Title` where several have that title, or by an id of its own.
    """
    index = _index(drafts)
    longest = min(max((draft.title.count(",") for draft in drafts), default=0) + 1, _LONGEST)
    faults: list[Fault] = []
    needs = []
    for number, draft in enumerate(drafts):
        found: list[Need] = []
        for text, place in draft.requires:
            for name in _names(text, lambda key: key in index, longest):
                meant = _meant(index.get(comparable(name), ()), drafts, draft)
                if not meant:
                    titles = index if len(faults) < _HINTS else {}
                    faults.append((place, _unknown(draft.title, name, titles, drafts)))
                elif len(meant) > 1:
                    faults.append((place, _ambiguous(draft.title, meant, drafts)))
                elif meant[0] == number:
                    faults.append((place, f"'{shown(draft.title)}' requires itself; remove that"))
                else:
                    found.append(Need(meant[0], place))
        needs.append(found)
    return needs, faults


def _index(drafts: Sequence[Draft]) -> Index:
    index: dict[str, list[int]] = defaultdict(list)
    for number, draft in enumerate(drafts):
        names = {comparable(name) for name in (draft.title, draft.id, f"{draft.unit} / {draft.title}")}
        for name in names - {""}:
            index[name].append(number)
    return index


def _meant(numbers: Sequence[int], drafts: Sequence[Draft], draft: Draft) -> Sequence[int]:
    """Of several sections with one name, the one in the unit that names it; else one of each unit."""
    first = {drafts[number].unit: number for number in reversed(numbers)}
    return [first[draft.unit]] if draft.unit in first else sorted(first.values())


def _names(text: str, is_title: Callable[[str], bool], longest: int) -> list[str]:
    """The titles listed in `text`; a title may itself contain commas, up to `longest - 1` of them."""
    pieces = [plain(piece) for piece in text.rstrip(" .").split(",")]
    names, start = [], 0
    while start < len(pieces):
        ends = range(min(len(pieces), start + longest), start, -1)
        joined = ((end, ", ".join(pieces[start:end])) for end in ends)
        end, name = next(
            ((end, name) for end, name in joined if is_title(comparable(name))), (start + 1, pieces[start])
        )
        if is_title(comparable(name)) or comparable(name) not in _NOTHING:
            names.append(name)
        start = end
    return names


def _unknown(title: str, name: str, index: Index, drafts: Sequence[Draft]) -> str:
    near = get_close_matches(comparable(name)[:80], index, n=1)
    hint = f"did you mean '{shown(drafts[index[near[0]][0]].title)}'?" if near else "add it"
    remedy = f"{hint} Otherwise remove the prerequisite" if near else f"{hint} or remove the prerequisite"
    return f"'{shown(title)}' requires '{shown(name)}', which is no section of this syllabus; {remedy}"


def _ambiguous(title: str, meant: Sequence[int], drafts: Sequence[Draft]) -> str:
    some = [drafts[number] for number in meant[:3]]
    ways = " or ".join(f"'{shown(f'{draft.unit} / {draft.title}')}'" for draft in some)
    return (
        f"'{shown(title)}' requires '{shown(some[0].title)}', a title that several sections have "
        f"({_places([draft.place for draft in some])}); write {ways}"
    )


def circles(drafts: Sequence[Draft], needs: Sequence[Sequence[Need]]) -> list[str]:
    """One whole circle for each knot of sections that need one another."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    places = {
        (need.draft, number): need.place for number, requires in enumerate(needs) for need in reversed(requires)
    }
    graph.add_edges_from(places)
    faults = []
    for group in sorted(nx.strongly_connected_components(graph), key=lambda group: min(group)):
        if len(group) > 1:
            # Not all circles: a dense knot has exponentially many.
            cycle = nx.find_cycle(graph.subgraph(sorted(group)), source=min(group))
            names = [shown(drafts[before].title) for before, _ in cycle]
            more = [f"... ({len(names) - _SHOWN} more)"] if len(names) > _SHOWN else []
            path = " -> ".join([*names[:_SHOWN], *more, names[0]])
            where = _places([places[edge] for edge in cycle][:_SHOWN])
            faults.append(f"the prerequisites run in a circle: {path} ({where}); remove one of them")
    return faults


def _places(places: Sequence[Place]) -> str:
    lines = sorted({place for place in places if isinstance(place, int)})
    named = [str(place) for place in lines] or sorted({str(place) for place in places})
    return f"line{'s' * (len(lines) > 1)} {', '.join(named)}" if lines else ", ".join(named)
