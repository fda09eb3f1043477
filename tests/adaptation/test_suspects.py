from dataclasses import replace
from typing import Literal

import pytest
from adaptation_builders import (
    calibration_of,
    categorised_of,
    example_of,
    exercise_of,
    graph_of,
    names_of,
    observed_of,
)

from skilladapt.adaptation.categorise import EASY, HARD
from skilladapt.adaptation.standing import standing_of
from skilladapt.adaptation.suspects import Resolution, remove_suspects, resolve_suspects
from skilladapt.records import PERSON, Action, Calibration, Exercise, Verdict

GRAPH = graph_of(["a", "b"])
EXAMPLES = {
    example.example_id: example
    for example in (example_of(exercise_of("b")), example_of(exercise_of("a"), weight=0.5, method="numeric"))
}
SUSPECT = next(example for example in EXAMPLES.values() if example.weight == 0.5)
OBSERVED = observed_of(
    GRAPH,
    {id: example.material for id, example in EXAMPLES.items()},  # type: ignore[misc]
    {id: [5.1, 4.9] if id == SUSPECT.example_id else [1.0, 1.0] for id in EXAMPLES},
    round=2,
)
ROW = list(OBSERVED.example_ids).index(SUSPECT.example_id)  # type: ignore[call-overload]
STANDING = standing_of(OBSERVED, EXAMPLES, GRAPH, frozenset("ab"), frozenset())
FOUND = categorised_of(*(("error", "easy") if ROW == 0 else ("easy", "error")), score=3.456)


def resolved(
    verdict: Literal["correct", "incorrect", "undecided"] | None,
    method: str = "symbolic",
    repaired: dict[int, Exercise] | None = None,
    calibration: Calibration | None = None,
    reason: str = "says so",
) -> Resolution:
    verdicts = {}
    if verdict is not None:
        exercise_id = STANDING.exercise_of(ROW).exercise_id
        verdicts[ROW] = Verdict(exercise_id=exercise_id, verdict=verdict, method=method, reason=reason)
    return resolve_suspects(STANDING, FOUND, verdicts, repaired or {}, calibration or calibration_of())


def only_action(resolution: Resolution) -> Action:
    (action,) = resolution.ledger.actions()
    assert action.example_id == SUSPECT.example_id
    return action


def test_a_refuted_suspect_is_removed_with_the_numbers_and_the_reason() -> None:
    resolution = resolved("incorrect")
    action = only_action(resolution)
    assert (action.action, action.category, action.round) == ("remove", "error", 2)
    assert (action.weight_before, action.weight_after) == (0.5, 0.0)
    assert action.reason == "score 3.46 >= threshold 2.00; refuted by symbolic: says so"
    assert names_of(resolution.found) == names_of(FOUND)


def test_a_refuted_suspect_with_a_certain_answer_is_repaired() -> None:
    right = exercise_of("a", number=9)
    action = only_action(resolved("incorrect", repaired={ROW: right}))
    assert (action.action, action.child_ids, action.weight_after) == ("repair", (right.exercise_id,), 0.0)


def test_a_suspect_found_correct_is_hard_at_full_weight() -> None:
    resolution = resolved("correct", repaired={ROW: exercise_of("a", number=9)})
    action = only_action(resolution)
    assert (action.action, action.category, action.weight_after) == ("reclassify", "error", 1.0)
    assert names_of(resolution.found)[ROW] == "hard"
    assert names_of(resolution.found)[1 - ROW] == "easy"


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
    action = only_action(resolution)
    assert (action.action, action.weight_after) == ("quarantine", 0.0)
    assert action.reason.endswith(f"; {reason}")
    assert names_of(resolution.found)[ROW] == "error"


def test_a_verdict_about_another_exercise_is_refused() -> None:
    stray = Verdict(exercise_id="other", verdict="incorrect", method="symbolic", reason="says so")
    with pytest.raises(ValueError, match="is about exercise other"):
        resolve_suspects(STANDING, FOUND, {ROW: stray}, {}, calibration_of())


