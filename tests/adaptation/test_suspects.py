from typing import Literal

import pytest
from adaptation_builders import calibration_of, example_of, exercise_of

from skilladapt.adaptation.categorise import Categorised
from skilladapt.adaptation.suspects import Resolution, remove_suspects, resolve_suspects
from skilladapt.records import Calibration, Exercise, Verdict

SUSPECT = example_of(exercise_of("a"), weight=0.5, method="numeric")
OTHER = example_of(exercise_of("b"))
EXAMPLES = {example.example_id: example for example in (SUSPECT, OTHER)}
ROWS = [
    Categorised(example_id=OTHER.example_id, round=2, category="easy", mean_loss=1, std_loss=0, score=-1),
    Categorised(example_id=SUSPECT.example_id, round=2, category="error", mean_loss=5, std_loss=0.1, score=3.456),
]


def resolved(
    verdict: Literal["correct", "incorrect", "undecided"] | None,
    method: str = "symbolic",
    repaired: dict[str, Exercise] | None = None,
    calibration: Calibration | None = None,
) -> Resolution:
    verdicts = {}
    if verdict is not None:
        verdicts[SUSPECT.example_id] = Verdict(
            exercise_id=SUSPECT.material.exercise_id, verdict=verdict, method=method, reason="says so"
        )
    return resolve_suspects(ROWS, EXAMPLES, verdicts, repaired or {}, calibration or calibration_of())


def test_a_refuted_suspect_is_removed_with_the_numbers_and_the_reason() -> None:
    resolution = resolved("incorrect")
    (action,) = resolution.actions
    assert (action.action, action.category, action.round) == ("remove", "error", 2)
    assert (action.weight_before, action.weight_after) == (0.5, 0.0)
    assert action.reason == "score 3.46 >= threshold 2.00; refuted by symbolic: says so"
    assert resolution.rows == tuple(ROWS)


def test_a_refuted_suspect_with_a_certain_answer_is_repaired() -> None:
    right = exercise_of("a", number=9)
    (action,) = resolved("incorrect", repaired={SUSPECT.example_id: right}).actions
    assert (action.action, action.child_ids, action.weight_after) == ("repair", (right.exercise_id,), 0.0)


def test_a_suspect_found_correct_is_hard_at_full_weight() -> None:
    resolution = resolved("correct", repaired={SUSPECT.example_id: exercise_of("a", number=9)})
    (action,) = resolution.actions
    assert (action.action, action.category, action.weight_after) == ("reclassify", "error", 1.0)
    assert [row.category for row in resolution.rows] == ["easy", "hard"]


@pytest.mark.parametrize(
    ("verdict", "method", "decisive", "reason"),
    [
        ("undecided", "symbolic", True, "undecided by symbolic: says so"),
        (None, "symbolic", True, "no other method could check it"),
        ("incorrect", "numeric", True, "checked only by numeric, which had admitted it"),
        ("correct", "numeric", True, "checked only by numeric, which had admitted it"),
        ("incorrect", "symbolic", False, "the domain has no decisive verifier"),
    ],
)
def test_a_suspect_without_a_second_opinion_is_quarantined(verdict, method, decisive, reason) -> None:  # type: ignore[no-untyped-def]
    resolution = resolved(verdict, method, calibration=calibration_of(decisive=decisive))
    (action,) = resolution.actions
    assert (action.action, action.weight_after) == ("quarantine", 0.0)
    assert action.reason.endswith(f"; {reason}")
    assert [row.category for row in resolution.rows] == ["easy", "error"]


def test_a_verdict_about_another_exercise_is_refused() -> None:
    stray = Verdict(exercise_id="other", verdict="incorrect", method="symbolic", reason="says so")
    with pytest.raises(ValueError, match="is about exercise other"):
        resolve_suspects(ROWS, EXAMPLES, {SUSPECT.example_id: stray}, {}, calibration_of())


def test_unchecked_suspects_are_removed_beside_the_baseline() -> None:
    resolution = remove_suspects(ROWS, EXAMPLES, calibration_of())
    (action,) = resolution.actions
    assert (action.example_id, action.action, action.weight_after) == (SUSPECT.example_id, "remove", 0.0)
    assert action.reason == (
        "not checked; mean loss 5.000, deviation 0.100 (planted errors: 4.000, 0.500), score 3.46"
    )
