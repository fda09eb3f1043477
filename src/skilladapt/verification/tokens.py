"""From a text in plain or LaTeX notation to tokens."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

MAX_DIGITS: Final = 60

FUNCTIONS: Final = frozenset({"sin", "cos", "tan", "ln", "log", "exp", "sqrt"})
CONSTANTS: Final = frozenset({"pi", "e"})


class ParseFailure(ValueError):
    """The text is not understood; the message says why."""


_SAME: Final = str.maketrans(
    {
        **dict.fromkeys("−–—", "-"),
        **dict.fromkeys("·×⋅∙", "*"),
        **dict.fromkeys("′’ʹ", "'"),
        "÷": "/",
        "″": "''",
        "π": " pi ",
        "√": " sqrt ",
        "\u00a0": " ",
    }
)
_SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_LATEX: Final = (
    (r"\\(?:left|right|displaystyle|[,;:!> ]|q?quad)(?![A-Za-z])", " "),
    (r"\\(?:cdot|times)(?![A-Za-z])", "*"),
    (r"\\int(?![A-Za-z])", "∫"),
    (r"\\d?frac(?![A-Za-z])", r"\\frac"),
    (r"\\(?:mathrm|operatorname)\{d\}", "d"),
    (r"\\frac\s*\{d\}\s*\{d\s*([a-z])\}", r"d/d\1"),
    (r"\\frac\s*\{d\s*([a-z])\}\s*\{d\s*([a-z])\}", r"d\1/d\2"),
    (r"\\frac\s*\{d\^\{?2\}?\s*([a-z]?)\}\s*\{d\s*([a-z])\^\{?2\}?\}", r"d^2\1/d\2^2"),
    (r"\\((?:sin|cos|tan|ln|log|exp|pi)(?![A-Za-z]))", r" \1 "),
    (r"\\sqrt(?![A-Za-z])", " sqrt "),
    (r"\$", " "),
    (r"\*\*", "^"),
)
_TOKEN: Final = re.compile(
    r"""\s*(?:
    (?P<derivative>d(?P<second>\^2)?(?P<of>[a-z])?\s*/\s*d(?P<by>[a-z])(?(second)\^2)(?![A-Za-z]))
  | (?P<differential>d[a-z](?![A-Za-z]))
  | (?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+)
  | (?P<word>\\frac|[A-Za-z]+)
  | (?P<mark>[-+*/^()\[\]{}'∫_])
  )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One mark, name or number."""

    kind: str
    """`number`, `name`, `function`, `constant`, `derivative`, `differential`, or the mark itself."""
    text: str
    by: str = ""
    order: int = 0


@lru_cache(maxsize=512)
def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of `text`, at least one. Raises ParseFailure at whatever belongs to no expression."""
    plain = re.sub(
        "[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda match: f"^({match[0].translate(_SUPERSCRIPTS)})", text.translate(_SAME)
    )
    for pattern, replacement in _LATEX:
        plain = re.sub(pattern, replacement, plain)
    plain = plain.rstrip()
    found: list[Token] = []
    position = 0
    while position < len(plain):
        match = _TOKEN.match(plain, position)
        if match is None:
            raise ParseFailure(f"unexpected {plain[position:].strip()[:12]!r}")
        position = match.end()
        found += _named(match)
    if not found:
        raise ParseFailure("empty")
    return tuple(found)


def _named(match: re.Match[str]) -> list[Token]:
    text = match[0].strip()
    if match["derivative"]:
        return [Token("derivative", match["of"] or "", match["by"], 2 if match["second"] else 1)]
    if match["differential"]:
        return [Token("differential", match["differential"][1:])]
    if match["number"]:
        if len(text) > MAX_DIGITS:
            raise ParseFailure(f"a number of more than {MAX_DIGITS} digits")
        return [Token("number", text.replace(",", ""))]
    if match["mark"]:
        return [Token(text, text)]
    if text in FUNCTIONS or text == "\\frac":
        return [Token("function", text)]
    if text in CONSTANTS:
        return [Token("constant", text)]
    # A run of letters is a word, not a product, unless they can only be variables: "at" must not be read as a*t.
    if len(text) == 1 or (len(text) <= 3 and set(text) <= set("uvwxyz")):
        return [Token("name", letter) for letter in text]
    raise ParseFailure(f"unknown word {text[:20]!r}")
