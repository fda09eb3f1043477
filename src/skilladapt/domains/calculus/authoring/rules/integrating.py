"""Finds antiderivatives by the rules of the syllabus, one named rule a line."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from skilladapt.domains.calculus.authoring.expressions.combining import (
    collect,
    split_number,
    substitute,
    times,
)
from skilladapt.domains.calculus.authoring.expressions.exact import Unsolvable
from skilladapt.domains.calculus.authoring.expressions.factors import factors_of, ratio
from skilladapt.domains.calculus.authoring.expressions.showing import bracketed
from skilladapt.domains.calculus.authoring.expressions.trees import (
    ONE,
    VARIABLE,
    Call,
    Expression,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
    is_number,
    is_polynomial,
    joined,
    monomial,
    number,
    terms_of,
)
from skilladapt.domains.calculus.authoring.rules.functions import differentiate, gathered, slope_of
from skilladapt.domains.calculus.authoring.rules.working import Working

_SINES = ("sin", "cos")
_MOST_PARTS = 12
"""Lines after which integrating by parts is given up."""


def integrate(expression: Expression, working: Working) -> Expression:
    """The antiderivative without a constant; the lines show one.

    Raises `Unsolvable` where no rule of the syllabus fits.
    """
    if _is_plain(expression):
        return integrate_polynomial(expression, working)
    match expression:
        case Sum(parts):
            return _integrate_sum(parts, working)
        case Product((first, *rest)) if not is_number(first) or len(rest) > 1:
            return _integrate_product(expression, working)
        case Quotient(top, bottom) if not is_number(top) and not is_number(bottom):
            return _integrate_product(expression, working)
        case Call("ln"):
            return _by_parts(expression, working)
        case _:
            return _integrate_function(expression, working)


def write(skill_ids: str | tuple[str, ...], whole: Expression, working: Working, *sides: Expression | str) -> None:
    """A line from the integral of `whole` to the last of `sides`, each with its constant."""
    shown = [side if isinstance(side, str) else working.show(side) for side in sides]
    unique = [text for place, text in enumerate(shown) if text not in shown[:place]]
    working.write(skill_ids, working.integral_of(whole), *(f"{text} + C" for text in unique))


def _is_plain(expression: Expression) -> bool:
    return is_polynomial(expression) and all(term.exponent != -1 for term in terms_of(expression))


def integrate_polynomial(expression: Expression, working: Working) -> Expression:
    """The antiderivative of a plain sum of terms, in one line."""
    terms = terms_of(expression)
    found = [_raised(term, working) for term in terms]
    result = joined(found) if len(found) == 1 else collect(found)
    pieces = [_work(term, working) for term in terms]
    work = pieces[0] + "".join(f" - {p[1:]}" if p.startswith("-") else f" + {p}" for p in pieces[1:])
    write(_rule_for(terms), expression, working, work, result)
    return result


def _rule_for(terms: Sequence[Term]) -> str:
    if any(term.exponent < 0 or term.exponent != int(term.exponent) for term in terms):
        return "integrating-any-power"
    return "integrating-powers" if len(terms) == 1 else "integrating-polynomials"


def _raised(term: Term, working: Working) -> Term:
    if working.made("differentiated instead"):
        return monomial(term.coefficient * Fraction(term.exponent), term.exponent - 1)
    divisor = term.exponent + 1
    if working.made("not divided"):
        divisor = 1
    elif working.made("divided by the old exponent") and term.exponent:
        divisor = term.exponent
    return monomial(term.coefficient / divisor, term.exponent + 1)


def _work(term: Term, working: Working) -> str:
    """How one term is integrated: `6x^3/3` for `6x^2`."""
    up = term.exponent + 1
    if working.mistake or up == 1 or up != int(up) or up < 0 or term.coefficient.denominator > 1:
        return working.show(_raised(term, working))
    return f"{working.show(monomial(term.coefficient, up))}/{up}"


def _integrate_sum(parts: Sequence[Expression], working: Working) -> Expression:
    plain = [part for part in parts if _is_plain(part)]
    found = {part: integrate(part, working) for part in parts if not _is_plain(part)}
    if plain:
        found[plain[0]] = integrate_polynomial(joined(plain), working)
    if working.made("second part forgotten"):
        found = dict(list(found.items())[:1])
    result = joined([found[part] for part in parts if part in found])
    write(("integrating-polynomials", working.steps[-1].skill_id), Sum(tuple(parts)), working, result)
    return result


def _integrate_function(expression: Expression, working: Working) -> Expression:
    """One function of the plain variable or of a linear inner function, perhaps with a number in front."""
    factor, function = split_number(expression)
    inner, outer, rule = _outer(function, working)
    if not is_polynomial(inner) or any(term.exponent not in (0, 1) for term in terms_of(inner)):
        raise Unsolvable("no rule for this inner function")
    steep = next(term.coefficient for term in terms_of(inner) if term.exponent == 1)
    shifted = inner != monomial(steep, 1)
    if working.made("inner factor forgotten"):
        steep = Fraction(1)
    elif working.made("inner factor multiplied"):
        steep = 1 / steep
    unscaled = times([number(factor), substitute(outer, inner)])
    result = times([number(1 / steep), unscaled])
    sides: list[Expression | str] = [result]
    if steep != 1 and split_number(unscaled)[0] != 1:
        sides = [f"({1 / steep})*{bracketed(unscaled, working.variable)}", result]
    write("linear-substitution" if shifted else rule, expression, working, *sides)
    return result


def _outer(function: Expression, working: Working) -> tuple[Expression, Expression, str]:
    """The inner function, the antiderivative of the outer one in the variable, and the rule."""
    match function:
        case Call(name, argument) if name in _SINES:
            wrong = working.made("sine sign")
            if name == "sin":
                return argument, times([number(1 if wrong else -1), Call("cos", VARIABLE)]), "integrating-sines"
            return argument, times([number(-1 if wrong else 1), Call("sin", VARIABLE)]), "integrating-sines"
        case Call("exp", argument):
            kept: Expression = Call("exp", VARIABLE)
            return (
                argument,
                times([VARIABLE, kept]) if working.made("exponent in front") else kept,
                ("integrating-exponentials"),
            )
        case Term(_, -1) | Quotient(Term(_, 0), Term(_, 1)):
            return VARIABLE, _logarithm(working), "integrating-reciprocals"
        case Quotient(Term(_, 0), Sum() as bottom):
            return bottom, _logarithm(working), "linear-substitution"
        case Call("sqrt", argument):
            rule = "integrating-any-power" if argument == VARIABLE else "linear-substitution"
            return argument, _raised(monomial(1, Fraction(1, 2)), working), rule
        case Power(Sum() as base, exponent):
            return base, _raised(monomial(1, exponent), working), "linear-substitution"
        case _:
            raise Unsolvable("no rule for this function")


def _logarithm(working: Working) -> Expression:
    return monomial(-1, -2) if working.made("differentiated instead") else Call("ln", VARIABLE)


def _integrate_product(expression: Expression, working: Working) -> Expression:
    """A function of an inner function times that one's derivative, or a product to be taken apart."""
    for inner, outer in _compositions(expression):
        factor = ratio(expression, times([slope_of(inner, Working(working.variable)), substitute(outer, inner)]))
        if factor is not None:
            return _substitute(expression, factor, inner, outer, working)
    return _by_parts(expression, working)


