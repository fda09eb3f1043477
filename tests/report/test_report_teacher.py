"""What a page tells of a run's teacher."""

import json
import re

import pytest
from synthetic_run import SUMMARY, TEACHER

from skilladapt.report.page import render
from skilladapt.report.reading import Reading, read_run
from skilladapt.report.teacher import teacher_of
from skilladapt.store import RunDirectory

ESTIMATE = {
    "parts": [
        {
            "purpose": "exercises",
            "calls": [144, 288],
            "prompt_tokens": [60_000, 120_000],
            "completion_tokens": [20_000, 130_000],
            "cost_usd": [0.2, 0.9],
        }
    ]
}


def section(page: str) -> str:
    """The words of the section about the teacher."""
    found = page.split('<section aria-labelledby="teacher">')[1].split("</section>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found))


def test_costs_stand_beside_the_estimate_with_a_word_where_it_did_not_hold(run_copy: RunDirectory) -> None:
    (run_copy.path / "summary.json").write_text(json.dumps({**SUMMARY, "teacher": TEACHER}))
    page = render(read_run(run_copy))
    told = section(page)
    assert 'href="#teacher"' in page and "large-model at api.example.com" in told
    assert "exercises 212 144 to 288 181,440 79,872 to 251,904 0.6183 0.2304 to 0.9101" in told
    assert "solutions 2,212 below 2,400 to 3,955 391,002 above 87,000 to 271,920" in told
    assert "others 2 – 90 – 0.0004 –" in told
    assert "2,431 calls and 574,001 tokens for 1.8311 US dollars" in told and "of which 5 calls" in told
    assert "solve 2,212 300,002 91,000 1.2007" in told
    assert "exercises 480 402 84% 311 65%" in told
    assert "agreement 3 of 3 independent solutions say … 71" in told


def test_without_prices_and_failures_nothing_is_said_of_them(run_copy: RunDirectory) -> None:
    free = json.loads(json.dumps(TEACHER))
    for row in [*free["costs"], free["together"], *free["purposes"].values()]:
        row["cost_usd"] = 0.0
        if row.get("estimated"):
            row["estimated"]["cost_usd"] = [0.0, 0.0]
    free["ledger"]["without_reply"] = 0
    (run_copy.path / "summary.json").write_text(json.dumps({**SUMMARY, "teacher": free}))
    told = section(render(read_run(run_copy)))
    assert "dollars" not in told and "no usable reply" not in told


def test_before_the_end_the_estimate_stands_alone(run_copy: RunDirectory) -> None:
    (run_copy.path / "summary.json").unlink()
    (run_copy.path / "estimate.json").write_text(json.dumps(ESTIMATE))
    told = section(render(read_run(run_copy)))
    assert "exercises – 144 to 288 – 80,000 to 250,000 – 0.2000 to 0.9000" in told
    assert "told when the run has ended" in told


def test_a_run_without_a_teacher_has_no_such_section(reading: Reading) -> None:
    page = render(reading)
    assert reading.teacher is None and 'id="teacher"' not in page and 'href="#teacher"' not in page


@pytest.mark.parametrize("broken", [None, [], "x", 3, [None], [{"part": 1}], {"calls": "many"}, [["deep"]]])
def test_what_is_broken_is_left_out(run_copy: RunDirectory, broken: object) -> None:
    for key in TEACHER:
        found = teacher_of({"teacher": {**TEACHER, key: broken}}, {})
        assert found is not None and found.is_priced in (True, False)
    (run_copy.path / "summary.json").write_text(json.dumps({"teacher": dict.fromkeys(TEACHER, broken)}))
    (run_copy.path / "estimate.json").write_text(json.dumps({"parts": [broken, {"purpose": broken}]}))
    assert "What the teacher cost" in section(render(read_run(run_copy)))
