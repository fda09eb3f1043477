from dataclasses import replace

import pytest

from skilladapt.materials.drafts import to_exercise
from skilladapt.materials.giving_away import gives_away
from skilladapt.materials.replies import Draft, ExerciseForm
from skilladapt.openings import unopened
from skilladapt.prompts.reading import Unusable
from skilladapt.records import Assignment, Exercise, is_held_out

TITLES = {"congress": "The Congress", "bills": "How a bill becomes law"}
ASKED = Assignment(skill_ids=("bills",), difficulty=2, count=1)

SHORT = Draft(
    question="Which house of Congress must bills that raise revenue begin in?",
    steps=[("the congress", "Congress has two houses."), (None, "The Constitution names one for money.")],
    answer="The House of Representatives.",
)
CHOICE = Draft(
    question="Who can override a veto of the President?",
    options={"A": "the Supreme Court", "B": "two thirds of both houses", "C": "the Senate alone"},
    steps=[("bills", "A veto goes back to Congress.")],
    misconceptions={"A": "that courts make laws", "C": "that the Senate stands above the House"},
    answer="b) two thirds",
)
EXPLANATION = Draft(
    question="Explain why a bill passes through committees before it is voted on.",
    steps=[(None, "Committees know the subject."), (None, "They have time for details.")],
    points=["committees are specialised.", "the whole house lacks time"],
)


def made(draft: Draft, form: ExerciseForm = "short", language: str = "en") -> Exercise:
    return to_exercise(draft, form, ASKED, TITLES, "stub", language)


def test_a_short_answer_becomes_an_exercise_that_names_skills_by_title_or_id() -> None:
    exercise = made(SHORT)
    assert exercise.step_skills == ("congress", "bills")
    assert exercise.solution.split("\n")[0] == "The Congress: Congress has two houses."
    assert (exercise.answer, exercise.answer_type) == ("The House of Representatives", "text")
    assert not is_held_out(exercise.question) and unopened(exercise.question) == SHORT.question
    assert made(replace(SHORT, answer="435")).answer_type == "number"


def test_a_choice_keeps_its_options_and_says_what_each_wrong_one_would_mean() -> None:
    exercise = made(CHOICE, "choice")
    assert exercise.question.endswith("\nA) the Supreme Court\nB) two thirds of both houses\nC) the Senate alone")
    assert (exercise.answer, exercise.answer_type) == ("B", "choice")
    assert exercise.solution.split("\n")[1:] == [
        "How a bill becomes law: A would mean: that courts make laws",
        "How a bill becomes law: C would mean: that the Senate stands above the House",
    ]
    assert len(exercise.step_skills) == 3


def test_an_explanation_is_answered_by_its_points() -> None:
    exercise = made(EXPLANATION, "explanation")
    assert exercise.answer == "committees are specialised; the whole house lacks time"
    assert exercise.answer_type == "points"


def test_children_know_their_parents_and_generation() -> None:
    parent = made(SHORT)
    asked = ASKED.model_copy(update={"kind": "augmented", "parents": (parent,)})
    child = to_exercise(CHOICE, "choice", asked, TITLES, "stub", "en")
    assert (child.kind, child.parent_ids, child.generation) == ("augmented", (parent.exercise_id,), 1)


@pytest.mark.parametrize(
    ("draft", "form", "reason"),
    [
        (replace(SHORT, question="??"), "short", "no question"),
        (replace(SHORT, question="w" * 2_001), "short", "at most 2,000"),
        (replace(SHORT, steps=[]), "short", "no steps"),
        (replace(SHORT, steps=[(None, "x")] * 13), "short", "more than 12 steps"),
        (replace(SHORT, steps=[("Dancing", "One, two.")]), "short", "names the skill 'Dancing'"),
        (replace(SHORT, answer=" . "), "short", "no answer"),
        (replace(SHORT, answer="none"), "short", "no answer"),
        (replace(SHORT, answer="it depends on many things that nobody can ever know"), "short", "10 words"),
        (replace(SHORT, answer="bills that raise revenue"), "short", "gives its answer away"),
        (replace(CHOICE, options={"A": "x", "B": "y"}), "choice", "at least A, B and C"),
        (replace(CHOICE, options={"A": "x", "B": "X ", "C": "z"}), "choice", "stands there twice"),
        (replace(CHOICE, misconceptions={"A": "that"}), "choice", "no misconception is named for C"),
        (replace(CHOICE, answer="E", misconceptions=dict.fromkeys("ABC", "m")), "choice", "none of the options"),
        (replace(EXPLANATION, points=["one"]), "explanation", "1 points"),
        (replace(EXPLANATION, points=["one", "One "]), "explanation", "2 points"),
        (replace(EXPLANATION, points=["one; two", "three"]), "explanation", "several in one"),
    ],
)
def test_each_fault_is_a_reason(draft: Draft, form: ExerciseForm, reason: str) -> None:
    with pytest.raises(Unusable, match=reason):
        made(draft, form)


def test_another_language_is_a_reason() -> None:
    with pytest.raises(Unusable, match="written in 'en' instead of 'fr'"):
        made(SHORT, language="fr")


@pytest.mark.parametrize(
    ("question", "answer", "given_away"),
    [
        ("Since Paris is the capital, what is the capital of France?", "Paris", True),
        ("Is the capital Paris or Lyon?", "Paris", False),
        ("What are 3 and 4 together, if 3 + 4 = 7?", "7", False),
        ("What is a comparison?", "parison", False),
        ("Which amendment is about speech?", "The First", False),
        ("In which year did the war that began in 1914 begin?", "1914", False),
    ],
)
def test_an_answer_in_the_question_is_noticed_unless_it_is_a_choice(
    question: str, answer: str, given_away: bool
) -> None:
    assert gives_away(question, answer) is given_away
