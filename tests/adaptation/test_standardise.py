import math
from statistics import fmean, pvariance

import pytest
from adaptation_builders import exercise_of, graph_of, observed_of
from hypothesis import given
from hypothesis import strategies as st

from skilladapt.adaptation.standardise import standardised
from skilladapt.records import Exercise

# Skills a and b on level 0, c on level 1.
GRAPH = graph_of(["a", "b", "c"], ("a", "c"))


def standardised_late_loss(observed, reference=None):
    reference_late_R = None if reference is None else reference.late_loss_E
    return standardised(observed.late_loss_E, observed, reference_late_R, reference)


def exercises(*skills: str) -> dict[str, Exercise]:
    return {f"e{number}": exercise_of(skill, number=number) for number, skill in enumerate(skills)}


def test_score_shrinks_the_skill_to_its_level_with_the_example_left_out() -> None:
    observed = observed_of(
        GRAPH, exercises("a", "a", "a", "b"), {"e0": [9, 1, 1], "e1": [9, 2, 2], "e2": [9, 2, 4], "e3": [9, 4, 4]}
    )
    # For e2 (x = 3): others of its skill 1, 2 (mean 3/2, variance 1/4); of its level, and of the whole set,
    # 1, 2, 4 (mean 7/3, variance 14/9). mu = (2 * 3/2 + 8 * 7/3) / 10 = 13/6,
    # v = (2 * 1/4 + 8 * 14/9) / 10 = 233/180, z = (3 - 13/6) / sqrt(233/180 + 1e-6).
    expected = (5 / 6) / math.sqrt(233 / 180 + 1e-6)
    assert standardised_late_loss(observed)[2] == pytest.approx(expected, rel=1e-12)
    assert expected == pytest.approx(0.73245, abs=1e-5)


def test_a_skill_and_level_of_one_exercise_is_compared_with_the_whole_set() -> None:
    observed = observed_of(
        GRAPH, exercises("a", "a", "a", "b", "c"), {f"e{i}": [x] for i, x in enumerate((1, 2, 3, 4, 10))}
    )
    # Others 1, 2, 3, 4: mean 5/2, variance 5/4.
    assert standardised_late_loss(observed)[4] == pytest.approx(7.5 / math.sqrt(1.25 + 1e-6), rel=1e-12)


def test_of_two_exercises_of_a_skill_the_other_counts_for_one_in_nine() -> None:
    observed = observed_of(
        GRAPH, exercises("a", "a", "b", "b"), {f"e{i}": [x] for i, x in enumerate((1.0, 3.0, 2.0, 6.0))}
    )
    # For e0: of its skill 3 (mean 3, variance 0); of its level, and of all, 3, 2, 6 (mean 11/3, variance 26/9).
    # mu = (3 + 8 * 11/3) / 9 = 97/27, v = (0 + 8 * 26/9) / 9 = 208/81.
    expected = (1 - 97 / 27) / math.sqrt(208 / 81 + 1e-6)
    assert standardised_late_loss(observed)[0] == pytest.approx(expected, rel=1e-12)


def test_of_ten_exercises_of_a_skill_the_others_count_for_nine_in_seventeen() -> None:
    ten_and_two = {f"e{i:02}": exercise_of("a" if i < 10 else "b", number=i) for i in range(12)}
    losses = {f"e{i:02}": [float(i + 1)] if i < 10 else [0.0] for i in range(12)}
    # For the loss of 10: of its skill 1 to 9 (mean 5, variance 20/3); of its level, and of all, 1 to 9, 0, 0
    # (mean 45/11, variance 285/11 - (45/11) ** 2 = 1110/121). mu = (9 * 5 + 8 * 45/11) / 17 = 855/187,
    # v = (9 * 20/3 + 8 * 1110/121) / 17 = 16140/2057.
    expected = (10 - 855 / 187) / math.sqrt(16140 / 2057 + 1e-6)
    assert standardised_late_loss(observed_of(GRAPH, ten_and_two, losses))[9] == pytest.approx(expected, rel=1e-12)


