"""From the text of a question to what it asks for, as one expression.

Each sentence form is a pattern with placeholders. A question that fits no pattern is not understood: a guess could
turn a right answer into a wrong one. `questions.md` lists the forms; here they are read a little more generously.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from skilladapt.verification.expressions import (
    Applied,
    Definition,
    Expression,
    Power,
    Sum,
    Variable,
    letters,
    parts,
    product,
    replaced,
)
from skilladapt.verification.parsing import parse_expression
from skilladapt.verification.tokens import ParseFailure

MAX_LENGTH: Final = 400
"""Characters; three lazy placeholders in one pattern cost time with the cube of it."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked."""

    target: Expression
    """Its value is the answer."""
    expanded: bool = False
    """Whether the answer must be a sum of monomials, so that repeating the question is none."""
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    """What the question's letters stand for; solutions use them."""


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


# --- what the forms ask for --------------------------------------------------------------------------------

Found = Mapping[str, str]
"""Placeholder texts by name."""


def _number(found: Found) -> Question:
    target = parse_expression(found["T"], {})
    if letters(target) and not any(isinstance(part, Applied) for part in _walk(target)):
        raise ParseFailure("nothing is to be done with it")
    return Question(target)


def _expanded(found: Found) -> Question:
    return Question(parse_expression(found["T"]), expanded=True)


def _value(found: Found) -> Question:
    """A term, or a function, at a number."""
    if "D" in found:
        defined = _defined(found)
        rule = next(iter(defined.values()))
        return Question(Applied(rule.body, rule.variable, 0, _point(found)), definitions=defined)
    term = parse_expression(found["T"])
    return Question(Applied(term, found["x"], 0, _point(found)))


def _target(found: Found) -> Question:
    """A target in the notation of the question's own definitions, perhaps at a number."""
    defined = _defined(found)
    target = parse_expression(found["T"], defined)
    if "x" in found:
        target = Applied(target, found["x"], 0, _point(found))
    return Question(target, expanded="expand" in found or "expandable" in found, definitions=defined)


def _derivative(found: Found, order: int = 1) -> Question:
    """The derivative of what is defined, or of a term `T` in it, perhaps at a number."""
    defined = _defined(found)
    if "T" in found:
        body = parse_expression(found["T"], defined)
        variable = found.get("by") or _only_letter(body)
    else:
        rule = next(iter(defined.values()))
        body, variable = rule.body, rule.variable
    argument = _point(found) if "a" in found else Variable(variable)
    if found.get("x", variable) != variable:
        raise ParseFailure(f"{found['x']} is not the variable")
    return Question(Applied(body, variable, order, argument), definitions=defined)


def _second_derivative(found: Found) -> Question:
    return _derivative(found, 2)


def _from_known_derivative(found: Found) -> Question:
    """Where `f'` is known and `f` is not: the chain rule, `d/dx T(x, f, g) = T_x + T_f f' + T_g g'`."""
    variable = found["by"]
    known = {found["f"]: parse_expression(found["A"])}
    if "g" in found:
        known[found["g"]] = parse_expression(found["B"])
    text = found["T"]
    for name in known:
        text = text.replace(f"{name}({variable})", f"({name})")
    body = parse_expression(text)
    terms: list[Expression] = [Applied(body, variable, 1, Variable(variable))]
    terms += [product((Applied(body, name, 1, Variable(name)), slope)) for name, slope in known.items()]
    target = Sum(tuple(terms))
    if not letters(body) <= {variable, *known}:
        raise ParseFailure("nothing is known of one of its letters")
    return Question(target)


def _derivative_of_derivative(found: Found) -> Question:
    """`f'` is known and `f''` is asked for: one prime less, with `f'` in the place of `f`."""
    name = found["f"]
    rule = {name: Definition(found["by"], parse_expression(found["A"]))}
    return Question(parse_expression(found["T"].replace(f"{name}'", name, 1), rule))


def _inner(found: Found) -> Question:
    rule = next(iter(_defined(found).values()))
    return Question(_power_of_sum(rule.body).base, definitions=_defined(found))


def _outer(found: Found) -> Question:
    rule = next(iter(_defined(found).values()))
    inner = _power_of_sum(rule.body).base
    return Question(replaced(rule.body, inner, Variable(found["u"])), definitions=_defined(found))


def _power_of_sum(expression: Expression) -> Power:
    powers = [part for part in _walk(expression) if isinstance(part, Power) and isinstance(part.base, Sum)]
    if len(powers) != 1:
        raise ParseFailure("it does not hold exactly one power of a sum")
    return powers[0]


def _walk(expression: Expression) -> Iterator[Expression]:
    yield expression
    for part in parts(expression):
        yield from _walk(part)


def _point(found: Found) -> Expression:
    point = parse_expression(found["a"])
    if letters(point):
        raise ParseFailure(f"{found['x']} is not set to a number")
    return point


def _only_letter(expression: Expression, usual: str = "x") -> str:
    names = letters(expression)
    if len(names) > 1:
        raise ParseFailure("it is unclear which letter is the variable")
    return next(iter(names), usual)


def _defined(found: Found) -> dict[str, Definition]:
    """The definitions in `D` and `C`, such as `f(x) = 3x^4` or `y = 5`; the later one may use the earlier."""
    defined: dict[str, Definition] = {}
    for text in (found[name] for name in ("D", "C") if name in found):
        head, _, tail = text.partition("=")
        name, _, variable = head.strip().partition("(")
        body = parse_expression(tail, defined)
        usual = found.get("by") or found.get("x") or _respect(found) or "x"
        variable = variable.strip(" )") or _only_letter(body, usual)
        if not letters(body) <= {variable}:
            raise ParseFailure(f"{name} has letters besides {variable}")
        defined[name.strip()] = Definition(variable, body)
    return defined


