"""Hand-computed questions of every family beyond the rules for powers, and what must be refused."""

import random
import re

import pytest

from skilladapt.domains.calculus.author import AUTHOR
from skilladapt.domains.calculus.verifier import VERIFIER
from skilladapt.domains.domain import load_domain
from skilladapt.records import Assignment, Exercise
from skilladapt.skills.syllabus import graph_of

N, E, P, C = "number", "expression", "polynomial", "choice"

RIGHT = [
    ("Write 3/4 + 5/6 as one fraction.", "19/12", N),
    ("Simplify the root: sqrt(72).", "6sqrt(2)", N),
    ("Find the exact value of 8^(2/3).", "4", N),
    ("For which number k is x * sqrt(x) = x^k for all x > 0?", "3/2", N),
    ("What is the exact value of cos(5pi/6)?", "-sqrt(3)/2", N),
    ("Write e^3 * e^4 as a single power of e.", "e^7", N),
    ("Determine ln(e^5) exactly.", "5", N),
    ("Write 2ln(3) + ln(2) as one logarithm.", "ln(18)", N),
    ("Solve 3x + 4 = 19 for x.", "5", N),
    ("Find the smaller solution of x^2 - 2x = 15.", "-3", N),
    ("Solve e^(2t) = 5 for t.", "ln(5)/2", N),
    ("Find the slope of the line through (1, -2) and (3, 4).", "3", N),
    ("Find the equation of the line with slope 2 through (3, 1).", "y = 2x - 5", E),
    ("Find the average rate of change of f(x) = x^2 from x = 1 to x = 4.", "5", N),
    ("Find the inverse function of f(x) = 2x - 6, written in x.", "(1/2)x + 3", E),
    ("What is the smallest x for which sqrt(3x - 6) has a value?", "2", N),
    ("Cancel the common factor in (x^2 - 9) / (x - 3).", "x + 3", P),
    ("Find the limit of (x^2 - 9) / (x - 3) as x approaches 3.", "6", N),
    ("Find the limit of (3x^2 - 1) / (2x^2 + x) as x grows without bound.", "3/2", N),
    ("Find the limit of sin(3x) / (5x) as x approaches 0.", "3/5", N),
    ("Choose c so that the graph has no jump: f(x) = x^2 for x < 2, f(x) = cx for x >= 2.", "2", N),
    ("Simplify (f(3 + h) - f(3))/h for f(x) = x^2.", "h + 6", P),
    ("Find f'(3) from its definition as a limit, where f(x) = x^2.", "6", N),
    ("Find the derivative of 3sin(2x).", "6cos(2x)", E),
    ("Find the derivative of x * ln(x).", "ln(x) + 1", E),
    ("Find the derivative of (2x + 1) / (x - 3).", "-7/(x - 3)^2", E),
    ("Find the third derivative of f(x) = e^(2x).", "8e^(2x)", E),
    ("Find dy/dx at the point (3, 4) of the curve x^2 + y^2 = 25.", "-3/4", N),
    ("Find the equation of the tangent to y = x^2 at x = 3.", "y = 6x - 9", E),
    ("Find the equation of the normal to y = x^2 at x = 1.", "-(1/2)x + 3/2", E),
    ("Use the tangent to f(x) = sqrt(x) at x = 25 to estimate f(26).", "51/10", N),
    ("Find the larger critical number of f(x) = x^3 - 12x.", "2", N),
    ("Is f(x) = x^2 - 6x increasing or decreasing at x = 1?", "decreasing", C),
    ("At which x does f(x) = x^3 - 12x have its local maximum?", "-2", N),
    ("Is the graph of y = x^3 concave up or concave down at x = -1?", "concave down", C),
    ("At which x does the graph of y = x^3 - 6x^2 have its inflection point?", "2", N),
    ("Find the largest value of f(x) = x^3 - 12x for -3 <= x <= 5.", "65", N),
    ("A rectangle has a perimeter of 40 cm. What is the largest area it can have, in cm^2?", "100", N),
    ("A car has gone s(t) = t^2 + 3t metres after t seconds. What is its velocity in m/s at t = 2?", "7", N),
    ("The profit from x units is P(x) = -x^2 + 40x dollars. For which x is it greatest?", "20", N),
    ("A quantity is Q(t) = 300e^((1/5)t) after t hours. What is its doubling time?", "5ln(2)", N),
    (
        "The radius of a circle grows by 2 cm a second. How fast does its area grow, in cm^2 a second, when the "
        "radius is 5 cm?",
        "20pi",
        N,
    ),
    ("Find ∫ 6x^2 dx.", "2x^3 + C", E),
    ("Find ∫ 6x^2 dx.", "2x^3 - 7", E),
    ("Find an antiderivative of f(x) = 3/x for x > 0.", "3ln(x)", E),
    ("Find ∫ x * e^x dx.", "(x - 1)*e^x + C", E),
    ("Find the function F with F'(x) = 2x and F(1) = 5.", "x^2 + 4", E),
    ("Compute ∫_0^2 3x^2 dx.", "8", N),
    ("Compute ∫_0^(pi/2) cos(x) dx.", "1", N),
    ("Compute ∫_1^3 1/x dx.", "ln(3)", N),
    ("Find the integral of 3sqrt(x) from x = 0 to x = 4.", "16", N),
    ("If the integral of f from 0 to 3 is 8 and from 3 to 7 is 15, what is it from 0 to 7?", "23", N),
    ("Differentiate F(x) = ∫_0^(x^2) cos(t) dt.", "2x*cos(x^2)", E),
    ("Find the area that y = x^2 - 4 encloses with the x-axis.", "32/3", N),
    ("Find the area between the graph of f(x) = x and the x-axis from x = -1 to x = 1.", "1", N),
    ("Find the area enclosed by the graphs of y = x^2 and y = 2x.", "4/3", N),
    ("Find the average value of f(x) = x^2 from x = 0 to x = 3.", "3", N),
    ("The region under y = x from x = 0 to x = 3 is rotated about the x-axis. Find the volume.", "9pi", N),
    ("Approximate the integral of x^2 from x = 0 to x = 3 by 3 rectangles with left endpoints.", "5", N),
    (
        "Water flows into a tank at r(t) = 2t litres a minute. How many litres flow in from t = 1 to t = 3?",
        "8",
        N,
    ),
    ("Let A be the slope of the curve y = x^2 at x = 3 and let B be the value of 2^3. Find A - B.", "-2", N),
]


