import math
from typing import get_args

import pytest
from adaptation_builders import calibration_of, exercise_of, graph_of, history_of, names_of, observed_of
from hypothesis import given
from hypothesis import strategies as st

from skilladapt.adaptation.calibrate import uncalibrated
from skilladapt.adaptation.categorise import (
    ERROR,
    NAMES,
    categorise_calibrated,
    categorise_flat,
    categorise_none,
    categorise_paper,
    categorise_random,
    categorise_unsuspecting,
    category_rows,
    codes_of,
    high_and_flat,
)
from skilladapt.adaptation.observations import observe
from skilladapt.adaptation.suspicion import suspicion
from skilladapt.records import Category, SignalWeights

GRAPH = graph_of(["a", "b"])


def exercises(count: int, skill: str = "a") -> dict[str, object]:
    return {f"e{number}": exercise_of(skill, number=number) for number in range(count)}


def paper(losses: list[list[float]], **baseline: float) -> list[str]:
    observed = observed_of(GRAPH, exercises(len(losses)), {f"e{i}": row for i, row in enumerate(losses)})  # type: ignore[arg-type]
    return names_of(categorise_paper(observed, calibration_of(**baseline)))


def test_paper_table_sorts_by_mean_and_deviation_first_rule_first() -> None:
    # Means 4, 3, 1, 2 (average 2.5); deviations 0, 0, 0, 1 (average 0.25).
    losses = [[4, 4], [3, 3], [1, 1], [3, 1]]
    assert paper(losses, baseline_loss=3.9, baseline_std=0.1) == ["error", "hard", "easy", "ambiguous"]


def test_paper_error_needs_both_inequalities_and_admits_equality() -> None:
    losses = [[6, 4], [1, 1], [1, 1]]
    assert paper(losses, baseline_loss=5.0, baseline_std=1.0)[0] == "error"
    assert paper(losses, baseline_loss=math.nextafter(5.0, 6), baseline_std=1.0)[0] == "ambiguous"
    assert paper(losses, baseline_loss=5.0, baseline_std=math.nextafter(1.0, 0))[0] == "ambiguous"


def test_paper_exercise_at_both_averages_is_hard() -> None:
    assert paper([[2, 2], [1, 1], [3, 3]], baseline_loss=9.0) == ["hard", "easy", "hard"]


def test_paper_exercise_at_the_average_deviation_is_flat_and_one_above_it_is_not() -> None:
    # Means 1 and 3 (average 2); both deviations are 1, the average.
    assert paper([[2, 0], [4, 2]], baseline_loss=9.0) == ["easy", "hard"]
    # Deviations 1 and 1 and 2 ** -52 more (average above 1 by half of that, rounded to 1): the second is above.
    assert paper([[2, 0], [4 + 2**-50, 2]], baseline_loss=9.0) == ["easy", "ambiguous"]


def test_paper_easy_needs_a_mean_below_the_average() -> None:
    # Means 1, 2, 3: the second is the average itself.
    assert paper([[1, 1], [2, 2], [3, 3]], baseline_loss=9.0) == ["easy", "hard", "hard"]
    below = math.nextafter(2.0, 0)
    assert paper([[1, 1], [below, below], [3, 3]], baseline_loss=9.0)[1] == "easy"


def test_paper_error_goes_before_hard_and_before_easy() -> None:
    # Means 5, 6, 10 (average 7): by the later rules the first two would be easy, the third hard.
    assert paper([[5, 5], [6, 6], [10, 10]], baseline_loss=5.5, baseline_std=0.0) == ["easy", "error", "error"]


def test_paper_exercise_that_moves_is_ambiguous_however_high_or_low() -> None:
    # Deviations 0, 0, 0, 2, 2 (average 0.8).
    losses = [[4, 4], [4, 4], [4, 4], [4, 0], [11, 7]]
    assert paper(losses, baseline_loss=5.0, baseline_std=1.0)[3:] == ["ambiguous", "ambiguous"]


