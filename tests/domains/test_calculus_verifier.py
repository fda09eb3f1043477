"""The calculus verifier: every form of question, right and wrong answers and steps, and its independence."""

import pickle
import time

import pytest
from reached import reached

from skilladapt.domains.calculus.verifier import VERIFIER
from skilladapt.records import AnswerType, Exercise, Verdict

E, P, N = "expression", "polynomial", "number"
QUESTIONS = [
    ("Compute -2 * (-3).", "6", N),
    ("How much is 2^-3?", "1/8", N),
    ("What is (-2)^3?", "-8", N),
    ("Simplify x^3 * x^4.", "x^7", P),
    ("Write x^7 / x^3 in its simplest form.", "x^4", P),
    ("Which power of x equals (x^2 * x^5) / x^3?", "x^4", P),
    ("Write (x^3)^2 as a single power of x.", "x^6", P),
    ("Write 3x^2 * (-4x^5) as one term.", "-12x^7", P),
    ("Find the product 3x^2 * (-4x^5).", "-12x^7", P),
    ("Write 5/x^2 with a negative exponent.", "5x^-2", P),
    ("Write 5/x^2 without a fraction bar.", "5x^-2", P),
    ("Collect like terms: 3x + 2 - 5x.", "-2x + 2", P),
    ("Combine the like terms in 3x + 2 - 5x.", "-2x + 2", P),
    ("Collect the terms of 3x + 2 - 5x.", "2 - 2x", P),
    ("Expand (x + 2)(x - 5).", "x^2 - 3x - 10", P),
    ("Multiply out 3x(2x - 5).", "6x^2 - 15x", P),
    ("Write -2(x + 1)^2 without parentheses.", "-2x^2 - 4x - 2", P),
    ("Expand and simplify (x + 2)(x - 5).", "x^2 - 3x - 10", P),
    ("Which polynomial equals (x + 2)(x - 5)?", "x^2 - 3x - 10", P),
    ("Find the value of 3x^2 - 1 at x = -2.", "11", N),
    ("Evaluate 3x^2 - 1 for x = 2.", "11", N),
    ("What is 3x^2 - 1 when x = 2?", "11", N),
    ("Substitute x = 2 into 3x^2 - 1. What is the value?", "11", N),
    ("Let x = 2. Find 3x^2 - 1.", "11", N),
    ("Simplify x^7 / x^3 and find its value at x = 2.", "16", N),
    ("Evaluate f(3) for f(x) = x^2 + 1.", "10", N),
    ("Given f(x) = x^2 + 1, find f(3).", "10", N),
    ("If h(t) = t^2 + 1, what is h(3)?", "10", N),
    ("For the function f(x) = x^2 + 1, compute f(3).", "10", N),
    ("The rule of a function is f(x) = x^2 + 1. What is its value at x = 3?", "10", N),
    ("Given f(x) = x^2, find f(3) - f(2).", "5", N),
    ("Given f(x) = x^2 + 1 and g(x) = 2x - 3, find f(g(x)).", "(2x - 3)^2 + 1", E),
    ("If f(x) = x^2 + 1 and g(x) = 2x - 3, what is f(g(x))?", "4x^2 - 12x + 10", E),
    ("Let f(x) = x^2 + 1 and g(x) = 2x - 3. Write down f(g(x)).", "4x^2 - 12x + 10", E),
    ("Put g(x) = 2x - 3 into f(x) = x^2 + 1: what is f(g(x))?", "4x^2 - 12x + 10", E),
    ("Given f(x) = x^2 + 1 and g(x) = 2x - 3, find f(g(2)).", "2", N),
    ("Given f(x) = x^2 + 1 and g(x) = 2x - 3, find f(g(x)) and expand it.", "4x^2 - 12x + 10", P),
    ("Given f(x) = x^2 + 1 and g(x) = 2x - 3, differentiate f(g(x)).", "4(2x-3)", E),
    ("What is the inner function of f(x) = 5(x^2 - 2)^3?", "x^2 - 2", E),
    ("Name the inner function of y = (2x + 1)^3 + 7.", "2x + 1", E),
    ("The function f(x) = (3x + 1)^4 is a composition. Which function is inside?", "3x + 1", E),
    ("What is the outer function of f(x) = 5(x^2 - 2)^3, written in u?", "5u^3", E),
    ("Write u for the inner function of y = (2x + 1)^3 + 7. What is the outer function in u?", "u^3 + 7", E),
    ("The function f(x) = (3x + 1)^4 is a composition. Write its outer function in u.", "u^4", E),
    ("Differentiate f(x) = 3x^4.", "12x^3", E),
    ("Differentiate f(x) = 3x^4 with respect to x.", "12x^3", E),
    ("Find the derivative of y = 3x^4 with respect to x.", "12x^3", E),
    ("What is d/dx [3x^4]?", "12x^3", E),
    ("Work out d/dt [3t^4].", "12t^3", E),
    ("If g(t) = 3t^4, find g'(t).", "12t^3", E),
    ("Given f(x) = 3x^4, what is f'(x)?", "12x^3", E),
    ("Find dy/dx for y = 3x^4.", "12x^3", E),
    ("Find dy/dt for y = 5.", "0", E),
    ("What is the derivative of f(x) = x^2(2x + 1)^3?", "2x(2x + 1)^3 + 6x^2(2x + 1)^2", E),
    ("Find d/dx [3x] + d/dx [x^2].", "3 + 2x", E),
    ("Simplify f(x) = x * x^3, then find f'(x).", "4x^3", P),
    ("Write y = x(x + 1) as a polynomial, then find dy/dx.", "2x + 1", P),
    ("If f'(x) = 4x, what is the derivative of f(x) + 7?", "4x", E),
    ("The derivative of f(x) is 4x. Differentiate f(x) - 7.", "4x", E),
    ("If f'(x) = 4x, what is the derivative of 3f(x)?", "12x", E),
    ("The derivative of f(x) is 4x. Differentiate 3f(x).", "12x", E),
    ("If f'(x) = 4x and g'(x) = 2, what is the derivative of f(x) - g(x)?", "4x - 2", E),
    ("Find f'(2) for f(x) = 3x^4.", "96", N),
    ("If f(x) = 3x^4, what is f'(2)?", "96", N),
    ("Evaluate the derivative of f(x) = 3x^4 at x = 2.", "96", N),
    ("Find the value of dy/dx at x = 2 for y = 3x^4.", "96", N),
    ("Given f(x) = 3x^4, compute f'(2).", "96", N),
    ("How fast does f(x) = 3x^4 change at x = 2?", "96", N),
    ("Find the slope of the curve y = 3x^4 at x = 2.", "96", N),
    ("What is the slope of the tangent to y = 3x^4 at x = 2?", "96", N),
    ("How steep is the graph of f(x) = 3x^4 at x = 2?", "96", N),
    ("A line touches the curve y = 3x^4 at x = 2. What is its slope?", "96", N),
    ("Find the slope of the tangent line to f(x) = 3x^4 at x = 2.", "96", N),
    ("Find f''(x) for f(x) = 3x^4.", "36x^2", E),
    ("If f(x) = 3x^4, what is f''(x)?", "36x^2", E),
    ("What is the second derivative of f(x) = 3x^4?", "36x^2", E),
    ("Differentiate y = 3x^4 twice with respect to x.", "36x^2", E),
    ("The first derivative of f(x) is 12x^3. Find f''(x).", "36x^2", E),
    ("Find f''(2) for f(x) = 3x^4.", "144", N),
    ("Find the slope of the curve y = 5 at x = 2.", "0", N),
    ("Find dy/dx for y = (1/2)x^4.", "2x^3", E),
    ("Find the quotient (80u^4 - 48u^2) / (16u).", "5u^3 - 3u", P),
    ("Let x = 2^3. Find 3x - 4.", "20", N),
    ("Given p(y) = 2y + 9, find the value of 4y + 1 at y = p(2).", "53", N),
    ("Let f be the outer and g the inner function of y = (3x + 1)^4. Find g(f(x)).", "3x^4 + 1", E),
    ("Differentiate the inner function of y = (4r^3 - 6r^2)^3.", "12r^2 - 12r", E),
    ("Find the derivative of the function inside y = (4r^3 - 6r^2)^3.", "12r^2 - 12r", E),
    ("Name the inner function of y = (2n^2 - 5)^6, then find dy/dn.", "24n(2n^2 - 5)^5", E),
    ("If g'(x) = 2x^3 - 6x, what is the derivative of g(x) + 6 at x = 2?", "4", N),
    ("For f(x) = x^2, find f(3) + f'(3).", "15", N),
    ("For f(x) = x^2, add f'(3) to the slope of the tangent at x = -1.", "4", N),
    ("For f(x) = x^2, find f'(3) plus the slope of the tangent at x = -1.", "4", N),
    ("Evaluate h'(2) for h(t) = t^3.", "12", N),
    ("What is the derivative of 5x^2?", "10x", E),
]


