from collections.abc import Iterable

import numpy as np
from adaptation_builders import exercise_of, graph_of, observed_of

from skilladapt.adaptation.mastery import Mastery, mastered_skills, measure_mastery

# a and b on level 0, c on level 1.
GRAPH = graph_of(["a", "b", "c"], ("a", "c"))


def mastery(
    right: dict[str, str], seen: dict[str, int] | None = None, before: Iterable[Mastery] = ()
) -> dict[str, Mastery]:
    """`right` holds, for each skill, a letter for each exercise: y when the first pass was right, n when not.

    An x is one that was not right and was found wrong.
    """
    exercises = {}
    greedy = {}
    for skill, answers in right.items():
        for number, answer in enumerate(answers):
            exercises[f"{skill}{number}"] = exercise_of(skill, number=number)
            # The later passes say the opposite: they must not count.
            greedy[f"{skill}{number}"] = [answer == "y", answer != "y"]
    losses = {id: [2.0, 1.0 + place] for place, id in enumerate(exercises)}
    observed = observed_of(GRAPH, exercises, losses, greedy, seen, round=2)
    letter = {
        f"{skill}{number}": answer for skill, letters in right.items() for number, answer in enumerate(letters)
    }
    refuted_E = np.array([letter[id] == "x" for id in observed.example_ids])
    return {found.skill_id: found for found in measure_mastery(observed, refuted_E, before)}


def test_a_share_of_exactly_four_fifths_is_mastered() -> None:
    # Alone on its level, p = k / n and the shrunk share is k / n itself.
    for count in (5, 10, 15, 20, 35):
        found = mastery({"a": "y" * (count * 4 // 5) + "n" * (count // 5)})["a"]
        assert (found.share, found.mastered) == (0.8, True), count
    assert not mastery({"a": "yyyyyyynnn"})["a"].mastered


def test_the_share_is_shrunk_to_that_of_the_level() -> None:
    found = mastery({"a": "yyyy", "b": "nnnn", "c": "yyyy"})
    # Level 0: p = 4/8, so (4 + 4 * 1/2) / 8; level 1: p = 1.
    assert found["a"] == Mastery(skill_id="a", met=4, right=4, share=0.75, mastered=False)
    assert found["b"].share == 0.25
    assert (found["c"].share, found["c"].mastered) == (1.0, True)


def test_three_exercises_are_too_few() -> None:
    assert mastery({"a": "yyy"})["a"] == Mastery(skill_id="a", met=3, right=3, share=1.0, mastered=False)


def test_exercises_of_an_earlier_round_do_not_count() -> None:
    found = mastery({"a": "yyyyy", "b": "yy"}, seen={"a0": 3, "b0": 3, "b1": 3})
    assert (found["a"].met, found["a"].mastered) == (4, True)
    assert "b" not in found


def test_exercises_found_wrong_say_nothing_of_the_student() -> None:
    assert mastery({"a": "yyyyxx"})["a"] == Mastery(skill_id="a", met=4, right=4, share=1.0, mastered=True)


def test_too_few_wait_for_those_of_the_next_round_and_enough_do_not() -> None:
    few = Mastery(skill_id="a", met=3, right=2, share=0.7, mastered=False)
    assert mastery({"a": "yyyyyyy"}, before=[few])["a"] == Mastery(
        skill_id="a", met=10, right=9, share=0.9, mastered=True
    )
    assert mastery({"b": "yy"}, before=[few])["a"].met == 3
    enough = Mastery(skill_id="a", met=4, right=0, share=0.0, mastered=False)
    assert mastery({"a": "yy"}, before=[enough])["a"].met == 2


def test_a_skill_without_news_keeps_its_standing_and_news_overrules_it() -> None:
    found = [
        Mastery(skill_id="a", met=4, right=0, share=0.0, mastered=False),
        Mastery(skill_id="b", met=3, right=0, share=0.0, mastered=False),
        Mastery(skill_id="c", met=4, right=4, share=1.0, mastered=True),
    ]
    assert mastered_skills(found, before=["a", "b", "d"]) == {"b", "c", "d"}
    assert mastered_skills(found) == {"c"}
