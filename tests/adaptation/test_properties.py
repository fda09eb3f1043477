"""What holds of every policy, whatever is observed: losses, answers, weights and verdicts are drawn at random."""

import random
from dataclasses import dataclass

import numpy as np
import pytest
from adaptation_builders import calibration_of, example_of, exercise_of, graph_of, history_of, planted_of
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from skilladapt.adaptation.budget import candidates_of, fill_round
from skilladapt.adaptation.calibrate import CHECK_BUDGET
from skilladapt.adaptation.categorise import ERROR, NAMES
from skilladapt.adaptation.mastery import mastered_skills, measure_mastery
from skilladapt.adaptation.observations import observe, trained_exercises
from skilladapt.adaptation.policies import POLICIES
from skilladapt.adaptation.requests import Request, UpdateSettings
from skilladapt.adaptation.standing import standing_of
from skilladapt.adaptation.suspects import remove_suspects, resolve_suspects
from skilladapt.adaptation.update import updated_examples
from skilladapt.records import Action, Example, Judgement, LossHistory, PlantedError, Verdict

SKILLS = "abcd"
GRAPH = graph_of(list(SKILLS), ("a", "b"), ("b", "c"), ("a", "d"))
BUDGET = 120
ROUND = 2


@dataclass(frozen=True)
class World:
    """The data of a run after its second round: some examples trained, some benched, some errors planted."""

    examples: list[Example]
    planted: list[PlantedError]
    histories: list[LossHistory]
    judgements: dict[str, Judgement]
    tokens: dict[str, int]
    threshold: float
    scores: dict[str, float]
    """Of the round before, as far as they are remembered."""
    cleared: frozenset[str]
    """Examples that were checked before and found right."""


@st.composite
def worlds(draw: st.DrawFn) -> World:
    passes = draw(st.integers(2, 3))
    losses = st.lists(st.floats(0, 12), min_size=passes, max_size=passes)
    answers = st.lists(st.booleans(), min_size=passes, max_size=passes)
    examples, histories, judgements, tokens = [], [], {}, {}
    for number in range(draw(st.integers(2, 14))):
        kind = draw(st.sampled_from(["fresh", "composed", "augmented"]))
        skill = draw(st.sampled_from(SKILLS))
        exercise = exercise_of(skill, number=number, kind=kind, generation=draw(st.integers(0, 2)))
        example = example_of(exercise, draw(st.sampled_from([0.1, 0.3, 0.5, 1.0])))
        id = example.example_id
        judgements[id] = draw(st.sampled_from(["correct", "incorrect", "undecided"]))
        tokens[id] = draw(st.integers(1, 40))
        # The first two are always trained, with losses that differ: a round without them is an error by itself.
        benched = number > 1 and draw(st.booleans())
        examples.append(example.model_copy(update={"benched": benched}))
        if draw(st.booleans()):
            histories.append(history_of(id, [2.0] * passes, round=ROUND - 1))
        if not benched:
            recorded = [float(number)] * passes if number < 2 else draw(losses)
            histories.append(history_of(id, recorded, draw(answers), round=ROUND))
    planted = [planted_of(exercise_of("a", number=100 + number)) for number in range(draw(st.integers(0, 3)))]
    histories += [history_of(error.planted_id, draw(losses), round=ROUND) for error in planted]
    ids = st.sampled_from(sorted(tokens))
    scores = draw(st.dictionaries(ids, st.floats(-5, 5)))
    cleared = frozenset(draw(st.sets(ids)))
    threshold = draw(st.sampled_from([-9.0, 0.5, 1.5, 99.0]))
    return World(examples, planted, histories, judgements, tokens, threshold, scores, cleared)


@dataclass(frozen=True)
class Outcome:
    weights: dict[str, float]
    trained_ids: set[str]
    tokens: int
    actions: list[Action]
    requests: tuple[Request, ...]
    left: dict[str, Example]
    suspect_ids: set[str]
    observed: int
    """How many exercises were."""


