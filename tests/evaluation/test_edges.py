import pytest

from skilladapt.evaluation.edges import agreement, closure, joined

STATED = [("a", "b"), ("b", "c"), ("a", "d")]
PREDICTED = [("a", "b"), ("c", "d")]


def test_precision_recall_and_f1_count_edges() -> None:
    counts = agreement(PREDICTED, STATED, "abcd")
    assert (counts.precision, counts.recall) == (1 / 2, 1 / 3)
    assert counts.f1 == pytest.approx(2 / 5)
    assert counts.found_U.tolist() == [0, 1, 0, 0] and counts.stated_U.tolist() == [0, 1, 1, 1]


def test_edges_into_other_skills_and_repeated_ones_do_not_count() -> None:
    assert agreement([*PREDICTED, *PREDICTED], STATED, "ab").predicted_U.tolist() == [0, 1]


def test_nothing_predicted_or_stated_scores_nothing() -> None:
    nothing = agreement([], [], "ab")
    assert (nothing.precision, nothing.recall, nothing.f1) == (0, 0, 0)
    assert nothing.f1_interval(seed=1) == (0, 0)


def test_closure_holds_skipped_steps() -> None:
    assert closure(STATED) == {*STATED, ("a", "c")}


def test_an_interval_holds_its_value_and_depends_on_its_seed_alone() -> None:
    counts = agreement(PREDICTED, STATED, "abcd")
    low, high = counts.f1_interval(seed=1)
    assert low < counts.f1 < high and counts.f1_interval(seed=1) == (low, high)


def test_units_that_all_agree_give_an_interval_without_width() -> None:
    assert agreement(STATED, STATED, "abcd").f1_interval(seed=1) == (1, 1)


def test_differences_are_paired() -> None:
    better, worse = agreement(STATED, STATED, "abcd"), agreement([], STATED, "abcd")
    assert better.f1_above(worse, seed=1) == (1, 1, 1)
    assert better.f1_above(better, seed=1) == (0, 0, 0)
    one, more = agreement(PREDICTED, STATED, "abcd"), agreement([*PREDICTED, ("a", "d")], STATED, "abcd")
    _, low, _ = more.f1_above(one, seed=1)
    assert low == 0, "unpaired, some draws would put the smaller one above"
    half = agreement(PREDICTED, STATED, "abcd")
    value, low, high = better.recall_above(half, seed=1)
    assert value == pytest.approx(2 / 3) and 0 <= low < value < high <= 1


def test_syllabi_are_joined_unit_by_unit() -> None:
    both = joined([agreement(PREDICTED, STATED, "abcd"), agreement([("x", "y")], [("x", "y")], "xy")])
    assert both.found_U.tolist() == [0, 1, 0, 0, 0, 1] and both.precision == pytest.approx(2 / 3)
