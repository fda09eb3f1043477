"""The words of skills as matrices: what a text is about, and what a title names.

Endings are cut by rule for English; other languages are compared word by word.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from skilladapt.records import Skill

_WORD = re.compile(r"[^\W\d_]\w+")
_COMMON = """
a all also an and any are as at be been but by can do does each for from has have how if in into is it its more
not of on one or other our so such than that the their them then there these they this those to two use used using
was we were what when where which who why will with would you your
able apply define describe discuss explain identify know understand
"""
"""Words that say nothing of a subject; those of the last line open learning objectives of any subject."""
_SKIPPED = frozenset(_COMMON.split())


@dataclass(frozen=True)
class Terms:
    """Term matrices of N skills over V terms; all sparse, rows in the order of the skills."""

    text_N_V: Any
    """How much a skill's title and description are about a term (TF-IDF), rows of length one."""
    title_N_V: Any
    """The share each term has in the weight of a skill's title; a row sums to one, or to zero without terms."""
    uses_N_V: Any
    """One where title or description have the term."""
    words: tuple[str, ...]
    """For each term, a word that stands for it when shown to a person."""


def terms_of(skills: Sequence[Skill]) -> Terms:
    """The terms of skills. A term in every skill weighs nothing in texts, next to nothing in titles."""
    shown: dict[str, str] = {}
    titles = [_counted(skill.title, shown) for skill in skills]
    texts = [_counted(f"{skill.title}\n{skill.description}", shown) for skill in skills]
    column = {term: index for index, term in enumerate(shown)}
    uses = _matrix([dict.fromkeys(text, 1.0) for text in texts], column)
    skills_with_term_V = np.maximum(uses.sum(axis=0), 1)
    frequency = _matrix([{term: 1 + np.log(count) for term, count in text.items()} for text in texts], column)
    named = _matrix([dict.fromkeys(title, 1.0) for title in titles], column)
    text = frequency.multiply(np.log(len(skills) / skills_with_term_V)).tocsr()
    title = named.multiply(np.log((len(skills) + 1) / skills_with_term_V)).tocsr()
    return Terms(
        text_N_V=_scaled(text, np.sqrt(text.multiply(text).sum(axis=1))),
        title_N_V=_scaled(title, title.sum(axis=1)),
        uses_N_V=uses,
        words=tuple(shown.values()),
    )


def term(word: str) -> str:
    """The form in which words are compared: `fractions` and `fraction`, `adding` and `add` are one term."""
    stem = word.casefold()
    for ending, instead in (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):
        if stem.endswith(ending) and len(stem) - len(ending) >= 3 and not stem.endswith("ss"):
            stem = stem.removesuffix(ending) + instead
            break
    return stem.removesuffix("e") if len(stem) > 3 else stem


def _counted(text: str, shown: dict[str, str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for word in _WORD.findall(text.casefold()):
        if word not in _SKIPPED:
            stem = term(word)
            counts[stem] += 1
            shown.setdefault(stem, word)
    return counts


def _matrix(rows: Sequence[dict[str, float]], column: dict[str, int]) -> Any:
    values = [value for row in rows for value in row.values()]
    places = [column[term] for row in rows for term in row]
    ends = np.cumsum([0, *(len(row) for row in rows)])
    return csr_array((np.array(values, dtype=float), places, ends), shape=(len(rows), max(len(column), 1)))


def _scaled(matrix: Any, size_N: Any) -> Any:
    return matrix.multiply((1 / np.where(size_N > 0, size_N, 1))[:, None]).tocsr()
