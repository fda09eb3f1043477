"""What questions about antiderivatives and integrals ask for, and the sentences they are asked in."""

from fractions import Fraction
from itertools import pairwise
from typing import Final

from skilladapt.domains.calculus.verifying.equations import minus, number_in, zero_of
from skilladapt.domains.calculus.verifying.meanings import (
    Found,
    Question,
    Sentence,
    definitions_in,
    only_letter,
    to_differentiate,
)
from skilladapt.verification.analysis import Undefined
from skilladapt.verification.expressions import (
    Antiderivative,
    Applied,
    Constant,
    Definition,
    Expression,
    Integral,
    Number,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    Variable,
    letters,
)
from skilladapt.verification.parsing import parse_expression
from skilladapt.verification.series import value_at
from skilladapt.verification.tokens import ParseFailure

_HALF: Final = Number(Fraction(1, 2))
_MOST_PARTS: Final = 100


def _rule(found: Found) -> Definition:
    """The function: what is defined, or a term in the letter that is named or the only one."""
    if "D" in found:
        rule = next(iter(definitions_in(found).values()))
    else:
        body = parse_expression(found["T"], {})
        rule = Definition(found.get("by") or found.get("x") or only_letter(body), body)
    named = found.get("x") or found.get("by") or rule.variable
    if named != rule.variable or not letters(rule.body) <= {rule.variable}:
        raise ParseFailure("it is unclear which letter is the variable")
    return rule


def _defined(found: Found) -> dict[str, Definition]:
    return definitions_in(found) if "D" in found else {}


def to_integrate(found: Found) -> Question:
    """Any antiderivative."""
    rule = _rule(found)
    return Question(Antiderivative(rule.body, rule.variable), definitions=_defined(found))


def to_integrate_written(found: Found) -> Question:
    """An integral that is written with its sign, with bounds or without."""
    target = parse_expression(found["S"], {})
    if not isinstance(target, Antiderivative | Integral) or letters(target.body) - {target.variable}:
        raise ParseFailure("it is no integral of one variable")
    return Question(target)


def _integral(rule: Definition, low: Expression, high: Expression) -> Integral:
    return Integral(rule.body, rule.variable, low, high)


def to_integrate_between(found: Found) -> Question:
    """The integral between two numbers, which is also how much an antiderivative changes."""
    whole = _integral(_rule(found), number_in(found, "a"), number_in(found, "b"))
    return Question(whole, definitions=_defined(found))


def to_fix_constant(found: Found) -> Question:
    """The antiderivative with a given value at a number."""
    rule, place = _rule(found), number_in(found, "a")
    grown = Integral(rule.body, rule.variable, place, Variable(rule.variable))
    return Question(Sum((number_in(found, "b"), grown)), definitions=_defined(found))


def to_join_intervals(found: Found) -> Question:
    """Two neighbouring integrals, added."""
    if found["b1"] != found["a2"] or found["a1"] != found["a3"] or found["b2"] != found["b3"]:
        raise ParseFailure("the intervals do not fit together")
    return Question(Sum((number_in(found, "v1"), number_in(found, "v2"))))


def to_change_integrand(found: Found) -> Question:
    """A multiple of a function whose integral is known, or the function with a number added."""
    value = number_in(found, "v")
    if "k" in found:
        return Question(Product((number_in(found, "k"), value)))
    length = minus(number_in(found, "b"), number_in(found, "a"))
    return Question(Sum((value, Product((number_in(found, "c"), length)))))


def _knots(body: Expression, variable: str, low: Expression, high: Expression) -> list[Expression]:
    """Both ends and all zeros of a polynomial between them."""
    inside: list[Expression] = []
    while True:
        root = Root(body, variable, low, high, len(inside))
        try:
            value = value_at(root, {})
        except Undefined:
            return [low, *inside, high]
        if value_at(low, {}) < value < value_at(high, {}):
            inside.append(root)
        else:
            return [low, *inside, high] if value >= value_at(high, {}) else _skipping_ends(root, low, high)


