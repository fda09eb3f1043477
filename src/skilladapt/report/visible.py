"""Foreign text made fit to be shown: nothing invisible, nothing endless, numbers as people write them.

Escaping for HTML is the template engine's, everywhere and always; this module cares for what escaping leaves
alone: control characters, overrides of the writing direction, characters without width, lone surrogates.
"""

import math
import unicodedata
from typing import Any

from markupsafe import Markup

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories a reader cannot see, or that change how the text around them is drawn."""


def visible(value: Any) -> Any:
    """`value` with every character a reader could not see written as its code, such as ⟨U+202E⟩.

    New lines and tabs stay. What is not a string, and markup that the templates made themselves, is returned as
    it is. The page applies this to everything it prints, so no field can be forgotten.
    """
    if not isinstance(value, str) or isinstance(value, Markup) or value.isascii() and value.isprintable():
        return value
    return "".join(
        f"⟨U+{ord(character):04X}⟩"
        if unicodedata.category(character) in _HIDDEN and character not in "\n\t"
        else character
        for character in value
    )


def clip(text: str, limit: int) -> str:
    """`text`, or its first `limit` characters and how many were left out."""
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text) - limit:,} more characters)"


def percent(share: float | None) -> str:
    """A share of 0..1 as whole percent; a dash where there is none."""
    return "–" if share is None or not math.isfinite(share) else f"{share:.0%}"


def points(difference: float | None) -> str:
    """A difference of shares (-1..1) as signed percentage points; a dash where there is none."""
    if difference is None or not math.isfinite(difference):
        return "–"
    # A small difference needs its tenths: whole points would make +0.5 a nothing.
    shown = f"{100 * difference:+.{0 if abs(difference) >= 0.0995 else 1}f}"
    return "±0" if not shown.strip("+-0.") else shown.replace("-", "−")


def number(value: float | None, digits: int = 2) -> str:
    """A number with thousands separated; whole numbers without decimals, a dash where there is none."""
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.{digits}f}"


def signed(value: float, digits: int) -> str:
    """A difference with its sign, always."""
    return f"{value:+.{digits}f}".replace("-", "−")


def duration(seconds: float) -> str:
    """Seconds as a person says them: `41 s`, `2 min 5 s`, `12 min`, `3 h 20 min`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 600:
        return f"{whole // 60} min {whole % 60} s"
    if whole < 3570:
        return f"{round(whole / 60)} min"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def is_round(when: str) -> bool:
    """Whether a `when` is that of a round, `round-` and its number."""
    return when.startswith("round-") and when[6:].isdecimal()


def stage_name(when: str) -> str:
    """The words for the `when` of a score: `base`, `base-few-shot`, `round-0`, `round-1`, ..."""
    known = {
        "base": "before: base model",
        "base-few-shot": "before: shown the format",
        "round-0": "after the textbooks",
        "round-0-few-shot": "after the textbooks: shown the format",
    }
    if when in known:
        return known[when]
    return f"after round {when.removeprefix('round-')}" if when.startswith("round-") else when
