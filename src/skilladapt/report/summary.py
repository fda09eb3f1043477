"""`summary.json` read with care: what a finished run says of itself, absent pieces left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skilladapt.records import Record
from skilladapt.report.lenient import mapping, record, records


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
    family: str = ""
    """The one kind of probes it is about; empty for all."""


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
    forgetting = mapping(content.get("forgetting"))
    findings = content.get("findings")
    return Summary(
        finished=bool(content),
        paired=records(content.get("paired"), Difference),
        panel_accuracy=record(forgetting.get("accuracy"), Change),
        panel_loss=record(forgetting.get("loss"), Change),
        tokens=_numbers(content.get("tokens")),
        decoded_tokens=_numbers(content).get("decoded_tokens"),
        rejected=_numbers(content.get("rejected")),
        findings=tuple(str(finding) for finding in findings) if isinstance(findings, list) else (),
    )


def _numbers(value: Any) -> dict[str, float]:
    return {
        key: number
        for key, number in mapping(value).items()
        if isinstance(number, int | float) and not isinstance(number, bool)
    }
