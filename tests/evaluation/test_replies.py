import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skilladapt.evaluation.replies import find_answer


@pytest.mark.parametrize(
    "reply, answer",
    [
        ("Power rule: 4*3x^3\nAnswer: 12x^3", "12x^3"),
        ("Answer: 1\nNo, wait.\nAnswer: 2", "2"),
        ("Answer: 5\nAnswer:", "5"),
        ("**Answer:** 12x^3.", "12x^3"),
        ("Final answer: $-\\frac{3}{4}$", "-\\frac{3}{4}"),
        ("Answer:\n\n  3/4\nbecause", "3/4"),
        ("Answer: f'(x) = 12x^3", "f'(x) = 12x^3"),
        ("Answer: 12x^3 because the power comes down", "12x^3"),
        ("Answer: 12x**3", "12x**3"),
        ("Answer: 6x^2 - 4x + 1", "6x^2 - 4x + 1"),
        ("Answer: 6x^2 - 4x +", "6x^2 - 4x +"),
        ("Answer: (2, 3)", "(2, 3)"),
        ("Answer: 5 apples", "5"),
        ("Answer: $x=-1$ or $x=1$", "x=-1 or x=1"),
        ("Answer: $\\max$ at $x=7$", "\\max at x=7"),
        ("answer : \\( x = 2 \\)", "x = 2"),
    ],
)
def test_last_marked_answer_wins(reply: str, answer: str) -> None:
    assert find_answer(reply) == answer


@pytest.mark.parametrize(
    "reply, answer",
    [
        ("The capital of Japan is Tokyo.", "Tokyo"),
        ("The largest country of Asia is China", "China"),
        ("The capital is Tokyo.\nAnswer: Kyoto", "Kyoto"),
        ("I think it is large. It may be China.", ""),
        ("Tokyo", "Tokyo"),
    ],
)
def test_words_are_read_in_a_sentence_that_says_what_something_is(reply: str, answer: str) -> None:
    assert find_answer(reply, "text") == answer


@pytest.mark.parametrize(
    "reply, answer",
    [
        ("We get \\boxed{\\frac{1}{2}} and 7 more", "\\frac{1}{2}"),
        ("so \\boxed{12x^3", "12x^3"),
        ("The answer is 12.", "12"),
        ("The correct answer is: $12x^3$. It follows from the rule for 2 powers.", "12x^3"),
        ("So the answer would be 0.5 because 1/2 is 0.5", "0.5"),
        ("She has 16 - 7 = 9 eggs.\n#### 18", "18"),
        ("f'(x) = 4 * 3x^3 = 12x^3", "12x^3"),
        ("The derivative of f(x) = 3x^4 is f'(x) = 12x^3.", "12x^3"),
        ("f(x) = 3x^4, so its derivative is 12x^3.", "12x^3"),
        ("The derivative is 6x^2 - 4x + 1.\nI hope this helps!", "6x^2 - 4x + 1"),
        ("$$f'(x) = -2 \\sin(x)$$", "-2 \\sin(x)"),
        ("There are 1,000 apples left", "1,000"),
        ("It costs $18", "18"),
        ("The slope is x.", "x"),
        ("the value is = - 4", "- 4"),
        ("It is the point (2, 3).", "(2, 3)"),
        ("You get **12x^3**", "12x^3"),
        ("12x^3", "12x^3"),
        ("diverges", "diverges"),
    ],
)
def test_reply_without_the_mark_is_read_leniently(reply: str, answer: str) -> None:
    assert find_answer(reply) == answer


@pytest.mark.parametrize(
    "reply",
    ["", "   \n\n", "Answer:", "I am sorry, but I really do not know how to do this at all", "\x00", "= = ="],
)
def test_reply_without_an_answer_gives_an_empty_one(reply: str) -> None:
    assert find_answer(reply) == ""


def test_answers_in_words_are_kept_whole() -> None:
    assert find_answer("Answer: 7 Samurai in 2 rows", "text") == "7 Samurai in 2 rows"
    assert find_answer("The answer is converges absolutely.", "text") == "converges absolutely"
    assert find_answer("There are 3 reasons.\nB", "choice") == "B"


def test_control_characters_never_reach_the_answer() -> None:
    assert find_answer("Answer: 1\u202e2\x1b[31m") == "1 2 [31m"


@pytest.mark.parametrize(
    "piece", ["Answer:", "(", "\\boxed{", "x = ", "a1", "1" * 50 + " ", "the answer is ", "$", "**"]
)
def test_hostile_repetition_is_read_quickly(piece: str) -> None:
    begun = time.process_time()
    assert len(find_answer(piece * 100_000)) <= 1000
    assert time.process_time() - begun < 1


@given(st.text(alphabet=st.sampled_from("Answer: =x1^(){}$\\.*\n boxed,é\u2028")))
def test_any_text_gives_one_line_without_raising(reply: str) -> None:
    assert "\n" not in find_answer(reply) or "\\boxed{" in reply


@pytest.mark.parametrize(
    "reply", ["7" * 5000 + "abc", "pi+" * 2000 + "abcd", "\\al" * 2000 + " abc", "ln" * 3000 + "!x"]
)
def test_a_reply_without_end_is_read_in_no_time(reply):
    """It would outlive the test's timeout if the ways to cut it up were tried one after another."""
    assert isinstance(find_answer(reply, "number"), str)
