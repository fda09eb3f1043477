"""Whether two skills mean the same, judged by their words alone, and carefully: a wrong merge hides a skill."""

import re
from functools import lru_cache

from skilladapt.skills.slug import comparable

LEAST_SHARED = 0.3
"""Two descriptions of one title share this much of the shorter one's words, or are about different things.

Chosen by reading the pairs of equal titles in the shipped syllabi, 277 in all, as far as they share less than
0.75: those below differ or are at least doubtful ("Angles" in geometry and in trigonometry: 0.07; "A New World
Order" of 1991 in two history books: 0), those above are one.
"""

_OPENING = re.compile(
    r"^(?:an? )?(?:introduction to|introducing|intro to|understanding|understand|overview of|basics of) (?=\S)"
)
_ARTICLE = re.compile(r"^(?:the|an?) (?=\S)")
_GENERIC = {
    "introduction", "overview", "review", "chapter review", "unit review", "summary", "chapter summary",
    "conclusion", "key term", "key concept", "key equation", "key idea", "glossary", "exercise", "practice",
    "practice test", "practice exercise", "review exercise", "review question", "question", "quiz", "test", "exam",
    "assessment", "revision", "recap", "project", "lab", "homework", "assignment", "further reading", "reading",
    "reference", "resource", "discussion", "case study", "activity", "example", "application", "background",
    "basic",
}  # fmt: skip
"""Titles, as `meaning` gives them, that say what a section is for and not what it is about."""

_COMMON_WORDS = """
a an the of to in on and or for with by from as is are was were be been being how what why when which who that this
these those their its it into at can could i will use used using between about your you we our not do does did has
have had more most some any all such also than then so if one two
"""
_VERBS_OF_OBJECTIVES = """
explain describe discuss identify define compare contrast analyze analyse evaluate understand know list find
summarize summarise outline recognize recognise solve determine give assess examine explore interpret apply
appreciate able make made write show
"""
_COMMON = {*_COMMON_WORDS.split(), *_VERBS_OF_OBJECTIVES.split()}


@lru_cache(maxsize=200_000)
def meaning(title: str) -> str:
    """What a title is about: without case, punctuation, plural, an article or words like `Introduction to` before.

    Signs stay where they may be mathematics: `y = f(-x)` is not `y = -f(x)`.
    """
    text = comparable(title).replace("&", " and ")
    text = re.sub(r"['\u2019\u2018\"\u201c\u201d`]", "", text)
    text = re.sub(r"(?<=[^\W\d])[-\u2010-\u2015/](?=[^\W\d]{2})", " ", text)
    text = re.sub(r"[,.:;!?]+(?=\s|$)|(?<=\s)[-\u2010-\u2015](?=\s+[^\W\d]{2})", " ", text)
    text = " ".join(text.split())
    text = _ARTICLE.sub("", _OPENING.sub("", text))
    return " ".join(_singular(word) for word in text.split())


def is_generic(title: str) -> bool:
    """Whether a title says nothing of what its section is about: `Review`, `Key Terms`."""
    return comparable(title).strip(":") in _GENERIC or meaning(title) in _GENERIC


def shared(first: str, second: str) -> float | None:
    """How much of the shorter text's telling words the other has, too; None where one of them has none."""
    one, two = telling_words(first), telling_words(second)
    return len(one & two) / min(len(one), len(two)) if one and two else None


@lru_cache(maxsize=200_000)
def telling_words(text: str) -> frozenset[str]:
    """The words of a text that are about something, in the singular."""
    words = re.findall(r"[^\W_]{2,}", text.casefold())
    return frozenset(_singular(word) for word in words if word not in _COMMON)


def _singular(word: str) -> str:
    """English plurals only; words that are none become the same in every title, which does no harm."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and re.search(r"(?:ch|sh|x|ss|z)es$", word):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not re.search(r"(?:ss|us|is)$", word):
        return word[:-1]
    return word
