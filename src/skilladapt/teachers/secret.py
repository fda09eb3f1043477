"""The key of a service: read once from the environment, sent in one header, and taken out of everything else.

Servers echo what they were sent, in headers, bodies and messages of errors, plain or encoded. So whatever comes
from a service or from the client's own machinery goes through `Redactor` before it is stored, logged, raised or
shown.
"""

import base64
import json
import logging
from collections.abc import Iterator
from urllib.parse import quote, quote_plus, unquote

from pydantic import SecretStr

REDACTED = "[key]"
SHORTEST = 8
"""A shorter key could not be told from ordinary text, and guessing it would be no work."""


class Redactor(logging.Filter):
    """Replaces a key, plain or encoded, by a mark; as the filter of a logger, in all that is logged there."""

    def __init__(self, key: SecretStr | None) -> None:
        super().__init__()
        self._key = key
        self._forms = () if key is None else tuple(sorted(set(_forms(key.get_secret_value())), key=len)[::-1])

    def __call__(self, text: str) -> str:
        """`text` without the key."""
        for form in self._forms:
            if form in text:
                text = text.replace(form, REDACTED)
        # An encoder may escape more than it must. What is then left of the text is not worth the search.
        if self._key is not None and "%" in text and self._key.get_secret_value() in unquote(text):
            return REDACTED
        return text

    def filter(self, record: logging.LogRecord) -> bool:
        """Never holds a record back."""
        record.msg, record.args = self(record.getMessage()), ()
        record.exc_info = record.exc_text = None  # a traceback may show headers
        return True

    def __repr__(self) -> str:
        return "Redactor()"


def key_mistake(key: str) -> str:
    """What is wrong with a key, without a word of it; empty when it is fine."""
    if len(key) < SHORTEST:
        return f"has {len(key)} characters; a key has at least {SHORTEST}"
    if not (key.isascii() and key.isprintable() and " " not in key):
        return "holds spaces or characters that no key has"
    return ""


def _forms(key: str) -> Iterator[str]:
    """The ways in which a key is written; in base64, also as a part of something longer."""
    data = key.encode()
    for form in (key, json.dumps(key)[1:-1], quote(key, safe=""), quote(key), quote_plus(key)):
        yield form
        if "%" in form:
            yield "".join(part[:2].lower() + part[2:] if at else part for at, part in enumerate(form.split("%")))
    yield from (data.hex(), data.hex().upper())
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for before in range(3):
            # Of what stands before and behind the key, up to 4 bits reach into its own digits: those are left out.
            written = encode(b"\0" * before + data).decode().rstrip("=")
            whole = (before + len(data)) * 8 // 6
            yield written[-(-before * 8 // 6) : whole]