def checked(question: str, answer: str, answer_type: str, method: str = "numeric", solution: str = "") -> str:
    exercise = Exercise.model_validate(
        {
            "skill_ids": ("a",),
            "question": question,
            "solution": solution,
            "step_skills": ("a",) * len(solution.splitlines()),
            "answer": answer,
            "answer_type": answer_type,
            "difficulty": 1,
            "author": "somebody",
        }
    )
    return VERIFIER.check(exercise, method).verdict


@pytest.mark.parametrize("method", VERIFIER.methods)
@pytest.mark.parametrize(("question", "answer", "answer_type"), RIGHT)
def test_answers_worked_out_by_hand_are_right(question: str, answer: str, answer_type: str, method: str) -> None:
    assert checked(question, answer, answer_type, method) == "correct"


@pytest.mark.parametrize("method", VERIFIER.methods)
@pytest.mark.parametrize(
    ("question", "answer", "answer_type"),
    [
        ("Simplify the root: sqrt(72).", "sqrt(72)", N),
        ("Simplify the root: sqrt(72).", "3sqrt(8)", N),
        ("What is the exact value of sin(pi/3)?", "sin(pi/3)", N),
        ("What is the exact value of sin(pi/3)?", "1/2", N),
        ("Determine ln(e^5) exactly.", "ln(e^5)", N),
        ("Write e^3 * e^4 as a single power of e.", "e^3 * e^4", N),
        ("Write ln(2) + ln(3) as one logarithm.", "ln(2) + ln(3)", N),
        ("Find ∫ 6x^2 dx.", "12x", E),
        ("Find ∫ 6x^2 dx.", "2x^3 + t", E),
        ("Find the function F with F'(x) = 2x and F(1) = 5.", "x^2", E),
        ("Is f(x) = x^2 - 6x increasing or decreasing at x = 1?", "increasing", C),
        ("Find the smaller solution of x^2 - 2x = 15.", "5", N),
        ("At which x does f(x) = x^3 - 12x have its local maximum?", "2", N),
        ("Cancel the common factor in (x^2 - 9) / (x - 3).", "x - 3", P),
    ],
)
def test_repeated_questions_and_wrong_answers_are_refused(
    question: str, answer: str, answer_type: str, method: str
) -> None:
    assert checked(question, answer, answer_type, method) == "incorrect"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Find the limit of 1/x as x approaches 0.", "0"),
        ("Find dy/dx at the point (3, 5) of the curve x^2 + y^2 = 25.", "-3/5"),
        ("Solve x^2 + 1 = 0 for x.", "1"),
        ("Find ∫ 9^9^9^9x dx.", "1"),
        ("Compute ∫_0^1 1/x dx.", "0"),
        ("Find the area enclosed by the graphs of y = x^3 and y = x.", "1/2"),
        (
            "Find the Riemann sum of f(x) = x from x = 0 to x = 1 with 999999 equal parts and left endpoints.",
            "1/2",
        ),
        ("What is the largest x for which sqrt(3x - 6) has a value?", "2"),
    ],
)
def test_what_has_no_answer_is_not_decided(question: str, answer: str) -> None:
    assert checked(question, answer, N) == "undecided"


