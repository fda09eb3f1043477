"""Differentiates what has sines, powers of e, logarithms, roots or a sum below a fraction bar, one rule a line."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.expressions.combining import divided, expand, multiply, times
from skilladapt.domains.calculus.authoring.expressions.trees import (
    ONE,
    VARIABLE,
    Call,
    Expression,
    FunctionName,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
    has_variable,
    is_elementary,
    is_polynomial,
    joined,
    number,
    terms_of,
)
from skilladapt.domains.calculus.authoring.rules import differentiating as polynomials
from skilladapt.domains.calculus.authoring.rules.differentiating import add_derivatives, beside, without_zeros
from skilladapt.domains.calculus.authoring.rules.working import Working

_DIRECT: Mapping[FunctionName, str] = MappingProxyType(
    {
        "sin": "sine-derivatives",
        "cos": "sine-derivatives",
        "exp": "exponential-derivatives",
        "ln": "logarithm-derivatives",
        "sqrt": "root-derivatives",
    }
)
"""The rule for a function of the plain variable."""
_CHAINED: Mapping[FunctionName, str] = MappingProxyType(
    {
        "sin": "chain-with-sine",
        "cos": "chain-with-sine",
        "exp": "chain-with-exponential",
        "ln": "chain-with-logarithm",
        "sqrt": "chain-with-root",
    }
)
"""The rule for a function of an inner function."""


def differentiate(expression: Expression, working: Working) -> Expression:
    """The derivative of any expression of the syllabus."""
    if is_polynomial(expression) or not (is_elementary(expression) or _has_quotient(expression)):
        return polynomials.differentiate(expression, working)
    match expression:
        case Sum(parts):
            return _differentiate_sum(parts, working)
        case Product((Term(_, 0), _)) | Call() | Power():
            return _single(expression, working)
        case Product((first, *rest)):
            return _product(first, times(rest), expression, working)
        case Quotient(top, bottom) if has_variable(bottom):
            return _quotient(top, bottom, expression, working)
        case _:
            raise ValueError("no rule for this form")


def _has_quotient(expression: Expression) -> bool:
    match expression:
        case Quotient(_, Sum()):
            return True
        case Sum(parts):
            return any(map(_has_quotient, parts))
        case _:
            return False


def _differentiate_sum(parts: Sequence[Expression], working: Working) -> Expression:
    plain = [part for part in parts if is_polynomial(part)]
    slopes = {part: differentiate(part, working) for part in parts if not is_polynomial(part)}
    if plain:
        slopes[plain[0]] = differentiate(joined(plain), working)
    ordered = [slopes[part] for part in parts if part in slopes]
    return add_derivatives(working.derivative_of(Sum(tuple(parts))), ordered, working)


def _single(expression: Expression, working: Working) -> Expression:
    """One function, perhaps with a number in front and an inner function: one line."""
    factor, function = _factor_and_function(expression)
    inner, rule = _inner(function)
    if inner == VARIABLE:
        result = times([factor, _outer(function, working)])
        working.write(rule, working.derivative_of(expression), result)
        return result
    if len(terms_of(inner)) > 2 or any(term.exponent > 1 for term in terms_of(inner)):
        polynomials.differentiate_polynomial(inner, working)
    slope = slope_of(inner, working)
    if working.made("inner derivative forgotten"):
        slope = ONE
    outer = times([factor, _outer(function, working)])
    result = times([slope, outer])
    chained = working.show(outer) if working.made("inner derivative forgotten") else beside(outer, slope, working)
    working.write(rule, working.derivative_of(expression), chained, result)
    return result


def _factor_and_function(expression: Expression) -> tuple[Expression, Expression]:
    match expression:
        case Product((factor, function)):
            return factor, function
        case _:
            return ONE, expression


def _inner(function: Expression) -> tuple[Expression, str]:
    """The inner function and the rule; of `sin(x)^3` the inner function is the sine."""
    match function:
        case Call(name, argument) if name in _DIRECT:
            return argument, (_DIRECT if argument == VARIABLE else _CHAINED)[name]
        case Power(Call(name, _) as call, _) if name in _CHAINED:
            return call, _CHAINED[name]
        case Power(Sum() as inner, _):
            return inner, "chain-with-root"
        case _:
            raise ValueError("no rule for this function")


def _outer(function: Expression, working: Working) -> Expression:
    """The derivative of the outer function, the inner one kept in its place."""
    match function:
        case Power(base, exponent):
            lower = polynomials.lowered(exponent, working)
            return times([number(Fraction(exponent)), base if lower == 1 else Power(base, lower)])
        case Call("sin", argument):
            kept: Expression = Call("sin" if working.made("sine kept") else "cos", argument)
            return times([number(-1), kept]) if working.made("sine sign") else kept
        case Call("cos", argument):
            kept = Call("cos" if working.made("sine kept") else "sin", argument)
            return kept if working.made("sine sign") else times([number(-1), kept])
        case Call("exp", argument):
            return times([argument, function]) if working.made("exponent in front") else function
        case Call("ln", argument):
            return times([function, argument]) if working.made("logarithm kept") else divided(ONE, argument)
        case Call("sqrt"):
            return divided(ONE, function if working.made("half forgotten") else times([number(2), function]))
        case _:
            raise ValueError("no rule for this function")


def slope_of(expression: Expression, working: Working) -> Expression:
    """The derivative, nothing written but mistakes made as in lines."""
    return differentiate(expression, Working(working.variable, working.allowed, working.mistake))


def _slope(factor: Expression, working: Working) -> Expression:
    """A factor's derivative; only one with an inner function or a product in it gets a line."""
    match factor:
        case Call(_, argument) if argument == VARIABLE:
            return slope_of(factor, working)
        case Product((Term(_, 0), Call(_, argument))) if argument == VARIABLE:
            return slope_of(factor, working)
        case _ if is_polynomial(factor):
            return slope_of(factor, working)
        case _:
            return differentiate(factor, working)


