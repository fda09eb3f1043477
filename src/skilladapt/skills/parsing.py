"""The text of a `graph.json`, which people edit, turned into records; everything that is wrong with it at once.

Each mistake has its place (`skills[12]`, and the id) and what to do. The values of levels and of the hash do not
matter: both are computed anew. Top-level keys that mean nothing here are kept as they are.
"""

import json
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from skilladapt.errors import UserError
from skilladapt.records import Evidence, Merge, Prerequisite, Record, Related, Skill
from skilladapt.skills.checking import NO_SKILLS, Fault, faults, shown
from skilladapt.skills.slug import clean_title, slug, unseen

MOST_TOLD = 50
"""Mistakes of one file that are told; how many more there are is said, too."""

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_KEYS = {"skills": "skill", "prerequisites": "prerequisite", "related": "related pair", "merges": "merge"}
"""Lists of the file, and what one of their objects is called."""

R = TypeVar("R", bound=Record)


class Parsed(NamedTuple):
    """The records of a file without mistakes, in its order."""

    skills: Sequence[Skill]
    prerequisites: Sequence[Prerequisite]
    related: Sequence[Related]
    merges: Sequence[Merge]
    others: Mapping[str, Any]
    """Top-level keys that are none of ours, with their values."""


class _Object(dict[str, Any]):
    """A JSON object that remembers which keys it was given twice; of those the last value counts."""

    repeated: tuple[str, ...] = ()


def parse_graph(text: str, name: str) -> Parsed:
    """The records in `text`, the content of a file called `name` in messages.

    Raises `UserError` with every mistake; after those of single objects follow those of the whole: names given
    twice, edges to nowhere, circles.
    """
    content = _load(text, name)
    found = _misspelt(content)
    lists = {key: _rows(content, key, found) for key in _KEYS}
    skills = _records(lists["skills"], "skills", Skill, found)
    edges = _records(lists["prerequisites"], "prerequisites", Prerequisite, found)
    related = _records(lists["related"], "related", Related, found)
    merges = _records(lists["merges"], "merges", Merge, found)
    for place, skill in skills.items():
        found += [Fault(place, fault) for fault in _unfit(skill)]
    faulty = {row["id"] for row in lists["skills"] if isinstance(row, dict) and isinstance(row.get("id"), str)}
    if content.get("skills") == []:
        found.append(Fault("skills", NO_SKILLS))
    elif lists["skills"]:
        found += faults(skills, edges, related, faulty)
    others = {key: value for key, value in content.items() if key not in {*_KEYS, "hash"}}
    found += _not_json(others)
    if found:
        ids = {place: f" ('{shown(skill.id)}')" for place, skill in skills.items()}
        told = [f"{name}: {place}{ids.get(place, '')}: {sentence}" for place, sentence in found[:MOST_TOLD]]
        more = len(found) - MOST_TOLD
        raise UserError(*told, *([f"{name}: {more:,} more mistakes like these."] if more > 0 else []))
    return Parsed([*skills.values()], [*edges.values()], [*related.values()], [*merges.values()], others)


def _load(text: str, name: str) -> _Object:
    try:
        content = json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        reason = "the file is empty" if not text.strip() else f"this is not JSON ({error.msg})"
        raise UserError(
            f"{name}:{error.lineno}:{error.colno}: {reason}; mend it there, or build the graph again."
        ) from None
    except RecursionError:
        raise UserError(f"{name} is nested too deeply for a skill graph; restore it or build it again.") from None
    except ValueError:  # the one number that is JSON and that Python refuses
        raise UserError(
            f"{name} has a number of thousands of digits; remove it or build the graph again."
        ) from None
    if not isinstance(content, _Object):
        raise UserError(
            f"{name} is {_kind(content)}; an object with the keys 'skills' and 'prerequisites' is needed."
        )
    return content


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    content = _Object(pairs)
    if len(content) < len(pairs):
        keys = [key for key, _ in pairs]
        content.repeated = tuple(key for key in content if keys.count(key) > 1)
    return content


def _misspelt(content: _Object) -> list[Fault]:
    """Keys given twice, keys that look like one of ours, and those of ours that are missing."""
    found = [Fault(key, _TWICE) for key in content.repeated]
    meant = set()
    for key in content.keys() - _KEYS.keys() - {"hash"}:
        near = get_close_matches(key[:100].casefold(), _KEYS, n=1, cutoff=0.75)
        if near and near[0] not in content:
            meant.add(near[0])
            found.append(Fault(shown(key), f"This key is unknown; did you mean '{near[0]}'? Rename it."))
    needed = {"skills", "prerequisites"} - meant - content.keys()
    return found + [Fault(key, "This list is missing; add it.") for key in _KEYS if key in needed]


_TWICE = "This key stands here twice; remove one of them."


