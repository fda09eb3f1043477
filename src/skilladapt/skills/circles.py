"""Prerequisites without circles: where some close one, the weakest of them is given up, and kept as related."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from skilladapt.records import Prerequisite, Related

STRENGTH = ("syllabus", "measured", "teacher", "order", "reference", "similarity")
"""Kinds of evidence, the strongest first."""
GIVEN_UP = "given up as a prerequisite"
"""So begins the reason of a related pair that was one."""
_MOST = 2_000
"""Edges against the order in one knot that are looked at one by one; each may take a walk through the knot."""
_SHOWN = 6
"""As many skills of a circle are named."""


def strength(edge: Prerequisite) -> tuple[int, int]:
    """Sorts edges, the strongest first: by the best evidence, then by how many pieces there are."""
    ranks = [STRENGTH.index(evidence.source) for evidence in edge.evidence]
    return min(ranks, default=len(STRENGTH)), -len(ranks)


def open_circles(
    titles: Mapping[str, str], edges: Sequence[Prerequisite]
) -> tuple[list[Prerequisite], list[Related]]:
    """The edges that can stay, in their order, and those given up, each with the circle it would have closed.

    Edges are let in from the strongest to the weakest; one that closes a circle is left out, so it is the weakest
    of that circle, and what stays could not take another edge. Among equals those come first that go along with
    the order of `titles` (by id), which is the order of the syllabi. In knots of thousands of edges, those that go
    against the order are given up without a look at each.
    """
    place = {id: index for index, id in enumerate(titles)}
    if not _knots(place, edges):
        return list(edges), []
    ranked = sorted(enumerate(edges), key=lambda row: strength(row[1]))
    kept: set[int] = set()
    given_up: list[tuple[int, Related]] = []
    for _, group in groupby(ranked, key=lambda row: strength(row[1])):
        numbers = [number for number, _ in group]
        knot = _knots(place, [edges[number] for number in (*kept, *numbers)])
        tied = [number for number in numbers if _is_tied(edges[number], knot)]
        inner = [edges[number] for number in sorted(kept) if _is_tied(edges[number], knot)]
        kept.update(set(numbers) - set(tied))
        order = _Order(sorted(knot, key=place.__getitem__), inner)
        against = {number for number in tied if order.is_against(edges[number])}
        for number in sorted(tied, key=lambda number: (number in against, number)):
            edge = edges[number]
            if number in against and len(against) > _MOST:
                circle: Sequence[str] | None = (edge.before, edge.after)
            else:
                circle = order.add(edge.before, edge.after)
            if circle is None:
                kept.add(number)
            else:
                reason = _reason(edge, circle, titles)
                given_up.append((number, Related(first=edge.before, second=edge.after, reason=reason)))
    return [edges[number] for number in sorted(kept)], [pair for _, pair in sorted(given_up, key=itemgetter(0))]


def _knots(place: Mapping[str, int], edges: Sequence[Prerequisite]) -> Mapping[str, int]:
    """The knot of each skill that is in one: all in a knot can be reached from one another."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    rows = [place[edge.before] for edge in edges]
    columns = [place[edge.after] for edge in edges]
    table = csr_array(([1] * len(edges), (rows, columns)), shape=(len(place), len(place)))
    _, label = connected_components(table, connection="strong")
    size = Counter(label.tolist())
    return {id: number for id, number in zip(place, label.tolist(), strict=True) if size[number] > 1}


def _is_tied(edge: Prerequisite, knot: Mapping[str, int]) -> bool:
    return edge.before in knot and knot[edge.before] == knot.get(edge.after)


def _reason(edge: Prerequisite, circle: Sequence[str], titles: Mapping[str, str]) -> str:
    names = [titles[id] for id in circle]
    more = [f"... ({len(names) - _SHOWN} more)"] if len(names) > _SHOWN else []
    path = " -> ".join([*names[:_SHOWN], *more, names[0]])
    said = "; ".join(f"{evidence.source}, {evidence.where}" for evidence in edge.evidence) or "none"
    return f"{GIVEN_UP}, the weakest of a circle: {path} (evidence: {said})"


class _Order:
    """A topological order that grows edge by edge, after Pearce and Kelly (2006).

    Only what lies between the ends of an edge is moved.
    """

    def __init__(self, ids: Sequence[str], edges: Sequence[Prerequisite]) -> None:
        self._after: dict[str, list[str]] = {id: [] for id in ids}
        self._before: dict[str, list[str]] = {id: [] for id in ids}
        for edge in edges:
            self._after[edge.before].append(edge.after)
            self._before[edge.after].append(edge.before)
        missing = {id: len(before) for id, before in self._before.items()}
        sorted_ids = [id for id in ids if not missing[id]]
        for here in sorted_ids:
            for there in self._after[here]:
                missing[there] -= 1
                if not missing[there]:
                    sorted_ids.append(there)
        self._place = {id: index for index, id in enumerate(sorted_ids)}

    def is_against(self, edge: Prerequisite) -> bool:
        """Whether an edge goes backwards as things stand."""
        return self._place[edge.before] > self._place[edge.after]

    def add(self, before: str, after: str) -> list[str] | None:
        """Adds an edge, unless it closes a circle: then that circle, from `before` on."""
        low, high = self._place[after], self._place[before]
        if low < high:
            reached = self._reach(after, self._after, limits=(low, high))
            if before in reached:
                return [before, *reversed(list(_path(reached, before)))]
            reaching = self._reach(before, self._before, limits=(low, high))
            moved = [*sorted(reaching, key=self._place.__getitem__), *sorted(reached, key=self._place.__getitem__)]
            for id, place in zip(moved, sorted(self._place[id] for id in moved), strict=True):
                self._place[id] = place
        self._after[before].append(after)
        self._before[after].append(before)
        return None

    def _reach(
        self, start: str, edges: Mapping[str, Sequence[str]], limits: tuple[int, int]
    ) -> dict[str, str | None]:
        """What can be reached from `start` within the limits, each with the one it was reached from."""
        low, high = limits
        came_from: dict[str, str | None] = {start: None}
        waiting = [start]
        while waiting:
            here = waiting.pop()
            for there in edges[here]:
                if there not in came_from and low <= self._place[there] <= high:
                    came_from[there] = here
                    waiting.append(there)
        return came_from


def _path(came_from: Mapping[str, str | None], end: str) -> Iterator[str]:
    """The way back from `end`, without it."""
    here = came_from[end]
    while here is not None:
        yield here
        here = came_from[here]
