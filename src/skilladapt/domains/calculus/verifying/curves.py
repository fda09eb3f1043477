"""What questions about tangents, extremes and the bend of graphs ask for, and the sentences they are asked in."""

from fractions import Fraction
from typing import Final

from skilladapt.domains.calculus.verifying.equations import minus, number_in, zero_of
from skilladapt.domains.calculus.verifying.meanings import Found, Question, Sentence, definitions_in
from skilladapt.verification.expressions import (
    Applied,
    Definition,
    Expression,
    Extreme,
    Number,
    Product,
    Quotient,
    Root,
    Sum,
    Variable,
    letters,
    negative,
)
from skilladapt.verification.numeric import equal_at_points
from skilladapt.verification.parsing import parse_expression
from skilladapt.verification.tokens import ParseFailure

_LATER: Final = frozenset({"larger", "largest"})


def _rule(found: Found) -> Definition:
    rule = next(iter(definitions_in(found).values()))
    if found.get("x", rule.variable) != rule.variable:
        raise ParseFailure(f"{found['x']} is not the variable")
    return rule


def _slope(rule: Definition, place: Expression, order: int = 1) -> Expression:
    return Applied(rule.body, rule.variable, order, place)


def _derivative(rule: Definition, order: int = 1) -> Expression:
    return Applied(rule.body, rule.variable, order, Variable(rule.variable))


def to_touch(found: Found) -> Question:
    """The tangent as an expression in x, or its value at 0 or at another number."""
    rule, place = _rule(found), number_in(found, "a")
    there: Expression = Variable(rule.variable)
    if "b" in found:
        there = number_in(found, "b")
    elif "axis" in found:
        there = Number(Fraction(0))
    rise = Product((_slope(rule, place), minus(there, place)))
    return Question(Sum((_slope(rule, place, 0), rise)), definitions=definitions_in(found))


def to_stand_upright(found: Found) -> Question:
    """The normal as an expression in x."""
    rule, place = _rule(found), number_in(found, "a")
    run = Quotient(minus(Variable(rule.variable), place), _slope(rule, place))
    return Question(minus(_slope(rule, place, 0), run), definitions=definitions_in(found))


def to_turn_slope(found: Found) -> Question:
    """The slope of the normal."""
    rule, place = _rule(found), number_in(found, "a")
    return Question(
        negative(Quotient(Number(Fraction(1)), _slope(rule, place))), definitions=definitions_in(found)
    )


def to_follow_curve(found: Found) -> Question:
    """dy/dx on a curve, which is minus the quotient of both partial derivatives, at a point that lies on it."""
    gap = minus(parse_expression(found["A"].replace("xy", "x*y")), parse_expression(found["B"]))
    x, y = number_in(found, "a"), number_in(found, "b")

    def at(body: Expression) -> Expression:
        return Applied(Applied(body, "x", 0, x), "y", 0, y)

    if not letters(gap) == {"x", "y"} or equal_at_points(at(gap), Number(Fraction(0))) is not True:
        raise ParseFailure("the point does not lie on the curve")
    by_x, by_y = (at(Applied(gap, name, 1, Variable(name))) for name in ("x", "y"))
    return Question(negative(Quotient(by_x, by_y)), unknown="m")


def _zero(found: Found, order: int, rising: bool | None = None) -> Question:
    rule = _rule(found)
    index = -1 if found.get("which", "").lower() in _LATER else 0
    root = zero_of(_derivative(rule, order), rule.variable, index)
    chosen = Root(root.body, root.variable, root.low, root.high, root.index, rising)
    return Question(chosen, definitions=definitions_in(found))


def to_find_level(found: Found) -> Question:
    """Where the derivative is 0; of two places the one that is named."""
    return _zero(found, 1)


def to_find_turn(found: Found) -> Question:
    """From where on the function rises or falls."""
    return _zero(found, 1, rising=found["way"].lower() == "increasing")


def to_find_extreme(found: Found) -> Question:
    """Where the derivative changes its sign in the way of the extreme."""
    return _zero(found, 1, rising=found["kind"].lower() == "minimum")


def to_value_extreme(found: Found) -> Question:
    """The value there."""
    question, rule = to_find_extreme(found), _rule(found)
    return Question(_slope(rule, question.target, 0), definitions=question.definitions)


def to_find_bend(found: Found) -> Question:
    """From where on the second derivative is positive or negative."""
    return _zero(found, 2, rising=found["way"].lower() == "up")


def to_find_inflection(found: Found) -> Question:
    """Where the second derivative is 0."""
    return _zero(found, 2)


def to_tell_slope(found: Found) -> Question:
    """Whether the function increases or decreases at a number."""
    target = _slope(_rule(found), number_in(found, "a"))
    return Question(target, definitions=definitions_in(found), choices={1: "increasing", -1: "decreasing"})


