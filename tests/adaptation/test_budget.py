from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skilladapt.adaptation.budget import PRIORITY, Candidates, fill_round
from skilladapt.adaptation.categorise import codes_of
from skilladapt.adaptation.draws import keys_of
from skilladapt.errors import UserError
from skilladapt.records import Action, Category


class Candidate(NamedTuple):
    example_id: str
    category: Category | None
    weight: float = 1.0
    tokens: int = 10
    skill: int = 0


@dataclass(frozen=True)
class Filled:
    trained_ids: tuple[str, ...]
    benched_ids: tuple[str, ...]
    replayed_ids: tuple[str, ...]
    tokens: int
    replay_tokens: int
    actions: tuple[Action, ...]


def filled(
    candidates: list[Candidate],
    budget: int | None,
    replay_share: float = 0.0,
    seed: int = 1,
    shares: list[float] | None = None,
) -> Filled:
    ids = tuple(candidate.example_id for candidate in candidates)
    columns = Candidates(
        example_ids=ids,
        key_C=keys_of(ids),
        skill_C=np.array([candidate.skill for candidate in candidates], dtype=np.int64),
        category_C=codes_of(candidate.category for candidate in candidates),
        weight_C=np.array([candidate.weight for candidate in candidates]),
        tokens_C=np.array([candidate.tokens for candidate in candidates], dtype=np.int64),
    )
    share_S = None if shares is None else np.array(shares)
    plan = fill_round(columns, budget, round=1, seed=seed, replay_share=replay_share, share_S=share_S)
    return Filled(
        trained_ids=tuple(sorted(np.array(ids)[plan.trained_C].tolist() if ids else ())),
        benched_ids=tuple(sorted(np.array(ids)[~plan.trained_C].tolist() if ids else ())),
        replayed_ids=tuple(sorted(np.array(ids)[plan.replayed_C].tolist() if ids else ())),
        tokens=plan.tokens,
        replay_tokens=plan.replay_tokens,
        actions=tuple(sorted(plan.ledger.actions(), key=lambda action: action.example_id)),
    )


MIXED = [
    Candidate("easy-light", "easy", 0.1),
    Candidate("ambiguous", "ambiguous"),
    Candidate("easy-heavy", "easy", 0.5),
    Candidate("hard", "hard"),
    Candidate("new", None),
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
    (action,) = filled([Candidate("e1", "hard"), Candidate("e2", "easy", 0.25)], 10).actions
    assert (action.action, action.category, action.round) == ("bench", "easy", 1)
    assert (action.weight_before, action.weight_after) == (0.25, 0.25)
    assert action.reason == "easy at weight 0.25: its 10 tokens are beyond the round's 10"
    (action,) = filled([Candidate("e1", None), Candidate("e2", None)], 10).actions
    assert (action.category, action.reason[:3]) == ("ambiguous", "new")


def test_nothing_is_benched_where_everything_fits_whatever_is_kept_for_replay() -> None:
    plan = filled([Candidate("e1", "easy", tokens=50), Candidate("e2", "easy", tokens=50)], 100, replay_share=0.1)
    assert (plan.trained_ids, plan.replayed_ids, plan.actions) == (("e1", "e2"), (), ())


def test_a_tenth_of_the_tokens_goes_to_examples_that_would_be_left_out() -> None:
    candidates = [Candidate(f"hard{n:02}", "hard") for n in range(20)]
    candidates += [Candidate(f"easy{n:02}", "easy", 0.1) for n in range(20)]
    plan = filled(candidates, 200, replay_share=0.1)
    assert (plan.tokens, plan.replay_tokens) == (200, 20)
    assert (len(plan.trained_ids), len(plan.replayed_ids)) == (20, 2)
    assert set(plan.replayed_ids) <= set(plan.trained_ids)
    assert filled(candidates, 200, replay_share=0.1, seed=2).replayed_ids != plan.replayed_ids


def test_quarantined_examples_are_neither_trained_nor_replayed_nor_benched_again() -> None:
    candidates = [Candidate("e1", "error", 0.5), Candidate("e2", "hard", 0.0), Candidate("e3", "easy", 0.1)]
    for budget in (None, 1000, 15):
        plan = filled(candidates, budget, replay_share=0.3)
        assert (plan.trained_ids, plan.benched_ids, plan.actions) == (("e3",), ("e1", "e2"), ())


def test_nothing_of_lower_priority_overtakes_what_does_not_fit_any_more() -> None:
    candidates = [
        Candidate("e1", None, tokens=60),
        Candidate("e2", "hard", tokens=50),
        Candidate("e3", "easy", 1.0, 5),
    ]
    assert filled(candidates, 100).trained_ids == ("e1",)


def test_an_example_too_large_for_any_round_does_not_block_it() -> None:
    candidates = [Candidate("e1", None, tokens=101), Candidate("e2", "easy")]
    assert filled(candidates, 100).trained_ids == ("e2",)


def test_a_budget_without_room_for_one_example_is_the_persons_mistake() -> None:
    with pytest.raises(UserError, match="100 tokens hold none of its 2 examples; the smallest needs 95 and 10%"):
        filled([Candidate("e1", None, tokens=95), Candidate("e2", None, tokens=200)], 100, replay_share=0.1)


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
        Candidate(f"e{n:02}", category, weight, tokens) for n, (category, weight, tokens) in enumerate(rows)
    ]
    plan = filled(candidates, budget, share)
    by_id = {candidate.example_id: candidate for candidate in candidates}
    assert plan.tokens == sum(by_id[id].tokens for id in plan.trained_ids) <= budget
    assert plan.replay_tokens == sum(by_id[id].tokens for id in plan.replayed_ids) <= share * budget
    assert sorted((*plan.trained_ids, *plan.benched_ids)) == sorted(by_id)
    priority = {None: PRIORITY[-1]} | {
        name: PRIORITY[code] for code, name in enumerate(("easy", "hard", "ambiguous"))
    }
    chosen = [priority[by_id[id].category] for id in set(plan.trained_ids) - set(plan.replayed_ids)]
    benched = [
        priority[action.category] for action in plan.actions if by_id[action.example_id].category is not None
    ]
    assert not chosen or not benched or max(chosen) <= min(benched)
    random.shuffle(candidates)
    assert filled(candidates, budget, share) == plan


