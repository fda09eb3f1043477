from dataclasses import replace

import pytest

from skilladapt.records import Action, Answer, Skill, Verdict
from skilladapt.report.excerpts import (
    PER_ACTION,
    action_counts,
    answers_by_skill,
    decisions,
    found_by_kind,
    rejections,
    sample_exercises,
    sample_textbooks,
)
from skilladapt.report.reading import PlantedScore, Reading, Round


def answer(when: str, probe: str, correct: bool | None, skill_id: str = "a") -> Answer:
    return Answer(
        when=when, probe_id=probe, skill_id=skill_id, question=probe, expected="1", given=when, correct=correct
    )


def answered(reading: Reading, *answers: Answer) -> Reading:
    skills = (Skill(id="a", title="Adding"), Skill(id="b", title="Bisecting"))
    return replace(reading, skills=skills, scores=(), answers=answers)


def test_decisions_show_a_few_of_each_kind_with_their_children(reading: Reading) -> None:
    found = decisions(reading)
    kinds = [decision.action.action for decision in found]
    assert list(dict.fromkeys(kinds)) == [
        "remove",
        "repair",
        "quarantine",
        "augment",
        "compose",
        "downweight",
        "keep",
    ]
    assert max(kinds.count(kind) for kind in kinds) == PER_ACTION
    augmented = next(decision for decision in found if decision.action.action == "augment")
    (child, verdict), *_ = augmented.children
    assert augmented.exercise is not None and child.parent_ids == (augmented.exercise.exercise_id,)
    assert verdict is not None and verdict.exercise_id == child.exercise_id
    assert augmented.skill is not None and augmented.skill.id == augmented.exercise.skill_ids[0]


def test_a_repair_shows_the_wrong_exercise_and_the_right_one(reading: Reading) -> None:
    repair = next(decision for decision in decisions(reading) if decision.action.action == "repair")
    ((child, verdict),) = repair.children
    assert repair.exercise is not None and child.question == repair.exercise.question
    assert child.answer == f"{repair.exercise.answer} + 0"
    assert verdict is not None and verdict.verdict == "correct"


def test_decisions_of_one_kind_are_about_different_skills(reading: Reading) -> None:
    kept = [d for d in decisions(reading) if d.action.action == "keep"]
    assert len({d.skill.id for d in kept if d.skill}) == PER_ACTION


def test_decisions_that_led_to_new_exercises_and_later_rounds_come_first(reading: Reading) -> None:
    def action(example: str, round: int, *children: str) -> Action:
        return Action(
            round=round,
            example_id=example,
            category="hard",
            action="augment",
            reason="hard",
            weight_before=1,
            weight_after=1,
            child_ids=children,
        )

    ids = ["e" + exercise.exercise_id for exercise in list(reading.exercises.values())[::8][:4]]
    early, late = action(ids[0], 1, "x"), action(ids[1], 2, "y")
    barren, again = action(ids[2], 2), action(ids[1], 1, "z")
    rounds = (
        Round(1, {}, (), (again, early), None, (), ()),
        Round(2, {}, (), (barren, late), None, (), ()),
    )
    found = decisions(replace(reading, rounds=rounds))
    assert [decision.action for decision in found] == [late, early, barren]


def test_a_decision_about_unrecorded_material_still_shows(reading: Reading) -> None:
    action = Action(
        round=1,
        example_id="e-unknown",
        category="error",
        action="quarantine",
        reason="undecided",
        weight_before=1,
        weight_after=0,
        child_ids=("unknown",),
    )
    (decision,) = decisions(replace(reading, rounds=(Round(1, {}, (), (action,), None, (), ()),)))
    assert (decision.action, decision.exercise, decision.skill, decision.children) == (action, None, None, ())


def test_actions_are_counted_round_by_round(reading: Reading) -> None:
    counts = dict(action_counts(reading))
    assert sum(counts["keep"]) == sum(a.action == "keep" for r in reading.rounds for a in r.actions)
    assert sum(n[0] for n in counts.values()) == len(reading.rounds[1].actions)
    assert "bench" not in counts


def test_wrong_answers_come_first_and_beside_the_answer_given_before(reading: Reading) -> None:
    found = answers_by_skill(
        answered(
            reading,
            *(answer("base-few-shot", f"q{i}", False) for i in range(6)),
            *(
                answer("round-1", f"q{i}", right)
                for i, right in enumerate([True, False, None, True, False, False])
            ),
            answer("round-1", "other", True, skill_id="b"),
            answer("round-1", "general", False, skill_id="panel"),
        )
    )
    assert [(group.title, group.wrong, group.of) for group in found] == [("Adding", 4, 6), ("Bisecting", 0, 1)]
    assert [pair.after.question for pair in found[0].pairs] == ["q1", "q2", "q4", "q0"]
    assert all(pair.before and pair.before.given == "base-few-shot" for pair in found[0].pairs)
    assert found[1].pairs == ()


def test_before_any_training_the_base_models_answers_are_shown(reading: Reading) -> None:
    (group,) = answers_by_skill(answered(reading, answer("base", "q", False)))
    assert [(pair.before, pair.after.when) for pair in group.pairs] == [(None, "base")]


def test_only_admitted_exercises_are_samples(reading: Reading) -> None:
    samples = dict(sample_exercises(reading))
    assert list(samples) == ["fresh", "composed", "augmented"]
    refuted = {v.exercise_id for r in reading.rounds for v in r.verdicts if v.verdict != "correct"}
    for kind, exercises in samples.items():
        assert 0 < len(exercises) <= 3
        assert all(e.kind == kind and e.exercise_id not in refuted for e in exercises)


def test_the_first_and_the_last_textbook_page_are_samples(reading: Reading) -> None:
    assert [book.title for book in sample_textbooks(reading)] == ["Evaluating powers", "Higher chains"]
    assert sample_textbooks(replace(reading, textbooks={})) == []


@pytest.mark.parametrize("finished", [True, False])
def test_rejections_are_counted_by_reason(reading: Reading, finished: bool) -> None:
    verdicts = [Verdict(exercise_id=f"{i}", verdict="incorrect", method="numeric", reason="no") for i in range(3)]
    rounds = (Round(1, {}, (), (), None, (), tuple(verdicts)),)
    summary = replace(reading.summary, rejected={"rare": 1, "often": 9} if finished else {})
    expected = [("often", 9), ("rare", 1)] if finished else [("incorrect (numeric): no", 3)]
    assert rejections(replace(reading, rounds=rounds, summary=summary)) == expected


def test_planted_errors_found_are_counted_by_kind() -> None:
    rows = [("sign", True), ("sign", False), ("swapped", True), ("sign", True)]
    planted = tuple(
        PlantedScore(planted_id=f"p{i}", kind=kind, score=1.0, flagged=flagged)
        for i, (kind, flagged) in enumerate(rows)
    )
    assert found_by_kind(Round(1, {}, (), (), None, planted, ())) == [("sign", 2, 3), ("swapped", 1, 1)]
