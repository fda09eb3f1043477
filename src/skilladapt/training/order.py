"""The order in which examples are trained: along the skill graph, backwards, or at random.

Pure: it decides when, never what or how much. Ties are broken by a hash of seed and example, so an example keeps
its place among the others whatever else is added or removed.
"""

from collections.abc import Sequence, Set
from typing import TypeVar

from skilladapt.records import Example, PlantedError, Textbook, content_hash
from skilladapt.skills.graph import SkillOrder

Item = Example | PlantedError
AnyItem = TypeVar("AnyItem", Example, PlantedError, Item)


def item_id(item: Item) -> str:
    """An example's id or a planted error's."""
    return item.example_id if isinstance(item, Example) else item.planted_id


def order_examples(
    examples: Sequence[AnyItem],
    skill_order: Sequence[str],
    kind: SkillOrder = "graph",
    seed: int = 0,
    replay: Set[str] = frozenset(),
) -> list[AnyItem]:
    """All `examples` in the order of one pass.

    `skill_order` is the graph's order of that `kind`, generation by generation. `graph` goes through blocks of
    (skill, difficulty), textbook pages before exercises and easy before hard; `reverse` does the same from hard to
    easy, pages last; `random` shuffles everything. Within a block the order is random by `seed`. Examples whose
    ids are in `replay` belong to no block: they are spread evenly over the pass, by `seed`.
    """
    place = {skill_id: index for index, skill_id in enumerate(skill_order)}
    direction = -1 if kind == "reverse" else 1

    def key(item: AnyItem) -> tuple[int, int, str]:
        tie = content_hash("order", seed, item_id(item))
        if kind == "random":
            return 0, 0, tie
        return place[item.skill_id], direction * _difficulty(item), tie

    blocks = sorted((item for item in examples if item_id(item) not in replay), key=key)
    slots = [((index + 0.5) / len(blocks), item_id(item), item) for index, item in enumerate(blocks)]
    slots += [
        (_share("replay", seed, item_id(item)), item_id(item), item)
        for item in examples
        if item_id(item) in replay
    ]
    return [item for _, _, item in sorted(slots, key=lambda slot: slot[:2])]


def _difficulty(item: Item) -> int:
    """1-5, and 0 for a textbook page, which is read before its exercises."""
    if isinstance(item, PlantedError):
        return item.exercise.difficulty
    return 0 if isinstance(item.material, Textbook) else item.material.difficulty


def _share(*parts: str | int) -> float:
    """A number in [0, 1) that looks random and depends on nothing but `parts`."""
    return int(content_hash(*parts), 16) / 16**16
