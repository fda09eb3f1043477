import re

from hypothesis import given
from hypothesis import strategies as st

from skilladapt.skills.slug import clean_title, comparable, slug, unique_slugs


def test_slug_of_a_plain_title() -> None:
    assert slug("Evaluating powers") == "evaluating-powers"
    assert slug("  The Chain-Rule: d/dx [f(g(x))] ") == "the-chain-rule-d-dx-f-g-x"
    assert slug("Don't panic") == "dont-panic"
    assert slug("Élan vital, x² and ﬁne Straße") == "elan-vital-x2-and-fine-strasse"


def test_slug_gets_a_hash_where_letters_are_lost() -> None:
    assert slug("导数") == "skill-" + slug("导数")[-8:]
    assert slug("导数") != slug("积分")
    assert re.fullmatch(r"f-[0-9a-f]{8}", slug("Функция f"))
    assert re.fullmatch(r"a{60}-[0-9a-f]{8}", slug("a" * 300))
    assert re.fullmatch(r"skill-[0-9a-f]{8}", slug("!!!"))


def test_different_titles_with_one_slug_all_get_a_hash_whatever_their_order() -> None:
    forward = dict(zip(["C", "C++", "Ada"], unique_slugs(["C", "C++", "Ada"]), strict=True))
    backward = dict(zip(["Ada", "C++", "C"], unique_slugs(["Ada", "C++", "C"]), strict=True))
    assert forward == backward
    assert forward["Ada"] == "ada" and forward["C"] != forward["C++"]


def test_clean_title_removes_what_cannot_be_seen() -> None:
    assert clean_title("a\u202eb\x00c\r\n\td\u200b ") == "ab c d"
    assert clean_title("e\u0301") == "é"


def test_titles_compare_without_case_width_and_emphasis() -> None:
    assert comparable("**Power  Rule**.") == comparable("ｐｏｗｅｒ rule") == "power rule"


@given(st.text())
def test_slug_of_any_text_is_short_ascii_and_repeatable(title: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(title)) and len(slug(title)) <= 69
    assert slug(title) == slug(title)


@given(st.lists(st.text(), unique_by=comparable))
def test_titles_that_compare_different_get_different_slugs(titles: list[str]) -> None:
    assert len(set(unique_slugs(titles))) == len(titles)
