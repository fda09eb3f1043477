"""From a text in plain or LaTeX notation to an expression, safely.

Own tokens and an own precedence parser, because the text may be hostile: nothing is evaluated while reading, every
text is bounded in length, depth and in the size of the numbers it could stand for, and what is not understood is a
`ParseFailure` with a reason, never a guess.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final

from skilladapt.verification.expressions import (
    Antiderivative,
    Applied,
    Constant,
    Definition,
    Expression,
    Function,
    Integral,
    Number,
    Power,
    Sum,
    Variable,
    negative,
    product,
    quotient,
    size_in_bits,
)
from skilladapt.verification.tokens import ParseFailure, Token, tokens

MAX_LENGTH: Final = 1_000
"""Characters; the longest honest answer in the calculus data is below 200."""
MAX_DEPTH: Final = 40
"""Nested groups, exponents and applications; six Python frames each stay far below the recursion limit."""
MAX_BITS: Final = 100_000
"""Estimated size of a value at a point (see `size_in_bits`): exact arithmetic on it takes milliseconds."""


def parse_expression(text: str, definitions: Mapping[str, Definition] | None = None) -> Expression:
    r"""The tree of `text`.

    Plain notation (`3x^4`, `x^-2`, `1/2`, `2(x + 1)(x - 3)`, `*`, `**`, Unicode operators and superscripts) and
    simple LaTeX (`\frac`, `\sqrt`, `\cdot`, `\left`, `$`, braces). An implicit product binds like an explicit
    one; `1/2x` means `(1/2)x`, while `a/bx` with letters is ambiguous and refused.

    With `definitions` (even empty ones) the text may also differentiate: `d/dx [...]`, `dy/dx`, `f'(x)`, `f''(2)`,
    `y'`, integrate: `∫ 2x dx`, `∫_0^2 2x dx`, and use the defined letters. Without them it may not, so that an
    answer cannot repeat its question.

    Raises:
        ParseFailure: Whatever the reason; the text is never evaluated.

    """
    if len(text) > MAX_LENGTH:
        raise ParseFailure(f"longer than {MAX_LENGTH} characters")
    parser = _Parser(tokens(text), definitions)
    expression = parser.sum()
    parser.expect_end()
    if size_in_bits(expression) > MAX_BITS:
        raise ParseFailure("stands for too large a number")
    return expression


_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_STARTS: Final = frozenset({"name", "constant", "function", "derivative", "∫", *_CLOSING})
"""What may follow a factor as an implicit product; a number may not, since `x2` and `3 4` mean nothing sure."""


class _Parser:
    """Recursive descent over the tokens of one text; each method reads one level of precedence."""

    def __init__(self, tokens: tuple[Token, ...], definitions: Mapping[str, Definition] | None) -> None:
        self._tokens = tokens
        self._definitions = definitions
        self._position = 0
        self._depth = 0

    def expect_end(self) -> None:
        """Fails when tokens are left."""
        if self._position < len(self._tokens):
            raise ParseFailure(f"unexpected {self._tokens[self._position].text!r}")

    def sum(self) -> Expression:
        """Terms joined by plus and minus."""
        terms = [self._signed(self._product)]
        while self._kind() in ("+", "-"):
            terms.append(self._signed(self._product))
        return terms[0] if len(terms) == 1 else Sum(tuple(terms))

    def _signed(self, read: Callable[[], Expression]) -> Expression:
        minus = False
        while self._kind() in ("+", "-"):
            minus ^= self._next().kind == "-"
        expression = read()
        return negative(expression) if minus else expression

    def _product(self) -> Expression:
        factors = [self._power()]
        depth = self._depth
        divided = False
        while True:
            kind = self._kind()
            if kind == "*":
                self._next()
                factors.append(self._signed(self._power))
                divided = False
            elif kind == "/":
                self._next()
                divisor = self._signed(self._power)
                divided = not (isinstance(factors[-1], Number) and isinstance(divisor, Number))
                if divided:
                    self._deepen()
                    factors = [quotient(product(factors), divisor)]
                else:
                    factors[-1] = quotient(factors[-1], divisor)
            elif kind in _STARTS:
                if divided:
                    raise ParseFailure("a quotient followed by a factor is ambiguous without parentheses")
                factors.append(self._power())
            else:
                self._depth = depth
                return product(factors)

    def _power(self) -> Expression:
        base = self._atom()
        if self._kind() != "^":
            return base
        self._next()
        return Power(base, self._nested(lambda: self._signed(self._power)))

    def _atom(self) -> Expression:
        token = self._next()
        if token.kind == "number":
            return Number(Fraction(token.text))
        if token.kind == "constant":
            return Constant(token.text)
        if token.kind in _CLOSING:
            return self._group_after(token.kind)
        if token.kind == "name":
            return self._named(token.text)
        if token.kind == "function":
            return self._function(token.text)
        if token.kind == "derivative":
            return self._derivative(token)
        if token.kind == "∫":
            return self._integral()
        raise ParseFailure(f"unexpected {token.text!r}")

    def _function(self, name: str) -> Expression:
        if name == "\\frac":
            top, bottom = self._group(), self._group()
            return quotient(top, bottom)
        if name == "sqrt" and self._kind() == "[":
            root = self._group()
            return Power(self._group(), quotient(Number(Fraction(1)), root))
        exponent: Expression | None = None
        if self._kind() == "^":
            self._next()
            exponent = self._nested(lambda: self._signed(self._power))
            if not isinstance(exponent, Number) or exponent.value < 1:
                raise ParseFailure(f"{name}^ needs a positive number, since {name}^-1 has two meanings")
        applied = Function(name, self._argument())
        return applied if exponent is None else Power(applied, exponent)

    def _argument(self) -> Expression:
        """In a group, or without one a product of plain numbers and letters as in `sin 2x`."""
        if self._kind() in _CLOSING:
            return self._group()
        factors: list[Expression] = []
        while self._kind() in ("name", "constant") or (self._kind() == "number" and not factors):
            factors.append(self._power())
        if not factors:
            raise ParseFailure("a function without an argument")
        return product(factors)

    def _named(self, name: str) -> Expression:
        order = 0
        while self._kind() == "'":
            self._next()
            order += 1
        definition = None if self._definitions is None else self._definitions.get(name)
        if definition is None:
            if order:
                raise ParseFailure(f"{name}' where nothing is known of {name}")
            return Variable(name)
        argument = self._group() if self._kind() in ("(", "[") else Variable(definition.variable)
        return _applied(definition, order, argument)

    def _derivative(self, token: Token) -> Expression:
        if self._definitions is None:
            raise ParseFailure("a derivative that is not worked out")
        if not token.text:
            # In d/du [u^3] the letter u is free, even where it is known to stand for 2x + 1; the result is not.
            known = self._definitions
            self._definitions = {name: rule for name, rule in known.items() if name != token.by}
            body = self._group()
            self._definitions = known
            own = known.get(token.by)
            argument = Variable(token.by) if own is None else _applied(own, 0, Variable(own.variable))
            return Applied(body, token.by, token.order, argument)
        definition = self._definitions.get(token.text)
        if definition is None or definition.variable != token.by:
            raise ParseFailure(f"d{token.text}/d{token.by} where nothing is known of {token.text}({token.by})")
        return _applied(definition, token.order, Variable(token.by))

    def _integral(self) -> Expression:
        if self._definitions is None:
            raise ParseFailure("an integral that is not worked out")
        bounds: list[Expression] = []
        if self._kind() == "_":
            for mark in "_^":
                if self._next().kind != mark:
                    raise ParseFailure("an integral with only one bound")
                bounds.append(self._nested(lambda: self._signed(self._atom)))
        body = self._nested(self.sum)
        end = self._next()
        if end.kind != "differential":
            raise ParseFailure("an integral without its variable")
        return Integral(body, end.text, *bounds) if bounds else Antiderivative(body, end.text)

    def _group(self) -> Expression:
        token = self._next()
        if token.kind not in _CLOSING:
            raise ParseFailure(f"expected a parenthesis before {token.text!r}")
        return self._group_after(token.kind)

    def _group_after(self, opening: str) -> Expression:
        expression = self._nested(self.sum)
        if self._next().kind != _CLOSING[opening]:
            raise ParseFailure("parentheses do not match")
        return expression

    def _nested(self, read: Callable[[], Expression]) -> Expression:
        self._deepen()
        expression = read()
        self._depth -= 1
        return expression

    def _deepen(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ParseFailure(f"nested deeper than {MAX_DEPTH}")

    def _kind(self) -> str:
        return self._tokens[self._position].kind if self._position < len(self._tokens) else ""

    def _next(self) -> Token:
        if self._position >= len(self._tokens):
            raise ParseFailure("ends too early")
        self._position += 1
        return self._tokens[self._position - 1]


def _applied(definition: Definition, order: int, argument: Expression) -> Expression:
    if order > 4:
        raise ParseFailure("a derivative of an order above 4")
    return Applied(definition.body, definition.variable, order, argument)
