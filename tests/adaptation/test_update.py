from collections.abc import Mapping

import numpy as np
import pytest
from adaptation_builders import (
    calibration_of,
    categorised_of,
    example_of,
    exercise_of,
    graph_of,
    observed_of,
    unsuspecting,
)
from hypothesis import given
from hypothesis import strategies as st

from skilladapt.adaptation.categorise import Categorised
from skilladapt.adaptation.policies import POLICIES
from skilladapt.adaptation.requests import UpdateSettings
from skilladapt.adaptation.standing import Standing, standing_of
from skilladapt.adaptation.suspects import resolve_suspects
from skilladapt.adaptation.update import (
    Update,
    first_of_each_skill,
    keep_everything,
    plan_update,
    updated_examples,
)
from skilladapt.records import Action, Category, Example, Exercise, Verdict

GRAPH = graph_of(["a", "b"], ("a", "b"))
BOTH = frozenset("ab")


class Situation:
    """Exercises with category and weight, observed in round 1; answers are right in one of two passes."""

    def __init__(self, *entries: tuple[Exercise, Category, float], mastered: frozenset[str] = BOTH) -> None:
        # One more, removed before: a round of one exercise has nothing to tell it apart from.
        filler = exercise_of("a", number=999)
        given = {example_of(entry[0]).example_id: entry for entry in (*entries, (filler, "error", 1.0))}
        self.filler = example_of(filler).example_id
        self.examples = {id: example_of(exercise, weight) for id, (exercise, _, weight) in given.items()}
        # Each has a mean loss of 1.25 and a deviation of 0.5, the filler has not.
        losses = {id: [1.75, 0.75] if id != self.filler else [5.0, 5.0] for id in given}
        exercises = {id: exercise for id, (exercise, _, _) in given.items()}
        observed = observed_of(GRAPH, exercises, losses, {id: [False, True] for id in given})
        self.standing: Standing = standing_of(observed, self.examples, GRAPH, BOTH, mastered)
        self.ids = [observed.id_of(row) for row in range(observed.size)]
        self.found: Categorised = categorised_of(*(given[id][1] for id in self.ids))

    def row(self, exercise: Exercise) -> int:
        return self.ids.index(example_of(exercise).example_id)

    def updated(self, settings: UpdateSettings | None = None) -> Update:
        return plan_update(self.standing, unsuspecting(self.standing, self.found), settings or UpdateSettings())

    def weights(self, update: Update) -> Mapping[str, float]:
        return {
            id: update.weight_E[row]
            for row, id in enumerate(self.ids)
            if id != self.filler and not update.removed_E[row]
        }


def update_of(
    *entries: tuple[Exercise, Category, float],
    mastered: frozenset[str] = BOTH,
    settings: UpdateSettings | None = None,
) -> Update:
    return Situation(*entries, mastered=mastered).updated(settings)


def actions_of(update: Update) -> list[Action]:
    return list(update.ledger.actions())


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
    situation = Situation((exercise_of("a"), category, before))
    update = situation.updated()
    (row,) = actions_of(update)
    assert (row.action, row.category, row.round) == (action, category, 1)
    assert (row.weight_before, row.weight_after) == (before, after)
    assert situation.weights(update) == {row.example_id: after}
    assert row.reason.startswith("right in 1 of 2 passes, mean loss 1.250, deviation 0.500, score 0.33")


def test_an_easy_example_keeps_its_full_weight_while_its_skill_is_not_mastered() -> None:
    for before in (1.0, 0.25):
        (row,) = actions_of(update_of((exercise_of("a"), "easy", before), mastered=frozenset("b")))
        assert (row.action, row.weight_before, row.weight_after) == ("keep", before, 1.0)
        assert row.reason.endswith("; perhaps by heart, as its skill is not mastered")


