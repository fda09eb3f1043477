import pytest

from skilladapt.adaptation.curriculum import open_skills
from skilladapt.records import Prerequisite, Skill
from skilladapt.skills.graph import SkillGraph

CHAIN = SkillGraph(
    [Skill(id=id, title=id) for id in ("a", "b", "c", "d")],
    [Prerequisite(before=before, after=after) for before, after in (("a", "b"), ("b", "c"), ("c", "d"))],
)
ALL = frozenset(CHAIN.by_id)


def opened(round, mastered=(), rounds=16, taught=ALL, before=frozenset()):
    found = open_skills(CHAIN, taught, frozenset(mastered), round=round, rounds=rounds, opened=before)
    return "".join(sorted(found))


def test_the_first_round_opens_what_needs_nothing():
    assert opened(1) == "a"


def test_a_skill_opens_when_all_it_needs_is_mastered():
    assert opened(2, "a") == "ab"
    assert opened(2, "ab") == "abc"
    assert opened(2, "b") == "a"  # c needs a, too


def test_what_is_not_taught_keeps_nothing_shut():
    assert opened(1, taught=frozenset("cd")) == "c"


@pytest.mark.parametrize("round, expected", [(1, "a"), (2, "a"), (3, "ab"), (5, "abc"), (7, "abcd"), (8, "abcd")])
def test_without_mastery_levels_open_evenly_over_the_first_half_of_the_rounds(round, expected):
    assert opened(round) == expected


def test_what_is_open_stays_open():
    assert opened(2, (), before=frozenset("ac")) == "ac"


def test_a_run_of_one_round_opens_everything():
    assert opened(1, rounds=1) == "abcd"
