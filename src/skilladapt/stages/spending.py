"""What a teacher cost, part by part, beside what was estimated before."""

import functools
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from rich.table import Table

from skilladapt.progress import console
from skilladapt.records import Record
from skilladapt.stages.parts import PURPOSES, part_of
from skilladapt.teachers.spending import Spending, Spent

FIGURES: Final = ("calls", "tokens", "cost_usd")
"""What is compared; tokens are those of prompts and replies together."""
Ends = tuple[float, float]


class Cost(Record):
    """What one part took, and what it was estimated to take."""

    part: str
    calls: int
    tokens: int
    cost_usd: float
    estimated: dict[str, Ends] | None
    """By figure, low and high; None where the estimate did not speak of it."""
    outside: dict[str, Literal["below", "above"]]
    """The figures that are less than the low end or more than the high one."""


def cost_summary(estimate: Mapping[str, Any], spending: Spending) -> dict[str, Any]:
    """What `summary.json` holds of costs; `estimate` is the content of `estimate.json`."""
    expected = {part["purpose"]: _expected([part]) for part in estimate["parts"]}
    spent: dict[str, Spent] = {}
    for purpose, one in spending.by_purpose.items():
        spent[part_of(purpose)] = spent.get(part_of(purpose), Spent()).plus(one)
    parts = [*(part for part in PURPOSES if part in spent or part in expected), *(spent.keys() - PURPOSES.keys())]
    rows = [_cost(part, spent.get(part, Spent()), expected.get(part)) for part in parts]
    expected_of_all, ledger = _expected(estimate["parts"]), spending.ledger
    # What the estimate did not speak of, such as the graph, says nothing about whether it held.
    spoken_of = functools.reduce(Spent.plus, (one for part, one in spent.items() if part in expected), Spent())
    outside = _cost("", spoken_of, expected_of_all).outside
    together = _cost("together", spending.together, expected_of_all).model_copy(update={"outside": outside})
    return {
        "costs": [row.model_dump(mode="json") for row in rows],
        "together": together.model_dump(mode="json"),
        "purposes": {purpose: _of(one) for purpose, one in spending.by_purpose.items()},
        "ledger": {
            "calls": ledger.calls,
            "tokens": ledger.tokens,
            "cost_usd": ledger.usd,
            "without_reply": spending.calls_without_reply,
        },
    }


def _expected(parts: Iterable[Mapping[str, Any]]) -> dict[str, Ends]:
    """The estimate of some parts together."""
    given = [
        {
            "calls": part["calls"],
            "tokens": [sum(ends) for ends in zip(part["prompt_tokens"], part["completion_tokens"], strict=True)],
            "cost_usd": part["cost_usd"],
        }
        for part in parts
    ]
    return {
        figure: (sum(one[figure][0] for one in given), sum(one[figure][1] for one in given)) for figure in FIGURES
    }


def _cost(part: str, spent: Spent, expected: dict[str, Ends] | None) -> Cost:
    found = {"calls": spent.calls, "tokens": spent.tokens, "cost_usd": spent.usd}
    outside: dict[str, Literal["below", "above"]] = {}
    for figure, (low, high) in (expected or {}).items():
        if not low <= found[figure] <= high:
            outside[figure] = "below" if found[figure] < low else "above"
    return Cost(
        part=part,
        calls=spent.calls,
        tokens=spent.tokens,
        cost_usd=spent.usd,
        estimated=expected,
        outside=outside,
    )


def _of(spent: Spent) -> dict[str, float]:
    return {
        "calls": spent.calls,
        "prompt_tokens": spent.prompt_tokens,
        "completion_tokens": spent.completion_tokens,
        "cost_usd": spent.usd,
    }


def show_costs(summary: Mapping[str, Any]) -> None:
    """Prints the costs in a summary: what each part took, and what was expected."""
    rows = [Cost.model_validate(row, strict=False) for row in (*summary["costs"], summary["together"])]
    is_priced = any(row.cost_usd or (row.estimated or {}).get("cost_usd", (0, 0))[1] for row in rows)
    figures = [figure for figure in FIGURES if is_priced or figure != "cost_usd"]
    table = Table(title="What the teacher was asked, and below it the estimate", title_justify="left")
    table.add_column("asked for")
    for figure in figures:
        table.add_column({"cost_usd": "US dollars"}.get(figure, figure), justify="right")
    for row in rows:
        # Below each other: side by side they are wider than many a terminal.
        cells = [f"{_shown(figure, getattr(row, figure))}\n{_estimated(row, figure)}" for figure in figures]
        table.add_row(f"{row.part}\n  estimated", *cells, style="bold" if row.part == "together" else None)
    console.print(table)
    ledger = summary["ledger"]
    if ledger["without_reply"]:
        money = f", {ledger['cost_usd']:,.4f} US dollars" if is_priced else ""
        console.print(
            f"Paid, or perhaps to be paid, in all: {ledger['calls']:,} calls, {ledger['tokens']:,} tokens{money}, "
            f"of which {ledger['without_reply']:,} calls without a usable reply."
        )


def _estimated(row: Cost, figure: str) -> str:
    """The range, with a word before it where it does not hold what was."""
    if row.estimated is None:
        return "-"
    low, high = (_shown(figure, end) for end in row.estimated[figure])
    return f"{row.outside.get(figure, '')} {low if low == high else f'{low} to {high}'}".strip()


def _shown(figure: str, number: float) -> str:
    return f"{number:,.{(2 if number >= 1 else 4) if figure == 'cost_usd' else 0}f}"