def _compositions(expression: Expression) -> Iterator[tuple[Expression, Expression]]:
    """Inner functions to try, with the outer function in the plain variable."""
    _, factors = factors_of(expression)
    for base, exponent in factors.items():
        match base:
            case Call(name, argument) if exponent == 1 and not _is_linear(argument):
                yield argument, Call(name, VARIABLE)
            case Call() if base.argument == VARIABLE and base.name != "exp":
                yield base, monomial(1, exponent)
            case Sum() if not _is_linear(base):
                yield base, monomial(1, exponent)
            case _:
                pass


def _is_linear(expression: Expression) -> bool:
    return is_polynomial(expression) and all(term.exponent in (0, 1) for term in terms_of(expression))


def _substitute(
    expression: Expression, factor: Fraction, inner: Expression, outer: Expression, working: Working
) -> Expression:
    aside = Working(working.variable, working.allowed)
    differentiate(inner, aside)
    letter = "w" if working.variable == "u" else "u"
    if working.made("inner factor forgotten"):
        factor = Fraction(1)
    inside = Working(letter, working.allowed, working.mistake)
    found = integrate(times([number(factor), outer]), inside)
    first, *others = inside.steps
    told = replace(first, work=f"with {letter} for {working.show(inner)}, {first.work}")
    working.steps += [*aside.steps, told, *others]
    result = times([substitute(found, inner)])
    write("substitution", expression, working, result)
    return result


def _by_parts(expression: Expression, working: Working) -> Expression:
    """`u*v - ∫ u'*v`, where `u` is the polynomial or, if there is one, the logarithm."""
    factors = expression.factors if isinstance(expression, Product) else (expression,)
    plain = times([factor for factor in factors if is_polynomial(factor)] or [ONE])
    others = [factor for factor in factors if not is_polynomial(factor)]
    if len(others) != 1 or not isinstance(others[0], Call):
        raise Unsolvable("no rule for this product")
    function = others[0]
    first, second = (function, plain) if function.name == "ln" else (plain, function)
    if len(working.steps) > _MOST_PARTS:
        raise Unsolvable("it never becomes simpler, as with a mistake that turns it round")
    silent = Working(working.variable, working.allowed, working.mistake)
    integral = integrate(second, silent)
    product, rest = times([first, integral]), times([slope_of(first, silent), integral])
    sign = 1 if working.made("parts added") else -1
    if split_number(rest)[0] < 0:
        sign, rest = -sign, times([number(-1), rest])
    shown = f"{working.show(product)} {'+' if sign > 0 else '-'} {working.integral_of(rest)}"
    working.write("integration-by-parts", working.integral_of(expression), shown)
    left = integrate(rest, working)
    parts = left.parts if isinstance(left, Sum) else (left,)
    result = gathered([product, *(times([number(sign), part]) for part in parts)])
    write("integration-by-parts", expression, working, result)
    return result
