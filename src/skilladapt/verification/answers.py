"""Whether an answer is the expected one, by its type.

A comparison is *correct*, *incorrect* or *undecided* with a reason; it never raises, whatever the texts are.
Cheapest check first: the text itself, arithmetic, values at random points, computer algebra.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from skilladapt.records import AnswerType, Judgement
from skilladapt.verification.analysis import Undefined
from skilladapt.verification.expressions import (
    Expression,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Variable,
)
from skilladapt.verification.numeric import equal_at_points
from skilladapt.verification.parsing import MAX_LENGTH, parse_expression
from skilladapt.verification.series import value_at
from skilladapt.verification.symbolic import equal_symbolically
from skilladapt.verification.tokens import FUNCTIONS, ParseFailure

Equality = Callable[[Expression, Expression], bool | None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found."""

    verdict: Judgement
    method: str
    """The check that decided or gave up: `exact`, `arithmetic`, `form`, `numeric` or `symbolic`."""
    reason: str = ""
    """Empty only when correct."""


def compare(expected: str, given: str, answer_type: AnswerType) -> Comparison:
    """Compares the given answer with the expected one.

    Tolerated on `given`: what it names (`f'(x) = ...`, `= 5`), dollar signs, a final full stop, thousands
    separators. A `number` must be worked out (`6/2` is no answer where 3 is meant), a `polynomial` expanded and
    collected, its terms in any order; for `choice` and `text` case, spacing and Unicode forms do not matter, for
    `text` neither do articles, marks and a bracket at the end; `points` are undecided unless they are the same. A
    text that plainly is no answer (empty, or words) is incorrect; one that is merely not understood is undecided.
    """
    if _plain(expected) == _plain(given) != "":
        return Comparison("correct", "exact")
    if answer_type == "points":
        return Comparison("undecided", "exact", "whether an explanation makes its points only a reader can tell")
    if answer_type == "text" and worded(expected) == worded(given):
        return Comparison("correct", "wording")
    if answer_type in ("choice", "text"):
        return Comparison("incorrect", "exact", f"{_quoted(given)} is not {_quoted(expected)}")
    if not re.search(r"[0-9A-Za-zπ]", given):
        return Comparison("incorrect", "form", "no answer given")
    try:
        wanted = parse_expression(undecorated(expected))
    except ParseFailure as failure:
        return Comparison("undecided", "form", f"the expected answer is not understood: {failure}")
    try:
        found = parse_expression(undecorated(given))
    except ParseFailure as failure:
        if _is_prose(given):
            return Comparison("incorrect", "form", "words instead of an answer")
        return Comparison("undecided", "form", f"the answer is not understood: {failure}")
    return compare_expressions(wanted, found, undecorated(given), answer_type)


def compare_expressions(
    wanted: Expression,
    found: Expression,
    text: str,
    answer_type: AnswerType,
    equalities: tuple[tuple[str, Equality], ...] = (
        ("numeric", equal_at_points),
        ("symbolic", equal_symbolically),
    ),
) -> Comparison:
    """Compares what was read: values by `equalities`, in that order, then the form of `text`, undecorated."""
    same = None
    for name, equal in equalities:
        method, same = name, equal(wanted, found)
        if same is not None:
            break
    if same is None:
        return Comparison("undecided", method, "equality with the expected answer could not be decided")
    if isinstance(wanted, Number) and isinstance(found, Number):
        method = "arithmetic"
    if not same:
        return Comparison("incorrect", method, f"{_quoted(text)} has another value than the expected answer")
    fault = form_fault(found, text, answer_type)
    return Comparison("incorrect", "form", fault) if fault else Comparison("correct", method)


def form_fault(found: Expression, text: str, answer_type: AnswerType) -> str:
    """What is wrong with the form of a right value; empty when nothing is."""
    if answer_type == "number" and not _is_worked_out(found, text):
        return "not worked out"
    if answer_type == "polynomial" and not is_expanded(found):
        return "not expanded"
    return ""


