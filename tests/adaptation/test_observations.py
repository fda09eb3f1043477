import math
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from adaptation_builders import example_of, exercise_of, graph_of, history_of, observed_of

from skilladapt.adaptation.observations import check, in_order, observe, trained_exercises
from skilladapt.errors import RunError
from skilladapt.records import Example, Textbook, Verdict

GRAPH = graph_of(["a", "b"], ("a", "b"))
TWO = {"e1": exercise_of("a"), "e2": exercise_of("b", kind="composed", generation=1)}


def test_means_deviations_and_late_losses_are_those_of_the_round() -> None:
    observed = observed_of(GRAPH, TWO, {"e1": [4.0, 2.0, 1.0], "e2": [3.0, 3.0, 3.0]})
    assert observed.mean_loss_E.tolist() == pytest.approx([7 / 3, 3.0])
    # Population deviation of 4, 2, 1: sqrt((25 + 1 + 16) / 27).
    assert observed.std_loss_E.tolist() == pytest.approx([math.sqrt(42 / 27), 0.0])
    assert observed.late_loss_E.tolist() == [1.5, 3.0]


def test_rows_are_sorted_by_id_and_carry_skill_level_and_kind() -> None:
    observed = observed_of(GRAPH, dict(reversed(TWO.items())), {"e1": [4.0, 2.0], "e2": [3.0, 3.0]})
    assert observed.example_ids == ("e1", "e2")
    assert [observed.skill_ids[skill] for skill in observed.skill_E] == ["a", "b"]
    assert observed.level_E.tolist() == [0, 1]
    assert observed.composed_E.tolist() == [False, True]
    assert observed.generation_E.tolist() == [0, 1]
    assert (observed.size, observed.id_of(1)) == (2, "e2")
    assert observed.worst_E_P.tolist() == [[4.0, 2.0], [3.0, 3.0]]


def test_what_was_never_scored_has_no_score_before() -> None:
    histories = [history_of("e1", [1.0]), history_of("e2", [2.0])]
    observed = observe(TWO, histories, 1, GRAPH, scores={"e2": 1.5, "e3": 2.0})
    assert np.isnan(observed.score_before_E).tolist() == [True, False]
    assert observed.score_before_E[1] == 1.5


def test_only_earlier_rounds_count_as_passes_seen_before() -> None:
    histories = [
        history_of("e1", [9.0, 9.0, 9.0], round=1),
        history_of("e1", [9.0, 9.0], round=2),
        *(history_of(id, [loss, loss], round=3) for id, loss in (("e1", 1.0), ("e2", 2.0))),
        history_of("e2", [9.0], round=4),
        history_of("someone-else", [math.nan], round=3),
    ]
    observed = observe(TWO, histories, 3, GRAPH)
    assert observed.passes_before_E.tolist() == [5, 0]
    assert observed.loss_E_P.tolist() == [[1.0, 1.0], [2.0, 2.0]]


@pytest.mark.parametrize(
    ("histories", "message"),
    [
        ([history_of("e1", [1.0, 2.0])], "1 trained examples have no recorded losses: e2"),
        ([history_of("e1", [1.0]), history_of("e2", [1.0], round=2)], "have no recorded losses: e2"),
        ([history_of("e1", [1.0]), history_of("e2", [math.nan])], "have a loss not finite: e2"),
        ([history_of("e1", [math.inf]), history_of("e2", [math.inf])], "have a loss not finite: e1, e2"),
        ([history_of("e1", [1.0]), history_of("e2", [2.0, 1.0])], "for 1, 2 passes"),
        ([history_of("e1", [1.0]), history_of("e1", [1.5]), history_of("e2", [2.0])], "recorded twice: e1"),
        ([history_of("e1", [2.0, 1.0]), history_of("e2", [2.0, 1.0])], "All 2 examples .* have the same losses"),
    ],
)
def test_losses_nothing_can_be_concluded_from_stop_the_run(histories: list[object], message: str) -> None:
    with pytest.raises(RunError, match=message):
        observe(TWO, histories, 1, GRAPH)  # type: ignore[arg-type]


def test_no_example_is_an_error_and_a_single_one_is_not() -> None:
    with pytest.raises(RunError, match="All 0 examples"):
        observe({}, [], 1, GRAPH)
    assert observe({"e1": exercise_of("a")}, [history_of("e1", [1.0, 2.0])], 1, GRAPH).size == 1


def test_a_message_names_five_examples_and_counts_the_rest() -> None:
    many = {f"e{number}": exercise_of("a", number=number) for number in range(7)}
    with pytest.raises(RunError, match=r"7 trained examples .*: e0, e1, e2, e3, e4, \.\.\."):
        observe(many, [], 1, GRAPH)


def test_textbooks_benched_and_quarantined_examples_are_not_trained_exercises() -> None:
    textbook = Textbook(skill_id="a", title="a", text="Text.", author="tests")
    verdict = Verdict(exercise_id=textbook.textbook_id, verdict="correct", method="format")
    trained = example_of(exercise_of("a", number=1), weight=0.1)
    benched = example_of(exercise_of("a", number=2)).model_copy(update={"benched": True})
    quarantined = example_of(exercise_of("a", number=3), weight=0.0)
    examples = [Example(material=textbook, verdict=verdict), benched, trained, quarantined]
    assert trained_exercises(examples) == {trained.example_id: trained.material}


def test_arrays_in_any_order_become_the_same_observations() -> None:
    ids = [f"e{number:016x}" for number in (3, 2**63, 17, 2**64 - 1)]
    exercises = {id: exercise_of("ab"[place % 2], number=place) for place, id in enumerate(ids)}
    observed = observed_of(GRAPH, exercises, {id: [2.0, 1.0 + place] for place, id in enumerate(ids)})
    assert in_order(observed) is observed
    assert observed.key_E.tolist() == [3, 17, 2**63, 2**64 - 1]
    rows = np.array([2, 0, 3, 1])
    arrays = {
        name: getattr(observed, name)[rows]
        for name in vars(observed)
        if name.endswith(("_E", "_E_P")) and name not in ("mean_loss_E", "std_loss_E", "late_loss_E")
    }
    shuffled = replace(observed, example_ids=pa.array(observed.example_ids).take(pa.array(rows)), **arrays)
    again = in_order(shuffled)
    assert [again.id_of(row) for row in range(4)] == list(observed.example_ids)
    assert again.loss_E_P.tolist() == observed.loss_E_P.tolist()
    assert again.skill_E.tolist() == observed.skill_E.tolist()
    assert again.example_ids[1:3] == list(observed.example_ids)[1:3]


def test_an_id_that_occurs_twice_stops_the_run() -> None:
    observed = observed_of(GRAPH, TWO, {"e1": [4.0, 2.0], "e2": [3.0, 3.0]})
    twice = replace(observed, example_ids=("e1", "e1"), key_E=observed.key_E[[0, 0]])
    with pytest.raises(RunError, match="1 trained examples occur twice: e1"):
        check(twice)
