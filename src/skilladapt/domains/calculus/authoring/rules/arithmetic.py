"""Works out expressions without a variable, in stages a person would write."""

from fractions import Fraction
from functools import reduce

from skilladapt.domains.calculus.authoring.expressions.trees import (
    Expression,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
    children,
    is_number,
    number,
)
from skilladapt.domains.calculus.authoring.rules.working import Working

LONG_POWER = 5
"""Up to this exponent a power is written out as a product."""


def compute(expression: Expression, working: Working) -> Fraction:
    """The value; every power gets a line of its own, the rest is signed arithmetic."""
    while not is_number(expression):
        power = _first_power(expression)
        if power is None:
            return evaluate(expression, "signed-numbers", working)
        value = number(power_value(power, working))
        skill_ids = ("negative-exponents",) if power.exponent < 0 else ("evaluating-powers",)
        working.write(skill_ids, power, *_written_out(power, value, working), value)
        expression = _replace(expression, power, value)
    assert isinstance(expression, Term)
    return expression.coefficient


def evaluate(expression: Expression, skill_id: str | tuple[str, ...], working: Working) -> Fraction:
    """The value, worked out in one line: powers and products first, then sums."""
    stages = [expression]
    while not is_number(stages[-1]):
        stages.append(_stage(stages[-1], working))
    working.write(skill_id, *stages)
    result = stages[-1]
    assert isinstance(result, Term)
    return result.coefficient


def power_value(power: Power, working: Working) -> Fraction:
    """The value of a power of a plain number, or a common wrong one."""
    assert isinstance(power.base, Term) and isinstance(power.exponent, int)
    base = power.base.coefficient
    if power.exponent < 0 and working.made("negative value"):
        return -(base**-power.exponent)
    if working.made("base times exponent"):
        return base * power.exponent
    if base < 0 and working.made("power sign"):
        return -(base**power.exponent)
    return base**power.exponent


def _written_out(power: Power, value: Term, working: Working) -> tuple[str, ...]:
    if power.exponent < 0:
        bottom = working.show(Power(power.base, -power.exponent) if power.exponent < -1 else power.base)
        return (f"-{bottom}" if working.made("negative value") else f"1/{bottom}",)
    if working.made("base times exponent"):
        return (working.show(Product((power.base, number(power.exponent)))),)
    if not isinstance(power.exponent, int) or power.exponent > LONG_POWER:
        return ()
    base = working.show(power.base)
    return ("*".join([f"({base})" if base.startswith("-") else base] * power.exponent),)


def _first_power(expression: Expression) -> Power | None:
    if isinstance(expression, Power) and is_number(expression.base):
        return expression
    return next((found for child in children(expression) if (found := _first_power(child))), None)


def _replace(expression: Expression, old: Expression, new: Expression) -> Expression:
    if expression == old:
        return new
    match expression:
        case Sum(parts):
            return Sum(tuple(_replace(part, old, new) for part in parts))
        case Product(factors):
            return Product(tuple(_replace(factor, old, new) for factor in factors))
        case Power(base, exponent):
            return Power(_replace(base, old, new), exponent)
        case Quotient(top, bottom):
            return Quotient(_replace(top, old, new), _replace(bottom, old, new))
        case _:
            return expression


def _stage(expression: Expression, working: Working) -> Expression:
    """The expression after one more stage of arithmetic."""
    match expression:
        case Sum(parts) if all(is_number(part) for part in parts):
            return _add(parts, working)
        case Sum(parts):
            return Sum(tuple(part if is_number(part) else _shallow(part, working) for part in parts))
        case Product(factors) if all(is_number(factor) for factor in factors):
            return number(_product([factor for factor in factors if isinstance(factor, Term)], working))
        case Product((Term(coefficient, 0), Power(base, exponent))) if working.made("coefficient inside power"):
            return Power(_stage(Product((number(coefficient), base)), working), exponent)
        case Product(factors):
            return Product(tuple(f if is_number(f) else _stage(f, working) for f in factors))
        case Power(base, _) if is_number(base):
            return number(power_value(expression, working))
        case Power(base, exponent):
            return Power(_stage(base, working), exponent)
        case Quotient(Term(top, 0), Term(bottom, 0)):
            return number(top / bottom)
        case Quotient(top, bottom):
            return Quotient(
                top if is_number(top) else _stage(top, working),
                bottom if is_number(bottom) else _stage(bottom, working),
            )
        case _:
            return expression


def _shallow(part: Expression, working: Working) -> Expression:
    """A summand's value at once when its factors are numbers or powers of numbers, else one stage of it."""
    after = _stage(part, working)
    return _stage(after, working) if _is_shallow(part) and not is_number(after) else after


def _is_shallow(part: Expression) -> bool:
    return all(
        is_number(factor) or (isinstance(factor, Power) and is_number(factor.base)) for factor in children(part)
    )


def _add(parts: tuple[Expression, ...], working: Working) -> Expression:
    """The sum; of more than three numbers only the first two, as one does in one's head."""
    values = [part.coefficient for part in parts if isinstance(part, Term)]
    if working.made("signs dropped"):
        values = [values[0], *map(abs, values[1:])]
    if len(values) > 3:
        return Sum((number(values[0] + values[1]), *map(number, values[2:])))
    return number(sum(values, Fraction(0)))


def _product(factors: list[Term], working: Working) -> Fraction:
    value = reduce(lambda total, factor: total * factor.coefficient, factors, Fraction(1))
    negative = sum(factor.coefficient < 0 for factor in factors)
    return -value if negative == 2 and working.made("product sign") else value