def test_paper_without_a_baseline_calls_nothing_wrong() -> None:
    observed = observed_of(GRAPH, exercises(2), {"e0": [99.0, 99.0], "e1": [1.0, 1.0]})  # type: ignore[arg-type]
    assert names_of(categorise_paper(observed, uncalibrated(1))) == ["hard", "easy"]


@pytest.mark.parametrize(
    ("greedy", "category"),
    [
        ([True, True, True], "easy"),
        ([False, True, True], "ambiguous"),
        ([True, False, True], "ambiguous"),
        ([True, True, False], "hard"),
        ([False, False, False], "hard"),
    ],
)
def test_what_is_not_suspected_is_sorted_by_what_the_student_can_do(greedy: list[bool], category: str) -> None:
    observed = observed_of(GRAPH, exercises(2), {"e0": [3, 2, 1], "e1": [3, 2, 2]}, {"e0": greedy})  # type: ignore[arg-type]
    assert names_of(categorise_calibrated(observed, calibration_of(threshold=99.0)))[0] == category


def test_a_score_at_the_threshold_is_suspected_and_one_below_it_is_not() -> None:
    observed = observed_of(  # type: ignore[arg-type]
        GRAPH, exercises(4), {"e0": [1, 1], "e1": [2, 2], "e2": [2, 2], "e3": [5, 5]}, {"e3": [True, True]}
    )
    score = float(suspicion(observed, SignalWeights())[3])
    at = categorise_calibrated(observed, calibration_of(threshold=score))
    above = categorise_calibrated(observed, calibration_of(threshold=math.nextafter(score, math.inf)))
    assert names_of(at) == ["hard", "hard", "hard", "error"]
    assert names_of(above) == ["hard", "hard", "hard", "easy"]
    assert list(category_rows(observed, at))[3] == {
        "example_id": "e3",
        "round": 1,
        "category": "error",
        "mean_loss": 5.0,
        "std_loss": 0.0,
        "score": score,
        "threshold": score,
        "cleared": False,
    }


@pytest.mark.parametrize("count, most", [(3, 0), (4, 1), (10, 3), (11, 3), (13, 3), (14, 4)])
def test_no_more_are_suspected_than_may_be_checked_and_those_are_the_most_suspicious(
    count: int, most: int
) -> None:
    losses = {f"e{number:02d}": [9.0, 1.0 + number, 1.0 + number] for number in range(count)}
    observed = observed_of(GRAPH, dict(zip(losses, exercises(count).values(), strict=True)), losses)  # type: ignore[arg-type]
    names = names_of(categorise_calibrated(observed, calibration_of(threshold=-99.0)))
    assert names == ["hard"] * (count - most) + ["error"] * most


def test_what_a_second_method_found_correct_is_not_suspected_again_and_makes_room_for_others() -> None:
    losses = {f"e{number:02d}": [9.0, 1.0 + number, 1.0 + number] for number in range(10)}
    given = dict(zip(losses, exercises(10).values(), strict=True))
    observed = observed_of(GRAPH, given, losses, cleared=frozenset({"e09", "e08"}))
    names = names_of(categorise_calibrated(observed, calibration_of(threshold=-99.0)))
    assert names == ["hard"] * 5 + ["error"] * 3 + ["hard"] * 2
    observed = observed_of(GRAPH, given, losses, cleared=frozenset(losses))
    assert set(names_of(categorise_calibrated(observed, calibration_of(threshold=-99.0)))) == {"hard"}


def test_a_calibration_that_is_not_decisive_suspects_nothing() -> None:
    observed = observed_of(GRAPH, exercises(2), {"e0": [1, 1], "e1": [9, 9]})  # type: ignore[arg-type]
    found = categorise_calibrated(observed, calibration_of(threshold=-9.0, decisive=False))
    assert names_of(found) == ["hard", "hard"]


def test_without_adaptation_everything_is_ambiguous() -> None:
    observed = observed_of(GRAPH, exercises(2), {"e0": [1, 1], "e1": [9, 9]})  # type: ignore[arg-type]
    assert names_of(categorise_none(observed, calibration_of())) == ["ambiguous", "ambiguous"]


