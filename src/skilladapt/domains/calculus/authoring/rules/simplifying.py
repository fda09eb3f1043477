"""Turns an expression into a collected polynomial, one named rule a line."""

from collections.abc import Sequence
from fractions import Fraction
from math import prod

from skilladapt.domains.calculus.authoring.expressions.combining import collect, expand, multiply
from skilladapt.domains.calculus.authoring.expressions.trees import (
    Exponent,
    Expression,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
    has_variable,
    is_number,
    is_polynomial,
    joined,
    monomial,
    number,
    terms_of,
)
from skilladapt.domains.calculus.authoring.rules.working import Working


def simplify(expression: Expression, working: Working) -> Expression:
    """The expression as a collected polynomial; writes a line for every rule used, none for a collected one."""
    match expression:
        case Sum(parts):
            return collect_terms(expression, [_simplified(part, working) for part in parts], working)
        case Power(base, int(exponent)):
            return _raise(_simplified(base, working), exponent, working)
        case Product(factors):
            return _multiply_all([_simplified(factor, working) for factor in factors], working)
        case Quotient(top, bottom):
            return _divide(_simplified(top, working), _simplified(bottom, working), working)
        case _:
            return expression


def _simplified(part: Expression, working: Working) -> Expression:
    """A part with its own rules applied; a sum of terms stays as written."""
    return part if is_polynomial(part) else simplify(part, working)


def collect_terms(asked: Expression, parts: Sequence[Expression], working: Working) -> Expression:
    """The parts of what was `asked` added up; writes a line unless there is nothing to do."""
    whole = joined(parts)
    terms = terms_of(whole)
    result = collect(_without_signs(terms) if working.made("signs dropped") else terms)
    if result != asked:
        others = (working.steps[-1].skill_id,) if working.steps else ()
        ordered = sorted(terms, key=lambda term: -term.exponent)
        start = asked if result == whole else whole
        working.write(("like-terms", *others), start, joined(ordered), result)
    return result


def _without_signs(terms: Sequence[Term]) -> list[Term]:
    return [terms[0], *(Term(abs(term.coefficient), term.exponent) for term in terms[1:])]


def _raise(base: Expression, exponent: int, working: Working) -> Expression:
    if isinstance(base, Sum):
        return _expand_power(base, exponent, working)
    assert isinstance(base, Term)
    if is_number(base):
        result = number(base.coefficient**exponent)
        working.write("evaluating-powers", Power(base, exponent), result)
        return result
    added = working.made("exponents added")
    coefficient, variable = base.coefficient**exponent, working.variable
    result = monomial(coefficient, base.exponent + exponent if added else base.exponent * exponent)
    sign = f" + {exponent}" if added else f"*{exponent}"
    sides = f"{variable}^({base.exponent}{sign})"
    if base.coefficient != 1:
        sides = f"{working.show(Power(number(base.coefficient), exponent))}*{sides}"
    working.write("power-of-a-power", Power(base, exponent), sides, result)
    return result


def _expand_power(base: Sum, exponent: int, working: Working) -> Expression:
    result: Expression = base
    for count in range(2, exponent + 1):
        left = working.show(Power(base, count)) if count == 2 else working.show(Power(base, exponent))
        result = _expand_pair(result, base, working, left)
    return result


def _multiply_all(factors: Sequence[Expression], working: Working) -> Expression:
    terms = [factor for factor in factors if isinstance(factor, Term)]
    sums = [factor for factor in factors if isinstance(factor, Sum)]
    if not sums:
        return _multiply_terms(terms, working)
    product: Expression = sums[0]
    for other in sums[1:]:
        product = _expand_pair(product, other, working, None)
    if not terms:
        return product
    factor = terms[0] if len(terms) == 1 else _multiply_terms(terms, working)
    assert isinstance(factor, Term)
    return distribute(factor, product, working)


def _multiply_terms(terms: Sequence[Term], working: Working) -> Term:
    coefficients = [term.coefficient for term in terms if term.coefficient != 1]
    exponents = [term.exponent for term in terms if term.exponent]
    added = working.made("coefficients added") and len(coefficients) > 1
    multiplied = working.made("exponents multiplied") and len(exponents) > 1
    coefficient = sum(coefficients, Fraction(0)) if added else prod(coefficients, start=Fraction(1))
    result = monomial(coefficient, prod(exponents) if multiplied else sum(exponents))
    numbers = _joined_numbers(coefficients, " + " if added else "*")
    if added and exponents:
        numbers = f"({numbers})"
    power = _joined_powers(exponents, multiplied, working)
    work = "*".join(text for text in (numbers, power) if text)
    working.write(_rule_for_factors(terms), Product(tuple(terms)), work, result)
    return result


