from hypothesis import given
from hypothesis import strategies as st

from skilladapt.adaptation.allotment import allot


def test_small_data_is_read_more_often_and_the_rest_goes_to_later_rounds():
    found = allot(1000, 2, data_tokens=120, least_passes=3)
    assert (found.passes, found.pass_tokens) == (4, 125)


def test_large_data_is_read_in_part():
    found = allot(1000, 2, data_tokens=400, least_passes=3)
    assert (found.passes, found.pass_tokens) == (3, 166)


def test_the_last_round_uses_up_what_is_left_in_one_more_pass_over_a_part():
    found = allot(520, 1, data_tokens=120, least_passes=3)
    assert (found.passes, found.pass_tokens) == (5, 104)


def test_plain_fine_tuning_makes_one_pass_over_everything():
    found = allot(1000, 4, data_tokens=200, least_passes=1)
    assert (found.passes, found.pass_tokens) == (1, 250)


@given(st.integers(0, 10**7), st.integers(1, 20), st.integers(1, 10**6), st.integers(1, 5))
def test_no_round_is_given_more_than_its_part_and_never_fewer_passes_than_asked_for(left, rounds, data, least):
    found = allot(left, rounds, data, least)
    assert found.passes * found.pass_tokens <= left // rounds
    assert found.passes >= least
