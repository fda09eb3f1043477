"""Reading expressions: what each notation means, and that hostile text fails quickly."""

import inspect
import sys
import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skilladapt.verification.expressions import Definition, Expression, Number, letters
from skilladapt.verification.parsing import MAX_DEPTH, parse_expression
from skilladapt.verification.series import value_at
from skilladapt.verification.tokens import ParseFailure

AT = {"x": Fraction(3, 2), "t": Fraction(2)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3x^4", Fraction(243, 16)),
        ("-x^2", Fraction(-9, 4)),
        ("(-x)^2", Fraction(9, 4)),
        ("x^-2", Fraction(4, 9)),
        ("x^(-2)", Fraction(4, 9)),
        ("x^{-2}", Fraction(4, 9)),
        ("x⁻²", Fraction(4, 9)),
        ("x**2", Fraction(9, 4)),
        ("2^3^2", Fraction(512)),
        ("1/2x", Fraction(3, 4)),
        ("6/2/3", Fraction(1)),
        ("2(x + 1)(x - 3)", Fraction(-15, 2)),
        ("x(x+1)", Fraction(15, 4)),
        ("3·x − 1", Fraction(7, 2)),
        ("2 * -3", Fraction(-6)),
        ("3 - -2", Fraction(5)),
        ("1,000.5", Fraction(2001, 2)),
        (".5", Fraction(1, 2)),
        ("5/x^2", Fraction(20, 9)),
        ("12x^7 / (4x^3)", Fraction(243, 16)),
        ("x*t", Fraction(3)),
        (r"$\frac{1}{2} x^{2}$", Fraction(9, 8)),
        (r"\left(3 x^{2}+3\right) /\left(x^{3}+3 x\right)", Fraction(26, 21)),
        (r"2 \cdot x", Fraction(3)),
        (r"60 x^{4}+72 x^{3}", Fraction(2187, 4)),
    ],
)
def test_notation_means_what_a_teacher_means(text: str, value: Fraction) -> None:
    assert value_at(parse_expression(text), AT) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("sin^2 x + cos^2 x", 1.0),
        ("sin 2x", 0.1411200080598672),
        (r"\sin (2 x) / 4", 0.0352800020149668),
        (r"\cos x \sin x", 0.0705600040299336),
        (r"\sqrt[3]{x}", 1.1447142425533319),
        ("√(x)", 1.224744871391589),
        ("e^(2x)", 20.085536923187668),
        ("2π", 6.283185307179586),
        ("tan(x)", 14.101419947171719),
        ("ln x + log x", 0.8109302162163288),
        ("x^(1/2)", 1.224744871391589),
    ],
)
def test_functions_have_their_values(text: str, value: float) -> None:
    assert float(value_at(parse_expression(text), AT)) == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("3 4", "unexpected '4'"),
        ("x2", "unexpected '2'"),
        ("x/2y", "ambiguous"),
        ("3/x(x + 1)", "ambiguous"),
        ("(x + 1", "ends too early"),
        ("(x + 1]", "do not match"),
        ("x +", "ends too early"),
        ("at", "unknown word 'at'"),
        ("the answer", "unknown word"),
        ("sin^-1 x", "two meanings"),
        ("d/dx [3x^4]", "not worked out"),
        ("f'(2)", "nothing is known of f"),
        ("5!", "unexpected '!'"),
        ("x = 3", "unexpected '= 3'"),
        ("x\x00", "unexpected"),
        ("１２", "unexpected"),
    ],
)
def test_what_is_not_understood_fails_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(ParseFailure, match=reason.replace("'", "['\"]").replace("!", "[!]")):
        parse_expression(text)


