"""A syllabus of one's own in YAML or JSON.

    title: Baking
    units:
      - title: Basics
        skills:
          - Weighing                        # a skill by its title alone
          - title: Mixing
            description: To an even dough.
            objectives: [fold, knead]
            requires: [Weighing]

Shorter: `Basics: [Weighing, Mixing]` for a unit, `Mixing: {requires: Weighing}` for a skill, and a plain list of
skills for a syllabus without units.
"""

from collections.abc import Iterator
from difflib import get_close_matches

from skilladapt.skills.importers.drafts import Draft, Fault, plain, shown
from skilladapt.skills.importers.nodes import Node

_CHILDREN = ("units", "chapters", "modules", "parts", "skills", "sections", "lessons", "topics")
_TITLE = ("title", "name")
_SKILL = {"id", "description", "objectives", "outcomes", "requires", "prerequisites"}
_KEYS = {*_CHILDREN, *_TITLE, *_SKILL}
_UNREAD = {"subject", "source", "licence", "license", "attribution", "author", "language", "version", "date"}
"""What a syllabus may say about itself."""


def read_tree(root: Node) -> tuple[str, list[Draft], list[Fault]]:
    """The title (empty when there is none), the sections and the faults of a tree."""
    drafts: list[Draft] = []
    faults: list[Fault] = []
    title = ""
    if isinstance(root.value, str):
        return "", [], [(root.place, "a single text; write a list of skills")]
    if isinstance(root.value, dict):
        title = next((_text(root.value[key]) for key in _TITLE if key in root.value), "")
        known = [key for key in _CHILDREN if key in root.value]
        if title or known:
            extra = [key for key in root.value if key not in {*_CHILDREN, *_TITLE, *_UNREAD, "description"}]
            faults += [_unknown_key(key, root.value[key]) for key in extra]
            for key in known:
                _read_all(root.value[key], None, drafts, faults)
            return title, drafts, faults
    _read_all(root, None, drafts, faults)
    return title, drafts, faults


def _read_all(node: Node, unit: str | None, drafts: list[Draft], faults: list[Fault]) -> None:
    """The units and skills that a list or a table of titles holds."""
    for title, about in _entries(node, faults):
        children = _children(about)
        if children is not None:
            _read_all(children, title, drafts, faults)
        elif isinstance(about.value, dict):
            drafts.append(_skill(title, about, unit, faults))
        else:
            drafts.append(Draft(title, about.place, unit, list(filter(None, [_text(about)]))))


def _entries(node: Node, faults: list[Fault]) -> Iterator[tuple[str, Node]]:
    """Titles, and what is said about each."""
    if isinstance(node.value, dict):
        for key, about in node.value.items():
            if name := plain(key):
                yield name, about
            else:
                faults.append((about.place, "an entry without a title; give it one"))
        return
    for item in node.value if isinstance(node.value, list) else [node]:
        if isinstance(item.value, str):
            if name := plain(item.value):
                yield name, Node("", item.place)
            continue
        table = item.value if isinstance(item.value, dict) else {}
        given = next((_text(table[key]) for key in _TITLE if key in table), "")
        if given:
            yield given, item
        elif table and not _KEYS & set(table):
            yield from _entries(item, faults)
        else:
            faults.append((item.place, "an entry without a title; give it one ('title')"))


def _children(about: Node) -> Node | None:
    """What a unit holds; None for a skill."""
    if isinstance(about.value, list):
        return about
    if isinstance(about.value, dict):
        if known := [about.value[key] for key in _CHILDREN if key in about.value]:
            items = [item for child in known for item in _as_list(child)]
            return Node(items, about.place)
        if about.value and not _KEYS & set(about.value):
            return about
    return None


def _as_list(node: Node) -> list[Node]:
    if isinstance(node.value, list):
        return node.value
    if isinstance(node.value, dict):
        return [Node({key: value}, value.place) for key, value in node.value.items()]
    return [node]


def _skill(title: str, about: Node, unit: str | None, faults: list[Fault]) -> Draft:
    table = about.value if isinstance(about.value, dict) else {}
    faults += [_unknown_key(key, table[key]) for key in table if key not in {*_TITLE, *_SKILL}]
    draft = Draft(title, about.place, unit)
    for key, part in table.items():
        if key == "id":
            draft.id = _text(part)
        elif key == "description":
            draft.prose += filter(None, [_text(part)])
        elif key in ("objectives", "outcomes"):
            draft.objectives += _texts(part, key, faults)
        elif key in ("requires", "prerequisites"):
            draft.requires += [(text, part.place) for text in _texts(part, key, faults)]
    return draft


def _texts(node: Node, key: str, faults: list[Fault]) -> list[str]:
    found = []
    for item in node.value if isinstance(node.value, list) else [node]:
        if not isinstance(item.value, str):
            faults.append((item.place, f"'{key}' holds something that is no text; write a list of texts"))
        elif text := plain(item.value):
            found.append(text)
    return found


def _text(node: Node) -> str:
    return plain(node.value) if isinstance(node.value, str) else ""


def _unknown_key(key: str, node: Node) -> Fault:
    near = get_close_matches(key.lower()[:80], sorted(_KEYS), n=1, cutoff=0.6)
    known = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(sorted(_SKILL | {'title'}))}"
    return node.place, f"an unknown key '{shown(key)}'; {known}"
