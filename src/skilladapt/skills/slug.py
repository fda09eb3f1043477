"""Titles made safe to show and turned into ids: from whatever a syllabus says to plain ASCII slugs."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

MAX_SLUG = 60
"""Longest readable part of an id, in characters; a hash follows where something was lost."""

_INVISIBLE = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Bidirectional controls and zero-width characters: they make two titles look alike that are not."""

_CONTROL = {"Cc", "Cs", "Zl", "Zp"}
"""Unicode categories of control characters, lone surrogates, and line and paragraph ends."""


def clean_title(text: str) -> str:
    """`text` on one line, without control or invisible characters, in Unicode's composed form (NFC)."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    visible = _INVISIBLE.sub("", text)
    kept = (" " if unicodedata.category(char) in _CONTROL else char for char in visible)
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def unseen(text: str) -> list[str]:
    """The characters of `text` that `clean_title` would take out, or replace by a space, each once."""
    found = dict.fromkeys(
        char for char in text if _INVISIBLE.match(char) or unicodedata.category(char) in _CONTROL
    )
    return list(found)


def comparable(title: str) -> str:
    """The form in which titles are compared: compatibility forms, case and emphasis marks do not count."""
    return clean_title(unicodedata.normalize("NFKC", title).casefold()).strip("*_` .")


def slug(title: str) -> str:
    """Lower-case ASCII letters, digits and single hyphens: at most `MAX_SLUG` characters, or 9 more with a hash.

    Depends on the title alone. Eight hexadecimal digits of the title's sha256 are added where letters were lost
    (another script) or cut off, and stand behind `skill` where nothing would be left.
    """
    folded = unicodedata.normalize("NFKD", clean_title(title).casefold())
    plain = re.sub(r"[^a-z0-9]+", "-", re.sub(r"['\u2019\u0300-\u036f]", "", folded)).strip("-")
    lost = any(char.isalnum() and not char.isascii() for char in folded)
    short = plain[:MAX_SLUG].strip("-")
    return with_hash(short or "skill", title) if lost or short != plain or not short else short


def unique_slugs(titles: Sequence[str]) -> list[str]:
    """A slug for each title; different titles with one slug (`C`, `C++`) all get a hash, whatever their order."""
    slugs = [slug(title) for title in titles]
    count = Counter(slugs)
    return [with_hash(name, title) if count[name] > 1 else name for name, title in zip(slugs, titles, strict=True)]


def with_hash(name: str, title: str) -> str:
    """`name` and eight hexadecimal digits of the title's sha256."""
    return f"{name}-{hashlib.sha256(comparable(title).encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
