"""The skill graph laid out: a column for each level, prerequisites to the left of what needs them.

The classic layered drawing (Sugiyama, Tagawa and Toda 1981): long edges get a place to pass through in every
column between, columns are sorted by the mean position of their neighbours, and heights are the closest ones to
the neighbours' that keep the order and the distances. Drawn by us because no library we can ask for draws
readable boxes in columns; networkx does the graph work.
"""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import networkx as nx
import numpy as np
from scipy.optimize import isotonic_regression

from skilladapt.records import Prerequisite, Skill

MOST_SKILLS = 400
"""More than this cannot be read as a drawing."""
COMPACT_ABOVE = 60
"""With more skills than this, boxes are one line high and numbers are left to the tooltip."""
BOX_WIDTH = 128.0
LETTERS, COMPACT_LETTERS = 16, 20
"""Letters of a title that fit a box's width."""
MARGIN = 6.0
COLUMN_GAPS = (28.0, 80.0)
"""Narrowest and widest space between columns; where possible the drawing fits the page in between."""
PAGE_WIDTH = 1180.0
SMALLEST_SCALE = 0.85
"""A drawing wider than the page is shrunk to this, then scrolls."""

Place = tuple[str, ...]
"""A skill `(id,)`, or where the edge `(before, after, column)` passes through a column."""


@dataclass(frozen=True)
class Box:
    """One skill: where it stands and its title in lines that fit."""

    skill: Skill
    x: float
    y: float
    """Top left corner."""
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Edge:
    """One prerequisite as an SVG path, with the ids it joins."""

    path: str
    before: str
    after: str


@dataclass(frozen=True)
class SkillMap:
    """The drawing, in user units."""

    width: float
    height: float
    box_width: float
    box_height: float
    compact: bool
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    columns: tuple[tuple[float, int], ...]
    """Left side and level of each column."""
    implied: int
    """Prerequisites not drawn because a chain of drawn ones says the same."""

    @property
    def least_width(self) -> float:
        """CSS pixels below which it cannot be read."""
        return self.width * SMALLEST_SCALE


def lay_out(skills: Sequence[Skill], prerequisites: Sequence[Prerequisite]) -> SkillMap | None:
    """Places all skills; None when there are none or too many to draw. Deterministic."""
    if not skills or len(skills) > MOST_SKILLS:
        return None
    compact = len(skills) > COMPACT_ABOVE
    box_height, gap, pass_height = (26.0, 8.0, 6.0) if compact else (54.0, 16.0, 12.0)
    levels = sorted({skill.level for skill in skills})
    column = {skill.id: levels.index(skill.level) for skill in skills}
    edges, implied = _needed_edges(column, prerequisites)
    columns, neighbours = _places(column, edges)
    _sort_columns(columns, neighbours)
    size = {place: box_height + gap if len(place) == 1 else pass_height for c in columns for place in c}
    middle = _heights(columns, neighbours, size)
    top = min(middle[place] - size[place] / 2 for c in columns for place in c)
    y = {place: round(middle[place] - top + MARGIN + 22, 1) for place in middle}
    by_id = {skill.id: skill for skill in skills}
    left = _column_sides(len(columns))
    width = left[-1] + BOX_WIDTH + MARGIN
    return SkillMap(
        width=width,
        height=max(y[place] + size[place] / 2 for place in y) + MARGIN,
        box_width=BOX_WIDTH,
        box_height=box_height,
        compact=compact,
        boxes=tuple(
            Box(
                by_id[id],
                left[index],
                round(y[(id,)] - box_height / 2, 1),
                _title_lines(by_id[id].title, compact),
            )
            for id, index in column.items()
        ),
        edges=tuple(Edge(_path(before, after, column, left, y), before, after) for before, after in edges),
        columns=tuple(zip(left, levels, strict=True)),
        implied=implied,
    )


def _column_sides(count: int) -> list[float]:
    gap = (PAGE_WIDTH - 2 * MARGIN - count * BOX_WIDTH) / max(count - 1, 1)
    gap = min(max(gap, COLUMN_GAPS[0]), COLUMN_GAPS[1])
    return [round(MARGIN + index * (BOX_WIDTH + gap), 1) for index in range(count)]


