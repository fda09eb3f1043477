"""What a comparison says of its cells, worked out by hand."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from skilladapt.outcome import Outcome, show_summary, summarised, write_summary
from skilladapt.records import Probe, is_held_out


def probe(number: int, skill_id: str, pair: str, family: str = "") -> Probe:
    question = next(text for text in (f"Probe {number}, wording {n}?" for n in range(1000)) if is_held_out(text))
    return Probe(skill_id=skill_id, question=question, answer="1", answer_type="number", pair=pair, family=family)


PAIRS = tuple(
    (probe(2 * n, skill_id, f"pair-{n}", family), probe(2 * n + 1, skill_id, f"pair-{n}", family))
    for n, (skill_id, family) in enumerate([("a", "near"), ("a", "near"), ("b", "far"), ("b", "far")])
)


def outcome(
    *right_R_J: list[float], tokens: tuple[int, ...] = (100, 300, 400), wrong: float = math.nan
) -> Outcome:
    """One with pairs right after each of three rounds."""
    return Outcome(
        probes=PAIRS,
        right_R_J=np.array(right_R_J),
        tokens_R=np.array(tokens),
        wrong_share_R=np.array([math.nan, wrong, wrong]),
        exercises=20,
        checked=3,
        decoded=50,
        seconds=7.5,
    )


NOTHING = [0.0, 0.0, 0.0, 0.0]
PLAIN = [outcome(NOTHING, [0.5, 0, 0, 0], [1, 0.5, 0, 0.5]), outcome(NOTHING, [0.5, 0, 0, 0], [1, 0.5, 0.5, 0])]
BETTER = [outcome(NOTHING, [1, 0.5, 0.5, 0], [1, 1, 1, 0]), outcome(NOTHING, [1, 1, 0, 0], [1, 1, 1, 1])]


def test_accuracy_is_the_mean_over_seeds_and_pairs_within_its_interval() -> None:
    mean, low, high = summarised({"plain": PLAIN})["plain"]["accuracy"]["all"]
    assert mean == pytest.approx((2.0 + 2.0) / 8)
    assert 0 <= low <= mean <= high <= 1 and low < high


def test_families_have_an_accuracy_and_a_difference_each_in_the_order_of_the_probes() -> None:
    found = summarised({"plain": PLAIN, "better": BETTER})["better"]
    assert list(found["accuracy"]) == list(found["difference"]) == ["all", "near", "far"]
    assert found["accuracy"]["near"][0] == pytest.approx(1.0)
    assert found["accuracy"]["far"][0] == pytest.approx(0.75)
    assert found["difference"]["far"][0] == pytest.approx(0.75 - 0.25)


def test_probes_without_families_are_told_together_only() -> None:
    pairs = tuple(tuple(one.model_copy(update={"family": ""}) for one in pair) for pair in PAIRS)
    plain = [Outcome(**{**vars(PLAIN[0]), "probes": pairs})]
    assert list(summarised({"plain": plain})["plain"]["accuracy"]) == ["all"]


def test_difference_is_taken_seed_by_seed_so_what_seeds_share_widens_no_interval() -> None:
    harder = [outcome(NOTHING, NOTHING, [0, 0, 0, 0]), outcome(NOTHING, NOTHING, [0.5, 0.5, 0.5, 0.5])]
    easier = [outcome(NOTHING, NOTHING, [0.5, 0.5, 0.5, 0.5]), outcome(NOTHING, NOTHING, [1, 1, 1, 1])]
    found = summarised({"plain": harder, "better": easier})["better"]
    assert found["difference"]["all"] == pytest.approx([0.5, 0.5, 0.5])
    assert found["accuracy"]["all"][1] < found["accuracy"]["all"][2]


def test_first_arm_differs_from_itself_by_nothing() -> None:
    found = summarised({"plain": PLAIN, "better": BETTER})["plain"]
    assert found["difference"]["all"] == [0, 0, 0]
    assert found["relative"] == 0


def test_relative_is_the_gain_over_the_first_arm() -> None:
    found = summarised({"plain": PLAIN, "better": BETTER})
    assert found["better"]["relative"] == pytest.approx(7 / 4 - 1)


def test_relative_to_an_arm_that_knows_nothing_is_not_told() -> None:
    nothing = [outcome(NOTHING, NOTHING, NOTHING)]
    assert summarised({"nothing": nothing, "better": BETTER[:1]})["better"]["relative"] is None


def test_tokens_to_reach_is_the_share_of_the_tokens_after_which_the_arm_was_as_good_as_the_first_at_its_end() -> (
    None
):
    found = summarised({"plain": PLAIN, "better": BETTER})
    assert found["plain"]["tokens_to_reach"] == 1
    assert found["better"]["tokens_to_reach"] == 300 / 400


def test_an_arm_that_never_was_as_good_has_no_tokens_to_reach() -> None:
    assert summarised({"better": BETTER, "plain": PLAIN})["plain"]["tokens_to_reach"] is None


def test_a_peak_counts_as_reached_though_it_was_lost_again() -> None:
    peak = [outcome(NOTHING, [1, 1, 1, 1], NOTHING)]
    assert summarised({"plain": PLAIN[:1], "peak": peak})["peak"]["tokens_to_reach"] == 300 / 400


def test_curve_is_accuracy_by_tokens_averaged_over_seeds() -> None:
    uneven = [outcome(NOTHING, [1, 1, 0, 0], [1, 1, 1, 1], tokens=(100, 200, 400)), BETTER[0]]
    found = summarised({"uneven": uneven})["uneven"]
    assert found["curve"] == [[100, 0.0], [250, 0.5], [400, 0.875]]
    assert found["tokens"] == 400


def test_costs_are_means_over_seeds() -> None:
    found = summarised({"plain": [PLAIN[0], Outcome(**{**vars(PLAIN[1]), "exercises": 30, "checked": 4})]})[
        "plain"
    ]
    assert (found["seeds"], found["exercises"], found["checked"]) == (2, 25, 3.5)
    assert (found["decoded"], found["seconds"]) == (50, 7.5)


def test_wrong_share_is_told_by_round_and_is_null_in_the_file_where_nothing_was_made_wrong(tmp_path: Path) -> None:
    made_wrong = [outcome(NOTHING, NOTHING, NOTHING, wrong=share) for share in (0.1, 0.3)]
    write_summary(tmp_path, summarised({"plain": PLAIN, "wrong": made_wrong}))
    written = json.loads((tmp_path / "comparison.json").read_text())
    assert written["plain"]["wrong_share"] == [None, None, None]
    assert written["wrong"]["wrong_share"] == [None, pytest.approx(0.2), pytest.approx(0.2)]


def test_file_holds_what_is_summarised_and_no_number_that_is_none(tmp_path: Path) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    outcomes = {"plain": PLAIN, "better": BETTER}
    write_summary(tmp_path, summarised(outcomes))
    written = json.loads((tmp_path / "comparison.json").read_text(), parse_constant=refuse)
    found = summarised(outcomes)
    assert {arm: {**row, "wrong_share": None} for arm, row in written.items()} == {
        arm: {**row, "wrong_share": None} for arm, row in found.items()
    }


def test_table_has_a_line_for_each_arm_and_says_never_and_nothing_where_that_is_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    made_wrong = [outcome(NOTHING, NOTHING, NOTHING, wrong=0.125)] * 2
    show_summary(summarised({"better": BETTER, "plain": PLAIN, "wrong": made_wrong}))
    drawn = [line.strip("│") for line in capsys.readouterr().out.splitlines() if line.startswith("│")]
    lines = {line.split()[0]: line for line in drawn}
    cells = {arm: [cell.strip() for cell in line.strip("│").split("│")] for arm, line in lines.items()}
    assert cells["better"][1].startswith("0.88 (") and cells["better"][-3:] == ["", "100%", ""]
    assert cells["plain"][2:4] == ["0.75", "0.25"] and cells["plain"][4].startswith("-0.38 (")
    assert cells["plain"][-2:] == ["never", ""]
    assert cells["wrong"][-1] == "12%"