def test_the_paper_lightens_easy_examples_of_any_skill() -> None:
    situation = Situation((exercise_of("a"), "easy", 1.0), mastered=frozenset())
    resolution = unsuspecting(situation.standing, situation.found)
    (row,) = actions_of(POLICIES["paper"].plan(situation.standing, resolution, UpdateSettings()))
    assert (row.action, row.weight_after) == ("downweight", 0.5)


def test_easy_examples_are_weighted_down_and_composed_in_two_rows() -> None:
    first, second = exercise_of("a"), exercise_of("b")
    situation = Situation((first, "easy", 1.0), (second, "easy", 0.5))
    update = situation.updated()
    rows = {(row.example_id, row.action): row.weight_after for row in actions_of(update)}
    assert rows == {
        (example_of(exercise).example_id, action): weight
        for exercise, weight in ((first, 0.5), (second, 0.25))
        for action in ("downweight", "compose")
    }
    assert [row.action for row in actions_of(update)] == ["downweight", "compose"] * 2
    assert actions_of(update)[1].reason.endswith("; composed over a, b")
    (request,) = update.requests
    assert set(request.example_ids) == set(situation.weights(update))


def test_a_hard_example_says_what_is_practised_first() -> None:
    update = update_of((exercise_of("b"), "hard", 1.0), mastered=frozenset())
    assert actions_of(update)[0].reason.endswith("; not mastered, so practised first: a")
    assert update.requests[0].assignment.skill_ids == ("a",)


def test_a_hard_example_without_children_is_kept_and_says_why() -> None:
    grandchild = exercise_of("a", kind="augmented", generation=2)
    (row,) = actions_of(update_of((grandchild, "hard", 0.5)))
    assert (row.action, row.weight_after) == ("keep", 1.0)
    assert row.reason.endswith("; generation 2 has no children")
    (row,) = actions_of(update_of((exercise_of("a"), "hard", 0.5), settings=UpdateSettings(new_exercises=0)))
    assert (row.action, row.reason.split("; ")[1]) == ("keep", "no room for variants")


def test_suspects_are_settled_before_anything_is_augmented() -> None:
    wrong, right, unclear = (exercise_of("a", number=number) for number in range(3))
    situation = Situation((wrong, "error", 1.0), (right, "error", 0.5), (unclear, "error", 0.5))
    verdicts = {
        situation.row(wrong): Verdict(
            exercise_id=wrong.exercise_id, verdict="incorrect", method="symbolic", reason="no"
        ),
        situation.row(right): Verdict(exercise_id=right.exercise_id, verdict="correct", method="symbolic"),
    }
    resolution = resolve_suspects(situation.standing, situation.found, verdicts, {}, calibration_of())
    update = plan_update(situation.standing, resolution, UpdateSettings())
    ids = [example_of(exercise).example_id for exercise in (wrong, right, unclear)]
    rows = [row for row in actions_of(update) if row.example_id != situation.filler]
    assert {(row.example_id, row.action, row.category) for row in rows} == {
        (ids[0], "remove", "error"),
        (ids[1], "reclassify", "error"),
        (ids[2], "quarantine", "error"),
        (ids[1], "augment", "hard"),
    }
    assert rows[-1].action == "augment"
    assert situation.weights(update) == {ids[1]: 1.0, ids[2]: 0.0}
    assert [request.assignment.parents for request in update.requests] == [(right,)]
    after = updated_examples(situation.examples, situation.standing, update)
    assert {id: after[id].weight for id in after if id != situation.filler} == situation.weights(update)


def test_a_repaired_example_is_replaced() -> None:
    wrong, right = exercise_of("a"), exercise_of("a", number=5)
    situation = Situation((wrong, "error", 1.0))
    row = situation.row(wrong)
    verdict = Verdict(exercise_id=wrong.exercise_id, verdict="incorrect", method="symbolic", reason="no")
    resolution = resolve_suspects(
        situation.standing, situation.found, {row: verdict}, {row: right}, calibration_of()
    )
    update = plan_update(situation.standing, resolution, UpdateSettings())
    assert update.removed_E.tolist() == [place == row for place in range(2)]
    assert {action.child_ids for action in actions_of(update)} == {(), (right.exercise_id,)}


