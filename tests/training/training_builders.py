"""Examples for the tests of training: short exercises of which each is like no other."""

from skilladapt.models.adapter import with_adapter
from skilladapt.models.loading import Student, load_student
from skilladapt.records import Example, Exercise, PlantedError, Textbook, Verdict, is_held_out
from skilladapt.training.loop import RoundResult, train_round


def exercise(
    index: int = 0, skill: str = "power-rule", difficulty: int = 1, solution: str | None = None
) -> Exercise:
    # The question's number grows until the question is one for practice.
    number = next(n for n in range(index * 100, index * 100 + 99) if not is_held_out(f"Differentiate {n}x^2."))
    return Exercise(
        skill_ids=(skill,),
        question=f"Differentiate {number}x^2.",
        solution="Power rule: " + "x" * index if solution is None else solution,
        step_skills=(skill,),
        answer=f"{2 * number}x",
        answer_type="polynomial",
        difficulty=difficulty,
        author="a test",
    )


def example(
    index: int = 0, skill: str = "power-rule", difficulty: int = 1, weight: float = 1.0, benched: bool = False
):
    material = exercise(index, skill, difficulty)
    verdict = Verdict(exercise_id=material.exercise_id, verdict="correct", method="test")
    return Example(material=material, verdict=verdict, weight=weight, benched=benched)


def page(skill: str = "power-rule", text: str = "Bring the exponent down."):
    material = Textbook(skill_id=skill, title=skill, text=text, author="a test")
    verdict = Verdict(exercise_id=material.textbook_id, verdict="correct", method="test")
    return Example(material=material, verdict=verdict)


def planted(index: int = 0, skill: str = "power-rule", difficulty: int = 1):
    material = exercise(index, skill, difficulty)
    verdict = Verdict(exercise_id=material.exercise_id, verdict="incorrect", method="test", reason="planted")
    return PlantedError(exercise=material, verdict=verdict, kind="sign")


def tiny(rank: int = 4, **settings) -> Student:
    return with_adapter(load_student("tiny-random"), rank=rank, **settings)


def trained(student: Student, items, **settings) -> RoundResult:
    given = dict(round=1, passes=1, batch_size=4, seed=0, learning_rate=lambda tokens: 1e-2)
    return train_round(student, items, **{**given, **settings})
