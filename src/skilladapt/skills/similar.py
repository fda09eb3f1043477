"""Skills whose words are so alike that a person should look at them: candidates for a merge, never merged here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

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


def near_duplicates(
    skills: Sequence[Skill], least: float = ALIKE, vector_N_D: NDArray[np.float64] | None = None
) -> list[Pair]:
    """Pairs as alike as `least` or more and not told apart by their titles, the most alike first.

    By their words; and where sentence vectors (of length one) are given by these too, whichever finds them more
    alike.
    """
    likeness = dict(_by_words(skills, least))
    for pair, found in _by_meaning(vector_N_D, least):
        likeness[pair] = max(found, likeness.get(pair, 0.0))
    pairs = [
        Pair(skills[first], skills[second], found)
        for (first, second), found in likeness.items()
        if _may_be_one(skills[first].title, skills[second].title)
    ]
    return sorted(pairs, key=lambda pair: (-round(pair.likeness, 6), pair.first.id, pair.second.id))


def _by_meaning(vector_N_D: NDArray[np.float64] | None, least: float) -> Iterator[tuple[tuple[int, int], float]]:
    for start in range(0, 0 if vector_N_D is None else len(vector_N_D), _BLOCK):
        assert vector_N_D is not None
        cosine_B_N = vector_N_D[start : start + _BLOCK] @ vector_N_D.T
        for row, other in zip(*np.nonzero(cosine_B_N >= least), strict=True):
            if row + start < other:
                yield (int(row) + start, int(other)), float(cosine_B_N[row, other])


def _by_words(skills: Sequence[Skill], least: float) -> Iterator[tuple[tuple[int, int], float]]:
    from scipy.sparse import csr_array

    words = [sorted(telling_words(f"{skill.title}\n{skill.description}")) for skill in skills]
    column = {word: index for index, word in enumerate(sorted({word for row in words for word in row}))}
    if not column:
        return
    counts = np.zeros(len(column))
    for row in words:
        counts[[column[word] for word in row]] += 1
    rarity = np.log(len(skills) / counts) + 1e-9
    ends = np.cumsum([0, *(len(row) for row in words)])
    places = np.array([column[word] for row in words for word in row], dtype=np.int64)
    table = csr_array((rarity[places], places, ends), shape=(len(skills), len(column)))
    length = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    table = csr_array(table.multiply(1 / np.maximum(length, 1e-12)[:, None]))
    yield from _likest(table, least)


def _may_be_one(first: str, second: str) -> bool:
    """Not of one meaning, which the merge has seen to, nor told apart by numbers or by mathematics."""
    return (
        meaning(first) != meaning(second)
        and "=" not in first + second
        and sorted(re.findall(r"\d+", first)) == sorted(re.findall(r"\d+", second))
    )


def _likest(table: Any, least: float) -> Iterator[tuple[tuple[int, int], float]]:
    """Rows of unit vectors whose product is at least `least`, each pair once."""
    for start in range(0, table.shape[0], _BLOCK):
        block = (table[start : start + _BLOCK] @ table.T).tocoo()
        rows, columns = block.coords
        chosen = (block.data >= least) & (rows + start < columns)
        for row, other, likeness in zip(rows[chosen], columns[chosen], block.data[chosen], strict=True):
            yield (int(row) + start, int(other)), float(likeness)