def test_a_false_line_refutes_a_right_antiderivative_and_a_right_choice() -> None:
    assert checked("Find ∫ 2x dx.", "x^2 + C", E, solution="A: ∫ 2x dx = x^2 + C") == "correct"
    assert checked("Find ∫ 2x dx.", "x^2 + C", E, solution="A: ∫ 2x dx = x^3 + C = x^2 + C") == "incorrect"
    rising = "Is f(x) = x^2 increasing or decreasing at x = 1?"
    assert checked(rising, "increasing", C, solution="A: d/dx [x^2] = 2x") == "correct"
    assert checked(rising, "increasing", C, solution="A: d/dx [x^2] = 3x") == "incorrect"


PUT_IN = "Let A be the number x with 2x + 1 = 7. Find the value of the derivative of t^4 at t = A."
INVERSE = "If A is the inverse function of p(s) = 5s + 8 and B is f'(1) for f(s) = s^3, what is A - B?"


@pytest.mark.parametrize("method", VERIFIER.methods)
@pytest.mark.parametrize(
    ("question", "answer", "solution", "verdict"),
    [
        (INVERSE, "(1/5)s - 23/5", "L: A - B = ((1/5)s - 8/5) - 3 = (1/5)s - 23/5", "correct"),
        (INVERSE, "(1/5)s - 23/5", "L: A - B = ((1/5)s + 8/5) - 3 = (1/5)s - 23/5", "incorrect"),
        (INVERSE, "(1/5)s - 23/5", "L: A = (1/5)s + 8/5", "incorrect"),
        (INVERSE, "(1/5)s + 7/5", "", "incorrect"),
        ("A is 2 * 3, and B is the inverse function of p(s) = 5s. Compute A - B.", "6 - (1/5)s", "", "correct"),
        ("A is 2 * 3, and B is the inverse function of p(s) = 5s. Compute A - B.", "6 + (1/5)s", "", "incorrect"),
        ("A is 2 * 3, and B is the inverse function of p(s) = 5s. Compute A + B.", "6 + (1/5)s", "", "correct"),
        (PUT_IN, "108", "E: 2x = 6\nE: x = 6/2 = 3\nP: d/dt [t^4] = 4t^3\nF: 4*3^3 = 4*27 = 108", "correct"),
        (PUT_IN, "108", "E: A = 3\nP: d/dt [t^4] = 4t^3 = 4*3^3 = 108", "correct"),
        (PUT_IN, "108", "E: A = 4\nP: d/dt [t^4] = 4t^3 = 4*3^3 = 108", "incorrect"),
        (PUT_IN, "256", "", "incorrect"),
        (PUT_IN, "4t^3", "", "incorrect"),
        (
            "If A is 2 * 3, what is the value of the inverse function of p(s) = 5s - 4 at s = A?",
            "2",
            "",
            "correct",
        ),
        (
            "If A is 2 * 3, what is the value of the inverse function of p(s) = 5s - 4 at s = A?",
            "26",
            "",
            "incorrect",
        ),
        ("A is 2/3. Compute the value of the derivative of t^4 at t = A.", "32/27", "", "undecided"),
        ("A is 2 * 3. Compute the value of the derivative of t^4 at s = A.", "864", "", "undecided"),
        ("A is the derivative of t^3. Compute the value of the derivative of t^4 at t = A.", "4", "", "undecided"),
        ("Work out the value of ∫ 2t dt at t = A, where A is 2 * 3.", "36", "", "undecided"),
    ],
)
def test_a_function_can_be_added_or_have_a_number_put_in(
    question: str, answer: str, solution: str, verdict: str, method: str
) -> None:
    answer_type = E if re.search("[a-z]", answer) else N
    assert checked(question, answer, answer_type, method, solution) == verdict