def _product(first: Expression, second: Expression, whole: Expression, working: Working) -> Expression:
    slopes = _slope(first, working), _slope(second, working)
    if working.made("derivatives multiplied"):
        result = times(slopes)
        working.write("mixed-products", working.derivative_of(whole), beside(*slopes, working), result)
        return result
    minus = working.made("minus between")
    left, right = times([slopes[0], second]), times([number(-1 if minus else 1), first, slopes[1]])
    sides = beside(slopes[0], second, working), beside(first, slopes[1], working)
    result = gathered([left, right])
    plain = without_zeros(joined([left, right]))
    working.write("mixed-products", working.derivative_of(whole), _with_sign(*sides, minus), plain, result)
    return result


def _quotient(top: Expression, bottom: Expression, whole: Expression, working: Working) -> Expression:
    plain = is_polynomial(top) and is_polynomial(bottom)
    slopes = _slope(top, working), _slope(bottom, working)
    rule = "quotient-rule" if plain else ("mixed-quotients", "quotient-rule")
    if working.made("derivatives divided"):
        result = divided(*slopes)
        working.write(rule, working.derivative_of(whole), result)
        return result
    sign = 1 if working.made("plus between") else -1
    parts = [times([slopes[0], bottom]), times([number(sign), top, slopes[1]])]
    if plain:
        minus = multiply(number(sign), multiply(expand(top), slopes[1]))
        upper = expand(joined([multiply(slopes[0], expand(bottom)), minus]))
    else:
        upper = gathered(parts)
    square = multiply(bottom, bottom) if isinstance(bottom, Term) else Power(bottom, 2)
    sides = beside(slopes[0], bottom, working), beside(top, slopes[1], working)
    shown = f"({_with_sign(*sides, sign < 0)})"
    lower = bottom if working.made("square forgotten") else square
    below = working.show(lower)
    below = (
        f"({below})"
        if isinstance(lower, Sum | Product) or (isinstance(lower, Term) and lower.coefficient != 1)
        else below
    )
    result = divided(upper, lower)
    working.write(rule, working.derivative_of(whole), f"{shown}/{below}", result)
    return result


def _with_sign(left: str, right: str, minus: bool) -> str:
    """Both with a sign between them that a minus in front of the second one is taken into."""
    if right.startswith("-"):
        return f"{left} {'+' if minus else '-'} {right[1:]}"
    return f"{left} {'-' if minus else '+'} {right}"


def gathered(parts: Sequence[Expression]) -> Expression:
    """The sum of the parts; those that share their function become one, as in `(x^2 + 2x)*e^x`."""
    groups: dict[Expression, list[Expression]] = {}
    for part in _without_zeros(parts):
        plain, rest = _plain_and_rest(part)
        groups.setdefault(rest, []).append(plain)
    if not groups:
        return number(0)
    found = []
    for rest, plains in groups.items():
        front = plains[0] if len(plains) == 1 else expand(joined(plains))
        if front != number(0):
            found.append(times([front, rest]))
    return joined(found) if found else number(0)


def _without_zeros(parts: Sequence[Expression]) -> list[Expression]:
    return [part for part in parts if part != number(0)]


def _plain_and_rest(part: Expression) -> tuple[Expression, Expression]:
    """The polynomial in front and what else there is."""
    factors = part.factors if isinstance(part, Product) else (part,)
    plain = [factor for factor in factors if is_polynomial(factor) and not is_elementary(factor)]
    return times(plain or [ONE]), times([factor for factor in factors if factor not in plain] or [ONE])