def test_a_level_is_shrunk_to_the_whole_set() -> None:
    observed = observed_of(
        GRAPH, exercises("a", "b", "c", "c"), {f"e{i}": [x] for i, x in enumerate((1.0, 3.0, 5.0, 9.0))}
    )
    # For e0: none of its skill; of its level 3 (mean 3, variance 0); of all 3, 5, 9 (mean 17/3, variance 56/9).
    # mu = (3 + 8 * 17/3) / 9 = 145/27, v = (8 * 56/9) / 9 = 448/81.
    expected = (1 - 145 / 27) / math.sqrt(448 / 81 + 1e-6)
    assert standardised_late_loss(observed)[0] == pytest.approx(expected, rel=1e-12)


def test_composed_exercises_and_those_seen_before_are_groups_of_their_own() -> None:
    three = exercises("a", "a", "a")
    losses = {f"e{i}": [x] for i, x in enumerate((1.0, 2.0, 6.0))}
    # All others apart from e0: e0 is compared with 2 and 6 at the level of the whole set only.
    alone = (1 - 4.0) / math.sqrt(4.0 + 1e-6)
    seen = observed_of(GRAPH, three, losses, seen={"e1": 3, "e2": 3}, round=2)
    assert standardised_late_loss(seen)[0] == pytest.approx(alone, rel=1e-12)
    composed = three | {id: exercise_of("a", "b", number=9, kind="composed") for id in ("e1", "e2")}
    assert standardised_late_loss(observed_of(GRAPH, composed, losses))[0] == pytest.approx(alone, rel=1e-12)


def test_planted_errors_are_compared_with_all_real_exercises_and_not_with_one_another() -> None:
    real = observed_of(GRAPH, exercises("a", "a"), {"e0": [1.0], "e1": [3.0]})
    planted = observed_of(
        GRAPH, {"p0": exercise_of("a", number=7), "p1": exercise_of("a", number=8)}, {"p0": [4.0], "p1": [99.0]}
    )
    # Of the skill, level and whole set alike: 1, 3 (mean 2, variance 1).
    expected = [2 / math.sqrt(1 + 1e-6), 97 / math.sqrt(1 + 1e-6)]
    assert standardised_late_loss(planted, real).tolist() == pytest.approx(expected, rel=1e-12)


def test_equal_losses_within_a_skill_give_no_infinite_score() -> None:
    observed = observed_of(GRAPH, exercises("a", "a", "b"), {"e0": [1.0], "e1": [1.0], "e2": [1.5]})
    assert all(math.isfinite(score) for score in standardised_late_loss(observed))


LAYERS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from([0, 3]), st.booleans(), st.floats(0.0, 10.0)),
    min_size=2,
    max_size=25,
)


@given(rows=LAYERS)
def test_scores_equal_those_of_the_formula_written_out(rows: list[tuple[str, int, bool, float]]) -> None:
    if len({row[3] for row in rows}) == 1:
        return
    kinds = {
        f"e{number:02}": exercise_of(skill, number=number, kind="composed" if composed else "fresh")
        for number, (skill, _, composed, _) in enumerate(rows)
    }
    losses = {id: [row[3]] for id, row in zip(kinds, rows, strict=True)}
    seen = {id: row[1] for id, row in zip(kinds, rows, strict=True)}
    scores = standardised_late_loss(observed_of(GRAPH, kinds, losses, seen=seen, round=2)).tolist()
    for number, (skill, passes, composed, x) in enumerate(rows):
        others = rows[:number] + rows[number + 1 :]
        like = [row for row in others if row[1:3] == (passes, composed)]
        of_level = [row[3] for row in like if (row[0] == "c") == (skill == "c")]
        of_skill = [row[3] for row in like if row[0] == skill]
        mean, variance = fmean(row[3] for row in others), pvariance([row[3] for row in others])
        for group in (of_level, of_skill):
            n = len(group)
            mean = (n * (fmean(group) if n else 0) + 8 * mean) / (n + 8)
            variance = (n * (pvariance(group) if n else 0) + 8 * variance) / (n + 8)
        assert scores[number] == pytest.approx((x - mean) / math.sqrt(variance + 1e-6), rel=1e-6, abs=1e-6)


@pytest.mark.filterwarnings("error")
def test_an_exercise_alone_lies_neither_above_nor_below() -> None:
    observed = observed_of(GRAPH, exercises("a"), {"e0": [3.0, 2.0]})
    assert standardised_late_loss(observed).tolist() == [0.0]
