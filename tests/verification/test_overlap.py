"""Repetitions and contamination: what counts as the same question, and what must not."""

import random
from itertools import count

import pytest

from skilladapt.records import Exercise, Probe, Textbook, is_held_out
from skilladapt.verification.overlap import find_duplicates, find_overlap, similarity


def exercise(question: str, answer: str = "1") -> Exercise:
    return Exercise(
        skill_ids=("a",),
        question=question,
        solution="",
        step_skills=(),
        answer=answer,
        answer_type="number",
        difficulty=1,
        author="test",
    )


def textbook(text: str) -> Textbook:
    return Textbook(skill_id="a", title="A", text=text, author="test")


def probe(template: str) -> Probe:
    """The first held-out question of the template."""
    question = next(text for n in count(2) if is_held_out(text := template.format(n)))
    return Probe(skill_id="a", question=question, answer="1", answer_type="number", pair="p")


DIFFERENT = [
    ("Differentiate f(x) = 3x^4.", "Differentiate f(x) = 3x^5."),
    ("Differentiate f(x) = 3x^4.", "Differentiate f(x) = 3x^-4."),
    ("Differentiate f(x) = 6x^2 - 4x + 1.", "Differentiate f(x) = 6x^2 - 4x + 7."),
    ("Differentiate f(x) = 6x^2 - 4x + 1.", "Differentiate f(x) = 6x^2 + 4x + 1."),
    (
        "Find the slope of the curve y = 3x^2 - 4x + 1 at x = 2.",
        "Find the slope of the curve y = 3x^2 - 4x + 1 at x = 3.",
    ),
    ("Expand (x + 2)(x - 5).", "Multiply out (x + 2)(x - 5)."),
    ("Differentiate f(x) = sin(x) + 2x + 7.", "Differentiate f(x) = cos(x) + 2x + 7."),
    ("drom(glim(karn(47))) = ?", "drom(karn(glim(47))) = ?"),
    ("drom(glim(karn(tosh(47)))) = ?", "drom(glim(karn(blick(47)))) = ?"),
    ("Which river flows through Paris?", "Which river flows through Rome?"),
]
NEAR = [
    ("Differentiate f(x) = 3x^4.", "differentiate  F(x) = 3x^4."),
    (
        "Find the slope of the tangent line to the curve y = 3x^2 at x = 2.",
        "Find the slope of the tangent to the curve y = 3x^2 at x = 2.",
    ),
    (
        "Given f(x) = 6x^2 - 4x + 1 and g(x) = 2x - 3, find f(g(x)).",
        "If f(x) = 6x^2 − 4x + 1 and g(x) = 2x − 3, find f(g(x)).",
    ),
]


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_questions_about_other_numbers_or_in_other_words_are_different(first: str, second: str) -> None:
    assert similarity(first, second) < 0.8
    assert find_duplicates([exercise(first), exercise(second)]) == {}


@pytest.mark.parametrize(("first", "second"), NEAR)
def test_questions_that_differ_in_a_word_or_two_are_near(first: str, second: str) -> None:
    assert similarity(first, second) >= 0.8
    assert len(find_duplicates([exercise(first), exercise(second)])) == 1


def test_similarity_is_the_share_of_common_word_pairs() -> None:
    # ("", a), (a, b), (b, c), (c, "") against ("", a), (a, b), (b, d), (d, ""): words, so no mathematics.
    assert similarity("alpha beta gamma", "alpha beta delta") == pytest.approx(2 / 6)


def test_equal_questions_with_different_answers_are_duplicates() -> None:
    twins = [exercise("Compute 2 + 3.", "5"), exercise("compute 2+3.", "6")]
    found = find_duplicates(twins)
    assert list(found) == [max(twin.exercise_id for twin in twins)]


def test_survivors_do_not_depend_on_the_order_of_arrival() -> None:
    exercises = [exercise(f"Compute {a} + {b}.", str(n)) for a in range(6) for b in range(6) for n in range(3)]
    expected = find_duplicates(exercises)
    assert len(expected) == 72
    shuffled = exercises.copy()
    random.Random(1).shuffle(shuffled)
    assert find_duplicates(shuffled) == expected


def test_existing_questions_win_over_all_new_ones() -> None:
    new = exercise("Compute 2 + 3.")
    assert find_duplicates([new], ["compute 2 + 3."]) == {new.exercise_id: "repeats 'compute 2 + 3.'"}


def test_exercise_that_repeats_a_probe_in_other_spelling_overlaps() -> None:
    held = probe("Find the slope of the tangent line to the curve y = {}x^2 at x = 2.")
    copied = exercise(held.question.replace(" line", "").replace("^2", "^{2}").replace("{2}", "2"))
    other = exercise(held.question.replace("x = 2", "x = 3"))
    assert list(find_overlap([copied, other], [held])) == [copied.exercise_id]
    assert "a probe" in find_overlap([copied], [held])[copied.exercise_id]


def test_textbook_may_not_contain_the_wording_of_a_probe() -> None:
    held = probe("Differentiate f(x) = {}x^4.")
    bare = held.question.removesuffix(".")
    told = textbook(f"A first example. {bare} by lowering the exponent.")
    longer = textbook(f"Another one. {bare} + 2x by the sum rule. And {bare}^2 too.")
    fact = textbook(f"Note that {bare.removeprefix('Differentiate ')} grows fast.")
    assert list(find_overlap([told, longer, fact], [held])) == [told.textbook_id]


LONG = (
    "A farmer has forty sheep and sells every second one of them to his neighbour "
    "who pays nine dollars for each. How much does he get?"
)


def test_thirteen_common_words_with_a_benchmark_question_overlap() -> None:
    words = LONG.split()
    thirteen = exercise(
        "Once upon a time: " + " ".join(words[:13]) + " and then he slept until the sun was up again."
    )
    twelve = exercise(
        "Once upon a time: " + " ".join(words[:12]) + " and then he slept until the sun was up again."
    )
    found = find_overlap([thirteen, twelve], [], [LONG])
    assert list(found) == [thirteen.exercise_id]
    assert "a benchmark question" in found[thirteen.exercise_id]


def test_half_of_the_runs_of_eight_words_overlap_without_a_run_of_thirteen() -> None:
    words = LONG.split()  # 25 words: 18 runs of eight, 9 of them are half
    parts = [*words[:12], "indeed", *words[12:24]]  # 5 + 5 runs of eight, none of thirteen
    assert list(find_overlap([half := textbook(" ".join(parts))], [], [LONG])) == [half.textbook_id]
    fewer = [*words[:12], "indeed", *words[13:23]]  # 5 + 3 runs
    assert find_overlap([textbook(" ".join(fewer))], [], [LONG]) == {}


def test_a_thousand_short_questions_with_other_numbers_are_all_kept() -> None:
    exercises = [exercise(f"Differentiate f(x) = {a}x^{b}.") for a in range(2, 52) for b in range(2, 22)]
    assert find_duplicates(exercises) == {}
