"""Prerequisites without circles: where some close one, the weakest of them is given up, and kept as related."""

from collections.abc import Iterator, Mapping, Sequence

from skilladapt.records import Prerequisite, Related

STRENGTH = ("syllabus", "measured", "teacher", "order", "reference", "similarity")
"""Kinds of evidence, the strongest first."""
GIVEN_UP = "given up as a prerequisite"
"""So begins the reason of a related pair that was one."""
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

    Edges are let in from the strongest to the weakest; one that closes a circle is left out, so it is the weakest of
    that circle, and what stays could not take another edge. Among equals those come first that go along with the
    order of `titles` (by id), which is the order of the syllabi.
    """
    place = {id: index for index, id in enumerate(titles)}
    order = _Order(place)
    kept: set[int] = set()
    given_up: list[Related] = []
    for number, edge in sorted(
        enumerate(edges), key=lambda row: (*strength(row[1]), place[row[1].before] > place[row[1].after])
    ):
        circle = order.add(edge.before, edge.after)
        if circle is None:
            kept.add(number)
        else:
            given_up.append(Related(first=edge.before, second=edge.after, reason=_reason(edge, circle, titles)))
    return [edge for number, edge in enumerate(edges) if number in kept], given_up


def _reason(edge: Prerequisite, circle: Sequence[str], titles: Mapping[str, str]) -> str:
    names = [titles[id] for id in circle]
    more = [f"... ({len(names) - _SHOWN} more)"] if len(names) > _SHOWN else []
    path = " -> ".join([*names[:_SHOWN], *more, names[0]])
    said = "; ".join(f"{evidence.source}, {evidence.where}" for evidence in edge.evidence) or "none"
    return f"{GIVEN_UP}, the weakest of a circle: {path} (evidence: {said})"


class _Order:
    """A topological order that grows edge by edge, after Pearce and Kelly (2006): only what lies between is moved."""

    def __init__(self, place: Mapping[str, int]) -> None:
        self._place = dict(place)
        self._after: dict[str, list[str]] = {id: [] for id in place}
        self._before: dict[str, list[str]] = {id: [] for id in place}

    def add(self, before: str, after: str) -> list[str] | None:
        """Adds an edge, unless it closes a circle: then that circle, from `before` on."""
        if before == after:
            return [before]
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