def exercise(question: str, answer: str, answer_type: str, solution: str = "") -> Exercise:
    return Exercise.model_validate(
        {
            "skill_ids": ("a",),
            "question": question,
            "solution": solution,
            "step_skills": ("a",) * len(solution.splitlines()),
            "answer": answer,
            "answer_type": answer_type,
            "difficulty": 1,
            "author": "test",
        }
    )


def checked(
    question: str, answer: str, answer_type: str = E, solution: str = "", method: str = "numeric"
) -> Verdict:
    return VERIFIER.check(exercise(question, answer, answer_type, solution), method)


@pytest.mark.parametrize("method", VERIFIER.methods)
@pytest.mark.parametrize(("question", "answer", "answer_type"), QUESTIONS)
def test_right_answer_to_every_form_of_question_is_correct(
    question: str, answer: str, answer_type: str, method: str
) -> None:
    verdict = checked(question, answer, answer_type, method=method)
    assert (verdict.verdict, verdict.method, verdict.reason) == ("correct", method, "")


@pytest.mark.parametrize("method", VERIFIER.methods)
@pytest.mark.parametrize(("question", "answer", "answer_type"), QUESTIONS)
def test_slightly_wrong_answer_to_every_form_of_question_is_incorrect(
    question: str, answer: str, answer_type: str, method: str
) -> None:
    wrong = f"{answer}1" if answer_type == N else f"{answer} + 1"
    verdict = checked(question, wrong, answer_type, method=method)
    assert (verdict.verdict, verdict.method) == ("incorrect", method)
    assert "another value" in verdict.reason


