"""What questions about limits ask for, and the sentences they are asked in."""

import re
from fractions import Fraction
from typing import Final

from skilladapt.domains.calculus.verifying.equations import minus, number_in
from skilladapt.domains.calculus.verifying.meanings import (
    Found,
    Question,
    Sentence,
    definitions_in,
    to_expand,
)
from skilladapt.verification.expressions import (
    Applied,
    Definition,
    Expression,
    Limit,
    Number,
    Quotient,
    Sum,
    Variable,
    letters,
    negative,
)
from skilladapt.verification.numeric import sign_by_value
from skilladapt.verification.parsing import parse_expression
from skilladapt.verification.tokens import ParseFailure


def to_tend(found: Found) -> Question:
    """The limit of a term, or of what is defined, at a number or at infinity."""
    if "D" in found:
        defined = definitions_in(found)
        body = next(iter(defined.values())).body
    else:
        defined, body = {}, parse_expression(found["T"])
    if not letters(body) <= {found["x"]}:
        raise ParseFailure(f"it has letters besides {found['x']}")
    place = number_in(found, "a") if "a" in found else None
    return Question(Limit(body, found["x"], place), definitions=defined)


def to_join_pieces(found: Found) -> Question:
    """The c, standing in the second piece to the first power, for which both have the same value."""
    place = number_in(found, "a")
    left, right = (
        Applied(parse_expression(_without_runs(found[name])), found["x"], 0, place) for name in ("A", "B")
    )
    gap = minus(left, right)
    zero: Expression = Number(Fraction(0))
    if letters(gap) != {"c"} or sign_by_value(Applied(gap, "c", 2, zero)) != 0:
        raise ParseFailure("c does not stand in it to the first power")
    slope = Applied(gap, "c", 1, zero)
    return Question(negative(Quotient(Applied(gap, "c", 0, zero), slope)), unknown="c")


def _without_runs(text: str) -> str:
    """`c*x` for `cx`, which would be read as a word."""
    return re.sub(r"\bc([a-z])\b", r"c*\1", text)


def _quotient_at(found: Found) -> tuple[Expression, dict[str, Definition]]:
    """The difference quotient of the defined function, in h."""
    defined = definitions_in(found)
    rule = next(iter(defined.values()))
    place = number_in(found, "a")
    moved = Applied(rule.body, rule.variable, 0, Sum((place, Variable("h"))))
    return Quotient(minus(moved, Applied(rule.body, rule.variable, 0, place)), Variable("h")), defined


def to_simplify_quotient(found: Found) -> Question:
    """The difference quotient as a polynomial in h."""
    quotient, defined = _quotient_at(found)
    return Question(quotient, expanded=True, definitions=defined)


def to_let_h_vanish(found: Found) -> Question:
    """The limit of the difference quotient."""
    quotient, defined = _quotient_at(found)
    return Question(Limit(quotient, "h", Number(Fraction(0))), definitions=defined)


def to_step(found: Found) -> Question:
    """The difference quotient for one h."""
    quotient, defined = _quotient_at(found)
    return Question(Applied(quotient, "h", 0, number_in(found, "b")), definitions=defined)


_TO: Final = r"(?P<x>[a-z]) (?:approaches|tends to|goes to|->) (?P<a>[^=?;]+?)"
_FAR: Final = r"(?P<x>[a-z]) (?:grows without bound|(?:tends to|->) infinity)"
_A: Final = r"(?P<a>[^=?;()]+?)"
_STEP: Final = rf"\(f\({_A} \+ h\) - f\((?P=a)\)\)/h"
_H: Final = r"h = (?P<b>[^=?;]+?)"
_FIRST: Final = r"<A> for (?P<x>[a-z]) < (?P<a>[^=?;<>]+?)"
_REST: Final = r"<B> for (?P=x) >= (?P=a)"
_F: Final = r"[a-z]\((?P=x)\) = "
_PIECES: Final = rf"[a-z]\([a-z]\) = {_FIRST}(?: and|,) {_F}{_REST}"

SENTENCES: tuple[Sentence, ...] = (
    (to_expand, r"cancel the common factor in <T>"),
    (to_expand, r"reduce the fraction <T>"),
    (to_expand, r"write <T> without a fraction, where it is defined"),
    (to_expand, r"to which polynomial can <T> be reduced"),
    (to_expand, r"<ASK> the reduced form of <T>"),
    (to_let_h_vanish, rf"<ASK> the limit of {_STEP} as h approaches 0 for <D>"),
    (to_let_h_vanish, rf"use the limit of the difference quotient to find f'\({_A}\) for <D>"),
    (to_let_h_vanish, rf"let <D>\. what does {_STEP} tend to as h -> 0"),
    (to_let_h_vanish, rf"find f'\({_A}\) from its definition as a limit, where <D>"),
    (to_step, rf"<ASK> {_STEP} at {_H} for <D>"),
    (to_step, rf"<GIVEN> <D>[,.] <ASK> {_STEP} at {_H}"),
    (to_simplify_quotient, rf"simplify {_STEP} for <D>"),
    (to_simplify_quotient, rf"let <D>\. write {_STEP} as a polynomial in h"),
    (to_simplify_quotient, rf"for <D>, find the difference quotient {_STEP} and simplify it"),
    (to_simplify_quotient, rf"write the difference quotient {_STEP} of <D> without a fraction"),
    (to_tend, rf"<ASK> the limit of (?:<D>|<T>) (?:as|for) {_FAR}"),
    (to_tend, rf"<ASK> the limit of (?:<D>|<T>) (?:as|for) {_TO}"),
    (to_tend, rf"what does <T> tend to as {_FAR}"),
    (to_tend, rf"what does <T> tend to as {_TO}"),
    (to_tend, r"compute lim_\((?P<x>[a-z]) -> infinity\) <T>"),
    (to_tend, r"compute lim_\((?P<x>[a-z]) -> (?P<a>[^=?;]+?)\) <T>"),
    (to_tend, r"which number does <D> come close to for very large (?P<x>[a-z])"),
    (to_join_pieces, rf"for which number c is [a-z] continuous, if {_PIECES}"),
    (to_join_pieces, rf"let {_PIECES}\. find c so that [a-z] is continuous"),
    (to_join_pieces, rf"a function is {_FIRST} and {_REST}\. which c makes it continuous"),
    (to_join_pieces, rf"choose c so that the graph has no jump: {_PIECES}"),
    (to_join_pieces, rf"<ASK> the number c for which [a-z] with {_PIECES} is continuous"),
)
"""Readers and patterns, in the order in which they are tried."""