HOSTILE = [
    "9**9**9**9",
    "9^9^9^9",
    "(10^7)^(10^7)",
    "(((2^99)^99)^99)",
    "(10**7)!",
    "(" * 3000 + "1" + ")" * 3000,
    "(" * 400 + "1" + ")" * 400,
    "^".join(["2"] * 200),
    "-" * 900 + "x" + "^" * 90,
    "/".join(["2x"] * 300),
    "9" * 1_000_000,
    "9" * 999,
    "x" * 1_000_000,
    "1+" * 500_000 + "1",
    "sin(" * 200 + "x" + ")" * 200,
    "sin " * 240 + "x",
    "\\frac" * 100,
    "\\frac{" * 150,
    "__import__('os').system('touch /tmp/x')",
    "lambda: 0",
    "().__class__.__bases__[0]",
    "x" + "'" * 900,
    "{" * 900,
    "\ud800",
    "\x00" * 100,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12].encode("ascii", "replace").decode())
def test_hostile_text_fails_within_a_tenth_of_a_second(text: str) -> None:
    spent = []
    for _ in range(3):
        before = time.process_time()
        with pytest.raises(ParseFailure):
            parse_expression(text)
        spent.append(time.process_time() - before)
    # The least of three: now and then the collector walks over all that the tests before it left behind.
    assert min(spent) < 0.1


def test_deepest_allowed_nesting_stays_below_the_recursion_limit() -> None:
    text = "(x+" * (MAX_DEPTH - 1) + "1" + ")" * (MAX_DEPTH - 1)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 500)
    try:
        assert value_at(parse_expression(text), AT) == 1 + (MAX_DEPTH - 1) * AT["x"]
    finally:
        sys.setrecursionlimit(limit)


DEFINED = {
    "f": Definition("x", parse_expression("(2x + 1)^3")),
    "g": Definition("x", parse_expression("x^2")),
    "u": Definition("x", parse_expression("2x + 1")),
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("f(2)", 125),
        ("f'(2)", 150),
        ("f''(2)", 120),
        ("f'''(7)", 48),
        ("f(g(1)) - g(f(0))", 26),
        ("u", 4),
        ("u'", 2),
        ("du/dx", 2),
        ("d^2/dx^2 [x^3]", 9),
        ("d/dx [x^2 * x]", Fraction(27, 4)),
        ("d/dx [d/dx [x^3]]", 9),
        ("d/du [u^3]", 48),
        ("3u^2 * u'", 96),
        (r"\frac{d}{dx} [3x^2]", 9),
    ],
)
def test_definitions_give_letters_a_meaning(text: str, value: Fraction) -> None:
    assert value_at(parse_expression(text, DEFINED), AT) == value


def test_definitions_do_not_make_their_variable_free() -> None:
    assert letters(parse_expression("f(2) + f'(3)", DEFINED)) == frozenset()
    assert letters(parse_expression("f(t)", DEFINED)) == {"t"}


# Expressions generated together with their value, so that reading is checked against arithmetic done here.
Written = tuple[str, Fraction]


def _joined(left: Written, right: Written, mark: str) -> Written:
    first, second = left[1], right[1]
    value = {"+": first + second, "-": first - second, "*": first * second}[mark]
    return f"({left[0]}) {mark} ({right[0]})", value


numbers = st.integers(0, 99).map(lambda n: (str(n), Fraction(n)))
leaves = st.one_of(numbers, st.just(("x", AT["x"])))
written = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(_joined, inner, inner, st.sampled_from("+-*")),
        st.tuples(inner, st.integers(1, 3)).map(lambda pair: (f"({pair[0][0]})^{pair[1]}", pair[0][1] ** pair[1])),
        inner.map(lambda one: (f"-({one[0]})", -one[1])),
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(written)
def test_what_was_written_is_read_with_its_value(one: Written) -> None:
    text, value = one
    try:
        expression = parse_expression(text)
    except ParseFailure as failure:
        assert "too large" in str(failure) or "deeper" in str(failure) or "longer" in str(failure)
        return
    assert value_at(expression, AT) == value


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="x23+-*/^()=.,' sincos{}\\fracdu", max_size=40))
def test_any_text_is_read_or_refused_but_never_crashes(text: str) -> None:
    try:
        expression: Expression = parse_expression(text, {})
    except ParseFailure:
        return
    assert isinstance(expression, Number) or letters(expression) is not None
