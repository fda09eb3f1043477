"""Costs by part, beside an estimate."""

import pytest

from skilladapt import prompts
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
    assert found["together"]["calls"] == 7 and found["together"]["estimated"]["calls"] == [4, 8]
    assert found["ledger"] == {"calls": 9, "tokens": 400, "cost_usd": 0.5, "without_reply": 2}


def test_what_is_above_is_marked_and_failed_calls_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    spending = Spending({"exercises": Spent(5, 150, 50, 500_000_000)}, Amount(6, 300, 600_000_000))
    show_costs(cost_summary(ESTIMATE, spending))
    told = " ".join(capsys.readouterr().out.split())
    assert "5 \u2502 above 2 to 4" in told and "0.5000 \u2502 above 0.1000 to 0.4000" in told
    assert "6 calls, 300 tokens, 0.6000 US dollars, of which 1 calls without a usable reply" in told


def test_without_prices_money_is_no_column(capsys: pytest.CaptureFixture[str]) -> None:
    free = {"parts": [{**part, "cost_usd": [0.0, 0.0]} for part in ESTIMATE["parts"]]}
    show_costs(cost_summary(free, Spending({"exercises": Spent(3, 150, 50, 0)}, Amount())))
    told = capsys.readouterr().out
    assert "dollars" not in told and "usable" not in told
