from collections import Counter

import pytest
from adaptation_builders import exercise_of, graph_of
from hypothesis import given
from hypothesis import strategies as st

from skilladapt.adaptation.lacking import Lacking
from skilladapt.adaptation.requests import Request, UpdateSettings, plan_requests
from skilladapt.records import Exercise

# a and b lead to c, c leads to d; e stands alone.
SKILLS = ["a", "b", "c", "d", "e"]
GRAPH = graph_of(SKILLS, ("a", "c"), ("b", "c"), ("c", "d"))
EVERYTHING = frozenset(SKILLS)


def planned(
    easy: dict[str, Exercise] | None = None,
    hard: dict[str, Exercise] | None = None,
    mastered: frozenset[str] = EVERYTHING,
    taught: frozenset[str] = EVERYTHING,
    round: int = 1,
    **settings: int,
) -> tuple[Request, ...]:
    return plan_requests(
        easy or {},
        hard or {},
        GRAPH,
        taught=taught,
        mastered=mastered,
        round=round,
        settings=UpdateSettings.model_validate(settings),
    )


def test_easy_exercises_of_skills_joined_by_an_edge_are_composed() -> None:
    below, above = exercise_of("a", difficulty=2), exercise_of("c", difficulty=3)
    (request,) = planned(easy={"e1": below, "e2": above})
    assignment = request.assignment
    assert assignment.kind == "composed"
    assert assignment.skill_ids == ("c", "a")
    assert assignment.parents == (above, below)
    assert (assignment.difficulty, assignment.count, assignment.draw) == (4, 1, 1)
    assert not assignment.wants_student_answer
    assert (request.example_ids, request.action) == (("e1", "e2"), "compose")


def test_easy_exercises_of_skills_with_a_common_successor_are_composed() -> None:
    (request,) = planned(easy={"e1": exercise_of("a", difficulty=5), "e2": exercise_of("b")})
    assert request.assignment.skill_ids == ("b", "a")
    assert request.assignment.difficulty == 5


def test_composition_joins_all_skills_of_both_parents_once() -> None:
    composed = exercise_of("c", "a", kind="composed", generation=1)
    (request,) = planned(easy={"e1": composed, "e2": exercise_of("a")})
    assert request.assignment.skill_ids == ("c", "a")
    (request,) = planned(easy={"e1": composed, "e2": exercise_of("d")})
    assert request.assignment.skill_ids == ("d", "c", "a")


def test_skills_that_are_apart_alike_or_not_mastered_are_not_composed() -> None:
    assert planned(easy={"e1": exercise_of("a"), "e2": exercise_of("d")}) == ()
    assert planned(easy={"e1": exercise_of("a"), "e2": exercise_of("e")}) == ()
    assert planned(easy={"e1": exercise_of("a", number=1), "e2": exercise_of("a", number=2)}) == ()
    assert planned(easy={"e1": exercise_of("a"), "e2": exercise_of("c")}, mastered=frozenset("a")) == ()


def test_an_example_is_composed_no_more_often_than_allowed_and_never_twice_with_the_same() -> None:
    easy = {f"a{n}": exercise_of("a", number=n) for n in range(3)} | {"c": exercise_of("c")}
    used = Counter(id for request in planned(easy=easy, children_per_parent=2) for id in request.example_ids)
    assert used == {"a0": 1, "a1": 1, "c": 2}
    assert len(planned(easy={"a": exercise_of("a"), "c": exercise_of("c")}, children_per_parent=5)) == 1
    assert planned(easy=easy, children_per_parent=0) == ()


@pytest.mark.parametrize("later", [3, 4, 5])
def test_each_easy_example_is_composed_as_often_as_allowed_where_there_are_partners(later: int) -> None:
    easy = {f"a{n}": exercise_of("a", number=n) for n in range(4)}
    easy |= {f"c{n}": exercise_of("c", number=n) for n in range(later)}
    requests = planned(easy=easy, children_per_parent=2)
    assert len(requests) == 2 * min(4, later) == len({request.example_ids for request in requests})


def test_a_hard_exercise_gets_variants_and_asks_for_the_students_answer() -> None:
    hard = exercise_of("c", "a", difficulty=4, generation=1, kind="augmented")
    (request,) = planned(hard={"e1": hard}, round=3)
    assignment = request.assignment
    assert (assignment.kind, assignment.parents, assignment.skill_ids) == ("augmented", (hard,), ("c", "a"))
    assert (assignment.difficulty, assignment.count, assignment.draw) == (4, 2, 3)
    assert assignment.wants_student_answer
    assert (request.example_ids, request.action) == (("e1",), "augment")


def test_a_hard_exercise_is_varied_while_only_its_own_skill_is_not_mastered() -> None:
    (request,) = planned(hard={"e1": exercise_of("c")}, mastered=frozenset("ab"))
    assert request.assignment.kind == "augmented"