def _joined_powers(exponents: Sequence[Exponent], multiplied: bool, working: Working) -> str:
    """`x^(3 + 4)`, empty where no factor has a power."""
    if len(exponents) < 2:
        return working.show(monomial(1, exponents[0])) if exponents else ""
    whole = joined([number(exponent) for exponent in exponents])
    return f"{working.variable}^({'*'.join(map(str, exponents)) if multiplied else working.show(whole)})"


def _joined_numbers(values: Sequence[Fraction], sign: str) -> str:
    first, *others = [f"({value})" if value.denominator != 1 else str(value) for value in values] or [""]
    return first + "".join(f"{sign}{f'({text})' if text.startswith('-') else text}" for text in others)


def _rule_for_factors(terms: Sequence[Term]) -> tuple[str, ...]:
    if all(is_number(term) for term in terms):
        return ("signed-numbers",)
    if any(term.exponent < 0 for term in terms):
        return ("negative-exponents",)
    if all(term.coefficient == 1 for term in terms):
        return ("multiplying-powers",)
    return ("multiplying-monomials", "multiplying-powers")


def distribute(factor: Term, inside: Expression, working: Working) -> Expression:
    """`factor` times every term of `inside`, in one line."""
    terms = terms_of(inside)
    if len(terms) == 1:
        return _multiply_terms([factor, *terms], working)
    if working.made("first term only"):
        result = collect([*terms_of(multiply(factor, terms[0])), *terms[1:]])
        working.write("distributing", Product((factor, inside)), result)
        return result
    result = multiply(factor, inside)
    pieces = [Product((factor, term)) for term in terms]
    working.write("distributing", Product((factor, inside)), _signed_pieces(pieces, working), result)
    return result


def _signed_pieces(pieces: Sequence[Product], working: Working) -> str:
    """`3x*2x - 3x*5`: products added up, the sign of each in front of it."""
    text = ""
    for piece in pieces:
        factor, term = terms_of(Sum(piece.factors))
        negative = (factor.coefficient < 0) != (term.coefficient < 0)
        size = "*".join(working.show(Term(abs(part.coefficient), part.exponent)) for part in (factor, term))
        text += (" - " if negative else " + ") + size if text else ("-" if negative else "") + size
    return text


def _expand_pair(first: Expression, second: Expression, working: Working, left: str | None) -> Expression:
    """The product of two sums: all pairs of terms, then collected."""
    pairs = [(a, b) for a in terms_of(first) for b in terms_of(second)]
    if working.made("middle forgotten"):
        pairs = [pairs[0], pairs[-1]]
    products = [Term(a.coefficient * b.coefficient, a.exponent + b.exponent) for a, b in pairs]
    result = collect(products)
    shown = working.show(Product((first, second)))
    working.write("expanding-products", *([left] if left else []), shown, joined(products), result)
    return result


def _divide(top: Expression, bottom: Expression, working: Working) -> Expression:
    assert isinstance(bottom, Term)
    shown, variable = Quotient(top, bottom), working.variable
    if isinstance(top, Sum):
        result = expand(shown)
        parts = " + ".join(working.show(Quotient(term, bottom)) for term in terms_of(top)).replace("+ -", "- ")
        working.write("dividing-powers", shown, parts, result)
        return result
    assert isinstance(top, Term)
    if not has_variable(top):
        exponent = bottom.exponent if working.made("exponent sign") else -bottom.exponent
        result = monomial(top.coefficient / bottom.coefficient, exponent)
        working.write("negative-exponents", shown, result)
        return result
    exponent = top.exponent - bottom.exponent
    work = f"{variable}^({working.show(joined([number(top.exponent), number(-bottom.exponent)]))})"
    if working.made("exponents divided") and top.exponent % bottom.exponent == 0:
        exponent = top.exponent // bottom.exponent
        work = f"{variable}^({top.exponent}/{bottom.exponent})"
    ratio = top.coefficient / bottom.coefficient
    if bottom.coefficient != 1:
        work = f"({top.coefficient}/{bottom.coefficient})*{work}"
    elif top.coefficient != 1:
        work = f"{top.coefficient}*{work}"
    result = monomial(ratio, exponent)
    working.write("negative-exponents" if exponent < 0 else "dividing-powers", shown, work, result)
    return result
