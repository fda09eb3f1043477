"""What a run file can tell a domain."""

from typing import TypeGuard

Option = int | float | str | bool


def is_whole(value: object) -> TypeGuard[int]:
    """Whether an option's value is a whole number; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)
