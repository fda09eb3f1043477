"""How countries, numbers and places are written in sentences. For the author's side only."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from skilladapt.domains.geography.facts import Country, countries

_WITH_ARTICLE: Final = frozenset({"Bahamas", "Comoros", "Gambia", "Maldives", "Netherlands", "Philippines"})
MINUTES_A_DAY: Final = 24 * 60


def name_of(country: Country) -> str:
    """The name as it stands inside a sentence, such as `the Gambia`."""
    name = country.name
    with_article = name in _WITH_ARTICLE or name.startswith("United ") or name.endswith((" Islands", " Republic"))
    with_article = with_article or " Republic of " in f" {name}"
    return f"the {name}" if with_article else name


def named(code: str) -> str:
    """The name of the country with this code, inside a sentence."""
    return name_of(countries()[code])


def listed(words: Sequence[str]) -> str:
    """`Chad, Mali and Niger`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def exact(value: float) -> Fraction:
    """The number as it is written in decimals."""
    return Fraction(str(value))


def plain(value: float | Fraction) -> str:
    """A number in digits without a needless decimal: `18`, `0.41`, `28000`."""
    number = Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    if number.denominator == 1:
        return str(number.numerator)
    text = f"{float(number):.6f}".rstrip("0")
    assert Fraction(text) == number, f"{number} has more than six decimals"
    return text


def rounded(value: Fraction, decimals: int) -> Fraction | None:
    """Rounded to so many decimals; None where it lies within a hundredth of a step of the border between two."""
    scaled = value * 10**decimals
    whole = int(scaled + Fraction(1, 2))
    if abs(abs(scaled - whole) - Fraction(1, 2)) < Fraction(1, 100):
        return None
    return Fraction(whole, 10**decimals)


def degrees(value: int, directions: str) -> str:
    """`12 degrees north`, or `0 degrees`; `directions` are `north south` or `east west`."""
    positive, negative = directions.split()
    amount = f"{abs(value)} {'degree' if abs(value) == 1 else 'degrees'}"
    return f"{amount} {positive if value > 0 else negative}" if value else amount


def offset(hours: float) -> str:
    """`UTC+3`, `UTC-3:30`, `UTC+0`."""
    minutes = round(abs(hours) * 60)
    ending = f":{minutes % 60:02d}" if minutes % 60 else ""
    return f"UTC{'-' if hours < 0 else '+'}{minutes // 60}{ending}"


def clock(minutes: int) -> str:
    """The time of day so many minutes after a midnight, `06:30`."""
    return f"{minutes % MINUTES_A_DAY // 60:02d}:{minutes % 60:02d}"


def minutes_of(text: str) -> int:
    """The minutes after midnight of `06:30`."""
    hours, minutes = text.split(":")
    return 60 * int(hours) + int(minutes)
