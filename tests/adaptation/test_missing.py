from collections import Counter
from collections.abc import Collection

import pytest
from adaptation_builders import calibration_of, categorised_of, example_of, exercise_of, graph_of, observed_of

from skilladapt.adaptation import missing
from skilladapt.adaptation.missing import apportioned, plan_by_missing_skills
from skilladapt.adaptation.requests import UpdateSettings
from skilladapt.adaptation.standing import standing_of
from skilladapt.adaptation.suspects import remove_suspects
from skilladapt.adaptation.update import Update
from skilladapt.records import PERSON, Exercise, Verdict

GRAPH = graph_of(["a", "b", "c"], ("a", "b"), ("b", "c"))


def planned(
    entries: list[tuple[Exercise, list[bool]]],
    seats: int,
    mastered: str = "",
    taught: str = "abc",
    refuted: Collection[Exercise] = (),
) -> Update:
    """The update after a round in which the exercises were answered so, pass by pass; `refuted` by a person."""
    exercises = {example_of(exercise).example_id: exercise for exercise, _ in entries}
    observed = observed_of(
        GRAPH,
        exercises,
        {id: [2.0, 1.0 + place] for place, id in enumerate(exercises)},
        {example_of(exercise).example_id: greedy for exercise, greedy in entries},
    )
    examples = {id: example_of(exercise, 0.5) for id, exercise in exercises.items()}
    standing = standing_of(observed, examples, GRAPH, frozenset(taught), frozenset(mastered))
    found = categorised_of(*["ambiguous"] * observed.size)  # type: ignore[list-item]
    said = {
        row: Verdict(exercise_id=exercise.exercise_id, verdict="incorrect", method=PERSON, reason="no")
        for row in range(observed.size)
        if (exercise := standing.exercise_of(row)) in refuted
    }
    resolution = remove_suspects(standing, found, calibration_of(), said)
    return plan_by_missing_skills(standing, resolution, UpdateSettings(new_exercises=seats))


def wanted(update: Update) -> Counter[str]:
    counts: Counter[str] = Counter()
    for request in update.requests:
        assert (request.assignment.kind, request.assignment.parents) == ("fresh", ())
        counts[request.assignment.skill_ids[0]] += request.assignment.count
    return counts


RIGHT, WRONG = [False, True], [True, False]


def test_new_exercises_are_asked_for_in_proportion_to_how_often_skills_are_lacking() -> None:
    entries = [(exercise_of("a", number=n), WRONG) for n in range(6)]
    entries += [(exercise_of("b", number=n), WRONG) for n in range(2)]
    entries += [(exercise_of("c", number=n), RIGHT) for n in range(9)]
    assert wanted(planned(entries, 8)) == {"a": 6, "b": 2}
    assert wanted(planned(entries, 4)) == {"a": 3, "b": 1}


def test_an_exercise_lacks_the_skills_of_its_steps_and_its_own_but_no_mastered_or_untaught_ones() -> None:
    several = exercise_of("c").model_copy(update={"solution": "1\n2", "step_skills": ("a", "b")})
    entries = [(several, WRONG), (exercise_of("a", number=9), RIGHT)]
    assert wanted(planned(entries, 3)) == {"a": 1, "b": 1, "c": 1}
    assert wanted(planned(entries, 3, mastered="a")) == {"b": 2, "c": 1}
    assert wanted(planned(entries, 3, mastered="a", taught="ab")) == {"b": 3}


def test_what_a_person_refuted_lacks_nothing() -> None:
    entries = [(exercise_of("a", number=1), WRONG), (exercise_of("b", number=2), WRONG)]
    update = planned(entries, 4, refuted=[entries[0][0]])
    assert wanted(update) == {"b": 4}
    refuted = example_of(entries[0][0]).example_id
    (action,) = [one for one in update.ledger.actions() if one.example_id == refuted]
    assert (action.action, action.weight_after) == ("remove", 0.0)
    assert all(refuted not in request.example_ids for request in update.requests)


def test_only_new_exercises_change_the_data() -> None:
    first, second, right = (exercise_of("a", number=n, difficulty=n + 2) for n in range(3))
    update = planned([(first, WRONG), (second, WRONG), (right, RIGHT)], 1)
    assert set(update.weight_E) == {0.5}
    assert not update.removed_E.any()
    (request,) = update.requests
    asked = min(first, second, key=lambda exercise: example_of(exercise).example_id)
    assert request.example_ids == (example_of(asked).example_id,)
    assert (request.assignment.difficulty, request.action) == (asked.difficulty, "augment")
    rows = {action.example_id: action for action in update.ledger.actions()}
    assert len(rows) == 3
    assert rows[request.example_ids[0]].reason == "wrong in the last pass, lacking a"
    assert Counter(row.action for row in rows.values()) == {"augment": 1, "keep": 2}


def test_nothing_is_asked_for_where_nothing_is_lacking() -> None:
    entries = [(exercise_of("a", number=n), WRONG) for n in range(3)]
    assert planned(entries, 5, mastered="a").requests == ()
    assert planned([(exercise, RIGHT) for exercise, _ in entries], 5).requests == ()


def test_of_very_many_wrong_answers_some_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missing, "MOST_PROFILED", 10)
    entries = [(exercise_of("ab"[n % 2], number=n), WRONG) for n in range(60)]
    counts = wanted(planned(entries, 10))
    assert set(counts) == {"a", "b"}
    assert counts.total() == 10


def test_seats_are_given_by_largest_remainders() -> None:
    assert apportioned({"x": 1, "y": 1, "z": 1}, 4) == {"x": 2, "y": 1, "z": 1}
    assert apportioned({"x": 5, "y": 3, "z": 2}, 3) == {"x": 1, "y": 1, "z": 1}
    assert apportioned({"x": 9, "y": 1}, 3) == {"x": 3}
    assert apportioned({}, 3) == {}
    assert apportioned({"x": 1}, 0) == {}
