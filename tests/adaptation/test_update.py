import pytest
from adaptation_builders import calibration_of, example_of, exercise_of, graph_of, observed_of
from hypothesis import given
from hypothesis import strategies as st

from skilladapt.adaptation.categorise import Categorised
from skilladapt.adaptation.requests import UpdateSettings
from skilladapt.adaptation.suspects import Resolution, resolve_suspects
from skilladapt.adaptation.update import (
    Standing,
    Update,
    keep_everything,
    plan_update,
    updated_examples,
    with_children,
)
from skilladapt.records import Action, Category, Example, Exercise, Verdict

GRAPH = graph_of(["a", "b"], ("a", "b"))
BOTH = frozenset("ab")


def situation(
    *entries: tuple[Exercise, Category, float], mastered: frozenset[str] = BOTH
) -> tuple[Standing, list[Categorised]]:
    """Exercises with category and weight, observed in round 1; answers are right in one of two passes."""
    examples = {}
    rows = []
    for exercise, category, weight in entries:
        example = example_of(exercise, weight)
        examples[example.example_id] = example
        rows.append(
            Categorised(
                example_id=example.example_id,
                round=1,
                category=category,
                mean_loss=1.25,
                std_loss=0.5,
                score=0.333,
            )
        )
    filler = {"filler": exercise_of("a", number=999)}
    trained = {id: example.material for id, example in examples.items() if isinstance(example.material, Exercise)}
    losses = {id: [1.0 + place, 2.0] for place, id in enumerate(trained | filler)}
    observed = observed_of(GRAPH, trained | filler, losses, {id: [False, True] for id in trained})
    return Standing(observed=observed, examples=examples, graph=GRAPH, taught=BOTH, mastered=mastered), rows


def update_of(
    *entries: tuple[Exercise, Category, float],
    mastered: frozenset[str] = BOTH,
    settings: UpdateSettings | None = None,
) -> Update:
    standing, rows = situation(*entries, mastered=mastered)
    return plan_update(standing, Resolution(rows=tuple(rows), actions=()), settings or UpdateSettings())


@pytest.mark.parametrize(
    ("category", "before", "after", "action"),
    [
        ("easy", 1.0, 0.5, "downweight"),
        ("easy", 0.5, 0.25, "downweight"),
        ("easy", 0.2, 0.1, "downweight"),
        ("easy", 0.15, 0.1, "downweight"),
        ("easy", 0.1, 0.1, "keep"),
        ("ambiguous", 0.25, 1.0, "keep"),
        ("hard", 0.25, 1.0, "augment"),
    ],
)
def test_weights_follow_the_category(category: Category, before: float, after: float, action: str) -> None:
    update = update_of((exercise_of("a"), category, before))
    (row,) = update.actions
    assert (row.action, row.category, row.round) == (action, category, 1)
    assert (row.weight_before, row.weight_after) == (before, after)
    assert update.weights == {row.example_id: after}
    assert row.reason.startswith("right in 1 of 2 passes, mean loss 1.250, deviation 0.500, score 0.33")


def test_easy_examples_are_weighted_down_and_composed_in_two_rows() -> None:
    update = update_of((exercise_of("a"), "easy", 1.0), (exercise_of("b"), "easy", 0.5))
    assert [(row.action, row.weight_after) for row in update.actions] == [
        ("downweight", 0.5),
        ("compose", 0.5),
        ("downweight", 0.25),
        ("compose", 0.25),
    ]
    assert update.actions[1].reason.endswith("; composed over a, b")
    (request,) = update.requests
    assert set(request.example_ids) == set(update.weights)


def test_a_hard_example_says_what_is_practised_first() -> None:
    update = update_of((exercise_of("b"), "hard", 1.0), mastered=frozenset())
    assert update.actions[0].reason.endswith("; not mastered, so practised first: a")
    assert update.requests[0].assignment.skill_ids == ("a",)


def test_a_hard_example_without_children_is_kept_and_says_why() -> None:
    grandchild = exercise_of("a", kind="augmented", generation=2)
    (row,) = update_of((grandchild, "hard", 0.5)).actions
    assert (row.action, row.weight_after) == ("keep", 1.0)
    assert row.reason.endswith("; generation 2 has no children")
    (row,) = update_of((exercise_of("a"), "hard", 0.5), settings=UpdateSettings(new_exercises=0)).actions
    assert (row.action, row.reason.split("; ")[1]) == ("keep", "no room for variants")


