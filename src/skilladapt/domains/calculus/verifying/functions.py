"""The sentences in which derivatives of every kind of function are asked for."""

from skilladapt.domains.calculus.verifying.meanings import (
    Found,
    Question,
    Sentence,
    to_differentiate,
    to_expand,
    to_find,
)

_ORDERS = {"third": 3, "fourth": 4}


def to_differentiate_often(found: Found) -> Question:
    """The third or fourth derivative."""
    return to_differentiate(found, _ORDERS[found["nth"].lower()])


SENTENCES: tuple[Sentence, ...] = (
    (to_expand, r"<ASK> the (?:simplest|expanded) form of <T>"),
    (to_differentiate_often, r"<ASK> the (?P<nth>third|fourth) derivative of <D>"),
    (to_differentiate_often, r"<ASK> the (?P<nth>third|fourth) derivative of <T><BY>"),
    (to_differentiate_often, r"let <D>\. <ASK> the (?P<nth>third|fourth) derivative of [a-z]"),
    (to_differentiate, r"<ASK> the (?:derivative of the function|rate of change of) <D><BY>"),
    (to_differentiate, r"<ASK> the derivative of <T> at <P>"),
    (to_find, r"<ASK> <T> for <D> and <C>"),
    (to_find, r"<ASK> <T> if <D>"),
)
"""Readers and patterns, in the order in which they are tried."""