def _rows(content: Mapping[str, Any], key: str, found: list[Fault]) -> list[Any]:
    rows = content.get(key, [])
    if isinstance(rows, list):
        return rows
    found.append(Fault(key, f"This is {_kind(rows)}; a list of {_KEYS[key]}s is needed."))
    return []


def _records(rows: Sequence[Any], key: str, kind: type[R], found: list[Fault]) -> dict[str, R]:
    """The records of the rows without mistakes, by their places; those of the others are added to `found`."""
    records = {}
    for index, row in enumerate(rows):
        place = f"{key}[{index}]"
        if not isinstance(row, _Object):
            keys = ", ".join(f"'{name}'" for name in kind.model_fields)
            found.append(Fault(place, f"This is {_kind(row)}; an object with {keys} is needed."))
            continue
        id = row.get("id")
        named = f"{place} ('{shown(id)}')" if isinstance(id, str) else place
        found += [Fault(f"{named}.{shown(where)}", _TWICE) for where in _twice(row)]
        try:
            records[place] = kind.model_validate(row)
        except ValidationError as error:
            found += _told(named, error, kind)
    return records


def _twice(row: _Object) -> list[str]:
    evidence = row.get("evidence")
    inner = enumerate(evidence if isinstance(evidence, list) else [])
    return [
        *row.repeated,
        *(f"evidence[{i}].{key}" for i, one in inner if isinstance(one, _Object) for key in one.repeated),
    ]


def _told(place: str, error: ValidationError, kind: type[Record]) -> list[Fault]:
    found: list[Fault] = []
    meant: set[tuple[Any, str]] = set()
    for detail in sorted(error.errors(include_url=False), key=lambda detail: detail["type"] == "missing"):
        names = _names_at(detail["loc"], kind)
        where = "".join(f"[{part}]" if isinstance(part, int) else f".{shown(part)}" for part in detail["loc"])
        if detail["type"] == "extra_forbidden":
            key = str(detail["loc"][-1])
            near = get_close_matches(key[:100].casefold(), names, n=1)
            meant.update((detail["loc"][:-1], name) for name in near)
            hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(names)}."
            found.append(Fault(place + where, f"This key is unknown; {hint} Rename or remove it."))
        elif detail["type"] != "missing":
            found.append(Fault(place + where, _wanted(detail)))
        elif (detail["loc"][:-1], detail["loc"][-1]) not in meant:
            found.append(Fault(place + where, "This is missing; add it."))
    return found


def _names_at(location: tuple[int | str, ...], kind: type[Record]) -> list[str]:
    return list((Evidence if location[0] == "evidence" and len(location) > 1 else kind).model_fields)


def _wanted(detail: ErrorDetails) -> str:
    needed = {
        "string_type": "a text in quotes is needed.",
        "string_unicode": "it has half a character (a lone surrogate); write it again.",
        "tuple_type": "a list is needed.",
        "model_type": "an object is needed.",
        "literal_error": f"it must be {detail.get('ctx', {}).get('expected')}.",
        "greater_than_equal": "a level is 0 or more; leave it out, levels are computed.",
    }.get(detail["type"], "a level is a whole number; leave it out, levels are computed.")
    return f"This is {_kind(detail['input'])}; {needed}"


def _kind(value: Any) -> str:
    """What a JSON value is, as a message says it."""
    if isinstance(value, str):
        return f"'{shown(value)}'"
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    return "null" if value is None else shown(json.dumps(value))


def _unfit(skill: Skill) -> list[str]:
    """What is wrong with the words of one skill. An id is never mended here: others know the skill by it."""
    found = []
    if not _SLUG.fullmatch(skill.id):
        found.append(
            f"The id '{shown(skill.id)}' is no slug (lower-case letters, digits and single hyphens); write "
            f"'{slug(skill.id)}', in the prerequisites too."
        )
    for key, text in (("title", skill.title), ("part_of", skill.part_of)):
        if text is None:
            continue
        if hidden := unseen(text):
            codes = ", ".join(f"U+{ord(char):04X}" for char in hidden[:5])
            found.append(f"Its '{key}' has characters that cannot be seen ({codes}); remove them.")
        elif not clean_title(text):
            found.append(
                f"Its '{key}' is empty; " + ("give it one." if key == "title" else "write null or a unit.")
            )
    return found


def _not_json(others: Mapping[str, Any]) -> list[Fault]:
    found = []
    for key, value in others.items():
        try:
            json.dumps({key: value}, allow_nan=False, ensure_ascii=False).encode()
        except ValueError:
            found.append(
                Fault(shown(key), "There is a NaN, an infinite number or half a character in it; remove it.")
            )
        except RecursionError:
            found.append(Fault(shown(key), "It is nested too deeply; remove it."))
    return found