def test_unchecked_suspects_are_removed_beside_the_baseline() -> None:
    resolution = remove_suspects(STANDING, FOUND, calibration_of())
    action = only_action(resolution)
    assert (action.example_id, action.action, action.weight_after) == (SUSPECT.example_id, "remove", 0.0)
    assert action.reason == (
        "not checked; mean loss 5.000, deviation 0.100 (planted errors: 4.000, 0.500), score 3.46"
    )


def test_braces_in_a_verdict_come_out_as_they_are() -> None:
    action = only_action(resolved("incorrect", reason="{score} is not {0}, {{"))
    assert action.reason.endswith("; refuted by symbolic: {score} is not {0}, {{")


def audited(verdict: Literal["correct", "incorrect", "undecided"], method: str = "symbolic") -> Resolution:
    found = categorised_of("hard", "hard", score=0.5)
    exercise_id = STANDING.exercise_of(ROW).exercise_id
    spoken = Verdict(exercise_id=exercise_id, verdict=verdict, method=method, reason="says so")
    return resolve_suspects(STANDING, found, {ROW: spoken}, {}, calibration_of())


def test_an_audited_example_is_removed_when_another_method_refutes_it() -> None:
    resolution = audited("incorrect")
    action = only_action(resolution)
    assert (action.action, action.category, action.weight_after) == ("remove", "hard", 0.0)
    assert action.reason == "audit: not suspected, but refuted by symbolic: says so"
    assert names_of(resolution.found)[ROW] == "error"


@pytest.mark.parametrize(
    ("verdict", "method"), [("correct", "symbolic"), ("undecided", "symbolic"), ("incorrect", "numeric")]
)
def test_an_audited_example_is_left_as_it_is_otherwise(verdict, method) -> None:  # type: ignore[no-untyped-def]
    resolution = audited(verdict, method)
    assert len(resolution.ledger) == 0
    assert names_of(resolution.found) == ["hard", "hard"]


def test_what_a_person_says_of_a_suspect_holds_whatever_admitted_it_and_without_a_calibration() -> None:
    for calibration in (calibration_of(), calibration_of(decisive=False)):
        right = only_action(resolved("correct", PERSON, calibration=calibration))
        assert (right.action, right.weight_after) == ("reclassify", 1.0)
        assert right.reason.endswith("found correct by a person, so it is hard")
        wrong = only_action(resolved("incorrect", PERSON, calibration=calibration, reason="rejected by a person"))
        assert (wrong.action, wrong.weight_after) == ("remove", 0.0)
        assert wrong.reason.endswith("; rejected by a person")
    admitted = STANDING.example_of(ROW).verdict.model_copy(update={"method": PERSON})
    by_person = STANDING.example_of(ROW).model_copy(update={"verdict": admitted})
    standing = replace(STANDING, example_of=lambda _: by_person)
    said = admitted.model_copy(update={"verdict": "incorrect", "reason": "rejected by a person"})
    for resolution in (
        resolve_suspects(standing, FOUND, {ROW: said}, {}, calibration_of()),
        remove_suspects(standing, FOUND, calibration_of(), {ROW: said}),
    ):
        assert only_action(resolution).action == "remove"


def test_what_a_person_edited_takes_the_place_of_an_example_that_nobody_suspected() -> None:
    row = 1 - ROW
    id = STANDING.exercise_of(row).exercise_id
    said = Verdict(exercise_id=id, verdict="incorrect", method=PERSON, reason="edited by a person")
    edited = exercise_of("a", number=9)
    resolution = remove_suspects(STANDING, FOUND, calibration_of(), {row: said}, {row: edited})
    (action,) = (one for one in resolution.ledger.actions() if one.action == "repair")
    assert action.child_ids == (edited.exercise_id,)
    assert action.reason == "not suspected, but edited by a person"


def test_a_suspect_that_a_person_found_right_is_not_removed_unchecked() -> None:
    said = {ROW: STANDING.example_of(ROW).verdict.model_copy(update={"method": PERSON})}
    resolution = remove_suspects(STANDING, FOUND, calibration_of(), said)
    assert only_action(resolution).action == "reclassify"
    assert set(resolution.found.category_E.tolist()) == {EASY, HARD}