@pytest.mark.parametrize(
    ("question", "answer", "solution"),
    [
        (
            "A is the slope of the curve x^2 + y^2 = 20 at (4, 2), and B is the derivative of 7x^4. Compute "
            "A - B.",
            "-2 - 28x^3",
            "I: 8 + 4m = 0\nL: A - B = -2 - 28x^3",
        ),
        (
            "If A is the y-intercept of the tangent to f(x) = x^2 at x = 1 and B is the y at x = 3 on the line "
            "with slope 2 through (1, 2), what is A + B?",
            "5",
            "T: b = 1 - 2*1 = -1\nE: b = 2 - 2*1 = 0\nS: A + B = -1 + 6 = 5",
        ),
        (
            "A is the derivative of 3sin(y), and B is the derivative of 14. Compute A + B.",
            "3cos(y)",
            "C: A + B = 3cos(y) + 0 = 3cos(y)",
        ),
        (
            "Work out A - B, where A is the number from which on q(u) = 2u^3 + 30u^2 is concave up and B is the "
            "derivative of u(3u + 5)^2.",
            "-5 - (3u + 5)^2 - 6u(3u + 5)",
            "C: u = -60/12 = -5\nP: d/du [u(3u + 5)^2] = 1*(3u + 5)^2 + u*6(3u + 5) = (3u + 5)^2 + 6u(3u + 5)\n"
            "L: A - B = -5 - (3u + 5)^2 - 6u(3u + 5)",
        ),
    ],
)
def test_solutions_of_both_parts_stand_in_one(question: str, answer: str, solution: str) -> None:
    answer_type = E if re.search("[a-z]", answer) else N
    assert checked(question, answer, answer_type, solution=solution) == "correct"
    assert checked(question, answer, answer_type, solution=solution.replace("= ", "= 1 + ", 1)) == "incorrect"


def test_a_number_is_put_into_a_function_and_two_of_a_kind_are_added() -> None:
    asked = Assignment(
        skill_ids=("chain-with-exponential", "rates-of-change"), difficulty=2, count=12, kind="composed"
    )
    written = AUTHOR.write_exercises(asked)
    assert len(written) == 12
    for one in written:
        assert re.search(r" at t = A\b", one.question), one.question
        assert all(VERIFIER.check(one, method).verdict == "correct" for method in VERIFIER.methods)
        again = AUTHOR.solve_again(one)
        assert again is not None and again.solution == one.solution
        assert one.answer_type == "number"
    # At A = 5 the fraction has no value, though its reduced form has one.
    form = "A is the value of {} + 3. Compute the value of the reduced form of (x^2 - 4x - 5) / (x - 5) at x = A."
    one = written[0].model_copy(update={"skill_ids": ("cancelling-factors",)})
    seven, five = (AUTHOR.solve_again(one.model_copy(update={"question": form.format(n)})) for n in (4, 2))
    assert seven is not None and seven.answer == "8" and five is None
    wrong = [AUTHOR.corrupt(one, "wrong_step", random.Random(1)) for one in written]
    assert any(wrong)
    assert all(VERIFIER.check(one, "numeric").verdict == "incorrect" for one in wrong if one is not None)


