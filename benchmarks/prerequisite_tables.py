"""What became of methods of predicting prerequisites, as rows of Markdown tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from prerequisite_methods import Prediction
from skilladapt.adaptation.intervals import share_with_interval
from skilladapt.evaluation.edges import Agreement, Edge, joined


@dataclass(frozen=True)
class Row:
    """What became of one method."""

    direct: Agreement
    closed: Agreement
    ranked: Mapping[int, Agreement]
    """The 1, 3 and 5 ranked highest for each skill, taken as edges."""

    @classmethod
    def joined(cls, rows: "Sequence[Row]") -> "Row":
        return cls(
            joined([row.direct for row in rows]),
            joined([row.closed for row in rows]),
            {most: joined([row.ranked[most] for row in rows]) for most in rows[0].ranked},
        )


def scores_table(title: str, rows: Mapping[str, Row], baselines: Sequence[str], seed: int = 1) -> str:
    """A table of rows; ours are compared with whichever baseline is best here."""
    best = max((rows[name] for name in baselines), key=lambda row: row.direct.f1)
    best_ranked = max((rows[name] for name in baselines), key=lambda row: row.ranked[3].recall)
    lines = [f"### {title}\n"]
    lines.append(
        "| method | precision | recall | F1 (95%) | F1 above the best baseline | recall@1/3/5 "
        "| recall@3 above the best baseline | closure: precision, recall, F1 |"
    )
    lines.append("| --- " * 8 + "|")
    for name, row in rows.items():
        above, ranked_above = "", ""
        if name not in baselines:
            above = difference(*row.direct.f1_above(best.direct, seed))
            ranked_above = difference(*row.ranked[3].recall_above(best_ranked.ranked[3], seed))
        low, high = row.direct.f1_interval(seed)
        recalls = "/".join(f"{part.recall:.2f}" for part in row.ranked.values())
        lines.append(
            f"| {name} | {row.direct.precision:.3f} | {row.direct.recall:.3f} "
            f"| {row.direct.f1:.3f} ({low:.3f}-{high:.3f}) | {above} | {recalls} | {ranked_above} "
            f"| {row.closed.precision:.2f}, {row.closed.recall:.2f}, {row.closed.f1:.3f} |"
        )
    return "\n".join([*lines, ""])


def first(prediction: Prediction, most: int) -> list[Edge]:
    """Everything ranked among the `most` first."""
    return [(before, after) for after, best in prediction.ranked.items() for before in best[:most]]


def added(parts: Iterable[Agreement]) -> Agreement:
    """Counts of the same units, added up."""
    arrays = zip(*((part.found_U, part.predicted_U, part.stated_U) for part in parts), strict=True)
    found, predicted, stated = (np.sum(same, axis=0) for same in arrays)
    return Agreement(found, predicted, stated)


def difference(value: float, low: float, high: float) -> str:
    return f"{value:+.3f} ({low:+.3f} to {high:+.3f})"


def share_forward(steps: Sequence[int]) -> tuple[float, float, float]:
    told = [step for step in steps if step != 0]
    return share_with_interval(sum(step > 0 for step in told), len(told))
