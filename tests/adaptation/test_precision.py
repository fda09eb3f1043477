import pytest
from adaptation_builders import calibration_of, categorised_of, example_of, exercise_of, graph_of, observed_of

from skilladapt.adaptation.precision import Checks, choose_audit, count_checks, expected_precision
from skilladapt.adaptation.standing import standing_of
from skilladapt.records import Verdict

NOTHING = Checks(
    suspects=0,
    suspects_decided=0,
    suspects_wrong=0,
    others=0,
    others_checked=0,
    others_decided=0,
    others_wrong=0,
    cleared=0,
    checks=0,
)


def test_expected_precision_follows_the_formula() -> None:
    calibration = calibration_of(recall=0.8, false_positive_rate=0.1)
    # 0.15 * 0.8 / (0.15 * 0.8 + 0.85 * 0.1) = 0.12 / 0.205.
    assert expected_precision(0.15, calibration) == pytest.approx(0.12 / 0.205)
    assert expected_precision(0.0, calibration) == 0.0
    assert expected_precision(0.5, calibration_of(recall=0.0, false_positive_rate=0.0)) is None


def test_what_was_cleared_before_counts_as_right_and_is_not_audited() -> None:
    exercises = {f"e{number}": exercise_of("a", number=number) for number in range(4)}
    losses = {id: [1.0, float(place)] for place, id in enumerate(exercises)}
    observed = observed_of(graph_of(["a"]), exercises, losses, cleared=frozenset({"e0", "e1"}))
    found = categorised_of("hard", "hard", "hard", "error")
    assert choose_audit(observed, found, seed=0).tolist() == [2]
    # One suspect, wrong; one other, right; two cleared: one of four is wrong.
    checks = NOTHING.model_copy(
        update=dict(suspects=1, suspects_decided=1, suspects_wrong=1, others=1, others_decided=1, cleared=2)
    )
    assert checks.wrong_share == 0.25


def test_audit_draws_only_examples_that_are_not_suspected() -> None:
    exercises = {f"e{number:02}": exercise_of("a", number=number) for number in range(50)}
    losses = {id: [1.0, float(place)] for place, id in enumerate(exercises)}
    observed = observed_of(graph_of(["a"]), exercises, losses)
    found = categorised_of("error", *["hard"] * 49)
    audit = choose_audit(observed, found, seed=1).tolist()
    assert len(audit) == len(set(audit)) == 30
    assert 0 not in audit
    assert choose_audit(observed, found, seed=2).tolist() != audit
    assert choose_audit(observed_of(graph_of(["a"]), exercises, losses, round=2), found, seed=1).tolist() != audit
    suspects = categorised_of("easy", "hard", *["error"] * 48)
    assert choose_audit(observed, suspects, seed=1).tolist() == [0, 1]


def test_share_of_wrong_examples_weighs_suspects_and_others_by_their_numbers() -> None:
    # 20 suspects, half of those decided wrong; 180 others, one in thirty wrong: (10 + 6) / 200.
    counted = {"suspects": 20, "suspects_decided": 16, "suspects_wrong": 8}
    counted |= {"others": 180, "others_decided": 30, "others_wrong": 1}
    assert NOTHING.model_copy(update=counted).wrong_share == pytest.approx(16 / 200)
    assert NOTHING.model_copy(update={"suspects": 5, "others": 9, "others_decided": 9}).wrong_share is None
    assert NOTHING.model_copy(update={"others": 9, "others_decided": 9}).wrong_share == 0.0
    assert NOTHING.wrong_share is None


def test_only_second_opinions_that_decide_count_as_decided() -> None:
    graph = graph_of(["a"])
    exercises = {example_of(one).example_id: one for one in (exercise_of("a", number=n) for n in range(6))}
    observed = observed_of(graph, exercises, {id: [1.0, float(place)] for place, id in enumerate(exercises)})
    examples = {id: example_of(exercise, method="numeric") for id, exercise in exercises.items()}
    standing = standing_of(observed, examples, graph, frozenset("a"), frozenset())
    found = categorised_of("error", "error", "error", "hard", "hard", "hard")

    def spoken(row: int, verdict: str, method: str = "symbolic") -> Verdict:
        exercise_id = standing.exercise_of(row).exercise_id
        return Verdict.model_validate(
            {"exercise_id": exercise_id, "verdict": verdict, "method": method, "reason": "says so"}
        )

    verdicts = {
        0: spoken(0, "incorrect"),
        1: spoken(1, "undecided"),
        2: spoken(2, "incorrect", "numeric"),
        3: spoken(3, "correct"),
        4: spoken(4, "incorrect"),
    }
    assert count_checks(standing, found, verdicts) == Checks(
        suspects=3,
        suspects_decided=1,
        suspects_wrong=1,
        others=3,
        others_checked=2,
        others_decided=2,
        others_wrong=1,
        cleared=0,
        checks=5,
    )
