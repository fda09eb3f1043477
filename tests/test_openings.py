import pytest

from skilladapt.openings import OPENINGS, opened, unopened
from skilladapt.records import canonical_question, is_held_out

QUESTIONS = [f"Which river flows through city number {number}?" for number in range(500)]


@pytest.mark.parametrize("held_out", [True, False])
def test_a_question_lands_on_the_side_it_is_meant_for_and_stays_itself(held_out: bool) -> None:
    found = [(question, opened(question, held_out=held_out)) for question in QUESTIONS]
    placed = [(question, text) for question, text in found if text is not None]
    assert len(placed) >= (485 if held_out else 500)
    for question, text in placed:
        assert is_held_out(text) is held_out
        assert unopened(text) == question
        assert opened(text, held_out=held_out) == text  # opening again changes nothing


def test_both_sides_have_all_openings() -> None:
    for held_out in (True, False):
        used = {opening for q in QUESTIONS if (t := opened(q, held_out=held_out)) for opening in [t[: -len(q)]]}
        assert used == set(OPENINGS)


def test_openings_differ_where_case_and_spaces_do_not_count() -> None:
    assert len({canonical_question(opening) for opening in OPENINGS}) == len(OPENINGS)
