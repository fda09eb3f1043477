from skilladapt.records import Category, Example, Exercise, Verdict
from skilladapt.stages.calibrating import _never_seen
from skilladapt.stages.library import Entry


def entry(number: int, category: Category | None, order: int | None) -> Entry:
    exercise = Exercise(
        skill_ids=("a",),
        question=f"Exercise {number + 3}?",
        solution="A step.",
        step_skills=("a",),
        answer=str(number),
        answer_type="number",
        difficulty=2,
        author="tests",
    )
    verdict = Verdict(exercise_id=exercise.exercise_id, verdict="correct", method="numeric")
    return Entry(example=Example(material=exercise, verdict=verdict), category=category, order=order)


def test_only_examples_trained_for_the_first_time_are_calibrated_on() -> None:
    entries = {"new": entry(0, None, 0), "seen": entry(1, "hard", 1), "benched": entry(2, None, None)}
    assert _never_seen(entries) == {"new": entries["new"].example}