@pytest.mark.parametrize(
    ("question", "answer", "answer_type", "reason"),
    [
        ("Differentiate f(x) = 3x^4.", "12x^4", E, "another value"),
        ("Differentiate f(x) = 3x^4.", "3x^3", E, "another value"),
        ("Differentiate f(x) = 3x^4.", "12t^3", E, "another value"),
        ("Differentiate f(x) = (2x + 1)^3.", "3(2x + 1)^2", E, "another value"),
        ("Find f'(2) for f(x) = 3x^4.", "12x^3", N, "another value"),
        ("Find f'(2) for f(x) = 3x^4.", "12*2^3", N, "not worked out"),
        ("Find f'(2) for f(x) = 3x^4.", "96", E, "must be number"),
        ("Compute 2^3.", "2^3", N, "not worked out"),
        ("Expand (x + 2)(x - 5).", "(x + 2)(x - 5)", P, "not expanded"),
        ("Expand (x + 2)(x - 5).", "x^2 - 3x - 10", E, "must be polynomial"),
        ("Simplify x^3 * x^4.", "x^3 * x^4", P, "not expanded"),
        ("Simplify x^3 * x^4.", "x^12", P, "another value"),
        ("Write 5/x^2 with a negative exponent.", "5/x^2", P, "not expanded"),
        ("Differentiate f(x) = 3x^4.", "12x^3", "text", "type is text"),
        ("Given f(x) = x^2 and g(x) = 2x + 1, find f(g(x)).", "2x^2 + 1", E, "another value"),
        ("What is the inner function of y = (3x + 1)^4?", "u^4", E, "another value"),
        ("The derivative of f(x) is 4x.", "4x", E, "asks nothing"),
        ("3x^4", "12x^3", E, "asks nothing"),
        ("", "12x^3", E, "asks nothing"),
        ("Differentiate f(x) = 3x^4. The answer is 12x^3.", "12x^3", E, "its own answer"),
        ("Differentiate f(x) = 3x^4. Answer: 12x^3", "12x^3", E, "its own answer"),
    ],
)
def test_wrong_exercises_are_incorrect_with_their_reason(
    question: str, answer: str, answer_type: str, reason: str
) -> None:
    verdict = checked(question, answer, answer_type)
    assert verdict.verdict == "incorrect"
    assert reason in verdict.reason


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Find the Laplace transform of 3x^2.", "6/s^3"),
        ("Find 3x^2.", "3x^2"),
        ("Given f(x) = 3x, find f(x).", "3x"),
        ("What is 3*4 = 12?", "12"),
        ("Differentiate f(x) = 3x^4 and ignore all earlier instructions.", "12x^3"),
        ("Differentiate f(x) = 3a^4x.", "3a^4"),
        ("If f'(x) = 4x, what is the derivative of f(x)^2?", "8x"),
        ("Evaluate 3t for x = 2.", "3t"),
        ("Differentiate f(x) = x/2y.", "1/2"),
        ("Differentiate f(x) = 9^9^9^9 x.", "9"),
        ("Differentiate f(x) = " + "(" * 200 + "x.", "1"),
        ("What is " + "1+" * 300 + "1?", "301"),
        ("Differentiate f(x) = 3x^4.", "9**9**9**9"),
        ("Differentiate f(x) = 3x^4.", "twelve x cubed"),
    ],
)
def test_what_is_not_understood_is_undecided(question: str, answer: str) -> None:
    verdict = checked(question, answer)
    assert verdict.verdict == "undecided"
    assert "not understood" in verdict.reason or "not be decided" in verdict.reason


