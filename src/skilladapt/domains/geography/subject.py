"""Which countries are taught, which are left out as strangers, and which may be asked about their neighbours."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from typing import Final

from skilladapt.domains.geography.facts import Country, countries
from skilladapt.domains.options import is_whole
from skilladapt.errors import UserError
from skilladapt.records import content_hash

FEWEST: Final = 12
"""Fewer countries leave too few other ones to be the wrong choices."""
FEWEST_STRANGERS: Final = 2
_CANDIDATES: Final = 12
"""Countries looked at before the one is drawn that fits best to those drawn before."""


def check_options(taught: object, strangers: object, seed: object) -> None:
    """Raises UserError, with all mistakes, where these are no values to choose countries by."""
    known = len(countries())
    mistakes = []
    for name, value, low in (("countries", taught, FEWEST), ("strangers", strangers, FEWEST_STRANGERS)):
        if not is_whole(value) or not low <= value <= known:
            mistakes.append(f"the option '{name}' is {value!r}; a whole number from {low} to {known} is needed.")
    if not is_whole(seed):
        mistakes.append(f"the option 'seed' is {seed!r}; a whole number is needed.")
    if not mistakes and is_whole(taught) and is_whole(strangers) and taught + strangers > known:
        mistakes.append(
            f"the options 'countries' and 'strangers' ask for {taught + strangers} countries, "
            f"the table has {known}; lower one of them."
        )
    if mistakes:
        raise UserError(*mistakes)


@dataclass(frozen=True)
class Subject:
    """The countries of one run. Codes, sorted; no country is in both."""

    taught: tuple[str, ...]
    strangers: tuple[str, ...]
    """Nothing that is written for training names one of them."""

    @cached_property
    def known(self) -> frozenset[str]:
        """The taught ones."""
        return frozenset(self.taught)

    def is_closed(self, country: Country) -> bool:
        """Whether its neighbours may be told: all of them are taught, so that none is kept quiet about."""
        return country.neighbours is not None and self.known.issuperset(country.neighbours)


@lru_cache(maxsize=8)
def subject_of(taught: int, strangers: int, seed: int) -> Subject:
    """The countries drawn; neighbours are drawn together where possible, or few could be asked about theirs."""
    rng = random.Random(content_hash("geography-countries", taught, strangers, seed))
    left_out = _mixed(list(countries()), strangers, rng)
    chosen = _mixed([code for code in countries() if code not in left_out], taught, rng)
    return Subject(tuple(sorted(chosen)), tuple(sorted(left_out)))


def _mixed(pool: Sequence[str], count: int, rng: random.Random) -> set[str]:
    """As many countries with land borders as belong in so small a world: islands cut no border and would win."""
    inland = [code for code in pool if len(countries()[code].neighbours or ()) > 1]
    return _drawn(pool, count, rng, _drawn(inland, count * len(inland) // len(pool), rng, set()))


def _drawn(pool: Sequence[str], count: int, rng: random.Random, found: set[str]) -> set[str]:
    """So many of the pool, those `found` already among them."""
    waiting, found = [code for code in pool if code not in found], set(found)
    while len(found) < count:
        candidates = rng.sample(waiting, min(_CANDIDATES, len(waiting)))
        best = min(candidates, key=lambda code: _price(code, found))
        waiting.remove(best)
        found.add(best)
    return found


def _price(code: str, inside: set[str]) -> int:
    """How many more borders are cut when the country comes in, and how little is known of it."""
    country = countries()[code]
    borders = sum(-2 if other in inside else 1 for other in country.neighbours or ())
    return borders + sum(getattr(country, field.name) is None for field in fields(country))