def to_tell_bend(found: Found) -> Question:
    """Which way the graph bends at a number."""
    target = _slope(_rule(found), number_in(found, "a"), 2)
    return Question(target, definitions=definitions_in(found), choices={1: "concave up", -1: "concave down"})


def to_compare(found: Found) -> Question:
    """The largest or smallest value between two numbers."""
    defined = definitions_in(found) if "D" in found else {}
    rule = next(iter(defined.values()), None) or Definition(found["x"], parse_expression(found["T"]))
    if rule.variable != found["x"]:
        raise ParseFailure(f"{found['x']} is not the variable")
    low, high = number_in(found, "a"), number_in(found, "b")
    largest = found["which"].lower() in _LATER
    return Question(Extreme(rule.body, rule.variable, low, high, largest), definitions=defined)


_P: Final = r"<P>"
_CURVE: Final = r"(?:the curve |the graph of )?<D>"
_EQUATION: Final = r"<A> = <B>"
_AT: Final = r"\((?P<a>[^=?;,()]+?), (?P<b>[^=?;,()]+?)\)"
_TWO: Final = r"(?P<which>larger|smaller)"
_WAY: Final = r"(?P<way>increasing|decreasing)"
_KIND: Final = r"(?P<kind>minimum|maximum)"
_UP: Final = r"concave (?P<way>up|down)"
_BEST: Final = r"(?P<which>largest|smallest)"
_ENDS: Final = r"(?P<a>[^=?;<>]+?) <= (?P<x>[a-z]) <= (?P<b>[^=?;<>]+?)"
_SPAN: Final = r"from (?P<x>[a-z]) = (?P<a>[^=?;]+?) to (?P=x) = (?P<b>[^=?;]+?)"

