import pytest
from evaluation_samples import exercise

from skilladapt.evaluation.shots import choose_shots

LONG = "s: a rather long solution of one step"
EXERCISES = [
    exercise("a", "first of a"),
    exercise("a", "second of a", LONG),
    exercise("b", "only one of b", LONG),
    exercise("c", "first of c", LONG),
    exercise("c", "a much shorter solution of c"),
]


def test_shots_come_from_as_many_skills_as_there_are_shortest_of_each_first() -> None:
    shots = choose_shots(EXERCISES, 3, seed=0)
    assert shots == [EXERCISES[0], EXERCISES[4], EXERCISES[2]]


def test_second_shot_of_a_skill_waits_until_every_skill_has_one() -> None:
    assert choose_shots(EXERCISES, 99, seed=0)[:2] == [EXERCISES[0], EXERCISES[4]]
    assert len(choose_shots(EXERCISES, 4, seed=0)) == 4
    assert len(choose_shots(EXERCISES, 99, seed=0)) == 5


def test_choice_depends_on_the_seed_and_not_on_the_order() -> None:
    chosen = {choose_shots(EXERCISES, 1, seed)[0].skill_ids[0] for seed in range(30)}
    assert chosen == {"a", "b", "c"}
    assert choose_shots(EXERCISES[::-1] + EXERCISES, 2, seed=4) == choose_shots(EXERCISES, 2, seed=4)


@pytest.mark.parametrize("count", [0, 5])
def test_held_out_questions_and_nothing_give_no_shots(count: int) -> None:
    assert choose_shots([exercise("a", "held out", held_out=True)], count, seed=0) == []
    assert choose_shots([], count, seed=0) == []
    assert choose_shots(EXERCISES, 0, seed=0) == []
