"""What questions about equations, lines and whole functions ask for, and the sentences they are asked in."""

from fractions import Fraction
from typing import Final

from skilladapt.domains.calculus.verifying.meanings import (
    Found,
    Question,
    Sentence,
    definitions_in,
    only_letter,
)
from skilladapt.verification.expressions import (
    Applied,
    Definition,
    Expression,
    Function,
    Number,
    Product,
    Quotient,
    Root,
    Sum,
    Variable,
    letters,
    negative,
    walk,
)
from skilladapt.verification.numeric import sign_by_value
from skilladapt.verification.parsing import parse_expression
from skilladapt.verification.tokens import ParseFailure

LOWEST: Final = Number(Fraction(-30))
HIGHEST: Final = Number(Fraction(60))
"""Where the solution of an equation is looked for that is no polynomial."""
FAR: Final = Number(Fraction(100_000))
_INDEX: Final = {"larger": -1, "largest": -1, "smaller": 0, "smallest": 0}


def zero_of(body: Expression, variable: str, index: int = 0) -> Root:
    """The place where the expression is 0."""
    if letters(body) != {variable}:
        raise ParseFailure("it is no equation in one letter")
    plain = not any(isinstance(part, Function) or part == parse_expression("e") for part in walk(body))
    low, high = (Number(-FAR.value), FAR) if plain else (LOWEST, HIGHEST)
    return Root(body, variable, low, high, index)


def to_solve(found: Found) -> Question:
    """The number for which both sides are equal; of two the one that is named."""
    left, right = parse_expression(found["A"]), parse_expression(found["B"])
    body = Sum((left, negative(right)))
    index = _INDEX[found["which"].lower()] if "which" in found else 0
    return Question(zero_of(body, found.get("x") or only_letter(body), index))


def number_in(found: Found, name: str) -> Expression:
    """One of the question's numbers."""
    value = parse_expression(found[name])
    if letters(value):
        raise ParseFailure("it is no number")
    return value


def minus(left: Expression, right: Expression) -> Expression:
    """The difference."""
    return Sum((left, negative(right)))


def slope_between(found: Found) -> Expression:
    """The slope of the line through two points."""
    a, b, c, d = (number_in(found, name) for name in ("a1", "b1", "a2", "b2"))
    return Quotient(minus(d, b), minus(c, a))


def to_find_slope(found: Found) -> Question:
    """The slope of the line through two points."""
    return Question(slope_between(found))


def line(slope: Expression, found: Found, place: Expression) -> Expression:
    """The height, at `place`, of the line with the slope through the first point."""
    a, b = number_in(found, "a1"), number_in(found, "b1")
    return Sum((b, Product((slope, minus(place, a)))))


def to_find_line(found: Found) -> Question:
    """The line as an expression in x."""
    slope = number_in(found, "m") if "m" in found else slope_between(found)
    return Question(line(slope, found, Variable("x")))


def to_follow_line(found: Found) -> Question:
    """The height of the line at a number."""
    return Question(line(number_in(found, "m"), found, number_in(found, "k")))


def to_average(found: Found) -> Question:
    """The change of the value over the length of the interval."""
    low, high = number_in(found, "a"), number_in(found, "b")
    if "D" in found:
        defined = definitions_in(found)
        rule = next(iter(defined.values()))
    else:
        defined = {}
        rule = Definition(found["x"], parse_expression(found["T"]))
    if rule.variable != found["x"]:
        raise ParseFailure(f"{found['x']} is not the variable")
    values = [Applied(rule.body, rule.variable, 0, place) for place in (low, high)]
    return Question(Quotient(minus(values[1], values[0]), minus(high, low)), definitions=defined)


def to_invert(found: Found) -> Question:
    """The function that gives back the variable when it is put in."""
    defined = definitions_in(found)
    rule = next(iter(defined.values()))
    if found["x"] != rule.variable:
        raise ParseFailure(f"{found['x']} is not the variable")
    return Question(Variable(rule.variable), definitions=defined, through=rule)


def to_invert_silently(found: Found) -> Question:
    """The inverse function, in the variable of the function itself."""
    variable = next(iter(definitions_in(found).values())).variable
    return to_invert({**found, "x": variable})


def _body(found: Found) -> tuple[Expression, str]:
    if "D" in found:
        rule = next(iter(definitions_in(found).values()))
        return rule.body, rule.variable
    body = parse_expression(found["T"])
    return body, found.get("x") or only_letter(body)


def _only(parts: list[Expression]) -> Expression:
    if len(parts) != 1:
        raise ParseFailure("it is unclear what limits its domain")
    return parts[0]


def to_find_gap(found: Found) -> Question:
    """Where the denominator is 0."""
    body, variable = _body(found)
    below = _only([part.bottom for part in walk(body) if isinstance(part, Quotient) and letters(part.bottom)])
    return Question(zero_of(below, variable))


def to_find_edge(found: Found) -> Question:
    """Where what stands under a root, or in a logarithm, is 0, and from where on it is positive."""
    body, variable = _body(found)
    name = "ln" if "beyond" in found else "sqrt"
    inside = _only([part.argument for part in walk(body) if isinstance(part, Function) and part.name == name])
    rising = sign_by_value(Applied(inside, variable, 1, Number(Fraction(0))))
    wanted = -1 if found.get("which", "").lower() == "largest" else 1
    if rising != wanted:
        raise ParseFailure("there is no such number")
    return Question(zero_of(inside, variable))


