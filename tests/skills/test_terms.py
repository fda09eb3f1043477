import numpy as np
import pytest

from skilladapt.records import Skill
from skilladapt.skills.terms import term, terms_of


def skill(title: str, description: str = "") -> Skill:
    return Skill(id=title.lower().replace(" ", "-"), title=title, description=description)


@pytest.mark.parametrize(
    "one, other",
    [
        ("fractions", "fraction"),
        ("adding", "add"),
        ("added", "add"),
        ("properties", "property"),
        ("Bases", "base"),
    ],
)
def test_forms_of_a_word_are_one_term(one: str, other: str) -> None:
    assert term(one) == term(other)


@pytest.mark.parametrize("one, other", [("less", "les"), ("class", "clas"), ("ring", "r"), ("red", "r")])
def test_short_words_and_double_s_keep_their_ends(one: str, other: str) -> None:
    assert term(one) != term(other)


def test_texts_are_rows_of_length_one_and_titles_shares() -> None:
    terms = terms_of(
        [skill("Add fractions", "- add like fractions"), skill("Multiply fractions"), skill("Limits")]
    )
    assert np.allclose(np.sqrt(terms.text_N_V.multiply(terms.text_N_V).sum(axis=1)), 1)
    assert np.allclose(terms.title_N_V.sum(axis=1), 1)


def test_words_that_say_nothing_are_no_terms() -> None:
    terms = terms_of([skill("Understand how to use the limits"), skill("Series")])
    assert terms.words == ("limits", "series")


def test_a_skill_without_terms_is_a_row_of_zeros() -> None:
    terms = terms_of([skill("1 + 1"), skill("Series")])
    assert terms.text_N_V.sum(axis=1).tolist() == [0, 1] and terms.title_N_V.sum(axis=1)[0] == 0


def test_a_list_without_any_term_has_matrices_of_zeros() -> None:
    assert terms_of([skill("1"), skill("2")]).text_N_V.shape == (2, 1)
