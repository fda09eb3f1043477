"""The words of this subject: what a student's own vocabulary needs besides the syllables of names and digits."""

import re
from typing import Final

from skilladapt.domains.operations import textbook
from skilladapt.domains.operations.definitions import Definition, NewDigit
from skilladapt.domains.operations.wording import in_words
from skilladapt.records import ANSWER_MARK


def words_in(text: str) -> list[str]:
    """The runs of letters in a text, as they are written."""
    return re.findall(r"[A-Za-z]+", text)


def _page_words() -> tuple[str, ...]:
    sentences = [
        *textbook.PRIMITIVE_OPENINGS,
        *textbook.COMPOSED_OPENINGS,
        *textbook.FORMULAS,
        textbook.NO_BASIS,
        textbook.BASIS,
        textbook.AND,
        *textbook.PRIMITIVE_MISTAKES,
        *textbook.COMPOSED_MISTAKES,
        *textbook.EXAMPLES,
        in_words(Definition("", 0, digits=(NewDigit(3, "a", 4), NewDigit(7, "b", 1)))),
        in_words(Definition("", 1, parts=("", ""))),
        ANSWER_MARK,
        "a b ab",
    ]
    return tuple(sorted({word for sentence in sentences for word in words_in(re.sub(r"\{\w+\}", "", sentence))}))


PAGE_WORDS: Final = _page_words()
"""Every word of every textbook page but the names of operations, as it is written there; sorted."""
PUNCTUATION: Final = tuple("()+=?,.:;")
"""Every other mark but digits that stands in pages, questions and solutions."""
