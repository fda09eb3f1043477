"""Costs by part, beside an estimate."""

import pytest

from skilladapt import prompts
from skilladapt.progress import console
from skilladapt.stages.parts import OTHERS, PURPOSES, part_of
from skilladapt.stages.spending import cost_summary, show_costs
from skilladapt.teachers.ledger import Amount
from skilladapt.teachers.spending import Spending, Spent

ESTIMATE = {
    "parts": [
        {
            "purpose": part,
            "calls": [2, 4],
            "prompt_tokens": [100, 200],
            "completion_tokens": [10, 40],
            "cost_usd": [0.1, 0.4],
        }
        for part in ("exercises", "solutions")
    ]
}


def test_every_prompt_belongs_to_one_part() -> None:
    purposes = [purpose for one in PURPOSES.values() for purpose in one]
    assert sorted(purposes) == prompts.names()
    assert part_of("augmented") == "new exercises" and part_of("something else") == OTHERS


def test_purposes_are_put_together_and_compared_end_by_end() -> None:
    spending = Spending(
        {
            "exercises": Spent(3, 150, 50, 400_000_000),
            "judge": Spent(1, 5, 5, 1_000),
            "points": Spent(2, 10, 10, 0),
            "unheard-of": Spent(1, 1, 1, 0),
        },
        Amount(9, 400, 500_000_000),
    )
    found = cost_summary(ESTIMATE, spending)
    rows = {row["part"]: row for row in found["costs"]}
    assert list(rows) == ["exercises", "solutions", "readings and judgements", OTHERS]
    assert rows["exercises"]["outside"] == {}  # both ends belong to the range
    assert rows["exercises"]["estimated"] == {"calls": [2, 4], "tokens": [110, 240], "cost_usd": [0.1, 0.4]}
    assert rows["solutions"]["outside"] == {"calls": "below", "tokens": "below", "cost_usd": "below"}
    judged = rows["readings and judgements"]
    assert (judged["calls"], judged["tokens"], judged["estimated"]) == (3, 30, None)
    together = found["together"]
    assert together["calls"] == 7 and together["estimated"]["calls"] == [4, 8]
    assert together["outside"]["calls"] == "below"  # 3 of what was estimated to take 4 to 8
    assert found["ledger"] == {"calls": 9, "tokens": 400, "cost_usd": 0.5, "without_reply": 2}


def test_what_is_above_is_marked_and_failed_calls_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    spending = Spending({"exercises": Spent(5, 150, 50, 500_000_000)}, Amount(6, 300, 600_000_000))
    show_costs(cost_summary(ESTIMATE, spending))
    told = capsys.readouterr().out
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in told.splitlines() if "│" in line]
    place = rows.index(["exercises", "5", "200", "0.5000"])
    assert rows[place + 1] == ["estimated", "above 2 to 4", "110 to 240", "above 0.1000 to 0.4000"]
    told = " ".join(told.split())
    assert "6 calls, 300 tokens, 0.6000 US dollars, of which 1 calls without a usable reply" in told


def test_large_figures_are_shown_whole_on_a_narrow_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "width", 100)
    spending = Spending({"points": Spent(221_200, 39_100_200, 5_000_000, 112_120_000_000)}, Amount())
    part = {"purpose": "readings and judgements", "calls": [240_000, 395_500], "prompt_tokens": [87_000_000, 2e8]}
    show_costs(
        cost_summary({"parts": [{**part, "completion_tokens": [1, 2], "cost_usd": [191.2, 241.1]}]}, spending)
    )
    told = capsys.readouterr().out
    assert "…" not in told
    for shown in ("below 240,000", "395,500", "44,100,200", "87,000,001", "200,000,002", "191.20", "241.10"):
        assert shown in told


def test_without_prices_money_is_no_column(capsys: pytest.CaptureFixture[str]) -> None:
    free = {"parts": [{**part, "cost_usd": [0.0, 0.0]} for part in ESTIMATE["parts"]]}
    show_costs(cost_summary(free, Spending({"exercises": Spent(3, 150, 50, 0)}, Amount())))
    told = capsys.readouterr().out
    assert "dollars" not in told and "usable" not in told
