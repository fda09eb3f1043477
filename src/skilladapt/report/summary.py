"""`summary.json` read with care: what a finished run says of itself, absent pieces left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from skilladapt.records import Record

R = TypeVar("R", bound=Record)


class Difference(Record):
    """Accuracy at `after` minus accuracy at `before`, pair of probes by pair of probes (shares, -1..1)."""

    before: str
    after: str
    difference: float
    ci_low: float
    ci_high: float
    n_pairs: int
    label: str
    """What the interval speaks of, such as `for this run`."""


class Change(Record):
    """One measure of the panel before and after, with the 95% interval of the difference."""

    before: float
    after: float
    difference: float
    ci_low: float
    ci_high: float


@dataclass(frozen=True)
class Summary:
    """All of it; `finished` is false, and the rest empty, before the run has ended."""

    finished: bool
    paired: tuple[Difference, ...]
    panel_accuracy: Change | None
    """Shares, 0..1; a fall is forgetting."""
    panel_loss: Change | None
    """Nats per token; a rise is forgetting."""
    tokens: Mapping[str, float]
    """Tokens trained on by what they were used for, and `total`."""
    decoded_tokens: float | None
    rejected: Mapping[str, float]
    """How many materials by reason."""
    findings: tuple[str, ...]


def summary_of(content: Mapping[str, Any]) -> Summary:
    """The summary in the content of `summary.json`; what has not the expected form is left out."""
    forgetting = _mapping(content.get("forgetting"))
    paired = content.get("paired")
    findings = content.get("findings")
    return Summary(
        finished=bool(content),
        paired=tuple(
            found for row in (paired if isinstance(paired, list) else ()) if (found := _record(row, Difference))
        ),
        panel_accuracy=_record(forgetting.get("accuracy"), Change),
        panel_loss=_record(forgetting.get("loss"), Change),
        tokens=_numbers(content.get("tokens")),
        decoded_tokens=_numbers(content).get("decoded_tokens"),
        rejected=_numbers(content.get("rejected")),
        findings=tuple(str(finding) for finding in findings) if isinstance(findings, list) else (),
    )


def _record(row: Any, kind: type[R]) -> R | None:
    try:
        return kind(**{name: value for name, value in _mapping(row).items() if name in kind.model_fields})
    except ValidationError:
        return None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _numbers(value: Any) -> dict[str, float]:
    return {
        key: number
        for key, number in _mapping(value).items()
        if isinstance(number, int | float) and not isinstance(number, bool)
    }
