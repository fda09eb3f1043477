"""Whether a question gives its answer away, as far as the words show it."""

import re
from typing import Final

from skilladapt.materials.quoted import without_quotes
from skilladapt.skills.slug import comparable

NUMBER: Final = re.compile(r"[-+−]?\d[\d,. ]*(?:/\d+)?%?")
"""An answer that is a number."""
_CHOICE: Final = re.compile(r"\b(?:or|true|false|yes|no|which of|whether|between|among)\b")
_GIVEN: Final = re.compile(r"\([^()]*,[^()]*\)|:[^?]*")
"""A list to choose from, or a text to work on: where an answer stands in them, finding it is the task."""


def gives_away(question: str, answer: str) -> bool:
    """Whether the question says the answer, be it as such or in passing, where no choice is asked for.

    Numbers, and answers of one or two letters, have other reasons to stand in a question: of them nothing is
    concluded unless they are called the answer there. What is quoted, listed or given to work on says nothing.
    """
    plain, words = comparable(answer), comparable(question)
    if not plain:
        return False
    whole = rf"(?<!\w){re.escape(plain)}(?![\w^])"
    if re.search(rf"\b(?:answer|hint|solution)\b(?:\s+is\b|\s*:)[^?]{{0,3}}{whole}|\bwhich gives {whole}", words):
        return True
    if NUMBER.fullmatch(answer) or len(plain) < 3 or _CHOICE.search(words):
        return False
    return re.search(whole, _GIVEN.sub(" ", without_quotes(words))) is not None
