"""From the text of a question to what it asks for.

Each sentence form is a pattern with placeholders. A question that fits no pattern is not understood: a guess could
turn a right answer into a wrong one. `questions.md` lists the forms; here they are read a little more generously.
"""

import re
from fractions import Fraction
from typing import Final

from skilladapt.domains.calculus.verifying import (
    constants,
    curves,
    equations,
    functions,
    integrals,
    limits,
    situations,
)
from skilladapt.domains.calculus.verifying.meanings import (
    ANSWER,
    Found,
    Question,
    Sentence,
    only_letter,
    to_add_slope,
    to_differentiate,
    to_differentiate_again,
    to_differentiate_inner,
    to_differentiate_known,
    to_differentiate_twice,
    to_evaluate,
    to_expand,
    to_find,
    to_name_inner,
    to_name_outer,
    to_recompose,
    to_work_out,
)
from skilladapt.verification.expressions import (
    Antiderivative,
    Applied,
    Definition,
    Expression,
    Number,
    Sum,
    Variable,
    letters,
    negative,
    walk,
)
from skilladapt.verification.numeric import whole_value
from skilladapt.verification.tokens import ParseFailure

MAX_LENGTH: Final = 400
"""Characters; three lazy placeholders in one pattern cost time with the cube of it."""


class Unreadable(ValueError):
    """The question is not understood; the message says why."""


class AsksNothing(ValueError):
    """The text is no question, or gives its own answer away."""


def read_question(text: str) -> Question:
    """What `text` asks for.

    Raises:
        AsksNothing: It asks nothing, or speaks of its answer.
        Unreadable: It fits no known form, or fits one with an expression that cannot be read.

    """
    if len(text) > MAX_LENGTH:
        raise Unreadable(f"longer than {MAX_LENGTH} characters")
    plain = " ".join(text.split())
    if re.search(r"\banswer\b", plain, re.IGNORECASE):
        raise AsksNothing("it speaks of its own answer")
    if not _REQUEST.search(plain):
        raise AsksNothing("it asks nothing")
    return _read(plain)


def _read(plain: str) -> Question:
    failure = "it fits no known form"
    for pattern, read in _FORMS:
        match = pattern.fullmatch(plain)
        if match is None:
            continue
        try:
            return read({name: value.strip() for name, value in match.groupdict().items() if value})
        except ParseFailure as error:
            failure = str(error)
    raise Unreadable(failure)


_PLACEHOLDERS: Final = {
    "ASK": r"(?:find|compute|calculate|evaluate|work out|determine|what is|how much is|give|write down)"
    r"(?: the value of)?",
    "GIVEN": r"(?:given|if|let|for|suppose|for the function|consider)(?: that)?",
    "D": r"(?P<D>[a-z](?:\([a-z]\))? ?=[^=?;]+?)",
    "C": r"(?P<C>[a-z](?:\([a-z]\))? ?=[^=?;]+?)",
    "T": r"(?P<T>[^=?;]+?)",
    "A": r"(?P<A>[^=?;]+?)",
    "B": r"(?P<B>[^=?;]+?)",
    "P": r"(?P<x>[a-z]) ?= ?(?P<a>[^=?;]+?)",
    "FIRST": r"(?P<first>.+?)",
    "SECOND": r"(?P<second>.+?)",
    "SIGN": r"(?P<sign>[-+])",
    "BY": r"(?: with respect to (?P<by>[a-z]))?",
    "LINE": r"(?:the )?(?:slope|gradient) of (?:the )?(?:(?:curve|graph|tangent|tangent line|function)"
    r"(?: (?:of|to|at))? )?(?:the )?(?:(?:curve|graph|function)(?: of)? )?",
}
"""Parts of sentences, and the placeholders: `D`, `C` definitions, `T` what is asked for, `P` a letter set to a
number, `A`, `B` known derivatives."""

