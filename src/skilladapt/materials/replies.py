"""A teacher's reply becomes drafts of exercises; what is not one is rejected with a reason, never repaired.

Two forms are read: lines that begin with `Question:`, `Step [skill]:`, `Answer:` and the like, and JSON with the
same fields. Numbering and emphasis around the names of fields are forgiven, since small models add them; a missing
or senseless field is not.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from skilladapt.prompts.reading import Unusable, clean

ExerciseForm = Literal["short", "choice", "explanation"]
"""What kind of answer an exercise wants."""

_FIELD: Final = re.compile(
    r"^[\s>*#_\-]*(?:\d{1,2}[.)]\s*)?[*_]*"
    r"(?:(?P<name>question|step|answer|point|misconception)[*_]*"
    r"(?:\s+(?P<which>[A-H]|\d{1,2}))?[*_]*\s*(?:\[(?P<skill>[^\]\n]{1,300})\])?[*_]*\s*[:.][*_]*"
    r"|(?P<option>[A-H])[).][*_]*)\s*(?P<text>.*)$",
    re.IGNORECASE,
)
_FENCE: Final = re.compile(r"\A\s*```[a-z]*\s*\n(.*?)\n?```\s*\Z", re.DOTALL)
_RULE: Final = re.compile(r"^\s*(?:-{3,}|\*{3,}|={3,}|_{3,})\s*$")


@dataclass
class Draft:
    """One exercise as a reply has it; nothing in it is checked."""

    question: str = ""
    options: dict[str, str] = field(default_factory=dict)
    """By letter."""
    steps: list[tuple[str | None, str]] = field(default_factory=list)
    """The name of a skill, None where none is given, and the step."""
    misconceptions: dict[str, str] = field(default_factory=dict)
    """By the letter of the option they lead to."""
    points: list[str] = field(default_factory=list)
    answer: str = ""


def read_drafts(text: str) -> list[Draft]:
    """The drafts in a whole reply. Raises `Unusable` where there is not one."""
    fenced = _FENCE.match(text)
    bare = fenced[1].strip() if fenced else text
    drafts = list(_of_json(bare) if bare[:1] in "{[" else _of_lines(bare))
    if not drafts:
        raise Unusable("no exercise in the form asked for")
    return drafts


def _of_lines(text: str) -> Iterator[Draft]:
    """A draft begins with a question; lines without a field's name go on with the one before."""
    draft: Draft | None = None
    append: Callable[[str], None] = _nowhere
    for line in text.split("\n"):
        found = _FIELD.match(line)
        if _RULE.match(line):
            append = _nowhere
        elif found is None:
            append(line.strip())
        elif found["name"] and found["name"].lower() == "question":
            if draft is not None:
                yield draft
            draft = Draft()
            append = _appender(draft, found)
        elif draft is not None:
            append = _appender(draft, found)
        if found is not None:
            append(_unmarked(found["text"]))
    if draft is not None:
        yield draft


def _nowhere(_: str) -> None:
    """What stands before the first question, or behind a rule, belongs to no field."""


@dataclass
class _Appender:
    draft: Draft
    name: str
    place: str
    """A letter, or the name of a skill."""
    is_first: bool = True

    def __call__(self, text: str) -> None:
        """Adds a line to the field; the first one begins it."""
        draft, joined = self.draft, _joined
        if self.name == "question":
            draft.question = joined(draft.question, text)
        elif self.name == "answer":
            draft.answer = joined(draft.answer, text)
        elif self.name in ("option", "misconception"):
            into = draft.options if self.name == "option" else draft.misconceptions
            into[self.place] = joined(into.get(self.place, ""), text)
        elif self.name == "step":
            if self.is_first:
                draft.steps.append((self.place or None, text))
            else:
                draft.steps[-1] = (draft.steps[-1][0], joined(draft.steps[-1][1], text))
        elif self.is_first:
            draft.points.append(text)
        else:
            draft.points[-1] = joined(draft.points[-1], text)
        self.is_first = False


def _appender(draft: Draft, found: re.Match[str]) -> _Appender:
    if found["option"]:
        return _Appender(draft, "option", found["option"].upper())
    name = found["name"].lower()
    return _Appender(
        draft, name, (found["which"] or "").upper() if name == "misconception" else (found["skill"] or "").strip()
    )


def _joined(before: str, text: str) -> str:
    return f"{before} {text}".strip() if text else before


def _unmarked(text: str) -> str:
    return text.strip().strip("*_").strip()


def _of_json(text: str) -> Iterator[Draft]:
    try:
        content = json.loads(text, parse_constant=_refuse, object_pairs_hook=_without_repeats)
    except Unusable:
        raise
    except (ValueError, RecursionError) as error:
        raise Unusable(f"not valid JSON: {type(error).__name__}") from error
    if isinstance(content, Mapping):
        content = content.get("exercises", [content])
    if not isinstance(content, Sequence) or isinstance(content, str):
        raise Unusable("JSON without a list of exercises")
    for one in content:
        if not isinstance(one, Mapping):
            raise Unusable("JSON with something else than exercises in its list")
        yield _draft_of(one)


def _draft_of(one: Mapping[str, Any]) -> Draft:
    return Draft(
        question=_text(one.get("question")),
        options={_text(key)[:1].upper(): _text(value) for key, value in _pairs(one.get("options"))},
        steps=[(_text(step.get("skill")) or None, _text(step.get("text"))) for step in _rows(one.get("steps"))],
        misconceptions={_text(key)[:1].upper(): _text(value) for key, value in _pairs(one.get("misconceptions"))},
        points=[_text(point) for point in one.get("points") or [] if isinstance(point, str)]
        if isinstance(one.get("points"), list)
        else [],
        answer=_text(one.get("answer")),
    )


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return clean(str(value))


def _rows(value: object) -> list[Mapping[str, Any]]:
    if not isinstance(value, list):
        return []
    return [row if isinstance(row, Mapping) else {"text": row} for row in value]


def _pairs(value: object) -> list[tuple[object, object]]:
    return list(value.items()) if isinstance(value, Mapping) else []


def _refuse(constant: str) -> None:
    raise Unusable(f"not valid JSON: {constant}")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise Unusable("JSON with a field twice")
    return dict(pairs)
