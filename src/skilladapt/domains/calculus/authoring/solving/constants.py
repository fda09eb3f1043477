"""Works out numbers that are not rational, and fractions: each root, angle, power or logarithm in a line."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from math import lcm, prod
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.expressions.combining import times
from skilladapt.domains.calculus.authoring.expressions.exact import (
    Exact,
    Unsolvable,
    exact_value,
    power,
    rational,
    root,
    written,
)
from skilladapt.domains.calculus.authoring.expressions.trees import (
    PI,
    ZERO,
    Call,
    Expression,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
    children,
    is_number,
    joined,
    monomial,
    number,
    terms_of,
)
from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.rules.working import Working
from skilladapt.domains.calculus.authoring.solving.solution import Result, Solver


def _fractions(problem: Problem, working: Working) -> Result:
    whole = problem.expressions[0]
    terms = terms_of(whole)
    if working.made("denominators added"):
        above = sum(term.coefficient.numerator for term in terms)
        result = number(Fraction(above, sum(term.coefficient.denominator for term in terms)))
        working.write("adding-fractions", whole, result)
        return Result(result)
    below = lcm(*(term.coefficient.denominator for term in terms))
    tops = [int(term.coefficient * below) for term in terms]
    if working.made("numerators kept"):
        tops = [term.coefficient.numerator for term in terms]
    widened = "".join(f" {'-' if top < 0 else '+'} {abs(top)}/{below}" for top in tops).removeprefix(" + ")
    total = sum(tops)
    result = number(Fraction(total, below))
    working.write(
        "adding-fractions",
        whole,
        widened.replace(" - ", "-", 1) if tops[0] < 0 else widened,
        f"{total}/{below}",
        result,
    )
    return Result(result)


def _exact(problem: Problem, working: Working) -> Result:
    """Each root, power, angle and logarithm in a line, then the rest."""
    whole = problem.expressions[0]
    if isinstance(whole, Product) and all(
        isinstance(factor, Call) and factor.name == "sqrt" for factor in whole.factors
    ):
        return _roots_multiplied(whole, working)
    values = {part: _part_value(part, working) for part in dict.fromkeys(_parts(whole))}
    replaced = _replaced(whole, {part: written(value) for part, value in values.items()})
    result = written(exact_value(replaced, {}))
    if result == ZERO and isinstance(whole, Sum):
        raise Unsolvable("nothing is left")
    if whole not in values:
        working.write(working.steps[-1].skill_id, whole, replaced, result)
    return Result(result)


def _roots_multiplied(whole: Product, working: Working) -> Result:
    inside = [terms_of(children(factor)[0])[0].coefficient for factor in whole.factors]
    under = sum(inside) if working.made("roots added") else prod(inside)
    value = root(rational(under))
    result = written(value)
    atom, size = next(iter(value.items()))
    squares = [f"sqrt({size * size}*{working.show(children(atom)[0])})"] if children(atom) and size != 1 else []
    told = "*".join(map(str, inside))
    middle = [f"sqrt({told})", f"sqrt({under})", *squares] if not working.mistake else []
    working.write("square-roots", whole, *middle, result)
    return Result(result)


def _parts(expression: Expression) -> Iterator[Expression]:
    """The innermost parts that need a rule of their own."""
    match expression:
        case Call("sqrt" | "sin" | "cos" | "tan" | "ln" | "exp"):
            yield expression
        case Power(Term(_, 0), exponent) if exponent != int(exponent):
            yield expression
        case _:
            for child in children(expression):
                yield from _parts(child)


def _replaced(expression: Expression, values: Mapping[Expression, Expression]) -> Expression:
    if expression in values:
        return values[expression]
    match expression:
        case Sum(parts):
            return joined([_replaced(part, values) for part in parts])
        case Product(factors):
            found = [_replaced(factor, values) for factor in factors]
            return Product(
                tuple(one for part in found for one in (part.factors if isinstance(part, Product) else (part,)))
            )
        case Power(base, exponent):
            return Power(_replaced(base, values), exponent)
        case Quotient(top, bottom):
            return Quotient(_replaced(top, values), _replaced(bottom, values))
        case _:
            return expression


def _part_value(part: Expression, working: Working) -> Exact:
    match part:
        case Call("sqrt", Term(inside, 0)):
            return _root_value(part, inside, working)
        case Call("sin" | "cos" | "tan", angle):
            return _angle_value(part, angle, working)
        case Call():
            return _logarithm_value(part, working)
        case Power(Term(base, 0), exponent):
            return _broken_power(part, base, Fraction(exponent), working)
        case _:
            raise Unsolvable("no rule for this number")


def _root_value(part: Expression, inside: Fraction, working: Working) -> Exact:
    value = root(rational(inside))
    ((atom, size), *_) = value.items()
    if is_number(atom):
        if working.made("halved"):
            value = rational(inside / 2)
        working.write("square-roots", part, written(value))
        return value
    if size == 1:
        return value
    wrong = working.made("square kept")
    under = atom.argument if isinstance(atom, Call) else atom
    value = {atom: size * size} if wrong else value
    working.write("square-roots", part, f"sqrt({size * size}*{working.show(under)})", written(value))
    return value


def _angle_value(part: Call, angle: Expression, working: Working) -> Exact:
    value = exact_value(part, {})
    turn = exact_value(angle, {}).get(PI, Fraction(0)) % 2
    near = min(turn % 1, 1 - turn % 1)
    reference = exact_value(Call(part.name, written({PI: near} if near else {})), {})
    if working.made("sine and cosine mixed up") and part.name != "tan":
        value = exact_value(Call("cos" if part.name == "sin" else "sin", angle), {})
        working.write("trigonometric-values", part, written(value))
        return value
    minus = value != reference
    if working.made("quadrant forgotten"):
        value, minus = reference, False
    shown = f"{'-' if minus else ''}{part.name}({working.show(written({PI: near} if near else {}))})"
    sides = [shown] if turn != near else []
    working.write("trigonometric-values", part, *sides, written(value))
    return value


def _logarithm_value(part: Expression, working: Working) -> Exact:
    value = exact_value(part, {})
    match part:
        case Call("exp", Product((Term(factor, 0), Call("ln", inside)))):
            if working.made("factor kept outside"):
                value = exact_value(times([number(factor), inside]), {})
                working.write("natural-logarithm", part, written(value))
            else:
                working.write("natural-logarithm", part, working.show(Power(inside, int(factor))), written(value))
        case Call("exp", Call("ln")):
            if working.made("factor kept outside"):
                value = exact_value(Call("exp", number(2)), {})
            working.write("natural-logarithm", part, written(value))
        case Call("ln", Quotient(_, below)):
            assert isinstance(below, Call) and isinstance(below.argument, Term)
            if working.made("minus lost"):
                value = rational(below.argument.coefficient)
            turned = Call("ln", Call("exp", number(-below.argument.coefficient)))
            working.write("natural-logarithm", part, *([] if working.mistake else [turned]), written(value))
        case _:
            if working.made("minus lost", "logarithm of e forgotten"):
                inner = part.argument if isinstance(part, Call) else part
                value = rational(abs(_exponent(inner))) if working.made("minus lost") else exact_value(inner, {})
            working.write("natural-logarithm", part, written(value))
    return value


def _exponent(inner: Expression) -> Fraction:
    if isinstance(inner, Call) and inner.name == "exp" and isinstance(inner.argument, Term):
        return inner.argument.coefficient
    raise Unsolvable("no power of e")


def _broken_power(part: Power, base: Fraction, exponent: Fraction, working: Working) -> Exact:
    if working.made("base times exponent"):
        value = rational(base * exponent)
        working.write("fractional-exponents", part, f"{base}*({exponent})", written(value))
        return value
    value = power(rational(base), exponent)
    inner = power(rational(base), Fraction(1, exponent.denominator))
    size, up = written(inner), exponent.numerator
    if working.made("negative value") and up < 0:
        value = rational(-(inner[next(iter(inner))] ** -up))
    inside = f"({base}^(1/{exponent.denominator}))^{up}" if up != 1 else f"{base}^(1/{exponent.denominator})"
    raised = [inside, working.show(Power(size, up))] if up != 1 and not working.mistake else []
    working.write("fractional-exponents", part, *raised, written(value))
    return value


def _power_of_e(problem: Problem, working: Working) -> Result:
    """One power of e: exponents are added, subtracted and multiplied."""
    whole = problem.expressions[0]
    if working.made("exponents multiplied"):
        exponents = [_exponent(part) for part in _parts(whole)]
        value: Expression = Call("exp", number(reduce(lambda a, b: a * b, exponents)))
        working.write("powers-of-e", whole, value)
        return Result(value)
    result = written(exact_value(whole, {}))
    working.write("powers-of-e", whole, f"e^({_summed(whole)})", result)
    return Result(result)


def _summed(whole: Expression) -> str:
    """The exponents as they are put together: `3 + 4`, `2*3 - 5`."""
    match whole:
        case Call("exp", Term(exponent, 0)):
            return f"({exponent})" if exponent.denominator > 1 else str(exponent)
        case Power(base, exponent):
            return f"{_summed(base)}*{exponent}"
        case Quotient(top, bottom):
            return f"{_summed(top)} - {_summed(bottom)}"
        case Product(factors):
            texts = [_summed(factor) for factor in factors]
            return texts[0] + "".join(f" - {t[1:]}" if t.startswith("-") else f" + {t}" for t in texts[1:])
        case _:
            raise Unsolvable("no power of e")


def _one_logarithm(problem: Problem, working: Working) -> Result:
    parts = children(problem.expressions[0])
    pairs = [_factor_and_inside(part) for part in parts]
    raised = [(inside ** int(abs(factor)), factor) for factor, inside in pairs]
    if working.made("factor multiplied in"):
        raised = [(inside * abs(factor), factor) for factor, inside in pairs]
    shown = _logarithms(raised, working)
    total = reduce(lambda a, pair: a * pair[0] if pair[1] > 0 else a / pair[0], raised, Fraction(1))
    if working.made("arguments added"):
        total = sum((inside if factor > 0 else -inside for inside, factor in raised), Fraction(0))
    if total <= 0 or total == 1:
        raise Unsolvable("no logarithm is left")
    result = Call("ln", number(total))
    inside = "".join(f"{'*' if factor > 0 else '/'}{value}" for value, factor in raised)[1:]
    sides = [f"ln({inside})"] if not working.mistake and raised[0][1] > 0 else []
    working.write("logarithm-laws", problem.expressions[0], shown, *sides, result)
    return Result(result)


def _factor_and_inside(part: Expression) -> tuple[Fraction, Fraction]:
    match part:
        case Call("ln", Term(inside, 0)):
            return Fraction(1), inside
        case Product((Term(factor, 0), Call("ln", Term(inside, 0)))):
            return factor, inside
        case _:
            raise Unsolvable("no logarithm")


def _logarithms(pairs: Sequence[tuple[Fraction, Fraction]], working: Working) -> Expression:
    return joined(
        [times([number(1 if factor > 0 else -1), Call("ln", number(inside))]) for inside, factor in pairs]
    )


def _exponent_of(problem: Problem, working: Working) -> Result:
    """The k for which the expression is x^k."""
    whole = problem.expressions[0]
    k = _height(whole, working)
    sides = [whole, f"{working.variable}^({_heights(whole)})", monomial(1, k)]
    working.write("fractional-exponents", *([whole, monomial(1, k)] if working.mistake else sides))
    working.write("fractional-exponents", f"the exponent is {k}")
    return Result(number(k))


def _height(expression: Expression, working: Working) -> Fraction:
    match expression:
        case Term(_, exponent):
            return Fraction(exponent)
        case Call("sqrt", Term(_, exponent)):
            return Fraction(exponent) * (2 if working.made("root doubled") else Fraction(1, 2))
        case Product(factors):
            return sum((_height(factor, working) for factor in factors), Fraction(0))
        case Quotient(top, bottom):
            sign = 1 if working.made("exponent sign") else -1
            return _height(top, working) + sign * _height(bottom, working)
        case _:
            raise Unsolvable("no power")


def _heights(expression: Expression) -> str:
    match expression:
        case Term(_, exponent):
            return str(exponent)
        case Call("sqrt", Term(_, exponent)):
            return f"{exponent}/2"
        case Product(factors):
            return " + ".join(_heights(factor) for factor in factors)
        case Quotient(top, bottom):
            return f"{_heights(top)} - {_heights(bottom)}"
        case _:
            raise Unsolvable("no power")


CONSTANTS: Mapping[str, Solver] = MappingProxyType(
    {
        "fractions": _fractions,
        "exact": _exact,
        "power of e": _power_of_e,
        "logarithm": _one_logarithm,
        "exponent": _exponent_of,
    }
)
"""Solvers by task."""