def _needed_edges(
    column: Mapping[str, int], prerequisites: Sequence[Prerequisite]
) -> tuple[list[tuple[str, str]], int]:
    """Edges that lead to the right, without those a longer chain implies; and how many were implied."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(column)
    graph.add_edges_from(
        (edge.before, edge.after)
        for edge in prerequisites
        if column.get(edge.before, 0) < column.get(edge.after, 0) and {edge.before, edge.after} <= column.keys()
    )
    reduced = nx.transitive_reduction(graph)
    return sorted(reduced.edges), graph.number_of_edges() - reduced.number_of_edges()


def _places(
    column: Mapping[str, int], edges: Sequence[tuple[str, str]]
) -> tuple[list[list[Place]], dict[Place, tuple[list[Place], list[Place]]]]:
    """The places of every column, and the left and right neighbours of each place."""
    columns: list[list[Place]] = [[] for _ in range(max(column.values()) + 1)]
    neighbours: dict[Place, tuple[list[Place], list[Place]]] = {}
    for id, index in column.items():
        columns[index].append((id,))
        neighbours[(id,)] = ([], [])
    for before, after in edges:
        chain = _chain(before, after, column)
        for index, place in enumerate(chain[1:-1], start=column[before] + 1):
            columns[index].append(place)
            neighbours[place] = ([], [])
        for left, right in zip(chain, chain[1:], strict=False):
            neighbours[left][1].append(right)
            neighbours[right][0].append(left)
    return columns, neighbours


def _chain(before: str, after: str, column: Mapping[str, int]) -> list[Place]:
    between: list[Place] = [(before, after, str(c)) for c in range(column[before] + 1, column[after])]
    return [(before,), *between, (after,)]


def _sort_columns(
    columns: list[list[Place]], neighbours: Mapping[Place, tuple[list[Place], list[Place]]], sweeps: int = 12
) -> None:
    """Fewer crossings: each column by the mean rank of its neighbours, to the right and back again."""
    rank = {place: i / len(places) for places in columns for i, place in enumerate(places)}
    for sweep in range(sweeps):
        side = sweep % 2
        for places in columns if side == 0 else reversed(columns):
            places.sort(key=lambda place: fmean([rank[n] for n in neighbours[place][side]] or [rank[place]]))
            rank.update({place: i / len(places) for i, place in enumerate(places)})


def _heights(
    columns: Sequence[Sequence[Place]],
    neighbours: Mapping[Place, tuple[list[Place], list[Place]]],
    size: Mapping[Place, float],
    sweeps: int = 12,
) -> dict[Place, float]:
    """The middle of every place: near its neighbours', in order, and never closer than the sizes allow."""
    middle: dict[Place, float] = {}
    offsets = []
    for places in columns:
        sizes = np.array([size[place] for place in places])
        offset = np.cumsum(sizes) - sizes / 2
        offsets.append(offset)
        middle.update(zip(places, (offset - sizes.sum() / 2).tolist(), strict=True))
    for sweep in range(sweeps):
        order = range(len(columns)) if sweep % 2 == 0 else range(len(columns) - 1, -1, -1)
        for index in order:
            places = columns[index]
            wanted = np.array(
                [fmean([middle[n] for side in neighbours[p] for n in side] or [middle[p]]) for p in places]
            )
            # Least squares under "in order and far enough apart" is isotonic once the distances are taken off.
            fitted = isotonic_regression(wanted - offsets[index]).x + offsets[index]
            middle.update(zip(places, fitted.tolist(), strict=True))
    return middle


def _path(
    before: str, after: str, column: Mapping[str, int], left: Sequence[float], y: Mapping[Place, float]
) -> str:
    x, height = left[column[before]] + BOX_WIDTH, y[(before,)]
    pieces = [f"M{x:g} {height:g}"]
    for index, place in enumerate(_chain(before, after, column)[1:], start=column[before] + 1):
        target_x, target = left[index], y[place]
        bend = round((x + target_x) / 2, 1)
        pieces.append(f"C{bend:g} {height:g} {bend:g} {target:g} {target_x:g} {target:g}")
        if len(place) > 1:
            pieces.append(f"H{target_x + BOX_WIDTH:g}")
        x, height = target_x + BOX_WIDTH, target
    return " ".join(pieces)


def _title_lines(title: str, compact: bool) -> tuple[str, ...]:
    """At most two lines (one when compact); what does not fit ends in an ellipsis."""
    if compact:
        return (title if len(title) <= COMPACT_LETTERS else title[: COMPACT_LETTERS - 1] + "…",)
    lines = textwrap.wrap(title, LETTERS) or [""]
    return tuple(lines) if len(lines) <= 2 else (lines[0], lines[1][: LETTERS - 1] + "…")
