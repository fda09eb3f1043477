"""What can be seen of two skills without a teacher: how alike they are, and which of them looks like the earlier.

Every signal is an array over (before, after). Those of `RELATED` are the same both ways; those of `BEFORE` change
their sign when the two are exchanged, so that an order is never concluded from how alike two skills are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from skilladapt.records import Skill
from skilladapt.skills.terms import Terms, terms_of

FloatArray = NDArray[np.float64]

RELATED = ("text", "meaning", "unit")
"""Cosine of the texts' terms; cosine of their sentence vectors, where given; whether both are of one unit."""
BEFORE = ("named", "reference", "centre")
"""How much more the later names the earlier than the other way round: in its own text (`named`) and in those most
like it (`reference`, after RefD: Liang et al., EMNLP 2015). How much nearer the earlier is to the middle of the
subject (`centre`): what many skills are like is learned early."""

NEIGHBOURS = 10
"""How many of the most similar skills speak for a skill in `reference`."""


@dataclass(frozen=True)
class Signals:
    """The signals of a list of skills; made by `signals_of`, computed a block of skills at a time."""

    terms: Terms
    vector_N_D: FloatArray | None
    """Sentence vectors of length one; None without an encoder."""
    unit_N: NDArray[np.int64]
    """The same number for skills of one unit; a skill of no unit has a number of its own."""

    def __len__(self) -> int:
        return self.unit_N.size

    def into(self, after_K: NDArray[np.int64]) -> Mapping[str, FloatArray]:
        """Every signal from all skills (rows) into those of `after_K` (columns)."""
        terms, mass_N = self.terms, self._centre_N
        title, uses, around = terms.title_N_V, terms.uses_N_V, self._around_N_V
        signals = {
            "text": _dense(terms.text_N_V @ terms.text_N_V[after_K].T),
            "unit": (self.unit_N[:, None] == self.unit_N[None, after_K]).astype(float),
            "named": _dense(title @ uses[after_K].T) - _dense(uses @ title[after_K].T),
            "reference": _dense(title @ around[after_K].T) - _dense(around @ title[after_K].T),
            "centre": mass_N[:, None] - mass_N[None, after_K],
        }
        if self.vector_N_D is not None:
            signals["meaning"] = self.vector_N_D @ self.vector_N_D[after_K].T
        return signals

    def shared_words(self, before: int, after: int, most: int = 3) -> list[str]:
        """The words that make two texts most alike, the weightiest first."""
        one, other = self._weight_of_term[before], self._weight_of_term[after]
        weights = {column: one[column] * other[column] for column in one.keys() & other.keys()}
        weightiest = sorted(weights, key=lambda column: (-weights[column], column))[:most]
        return [self.terms.words[column] for column in weightiest if weights[column] > 0]

    @cached_property
    def _weight_of_term(self) -> list[dict[int, float]]:
        """The rows of `text_N_V` as mappings: many times quicker to compare two by two."""
        text = self.terms.text_N_V
        ends = zip(text.indptr, text.indptr[1:], strict=False)
        return [
            dict(zip(text.indices[start:end].tolist(), text.data[start:end].tolist(), strict=True))
            for start, end in ends
        ]

    @cached_property
    def _centre_N(self) -> FloatArray:
        """Each text's mean cosine with all texts."""
        text = self.terms.text_N_V
        return np.asarray(text @ text.sum(axis=0)) / len(self)

    @cached_property
    def _around_N_V(self) -> Any:
        """How much the texts most like a skill's use each term: `uses`, averaged over neighbours by cosine."""
        rows = []
        for start in range(0, len(self), BLOCK):
            alike = _dense(self.terms.text_N_V[start : start + BLOCK] @ self.terms.text_N_V.T)
            here = np.arange(alike.shape[0])
            alike[here, start + here] = 0
            if alike.shape[1] > NEIGHBOURS:
                least = -np.partition(-alike, NEIGHBOURS - 1, axis=1)[:, NEIGHBOURS - 1 : NEIGHBOURS]
                alike[alike < least] = 0
            rows.append(csr_array(alike / np.maximum(alike.sum(axis=1, keepdims=True), 1e-9)))
        return vstack(rows, format="csr") @ self.terms.uses_N_V


BLOCK = 512
"""Skills looked at in one go: arrays of (all skills, block) stay small beside thousands of skills."""


def signals_of(skills: Sequence[Skill], vector_N_D: FloatArray | None = None) -> Signals:
    """The signals of `skills`; `vector_N_D` are sentence vectors of their texts, of any length but zero."""
    if vector_N_D is not None:
        if vector_N_D.shape[0] != len(skills):
            raise ValueError(f"{vector_N_D.shape[0]} vectors for {len(skills)} skills")
        vector_N_D = vector_N_D / np.linalg.norm(vector_N_D, axis=1, keepdims=True)
    number: dict[str, int] = {}
    units = [
        number.setdefault(skill.part_of, len(number)) if skill.part_of else -1 - index
        for index, skill in enumerate(skills)
    ]
    return Signals(terms=terms_of(skills), vector_N_D=vector_N_D, unit_N=np.array(units, dtype=np.int64))


def text_of(skill: Skill) -> str:
    """What an encoder is given of a skill."""
    return f"{skill.title}. {skill.description}"


def _dense(matrix: Any) -> FloatArray:
    return np.asarray(matrix.toarray(), dtype=np.float64)
