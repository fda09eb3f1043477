"""Differentiates expressions by the rules of the syllabus, one named rule a line."""

from collections.abc import Sequence
from fractions import Fraction

from skilladapt.domains.calculus.authoring.expressions.combining import collect, multiply, times
from skilladapt.domains.calculus.authoring.expressions.showing import show_exponent
from skilladapt.domains.calculus.authoring.expressions.trees import (
    Exponent,
    Expression,
    Power,
    Product,
    Sum,
    Term,
    is_number,
    is_polynomial,
    joined,
    monomial,
    number,
    terms_of,
)
from skilladapt.domains.calculus.authoring.rules.simplifying import collect_terms, simplify
from skilladapt.domains.calculus.authoring.rules.working import Working


def differentiate(expression: Expression, working: Working) -> Expression:
    """The derivative; polynomials come out collected, powers of sums stay factored."""
    if is_polynomial(expression):
        return differentiate_polynomial(expression, working)
    match expression:
        case Sum(parts):
            return _differentiate_sum(parts, working)
        case Power(Sum() as inner, int(exponent)):
            return _chain(number(1), inner, exponent, expression, working)
        case Product((Term(_, 0) as factor, Power(Sum() as inner, int(exponent)))):
            return _chain(factor, inner, exponent, expression, working)
        case Product((first, *rest)) if any(_has_sum(factor) for factor in (first, *rest)):
            second = rest[0] if len(rest) == 1 else simplify(Product(tuple(rest)), working)
            return _differentiate_product(first, second, expression, working)
        case _:
            return differentiate(simplify(expression, working), working)


def _has_sum(factor: Expression) -> bool:
    return isinstance(factor, Sum) or (isinstance(factor, Power) and isinstance(factor.base, Sum))


def differentiate_polynomial(expression: Expression, working: Working) -> Expression:
    """The derivative of a plain sum of terms, in one line."""
    terms = terms_of(expression)
    derived = [_derived(term, working) for term in terms]
    result = collect(derived)
    pieces = [_work(term, working) for term in terms]
    work = pieces[0] + "".join(f" - {p[1:]}" if p.startswith("-") else f" + {p}" for p in pieces[1:])
    working.write(_rule_for(terms), working.derivative_of(expression), work, result)
    return result


def derivative(expression: Expression) -> Expression:
    """The derivative of a plain sum of terms, nothing written."""
    return collect(_derived(term, Working("x")) for term in terms_of(expression))


def _derived(term: Term, working: Working) -> Term:
    coefficient, exponent = term.coefficient, term.exponent
    if exponent == 0:
        return term if working.made("constant kept") else number(0)
    factor = Fraction(1) if working.made("factor forgotten") else Fraction(exponent)
    if working.made("coefficient lost"):
        coefficient = Fraction(1)
    return monomial(factor * coefficient, lowered(exponent, working))


def lowered(exponent: Exponent, working: Working) -> Exponent:
    """One less, or what is mistaken for it."""
    if working.made("exponent kept"):
        return exponent
    return exponent + 1 if working.made("exponent raised") else exponent - 1


def _work(term: Term, working: Working) -> str:
    """How one term's derivative is found: `4*3x^3` for `3x^4`."""
    derived = _derived(term, working)
    if term.exponent in (0, 1) or abs(term.coefficient) == 1 or working.mistake:
        return working.show(derived)
    minus = "-" if (term.coefficient < 0) != (term.exponent < 0) else ""
    size = working.show(monomial(abs(term.coefficient), term.exponent - 1))
    if term.exponent < 0 and term.coefficient > 0:
        return f"{show_exponent(term.exponent)}*{size}"
    return f"{minus}{show_exponent(max(term.exponent, -term.exponent))}*{size}"


def _rule_for(terms: Sequence[Term]) -> str:
    if all(is_number(term) for term in terms):
        return "constant-rule"
    if any(term.exponent != int(term.exponent) for term in terms):
        return "root-derivatives"
    if any(term.exponent < 0 for term in terms):
        return "negative-powers"
    if len(terms) == 1:
        return "power-rule" if terms[0].coefficient == 1 else "constant-multiple"
    plain = all(abs(term.coefficient) == 1 or is_number(term) for term in terms)
    return "sum-rule" if plain else "polynomial-derivatives"


