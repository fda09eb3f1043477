"""A source of countries, times and tables that fit a difficulty."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from skilladapt.domains.geography.facts import Country, countries
from skilladapt.domains.geography.names import clock, name_of
from skilladapt.domains.geography.relations import RELATIONS
from skilladapt.domains.geography.routes import distances
from skilladapt.domains.geography.subject import Subject
from skilladapt.domains.geography.task import Table

_TRIES: Final = 40
"""Draws of a second country before any will do."""
_FACTOR: Final = 2
"""At low difficulty the larger of two is at least so many times as large."""
_MOSTLY: Final = 0.75
_STEM: Final = 4
"""Letters at the beginning of two names that tell the one from the other."""
_PLACES: Final = tuple(
    [
        "Ashby",
        "Brindle",
        "Corley",
        "Dunmore",
        "Elsworth",
        "Farley",
        "Garsdale",
        "Hatton",
        "Ilverton",
        "Jarrow",
        "Kelby",
        "Lindale",
        "Marwick",
        "Norby",
        "Oakham",
        "Pelton",
        "Quenby",
        "Ripley",
        "Selwick",
        "Thornby",
        "Upham",
        "Velton",
        "Wexcombe",
        "Yarm",
    ]
)
_COUNTED: Final[Mapping[str, tuple[str, ...]]] = {
    "village": ("houses", "sheep", "farms", "wells"),
    "port": ("boats", "cranes", "sailors", "berths"),
    "valley": ("bridges", "orchards", "mills", "springs"),
    "island": ("beaches", "lighthouses", "palms", "hotels"),
}
_FROM_COUNTRIES: Final = ("guests", "parcels", "pupils", "stamps")


_HALVES: Final[Mapping[str, Callable[[Country], bool]]] = {
    "coast": lambda country: bool(country.coast),
    "latitude": lambda country: (country.latitude or 0) > 0,
    "longitude": lambda country: (country.longitude or 0) > 0,
}
"""Facts of two kinds that come as often as one another, however many countries have them."""


class NothingDrawn(Exception):
    """There is nothing of this kind among so few countries."""


@dataclass(frozen=True)
class Draw:
    """Draws from `pool`, other countries from `universe`. Methods raise NothingDrawn where there is nothing."""

    rng: random.Random
    difficulty: int
    pool: Sequence[str]
    """Codes of those that are asked about."""
    universe: frozenset[str]
    """Codes of all that may be named."""

    @classmethod
    def of(cls, subject: Subject, rng: random.Random, difficulty: int, strangers: bool = False) -> "Draw":
        """Of the taught countries, or of strangers, whose neighbours may be any."""
        if strangers:
            return cls(rng, difficulty, subject.strangers, frozenset(countries()))
        return cls(rng, difficulty, subject.taught, subject.known)

    def step(self, *choices: int) -> int:
        """The choice for this difficulty, the last one for all beyond."""
        return choices[min(self.difficulty, len(choices)) - 1]

    def one(self, codes: Sequence[str]) -> str:
        """Any of these."""
        if not codes:
            raise NothingDrawn
        return self.rng.choice(codes)

    def country(self) -> str:
        """Any of the pool."""
        return self.one(self.pool)

    def having(self, key: str) -> str:
        """One whose fact of this kind is known; those with two possible answers get both."""
        known = self._known.setdefault(key, [])
        if not known:
            known += [code for code in self.pool if RELATIONS[key].value(countries()[code]) is not None]
        if key in _HALVES:
            wanted = self.rng.random() < 0.5
            known = [code for code in known if _HALVES[key](countries()[code]) == wanted] or known
        return self.one(known)

    @cached_property
    def _known(self) -> dict[str, list[str]]:
        return {}

    @cached_property
    def _closed(self) -> list[str]:
        table = countries()
        return [
            code for code in self.pool if (found := table[code].neighbours) and self.universe.issuperset(found)
        ]

    def with_neighbours(
        self, fewest: int = 1, most: int = 99, wanted: Callable[[Country, Country], bool] | None = None
    ) -> str:
        """One all of whose neighbours may be named; mostly one with a neighbour for which `wanted` holds."""
        table = countries()
        found = [code for code in self._closed if fewest <= len(table[code].neighbours or ()) <= most]
        if wanted is not None and self.rng.random() < _MOSTLY:
            near = ((code, table[code].neighbours or ()) for code in found)
            found = [
                code for code, others in near if any(wanted(table[code], table[one]) for one in others)
            ] or found
        return self.one(found)

    def several(self, count: int) -> tuple[str, ...]:
        """Different ones of the pool."""
        if len(self.pool) < count:
            raise NothingDrawn
        return tuple(self.rng.sample(self.pool, count))

    def pair(self, wanted: Callable[[Country, Country], bool] | None = None) -> dict[str, str]:
        """`X` and `Y`; with `wanted` a pair for which it holds, if one is soon found."""
        table = countries()
        for _ in range(_TRIES):
            first, second = self.several(2)
            if wanted is None or wanted(table[first], table[second]):
                break
        return {"X": first, "Y": second}

    def even_pair(self, holds: Callable[[Country, Country], bool]) -> dict[str, str]:
        """`X` and `Y` for which it holds half of the time."""
        target = self.rng.random() < 0.5
        return self.pair(lambda first, second: holds(first, second) == target)

    def compared(self, field: str, ordered: bool = False) -> dict[str, str]:
        """`X` and `Y`, far apart at low difficulty; with `ordered` the larger first."""

        def fits(first: Country, second: Country) -> bool:
            one, other = getattr(first, field), getattr(second, field)
            if one is None or other is None or one == other or (ordered and one < other):
                return False
            return self.difficulty > 2 or max(one, other) >= _FACTOR * min(one, other)

        return self.pair(fits)

    def capitals(self) -> dict[str, str]:
        """`C` and `D`."""
        first, second = self.several(2)
        return {"C": first, "D": second}

    def around(self) -> dict[str, str]:
        """`X` and `Y`, both neighbours of a third country."""
        table = countries()
        middle = self.one([code for code in self.universe_sorted if len(table[code].neighbours or ()) > 1])
        near = [code for code in table[middle].neighbours or () if code in self._closed]
        if len(near) < 2:
            raise NothingDrawn
        first, second = self.rng.sample(near, 2)
        return {"X": first, "Y": second}

    @cached_property
    def universe_sorted(self) -> list[str]:
        """The universe in order."""
        return sorted(self.universe)

    def bordering(self) -> dict[str, str]:
        """`X` and `Y`, neighbours half of the time, else on the same continent."""
        first = self.with_neighbours()
        here = countries()[first]
        near = list(here.neighbours or ())
        far = [
            code
            for code in self.universe_sorted
            if code != first and code not in near and countries()[code].continent == here.continent
        ]
        return {"X": first, "Y": self.one(near if self.rng.random() < 0.5 or not far else far)}

    def apart(self, shortest: int) -> dict[str, str]:
        """`X` and `Y` with a way by land between them, of so many borders or, at higher difficulty, more."""
        start = self.with_neighbours()
        wanted = self.rng.randint(shortest, self.step(2, 2, 3, 4))
        near = [
            code
            for code, number in distances(start).items()
            if number == wanted and code in self.universe and countries()[code].neighbours is not None
        ]
        return {"X": start, "Y": self.one(near)}

    def time(self) -> str:
        """A time of day, on the hour at low difficulty."""
        return clock(60 * self.rng.randint(0, 23) + (5 * self.rng.randint(0, 11) if self.difficulty > 2 else 0))

    def currency(self) -> str:
        """One that is used in the pool, mostly one whose name does not tell where."""
        table = countries()
        return self._unlike([(table[code].name, found) for code in self.pool if (found := table[code].currency)])

    def language(self) -> str:
        """One that is official in the pool, mostly one whose name does not tell where."""
        table = countries()
        return self._unlike(
            [(table[code].name, found) for code in self.pool for found in table[code].languages or ()]
        )

    def _unlike(self, pairs: Sequence[tuple[str, str]]) -> str:
        telling = self.rng.random() > _MOSTLY
        found = [value for name, value in pairs if telling or value[:_STEM] != name[:_STEM]]
        return self.one(found or [value for _, value in pairs])

    def options(self, right: Sequence[str], others: Sequence[str], count: int) -> tuple[str, ...]:
        """One right option among `count`, in any order."""
        wrong = sorted(set(others) - set(right))
        if not right or len(wrong) < count - 1:
            raise NothingDrawn
        found = [self.rng.choice(sorted(right)), *self.rng.sample(wrong, count - 1)]
        self.rng.shuffle(found)
        return tuple(found)

    def nearby(self, code: str) -> list[str]:
        """Countries to be wrong options: at higher difficulty those of the same continent."""
        others = [other for other in self.universe_sorted if other != code]
        continent = countries()[code].continent
        near = [other for other in others if countries()[other].continent == continent]
        return near if self.difficulty > 2 and len(near) > 5 else others

    def table(self, columns: int = 2) -> Table:
        """A table of invented places; more and larger numbers at higher difficulty."""
        head = self.rng.choice(sorted(_COUNTED))
        items = tuple(self.rng.sample(_COUNTED[head], columns))
        return self._filled(head, items, self._names(), lambda: self._number())

    def table_of_density(self) -> Table:
        """A table of people and areas, in which each density is a whole number."""
        top = self.step(20, 40, 60, 90)
        rows = []
        for name in self._names():
            land = self.rng.randint(3, top)
            rows.append((name, (land * self.rng.randint(3, top), land)))
        return Table("district", ("people", "square kilometres"), tuple(rows))

    def table_of_countries(self) -> Table:
        """A table of countries and of something that comes from there."""
        codes = self.several(self.step(3, 4, 4, 5, 6))
        names = [name_of(countries()[code]).removeprefix("the ") for code in codes]
        return self._filled("country", (self.rng.choice(_FROM_COUNTRIES),), names, lambda: self._number())

    def _names(self) -> list[str]:
        return self.rng.sample(_PLACES, self.step(3, 3, 4, 5, 6))

    def _number(self) -> int:
        return self.rng.randint(2, self.step(20, 50, 100, 400, 900))

    def _filled(self, head: str, items: tuple[str, ...], names: Sequence[str], number: Callable[[], int]) -> Table:
        return Table(head, items, tuple((name, tuple(number() for _ in items)) for name in names))