_BASIC: Final[tuple[Sentence, ...]] = (
    # A letter set to a number comes first: `x = 2` would also pass for the definition of a function.
    (to_evaluate, r"substitute <P> into <T>\. what is (?:the|its) value"),
    (to_evaluate, r"(?:let|if) <P>[.,] <ASK> <T>"),
    (to_evaluate, r"simplify <T> and find its value (?:at|for|when) <P>"),
    (to_evaluate, r"the rule of a function is <D>\. what is its value at <P>"),
    (to_evaluate, r"<ASK> <T> (?:at|for|when|if) <P>"),
    (to_add_slope, r"<GIVEN> <D>[,.] (?:<ASK>|add) <T> (?:plus|to) the slope of the tangent at <P>"),
    (to_evaluate, r"<GIVEN> <D>[,.] <ASK> <T> at <P>"),
    (to_differentiate_twice, r"<ASK> the second derivative of <D><BY>"),
    (to_differentiate_twice, r"<ASK> the second derivative of <D> at <P>"),
    (to_differentiate_twice, r"differentiate <D> twice<BY>"),
    (to_differentiate, r"<ASK> the (?:first )?derivative of <D> at <P>"),
    (to_differentiate, r"how fast does <D> change at <P>"),
    (to_differentiate, r"<ASK> <LINE><D> at <P>"),
    (to_differentiate, r"how steep is (?:the (?:graph|curve)(?: of)? )?<D> at <P>"),
    (to_differentiate, r"a line touches the (?:curve|graph of) <D> at <P>\. what is its slope"),
    (to_differentiate, r"<ASK> the (?:first )?derivative of <D><BY>"),
    (to_differentiate, r"differentiate <D><BY>"),
    (to_differentiate, r"<GIVEN> <D> and <C>[,.] differentiate <T>"),
    (to_differentiate_known, r"if (?P<f>[a-z])'\((?P<by>[a-z])\) = <A>, what is the derivative of <T>"),
    (
        to_differentiate_known,
        r"if (?P<f>[a-z])'\((?P<by>[a-z])\) = <A> and (?P<g>[a-z])'\((?P=by)\) = <B>, "
        r"what is the derivative of <T>",
    ),
    (to_differentiate_known, r"if (?P<f>[a-z])'\((?P<by>[a-z])\) = <A>, what is the derivative of <T> at <P>"),
    (
        to_differentiate_known,
        r"the derivative of (?P<f>[a-z])\((?P<by>[a-z])\) is <A>\. differentiate <T>",
    ),
    (
        to_differentiate_again,
        r"the (?:first )?derivative of (?P<f>[a-z])\((?P<by>[a-z])\) is <A>\. "
        r"<ASK> (?P<T>(?P=f)''\([^=?;]+?\))",
    ),
    (to_differentiate_inner, r"differentiate the inner function of <D>"),
    (to_differentiate_inner, r"<ASK> the derivative of the function inside <D>"),
    (to_find, r"name the inner function of <D>, then <ASK> <T>"),
    (
        to_recompose,
        r"let (?P<f>[a-z]) be the outer and (?P<g>[a-z]) the inner function of <D>\. <ASK> <T>",
    ),
    (to_name_inner, r"(?:what is|name|find) the inner function of <D>"),
    (to_name_inner, r"the function <D> is a composition\. which function is inside"),
    (to_name_outer, r"(?:what is|name|find) the outer function of <D>, written in (?P<u>[a-z])"),
    (
        to_name_outer,
        r"write (?P<u>[a-z]) for the inner function of <D>\. what is the outer function(?: in (?P=u))?",
    ),
    (to_name_outer, r"the function <D> is a composition\. write its outer function in (?P<u>[a-z])"),
    (to_find, r"put <D> into <C>: <ASK> <T>"),
    (to_find, r"<ASK> <T> at <P> for <D>"),
    (to_find, r"<GIVEN> <D> and <C>[,.] <ASK> <T>(?: (?P<expand>and expand it))?"),
    (to_find, r"<GIVEN> <D>[,.] <ASK> <T>"),
    (to_find, r"simplify (?P<expandable><D>), then <ASK> <T>"),
    (to_find, r"write (?P<expandable><D>) as a polynomial, then <ASK> <T>"),
    (to_find, r"<ASK> <T> for <D>"),
    (
        to_expand,
        r"(?:expand and simplify|simplify|expand|multiply out|find the (?:product|quotient)|write"
        r"|(?:collect|combine) (?:the )?(?:like )?terms(?::| of| in)) <T>"
        r"(?: in its simplest form| as a single power of [a-z]| as one term| with a negative exponent"
        r"| without a fraction bar| without parentheses| as a polynomial)?",
    ),
    (to_expand, r"which (?:power of [a-z]|polynomial) equals <T>"),
    (to_differentiate, r"<ASK> the (?:first )?derivative of <T><BY>"),
    (to_differentiate, r"differentiate <T><BY>"),
    (to_work_out, r"<ASK> <T>"),
)

