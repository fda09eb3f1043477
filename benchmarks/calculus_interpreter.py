"""Reads a calculus question and works it out with rounded numbers: a third opinion beside author and verifier.

It shares nothing with either. Expressions become functions of multi-precision numbers; derivatives are difference
quotients, integrals quadratures, zeros bisections. A question is read by its key words and by the formulas between
them, not by its templates. What comes out is a number, a function to be compared at points, or a word.
"""

import re
from collections.abc import Callable

import mpmath

mp = mpmath.MPContext()
mp.dps = 40
NAMES = {"sin": mp.sin, "cos": mp.cos, "tan": mp.tan, "ln": mp.log, "sqrt": mp.sqrt}
POINTS = ("0.37", "0.83", "1.31", "2.2", "3.7")
CLOSE = mp.mpf(10) ** -9

Env = dict[str, object]
Compiled = Callable[[Env], object]


class Unread(ValueError):
    """The question is not understood."""


# --- formulas ----------------------------------------------------------------------------------------------


class Formula:
    """A text as a function of its letters: precedence climbing over its tokens."""

    def __init__(self, text: str, known: dict[str, "Formula"] | None = None) -> None:
        self.text = text.strip()
        self.known = known or {}
        self.tokens = re.findall(
            r"\d+|sin|cos|tan|ln|sqrt|pi|d/d[a-z]|d[a-z]/d[a-z]|d[a-z]|[a-zA-Z]|''|[-+*/^()\[\]'∫_]", self.text
        )
        if "".join(self.tokens) != re.sub(r"\s", "", self.text) or not self.tokens:
            raise Unread(f"no formula: {text}")
        self.tokens.reverse()
        self.run = self._sum()
        if self.tokens:
            raise Unread(f"left over in {text}")

    @property
    def letters(self) -> list[str]:
        plain = re.sub(r"sin|cos|tan|ln|sqrt|pi|e|d/d[a-z]|(?<=[ )])d[a-z]|[a-zA-Z](?=[('])", " ", self.text)
        return sorted(set(re.findall(r"[a-z]", plain)))

    def __call__(self, **env: object) -> object:
        return self.run(dict(env))

    def _peek(self) -> str:
        return self.tokens[-1] if self.tokens else ""

    def _sum(self) -> Compiled:
        sign = -1 if self._take("-") else 1
        first = self._product()
        parts = [(sign, first)]
        while self._peek() in ("+", "-"):
            sign = 1 if self.tokens.pop() == "+" else -1
            parts.append((sign, self._product()))
        return lambda env: sum((s * run(env) for s, run in parts), mp.mpf(0))

    def _take(self, token: str) -> bool:
        if self._peek() == token:
            self.tokens.pop()
            return True
        return False

    def _product(self) -> Compiled:
        whole = self._factor()
        while self._peek() and self._peek() not in "+-)]_" and not re.fullmatch(r"d[a-z]", self._peek()):
            if self._take("/"):
                whole = (lambda a, b: lambda env: a(env) / b(env))(whole, self._factor())
            else:
                self._take("*")
                whole = (lambda a, b: lambda env: a(env) * b(env))(whole, self._factor())
        return whole

    def _factor(self) -> Compiled:
        if self._take("-"):
            inner = self._factor()
            return lambda env: -inner(env)
        base = self._atom()
        if not self._take("^"):
            return base
        exponent = self._factor()
        return lambda env: base(env) ** exponent(env)

    def _group(self) -> Compiled:
        opening = self.tokens.pop()
        inner = self._sum()
        if not self.tokens or self.tokens.pop() != {"(": ")", "[": "]"}.get(opening):
            raise Unread("brackets")
        return inner

    def _atom(self) -> Compiled:
        if not self.tokens:
            raise Unread("ends early")
        if self._peek() in ("(", "["):
            return self._group()
        token = self.tokens.pop()
        if token.isdigit():
            return lambda env: mp.mpf(token)
        if token in NAMES:
            power = self._factor() if self._take("^") else None
            inner, function = self._group(), NAMES[token]
            return (
                (lambda env: function(inner(env)))
                if power is None
                else lambda env: function(inner(env)) ** power(env)
            )
        if token == "pi":
            return lambda env: +mp.pi
        if token == "∫":
            return self._integral()
        if re.fullmatch(r"d/d[a-z]", token):
            inner, by = self._group(), token[-1]
            return lambda env: mp.diff(lambda x: inner({**env, by: x}), env[by])
        if re.fullmatch(r"d[a-z]/d[a-z]", token):
            inner, by = self.known[token[1]], token[-1]
            return lambda env: mp.diff(lambda x: inner.run({**env, by: x}), env[by])
        order = 0
        while self._peek() in ("'", "''"):
            order += len(self.tokens.pop())
        if token in self.known:
            return self._call(token, order)
        if token == "e":
            return lambda env: +mp.e
        return lambda env: env[token]

    def _call(self, name: str, order: int) -> Compiled:
        formula = self.known[name]
        variable = formula.variable
        argument = self._group() if self._peek() == "(" else lambda env: env[variable]
        return lambda env: (
            mp.diff(lambda x: formula.run({**env, variable: x}), argument(env), order)
            if order
            else formula.run({**env, variable: argument(env)})
        )

    def _integral(self) -> Compiled:
        self._take("_") or self._fail()
        low = self._factor_without_power()
        self._take("^") or self._fail()
        high = self._factor_without_power()
        body = self._sum()
        by = self.tokens.pop()[-1]
        return lambda env: mp.quad(lambda x: body({**env, by: x}), [low(env), high(env)])

    def _factor_without_power(self) -> Compiled:
        if self._take("-"):
            inner = self._atom()
            return lambda env: -inner(env)
        return self._atom()

    def _fail(self) -> None:
        raise Unread("no bounds")

    variable = "x"


def formula(text: str, variable: str | None = None, known: dict[str, Formula] | None = None) -> Formula:
    found = Formula(text, known)
    found.variable = variable or (found.letters or ["x"])[0]
    return found


def number(text: str) -> object:
    return Formula(text)()


def slope(f: Formula, x: object, order: int = 1) -> object:
    return mp.diff(lambda t: f.run({f.variable: t}), x, order)


def at(f: Formula, x: object) -> object:
    return f.run({f.variable: x})


def area(f: Formula, low: object, high: object) -> object:
    return mp.quad(lambda t: at(f, t), [low, high])


def zeros(
    function: Callable[[object], object], low: float = -130, high: float = 130, cells: int = 5200
) -> list[object]:
    """Where a function changes sign, on a grid that no whole number lies on."""
    import math

    found, before = [], None
    step = (high - low) / cells
    for k in range(cells + 1):
        x = low + 0.00137 + k * step
        try:
            value = function(mp.mpf(x))
            value = float(value) if mp.im(value) == 0 else math.nan
        except (ValueError, ZeroDivisionError, OverflowError, TypeError):
            value = math.nan
        if math.isnan(value):
            before = None
            continue
        if before is not None and (before[1] < 0) != (value < 0):
            a, b = mp.mpf(before[0]), mp.mpf(x)
            for _ in range(110):
                middle = (a + b) / 2
                a, b = (a, middle) if (function(middle) < 0) == (value < 0) else (middle, b)
            if abs(function(a)) < 1e-6 + abs(value):
                found.append((a + b) / 2)
        before = (x, value)
    return found


def polynomial_zeros(f: Callable[[object], object], low: float = -130, high: float = 130) -> list[object]:
    return zeros(f, low, high, 2600)