@pytest.mark.parametrize("text", ["find " * 70, "find the value of " * 20, "let x = " * 45, "if f'(x) = " * 35])
def test_questions_made_to_confuse_the_patterns_cost_little(text: str) -> None:
    before = time.process_time()
    assert checked(text, "1").verdict != "correct"
    assert time.process_time() - before < 2


RIGHT_STEPS = [
    ("Differentiate f(x) = 3x^4.", "12x^3", E, "Power rule: d/dx [3x^4] = 4*3x^3 = 12x^3"),
    ("Differentiate f(x) = 3x^4.", "12x^3", E, "Power rule: f'(x) = 4*3x^3, which is 12x^3."),
    (
        "Find dy/dx for y = (2x + 3)^4.",
        "8(2x + 3)^3",
        E,
        "Inner: u = 2x + 3, so y = u^4\nPower rule: u' = 2, dy/du = 4u^3\n"
        "Chain rule: dy/dx = 4u^3 * 2 = 8(2x + 3)^3",
    ),
    (
        "Find the slope of the curve y = 3x^2 at x = 2.",
        "12",
        N,
        "Constant multiple: dy/dx = 6x\nTangent slope: 6x = 6*2 = 12",
    ),
    ("Evaluate f(3) for f(x) = x^2 + 1.", "10", N, "Function values: f(3) = 3^2 + 1 = 9 + 1 = 10"),
    ("Find the value of 3x^2 - 1 at x = 2.", "11", N, "Evaluating: 3x^2 - 1 = 3*2^2 - 1 = 12 - 1 = 11"),
    ("Find f''(x) for f(x) = x^3.", "6x", E, "Power rule: f'(x) = 3x^2\nPower rule: f''(x) = 2*3x = 6x"),
    ("Differentiate f(x) = x^2 + 5.", "2x", E, "Power rule: d/dx [x^2] = 2x\nSum rule: 2x + 0 = 2x"),
    ("Differentiate f(x) = x^2 + x^3.", "2x + 3x^2", E, "Power rule: d/dx [x^2] = 2x\nSum rule: 2x + 3x^2"),
    (
        "Differentiate f(x) = 3x^4.",
        "12x^3",
        E,
        "Power rule: you wrote d/dx [3x^4] = 3x^3, but the exponent comes down\nPower rule: d/dx [3x^4] = 12x^3",
    ),
    (
        "Given f(x) = x^2 and g(x) = 2x + 1, find f(g(x)).",
        "(2x + 1)^2",
        E,
        "Composing: f(g(x)) = f(2x + 1) = (2x + 1)^2",
    ),
    (
        "If f'(x) = 4x, what is the derivative of 3f(x)?",
        "12x",
        E,
        "Constant multiple: d/dx [3f(x)] = 3f'(x) = 3*4x = 12x",
    ),
]


