"""JSON schemas of replies with exercises, for services that hold a model to one; the same fields as in lines."""

from collections.abc import Mapping
from typing import Any, Final

from skilladapt.materials.replies import ExerciseForm

_TEXT: Final[Mapping[str, Any]] = {"type": "string"}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": dict(items)}


_OPTIONS: Final = _object(dict.fromkeys("ABCD", _TEXT))
_MISCONCEPTIONS: Final = {
    "type": "object",
    "properties": dict.fromkeys("ABCD", _TEXT),
    "additionalProperties": False,
}
_STEPS: Final = _list(_object({"skill": _TEXT, "text": _TEXT}))
_FIELDS: Final[Mapping[ExerciseForm, Mapping[str, Any]]] = {
    "short": {"question": _TEXT, "steps": _STEPS, "answer": _TEXT},
    "choice": {
        "question": _TEXT,
        "options": _OPTIONS,
        "steps": _STEPS,
        "misconceptions": _MISCONCEPTIONS,
        "answer": _TEXT,
    },
    "explanation": {"question": _TEXT, "steps": _STEPS, "points": _list(_TEXT)},
}
EXERCISES: Final[Mapping[ExerciseForm, dict[str, Any]]] = {
    form: _object({"exercises": _list(_object(fields))}) for form, fields in _FIELDS.items()
}
"""By form."""
