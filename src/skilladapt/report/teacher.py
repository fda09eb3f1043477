"""What a run's teacher cost and what its replies were good for, read with care from `summary.json`.

Before a run has ended only its estimate is there (`estimate.json`): then nothing is known of the truth.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from skilladapt.records import Record
from skilladapt.report.lenient import listed, mapping, record, records

FIGURES: Final = ("calls", "tokens", "cost_usd")


class Cost(Record):
    """One part of what was asked; shares of it that are not known are None."""

    part: str
    calls: int | None = None
    tokens: int | None = None
    """Of prompts and replies together."""
    cost_usd: float | None = None
    estimated: dict[str, tuple[float, float]] | None = None
    """By figure, low and high; None where no estimate spoke of it."""
    outside: dict[str, Literal["below", "above"]] = {}
    """The figures that the estimate did not hold."""


class Purpose(Record):
    """What one kind of prompt took."""

    calls: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float


class Ledger(Record):
    """All that was or may have to be paid."""

    calls: int
    tokens: int
    cost_usd: float
    without_reply: int
    """Calls that brought no usable reply."""


class Yield(Record):
    """How much was asked for one purpose, usable, and admitted."""

    purpose: str
    asked: int
    usable: int
    admitted: int


class Loss(Record):
    """A reason against something a teacher wrote, and how often."""

    purpose: str
    by: str
    reason: str
    count: int


@dataclass(frozen=True)
class Teacher:
    """All that a page shows of a teacher."""

    name: str
    """Empty where it is not told yet."""
    costs: tuple[Cost, ...]
    together: Cost | None
    purposes: Mapping[str, Purpose]
    ledger: Ledger | None
    yields: tuple[Yield, ...]
    losses: tuple[Loss, ...]

    @property
    def is_priced(self) -> bool:
        """Whether anything is known of money."""
        ends = [(row.estimated or {}).get("cost_usd", (0.0, 0.0))[1] for row in self.costs]
        return any(row.cost_usd for row in self.costs) or any(ends)

    @property
    def figures(self) -> tuple[str, ...]:
        """What the table of costs has columns for."""
        return FIGURES if self.is_priced else FIGURES[:2]


def teacher_of(summary: Mapping[str, Any], estimate: Mapping[str, Any]) -> Teacher | None:
    """The teacher in the content of both files; None for a run that asked nobody. What is broken is left out."""
    found = mapping(summary.get("teacher"))
    if not found and not estimate:
        return None
    return Teacher(
        name=str(found.get("name", "")),
        costs=records(found.get("costs") if found else _expected(estimate), Cost),
        together=record(found["together"], Cost) if "together" in found else None,
        purposes={
            str(name): one
            for name, row in mapping(found.get("purposes")).items()
            for one in records([row], Purpose)
        },
        ledger=record(found.get("ledger"), Ledger),
        yields=records(found.get("yield"), Yield),
        losses=records(found.get("rejected"), Loss),
    )


def _expected(estimate: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows of costs with nothing but an estimate."""
    rows = []
    for part in listed(estimate.get("parts")):
        given = mapping(part)
        ends = [listed(given.get(name)) for name in ("prompt_tokens", "completion_tokens")]
        if all(_is_range(one) for one in ends):
            tokens = [prompt + reply for prompt, reply in zip(*ends, strict=True)]
            figures = {"calls": given.get("calls"), "tokens": tokens, "cost_usd": given.get("cost_usd")}
            rows.append({"part": given.get("purpose"), "estimated": figures})
    return rows


def _is_range(ends: list[Any]) -> bool:
    return len(ends) == 2 and all(isinstance(end, int | float) for end in ends)