@given(
    rows=st.lists(
        st.tuples(st.sampled_from("ab"), st.lists(st.floats(0, 9), min_size=3, max_size=3), st.booleans()),
        min_size=2,
        max_size=20,
    ),
    random=st.randoms(use_true_random=False),
)
def test_categories_do_not_depend_on_the_order_of_examples_or_histories(rows, random) -> None:  # type: ignore[no-untyped-def]
    if all(row[1] == rows[0][1] for row in rows):
        return
    trained = {f"e{number:02}": exercise_of(row[0], number=number) for number, row in enumerate(rows)}
    histories = [history_of(id, row[1], [row[2]] * 3) for id, row in zip(trained, rows, strict=True)]
    found = observe(trained, histories, 1, GRAPH)
    shuffled = list(trained.items())
    random.shuffle(shuffled)
    random.shuffle(histories)
    again = observe(dict(shuffled), histories, 1, GRAPH)
    for categorise in (categorise_calibrated, categorise_paper, categorise_flat, categorise_random):
        first = list(category_rows(found, categorise(found, calibration_of(threshold=1.0))))
        assert first == list(category_rows(again, categorise(again, calibration_of(threshold=1.0))))
        assert [row["example_id"] for row in first] == sorted(trained)


def test_every_category_has_a_number_and_a_new_example_has_another() -> None:
    assert set(NAMES) == set(get_args(Category))
    assert codes_of(["easy", "error", None]).tolist() == [0, ERROR, -1]


def test_as_many_are_drawn_at_random_as_are_suspected() -> None:
    losses = {f"e{number:02}": [9.0, 1.0 + (number % 5 == 0) * 4 + number / 100] for number in range(40)}
    trained = {id: exercise_of("a", number=number) for number, id in enumerate(losses)}
    observed = observed_of(GRAPH, trained, losses)
    suspected = categorise_calibrated(observed, calibration_of(threshold=1.5)).category_E == ERROR
    drawn = categorise_random(observed, calibration_of(threshold=1.5)).category_E == ERROR
    assert suspected.sum() == drawn.sum() == 8
    assert suspected.tolist() != drawn.tolist()
    later = observed_of(GRAPH, trained, losses, round=2)
    assert (categorise_random(later, calibration_of(threshold=1.5)).category_E == ERROR).tolist() != drawn.tolist()


def test_high_and_flat_is_the_mean_of_two_ranks_and_as_many_of_the_highest_are_suspected() -> None:
    losses = {"e1": [4.0, 4.0], "e2": [5.0, 0.8], "e3": [0.9, 0.9], "e4": [2.0, 1.0]}  # deviations 0, 2.1, 0, 0.5
    observed = observed_of(GRAPH, {id: exercise_of("a", number=n) for n, id in enumerate(losses)}, losses)
    assert high_and_flat(observed).tolist() == [(4 + 3.5) / 2, (3 + 1) / 2, (1 + 3.5) / 2, (2 + 2) / 2]
    losses |= {"e5": [1.5, 0.5], "e6": [1.35, 0.35], "e7": [1.3, 0.3]}  # means of 0.8 to 1, deviations 0.5
    observed = observed_of(GRAPH, {id: exercise_of("a", number=n) for n, id in enumerate(losses)}, losses)
    calibration = calibration_of(threshold=-99.0)
    suspected = categorise_calibrated(observed, calibration).category_E == ERROR
    flat = categorise_flat(observed, calibration).category_E == ERROR
    assert suspected.sum() == 2 == flat.sum()
    assert flat.tolist() == [True, False, True, False, False, False, False]


def test_without_suspicion_a_loss_however_high_is_no_error() -> None:
    observed = observed_of(GRAPH, exercises(2), {"e0": [1, 1], "e1": [9, 9]})  # type: ignore[arg-type]
    assert names_of(categorise_unsuspecting(observed, calibration_of(threshold=-9.0))) == ["hard", "hard"]