def _skipping_ends(root: Root, low: Expression, high: Expression) -> list[Expression]:
    later = Root(root.body, root.variable, low, high, 1)
    try:
        inside = value_at(low, {}) < value_at(later, {}) < value_at(high, {})
    except Undefined:
        inside = False
    return [low, later, high] if inside else [low, high]


def area(body: Expression, variable: str, low: Expression, high: Expression) -> Expression:
    """The area between a graph and the axis: the integrals from zero to zero without their signs."""
    pieces = [
        Power(Power(Integral(body, variable, left, right), Number(Fraction(2))), _HALF)
        for left, right in pairwise(_knots(body, variable, low, high))
    ]
    return pieces[0] if len(pieces) == 1 else Sum(tuple(pieces))


def to_measure(found: Found) -> Question:
    """The area between a graph and the axis from one number to another."""
    rule = _rule(found)
    return Question(
        area(rule.body, rule.variable, number_in(found, "a"), number_in(found, "b")), definitions=_defined(found)
    )


def to_enclose(found: Found) -> Question:
    """The area between a graph and the axis, or between two graphs, from one meeting to the other."""
    first = parse_expression(found["A"])
    body = minus(first, parse_expression(found["B"])) if "B" in found else first
    variable = found.get("x") or only_letter(body)
    ends = [zero_of(body, variable, index) for index in (0, -1)]
    try:
        third = value_at(zero_of(body, variable, 2), {})
    except Undefined:
        third = None
    if third is not None:
        raise ParseFailure("they meet more than twice")
    whole = Integral(body, variable, ends[0], ends[1])
    return Question(Power(Power(whole, Number(Fraction(2))), _HALF))


def to_level(found: Found) -> Question:
    """The average over an interval."""
    rule, low, high = _rule(found), number_in(found, "a"), number_in(found, "b")
    return Question(Quotient(_integral(rule, low, high), minus(high, low)), definitions=_defined(found))


def to_rotate(found: Found) -> Question:
    """The volume of a body of revolution."""
    rule = _rule(found)
    square = Definition(rule.variable, Power(rule.body, Number(Fraction(2))))
    whole = _integral(square, number_in(found, "a"), number_in(found, "b"))
    return Question(Product((Constant("pi"), whole)), definitions=_defined(found))


def to_add_rectangles(found: Found) -> Question:
    """A sum of values at the left or right ends of equal parts, times their width."""
    rule = _rule(found)
    low, high, count = (value_at(number_in(found, name), {}) for name in ("a", "b", "n"))
    if not isinstance(count, Fraction) or count.denominator > 1 or not 1 < count <= _MOST_PARTS:
        raise ParseFailure("the number of parts is no small whole number")
    width = (high - low) / count
    first = 0 if found["side"].lower() == "left" else 1
    places = [Number(low + width * k) for k in range(first, int(count) + first)]
    values = tuple(Applied(rule.body, rule.variable, 0, place) for place in places)
    return Question(Product((Number(width), Sum(values))), definitions=_defined(found))


_S: Final = r"(?P<S>∫[^=?;]+?)"
_ON: Final = r"(?: for [a-z] > 0)?"
_NUMBER: Final = r"[^=?;,<>]+?"
_SPAN: Final = rf"(?P<x>[a-z]) = (?P<a>{_NUMBER}) (?:to|and) (?P=x) = (?P<b>{_NUMBER})"
_CHANGE: Final = rf"F\((?P<b>{_NUMBER})\) - F\((?P<a>{_NUMBER})\)"
_FV: Final = rf"F\((?P<a>{_NUMBER})\) = (?P<b>{_NUMBER})"
_WITHIN: Final = rf"(?P<a>{_NUMBER}) <= (?P<x>[a-z]) <= (?P<b>{_NUMBER})"
_SIDE: Final = r"(?P<side>left|right)"
_N: Final = rf"(?P<n>{_NUMBER})"


def _known(index: int) -> str:
    return rf"∫_(?P<a{index}>{_NUMBER})\^(?P<b{index}>{_NUMBER}) f\(x\) dx"