def _respect(found: Found) -> str | None:
    """The variable of `dy/dt`: that of `y = 5` cannot be seen in `5`."""
    match = re.search(r"/d([a-z])", found.get("T", ""))
    return match[1] if match else None


# --- how it is said ----------------------------------------------------------------------------------------

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
    "BY": r"(?: with respect to (?P<by>[a-z]))?",
    "LINE": r"(?:the )?(?:slope|gradient) of (?:the )?(?:(?:curve|graph|tangent|tangent line|function)"
    r"(?: (?:of|to|at))? )?(?:the )?(?:(?:curve|graph|function)(?: of)? )?",
}
"""Parts of sentences, and the placeholders: `D`, `C` definitions, `T` what is asked for, `P` a letter set to a
number, `A`, `B` known derivatives."""

_SENTENCES: Final[tuple[tuple[Callable[[Found], Question], str], ...]] = (
    # A letter set to a number comes first: `x = 2` would also pass for the definition of a function.
    (_value, r"substitute <P> into <T>\. what is (?:the|its) value"),
    (_value, r"(?:let|if) <P>[.,] <ASK> <T>"),
    (_value, r"simplify <T> and find its value (?:at|for|when) <P>"),
    (_value, r"the rule of a function is <D>\. what is its value at <P>"),
    (_value, r"<ASK> <T> (?:at|for|when|if) <P>"),
    (_second_derivative, r"<ASK> the second derivative of <D><BY>"),
    (_second_derivative, r"<ASK> the second derivative of <D> at <P>"),
    (_second_derivative, r"differentiate <D> twice<BY>"),
    (_derivative, r"<ASK> the (?:first )?derivative of <D> at <P>"),
    (_derivative, r"how fast does <D> change at <P>"),
    (_derivative, r"<ASK> <LINE><D> at <P>"),
    (_derivative, r"how steep is (?:the (?:graph|curve)(?: of)? )?<D> at <P>"),
    (_derivative, r"a line touches the (?:curve|graph of) <D> at <P>\. what is its slope"),
    (_derivative, r"<ASK> the (?:first )?derivative of <D><BY>"),
    (_derivative, r"differentiate <D><BY>"),
    (_derivative, r"<GIVEN> <D> and <C>[,.] differentiate <T>"),
    (_from_known_derivative, r"if (?P<f>[a-z])'\((?P<by>[a-z])\) = <A>, what is the derivative of <T>"),
    (
        _from_known_derivative,
        r"if (?P<f>[a-z])'\((?P<by>[a-z])\) = <A> and (?P<g>[a-z])'\((?P=by)\) = <B>, "
        r"what is the derivative of <T>",
    ),
    (
        _from_known_derivative,
        r"the derivative of (?P<f>[a-z])\((?P<by>[a-z])\) is <A>\. differentiate <T>",
    ),
    (
        _derivative_of_derivative,
        r"the (?:first )?derivative of (?P<f>[a-z])\((?P<by>[a-z])\) is <A>\. "
        r"<ASK> (?P<T>(?P=f)''\([^=?;]+?\))",
    ),
    (_inner, r"(?:what is|name|find) the inner function of <D>"),
    (_inner, r"the function <D> is a composition\. which function is inside"),
    (_outer, r"(?:what is|name|find) the outer function of <D>, written in (?P<u>[a-z])"),
    (
        _outer,
        r"write (?P<u>[a-z]) for the inner function of <D>\. what is the outer function(?: in (?P=u))?",
    ),
    (_outer, r"the function <D> is a composition\. write its outer function in (?P<u>[a-z])"),
    (_target, r"put <D> into <C>: <ASK> <T>"),
    (_target, r"<ASK> <T> at <P> for <D>"),
    (_target, r"<GIVEN> <D> and <C>[,.] <ASK> <T>(?: (?P<expand>and expand it))?"),
    (_target, r"<GIVEN> <D>[,.] <ASK> <T>"),
    (_target, r"simplify (?P<expandable><D>), then <ASK> <T>"),
    (_target, r"write (?P<expandable><D>) as a polynomial, then <ASK> <T>"),
    (_target, r"<ASK> <T> for <D>"),
    (
        _expanded,
        r"(?:expand and simplify|simplify|expand|multiply out|find the product|write"
        r"|(?:collect|combine) (?:the )?(?:like )?terms(?::| of| in)) <T>"
        r"(?: in its simplest form| as a single power of [a-z]| as one term| with a negative exponent"
        r"| without a fraction bar| without parentheses| as a polynomial)?",
    ),
    (_expanded, r"which (?:power of [a-z]|polynomial) equals <T>"),
    (_derivative, r"<ASK> the (?:first )?derivative of <T><BY>"),
    (_derivative, r"differentiate <T><BY>"),
    (_number, r"<ASK> <T>"),
)

_REQUEST: Final = re.compile(
    r"\?|\b(?:find|compute|calculate|evaluate|work out|determine|give|write|differentiate|simplify|expand"
    r"|multiply out|collect|combine|name)\b",
    re.IGNORECASE,
)


def _compiled(sentence: str) -> re.Pattern[str]:
    filled = re.sub("(?<!P)<([A-Z]+)>", lambda match: _PLACEHOLDERS[match[1]], sentence)
    return re.compile(filled + r" ?[.?!]?", re.IGNORECASE)


_FORMS: Final = tuple((_compiled(sentence), read) for read, sentence in _SENTENCES)
