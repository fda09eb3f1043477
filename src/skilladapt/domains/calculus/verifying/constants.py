"""What questions about numbers that are not whole ask for, and the sentences they are asked in."""

from dataclasses import replace
from fractions import Fraction

from skilladapt.domains.calculus.verifying.meanings import Found, Question, Sentence, to_work_out
from skilladapt.verification.expressions import Applied, Expression, Number, Power, Product, Quotient, Variable
from skilladapt.verification.numeric import equal_at_points
from skilladapt.verification.parsing import parse_expression
from skilladapt.verification.tokens import ParseFailure


def to_reduce_root(found: Found) -> Question:
    """A number with the least whole number under one root."""
    return replace(to_work_out(found), form="root")


def to_unite_logarithms(found: Found) -> Question:
    """A number as one logarithm."""
    return replace(to_work_out(found), form="logarithm")


def to_unite_powers(found: Found) -> Question:
    """A number as one power of e."""
    return replace(to_work_out(found), form="power of e")


def to_find_exponent(found: Found) -> Question:
    """The k for which `T` is `x^k`: `x T'/T`, which is the same everywhere."""
    body, variable = parse_expression(found["T"]), found["x"]
    two: Expression = Number(Fraction(2))
    slope, value = Applied(body, variable, 1, two), Applied(body, variable, 0, two)
    exponent = Quotient(Product((two, slope)), value)
    square: Expression = Power(Variable(variable), two)
    # Only even powers have values for negative x too, so the squares are compared.
    if equal_at_points(Applied(body, variable, 0, square), Power(square, exponent)) is not True:
        raise ParseFailure("it is no power of its letter")
    return Question(exponent)


SENTENCES: tuple[Sentence, ...] = (
    (to_work_out, r"<ASK> the exact value of <T>"),
    (to_work_out, r"determine <T> exactly"),
    (to_work_out, r"evaluate <T> without a calculator"),
    (to_work_out, r"<ASK> (?:the number )?<T> as (?:one|a single) fraction"),
    (to_work_out, r"write <T> as (?:one|a single) fraction"),
    (to_work_out, r"bring <T> to a common denominator and work it out"),
    (to_work_out, r"work out <T> and give the result as one fraction"),
    (to_reduce_root, r"simplify the root: <T>"),
    (to_reduce_root, r"write <T> with the smallest possible whole number under the root"),
    (to_reduce_root, r"take all square factors out of the root: <T>"),
    (to_reduce_root, r"give <T> in its simplest form, with as little as possible under a root"),
    (to_reduce_root, r"<ASK> the number <T> with as little as possible under a root"),
    (to_find_exponent, r"for which number k is <T> = (?P<x>[a-z])\^k for all (?P=x) > 0"),
    (to_find_exponent, r"write <T> as a power of (?P<x>[a-z]), where (?P=x) > 0\. what is the exponent"),
    (to_find_exponent, r"which exponent of (?P<x>[a-z]) makes a single power of <T>, for (?P=x) > 0"),
    (to_find_exponent, r"as one power of (?P<x>[a-z]), with (?P=x) > 0, <T> has which exponent"),
    (to_find_exponent, r"<ASK> the exponent of <T>, written as one power of (?P<x>[a-z]) for (?P=x) > 0"),
    (to_unite_powers, r"(?:write|express|combine) <T> (?:as|into) (?:one|a single) power of e"),
    (to_unite_powers, r"which power of e equals <T>"),
    (to_unite_powers, r"<ASK> <T> as a single power of e"),
    (to_unite_logarithms, r"(?:write|express|combine) <T> (?:as|into) (?:one|a single) logarithm"),
    (to_unite_logarithms, r"which single logarithm equals <T>"),
    (to_unite_logarithms, r"<ASK> <T> as one logarithm"),
)
"""Readers and patterns, in the order in which they are tried."""