def _is_worked_out(found: Expression, text: str) -> bool:
    """Whether it is written as one number; a fraction that is a whole number is not, nor is `3^2`."""
    if isinstance(found, Number):
        written = r"-?[0-9,.]+" if found.value.denominator == 1 else r"-?[0-9,.]+(?:/[0-9,.]+)?"
        return re.fullmatch(written, re.sub(r"[()\s]", "", text.replace("−", "-"))) is not None
    try:
        return not isinstance(value_at(found, {}), Fraction)
    except Undefined:
        return True


def is_expanded(expression: Expression) -> bool:
    """Whether it is one monomial, or a sum of monomials with distinct powers and without zero terms.

    A monomial is at most one number, at most one numeric divisor, and powers of distinct letters with whole,
    possibly negative exponents, in any order.
    """
    terms = expression.terms if isinstance(expression, Sum) else (expression,)
    powers = [_powers(term) for term in terms]
    if any(power is None for power in powers) or len(set(powers)) < len(powers):
        return False
    return len(terms) == 1 or Number(Fraction(0)) not in terms


def _powers(term: Expression) -> tuple[tuple[str, int], ...] | None:
    """The letters of a monomial with their exponents, sorted; None when it is not one."""
    divisors = 0
    factors = [term]
    while len(factors) == 1 and isinstance(factors[0], Product | Quotient):
        match factors[0]:
            case Quotient(top, Number()):
                factors, divisors = [top], divisors + 1
            case Product(parts):
                factors = list(parts)
            case _:
                return None
    if len(factors) > 1 and factors[0] == Number(Fraction(-1)):
        factors.pop(0)
    found: dict[str, int] = {}
    numbers = 0
    for factor in factors:
        match factor:
            case Number():
                numbers += 1
            case Variable(name) if name not in found:
                found[name] = 1
            case Power(Variable(name), Number(value)) if name not in found and value.denominator == 1:
                found[name] = int(value)
            case _:
                return None
    return tuple(sorted(found.items())) if numbers <= 1 and divisors <= 1 else None


_ARTICLES: Final = frozenset({"a", "an", "the"})
_NAME: Final = r"(?:[A-Za-z]'*(?:\([A-Za-z0-9()]+\))?|d\^?2?[a-z]?/d[a-z](?:\^2)?(?:\s*\[[^\]]*\])?)"
_DECORATION: Final = re.compile(rf"^(?:{_NAME})?\s*=\s*")


def undecorated(answer: str) -> str:
    """The answer without what it is called, dollar signs and a final full stop."""
    text = answer[:5_000].replace("$", " ").strip()
    text = re.sub(r"^\\[(\[]|\\[)\]]$", "", text).rstrip(". \t\n") if len(text) > 1 else text
    return _DECORATION.sub("", text.replace("’", "'").replace("′", "'"), count=1).strip()


def _plain(text: str) -> str:
    """For comparing texts: without case, spacing, Unicode forms and a final full stop."""
    text = unicodedata.normalize("NFKC", text[:5_000].replace("−", "-")).casefold()
    return re.sub(r"\s+", "", text).removesuffix(".")


def worded(text: str) -> tuple[str, ...]:
    """The words by which short answers are compared: without case, articles, marks and a bracket at the end."""
    plain = unicodedata.normalize("NFKC", text[:5_000]).casefold()
    words = re.findall(r"[^\W_]+", re.sub(r"\s*\([^()]*\)\s*\.?\s*$", "", plain) or plain)
    return tuple(word for word in words if word not in _ARTICLES) or tuple(words)


def _is_prose(text: str) -> bool:
    """Words without a digit, an equals sign or anything of LaTeX."""
    words = [word for word in re.findall(r"[A-Za-z]{3,}", text[:5_000]) if word.lower() not in FUNCTIONS]
    return bool(words) and len(text) <= MAX_LENGTH and not re.search(r"[0-9=^\\]", text)


def _quoted(text: str) -> str:
    text = " ".join(text[:200].split())
    return repr(text if len(text) <= 60 else text[:57] + "...")
