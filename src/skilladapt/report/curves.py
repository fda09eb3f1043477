"""Loss curves: mean loss of each pass over all rounds."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

from skilladapt.report.figures import shown_category
from skilladapt.report.plots import (
    BOTTOM,
    LABEL,
    LEFT,
    RIGHT,
    SMALL_LETTER,
    TOP,
    Axis,
    Line,
    Mark,
    Plot,
    Tick,
    nice_ticks,
    rounds_axis,
    scale,
    thinned,
)
from skilladapt.report.reading import Round
from skilladapt.report.visible import number

Means = Mapping[str, Sequence[float]]
"""By kind of line, the mean loss of each pass of a round (nats per token)."""


def loss_curves(rounds: Sequence[Round]) -> Plot | None:
    """A line for each category (as found after that round); None when no losses were recorded.

    Examples without a category (textbooks) are drawn as `plain`.
    """
    means = {round.number: _means(round, {r.example_id: r.category for r in round.categories}) for round in rounds}
    return _plot("Loss by category", "mean loss (nats per token)", means, 640, 330)


def skill_curve(title: str, rounds: Sequence[Round], example_ids: Iterable[str]) -> Plot | None:
    """One line for the examples of a skill, as a small plot."""
    wanted = frozenset(example_ids)
    return _plot(title, "", {round.number: _means(round, {}, wanted) for round in rounds}, 220, 140)


def _means(round: Round, kind_of: Mapping[str, str], only: frozenset[str] | None = None) -> Means:
    losses: dict[str, list[Sequence[float]]] = {}
    for example_id in round.loss_P.keys() if only is None else only & round.loss_P.keys():
        losses.setdefault(kind_of.get(example_id, "plain"), []).append(round.loss_P[example_id])
    return {
        kind: [
            fmean(loss_P[index] for loss_P in rows if index < len(loss_P))
            for index in range(max(len(loss_P) for loss_P in rows))
        ]
        for kind, rows in losses.items()
    }


def _plot(title: str, y_label: str, means: Mapping[int, Means], width: float, height: float) -> Plot | None:
    passes = {number: max(map(len, kinds.values())) for number, kinds in means.items() if kinds}
    if not passes:
        return None
    first, total = {}, 0
    for round_number, count in passes.items():
        first[round_number], total = total, total + count
    highest = max(loss for kinds in means.values() for loss_P in kinds.values() for loss in loss_P)
    y_values = nice_ticks(0, highest, 5 if height > 200 else 3)
    x = scale(0.5, total + 0.5, LEFT, width - RIGHT)
    middles = {n: x(first[n] + (count + 1) / 2) for n, count in passes.items()}
    axis = rounds_axis(middles) if width > 400 else Axis(thinned(middles, SMALL_LETTER), "")
    y = scale(y_values[0], y_values[-1], height - BOTTOM - (LABEL if axis.label else 0), TOP)
    marks: list[Mark] = []
    lines: list[Line] = []
    for round_number in passes:
        for kind, loss_P in means[round_number].items():
            line = [
                Mark(
                    x(first[round_number] + index + 1),
                    y(loss),
                    kind,
                    f"{shown_category(kind)}, round {round_number}, pass {index + 1}: {number(loss)} nats/token",
                )
                for index, loss in enumerate(loss_P)
            ]
            marks += line
            lines.append(Line(" ".join(f"{mark.x},{mark.y}" for mark in line), kind))
    return Plot(
        title=title,
        width=width,
        height=height,
        x_label=axis.label,
        y_label=y_label,
        x_ticks=axis.ticks,
        y_ticks=tuple(Tick(y(value), f"{value:g}") for value in y_values),
        marks=tuple(marks),
        lines=tuple(lines),
        rules=tuple(x(first[n] + 0.5) for n in passes if first[n]),
    )
