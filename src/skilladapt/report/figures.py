"""The data map and the accuracy from stage to stage."""

import math
from collections.abc import Sequence

from skilladapt.records import Category, Score
from skilladapt.report.plots import (
    BOTTOM,
    LABEL,
    LEFT,
    RIGHT,
    TOP,
    Line,
    Mark,
    Plot,
    Tick,
    nice_ticks,
    rounds_axis,
    scale,
)
from skilladapt.report.reading import Categorised, Reading, Round
from skilladapt.report.visible import clip, is_round, number, percent, stage_name

MOST_POINTS = 1500
"""Points drawn in one data map; more would only hide one another."""

CATEGORIES: tuple[Category, ...] = ("easy", "ambiguous", "hard", "error")


def shown_category(category: str) -> str:
    """The word for a category: an `error` is a suspect until it was checked."""
    return "suspect" if category == "error" else category


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
    y = scale(y_values[0], y_values[-1], height - BOTTOM - LABEL, TOP)
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
            f"{skill.title if skill else row.example_id}: {shown_category(row.category)}",
            clip(exercise.question, 160) if exercise else row.example_id,
            f"mean loss {number(row.mean_loss)}, std {number(row.std_loss)}",
        ]
    )


def accuracy_over_stages(scores: Sequence[Score], width: float = 460, height: float = 250) -> Plot | None:
    """Mean accuracy at each stage with its interval; the control before it stands apart from the line."""
    if not scores:
        return None
    x = scale(-0.5, len(scores) - 0.5, LEFT, width - RIGHT)
    rounds = {int(s.when[6:]): x(i) for i, s in enumerate(scores) if is_round(s.when)}
    short = {"base-few-shot": "format"}
    axis = rounds_axis(
        rounds,
        [Tick(x(i), short.get(s.when, clip(s.when, 12))) for i, s in enumerate(scores) if not is_round(s.when)],
    )
    y = scale(0, 1, height - BOTTOM - (LABEL if axis.label else 0), TOP)
    path = [(x(i), y(score.accuracy)) for i, score in enumerate(scores) if score.when != "base-few-shot"]
    return Plot(
        title="Accuracy from stage to stage",
        width=width,
        height=height,
        x_label=axis.label,
        y_label="accuracy on held-out probes",
        x_ticks=axis.ticks,
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