def test_an_example_keeps_its_place_in_the_draw_whatever_else_there_is() -> None:
    few = [Candidate(f"e{n}", "hard") for n in range(20)]
    more = [Candidate(f"x{n}", "easy", 0.1) for n in range(7)]
    trained = filled(few, 100).trained_ids
    assert len(trained) == 10
    assert filled(more + few, 100).trained_ids == trained


def test_shares_divide_the_tokens_among_skills() -> None:
    candidates = [Candidate(f"{skill}-{n}", "ambiguous", skill=skill) for skill in range(3) for n in range(20)]
    plan = filled(candidates, 200, shares=[0.5, 0.3, 0.2])
    assert [sum(id.startswith(f"{skill}-") for id in plan.trained_ids) for skill in range(3)] == [10, 6, 4]
    assert plan.tokens == 200


def test_what_a_skill_cannot_use_of_its_share_goes_to_the_others_in_proportion() -> None:
    candidates = [Candidate("0-0", "ambiguous", skill=0)]
    candidates += [Candidate(f"{skill}-{n}", "ambiguous", skill=skill) for skill in (1, 2) for n in range(20)]
    # Of 160, skill 0 could have 80 and uses 10; the other 150 are divided 3 to 2.
    plan = filled(candidates, 160, shares=[0.5, 0.3, 0.2])
    assert [sum(id.startswith(f"{skill}-") for id in plan.trained_ids) for skill in range(3)] == [1, 9, 6]
    # Skills without a share, or with no examples at all, get what nobody else can use.
    plan = filled(candidates, 160, shares=[1.0, 0.0, 0.0])
    assert "0-0" in plan.trained_ids
    assert plan.tokens == 160


def test_what_is_too_little_for_a_skills_next_example_goes_to_whatever_fits() -> None:
    candidates = [Candidate(f"0-{n}", "ambiguous", tokens=30, skill=0) for n in range(4)]
    candidates += [Candidate(f"1-{n}", "ambiguous", tokens=10, skill=1) for n in range(9)]
    # Skill 0 has 50 of the 100 tokens, one example; skill 1 has five; the 20 left hold two more of skill 1.
    plan = filled(candidates, 100, shares=[0.5, 0.5])
    assert [sum(id.startswith(f"{skill}-") for id in plan.trained_ids) for skill in range(2)] == [1, 7]


@given(CANDIDATES, st.integers(60, 400), st.lists(st.sampled_from([0.0, 0.1, 0.6]), min_size=3, max_size=3))
def test_budget_holds_with_shares_too(rows, budget, shares) -> None:  # type: ignore[no-untyped-def]
    candidates = [
        Candidate(f"e{n:02}", category, weight, tokens, skill=n % 3)
        for n, (category, weight, tokens) in enumerate(rows)
    ]
    plan = filled(candidates, budget, 0.1, shares=shares)
    assert plan.tokens <= budget
    assert filled(candidates[::-1], budget, 0.1, shares=shares) == plan