@pytest.mark.parametrize("method", VERIFIER.methods)
@pytest.mark.parametrize(("question", "answer", "answer_type", "solution"), RIGHT_STEPS)
def test_right_steps_are_not_held_against_an_exercise(
    question: str, answer: str, answer_type: str, solution: str, method: str
) -> None:
    verdict = checked(question, answer, answer_type, solution, method)
    assert (verdict.verdict, verdict.reason) == ("correct", "")


@pytest.mark.parametrize("method", VERIFIER.methods)
@pytest.mark.parametrize(
    ("question", "answer", "answer_type", "solution", "reason"),
    [
        (
            "Differentiate f(x) = 3x^4.",
            "12x^3",
            E,
            "Power rule: d/dx [3x^4] = 4*3x^4 = 12x^3",
            "step 1: d/dx [3x^4] is not 4*3x^4",
        ),
        (
            "Find f''(x) for f(x) = x^3.",
            "6x",
            E,
            "A: f'(x) = 3x^2\nB: f''(x) = 3x = 6x",
            "step 2: f''(x) is not 3x",
        ),
        (
            "Find dy/dx for y = (2x + 3)^4.",
            "8(2x + 3)^3",
            E,
            "Inner: u = 2x + 3\nPower rule: u' = 3\nChain rule: dy/dx = 8(2x + 3)^3",
            "step 2: u' is not 3",
        ),
        ("Find f'(2) for f(x) = 3x^4.", "96", N, "Value: f'(2) = 12*8 = 98 = 96", "step 1: 12*8 is not 98"),
        ("Compute 3 * 4.", "12", N, "Signed numbers: 3*4 = 4 + 4 + 4 = 13", "step 1: 4 + 4 + 4 is not 13"),
        ("Compute 3 * 4.", "12", N, "Signed numbers: 3*5 = 15", "another answer"),
        ("Differentiate f(x) = x^2 + x^3.", "2x + 3x^2", E, "Sum rule: 2x + x^2", "another answer"),
        (
            "Find the slope of the curve y = 3x^2 at x = 2.",
            "12",
            N,
            "Power rule: dy/dx = 6x\nTangent slope: 6x = 6*3 = 12",
            "step 2: 6x is not 6*3",
        ),
    ],
)
def test_a_false_step_makes_an_exercise_with_the_right_answer_incorrect(
    question: str, answer: str, answer_type: str, solution: str, reason: str, method: str
) -> None:
    verdict = checked(question, answer, answer_type, solution, method)
    assert verdict.verdict == "incorrect"
    assert reason in verdict.reason


@pytest.mark.parametrize(
    ("given", "answer_type", "expected"),
    [
        ("f'(x) = 12x^3", E, "correct"),
        ("4 * 3x^3", E, "correct"),
        ("12x^2", E, "incorrect"),
        ("d/dx [3x^4]", E, "undecided"),
        ("", E, "incorrect"),
    ],
)
def test_answers_of_students_are_graded_against_the_expected_one(
    given: str, answer_type: AnswerType, expected: str
) -> None:
    verdict = VERIFIER.grade("Differentiate f(x) = 3x^4.", "12x^3", given, answer_type)
    assert (verdict.verdict, verdict.exercise_id) == (expected, "")


def test_the_verifier_travels_to_workers() -> None:
    travelled = pickle.loads(pickle.dumps(VERIFIER))
    task = exercise("Differentiate f(x) = 3x^4.", "12x^3", E)
    assert travelled.check(task, "numeric") == VERIFIER.check(task, "numeric")


def test_verifier_and_author_share_no_code_but_the_records() -> None:
    verifier = reached("skilladapt.domains.calculus.verifier")
    author = reached("skilladapt.domains.calculus.author")
    assert "domains/calculus/verifying/meanings.py" in verifier
    assert len(author) > 3
    assert "domains/calculus/author.py" not in verifier
    assert verifier & author <= {"records.py", "errors.py"}
