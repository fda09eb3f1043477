"""The invented operations: what each is called and how it is defined, from a count and a seed.

This is the subject's table of facts, and all that author and verifier share. Nothing is worked out here: the
author computes with the coefficients, the verifier reads the formula. (While inventing, combined coefficients are
compared, so that operations differ. A mistake there could only let two operations be the same.)
"""

import random
from dataclasses import dataclass
from functools import lru_cache
from itertools import cycle, product
from typing import Final, Literal

from skilladapt.domains.operations.names import draw_names
from skilladapt.domains.options import is_whole
from skilladapt.errors import UserError
from skilladapt.records import content_hash

FEWEST: Final = 2
MOST: Final = 10_000
LEVELS: Final = 4
"""Most levels of operations above the primitive ones."""
LONGEST: Final = LEVELS + 2
"""Most primitive operations that one stands for."""
_PRIMITIVE_SHARE: Final = 0.4
_LEVEL_SHARES: Final = (0.4, 0.3, 0.2, 0.1)
"""Of the composed operations, from level 1 on."""
_TRIES: Final = 60
"""Draws of two parts before they may make what is there already: no more than 3,200 operations can differ."""


@dataclass(frozen=True, slots=True)
class NewDigit:
    """A digit of the result: the last digit of `factor` times a digit of the value, plus `plus`."""

    factor: int
    """1, 3, 7 or 9, so that no two digits give the same one."""
    of: Literal["a", "b"]
    """`a` is the tens digit of the value, `b` its units digit."""
    plus: int


@dataclass(frozen=True, slots=True)
class Definition:
    """One operation on values `00` to `99`: a primitive one has `digits`, a composed one has `parts`."""

    name: str
    level: int
    """0 for a primitive one, else one more than the higher of its parts."""
    digits: tuple[NewDigit, NewDigit] | None = None
    """The new tens digit and the new units digit."""
    parts: tuple[str, str] | None = None
    """The outer operation and the inner one, which comes first."""

    @property
    def formula(self) -> str:
        """As it stands in textbooks: `blick(ab) = (3a+4)(b+7)` or `glim(ab) = drom(blick(ab))`."""
        if self.digits:
            return f"{self.name}(ab) = " + "".join(f"({_shown(digit)})" for digit in self.digits)
        outer, inner = self.parts or ("", "")
        return f"{self.name}(ab) = {outer}({inner}(ab))"


def check_options(operations: object, seed: object) -> None:
    """Raises UserError, with both mistakes, where these are no values to invent operations from."""
    mistakes = []
    if not is_whole(operations) or not FEWEST <= operations <= MOST:
        mistakes.append(
            f"the option 'operations' is {operations!r}; a whole number from {FEWEST} to {MOST:,} is needed."
        )
    if not is_whole(seed):
        mistakes.append(f"the option 'seed' is {seed!r}; a whole number is needed.")
    if mistakes:
        raise UserError(*mistakes)


@lru_cache(maxsize=8)
def define(operations: int, seed: int) -> tuple[Definition, ...]:
    """All operations in the order of the syllabus: primitive ones, then level by level.

    None leaves all values as they are, and while there are others, no two are the same. Every operation can be
    undone: it only moves values around.
    """
    rng = random.Random(content_hash("operations", operations, seed))
    names = draw_names(operations, rng)
    inventor = _Inventor(rng)
    primitives = max(1, int(operations * _PRIMITIVE_SHARE))
    levels = [0] * primitives + _levels(operations - primitives)
    return tuple(inventor.invent(name, level) for name, level in zip(names, levels, strict=True))


def _shown(digit: NewDigit) -> str:
    return (str(digit.factor) if digit.factor > 1 else "") + digit.of + (f"+{digit.plus}" if digit.plus else "")


def _levels(count: int) -> list[int]:
    """The level of each composed operation, ascending; the lower levels get what is left over."""
    counts = [int(count * share) for share in _LEVEL_SHARES]
    for place in range(count - sum(counts)):
        counts[place % 2] += 1
    return [level for level, number in enumerate(counts, start=1) for _ in range(number)]


_Form = tuple[NewDigit, NewDigit]
_UNCHANGED: Final = (NewDigit(1, "a", 0), NewDigit(1, "b", 0))


def _combined(outer: _Form, inner: _Form) -> _Form:
    """The coefficients of the one after the other."""
    tens, units = (
        NewDigit(digit.factor * source.factor % 10, source.of, (digit.factor * source.plus + digit.plus) % 10)
        for digit in outer
        for source in [inner[digit.of == "b"]]
    )
    return tens, units


def _primitive_forms() -> list[_Form]:
    """Every one that does not undo itself: alone, such a one would leave nothing to compose. 3,016 of them."""
    digits = [(factor, plus) for factor in (1, 3, 7, 9) for plus in range(10)]
    forms: list[_Form] = []
    for (first, more), (second, other) in product(digits, digits):
        forms.append((NewDigit(first, "a", more), NewDigit(second, "b", other)))
        forms.append((NewDigit(first, "b", more), NewDigit(second, "a", other)))
    return [form for form in forms if _combined(form, form) != _UNCHANGED]


class _Inventor:
    """Invents one operation after the other, from level to level, and remembers them."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        forms = _primitive_forms()
        rng.shuffle(forms)
        self._primitives = cycle(forms)
        self._known: set[_Form] = set()
        self._form: dict[str, _Form] = {}
        self._length: dict[str, int] = {}
        self._level = 0
        self._below: list[str] = []
        """Of all lower levels."""
        self._next_below: list[str] = []
        """Of the level right below."""
        self._here: list[str] = []

    def invent(self, name: str, level: int) -> Definition:
        """The next operation, of the same level as the last one or one more."""
        if level > self._level:
            self._level = level
            self._next_below, self._here = self._here, []
            self._below += self._next_below
        if level == 0:
            form = next(self._primitives)
            definition = Definition(name, 0, digits=form)
        else:
            outer, inner = self._parts()
            form = _combined(self._form[outer], self._form[inner])
            definition = Definition(name, level, parts=(outer, inner))
        self._known.add(form)
        self._form[name] = form
        self._length[name] = sum(self._length[part] for part in definition.parts or ()) or 1
        self._here.append(name)
        return definition

    def _parts(self) -> tuple[str, str]:
        """An outer and an inner operation, one of them of the level right below.

        Level `n` stands for at most `n + 2` primitive ones, so that a level can always be added.
        """
        second_best: list[tuple[str, str]] = []
        for _ in range(_TRIES):
            high, other = self._rng.choice(self._next_below), self._rng.choice(self._below)
            outer, inner = (high, other) if self._rng.random() < 0.5 else (other, high)
            form = _combined(self._form[outer], self._form[inner])
            if form == _UNCHANGED or self._length[outer] + self._length[inner] > self._level + 2:
                continue
            if form not in self._known and outer != inner:
                return outer, inner
            second_best.append((outer, inner))
        return min(second_best, key=lambda parts: parts[0] == parts[1])
