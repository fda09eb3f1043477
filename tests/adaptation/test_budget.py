import pytest
from hypothesis import given
from hypothesis import strategies as st

from skilladapt.adaptation.budget import PRIORITY, Candidate, RoundPlan, fill_round
from skilladapt.errors import UserError
from skilladapt.records import Category


def candidate(id: str, category: Category | None, weight: float = 1.0, tokens: int = 10) -> Candidate:
    return Candidate(example_id=id, category=category, weight=weight, tokens=tokens)


def filled(candidates: list[Candidate], budget: int | None, replay_share: float = 0.0, seed: int = 1) -> RoundPlan:
    return fill_round(candidates, budget, round=1, seed=seed, replay_share=replay_share)


MIXED = [
    candidate("easy-light", "easy", 0.1),
    candidate("ambiguous", "ambiguous"),
    candidate("easy-heavy", "easy", 0.5),
    candidate("hard", "hard"),
    candidate("new", None),
]


@pytest.mark.parametrize(
    ("budget", "trained"),
    [
        (10, {"new"}),
        (20, {"new", "hard"}),
        (39, {"new", "hard", "ambiguous"}),
        (40, {"new", "hard", "ambiguous", "easy-heavy"}),
        (50, {"new", "hard", "ambiguous", "easy-heavy", "easy-light"}),
        (None, {"new", "hard", "ambiguous", "easy-heavy", "easy-light"}),
    ],
)
def test_a_round_is_filled_by_priority(budget: int | None, trained: set[str]) -> None:
    plan = filled(MIXED, budget)
    assert set(plan.trained_ids) == trained
    assert set(plan.benched_ids) == {candidate.example_id for candidate in MIXED} - trained
    assert plan.tokens == 10 * len(trained)
    assert [action.example_id for action in plan.actions] == sorted(plan.benched_ids)


def test_a_benched_example_keeps_category_and_weight_in_the_ledger() -> None:
    (action,) = filled([candidate("e1", "hard"), candidate("e2", "easy", 0.25)], 10).actions
    assert (action.action, action.category, action.round) == ("bench", "easy", 1)
    assert (action.weight_before, action.weight_after) == (0.25, 0.25)
    assert action.reason == "easy at weight 0.25: its 10 tokens are beyond the round's 10"
    (action,) = filled([candidate("e1", None), candidate("e2", None)], 10).actions
    assert (action.category, action.reason[:3]) == ("ambiguous", "new")


def test_nothing_is_benched_where_everything_fits_whatever_is_kept_for_replay() -> None:
    plan = filled([candidate("e1", "easy", tokens=50), candidate("e2", "easy", tokens=50)], 100, replay_share=0.1)
    assert (plan.trained_ids, plan.replayed_ids, plan.actions) == (("e1", "e2"), (), ())


def test_a_tenth_of_the_tokens_goes_to_examples_that_would_be_left_out() -> None:
    candidates = [candidate(f"hard{n:02}", "hard") for n in range(20)]
    candidates += [candidate(f"easy{n:02}", "easy", 0.1) for n in range(20)]
    plan = filled(candidates, 200, replay_share=0.1)
    assert (plan.tokens, plan.replay_tokens) == (200, 20)
    assert (len(plan.trained_ids), len(plan.replayed_ids)) == (20, 2)
    assert set(plan.replayed_ids) <= set(plan.trained_ids)
    assert filled(candidates, 200, replay_share=0.1, seed=2).replayed_ids != plan.replayed_ids


def test_quarantined_examples_are_neither_trained_nor_replayed_nor_benched_again() -> None:
    candidates = [candidate("e1", "error", 0.5), candidate("e2", "hard", 0.0), candidate("e3", "easy", 0.1)]
    for budget in (None, 1000, 15):
        plan = filled(candidates, budget, replay_share=0.3)
        assert (plan.trained_ids, plan.benched_ids, plan.actions) == (("e3",), ("e1", "e2"), ())


def test_nothing_of_lower_priority_overtakes_what_does_not_fit_any_more() -> None:
    candidates = [
        candidate("e1", None, tokens=60),
        candidate("e2", "hard", tokens=50),
        candidate("e3", "easy", 1.0, 5),
    ]
    assert filled(candidates, 100).trained_ids == ("e1",)


def test_an_example_too_large_for_any_round_does_not_block_it() -> None:
    candidates = [candidate("e1", None, tokens=101), candidate("e2", "easy")]
    assert filled(candidates, 100).trained_ids == ("e2",)


def test_a_budget_without_room_for_one_example_is_the_persons_mistake() -> None:
    with pytest.raises(UserError, match="100 tokens hold none of its 2 examples; the smallest needs 95 and 10%"):
        filled([candidate("e1", None, tokens=95), candidate("e2", None, tokens=200)], 100, replay_share=0.1)


CANDIDATES = st.lists(
    st.tuples(
        st.sampled_from([None, "easy", "hard", "ambiguous", "error"]),
        st.sampled_from([0.0, 0.1, 0.5, 1.0]),
        st.integers(1, 40),
    ),
    max_size=30,
)


@given(CANDIDATES, st.integers(60, 400), st.sampled_from([0.0, 0.1, 0.3]), st.randoms(use_true_random=False))
def test_budget_holds_and_priority_is_respected_in_any_order(rows, budget, share, random) -> None:  # type: ignore[no-untyped-def]
    candidates = [
        candidate(f"e{n:02}", category, weight, tokens) for n, (category, weight, tokens) in enumerate(rows)
    ]
    plan = filled(candidates, budget, share)
    by_id = {candidate.example_id: candidate for candidate in candidates}
    assert plan.tokens == sum(by_id[id].tokens for id in plan.trained_ids) <= budget
    assert plan.replay_tokens == sum(by_id[id].tokens for id in plan.replayed_ids) <= share * budget
    assert sorted((*plan.trained_ids, *plan.benched_ids)) == sorted(by_id)
    chosen = [PRIORITY[by_id[id].category] for id in set(plan.trained_ids) - set(plan.replayed_ids)]
    benched = [
        PRIORITY[action.category] for action in plan.actions if by_id[action.example_id].category is not None
    ]
    assert not chosen or not benched or max(chosen) <= min(benched)
    random.shuffle(candidates)
    assert filled(candidates, budget, share) == plan
