"""Charts as plain geometry, drawn into the page as SVG by `templates/charts.html`.

Why no charting library: the page must be readable without scripts, take its colours from the reader's light or
dark setting, print, and let nothing but itself run. A library that draws in the browser brings five megabytes of
script and reads markup in labels, which here are foreign text; one that draws beforehand fixes the colours. What
is left to do is three plots of points and lines. The skill graph is `skill_map.py`.

Coordinates are user units of a plot's own `width` x `height`, origin at the top left. Colours and shapes are
named, never given: the style sheet owns them.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

LEFT, RIGHT, TOP, BOTTOM = 46.0, 14.0, 26.0, 26.0
"""Margins of every plot, for the axes' ticks."""
LABEL = 20.0
"""More margin at the bottom where the x axis has a label."""


LETTER, SMALL_LETTER = 8.0, 6.0
"""Room for a letter of a tick's label at the largest size that the style sheet sets; the latter in small plots."""


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


def spaced(ticks: Sequence[Tick], letter: float = LETTER) -> tuple[Tick, ...]:
    """The ticks from left to right, without those whose labels would come too near to one earlier in `ticks`."""
    kept: list[Tick] = []
    for tick in ticks:
        # Half of each label, and a letter's space between them.
        if all(
            abs(tick.at - other.at) >= letter * ((len(tick.label) + len(other.label)) / 2 + 1) for other in kept
        ):
            kept.append(tick)
    return tuple(sorted(kept, key=lambda tick: tick.at))


def thinned(at_of: Mapping[int, float], letter: float = LETTER) -> tuple[Tick, ...]:
    """Ticks for numbers at their places: for all where there is room, else for every second, fifth or tenth."""
    for step in (1, 2, 5, 10):
        ticks = [Tick(at, str(number)) for number, at in sorted(at_of.items()) if number % step == 0]
        if spaced(ticks, letter) == tuple(ticks):
            break
    return spaced(ticks, letter)


@dataclass(frozen=True)
class Axis:
    """The ticks of an axis and what is written below them, if anything."""

    ticks: tuple[Tick, ...]
    label: str


def rounds_axis(at_of: Mapping[int, float], others: Sequence[Tick] = ()) -> Axis:
    """An axis of rounds by number, 0 being the textbooks: in words where there is room, else in numbers.

    `others` are ticks for what is not a round. Where there is no room for all, the first of them (where everything
    begins) goes before the rounds, and the rounds before the rest.
    """
    words = [*others, *(Tick(at, f"round {number}" if number else "books") for number, at in at_of.items())]
    if len(told := spaced(words)) == len(words):
        return Axis(told, "")
    return Axis(spaced([*others[:1], *thinned(at_of), *others[1:]]), "round (0: the textbooks)")


def scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """The linear map of `low`..`high` to `start`..`end`, to a tenth of a unit."""
    span = (high - low) or 1.0
    return lambda value: round(start + (value - low) / span * (end - start), 1)