SENTENCES: tuple[Sentence, ...] = (
    (to_touch, rf"<ASK> the equation of the tangent to {_CURVE} at {_P}"),
    (to_touch, rf"which line touches {_CURVE} at {_P}\? solve for y"),
    (to_touch, rf"what is the tangent line of <D> at {_P}"),
    (to_touch, rf"the graph of <D> has a tangent at {_P}\. find its equation"),
    (to_touch, rf"the tangent to <D> at {_P} meets (?P<axis>the vertical axis)\. at which height"),
    (to_touch, rf"where does the tangent to {_CURVE} at {_P} cross (?P<axis>the y-axis)\? find y"),
    (to_touch, rf"<ASK> the (?P<axis>y-intercept) of the tangent to <D> at {_P}"),
    (to_touch, rf"<ASK> the (?P<axis>y-intercept) of the line that touches <D> at {_P}"),
    (to_touch, rf"use the tangent to <D> at {_P} to estimate [a-z]\((?P<b>[^=?;]+?)\)"),
    (to_touch, rf"estimate [a-z]\((?P<b>[^=?;]+?)\) for <D> with the tangent at {_P}"),
    (
        to_touch,
        rf"which estimate of [a-z]\((?P<b>[^=?;]+?)\) does the linear approximation of <D> at {_P} give",
    ),
    (to_touch, rf"approximate [a-z]\((?P<b>[^=?;]+?)\) by following the tangent to <D> from {_P}"),
    (to_touch, rf"<ASK> the estimate of [a-z]\((?P<b>[^=?;]+?)\) by the tangent to <D> at {_P}"),
    (to_stand_upright, rf"<ASK> the equation of the normal to {_CURVE} at {_P}"),
    (to_stand_upright, rf"which line meets {_CURVE} at a right angle at {_P}\? solve for y"),
    (to_stand_upright, rf"what is the normal line of <D> at {_P}"),
    (to_stand_upright, rf"the graph of <D> has a normal at {_P}\. find its equation"),
    (to_turn_slope, rf"<ASK> the slope of the normal to <D> at {_P}"),
    (to_turn_slope, rf"<ASK> the slope of the line that meets <D> at a right angle at {_P}"),
    (to_turn_slope, rf"how steep is the normal of <D> at {_P}"),
    (to_turn_slope, rf"a line is perpendicular to {_CURVE} at {_P}\. what is its slope"),
    (to_follow_curve, rf"find dy/dx at the point {_AT} of the curve {_EQUATION}"),
    (to_follow_curve, rf"<ASK> the slope of the curve {_EQUATION} at {_AT}"),
    (to_follow_curve, rf"the point {_AT} lies on {_EQUATION}\. how steep is the curve there"),
    (to_follow_curve, rf"differentiate {_EQUATION} implicitly and find dy/dx at {_AT}"),
    (to_find_level, r"at which (?P<x>[a-z]) does the graph of <D> have a horizontal tangent"),
    (to_find_level, rf"<ASK> the (?:{_TWO} )?critical number of <D>"),
    (to_find_level, r"where is the derivative of <D> zero"),
    (to_find_level, r"for which (?P<x>[a-z]) is the curve <D> level"),
    (
        to_find_level,
        rf"the graph of <D> has two horizontal tangents\. find the {_TWO} (?P<x>[a-z]) where it has one",
    ),
    (to_find_level, rf"what is the {_TWO} zero of the derivative of <D>"),
    (to_find_level, rf"the function <D> has two critical numbers\. find the {_TWO} one"),
    (to_tell_slope, rf"is <D> increasing or decreasing at {_P}"),
    (
        to_tell_slope,
        rf"does the graph of <D> go up or down at {_P}\? find out whether it is increasing or decreasing",
    ),
    (to_tell_slope, rf"at {_P}, is the function <D> increasing or decreasing"),
    (to_tell_slope, rf"tell from the derivative of <D>: is it increasing or decreasing at {_P}"),
    (to_find_turn, rf"from which (?P<x>[a-z]) on is <D> {_WAY}"),
    (to_find_turn, rf"<ASK> the number from which on <D> is {_WAY}"),
    (to_find_turn, rf"the function <D> is {_WAY} for all (?P<x>[a-z]) above which number"),
    (to_find_turn, rf"beyond which (?P<x>[a-z]) is the function <D> {_WAY}"),
    (to_find_extreme, rf"at which (?P<x>[a-z]) does <D> have its local {_KIND}"),
    (to_find_extreme, rf"find the (?P<x>[a-z]) at which the graph of <D> has a local {_KIND}"),
    (to_find_extreme, rf"where is the local {_KIND} of <D>"),
    (to_find_extreme, rf"for which (?P<x>[a-z]) does <D> reach its local {_KIND}"),
    (to_find_extreme, rf"<ASK> the place of the local {_KIND} of <D>"),
    (to_value_extreme, rf"<ASK> (?:the value of )?the local {_KIND}(?: value)? of <D>"),
    (to_value_extreme, rf"how large is <D> at its local {_KIND}"),
    (to_value_extreme, rf"which value does <D> have at its local {_KIND}"),
    (to_tell_bend, rf"is {_CURVE} concave up or concave down at {_P}"),
    (
        to_tell_bend,
        rf"which way does the graph of <D> bend at {_P}: is it concave up or concave down",
    ),
    (to_tell_bend, rf"at {_P}, is <D> concave up or concave down"),
    (
        to_tell_bend,
        rf"tell from the second derivative of <D>: is it concave up or concave down at {_P}",
    ),
    (to_find_bend, rf"from which (?P<x>[a-z]) on is the graph of <D> {_UP}"),
    (to_find_bend, rf"<ASK> the number from which on <D> is {_UP}"),
    (to_find_bend, rf"the graph of <D> is {_UP} for all (?P<x>[a-z]) above which number"),
    (to_find_bend, rf"beyond which (?P<x>[a-z]) is the graph of <D> {_UP}"),
    (to_find_inflection, r"at which (?P<x>[a-z]) does the graph of <D> have its inflection point"),
    (to_find_inflection, r"find the (?P<x>[a-z]) of the inflection point of <D>"),
    (to_find_inflection, r"where does the graph of <D> change the way it bends"),
    (to_find_inflection, r"for which (?P<x>[a-z]) does the curve <D> have an inflection point"),
    (to_find_inflection, r"<ASK> the place of the inflection point of <D>"),
    (
        to_find_inflection,
        rf"the graph of <D> has two inflection points\. find the {_TWO} (?P<x>[a-z]) of the two",
    ),
    (to_find_inflection, rf"find the {_TWO} (?P<x>[a-z]) at which the graph of <D> has an inflection point"),
    (to_find_inflection, rf"at the {_TWO} of which two (?P<x>[a-z]) does <D> change the way it bends"),
    (to_find_inflection, rf"what is the {_TWO} (?P<x>[a-z]) of an inflection point of <D>"),
    (to_compare, rf"<ASK> the {_BEST} value of <D> for {_ENDS}"),
    (
        to_compare,
        rf"what is the {_BEST} value of <T> for (?P<x>[a-z]) between (?P<a>[^=?;]+?) and (?P<b>[^=?;,]+?), "
        r"ends included",
    ),
    (
        to_compare,
        rf"on the interval {_SPAN}, what is the {_BEST} value of <D>",
    ),
    (to_compare, rf"which is the {_BEST} value that <D> takes {_SPAN}"),
)
"""Readers and patterns, in the order in which they are tried."""
