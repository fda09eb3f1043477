"""Prints expressions in the plain-text notation of `questions.md`."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from skilladapt.domains.calculus.authoring.expressions.trees import (
    MINUS_ONE,
    Call,
    Constant,
    Exponent,
    Expression,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
    Words,
    has_variable,
    is_number,
)


def show(expression: Expression, variable: str = "x", sign: str = "*") -> str:
    """The plain-text notation of an expression; `sign` stands between factors that need one."""
    match expression:
        case Term():
            return _show_term(expression, variable)
        case Sum(parts):
            first, *others = [_show_part(part, variable, sign) for part in parts]
            return first + "".join(f" - {text[1:]}" if text.startswith("-") else f" + {text}" for text in others)
        case Product(factors):
            return _show_product(factors, variable, sign)
        case Power(base, exponent):
            bare = isinstance(base, Term) and is_number(base) and base.coefficient >= 0
            whole = bare and isinstance(base, Term) and base.coefficient.denominator == 1
            text = show(base, variable, sign)
            simple = whole or isinstance(base, Call) and base.name != "exp"
            return f"{text if simple else f'({text})'}^{show_exponent(exponent)}"
        case Quotient(top, bottom):
            return _show_quotient(top, bottom, variable, sign)
        case Call("exp", Term(coefficient, 0)) if coefficient == 1:
            return "e"
        case Call("exp", argument):
            return f"e^{_raised(argument, variable, sign)}"
        case Call(name, argument):
            return f"{name}({show(argument, variable, sign)})"
        case Constant(name):
            return name
        case Words(text):
            return text


def bracketed(expression: Expression, variable: str = "x", sign: str = "*") -> str:
    """The notation of one factor: a sum in parentheses, anything that begins with a minus sign, too."""
    text = show(expression, variable, sign)
    return f"({text})" if isinstance(expression, Sum) or text.startswith("-") else text


def show_exponent(exponent: Exponent) -> str:
    """`3`, `-2`, `(1/2)`."""
    return str(exponent) if exponent == int(exponent) else f"({exponent})"


def wrapped(value: Fraction) -> str:
    """A number as a factor: in parentheses unless it is whole and has no sign."""
    return str(value) if value >= 0 and value.denominator == 1 else f"({value})"


def show_bound(expression: Expression, variable: str = "x") -> str:
    """A bound of an integral: in parentheses unless it is one number without a sign, or one letter."""
    return _raised(expression, variable, "*")


def _raised(expression: Expression, variable: str, sign: str) -> str:
    """In parentheses unless it is a whole number without a sign, pi or the plain variable."""
    text = show(expression, variable, sign)
    return text if text.isdigit() or text in (variable, "pi", "e") else f"({text})"


def _show_term(term: Term, variable: str) -> str:
    if term.exponent == 0:
        return str(term.coefficient)
    power = variable if term.exponent == 1 else f"{variable}^{show_exponent(term.exponent)}"
    minus, size = "-" if term.coefficient < 0 else "", abs(term.coefficient)
    if size == 1:
        return minus + power
    return f"{minus}{size}{power}" if size.denominator == 1 else f"{minus}({size}){power}"


def _show_part(part: Expression, variable: str, sign: str) -> str:
    text = show(part, variable, sign)
    return f"({text})" if isinstance(part, Sum) else text


def _show_product(factors: Sequence[Expression], variable: str, sign: str) -> str:
    if factors[0] == MINUS_ONE and len(factors) > 1:
        rest = factors[1:]
        text = show(rest[0], variable, sign) if len(rest) == 1 else _show_product(rest, variable, sign)
        needs_parentheses = text.startswith("-") or (len(rest) == 1 and isinstance(rest[0], Sum))
        return f"-({text})" if needs_parentheses else f"-{text}"
    texts = []
    for index, factor in enumerate(factors):
        text = show(factor, variable, sign)
        if index == 0 and "/" in text and is_number(factor) and not is_number(factors[1]):
            text = f"-({text[1:]})" if text.startswith("-") else f"({text})"
        unclear = index > 0 and (text.startswith("-") or (is_number(factor) and "/" in text))
        wrapped = isinstance(factor, Sum | Quotient | Product) or unclear
        texts.append(f"({text})" if wrapped else text)
    shown = texts[0]
    for (left, right), text in zip(pairwise(factors), texts[1:], strict=True):
        shown += text if _touch(left, right) else f"{sign}{text}"
    return shown


def _touch(left: Expression, right: Expression) -> bool:
    """Whether the factors are written side by side: the right one brings parentheses or a name of its own."""
    if _is_named(right):
        return is_number(left)
    brackets = isinstance(right, Sum) or (isinstance(right, Power) and isinstance(right.base, Sum))
    return brackets and not _is_named(left) and (has_variable(left) or has_variable(right))


def _is_named(factor: Expression) -> bool:
    """Whether it begins with a name: a function, a power of one, pi."""
    return isinstance(factor, Call | Constant) or (isinstance(factor, Power) and isinstance(factor.base, Call))


def _show_quotient(top: Expression, bottom: Expression, variable: str, sign: str) -> str:
    above, below = show(top, variable, sign), show(bottom, variable, sign)
    plain = not has_variable(top)
    if isinstance(top, Sum | Quotient) or (isinstance(top, Product) and "*" in above):
        above = f"({above})"
    simple = isinstance(bottom, Power | Call | Constant) or (
        isinstance(bottom, Term) and (bottom.coefficient == 1 or (is_number(bottom) and bottom.coefficient > 0))
    )
    below = below if simple else f"({below})"
    return f"{above}/{below}" if plain else f"{above} / {below}"