def test_requests_go_down_to_the_lowest_prerequisite_not_mastered() -> None:
    # d needs c directly, and a through c; b is mastered.
    (request,) = planned(hard={"e1": exercise_of("d", difficulty=3)}, mastered=frozenset("b"))
    assignment = request.assignment
    assert (assignment.kind, assignment.skill_ids, assignment.parents) == ("fresh", ("a",), ())
    assert (assignment.difficulty, assignment.count, assignment.draw) == (3, 2, 1)
    assert not assignment.wants_student_answer
    assert (request.example_ids, request.action) == (("e1",), "augment")
    (request,) = planned(hard={"e1": exercise_of("d")}, mastered=frozenset("ab"))
    assert request.assignment.skill_ids == ("c",)


def test_a_prerequisite_that_is_not_taught_is_not_asked_for() -> None:
    (request,) = planned(hard={"e1": exercise_of("d")}, mastered=frozenset(), taught=frozenset("d"))
    assert request.assignment.kind == "augmented"


def test_another_skill_an_exercise_needs_counts_as_its_prerequisite() -> None:
    assert Lacking(GRAPH, frozenset("ce")).lowest(("c", "e")) == ("e",)
    assert Lacking(GRAPH, frozenset("abcd")).lowest(("d",)) == ("a", "b")
    assert Lacking(GRAPH, frozenset("d")).lowest(("d",)) == ()
    # c needs a, but as the exercise's own skill a does not count, so c is the lowest that does.
    assert Lacking(GRAPH, frozenset("ac")).lowest(("a", "c")) == ("c",)


def test_requests_for_a_prerequisite_are_spread_and_gathered() -> None:
    hard = {f"e{n}": exercise_of("d", number=n) for n in range(3)}
    requests = planned(hard=hard, mastered=frozenset())
    counts = {request.assignment.skill_ids[0]: request.assignment.count for request in requests}
    assert counts == {"a": 3, "b": 3}
    assert {request.example_ids for request in requests} == {("e0", "e1", "e2")}


def test_only_the_first_two_generations_have_children_unless_set_otherwise() -> None:
    grandchild = exercise_of("c", generation=2, kind="augmented")
    assert planned(hard={"e1": grandchild}) == ()
    assert planned(easy={"e1": grandchild, "e2": exercise_of("a")}) == ()
    assert len(planned(hard={"e1": grandchild}, parent_generations=3)) == 1
    assert planned(hard={"e1": exercise_of("c")}, parent_generations=0) == ()


def test_skills_take_turns_when_the_cap_is_reached() -> None:
    hard = {f"a{n}": exercise_of("a", number=n) for n in range(20)} | {"e": exercise_of("e")}
    # Whose turn is first changes from round to round; in some of these it is a's, in some e's.
    for round in range(1, 9):
        requests = planned(hard=hard, new_exercises=4, round=round)
        by_skill: Counter[str] = Counter()
        for request in requests:
            by_skill[request.assignment.skill_ids[0]] += request.assignment.count
        assert by_skill == {"a": 2, "e": 2}
        # One child each for two parents, rather than two for one.
        assert Counter(request.example_ids for request in requests) == {("a0",): 1, ("a1",): 1, ("e",): 1}


@st.composite
def situations(draw: st.DrawFn) -> tuple[dict[str, Exercise], dict[str, Exercise], frozenset[str]]:
    exercises = {
        f"e{number:02}": exercise_of(
            draw(st.sampled_from(SKILLS)), number=number, generation=draw(st.integers(0, 2)), kind="augmented"
        )
        for number in range(draw(st.integers(0, 14)))
    }
    easy = {id: exercise for id, exercise in exercises.items() if draw(st.booleans())}
    return (
        easy,
        {id: exercises[id] for id in exercises.keys() - easy.keys()},
        draw(st.frozensets(st.sampled_from(SKILLS))),
    )


@given(situations(), st.integers(0, 12), st.integers(0, 3))
def test_requests_stay_within_the_cap_and_name_who_asked(situation, cap: int, children: int) -> None:  # type: ignore[no-untyped-def]
    easy, hard, mastered = situation
    requests = planned(easy, hard, mastered, new_exercises=cap, children_per_parent=children)
    assert sum(request.assignment.count for request in requests) <= cap
    composed = Counter(id for request in requests if request.action == "compose" for id in request.example_ids)
    assert all(count <= children for count in composed.values())
    for request in requests:
        group = easy if request.action == "compose" else hard
        assert set(request.example_ids) <= set(group)
        assert all(group[id].generation < 2 for id in request.example_ids)
        if request.assignment.parents:
            assert {parent.exercise_id for parent in request.assignment.parents} == {
                group[id].exercise_id for id in request.example_ids
            }
    assert len({request.assignment.identity() for request in requests}) == len(requests)
    backwards = planned(
        dict(reversed(easy.items())),
        dict(reversed(hard.items())),
        mastered,
        new_exercises=cap,
        children_per_parent=children,
    )
    assert backwards == requests
