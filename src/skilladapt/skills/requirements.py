"""What sections declare to require, matched to the sections meant, and everything that can be wrong with it."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches

import networkx as nx

from skilladapt.skills.outline import Draft, Fault, plain
from skilladapt.skills.slug import comparable

Need = tuple[str, int]
"""Title of a required section and the line that requires it."""

_NOTHING = {"", "-", "none", "nothing"}
"""Ways to say that a section requires nothing."""


def repeated(drafts: Sequence[Draft]) -> list[Fault]:
    """Sections whose titles are the same but for case, spacing or emphasis."""
    first: dict[str, Draft] = {}
    faults = []
    for draft in drafts:
        known = first.setdefault(comparable(draft.title), draft)
        if known is not draft:
            also = f"also on line {known.line}; give one of them another name"
            faults.append((draft.line, f"two skills are called '{shown(draft.title)}', {also}"))
    return faults


def match(drafts: Sequence[Draft]) -> tuple[list[list[Need]], list[Fault]]:
    """What each section needs, in the order of `drafts`, and the requirements that name no other section."""
    titles = {comparable(draft.title): draft.title for draft in reversed(drafts)}
    longest = max((key.count(",") for key in titles), default=0) + 1
    faults: list[Fault] = []
    needs = []
    for draft in drafts:
        found: list[Need] = []
        for text, line in draft.requires:
            for name in _names(text, lambda key: key in titles, longest):
                title = titles.get(comparable(name))
                if title is None:
                    faults.append((line, _unknown(draft.title, name, titles)))
                elif title == titles[comparable(draft.title)]:
                    faults.append((line, f"'{shown(title)}' requires itself; remove that"))
                else:
                    found.append((title, line))
        needs.append(found)
    return needs, faults


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


def _unknown(title: str, name: str, titles: Mapping[str, str]) -> str:
    near = get_close_matches(comparable(name), titles, n=1)
    hint = f"did you mean '{shown(titles[near[0]])}'?" if near else "add it"
    remedy = f"{hint} Otherwise remove the prerequisite" if near else f"{hint} or remove the prerequisite"
    return f"'{shown(title)}' requires '{shown(name)}', which is no section of this syllabus; {remedy}"


def circles(drafts: Sequence[Draft], needs: Sequence[Sequence[Need]]) -> list[str]:
    """One whole circle for each knot of sections that need one another."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    lines = {
        (title, draft.title): line
        for draft, requires in zip(drafts, needs, strict=True)
        for title, line in requires
    }
    graph.add_edges_from(lines)
    faults = []
    for group in sorted(nx.strongly_connected_components(graph), key=lambda group: min(group)):
        if len(group) > 1:
            # Not all circles: a dense knot has exponentially many.
            cycle = nx.find_cycle(graph.subgraph(sorted(group)), source=min(group))
            path = " -> ".join(shown(before) for before, _ in cycle) + f" -> {shown(cycle[0][0])}"
            where = ", ".join(str(line) for line in sorted({lines[before, after] for before, after in cycle}))
            faults.append(f"the prerequisites run in a circle: {path} (lines {where}); remove one of them")
    return faults


def shown(title: str) -> str:
    """A title as a message shows it: at most 80 characters."""
    return title if len(title) <= 80 else title[:79] + "…"