def _differentiate_sum(parts: Sequence[Expression], working: Working) -> Expression:
    plain = [part for part in parts if is_polynomial(part)]
    derivatives = [differentiate(part, working) for part in parts if not is_polynomial(part)]
    if plain:
        derivatives.append(differentiate(joined(plain), working))
    return add_derivatives(working.derivative_of(Sum(tuple(parts))), derivatives, working)


def add_derivatives(asked: str, derivatives: Sequence[Expression], working: Working) -> Expression:
    """The derivatives of the parts of what was `asked`, added in one line."""
    if working.made("second part forgotten"):
        derivatives = derivatives[:1]
    fallback = working.steps[-1].skill_id
    whole = joined(derivatives)
    result = collect(terms_of(whole)) if is_polynomial(whole) else without_zeros(whole)
    working.write(("sum-rule", fallback), asked, whole, result)
    return result


def without_zeros(expression: Expression) -> Expression:
    """The sum without its parts that are 0."""
    if not isinstance(expression, Sum):
        return expression
    kept = [part for part in expression.parts if part != number(0)]
    return joined(kept) if kept else number(0)


def _chain(factor: Term, inner: Sum, exponent: int, whole: Expression, working: Working) -> Expression:
    """`c(inner)^n`: the outer power's derivative times the inner function's."""
    if len(inner.parts) > 2 or any(term.exponent > 1 for term in terms_of(inner)):
        slope = differentiate_polynomial(inner, working)
    else:
        slope = derivative(inner)
    if working.made("inner derivative forgotten"):
        slope = number(1)
    left = Power(inner, lowered(exponent, working))
    outside = Fraction(1) if working.made("factor forgotten") else Fraction(exponent)
    power = inner if left.exponent == 1 else left
    front = str(outside) if factor.coefficient == 1 else f"{factor.coefficient}*{outside}"
    shown = working.show(slope)
    shown = f"({shown})" if isinstance(slope, Sum) or shown.startswith("-") else shown
    bracket = working.show(Product((Term(Fraction(2)), power)))[1:]
    result = times([factor, number(outside), slope, power])
    middle = f"{front}{bracket}" if working.made("inner derivative forgotten") else f"{front}{bracket}*{shown}"
    working.write("chain-rule", working.derivative_of(whole), middle, result)
    return result


def _differentiate_product(
    first: Expression, second: Expression, whole: Expression, working: Working
) -> Expression:
    """First factor's derivative times the second, plus the first times the second's derivative."""
    plain = is_polynomial(first) and is_polynomial(second)
    slopes = [
        derivative(factor) if is_polynomial(factor) and not working.mistake else _slope(factor, working)
        for factor in (first, second)
    ]
    if working.made("derivatives multiplied"):
        result = multiply(*slopes) if plain else times(slopes)
        working.write("product-rule", working.derivative_of(whole), beside(slopes[0], slopes[1], working), result)
        return result
    minus = working.made("minus between")
    between = " - " if minus else " + "
    sides = (beside(slopes[0], second, working), beside(first, slopes[1], working))
    skill_id = "product-rule" if plain else "product-with-chain"
    if plain:
        working.write(skill_id, working.derivative_of(whole), between.join(sides))
        pieces = [multiply(slopes[0], second), multiply(number(-1 if minus else 1), multiply(first, slopes[1]))]
        return collect_terms(joined(pieces), pieces, working)
    left, right = times([slopes[0], second]), times([number(-1 if minus else 1), first, slopes[1]])
    result = without_zeros(joined([left, right]))
    working.write(skill_id, working.derivative_of(whole), between.join(sides), result)
    return result


def _slope(factor: Expression, working: Working) -> Expression:
    """A factor's derivative; only a factor that needs the chain rule gets a line."""
    if is_polynomial(factor):
        return collect(_derived(term, working) for term in terms_of(factor))
    return differentiate(factor, working)


def beside(first: Expression, second: Expression, working: Working) -> str:
    """Two factors with a sign between them, each in parentheses where it needs them."""
    left, right = working.show(first), working.show(second)
    left = f"({left})" if isinstance(first, Sum) else left
    right = f"({right})" if isinstance(second, Sum) or right.startswith("-") else right
    return f"{left}*{right}"
