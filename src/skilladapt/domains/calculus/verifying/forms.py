"""In what form an answer must be, where having the right value is not enough.

Without this the question itself could pass for its answer: `sin(pi/3)`, `ln(e^3)`, `sqrt(72)`.
"""

from fractions import Fraction
from math import isqrt
from typing import Literal

from skilladapt.verification.expressions import (
    Constant,
    Expression,
    Function,
    Number,
    Power,
    Sum,
    letters,
    walk,
)

Form = Literal["", "root", "logarithm", "power of e"]
"""What a question asks for besides the value: the least number under a root, one logarithm, one power of e."""

CONSTANTS_OF_INTEGRATION = frozenset("CcKk")


def number_fault(found: Expression, form: Form) -> str:
    """What is not worked out in a number; empty when nothing is."""
    for part in walk(found):
        match part:
            case Function("sin" | "cos" | "tan"):
                return "not worked out: an angle"
            case Function("ln" | "log", Number(value)) if value not in (0, 1):
                continue
            case Function("ln" | "log"):
                return "not worked out: a logarithm"
            case Function("sqrt", Number(value)) if not _is_square(int(value.numerator * value.denominator)):
                if form == "root" and not (value.denominator == 1 and _is_squarefree(int(value))):
                    return "not worked out: a square under a root"
            case Function("sqrt"):
                return "not worked out: a root"
            case Power(Number(), Number(exponent)) if exponent.denominator == 1:
                return "not worked out: a power"
    return _not_single(found, form)


def _not_single(found: Expression, form: Form) -> str:
    if form == "logarithm" and not isinstance(found, Function):
        return "not worked out: more than one logarithm"
    if form == "power of e" and not _is_power_of_e(found):
        return "not worked out: more than one power of e"
    if form == "root" and isinstance(found, Sum):
        return "not worked out: more than one root"
    return ""


def _is_power_of_e(found: Expression) -> bool:
    match found:
        case Power(Constant("e"), exponent) | Function("exp", exponent):
            return isinstance(exponent, Number)
        case _:
            return found in (Constant("e"), Number(Fraction(1)))


def letters_fault(found: Expression, variable: str) -> str:
    """Which letter an antiderivative may not have; empty when there is none."""
    others = letters(found) - {variable} - CONSTANTS_OF_INTEGRATION
    return f"it has the letter {min(others)}, which means nothing" if others else ""


def _is_square(value: int) -> bool:
    return value >= 0 and isqrt(value) ** 2 == value


def _is_squarefree(value: int) -> bool:
    return all(value % (k * k) for k in range(2, isqrt(value) + 1))
