"""Reads a calculus question and works it out with rounded numbers: a third opinion beside author and verifier.

It shares nothing with either. Expressions become functions of multi-precision numbers; derivatives are difference
quotients, integrals quadratures; zeros are looked for on a grid of plain floats, all at once, and found with many
digits where the sign changes. A question is read by its key words and by the formulas between
them, not by its templates. What comes out is a number, a function to be compared at points, or a word.
"""

import re
from collections.abc import Callable

import mpmath
import numpy as np

mp = mpmath.MPContext()
mp.dps = 40
NAMES = {
    "sin": (mp.sin, np.sin),
    "cos": (mp.cos, np.cos),
    "tan": (mp.tan, np.tan),
    "ln": (mp.log, np.log),
    "sqrt": (mp.sqrt, np.sqrt),
}
ROUGH = "rough"
"""Is in the environment where a formula is worked out for an array of floats."""
STEP = 1e-4
"""Of difference quotients in floats; their errors, near 1e-8, only matter next to a zero."""
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
        return lambda env: sum((s * run(env) for s, run in parts), 0)

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
            exact, rough = mp.mpf(token), np.float64(token)
            return lambda env: rough if ROUGH in env else exact
        if token in NAMES:
            power = self._factor() if self._take("^") else None
            inner, functions = self._group(), NAMES[token]

            def applied(env: Env) -> object:
                return functions[ROUGH in env](inner(env))

            return applied if power is None else lambda env: applied(env) ** power(env)
        if token == "pi":
            return lambda env: np.pi if ROUGH in env else +mp.pi
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
            return lambda env: np.float64(np.e) if ROUGH in env else +mp.e
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
    if isinstance(x, np.ndarray):
        if order == 0:
            return at(f, x)
        return (slope(f, x + STEP, order - 1) - slope(f, x - STEP, order - 1)) / (2 * STEP)
    return mp.diff(lambda t: f.run({f.variable: t}), x, order)


def at(f: Formula, x: object, variable: str | None = None) -> object:
    env = {variable or f.variable: x}
    return f.run(env | {ROUGH: True} if isinstance(x, np.ndarray) else env)


def area(f: Formula, low: object, high: object) -> object:
    return mp.quad(lambda t: at(f, t), [low, high])


def zeros(
    function: Callable[[object], object], low: float = -130, high: float = 130, cells: int = 5200
) -> list[object]:
    """Where a function changes sign, on a grid that no whole number lies on."""
    grid = low + 0.00137 + np.arange(cells + 1) * ((high - low) / cells)
    cell, found = _Cells(function, grid), []
    for k in _candidates(function, grid):
        # Rounding can only move a change of sign into the cell next to it.
        k = next((near for near in (k, k - 1, k + 1) if cell.changes(near)), None)
        root = None if k is None else cell.zero(k)
        if root is not None and root not in found:
            found.append(root)
    return found


def _candidates(function: Callable[[object], object], grid: np.ndarray) -> list[int]:
    """Cells in which the function changes sign, as far as floats can tell; all where it is not for floats."""
    with np.errstate(all="ignore"):
        try:
            values = np.broadcast_to(np.asarray(function(grid), dtype=float), grid.shape)
        except (TypeError, ValueError, AttributeError):
            return list(range(len(grid) - 1))
        known = ~np.isnan(values)
        return np.flatnonzero(known[1:] & known[:-1] & ((values[1:] < 0) != (values[:-1] < 0))).tolist()


class _Cells:
    """A function on a grid, with many digits."""

    def __init__(self, function: Callable[[object], object], grid: np.ndarray) -> None:
        self.function, self.grid = function, grid
        self.values: dict[int, object] = {}

    def value(self, k: int) -> object:
        """At a point of the grid; None where it is not real or too large."""
        if k not in self.values:
            try:
                value = self.function(mp.mpf(float(self.grid[k])))
                self.values[k] = None if mp.im(value) else value
            except (ValueError, ZeroDivisionError, OverflowError, TypeError):
                self.values[k] = None
        return self.values[k]

    def changes(self, k: int) -> bool:
        """Whether the sign changes in the cell."""
        if not 0 <= k < len(self.grid) - 1:
            return False
        left, right = self.value(k), self.value(k + 1)
        return left is not None and right is not None and (left < 0) != (right < 0)

    def zero(self, k: int) -> object:
        """The zero in the cell; None at a pole."""
        ends = a, b = [mp.mpf(float(x)) for x in self.grid[k : k + 2]]
        value = self.value(k + 1)
        for _ in range(8):
            a, b = self._half(a, b, value)
        try:
            found = mp.findroot(self.function, (a, b), solver="anderson", tol=mp.mpf(10) ** -60)
        except (ValueError, ZeroDivisionError):
            for _ in range(100):
                a, b = self._half(a, b, value)
            found = (a + b) / 2
        return found if ends[0] <= found <= ends[1] and abs(self.function(found)) < 1e-6 + abs(value) else None

    def _half(self, a: object, b: object, value: object) -> tuple[object, object]:
        middle = (a + b) / 2
        return (a, middle) if (self.function(middle) < 0) == (value < 0) else (middle, b)
