import re
from collections import Counter

from skilladapt.domains.geography.facts import countries


def test_enough_countries_have_every_kind_of_fact() -> None:
    known = countries()
    assert len(known) >= 180 and list(known) == sorted(known)
    for fact in ("capital", "latitude", "utc", "currency", "languages", "coast", "area", "population", "gdp"):
        assert sum(getattr(country, fact) is not None for country in known.values()) >= 120, fact
    assert sum(country.neighbours is not None for country in known.values()) >= 120


def test_names_are_plain_text_and_mean_one_country_each() -> None:
    named = Counter(name for country in countries().values() for name in (country.name, *country.aliases))
    assert [name for name, times in named.items() if times > 1] == []
    for country in countries().values():
        for text in (country.name, *country.aliases, country.capital or "", country.currency or ""):
            assert re.fullmatch(r"(?:\w[\w '.,&()-]*)?", text), text


def test_neighbours_are_in_the_table_and_agree_with_each_other() -> None:
    known = countries()
    for country in known.values():
        for code in country.neighbours or ():
            theirs = known[code].neighbours
            assert theirs is None or country.code in theirs, (country.code, code)


def test_what_everybody_knows_is_so() -> None:
    france, chad, japan = (countries()[code] for code in ("FR", "TD", "JP"))
    assert (france.capital, france.continent, france.currency, france.languages) == (
        "Paris",
        "Europe",
        "euro",
        ("French",),
    )
    assert (france.latitude, france.longitude, france.utc, france.coast) == (49, 2, 1, True)
    assert france.neighbours is None and france.area is None, "sources disagree about its lands overseas"
    assert (chad.coast, chad.neighbours) == (False, ("CF", "CM", "LY", "NE", "NG", "SD"))
    assert (japan.neighbours, japan.population, japan.currency_code) == ((), 120, "JPY")


def test_numbers_are_in_range() -> None:
    for country in countries().values():
        assert country.latitude is None or -90 <= country.latitude <= 90
        assert country.longitude is None or -180 <= country.longitude <= 180
        assert country.utc is None or (-12 <= country.utc <= 14 and country.utc * 4 == int(country.utc * 4))
        assert country.area is None or 0.01 <= country.area <= 20_000
        assert country.population is None or 0.01 <= country.population <= 1_500
        assert country.latitude is None or country.capital is not None, country.code