@pytest.mark.parametrize("method", VERIFIER.methods)
@pytest.mark.parametrize(
    ("question", "answer", "answer_type"),
    [
        ("Combine (e^8 * e^9)/e^19 into one power of e.", "e^1368", N),
        ("Combine e^40 * e^25 into one power of e.", "e^1000", N),
        ("The function f(n) = ln(5n) has an inverse. Find it as a function of n.", "-e^n / 5", E),
    ],
)
def test_answers_that_are_huge_or_outside_the_domain_are_refuted(
    question: str, answer: str, answer_type: str, method: str
) -> None:
    assert checked(question, answer, answer_type, method) == "incorrect"


def test_parts_keep_the_letters_of_their_own_words() -> None:
    written = [
        exercise
        for skills in (("optimisation", "definite-substitution"), ("area-under-curve", "related-rates"))
        for exercise in AUTHOR.write_exercises(
            Assignment(skill_ids=skills, difficulty=2, count=5, kind="composed")
        )
    ]
    assert len(written) == 10
    for one in written:
        assert VERIFIER.check(one, "numeric").verdict == "correct"
        assert "A = pi" not in one.solution
        again = AUTHOR.solve_again(one)
        assert again is not None and again.solution == one.solution


@pytest.mark.parametrize("skill_id", ["square-roots", "trigonometric-values", "integrals-of-functions"])
def test_terms_that_are_added_are_different(skill_id: str) -> None:
    for difficulty in (4, 5):
        assignment = Assignment(skill_ids=(skill_id,), difficulty=difficulty, count=60)
        for one in AUTHOR.write_exercises(assignment):
            calls = re.findall(r"(?:sqrt|sin|cos|tan)\([^()]*\)", one.question.replace("^(pi", ""))
            assert len(set(calls)) == len(calls), one.question


@pytest.mark.parametrize("skill_id", ["mixed-quotients", "limits-by-derivatives", "definite-substitution"])
def test_quotients_with_a_factor_in_front_are_read_again(skill_id: str) -> None:
    for difficulty in (2, 4, 5):
        for one in AUTHOR.write_exercises(Assignment(skill_ids=(skill_id,), difficulty=difficulty, count=10)):
            assert AUTHOR.solve_again(one) == one


def test_logarithms_have_exercises_of_every_difficulty() -> None:
    assignment = Assignment(skill_ids=("logarithm-derivatives",), difficulty=5, count=1)
    assert len(AUTHOR.write_exercises(assignment)) == 1


@pytest.mark.parametrize(
    ("expected", "given", "verdict"),
    [
        ("x^3 + C", "x^3", "correct"),
        ("x^3 + C", "F(x) = x^3 + 5", "correct"),
        ("x^3 + C", "x^3 + c", "correct"),
        ("x^3 + C", "x^3 + y", "incorrect"),
        ("x^3 + C", "3x^2", "incorrect"),
        ("x^3 + C", "", "incorrect"),
    ],
)
def test_students_may_choose_their_antiderivative(expected: str, given: str, verdict: str) -> None:
    assert VERIFIER.grade("Find ∫ 3x^2 dx.", expected, given, E).verdict == verdict


def test_equivalent_exact_values_count() -> None:
    question = "What is the exact value of sin(pi/3)?"
    for given in ("sqrt(3)/2", "(1/2)sqrt(3)", r"\frac{\sqrt{3}}{2}", "sqrt(12)/4"):
        assert VERIFIER.grade(question, "sqrt(3)/2", given, N).verdict == "correct"
    assert VERIFIER.grade(question, "sqrt(3)/2", "sin(pi/3)", N).verdict == "incorrect"


def test_a_wrong_choice_is_the_other_word_or_follows_from_a_wrong_step() -> None:
    exercises = AUTHOR.write_exercises(Assignment(skill_ids=("rising-or-falling",), difficulty=3, count=10))
    choices = [one for one in exercises if one.answer_type == "choice"]
    assert choices
    for one in choices:
        swapped = AUTHOR.corrupt(one, "swapped", random.Random(0))
        assert swapped is None or {swapped.answer, one.answer} == {"increasing", "decreasing"}


def test_the_syllabus_is_calculus_whole() -> None:
    syllabus = load_domain("calculus").syllabus
    assert syllabus is not None
    graph = graph_of(syllabus)
    assert len(graph.skills) >= 80 and max(skill.level for skill in graph.skills) >= 8
    assert graph.needs("definite-substitution", "chain-rule") and graph.needs("optimisation", "square-roots")
