"""A problem as the author thinks of it, how it is asked in words, and how a question is recognised again."""

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import Literal

from skilladapt.domains.calculus.authoring.expressions.notation import NotationError, read_expression, variable_of
from skilladapt.domains.calculus.authoring.expressions.showing import bracketed, show, show_bound
from skilladapt.domains.calculus.authoring.expressions.trees import Expression, Sum, has_variable, is_number
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
    parts: "tuple[Problem, ...]" = ()
    """The two problems whose results are put together; empty for all others."""

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


def _upper(expression: Expression, variable: str) -> str:
    return show_bound(expression, variable)


_EXPRESSIONS: Mapping[str, tuple[int, Callable[[Expression, str], str]]] = MappingProxyType(
    {
        "E": (0, _plain),
        "A": (0, _plain),
        "I": (0, _integrand),
        "T": (0, _in_t),
        "B": (1, _plain),
        "Y": (1, _in_y),
        "L": (1, _bound),
        "U": (1, _upper),
        "C": (2, _plain),
        "H": (2, _bound),
    }
)
"""Placeholders for expressions: which of the problem's they stand for, and how it is printed."""
_LETTERS: Mapping[str, str] = MappingProxyType({"Y": "y", "T": "t"})
"""Placeholders whose expressions have a variable of their own."""
_NUMBERS: Mapping[str, int] = MappingProxyType({"c": 0, "a": 0, "b": 1, "d": 2, "k": 3, "m": 4})
"""Placeholders for numbers, and which of the problem's they stand for."""


def ask(problem: Problem, rng: random.Random) -> tuple[str, Problem] | None:
    """The problem in words and with letters chosen by `rng`, and the problem with the variable chosen.

    None where no letter suits both of its parts.
    """
    style = STYLES[problem.style]
    wording = rng.choice(style.templates)
    forbidden = "y" if "y = " in wording or "dy/" in wording else "u" if "in u" in wording else ""
    common = [letter for letter in style.variables if all(letter in allowed for allowed in _letters(problem))]
    free = [letter for letter in common if letter not in forbidden]
    if not free:
        return None
    variable = rng.choice(free)
    function = rng.choice(FUNCTIONS)
    other = rng.choice([letter for letter in FUNCTIONS if letter != function])
    if function == "f":
        other = "g"
    if function == "f" and any(map(says_f, problem.parts)):
        function, other = "g", "k"
    named = replace(problem, variable=variable, parts=_in_letter(problem.parts, variable))
    return _fill(wording, named, function, other), named


def join(first: Problem, second: Problem, sign: Literal["+", "-"]) -> Problem:
    """The question for the sum or the difference of two results."""
    return Problem("joined", (*first.expressions, *second.expressions), (), sign, parts=(first, second))


def link(first: Problem, second: Problem) -> Problem:
    """The question for the value of the function that is the second result at the number that is the first."""
    return Problem("linked", (*first.expressions, *second.expressions), parts=(first, second))


def says_f(part: Problem) -> bool:
    """Whether its words have a function that is always called f."""
    return re.search(r"\bf\(", STYLES[part.style].noun) is not None


def _in_letter(parts: tuple[Problem, ...], variable: str) -> tuple[Problem, ...]:
    """The parts with the variable, except where their own words have another one."""
    own = [STYLES[part.style].variables for part in parts]
    return tuple(
        replace(part, variable=variable if variable in letters else letters[0])
        for part, letters in zip(parts, own, strict=True)
    )


def _letters(problem: Problem) -> Iterator[str]:
    """For each part that names its variable the letters it may be chosen from."""
    for part in problem.parts:
        noun = STYLES[part.style].noun
        if "{x}" not in noun and not any(map(has_variable, part.expressions)):
            continue
        yield STYLES[part.style].variables.replace("y", "") if "y = " in noun else STYLES[part.style].variables


def _fill(template: str, problem: Problem, function: str, other: str) -> str:
    values = {"x": problem.variable, "f": function, "g": other, "s": problem.sign}
    values["w"] = STYLES[problem.style].words[_SIGNS.index(problem.sign)]
    if problem.parts:
        others = "hk" if {"p", "q"} & {function, other} else "pq"
        first, second = problem.parts
        values["P"] = _fill(STYLES[first.style].noun, first, function, other)
        values["Q"] = _fill(STYLES[second.style].noun, second, others[0], others[1])
        values["x"] = second.variable
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
    if "P" in found:
        first, second = (_read_noun(found[key]) for key in "PQ")
        if first is None or second is None or found.get("x", second.variable) != second.variable:
            return None
        sign: Literal["+", "-"] = "-" if found.get("s") == "-" else "+"
        joint = link(first, second) if style == "linked" else join(first, second, sign)
        variable = second.variable if any(map(has_variable, second.expressions)) else first.variable
        return replace(joint, variable=variable, parts=_in_letter(joint.parts, variable))
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


def _read_noun(text: str) -> Problem | None:
    for style, pattern in _nouns():
        match = pattern.fullmatch(text)
        problem = _problem(style, match.groupdict()) if match else None
        if problem is not None:
            return problem
    return None


@cache
def _nouns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, _pattern(style.noun, style.words)) for name, style in STYLES.items() if style.noun)


def _read_number(text: str) -> Fraction:
    expression = read_expression(text, "x")
    if not is_number(expression):
        raise NotationError(f"{text!r} is not a number")
    return Fraction(text)


@cache
def _patterns(style: str) -> tuple[re.Pattern[str], ...]:
    words = STYLES[style].words
    return tuple(_pattern(template, words) for template in STYLES[style].templates)


_GROUPS = {"x": "[a-df-z]", "f": "[a-z]", "g": "[a-z]", "s": "[-+]", "c": r"\d{1,7}"}
_GROUPS |= dict.fromkeys("abdkm", r"-?\d{1,7}(?:/\d{1,7})?")


def _pattern(wording: str, words: tuple[str, str]) -> re.Pattern[str]:
    groups = _GROUPS | {"w": "|".join(map(re.escape, words))}
    pattern, seen = "", set()
    for text, name in re.findall(r"([^{]*)(?:\{(\w)\})?", wording):
        pattern += re.escape(text)
        if name:
            pattern += f"(?P={name})" if name in seen else f"(?P<{name}>{groups.get(name, '.{1,160}?')})"
            seen.add(name)
    return re.compile(pattern)
