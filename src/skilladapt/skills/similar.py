"""Skills whose words are so alike that a person should look at them: candidates for a merge, never merged here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from skilladapt.records import Skill
from skilladapt.skills.alike import meaning, telling_words

ALIKE = 0.85
"""Cosine of two skills' words, weighted by how rare they are, from which a person should look."""
MAX_SKILLS = 20_000
"""Comparing more takes minutes."""
_BLOCK = 1_000


@dataclass(frozen=True)
class Pair:
    """Two skills that may be one."""

    first: Skill
    second: Skill
    likeness: float
    """Cosine, 0 to 1."""


def near_duplicates(skills: Sequence[Skill], least: float = ALIKE) -> list[Pair]:
    """Pairs as alike as `least` or more and not told apart by their titles, the most alike first."""
    from scipy.sparse import csr_array

    words = [sorted(telling_words(f"{skill.title}\n{skill.description}")) for skill in skills]
    column = {word: index for index, word in enumerate(sorted({word for row in words for word in row}))}
    if not column:
        return []
    counts = np.zeros(len(column))
    for row in words:
        counts[[column[word] for word in row]] += 1
    rarity = np.log(len(skills) / counts) + 1e-9
    ends = np.cumsum([0, *(len(row) for row in words)])
    places = np.array([column[word] for row in words for word in row], dtype=np.int64)
    table = csr_array((rarity[places], places, ends), shape=(len(skills), len(column)))
    length = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    table = csr_array(table.multiply(1 / np.maximum(length, 1e-12)[:, None]))
    pairs = [
        Pair(skills[first], skills[second], likeness)
        for first, second, likeness in _likest(table, least)
        if _may_be_one(skills[first].title, skills[second].title)
    ]
    return sorted(pairs, key=lambda pair: (-round(pair.likeness, 6), pair.first.id, pair.second.id))


def _may_be_one(first: str, second: str) -> bool:
    """Not of one meaning, which the merge has seen to, nor told apart by numbers or by mathematics."""
    return (
        meaning(first) != meaning(second)
        and "=" not in first + second
        and sorted(re.findall(r"\d+", first)) == sorted(re.findall(r"\d+", second))
    )


def _likest(table: Any, least: float) -> Iterator[tuple[int, int, float]]:
    """Rows of unit vectors whose product is at least `least`, each pair once."""
    for start in range(0, table.shape[0], _BLOCK):
        block = (table[start : start + _BLOCK] @ table.T).tocoo()
        rows, columns = block.coords
        chosen = (block.data >= least) & (rows + start < columns)
        for row, other, likeness in zip(rows[chosen], columns[chosen], block.data[chosen], strict=True):
            yield int(row) + start, int(other), float(likeness)
