"""A problem as the author thinks of it, how it is asked in words, and how a question is recognised again."""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import Literal

from skilladapt.domains.calculus.authoring.expressions.notation import NotationError, read_expression, variable_of
from skilladapt.domains.calculus.authoring.expressions.showing import bracketed, show, show_bound
from skilladapt.domains.calculus.authoring.expressions.trees import Expression, Sum, is_number
from skilladapt.domains.calculus.authoring.wordings.tables import STYLES

_SIGNS = ("+", "-")
FUNCTIONS = "ffffgghpqk"
"""Letters for functions, none of them a variable."""


@dataclass(frozen=True)
class Problem:
    """What is asked, without words and names."""

    style: str
    """A key of `STYLES`: the task and the words that fit it."""
    expressions: tuple[Expression, ...]
    """In the order of the task: what `E` or `A`, then `B`, then `C` stand for."""
    numbers: tuple[Fraction, ...] = ()
    """The points or the constant `c`, in the order of the task."""
    sign: Literal["+", "-"] = "+"
    """Between two parts, or which of a style's two words is meant."""
    variable: str = "x"

    @property
    def task(self) -> str:
        """What has to be done, whatever the words."""
        return STYLES[self.style].task


def _plain(expression: Expression, variable: str) -> str:
    return show(expression, variable, " * ")


def _integrand(expression: Expression, variable: str) -> str:
    return bracketed(expression, variable, " * ") if isinstance(expression, Sum) else _plain(expression, variable)


def _in_y(expression: Expression, variable: str) -> str:
    return _plain(expression, "y")


def _in_t(expression: Expression, variable: str) -> str:
    return _integrand(expression, "t")


def _bound(expression: Expression, variable: str) -> str:
    return show_bound(expression)


_EXPRESSIONS: Mapping[str, tuple[int, Callable[[Expression, str], str]]] = MappingProxyType(
    {
        "E": (0, _plain),
        "A": (0, _plain),
        "I": (0, _integrand),
        "T": (0, _in_t),
        "B": (1, _plain),
        "Y": (1, _in_y),
        "L": (1, _bound),
        "C": (2, _plain),
        "H": (2, _bound),
    }
)
"""Placeholders for expressions: which of the problem's they stand for, and how it is printed."""
_LETTERS: Mapping[str, str] = MappingProxyType({"Y": "y", "T": "t"})
"""Placeholders whose expressions have a variable of their own."""
_NUMBERS: Mapping[str, int] = MappingProxyType({"c": 0, "a": 0, "b": 1, "d": 2, "k": 3})
"""Placeholders for numbers, and which of the problem's they stand for."""


def ask(problem: Problem, rng: random.Random) -> tuple[str, Problem]:
    """The problem in words and with letters chosen by `rng`, and the problem with the variable chosen."""
    style = STYLES[problem.style]
    wording = rng.choice(style.templates)
    forbidden = "y" if "y = " in wording or "dy/" in wording else "u" if "in u" in wording else ""
    variable = rng.choice([letter for letter in style.variables if letter not in forbidden])
    function = rng.choice(FUNCTIONS)
    other = rng.choice([letter for letter in FUNCTIONS if letter != function])
    if function == "f":
        other = "g"
    named = replace(problem, variable=variable)
    return fill(wording, named, function, other), named


def fill(template: str, problem: Problem, function: str, other: str) -> str:
    """The template with the problem's expressions, numbers and words in it."""
    values = {"x": problem.variable, "f": function, "g": other, "s": problem.sign}
    values["w"] = STYLES[problem.style].words[_SIGNS.index(problem.sign)]
    for key, (slot, shown) in _EXPRESSIONS.items():
        if slot < len(problem.expressions):
            values[key] = shown(problem.expressions[slot], problem.variable)
    for key, slot in _NUMBERS.items():
        if slot < len(problem.numbers):
            values[key] = str(problem.numbers[slot])
    return template.format(**values)


def read(question: str) -> Problem | None:
    """The problem that `question` asks, None when it is in none of the author's words."""
    for style in STYLES:
        for pattern in _patterns(style):
            match = pattern.fullmatch(question)
            problem = _problem(style, match.groupdict()) if match else None
            if problem is not None:
                return problem
    return None


def _problem(style: str, found: Mapping[str, str]) -> Problem | None:
    keys = sorted((key for key in _EXPRESSIONS if key in found), key=lambda key: _EXPRESSIONS[key][0])
    own = {key: found[key] for key in keys if key not in _LETTERS}
    try:
        variable = found.get("x") or variable_of(" ".join(own.values()))
        expressions = tuple(read_expression(found[key], _LETTERS.get(key, variable)) for key in keys)
        present = sorted((slot, key) for key, slot in _NUMBERS.items() if key in found)
        numbers = tuple(_read_number(found[key]) for _, key in present)
    except NotationError:
        return None
    words = STYLES[style].words
    minus = found.get("s") == "-" or ("w" in found and found["w"] == words[1])
    return Problem(style, expressions, numbers, "-" if minus else "+", variable)


def _read_number(text: str) -> Fraction:
    expression = read_expression(text, "x")
    if not is_number(expression):
        raise NotationError(f"{text!r} is not a number")
    return Fraction(text)


@cache
def _patterns(style: str) -> tuple[re.Pattern[str], ...]:
    words = STYLES[style].words
    return tuple(_pattern(template, words) for template in STYLES[style].templates)


_GROUPS = {"x": "[a-z]", "f": "[a-z]", "g": "[a-z]", "s": "[-+]", "c": r"\d{1,7}"}
_GROUPS |= dict.fromkeys("abdk", r"-?\d{1,7}(?:/\d{1,7})?")


def _pattern(wording: str, words: tuple[str, str]) -> re.Pattern[str]:
    groups = _GROUPS | {"w": "|".join(map(re.escape, words))}
    pattern, seen = "", set()
    for text, name in re.findall(r"([^{]*)(?:\{(\w)\})?", wording):
        pattern += re.escape(text)
        if name:
            pattern += f"(?P={name})" if name in seen else f"(?P<{name}>{groups.get(name, '.{1,160}?')})"
            seen.add(name)
    return re.compile(pattern)
