"""What each form of question asks for, as one expression whose value is the answer.

The texts of its placeholders come from `reading`, which knows the sentences.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from skilladapt.domains.calculus.verifying.forms import Form
from skilladapt.verification.expressions import (
    Applied,
    Definition,
    Expression,
    Number,
    Power,
    Sum,
    Variable,
    letters,
    product,
    replaced,
    walk,
)
from skilladapt.verification.numeric import equal_at_points
from skilladapt.verification.parsing import parse_expression
from skilladapt.verification.tokens import ParseFailure

ANSWER: Final = "answer"
"""In definitions: the letter that stands for the answer itself."""

Found = Mapping[str, str]
"""Placeholder texts by name."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked."""

    target: Expression
    """Its value is the answer."""
    expanded: bool = False
    """Whether the answer must be a sum of monomials, so that repeating the question is none."""
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    """What the question's letters stand for; solutions use them."""
    form: Form = ""
    """In what form the answer must be, besides its value."""
    through: Definition | None = None
    """The function that the answer is put into before it is compared with the target."""
    unknown: str = ""
    """A letter that stands for the answer in a solution."""
    parts: "Sequence[Question]" = ()
    """The questions that are made one; where a number is put into a function, that is the third."""
    choices: Mapping[int, str] = field(default_factory=dict)
    """Where one of several words is asked for: each by the sign of the target that it goes with."""


Sentence = tuple[Callable[[Found], Question], str]
"""How to read a question, and the pattern of its text: see the placeholders in `reading`."""


def to_work_out(found: Found) -> Question:
    """A term without letters, or a derivative written out: `2^3`, `d/dx [3x^4]`."""
    target = parse_expression(found["T"], {})
    return Question(_with_work(target))


def to_expand(found: Found) -> Question:
    """A term as a sum of monomials."""
    return Question(parse_expression(found["T"]), expanded=True)


def to_evaluate(found: Found) -> Question:
    """A term, or without one the function that is defined, at a number."""
    defined = definitions_in(found)
    body = parse_expression(found["T"]) if "T" in found else next(iter(defined.values())).body
    return Question(_at(body, found, defined), definitions=defined)


def to_find(found: Found) -> Question:
    """A target in the notation of the question's own definitions, perhaps at a number."""
    defined = definitions_in(found)
    target = parse_expression(found["T"], defined)
    if "x" in found:
        target = _at(target, found, defined)
    target = _with_work(target)
    return Question(target, expanded="expand" in found or "expandable" in found, definitions=defined)


def to_differentiate(found: Found, order: int = 1) -> Question:
    """The derivative of what is defined, or of a term `T` in it, perhaps at a number."""
    defined = definitions_in(found)
    if "T" in found:
        body = parse_expression(found["T"], defined)
        variable = found.get("by") or only_letter(body)
    else:
        rule = next(iter(defined.values()))
        body, variable = rule.body, rule.variable
    argument = place_in(found) if "a" in found else Variable(variable)
    if found.get("x", variable) != variable:
        raise ParseFailure(f"{found['x']} is not the variable")
    return Question(Applied(body, variable, order, argument), definitions=defined)


def to_differentiate_twice(found: Found) -> Question:
    """The second derivative of what is defined."""
    return to_differentiate(found, 2)


def to_differentiate_known(found: Found) -> Question:
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
    target: Expression = Sum(tuple(terms))
    for name in known:
        # f itself is not known, so the answer must not depend on it, as that for f(x)^2 does.
        without = Applied(target, name, 0, Number(Fraction(0)))
        if equal_at_points(target, without) is not True:
            raise ParseFailure(f"nothing is known of {name} but its derivative")
        target = without
    if not letters(target) <= {variable}:
        raise ParseFailure("nothing is known of one of its letters")
    return Question(Applied(target, variable, 0, place_in(found)) if "a" in found else target)


def to_differentiate_again(found: Found) -> Question:
    """`f'` is known and `f''` is asked for: one prime less, with `f'` in the place of `f`."""
    name = found["f"]
    rule = {name: Definition(found["by"], parse_expression(found["A"]))}
    return Question(parse_expression(found["T"].replace(f"{name}'", name, 1), rule))


