"""What one plain sentence says that something is: how models answer that forget the form they were asked for."""

import re
from typing import Final

_SENTENCE: Final = re.compile(
    r"[^\n]*?\b(?:is|are|was|were)\s+(?:(?:called|named|known as)\s+)?"
    r"(?P<what>[^\n.?!]{1,80}(?:\.\d+)?[^\n.?!]{0,80})[.!]?"
)
_ANOTHER: Final = re.compile(r"[.!?]\s+\w")
_ROUGHLY: Final = re.compile(r"^(?:approximately|about)\s+")


def stated(text: str) -> str:
    """`Paris` of `The capital of France is Paris.`; empty where the text is anything but one such sentence."""
    sentence = None if _ANOTHER.search(text.strip()) else _SENTENCE.fullmatch(text.strip())
    return _ROUGHLY.sub("", sentence["what"].strip(" \"'*_:")) if sentence else ""
