"""What a text quotes is somebody else's words, in whatever language, and not what the text itself says."""

import re
from typing import Final

_QUOTED: Final = re.compile(
    r'"[^"\n]{1,400}"|“[^”\n]{1,400}”|„[^“”\n]{1,400}[“”]|«[^»\n]{1,400}»|`[^`\n]{1,400}`'
    r"|(?<!\w)'[^'\n]{1,400}'(?!\w)|(?<!\w)‘[^\n‘]{1,400}?’(?!\w)"
)


def without_quotes(text: str) -> str:
    """`text` with a space in place of each quotation of at most 400 characters on one line."""
    return _QUOTED.sub(" ", text)