def to_name_inner(found: Found) -> Question:
    """The sum under the one power."""
    rule = next(iter(definitions_in(found).values()))
    return Question(_power_of_sum(rule.body).base, definitions=definitions_in(found))


def to_name_outer(found: Found) -> Question:
    """The term with a letter in place of the inner function."""
    rule = next(iter(definitions_in(found).values()))
    inner = _power_of_sum(rule.body).base
    return Question(replaced(rule.body, inner, Variable(found["u"])), definitions=definitions_in(found))


def to_differentiate_inner(found: Found) -> Question:
    """The derivative of the inner function alone."""
    rule = next(iter(definitions_in(found).values()))
    slope = Applied(_power_of_sum(rule.body).base, rule.variable, 1, Variable(rule.variable))
    return Question(slope, definitions=definitions_in(found))


def to_recompose(found: Found) -> Question:
    """The outer and the inner function get names and are put together anew."""
    rule = next(iter(definitions_in(found).values()))
    inner = _power_of_sum(rule.body).base
    outer = replaced(rule.body, inner, Variable(rule.variable))
    named = {found["f"]: Definition(rule.variable, outer), found["g"]: Definition(rule.variable, inner)}
    return Question(parse_expression(found["T"], named), definitions=named)


def to_add_slope(found: Found) -> Question:
    """`T` plus the slope of the defined function at a number."""
    defined = definitions_in(found)
    rule = next(iter(defined.values()))
    slope = Applied(rule.body, rule.variable, 1, place_in(found))
    return Question(Sum((parse_expression(found["T"], defined), slope)), definitions=defined)


def _at(body: Expression, found: Found, defined: Mapping[str, Definition] | None = None) -> Expression:
    if not letters(body) <= {found["x"]}:
        raise ParseFailure(f"it has letters besides {found['x']}")
    return Applied(body, found["x"], 0, place_in(found, defined))


def _with_work(target: Expression) -> Expression:
    """The target, unless repeating it would be the answer, as in `find 3x`, or `find f(x)` where it is given."""
    for part in walk(target):
        if isinstance(part, Applied) and (part.order or not isinstance(part.argument, Variable)):
            return target
    if letters(target):
        raise ParseFailure("nothing is to be done with it")
    return target


def _power_of_sum(expression: Expression) -> Power:
    powers = [part for part in walk(expression) if isinstance(part, Power) and isinstance(part.base, Sum)]
    if len(powers) != 1:
        raise ParseFailure("it does not hold exactly one power of a sum")
    return powers[0]


def place_in(found: Found, defined: Mapping[str, Definition] | None = None) -> Expression:
    """The number that `P` sets its letter to."""
    point = parse_expression(found["a"], defined)
    if letters(point):
        raise ParseFailure(f"{found['x']} is not set to a number")
    return point


def only_letter(expression: Expression, usual: str = "x") -> str:
    """The one variable; `usual` where there is none."""
    names = letters(expression)
    if len(names) > 1:
        raise ParseFailure("it is unclear which letter is the variable")
    return next(iter(names), usual)


def definitions_in(found: Found) -> dict[str, Definition]:
    """The definitions in `D` and `C`, such as `f(x) = 3x^4` or `y = 5`; the later one may use the earlier."""
    defined: dict[str, Definition] = {}
    for text in (found[name] for name in ("D", "C") if name in found):
        head, _, tail = text.partition("=")
        name, _, variable = head.strip().partition("(")
        body = parse_expression(tail, defined)
        usual = found.get("by") or found.get("x") or _respect(found) or "x"
        variable = variable.strip(" )") or only_letter(body, usual)
        if not letters(body) <= {variable}:
            raise ParseFailure(f"{name} has letters besides {variable}")
        defined[name.strip()] = Definition(variable, body)
    return defined


def _respect(found: Found) -> str | None:
    """The variable of `dy/dt`: that of `y = 5` cannot be seen in `5`."""
    match = re.search(r"/d([a-z])", found.get("T", ""))
    return match[1] if match else None