_ASKED: Final = rf"∫_(?P<a3>{_NUMBER})\^(?P<b3>{_NUMBER}) f\(x\) dx"
_FROM: Final = r"from (?P<a{0}>[^=?;,]+?) to (?P<b{0}>[^=?;,]+?)"
_V1: Final = rf"(?P<v1>{_NUMBER})"
_V2: Final = rf"(?P<v2>{_NUMBER})"
_V: Final = rf"(?P<v>{_NUMBER})"
_K: Final = rf"(?P<k>{_NUMBER})"
_C: Final = rf"(?P<c>{_NUMBER})"
_OVER: Final = rf"∫_(?P<a>{_NUMBER})\^(?P<b>{_NUMBER}) f\(x\) dx"
_SAME: Final = r"∫_(?P=a)\^(?P=b)"
_AB: Final = rf"from (?P<a>{_NUMBER}) to (?P<b>{_NUMBER})"

SENTENCES: tuple[Sentence, ...] = (
    (to_integrate_written, rf"(?:find|work out|compute|evaluate the definite integral|what is) {_S}{_ON}"),
    (to_integrate, rf"<ASK> (?:an|the) (?:antiderivative|indefinite integral) of (?:<D>|<T>){_ON}"),
    (to_integrate, rf"integrate <T><BY>{_ON}"),
    (to_integrate, rf"find a function of (?P<x>[a-z]) whose derivative is <T>{_ON}"),
    (to_integrate_between, rf"let F be an antiderivative of <D>\. find {_CHANGE}"),
    (to_integrate_between, rf"if F'\((?P<x>[a-z])\) = <T>, what is {_CHANGE}"),
    (to_integrate_between, rf"the derivative of F is <T>\. by how much does F change from {_SPAN}"),
    (to_integrate_between, rf"find an antiderivative F of <D> and work out {_CHANGE}"),
    (to_integrate_between, rf"<ASK> the change from {_SPAN} of an antiderivative of <D>"),
    (to_fix_constant, rf"find the function F with F'\((?P<x>[a-z])\) = <T> and {_FV}"),
    (
        to_fix_constant,
        rf"which antiderivative of <D> has the value (?P<b>{_NUMBER}) at (?P<x>[a-z]) = (?P<a>{_NUMBER})",
    ),
    (to_fix_constant, rf"let F'\((?P<x>[a-z])\) = <T> and {_FV}\. find F\((?P=x)\)"),
    (
        to_fix_constant,
        rf"solve dy/d(?P<x>[a-z]) = <T>, where y = (?P<b>{_NUMBER}) at (?P=x) = (?P<a>{_NUMBER}), for y",
    ),
    (
        to_fix_constant,
        rf"<ASK> the antiderivative of <D> with the value (?P<b>{_NUMBER}) at (?P<x>[a-z]) = (?P<a>{_NUMBER})",
    ),
    (to_integrate_between, rf"<ASK> the integral of <T> from {_SPAN}"),
    (to_integrate_between, rf"what is the integral of <D> over the interval from {_SPAN}"),
    (
        to_join_intervals,
        rf"if the integral of f {_FROM.format(1)} is {_V1} and {_FROM.format(2)} is {_V2}, "
        rf"what is it {_FROM.format(3)}",
    ),
    (
        to_join_intervals,
        rf"given {_known(1)} = (?P<v1>{_NUMBER}) and {_known(2)} = (?P<v2>{_NUMBER}), find {_ASKED}",
    ),
    (
        to_join_intervals,
        rf"the integral of f {_FROM.format(1)} is {_V1}, that {_FROM.format(2)} is {_V2}\. "
        rf"find the one {_FROM.format(3)}",
    ),
    (
        to_join_intervals,
        rf"let {_known(1)} = (?P<v1>{_NUMBER}) and let {_known(2)} = (?P<v2>{_NUMBER})\. what is {_ASKED}",
    ),
    (
        to_change_integrand,
        rf"if the integral of f {_AB} is {_V}, what is the integral of {_K} times f from (?P=a) to (?P=b)",
    ),
    (to_change_integrand, rf"given {_OVER} = {_V}, find {_SAME} {_K}f\(x\) dx"),
    (to_change_integrand, rf"let {_OVER} = {_V}\. what is {_SAME} {_K}f\(x\) dx"),
    (to_change_integrand, rf"the integral of f {_AB} is {_V}\. find that of {_K} times f"),
    (
        to_change_integrand,
        rf"if the integral of f {_AB} is {_V}, what is the integral of f\(x\) \+ {_C} from (?P=a) to (?P=b)",
    ),
    (to_change_integrand, rf"given {_OVER} = {_V}, find {_SAME} \(f\(x\) \+ {_C}\) dx"),
    (to_change_integrand, rf"let {_OVER} = {_V}\. what is {_SAME} \(f\(x\) \+ {_C}\) dx"),
    (to_change_integrand, rf"the integral of f {_AB} is {_V}\. find that of f\(x\) \+ {_C}"),
    (to_change_integrand, rf"<ASK> the integral of f\(x\) \+ {_C} {_AB} if that of f is {_V}"),
    (to_differentiate, r"<ASK> the derivative of <T> with respect to (?P<by>[a-z])"),
    (to_measure, rf"<ASK> the area between (?:the graph of )?<D> and the [a-z]-axis from {_SPAN}"),
    (to_measure, rf"how large is the region between <D> and the [a-z]-axis from {_SPAN}"),
    (to_measure, rf"what area do the curve <D> and the [a-z]-axis bound between {_SPAN}"),
    (to_measure, rf"work out the area that lies between the curve <D> and the [a-z]-axis, {_WITHIN}"),
    (to_enclose, r"<ASK> the area that y = <A> encloses with the (?P<x>[a-z])-axis"),
    (to_enclose, r"how large is the region enclosed by the curve y = <A> and the (?P<x>[a-z])-axis"),
    (
        to_enclose,
        r"the graph of [a-z]\([a-z]\) = <A> and the (?P<x>[a-z])-axis enclose a region\. what is its area",
    ),
    (to_enclose, r"what area lies between y = <A> and the (?P<x>[a-z])-axis, from one zero to the other"),
    (to_enclose, r"<ASK> the area enclosed by the graphs of y = <A> and y = <B>"),
    (to_enclose, r"the curves y = <A> and y = <B> enclose a region\. how large is it"),
    (to_enclose, r"what is the area of the region between y = <A> and y = <B>"),
    (to_enclose, r"how large is the region that the graphs of y = <A> and y = <B> bound"),
    (to_level, rf"<ASK> the average value of <D> from {_SPAN}"),
    (to_level, rf"what is the mean value of <D> on the interval from {_SPAN}"),
    (to_level, rf"what value does <T> have on average between {_SPAN}"),
    (to_level, rf"work out the average of <D> for {_WITHIN}"),
    (to_rotate, rf"the region under <D> from {_SPAN} is rotated about the x-axis\. find the volume"),
    (to_rotate, rf"<ASK> the volume of the body made by turning <D> about the x-axis from {_SPAN}"),
    (to_rotate, rf"the curve <D> turns about the x-axis\. what volume does it sweep out from {_SPAN}"),
    (to_rotate, rf"what is the volume of the solid of revolution of <D> about the x-axis, {_WITHIN}"),
    (
        to_add_rectangles,
        rf"approximate the integral of <T> from {_SPAN} by {_N} rectangles with {_SIDE} endpoints",
    ),
    (to_add_rectangles, rf"find the riemann sum of <D> from {_SPAN} with {_N} equal parts and {_SIDE} endpoints"),
    (
        to_add_rectangles,
        rf"divide the interval from {_SPAN} into {_N} equal parts\. what is the {_SIDE} sum of <D>",
    ),
    (
        to_add_rectangles,
        rf"estimate the integral of <T> from {_SPAN} by {_N} equally wide rectangles with {_SIDE} endpoints",
    ),
    (to_add_rectangles, rf"<ASK> the {_SIDE} riemann sum of <D> from {_SPAN} with {_N} equal parts"),
)
"""Readers and patterns, in the order in which they are tried."""
