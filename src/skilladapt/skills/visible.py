"""Titles and descriptions made fit for other formats: every character can be seen, and none is obeyed.

What escaping leaves alone is cared for here: control characters, changes of the writing direction, surrogates.
The escaping itself is each format's own.
"""

import re
import unicodedata

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories a reader cannot see, or that change how the text around them is drawn."""
_SPACES = re.compile("[\t\n\r]+")
_JOINERS = "\u200c\u200d"
"""Parts of ordinary words in Persian and Hindi, and of emoji; they change nothing around them."""

LONGEST_TITLE = 300
"""Characters of a title that other formats get: boxes of more than this hide what they stand beside."""
LONGEST_TEXT = 4_000


def visible_line(text: str, limit: int = LONGEST_TITLE) -> str:
    """`text` on one line, at most `limit` characters and an ellipsis."""
    return clipped(" ".join(_coded(text, "").split()), limit)


def visible_text(text: str, limit: int = LONGEST_TEXT) -> str:
    """`text` with its new lines and tabs, at most `limit` characters and how many were left out."""
    if len(text) > limit:
        text = f"{text[:limit]}… ({len(text) - limit:,} more characters)"
    return _coded(text, "\n\t")


def clipped(text: str, limit: int) -> str:
    """`text`, or its first characters and an ellipsis: `limit` characters in all."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _coded(text: str, kept: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        f"⟨U+{ord(char):04X}⟩"
        if unicodedata.category(char) in _HIDDEN and char not in _JOINERS and char not in kept
        else char
        for char in (text if kept else _SPACES.sub(" ", text))
    )
