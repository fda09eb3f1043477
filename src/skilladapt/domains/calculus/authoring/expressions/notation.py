"""Reads the plain-text notation back into expressions, so that the author can take up a question it once asked.

The text may come from a student: nothing in it is executed, and its length and numbers are bounded before anything
is computed.
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from skilladapt.domains.calculus.authoring.expressions.trees import (
    MINUS_ONE,
    ONE,
    PI,
    VARIABLE,
    Call,
    Exponent,
    Expression,
    FunctionName,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
    children,
    has_variable,
    monomial,
    number,
    whole_if_possible,
)

MAX_LENGTH = 160
MAX_DIGITS = 7
MAX_EXPONENT = 200
"""Bounds the product of nested exponents too, so that no value has more than about 1,500 digits."""

_WORDS: Mapping[str, FunctionName] = MappingProxyType(
    {"sin": "sin", "cos": "cos", "tan": "tan", "ln": "ln", "sqrt": "sqrt"}
)
_TOKEN = re.compile(rf"\s*(\d+|{'|'.join(_WORDS)}|pi|[a-z]|[-+*/^()])")


_NAMED = re.compile(rf"{'|'.join(_WORDS)}|pi|e")
"""What has letters and is no variable."""


class NotationError(ValueError):
    """The text is not an expression in the notation, or is larger than any the author writes."""


def variable_of(text: str) -> str:
    """The one letter in `text`, `x` when there is none; raises `NotationError` for several."""
    letters = set(re.findall(r"[a-z]", _NAMED.sub("", text)))
    if len(letters) > 1:
        raise NotationError(f"several letters {sorted(letters)}; one variable is needed")
    return letters.pop() if letters else "x"


def read_expression(text: str, variable: str) -> Expression:
    """The expression that `show` prints as `text`; raises `NotationError` for anything else."""
    if len(text) > MAX_LENGTH:
        raise NotationError(f"{len(text)} characters; at most {MAX_LENGTH} are read")
    tokens, end = [], 0
    for match in _TOKEN.finditer(text):
        if match.start() != end:
            break
        tokens.append(match[1])
        end = match.end()
    if text[end:].strip():
        raise NotationError(f"cannot read {text[end:].strip()[:20]!r}")
    reader = _Reader(tokens, variable)
    expression = reader.sum()
    if reader.next is not None:
        raise NotationError(f"unexpected {reader.next!r}")
    if _height(expression) > MAX_EXPONENT:
        raise NotationError(f"exponents beyond {MAX_EXPONENT}")
    return expression


class _Reader:
    """One pass over the tokens, one method for each level of the grammar."""

    def __init__(self, tokens: list[str], variable: str) -> None:
        self._tokens = tokens
        self._variable = variable
        self._position = 0

    @property
    def next(self) -> str | None:
        return self._tokens[self._position] if self._position < len(self._tokens) else None

    def _take(self, *wanted: str) -> str | None:
        token = self.next
        if token is None or token not in wanted:
            return None
        self._position += 1
        return token

    def sum(self) -> Expression:
        parts = [self._product(minus=self._take("-") is not None)]
        while sign := self._take("+", "-"):
            parts.append(self._product(minus=sign == "-"))
        return parts[0] if len(parts) == 1 else Sum(tuple(parts))

    def _product(self, minus: bool) -> Expression:
        opened = self.next == "("
        factors = [self._factor()]
        if minus:
            factors = _negated(factors[0], opened)
        while self.next is not None and self.next not in "+-)":
            sign = self._take("*", "/")
            if sign is None and self.next is not None and self.next.isdigit():
                raise NotationError(f"{self.next!r} follows without a sign")
            after_fraction = sign is None and self.next == self._variable
            factor = self._factor()
            last = factors[-1]
            if sign == "/" and len(factors) > 1 and _stand_above(factors):
                factors = [Quotient(Product(tuple(factors)), factor)]
            elif sign == "/":
                factors[-1] = _divided(last, factor)
            elif after_fraction and isinstance(last, Term) and isinstance(factor, Term) and last.exponent == 0:
                factors[-1] = monomial(last.coefficient * factor.coefficient, factor.exponent)
            else:
                factors.append(factor)
        return factors[0] if len(factors) == 1 else Product(tuple(factors))

    def _factor(self) -> Expression:
        if self.next == "(":
            inside = self._factor_in_parentheses()
            return Power(inside, self._exponent()) if self._take("^") else inside
        token = self.next
        if token is None:
            raise NotationError("the expression ends too early")
        self._position += 1
        if token == "e":
            return Call("exp", self._raised() if self._take("^") else ONE)
        if token in _WORDS:
            return self._call(_WORDS[token])
        if token == "pi":
            return PI
        if token == self._variable:
            return monomial(1, self._exponent() if self._take("^") else 1)
        value = number(_whole(token))
        return Power(value, self._exponent()) if self._take("^") else value

    def _call(self, name: FunctionName) -> Expression:
        if self.next != "(":
            raise NotationError(f"{name} stands without parentheses")
        call = Call(name, self._factor_in_parentheses())
        return Power(call, self._exponent()) if self._take("^") else call

    def _factor_in_parentheses(self) -> Expression:
        self._position += 1
        inside = self.sum()
        if not self._take(")"):
            raise NotationError("a closing parenthesis is missing")
        return inside

    def _raised(self) -> Expression:
        """The exponent of e, which may be any expression in parentheses."""
        if self.next == "(":
            return self._factor_in_parentheses()
        if self.next == self._variable:
            self._position += 1
            return VARIABLE
        return number(self._exponent())

    def _exponent(self) -> Exponent:
        opened = self._take("(")
        sign = -1 if self._take("-") else 1
        token = self.next
        self._position += 1
        exponent: Exponent = sign * _whole(token)
        if opened and self._take("/"):
            below = _whole(self.next)
            self._position += 1
            if below == 0:
                raise NotationError("a division by 0")
            exponent = whole_if_possible(Fraction(exponent) / below)
        if opened and not self._take(")"):
            raise NotationError("a closing parenthesis is missing")
        if max(exponent, -exponent) > MAX_EXPONENT:
            raise NotationError(f"an exponent of {exponent}; at most {MAX_EXPONENT} is read")
        return exponent


def _whole(token: str | None) -> int:
    if token is None or not token.isdigit() or len(token) > MAX_DIGITS:
        raise NotationError(f"{token!r} stands where a number of at most {MAX_DIGITS} digits is needed")
    return int(token)


def _negated(factor: Expression, opened: bool) -> list[Expression]:
    if isinstance(factor, Term) and (not opened or factor.coefficient.denominator != 1):
        return [Term(-factor.coefficient, factor.exponent)]
    return [MINUS_ONE, factor]


def _stand_above(factors: list[Expression]) -> bool:
    """Whether all of them are divided: 5pi in 5pi/6, and 7sin(x) in 7sin(x) / x."""
    front, last = factors[0], factors[-1]
    if len(factors) == 2 and isinstance(front, Term) and not isinstance(last, Term):
        return not has_variable(front)
    return not any(map(has_variable, factors))


def _divided(top: Expression, bottom: Expression) -> Expression:
    if isinstance(top, Term) and isinstance(bottom, Term) and top.exponent == bottom.exponent == 0:
        if bottom.coefficient == 0:
            raise NotationError("a division by 0")
        return number(Fraction(top.coefficient, bottom.coefficient))
    return Quotient(top, bottom)


def _height(expression: Expression) -> Exponent:
    """The largest product of exponents on a way down."""
    match expression:
        case Term(_, exponent):
            return max(1, max(exponent, -exponent))
        case Power(base, exponent):
            return max(1, max(exponent, -exponent)) * _height(base)
        case _:
            return max((_height(child) for child in children(expression)), default=1)
