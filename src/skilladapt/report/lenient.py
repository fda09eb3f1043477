"""Values of a file that may be damaged or of another version: what has not the expected form is left out."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from skilladapt.records import Record

R = TypeVar("R", bound=Record)


def mapping(value: Any) -> Mapping[str, Any]:
    """The value, or an empty mapping."""
    return value if isinstance(value, Mapping) else {}


def listed(value: Any) -> list[Any]:
    """The value, or an empty list."""
    return value if isinstance(value, list) else []


def record(row: Any, kind: type[R]) -> R | None:
    """The record in a row, whatever else stands there; None where it is not one."""
    try:
        return kind(**{name: value for name, value in mapping(row).items() if name in kind.model_fields})
    except ValidationError:
        return None


def records(rows: Any, kind: type[R]) -> tuple[R, ...]:
    """The records in a list of rows."""
    return tuple(found for row in listed(rows) if (found := record(row, kind)))
