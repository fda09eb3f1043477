"""A problem as the author thinks of it, how it is asked in words, and how a question is recognised again."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import Literal

from skilladapt.domains.calculus.authoring.expressions.notation import NotationError, read_expression, variable_of
from skilladapt.domains.calculus.authoring.expressions.showing import show
from skilladapt.domains.calculus.authoring.expressions.trees import Expression, is_number
from skilladapt.domains.calculus.authoring.wordings.differentiating import STYLES, Task

VARIABLES = "xxxxtunyzrs"
"""Letters for the variable; `x` comes up most, as in any textbook."""
FUNCTIONS = "ffffgghpqk"
"""Letters for functions, none of them a variable."""


@dataclass(frozen=True)
class Problem:
    """What is asked, without words and names."""

    style: str
    """A key of `STYLES`: the task and the words that fit it."""
    expressions: tuple[Expression, ...]
    """`E`, or `A` and `B`, in the order of the task."""
    numbers: tuple[Fraction, ...] = ()
    """The points or the constant `c`, in the order of the task."""
    sign: Literal["+", "-"] = "+"
    """Between the two parts of the tasks `two values`, `shifted` and `added`."""
    variable: str = "x"

    @property
    def task(self) -> Task:
        """What has to be done, whatever the words."""
        return STYLES[self.style][0]


def ask(problem: Problem, rng: random.Random) -> tuple[str, Problem]:
    """The problem in words and with letters chosen by `rng`, and the problem with the variable chosen."""
    wording = rng.choice(STYLES[problem.style][1])
    forbidden = "y" if "y = " in wording or "dy/" in wording else "u" if "in u" in wording else ""
    variable = rng.choice([letter for letter in VARIABLES if letter not in forbidden])
    function = rng.choice(FUNCTIONS)
    other = rng.choice([letter for letter in FUNCTIONS if letter != function])
    if function == "f":
        other = "g"
    named = replace(problem, variable=variable)
    return _fill(wording, named, function, other), named


def _fill(wording: str, problem: Problem, function: str, other: str) -> str:
    shown = [show(expression, problem.variable, " * ") for expression in problem.expressions]
    points = [str(value) for value in problem.numbers]
    values = {"x": problem.variable, "f": function, "g": other, "s": problem.sign}
    values |= dict(zip("AB", shown, strict=False)) | {"E": shown[0]}
    values |= dict(zip("ab", points, strict=False)) | {"c": points[0] if points else ""}
    return wording.format(**values)


def read(question: str) -> Problem | None:
    """The problem that `question` asks, None when it is in none of the author's words."""
    for style, _ in STYLES.items():
        for pattern in _patterns(style):
            match = pattern.fullmatch(question)
            problem = _problem(style, match.groupdict()) if match else None
            if problem is not None:
                return problem
    return None


def _problem(style: str, found: Mapping[str, str]) -> Problem | None:
    texts = [found[key] for key in ("E", "A", "B") if key in found]
    try:
        variable = found.get("x") or variable_of(" ".join(texts))
        expressions = tuple(read_expression(text, variable) for text in texts)
        numbers = tuple(_read_number(found[key]) for key in ("c", "a", "b") if key in found)
    except NotationError:
        return None
    sign: Literal["+", "-"] = "-" if found.get("s") == "-" else "+"
    return Problem(style, expressions, numbers, sign, variable)


def _read_number(text: str) -> Fraction:
    expression = read_expression(text, "x")
    if not is_number(expression):
        raise NotationError(f"{text!r} is not a number")
    return Fraction(text)


@cache
def _patterns(style: str) -> tuple[re.Pattern[str], ...]:
    return tuple(_pattern(wording) for wording in STYLES[style][1])


_GROUPS = {"x": "[a-z]", "f": "[a-z]", "g": "[a-z]", "s": "[-+]", "c": r"\d{1,7}"}


def _pattern(wording: str) -> re.Pattern[str]:
    pattern, seen = "", set()
    for text, name in re.findall(r"([^{]*)(?:\{(\w)\})?", wording):
        pattern += re.escape(text)
        if name:
            pattern += f"(?P={name})" if name in seen else f"(?P<{name}>{_GROUPS.get(name, '.{1,160}?')})"
            seen.add(name)
    return re.compile(pattern)