_REQUEST: Final = re.compile(
    r"\?|\b(?:find|compute|calculate|evaluate|work out|determine|give|write|differentiate|simplify|expand"
    r"|multiply out|collect|combine|name|add|bring|take|express"
    r"|reduce|cancel|choose|follow|tell|divide|solve|integrate|use|approximate|estimate)\b",
    re.IGNORECASE,
)


def _compiled(sentence: str) -> re.Pattern[str]:
    filled = re.sub("(?<!P)<([A-Z]+)>", lambda match: _PLACEHOLDERS[match[1]], sentence)
    return re.compile(filled + r" ?[.?!]?", re.IGNORECASE)


def _to_join(found: Found) -> Question:
    """Two results put together; the solution may call them A and B."""
    first, second = (_read(f"find {found[name]}") for name in ("first", "second"))
    if any(one.choices or _is_open(one.target) for one in (first, second)) or (first.through and second.through):
        raise ParseFailure("what is to be put together is not known for certain")
    minus = found["sign"] == "-"
    whole: Expression = Variable(ANSWER)
    taken = negative(second.target) if minus else second.target
    target: Expression = Sum((first.target, taken))
    through, bodies = None, [first.target, second.target]
    # One of both may be known only by what becomes of it when it is put into a function: the answer tells it.
    if first.through:
        bodies[0] = Sum((whole, second.target if minus else negative(second.target)))
        target, through = first.target, _put(bodies[0], first.through)
    elif second.through:
        bodies[1] = Sum((first.target, negative(whole))) if minus else Sum((whole, negative(first.target)))
        target, through = second.target, _put(bodies[1], second.through)
    names = {
        name: Definition(only_letter(one.target), body)
        for name, one, body in zip("AB", (first, second), bodies, strict=True)
    }
    return Question(
        target,
        definitions={**first.definitions, **second.definitions, **names},
        through=through,
        parts=(first, second),
    )


def _to_link(found: Found) -> Question:
    """What one question asks for, as a function, at what another asks for, which is a whole number called A."""
    first, second = (_read(f"find {found[name]}") for name in ("first", "second"))
    if first.through or any(one.choices or _is_open(one.target) for one in (first, second)):
        raise ParseFailure("what is to be put into what is not known for certain")
    point = None if letters(first.target) else whole_value(first.target)
    if point is None or letters(second.target) != {found["x"]}:
        raise ParseFailure("it is no whole number that is to be put into a function of that letter")
    value = Number(Fraction(point))
    whole: Expression = Applied(second.target, found["x"], 0, value)
    if second.through:
        # What an inverse function gives for A is the number for which the function itself gives A.
        difference = Sum((second.through.body, negative(value)))
        whole = equations.zero_of(difference, second.through.variable)
    names = {**first.definitions, **second.definitions, "A": Definition(found["x"], value)}
    return Question(whole, definitions=names, parts=(first, second, Question(whole)))


def _put(body: Expression, rule: Definition) -> Definition:
    return Definition(ANSWER, Applied(rule.body, rule.variable, 0, body))


def _is_open(expression: Expression) -> bool:
    return any(isinstance(part, Antiderivative) for part in walk(expression))


_JOINED: Final[tuple[Sentence, ...]] = (
    (_to_join, r"let A be <FIRST> and let B be <SECOND>\. <ASK> A <SIGN> B"),
    (_to_join, r"if A is <FIRST> and B is <SECOND>, what is A <SIGN> B"),
    (_to_join, r"work out A <SIGN> B, where A is <FIRST> and B is <SECOND>"),
    (_to_join, r"A is <FIRST>, and B is <SECOND>\. compute A <SIGN> B"),
)
_LINKED: Final[tuple[Sentence, ...]] = (
    (_to_link, r"let A be <FIRST>\. find the value of <SECOND> at (?P<x>[a-z]) = A"),
    (_to_link, r"if A is <FIRST>, what is the value of <SECOND> at (?P<x>[a-z]) = A"),
    (_to_link, r"work out the value of <SECOND> at (?P<x>[a-z]) = A, where A is <FIRST>"),
    (_to_link, r"A is <FIRST>\. compute the value of <SECOND> at (?P<x>[a-z]) = A"),
)
_SENTENCES: Final = (
    *_JOINED,
    *_LINKED,
    *situations.SENTENCES,
    *integrals.SENTENCES,
    *curves.SENTENCES,
    *limits.SENTENCES,
    *equations.SENTENCES,
    *functions.SENTENCES,
    *constants.SENTENCES,
    *_BASIC,
)
_FORMS: Final = tuple((_compiled(sentence), read) for read, sentence in _SENTENCES)
