"""What can be had from a teacher for whom the full form is too much."""

import pytest

from skilladapt.materials.teacher_author import AuthorSettings, TeacherAuthor
from skilladapt.prompts.reading import stated_answer
from skilladapt.records import Assignment, Skill, is_held_out
from skilladapt.skills.graph import SkillGraph
from skilladapt.teachers.teacher import Request
from teacher_stub import Stub

GRAPH = SkillGraph([Skill(id="capitals", title="Capitals")])
TOWNS = {"a test": "France", "an exam": "Spain", "a quiz": "Italy", "a simple": "France", "a trivia": "Cuba"}
ANSWERS = {
    "France": "The capital of France is Paris.",
    "Spain": "It is large.\nAnswer: Madrid",
    "Italy": "I think of towns.\nThere are many.",
}


def weak(request: Request) -> str:
    """Writes nothing in the full form, asks questions, and answers some."""
    prompt = request.messages[-1].content
    if request.purpose == "question":
        town = TOWNS[prompt.removeprefix("Write ").split(" question about ")[0]]
        return f"Question: What is the capital of {town}?\nAnswer: a town" if town != "Cuba" else "Cuba is warm."
    if request.purpose == "solve-plainly":
        return next(answer for town, answer in ANSWERS.items() if town in prompt)
    return "The answer is short and unambiguous."


def test_questions_are_asked_one_at_a_time_and_solved() -> None:
    writer = TeacherAuthor(Stub(weak), GRAPH, AuthorSettings(forms=("short",)))
    probes = writer.write_probes(GRAPH.by_id["capitals"], 1, "test")
    assert [(is_held_out(one.question), one.answer) for one in probes] == [(True, "Paris"), (True, "Madrid")]
    assert len({one.pair for one in probes}) == 1
    (exercise,) = writer.write_exercises(Assignment(skill_ids=("capitals",), difficulty=1, count=3))
    assert exercise.answer == "Paris" and exercise.solution == "Capitals: The capital of France is Paris."
    assert not is_held_out(exercise.question)
    reasons = [one.reason for one in writer.take_rejected()]
    assert reasons.count("a question that its author could not answer") == 1  # Italy
    assert reasons.count("no question") == 1  # Cuba
    assert reasons.count("no exercise in the form asked for") == 2


def test_a_person_who_wants_one_attempt_gets_one() -> None:
    teacher = Stub(weak)
    writer = TeacherAuthor(teacher, GRAPH, AuthorSettings(forms=("short",), attempts=1))
    assert not writer.write_probes(GRAPH.by_id["capitals"], 1, "test") and len(teacher.asked) == 1


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("The capital of France is Paris.", "Paris"),
        ("The instrument is called a violin.", "a violin"),
        ('The answer to "What is 12 + 15?" is 18.', "18"),
        ("The Earth's temperature is approximately 18.5 degrees Celsius.", "18.5 degrees Celsius"),
        ("It is this.\nAnswer: that", "that"),
        ("Paris is large. London is larger.", ""),
        ("7 + 5 = 12\n12 is 15", ""),
        ("No idea.", ""),
    ],
)
def test_an_answer_is_read_behind_its_mark_or_in_one_plain_sentence(text: str, answer: str) -> None:
    assert stated_answer(text) == answer
