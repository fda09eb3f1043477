"""What the author knows of the operations: their values, what they consist of, and which stand on which level.

Values are computed from the coefficients. The verifier has its own way, from the formulas, and never comes here.
"""

from collections.abc import Mapping
from functools import cached_property, lru_cache

from skilladapt.domains.operations.definitions import Definition, NewDigit, define


class Subject:
    """The operations of one count and seed. A value is a whole number below 100, written with two digits."""

    def __init__(self, operations: int, seed: int) -> None:
        self.definitions: Mapping[str, Definition] = {one.name: one for one in define(operations, seed)}
        """By name, in the order of the syllabus."""

    @cached_property
    def primitives(self) -> tuple[str, ...]:
        """Names of the primitive operations."""
        return self.up_to(0)

    def up_to(self, level: int) -> tuple[str, ...]:
        """Names of all operations of at most this level."""
        return self._up_to[level]

    def apply(self, name: str, value: int) -> int:
        """What one operation makes of a value."""
        definition = self.definitions[name]
        if definition.digits:
            tens, units = (_new(digit, value) for digit in definition.digits)
            return 10 * tens + units
        outer, inner = definition.parts or ("", "")
        return self.apply(outer, self.apply(inner, value))

    def inside(self, name: str) -> frozenset[str]:
        """The operation itself and all that it stands for, directly or not."""
        parts = self.definitions[name].parts or ()
        return frozenset({name}).union(*(self.inside(part) for part in parts))

    @cached_property
    def _up_to(self) -> Mapping[int, tuple[str, ...]]:
        levels = {definition.level for definition in self.definitions.values()}
        return {
            level: tuple(name for name, one in self.definitions.items() if one.level <= level) for level in levels
        }


@lru_cache(maxsize=8)
def subject_of(operations: int, seed: int) -> Subject:
    """The subject; computed once."""
    return Subject(operations, seed)


def _new(digit: NewDigit, value: int) -> int:
    tens, units = divmod(value, 10)
    return (digit.factor * (tens if digit.of == "a" else units) + digit.plus) % 10
