"""Charts as plain geometry, drawn into the page as SVG by `templates/charts.html`.

Why no charting library: the page must be readable without scripts, take its colours from the reader's light or
dark setting, print, and let nothing but itself run. A library that draws in the browser brings five megabytes of
script and reads markup in labels, which here are foreign text; one that draws beforehand fixes the colours. What
is left to do is three plots of points and lines. The skill graph is `skill_map.py`.

Coordinates are user units of a plot's own `width` x `height`, origin at the top left. Colours and shapes are
named, never given: the style sheet owns them.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from skilladapt.records import Score
from skilladapt.report.reading import Categorised, Reading, Round
from skilladapt.report.visible import clip, number, percent, stage_name

MOST_POINTS = 1500
"""Points drawn in one data map; more would only hide one another."""

CATEGORIES = ("easy", "ambiguous", "hard", "error")
LEFT, RIGHT, TOP, BOTTOM = 46.0, 14.0, 14.0, 44.0


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
        return self.height - BOTTOM

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


def data_map(round: Round, reading: Reading, width: float = 460, height: float = 330) -> Plot | None:
    """Every example of a round: deviation over passes against mean loss; None when nothing was categorised."""
    rows = [row for row in round.categories if math.isfinite(row.mean_loss) and math.isfinite(row.std_loss)]
    if not rows:
        return None
    # Ids are hashes, so the smallest ones are a fair sample, and the same one every time.
    rows = sorted(rows, key=lambda row: row.example_id)[:MOST_POINTS]
    x_values = nice_ticks(0, max(row.std_loss for row in rows))
    y_values = nice_ticks(0, max(row.mean_loss for row in rows))
    x = scale(x_values[0], x_values[-1], LEFT, width - RIGHT)
    y = scale(y_values[0], y_values[-1], height - BOTTOM, TOP)
    return Plot(
        title=f"Round {round.number}",
        width=width,
        height=height,
        x_label="change over passes (std of loss, nats)",
        y_label="mean loss (nats per token)",
        x_ticks=tuple(Tick(x(value), f"{value:g}") for value in x_values),
        y_ticks=tuple(Tick(y(value), f"{value:g}") for value in y_values),
        marks=tuple(
            Mark(x(row.std_loss), y(row.mean_loss), row.category, _example_tip(row, reading))
            for row in sorted(rows, key=lambda row: CATEGORIES.index(row.category))
        ),
    )


def _example_tip(row: Categorised, reading: Reading) -> str:
    exercise = reading.exercise_of(row.example_id)
    skill = reading.skill_of.get(reading.skill_id_of(row.example_id) or "")
    return "\n".join(
        [
            f"{skill.title if skill else row.example_id}: {_shown_category(row.category)}",
            clip(exercise.question, 160) if exercise else row.example_id,
            f"mean loss {number(row.mean_loss)}, std {number(row.std_loss)}",
        ]
    )


def _shown_category(category: str) -> str:
    return "suspect" if category == "error" else category


def loss_curves(rounds: Sequence[Round], width: float = 460, height: float = 330) -> Plot | None:
    """Mean loss of each pass over all rounds, a line for each category (as found after that round).

    Examples without a category (textbooks) are drawn as `plain`. None when no losses were recorded.
    """
    groups = {
        (round.number, kind): passes
        for round in rounds
        for kind, passes in _mean_losses(round, _category_of(round)).items()
    }
    return _curves("Loss by category", rounds, groups, width, height)


def skill_curve(title: str, rounds: Sequence[Round], example_ids: Iterable[str]) -> Plot | None:
    """Mean loss of each pass over all rounds for the examples of one skill, as a small plot."""
    wanted = set(example_ids)
    groups = {}
    for round in rounds:
        means = _mean_losses(round, {id: "plain" for id in wanted}, only=wanted)
        groups.update({(round.number, kind): passes for kind, passes in means.items()})
    return _curves(title, rounds, groups, 220, 130)


def _category_of(round: Round) -> Mapping[str, str]:
    return {row.example_id: row.category for row in round.categories}


def _mean_losses(round: Round, kind_of: Mapping[str, str], only: set[str] | None = None) -> dict[str, list[float]]:
    by_kind: dict[str, list[tuple[float, ...]]] = {}
    for example_id, losses in round.loss_P.items():
        if only is None or example_id in only:
            by_kind.setdefault(kind_of.get(example_id, "plain"), []).append(losses)
    return {
        kind: [
            fmean(losses[index] for losses in rows if index < len(losses))
            for index in range(max(len(losses) for losses in rows))
        ]
        for kind, rows in by_kind.items()
    }


def _curves(
    title: str,
    rounds: Sequence[Round],
    groups: Mapping[tuple[int, str], Sequence[float]],
    width: float,
    height: float,
) -> Plot | None:
    if not groups:
        return None
    passes = {
        round.number: max((len(values) for (n, _), values in groups.items() if n == round.number), default=0)
        for round in rounds
    }
    start, total = {}, 0
    for round_number, count in passes.items():
        start[round_number], total = total, total + count
    y_values = nice_ticks(0, max(max(values) for values in groups.values()), 5 if height > 200 else 3)
    x = scale(0.5, total + 0.5, LEFT, width - RIGHT)
    y = scale(y_values[0], y_values[-1], height - BOTTOM, TOP)
    spots = {
        (round_number, kind): [
            (x(start[round_number] + index + 1), y(value)) for index, value in enumerate(values)
        ]
        for (round_number, kind), values in groups.items()
    }
    return Plot(
        title=title,
        width=width,
        height=height,
        x_label="passes, round by round",
        y_label="mean loss (nats per token)",
        x_ticks=tuple(
            Tick(
                x(start[round_number] + (count + 1) / 2),
                f"round {round_number}" if count > 1 or total < 4 else f"r{round_number}",
            )
            for round_number, count in passes.items()
            if count
        ),
        y_ticks=tuple(Tick(y(value), f"{value:g}") for value in y_values),
        marks=tuple(
            Mark(
                *spot,
                kind,
                f"{_shown_category(kind)}, round {round_number}, pass {index + 1}: "
                f"{number(groups[round_number, kind][index])} nats per token",
            )
            for (round_number, kind), places in spots.items()
            for index, spot in enumerate(places)
        ),
        lines=tuple(
            Line(" ".join(f"{a},{b}" for a, b in places), kind)
            for (_, kind), places in spots.items()
            if len(places) > 1
        ),
        rules=tuple(x(start[n] + 0.5) for n, count in passes.items() if count and start[n]),
    )


def accuracy_over_stages(scores: Sequence[Score], width: float = 460, height: float = 250) -> Plot | None:
    """Mean accuracy at each stage with its interval; the control before it stands apart from the line."""
    if not scores:
        return None
    x = scale(-0.5, len(scores) - 0.5, LEFT, width - RIGHT)
    y = scale(0, 1, height - BOTTOM, TOP)
    path = [(x(i), y(score.accuracy)) for i, score in enumerate(scores) if score.when != "base-few-shot"]
    short = {"base": "base", "base-few-shot": "format", "round-0": "books"}
    return Plot(
        title="Accuracy from stage to stage",
        width=width,
        height=height,
        x_label="stage",
        y_label="accuracy on held-out probes",
        x_ticks=tuple(
            Tick(x(i), short.get(score.when, clip(score.when.replace("-", " "), 12)))
            for i, score in enumerate(scores)
        ),
        y_ticks=tuple(Tick(y(value / 4), f"{value / 4:.0%}") for value in range(5)),
        marks=tuple(
            Mark(
                x(i),
                y(score.accuracy),
                mark_of(score.when),
                f"{stage_name(score.when)}: {percent(score.accuracy)} "
                f"({percent(score.ci_low)} to {percent(score.ci_high)}), n = {score.n}",
            )
            for i, score in enumerate(scores)
        ),
        lines=(Line(" ".join(f"{a},{b}" for a, b in path), "after"),) if len(path) > 1 else (),
        whiskers=tuple(
            Line(f"{x(i)},{y(score.ci_low)} {x(i)},{y(score.ci_high)}", mark_of(score.when))
            for i, score in enumerate(scores)
        ),
    )


def mark_of(when: str) -> str:
    """The name of the mark that stands for a stage's scores everywhere on the page."""
    return {"base": "base", "base-few-shot": "shown"}.get(when, "after")