_P1 = r"\((?P<a1>[^=?;,()]+?), (?P<b1>[^=?;,()]+?)\)"
_P2 = r"\((?P<a2>[^=?;,()]+?), (?P<b2>[^=?;,()]+?)\)"
_M = r"(?P<m>[^=?;]+?)"
_K = r"x = (?P<k>[^=?;]+?)"
_X = r"(?P<x>[a-z])"
_EQUAL = r"<A> = <B>"
_SPAN = r"(?P<x>[a-z]) = (?P<a>[^=?;]+?) (?:to|and) (?P=x) = (?P<b>[^=?;]+?)"
_WHICH = r"(?P<which>smallest|largest)"
_BEYOND = r"(?P<beyond>above|beyond|exceed)"

SENTENCES: tuple[Sentence, ...] = (
    (to_solve, rf"solve (?:the equation )?{_EQUAL}(?: for {_X})?"),
    (to_solve, rf"for which {_X} is {_EQUAL}"),
    (to_solve, rf"find the number {_X} with {_EQUAL}"),
    (to_solve, rf"which number {_X} satisfies {_EQUAL}"),
    (to_solve, rf"<ASK> the (?P<which>larger|smaller) solution of {_EQUAL}"),
    (to_solve, rf"the equation {_EQUAL} has two solutions\. find the (?P<which>larger|smaller) one"),
    (to_solve, rf"solve {_EQUAL} and give the (?P<which>larger|smaller) solution"),
    (to_find_slope, rf"<ASK> the (?:slope|gradient) of the line through (?:the points )?{_P1} and {_P2}"),
    (to_find_slope, rf"a line passes through {_P1} and {_P2}\. what is its slope"),
    (to_find_slope, rf"how steep is the straight line from {_P1} to {_P2}"),
    (to_find_line, rf"<ASK> the equation of the line with slope {_M} through {_P1}"),
    (to_find_line, rf"a line has slope {_M} and passes through {_P1}\. find its equation in the form y = mx \+ b"),
    (to_find_line, rf"which line of slope {_M} goes through the point {_P1}\? solve for y"),
    (to_find_line, rf"through {_P1} goes a line with gradient {_M}\. what is its equation"),
    (to_find_line, rf"<ASK> the equation of the line through {_P1} and {_P2}"),
    (to_find_line, rf"which line goes through the points {_P1} and {_P2}\? solve for y"),
    (to_find_line, rf"the points {_P1} and {_P2} lie on a line\. what is its equation"),
    (to_find_line, rf"a line passes through {_P1} and {_P2}\. find its equation in the form y = mx \+ b"),
    (to_follow_line, rf"a line with slope {_M} goes through {_P1}\. what is y on it at {_K}"),
    (to_follow_line, rf"the line through {_P1} has slope {_M}\. find y on it at {_K}"),
    (to_follow_line, rf"a straight line passes through {_P1} with gradient {_M}\. which y belongs to {_K}"),
    (to_follow_line, rf"follow the line of slope {_M} through {_P1} to {_K}\. what is y there"),
    (to_follow_line, rf"<ASK> the y at {_K} on the line with slope {_M} through {_P1}"),
    (to_average, rf"<ASK> the average rate of change of <D> from {_SPAN}"),
    (to_average, rf"how fast does <D> change on average between {_SPAN}"),
    (to_average, rf"<ASK> the slope of the line through the points of <D> at {_SPAN}"),
    (to_average, rf"by how much does <T> change on average for each unit of [a-z] between {_SPAN}"),
    (to_invert, rf"<ASK> the inverse function of <D>, written in {_X}"),
    (to_invert, rf"which function of {_X} undoes <D>"),
    (to_invert, rf"let <D>\. write down its inverse function with the variable {_X}"),
    (to_invert, rf"the function <D> has an inverse\. find it as a function of {_X}"),
    (to_invert_silently, r"<ASK> the inverse function of <D>"),
    (to_find_gap, rf"for which {_X} does <T> have no value"),
    (to_find_gap, r"at which [a-z] is <D> not defined"),
    (to_find_gap, r"(?:<ASK> the|which) number (?:that )?must be left out of the domain of <D>"),
    (to_find_gap, r"where is the denominator of <T> zero"),
    (to_find_edge, rf"what is the {_WHICH} {_X} for which <T> has a value"),
    (to_find_edge, rf"<ASK> the {_WHICH} number in the domain of <D>"),
    (
        to_find_edge,
        rf"the root <T> exists only on one side of a number\. what is the {_WHICH} {_X} that may be put in",
    ),
    (to_find_edge, rf"which is the {_WHICH} number that can be put into <D>"),
    (to_find_edge, rf"which number must {_X} {_BEYOND} so that <T> has a value"),
    (to_find_edge, rf"the domain of <D> is all [a-z] {_BEYOND} which number"),
    (to_find_edge, rf"for [a-z] {_BEYOND} which number is <D> defined"),
    (to_find_edge, rf"{_BEYOND} which number does the domain of <D> begin"),
    (to_find_edge, rf"<ASK> the number {_BEYOND} which the domain of <D> begins"),
)
"""Readers and patterns, in the order in which they are tried."""
