"""Charts as plain geometry, drawn into the page as SVG by `templates/charts.html`.

Why no charting library: the page must be readable without scripts, take its colours from the reader's light or
dark setting, print, and let nothing but itself run. A library that draws in the browser brings five megabytes of
script and reads markup in labels, which here are foreign text; one that draws beforehand fixes the colours. What
is left to do is three plots of points and lines. The skill graph is `skill_map.py`.

Coordinates are user units of a plot's own `width` x `height`, origin at the top left. Colours and shapes are
named, never given: the style sheet owns them.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

LEFT, RIGHT, TOP, BOTTOM = 46.0, 14.0, 26.0, 26.0
"""Margins of every plot, for the axes' ticks."""
LABEL = 20.0
"""More margin at the bottom where the x axis has a label."""


@dataclass(frozen=True)
class Tick:
    """A place on an axis and what is written there."""

    at: float
    label: str


@dataclass(frozen=True)
class Mark:
    """A point: its shape and colour by name, and what it says when pointed at."""

    x: float
    y: float
    kind: str
    tip: str


@dataclass(frozen=True)
class Line:
    """A polyline, as the `points` attribute of SVG."""

    points: str
    kind: str


@dataclass(frozen=True)
class Plot:
    """One chart."""

    title: str
    width: float
    height: float
    x_label: str
    y_label: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...] = ()
    lines: tuple[Line, ...] = ()
    whiskers: tuple[Line, ...] = ()
    """Intervals."""
    rules: tuple[float, ...] = ()
    """Places on the x axis where a new round begins."""

    @property
    def left(self) -> float:
        """Where the y axis stands."""
        return LEFT

    @property
    def top(self) -> float:
        """Where the plot ends above."""
        return TOP

    @property
    def bottom(self) -> float:
        """Where the x axis lies."""
        return self.height - BOTTOM - (LABEL if self.x_label else 0)

    @property
    def right(self) -> float:
        """Where the x axis ends."""
        return self.width - RIGHT


def nice_ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Multiples of 1, 2, 2.5 or 5 times a power of ten that cover `low`..`high`, about `wanted` of them."""
    span = max(high - low, 1e-9)
    power = 10.0 ** math.floor(math.log10(span / wanted))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if span / (power * factor) <= wanted)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(index * step, 10) for index in range(first, max(last, first + 1) + 1)]


def scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """The linear map of `low`..`high` to `start`..`end`, to a tenth of a unit."""
    span = (high - low) or 1.0
    return lambda value: round(start + (value - low) / span * (end - start), 1)
