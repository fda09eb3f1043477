"""YAML and JSON as one kind of tree: texts, lists and tables, each with the place it stands in.

Nothing is interpreted: `no`, `1.10` and `2026-01-01` stay the text they are, and no YAML tag makes an object.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from skilladapt.errors import UserError
from skilladapt.skills.importers.drafts import Fault, Place, refuse, said_at, shown

MAX_DEPTH = 20
MAX_NODES = 1_000_000


@dataclass(frozen=True)
class Node:
    """A value and its place."""

    value: "str | list[Node] | dict[str, Node]"
    place: Place


def read_yaml(text: str, source: str) -> Node:
    """The tree in `text`, with lines. Raises UserError for what is no plain YAML: aliases and tags, too."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _check_events(text, source, loader)
        root = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        why = " ".join(filter(None, [error.context, error.problem]))
        raise _fault(source, mark.line + 1 if mark else 1, f"not valid YAML ({why}); mend that") from None
    except yaml.YAMLError as error:
        why = str(error).splitlines()[0]
        raise _fault(source, _line_at(text, error), f"not valid YAML ({why}); mend that") from None
    if root is None:
        raise _fault(source, 1, "the file is empty; write a list of skills")
    faults: list[Fault] = []
    tree = _of_yaml(root, faults)
    refuse(source, faults)
    return tree


def _check_events(text: str, source: str, loader: Any) -> None:
    """Looks at the stream of events first: composing is recursive, and an alias can stand for a billion nodes."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=loader)):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise _fault(source, line, f"an alias ('*{shown(event.anchor)}'), which is not read; write it out")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise _fault(source, line, f"more than {MAX_DEPTH} levels; nest less")
        if count > MAX_NODES:
            raise _fault(source, line, f"more than {MAX_NODES:,} values; split the syllabus")


def _line_at(text: str, error: yaml.YAMLError) -> int:
    position = getattr(error, "position", None)
    return text.count("\n", 0, position) + 1 if isinstance(position, int) else 1


def _of_yaml(node: yaml.Node, faults: list[Fault]) -> Node:
    line = node.start_mark.line + 1
    if not node.tag.startswith("tag:yaml.org,2002:") or "python" in node.tag:
        faults.append((line, f"a tag ('{shown(node.tag)}'), which is not read; remove it"))
    if isinstance(node, yaml.SequenceNode):
        return Node([_of_yaml(item, faults) for item in node.value], line)
    if isinstance(node, yaml.MappingNode):
        table: dict[str, Node] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else None
            place = key.start_mark.line + 1
            if name is None:
                faults.append((place, "a key that is no text; write a text"))
            elif name in table:
                faults.append((place, f"the key '{shown(name)}' twice; remove one"))
            else:
                # A section stands where its name does, not where what is said of it begins.
                table[name] = Node(_of_yaml(value, faults).value, place)
        return Node(table, line)
    return Node("" if node.tag.endswith(":null") else node.value, line)


def read_json(text: str, source: str) -> Any:
    """The value of JSON in `text`. Raises UserError for what is no JSON, keys given twice and deep nesting."""
    try:
        found = json.loads(text, object_pairs_hook=_unique, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        raise _fault(source, error.lineno, f"not valid JSON ({error.msg}); mend that") from None
    except RecursionError:
        raise _fault(source, 1, f"more than {MAX_DEPTH} levels; nest less") from None
    except _TwiceError as error:
        key = error.args[0]
        line = text.count("\n", 0, max(text.rfind(json.dumps(key, ensure_ascii=False)), 0)) + 1
        raise _fault(source, line, f"the key '{shown(key)}' twice in one object; remove one") from None
    return found


class _TwiceError(Exception):
    """A key stands twice in one object."""


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _TwiceError(next(key for key in keys if keys.count(key) > 1))
    return table


def tree_of(value: Any, source: str, path: str = "#", depth: int = 0) -> Node:
    """The tree of a JSON value; places are paths such as `#/units/0`. Raises UserError for deep nesting."""
    if depth > MAX_DEPTH:
        raise _fault(source, path, f"more than {MAX_DEPTH} levels; nest less")
    if isinstance(value, Mapping):
        return Node(
            {key: tree_of(part, source, f"{path}/{shown(key)}", depth + 1) for key, part in value.items()}, path
        )
    if isinstance(value, list):
        items = enumerate(value)
        return Node([tree_of(part, source, f"{path}/{index}", depth + 1) for index, part in items], path)
    return Node("" if value is None else str(value), path)


def _fault(source: str, place: Place, what: str) -> UserError:
    return UserError(f"{said_at(source, place)}: {what}.")