def decided(world: World, policy_name: str) -> Outcome:
    """What the stages decide, without their files."""
    policy = POLICIES[policy_name]
    examples = {example.example_id: example for example in world.examples}
    trained = trained_exercises(world.examples)
    observed = observe(trained, world.histories, ROUND, GRAPH, world.cleared, world.scores)
    calibration = calibration_of(threshold=world.threshold, baseline_loss=6.0)
    found = policy.categorise(observed, calibration)
    mastered = mastered_skills(measure_mastery(observed, np.zeros(observed.size, dtype=np.bool_)), ["a"])
    standing = standing_of(observed, examples, GRAPH, frozenset("abc"), mastered)
    if policy.checks_suspects:
        verdicts = {
            row: Verdict(
                exercise_id=standing.exercise_of(row).exercise_id,
                verdict=world.judgements[observed.id_of(row)],
                method="symbolic",
                reason="drawn",
            )
            for row in range(observed.size)
        }
        resolution = resolve_suspects(standing, found, verdicts, {}, calibration)
    else:
        resolution = remove_suspects(standing, found, calibration)
    update = policy.plan(standing, resolution, UpdateSettings(new_exercises=6))
    left = updated_examples(examples, standing, update)
    latest = {observed.id_of(row): NAMES[code] for row, code in enumerate(resolution.found.category_E)}
    candidates = candidates_of(left, latest, [world.tokens[id] for id in left], GRAPH.by_id)
    plan = fill_round(candidates, BUDGET, round=ROUND, seed=0, share_S=update.share_S)
    return Outcome(
        weights={id: example.weight for id, example in left.items()},
        trained_ids={id for id, trained in zip(left, plan.trained_C, strict=True) if trained},
        tokens=plan.tokens,
        actions=sorted(
            [*update.ledger.actions(), *plan.ledger.actions()], key=lambda row: (row.example_id, row.action)
        ),
        requests=update.requests,
        left=left,
        suspect_ids={observed.id_of(row) for row in np.flatnonzero(found.category_E == ERROR)},
        observed=observed.size,
    )


POLICY = st.sampled_from(sorted(POLICIES))


@settings(deadline=None, max_examples=150)
@given(worlds(), POLICY)
def test_weights_stay_in_range_and_the_token_budget_holds(world: World, policy: str) -> None:
    outcome = decided(world, policy)
    assert all(weight == 0 or 0.1 <= weight <= 1 for weight in outcome.weights.values())
    assert outcome.tokens == sum(world.tokens[id] for id in outcome.trained_ids) <= BUDGET
    assert all(outcome.weights[id] > 0 for id in outcome.trained_ids)


@settings(deadline=None, max_examples=150)
@given(worlds(), POLICY)
def test_there_is_one_ledger_row_for_each_example_and_action(world: World, policy: str) -> None:
    outcome = decided(world, policy)
    named = [(row.round, row.example_id, row.action) for row in outcome.actions]
    assert len(set(named)) == len(named)
    trained = {example.example_id for example in world.examples if not example.benched}
    assert trained <= {row.example_id for row in outcome.actions}
    assert all(row.reason and row.round == ROUND for row in outcome.actions)
    removed = {row.example_id for row in outcome.actions if row.action == "remove"}
    assert outcome.left.keys() == {example.example_id for example in world.examples} - removed


@settings(deadline=None, max_examples=150)
@given(worlds(), POLICY)
def test_no_planted_error_is_ever_an_example(world: World, policy: str) -> None:
    outcome = decided(world, policy)
    forbidden = {error.planted_id for error in world.planted}
    forbidden |= {"e" + error.exercise.exercise_id for error in world.planted}
    assert not forbidden & outcome.left.keys()
    assert not forbidden & {row.example_id for row in outcome.actions}
    parents = {parent for request in outcome.requests for parent in request.assignment.parents}
    assert not parents & {error.exercise for error in world.planted}
    for error in world.planted:
        with pytest.raises(ValidationError, match="only correct material becomes an example"):
            Example(material=error.exercise, verdict=error.verdict)


@settings(deadline=None, max_examples=150)
@given(worlds(), st.sampled_from(sorted(POLICIES.keys() - {"paper"})))
def test_no_more_than_the_check_budget_is_suspected_and_nothing_that_was_found_right(
    world: World, policy: str
) -> None:
    outcome = decided(world, policy)
    assert len(outcome.suspect_ids) <= CHECK_BUDGET * outcome.observed
    if policy in ("calibrated", "filter-only", "remove-calibrated"):
        assert not outcome.suspect_ids & world.cleared


@settings(deadline=None, max_examples=150)
@given(worlds(), POLICY, st.integers(0, 2**32))
def test_the_same_data_in_any_order_leads_to_the_same_decisions(world: World, policy: str, seed: int) -> None:
    shuffled = World(
        examples=random.Random(seed).sample(world.examples, len(world.examples)),
        planted=world.planted,
        histories=random.Random(seed + 1).sample(world.histories, len(world.histories)),
        judgements=world.judgements,
        tokens=world.tokens,
        threshold=world.threshold,
        scores=world.scores,
        cleared=world.cleared,
    )
    assert decided(shuffled, policy) == decided(world, policy)