def test_suspects_are_settled_before_anything_is_augmented() -> None:
    wrong, right, unclear = (exercise_of("a", number=number) for number in range(3))
    standing, rows = situation((wrong, "error", 1.0), (right, "error", 0.5), (unclear, "error", 0.5))
    ids = [row.example_id for row in rows]
    verdicts = {
        ids[0]: Verdict(exercise_id=wrong.exercise_id, verdict="incorrect", method="symbolic", reason="no"),
        ids[1]: Verdict(exercise_id=right.exercise_id, verdict="correct", method="symbolic"),
    }
    resolution = resolve_suspects(rows, standing.examples, verdicts, {}, calibration_of())
    update = plan_update(standing, resolution, UpdateSettings())
    assert [(row.example_id, row.action, row.category) for row in update.actions] == [
        (ids[0], "remove", "error"),
        (ids[1], "reclassify", "error"),
        (ids[2], "quarantine", "error"),
        (ids[1], "augment", "hard"),
    ]
    assert list(update.removals) == [ids[0]]
    assert update.weights == {ids[1]: 1.0, ids[2]: 0.0}
    assert [request.assignment.parents for request in update.requests] == [(right,)]
    after = updated_examples(standing.examples, update)
    assert {id: example.weight for id, example in after.items()} == update.weights


def test_a_repaired_example_is_replaced() -> None:
    standing, rows = situation((exercise_of("a"), "error", 1.0))
    id = rows[0].example_id
    material = standing.examples[id].material
    assert isinstance(material, Exercise)
    verdict = Verdict(exercise_id=material.exercise_id, verdict="incorrect", method="symbolic", reason="no")
    right = exercise_of("a", number=5)
    resolution = resolve_suspects(rows, standing.examples, {id: verdict}, {id: right}, calibration_of())
    update = plan_update(standing, resolution, UpdateSettings())
    assert (list(update.removals), update.weights) == ([id], {})
    assert update.actions[0].child_ids == (right.exercise_id,)


def test_an_example_not_trained_in_the_round_is_left_as_it_is() -> None:
    standing, rows = situation((exercise_of("a"), "easy", 1.0))
    benched = example_of(exercise_of("b"), 0.5)
    examples = {**standing.examples, benched.example_id: benched}
    with_benched = Standing(standing.observed, examples, GRAPH, BOTH, BOTH)
    update = plan_update(with_benched, Resolution(rows=tuple(rows), actions=()), UpdateSettings())
    assert benched.example_id not in {row.example_id for row in update.actions}
    assert updated_examples(examples, update)[benched.example_id] == benched


def test_without_adaptation_everything_keeps_its_weight() -> None:
    standing, rows = situation((exercise_of("a"), "ambiguous", 1.0), (exercise_of("b"), "ambiguous", 1.0))
    update = keep_everything(standing, Resolution(rows=tuple(rows), actions=()))
    assert [(row.action, row.weight_after) for row in update.actions] == [("keep", 1.0), ("keep", 1.0)]
    assert (update.requests, update.removals) == ((), {})
    assert updated_examples(standing.examples, update) == standing.examples


def test_children_are_written_into_the_rows_that_asked_for_them() -> None:
    update = update_of((exercise_of("a"), "easy", 1.0), (exercise_of("b"), "easy", 1.0))
    first = update.actions[0].example_id
    rows = with_children(update.actions, {(first, "compose"): ["x1", "x2", "x1"], (first, "augment"): ["x3"]})
    assert [row.child_ids for row in rows] == [(), ("x1", "x2"), (), ()]
    assert with_children(rows, {(first, "compose"): ["x2", "x4"]})[1].child_ids == ("x1", "x2", "x4")


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ab"),
            st.sampled_from(["easy", "hard", "ambiguous", "error"]),
            st.sampled_from([1.0, 0.5, 0.3, 0.1]),
            st.sampled_from(["correct", "incorrect", "undecided"]),
        ),
        min_size=1,
        max_size=12,
    ),
    st.frozensets(st.sampled_from("ab")),
)
def test_whatever_is_found_the_ledger_is_complete_and_weights_are_weights(found, mastered) -> None:  # type: ignore[no-untyped-def]
    entries = [
        (exercise_of(skill, number=number), category, weight)
        for number, (skill, category, weight, _) in enumerate(found)
    ]
    standing, rows = situation(*entries, mastered=mastered)
    verdicts = {
        row.example_id: Verdict(
            exercise_id=entry[0].exercise_id, verdict=judged[3], method="symbolic", reason="says so"
        )
        for row, entry, judged in zip(rows, entries, found, strict=True)
    }
    resolution = resolve_suspects(rows, standing.examples, verdicts, {}, calibration_of())
    update = plan_update(standing, resolution, UpdateSettings(new_exercises=5))
    assert {row.example_id for row in update.actions} == set(standing.examples)
    assert len({(row.example_id, row.action) for row in update.actions}) == len(update.actions)
    assert all(weight == 0 or 0.1 <= weight <= 1 for weight in update.weights.values())
    asked = {id for request in update.requests for id in request.example_ids}
    silent = {row.example_id for row in update.actions if row.action in ("remove", "quarantine")}
    assert not asked & silent
    assert asked == {row.example_id for row in update.actions if row.action in ("compose", "augment")}
    after: dict[str, Example] = updated_examples(standing.examples, update)
    assert after.keys() == standing.examples.keys() - update.removals.keys()
    assert all(isinstance(row, Action) and row.reason for row in update.actions)
