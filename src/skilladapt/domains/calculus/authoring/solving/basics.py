"""Solves the problems about numbers, polynomials, functions and rules for derivatives."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.expressions.combining import collect, expand, multiply, substitute
from skilladapt.domains.calculus.authoring.expressions.showing import show
from skilladapt.domains.calculus.authoring.expressions.trees import (
    Expression,
    Power,
    Product,
    Sum,
    Term,
    is_polynomial,
    monomial,
    number,
    terms_of,
)
from skilladapt.domains.calculus.authoring.problem import Problem
from skilladapt.domains.calculus.authoring.rules.arithmetic import compute, evaluate
from skilladapt.domains.calculus.authoring.rules.differentiating import add_derivatives
from skilladapt.domains.calculus.authoring.rules.evaluating import fraction, put_in
from skilladapt.domains.calculus.authoring.rules.functions import differentiate
from skilladapt.domains.calculus.authoring.rules.simplifying import simplify
from skilladapt.domains.calculus.authoring.rules.working import Step, Working
from skilladapt.domains.calculus.authoring.solving.solution import Result, Solver
from skilladapt.domains.calculus.authoring.wordings.differentiating import DIFFERENTIATING
from skilladapt.records import AnswerType


def _basic(problem: Problem, working: Working) -> Result:
    """Solves a problem about powers, polynomials and functions made of them."""
    expression, answer_type = _result(problem, working)
    return Result(expression, answer_type, "u" if problem.task == "outer" else None)


def _result(problem: Problem, working: Working) -> tuple[Expression, AnswerType]:
    first = problem.expressions[0]
    match problem.task:
        case "compute":
            return number(compute(first, working)), "number"
        case "simplify":
            return simplify(first, working), "polynomial"
        case "composition" | "expanded composition" | "composition derivative":
            return _compose(problem, working)
        case "swapped composition":
            inner, outer = _split(first)
            _inner_or_outer(problem, working)
            return _compose(replace(problem, style="composition", expressions=(inner, outer)), working)
        case "inner" | "outer":
            return _inner_or_outer(problem, working), "expression"
        case "inner derivative":
            return differentiate(_inner_or_outer(problem, working), working), "expression"
        case "named chain":
            _inner_or_outer(problem, working)
            return differentiate(first, working), "expression"
        case "derivative":
            return differentiate(first, working), "expression"
        case "two derivatives":
            asked = " + ".join(working.derivative_of(form) for form in problem.expressions)
            parts = [differentiate(form, working) for form in problem.expressions]
            return add_derivatives(asked, parts, working), "expression"
        case "expanded derivative":
            return differentiate(simplify(first, working), working), "polynomial"
        case "shifted" | "scaled" | "added":
            return _from_known(problem, working), "expression"
        case "second derivative":
            if working.made("once only"):
                return differentiate(first, working), "expression"
            return again(differentiate(first, working), working), "expression"
        case "second from first":
            return again(first, working), "expression"
        case _:
            return _value(problem, working), "number"


def _value(problem: Problem, working: Working) -> Expression:
    first = problem.expressions[0]
    point = problem.numbers[0] if problem.numbers else Fraction(0)
    match problem.task:
        case "value":
            return _at(first, point, "evaluating-polynomials", working)
        case "simplified value":
            simple = simplify(first, working)
            return _at(simple, point, _rules_for_value(simple), working)
        case "computed value":
            point = compute(problem.expressions[1], working)
            return _at(first, point, _rules_for_value(first), working)
        case "nested value":
            between = _at(first, point, "function-values", working)
            return _at(problem.expressions[1], fraction(between), "evaluating-polynomials", working)
        case "two slopes":
            derived = differentiate(first, working)
            value = _at(derived, point, "derivative-value", working)
            slope = _at(derived, problem.numbers[1], "tangent-slope", working)
            return number(evaluate(Sum((value, slope)), "tangent-slope", working))
        case "shifted value":
            known = _from_known(replace(problem, style="shifted"), working)
            return _at(known, problem.numbers[1], ("derivative-value", "function-values"), working)
        case "value and derivative":
            value = _at(first, point, "function-values", working)
            slope = _at(differentiate(first, working), point, "derivative-value", working)
            return number(evaluate(Sum((value, slope)), "derivative-value", working))
        case "function value":
            return _at(first, point, "function-values", working)
        case "two values":
            values = [_at(first, point, "function-values", working) for point in problem.numbers]
            second = values[1]
            if problem.sign == "-":
                shown = fraction(second)
                second = Product((number(-1), second)) if shown < 0 else number(-shown)
            return number(evaluate(Sum((values[0], second)), "function-values", working))
        case "composition value":
            outer, inner = problem.expressions
            between = _at(inner, point, "function-values", working)
            return _at(outer, fraction(between), "composing-functions", working)
        case "second value":
            return _at(again(differentiate(first, working), working), point, "function-values", working)
        case task:
            derived = first if working.made("not differentiated") else differentiate(first, working)
            rules = ("tangent-slope",) if task == "slope" else ("derivative-value", "function-values")
            return _at(derived, point, rules, working)


def _at(expression: Expression, point: Fraction, skill_id: str | tuple[str, ...], working: Working) -> Expression:
    return put_in(expression, number(point), skill_id, working)


def _rules_for_value(expression: Expression) -> tuple[str, ...]:
    if isinstance(expression, Term) and expression.exponent < 0:
        return ("negative-exponents",)
    rules = ("function-values", "evaluating-polynomials")
    return (*rules, "evaluating-powers") if isinstance(expression, Term) else rules


def again(derived: Expression, working: Working) -> Expression:
    """The derivative once more, under the name of the second derivative."""
    before = len(working.steps)
    result = differentiate(derived, working)
    if is_polynomial(derived):
        working.steps[before:] = [Step("second-derivative", step.work) for step in working.steps[before:]]
    return result


def _compose(problem: Problem, working: Working) -> tuple[Expression, AnswerType]:
    outer, inner = problem.expressions
    if working.made("order swapped"):
        outer, inner = inner, outer
    result = substitute(outer, inner)
    if isinstance(inner, Term):
        result = expand(result)
    if working.made("functions multiplied"):
        result = Product((outer, inner))
    put_in = f"with {working.show(inner)} for {problem.variable}"
    working.write("composing-functions", f"{put_in}, {working.show(outer)} becomes {working.show(result)}")
    if problem.task == "expanded composition":
        return simplify(result, working), "polynomial"
    if problem.task == "composition derivative":
        return differentiate(result, working), "expression"
    return result, "expression"


def _inner_or_outer(problem: Problem, working: Working) -> Expression:
    whole = problem.expressions[0]
    inner, outer = _split(whole)
    wants_inner = (problem.task != "outer") != working.made("inner taken for outer")
    shown_inner, shown_outer = working.show(inner), show(outer, "u")
    skill_id = "inner-and-outer"
    if wants_inner:
        working.write(skill_id, f"{working.show(whole)} is {shown_outer} with u for {shown_inner}")
        return inner
    working.write(skill_id, f"with u for {shown_inner}, {working.show(whole)} is {shown_outer}")
    return outer


def _split(whole: Expression) -> tuple[Expression, Expression]:
    """The sum under the one power, and the whole with a plain variable in its place."""
    match whole:
        case Power(inner, exponent):
            return inner, monomial(1, exponent)
        case Product((Term(coefficient, 0), Power(inner, exponent))):
            return inner, monomial(coefficient, exponent)
        case Sum((part, Term() as added)):
            inner, outer = _split(part)
            return inner, Sum((outer, added))
        case _:
            raise ValueError(f"no power of a sum in {show(whole)}")


def _from_known(problem: Problem, working: Working) -> Expression:
    """The derivative of a function built from functions whose derivatives are known."""
    known = problem.expressions[0]
    if problem.task == "shifted":
        constant = problem.numbers[0] * (1 if problem.sign == "+" else -1)
        kept = number(constant) if working.made("constant kept") else number(0)
        result = collect([*terms_of(known), *terms_of(kept)])
        shown = f"{working.show(known)} {problem.sign} {abs(constant) if working.made('constant kept') else 0}"
        working.write("constant-rule", shown, result)
        return result
    if problem.task == "scaled":
        factor = problem.numbers[0]
        if working.made("coefficient lost"):
            working.write("constant-multiple", known)
            return known
        result = multiply(number(factor), known)
        product = Product((number(factor), known))
        shown = working.show(product)
        working.write("constant-multiple", shown, result)
        return result
    second = multiply(number(-1), problem.expressions[1]) if problem.sign == "-" else problem.expressions[1]
    if working.made("second part forgotten"):
        working.write("sum-rule", known)
        return known
    result = collect([*terms_of(known), *terms_of(second)])
    shown = f"{_bracketed(known, working)} {problem.sign} {_bracketed(problem.expressions[1], working)}"
    working.write("sum-rule", shown, result)
    return result


def _bracketed(expression: Expression, working: Working) -> str:
    text = working.show(expression)
    return f"({text})" if isinstance(expression, Sum) or text.startswith("-") else text


BASICS: Mapping[str, Solver] = MappingProxyType({style.task: _basic for style in DIFFERENTIATING.values()})
"""Solvers by task."""