def test_an_example_not_trained_in_the_round_is_left_as_it_is() -> None:
    situation = Situation((exercise_of("a"), "easy", 1.0))
    benched = example_of(exercise_of("b"), 0.5)
    update = situation.updated()
    assert benched.example_id not in {row.example_id for row in actions_of(update)}
    examples = {**situation.examples, benched.example_id: benched}
    assert updated_examples(examples, situation.standing, update)[benched.example_id] == benched


def test_without_adaptation_everything_keeps_its_weight() -> None:
    situation = Situation((exercise_of("a"), "ambiguous", 1.0), (exercise_of("b"), "ambiguous", 0.5))
    standing = situation.standing
    update = keep_everything(standing, unsuspecting(standing, situation.found), "data is not adapted")
    assert {(row.action, row.reason) for row in actions_of(update)} == {("keep", "data is not adapted")}
    assert sorted(row.weight_after for row in actions_of(update)) == [0.5, 1.0]
    assert (update.requests, update.removed_E.any()) == ((), False)
    assert updated_examples(situation.examples, standing, update) == situation.examples


def test_children_are_written_into_the_rows_that_asked_for_them() -> None:
    ledger = update_of((exercise_of("a"), "easy", 1.0), (exercise_of("b"), "easy", 1.0)).ledger
    first = next(ledger.actions()).example_id
    ledger = ledger.with_children({(first, "compose"): ("x1", "x2", "x1"), (first, "augment"): ("x3",)})
    assert [row.child_ids for row in ledger.actions()] == [(), ("x1", "x2"), (), ()]
    ledger = ledger.with_children({(first, "compose"): ("x2", "x4")})
    assert [row.child_ids for row in ledger.actions()][1] == ("x1", "x2", "x4")


def test_only_as_many_of_each_skill_as_could_be_used_are_looked_at() -> None:
    situation = Situation(*((exercise_of("ab"[n % 2], number=n), "hard", 1.0) for n in range(20)))
    standing = situation.standing
    hard = [row for row in range(standing.observed.size) if situation.ids[row] != situation.filler]
    first = first_of_each_skill(standing, np.array(hard), 3).tolist()
    assert len(first) == 6
    skill_of = standing.observed.skill_E.tolist()
    for skill in (0, 1):
        assert [row for row in first if skill_of[row] == skill] == [r for r in hard if skill_of[r] == skill][:3]


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
    situation = Situation(*entries, mastered=mastered)
    verdicts = {
        situation.row(entry[0]): Verdict(
            exercise_id=entry[0].exercise_id, verdict=judged[3], method="symbolic", reason="says so"
        )
        for entry, judged in zip(entries, found, strict=True)
    }
    standing = situation.standing
    resolution = resolve_suspects(standing, situation.found, verdicts, {}, calibration_of())
    update = plan_update(standing, resolution, UpdateSettings(new_exercises=5))
    rows = actions_of(update)
    assert {row.example_id for row in rows} == set(situation.ids)
    assert len({(row.example_id, row.action) for row in rows}) == len(rows)
    assert all(weight == 0 or 0.1 <= weight <= 1 for weight in update.weight_E)
    asked = {id for request in update.requests for id in request.example_ids}
    silent = {row.example_id for row in rows if row.action in ("remove", "quarantine")}
    assert not asked & silent
    assert asked == {row.example_id for row in rows if row.action in ("compose", "augment")}
    after: dict[str, Example] = updated_examples(situation.examples, standing, update)
    removed = {id for row, id in enumerate(situation.ids) if update.removed_E[row]}
    assert after.keys() == situation.examples.keys() - removed
    assert all(row.reason for row in rows)
