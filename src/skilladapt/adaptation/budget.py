"""Which examples a round has tokens for. Weights alone save none: an easy example costs what a hard one does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from skilladapt.adaptation.categorise import AMBIGUOUS, EASY, ERROR, HARD, NAMES, NEW, CodeArray, codes_of
from skilladapt.adaptation.draws import Ids, KeyArray, draw, keys_of
from skilladapt.adaptation.ledger import Ledger, LedgerDraft
from skilladapt.adaptation.observations import BoolArray, FloatArray, IntArray
from skilladapt.errors import UserError
from skilladapt.records import Category, Example

PRIORITY: Final[Mapping[int, int]] = {NEW: 0, HARD: 1, AMBIGUOUS: 2, EASY: 3}
"""Of each category; the lowest goes first."""


@dataclass(frozen=True)
class Candidates:
    """The examples that might be trained in the next round. C: one for each, in any order."""

    example_ids: Ids
    key_C: KeyArray
    """Of the ids, to draw by."""
    skill_C: IntArray
    """Which skill of the graph each belongs to."""
    category_C: CodeArray
    """Its latest category, after suspects were resolved; `NEW` while it was never trained on."""
    weight_C: FloatArray
    tokens_C: IntArray
    """What each costs in the round, in the unit of the budget, at least 1: all its non-padding tokens."""


@dataclass(frozen=True)
class RoundPlan:
    """Which candidates are trained in the next round; the others are benched or quarantined."""

    trained_C: BoolArray
    replayed_C: BoolArray
    """Those of the trained that priority would have left out."""
    tokens: int
    replay_tokens: int
    ledger: Ledger
    """One `bench` for each candidate that is left out and not quarantined, in the order of C."""


def candidates_of(
    examples: Mapping[str, Example],
    latest: Mapping[str, Category | None],
    tokens: Iterable[int],
    skill_ids: Iterable[str],
) -> Candidates:
    """Candidates made of records: `examples` by id, `tokens` in their order, `skill_ids` those of the graph."""
    ids = tuple(examples)
    place = {id: place for place, id in enumerate(skill_ids)}
    return Candidates(
        example_ids=ids,
        key_C=keys_of(ids),
        skill_C=np.array([place[example.skill_id] for example in examples.values()], dtype=np.int64),
        category_C=codes_of(latest.get(id) for id in ids),
        weight_C=np.array([example.weight for example in examples.values()], dtype=np.float64),
        tokens_C=np.fromiter(tokens, dtype=np.int64, count=len(ids)),
    )


def fill_round(
    candidates: Candidates,
    token_budget: int | None,
    *,
    round: int,
    seed: int,
    replay_share: float = 0.1,
    share_S: FloatArray | None = None,
    open_S: BoolArray | None = None,
) -> RoundPlan:
    """Fills the next round by priority: new, hard, ambiguous, then easy by weight (method, section 5).

    `replay_share` of the budget is kept for examples that would be left out, drawn by `seed`. Within one priority
    the order is drawn, too. The first example that no longer fits ends the filling, so that nothing of lower
    priority overtakes it; examples too large for an empty round are passed over. Without a budget, or where
    everything fits, nothing is benched. Quarantined examples (category `error`, or weight 0) are never trained.

    With `share_S` (at least 0, one for each skill of the graph) each skill has that share of the tokens that are
    not kept for replay, filled in the same order. What a skill cannot use goes to the others in proportion; what
    is too little for a skill's next example goes to whatever fits.

    With `open_S`, examples of skills that are not open wait, whatever their priority.

    `round` is the one after which this is decided. Raises `UserError` when the budget holds not one example.
    """
    tokens_C = candidates.tokens_C
    drawn_C = draw(candidates.key_C, "fill", seed, round)
    live_C = (candidates.category_C != ERROR) & (candidates.weight_C > 0)
    open_C = np.ones(tokens_C.size, dtype=np.bool_) if open_S is None else open_S[candidates.skill_C]
    allowed = np.flatnonzero(live_C & open_C)
    trained_C = np.zeros(tokens_C.size, dtype=np.bool_)
    replayed_C = np.zeros(tokens_C.size, dtype=np.bool_)
    if token_budget is None or tokens_C[allowed].sum() <= token_budget:
        trained_C[allowed] = True
    else:
        for_replay = int(replay_share * token_budget)
        budget = token_budget - for_replay
        ranked = _ranked(candidates, allowed, drawn_C)
        fitting = ranked[tokens_C[ranked] <= budget]
        if share_S is None:
            trained_C[fitting[np.cumsum(tokens_C[fitting]) <= budget]] = True
        else:
            trained_C[_by_share(candidates, fitting, budget, share_S)] = True
        left_out = allowed[~trained_C[allowed]]
        replayed_C[_as_many_as_fit(left_out[np.argsort(drawn_C[left_out])], tokens_C, for_replay)] = True
        if not trained_C.any():
            raise UserError(
                f"A round's {token_budget} tokens hold none of its {allowed.size} examples; the smallest needs "
                f"{tokens_C[allowed].min()} and {replay_share:.0%} are kept for replay. "
                "Raise the tokens of a round."
            )
        trained_C |= replayed_C
    return RoundPlan(
        trained_C=trained_C,
        replayed_C=replayed_C,
        tokens=int(tokens_C[trained_C].sum()),
        replay_tokens=int(tokens_C[replayed_C].sum()),
        ledger=_benched(candidates, live_C & ~trained_C, open_C, token_budget, round),
    )


def _ranked(candidates: Candidates, rows: IntArray, drawn_C: KeyArray) -> IntArray:
    """`rows` by priority, easy ones by weight, within that as drawn."""
    priority_by_code = np.array(
        [PRIORITY.get(code, len(PRIORITY)) for code in range(NEW, len(NAMES))], dtype=np.int8
    )
    rows = rows[np.argsort(drawn_C[rows])]
    category = candidates.category_C[rows]
    weight = np.where(category == EASY, -candidates.weight_C[rows], 0.0)
    return rows[np.lexsort((weight, priority_by_code[category - NEW]))]


def _as_many_as_fit(ordered: IntArray, tokens_C: IntArray, budget: int) -> IntArray:
    """Those of `ordered` that are taken when each that still fits is, one after another."""
    taken = [ordered[:0]]
    while ordered.size:
        ordered = ordered[tokens_C[ordered] <= budget]
        used = np.cumsum(tokens_C[ordered])
        fit = int(np.searchsorted(used, budget, side="right"))
        taken.append(ordered[:fit])
        budget -= int(used[fit - 1]) if fit else 0
        ordered = ordered[fit:]
    return np.concatenate(taken)


def _by_share(candidates: Candidates, ranked: IntArray, budget: int, share_S: FloatArray) -> IntArray:
    """Those of `ranked` that each skill's part of the budget holds, and whatever fits of the others after that."""
    tokens_C = candidates.tokens_C
    available_S = np.bincount(candidates.skill_C[ranked], tokens_C[ranked], share_S.size).astype(np.float64)
    part_S = _divided(budget, share_S, available_S)
    by_skill = ranked[np.argsort(candidates.skill_C[ranked], kind="stable")]
    skill = candidates.skill_C[by_skill]
    used = np.cumsum(tokens_C[by_skill])
    before_S = np.concatenate([[0], np.cumsum(available_S)[:-1]])
    # Parts are whole numbers of tokens or all a skill has: rounding must not cost it its last example.
    chosen = by_skill[used - before_S[skill] <= part_S[skill] + 1e-6]
    is_chosen_C = np.zeros(tokens_C.size, dtype=np.bool_)
    is_chosen_C[chosen] = True
    left = budget - int(tokens_C[chosen].sum())
    return np.concatenate([chosen, _as_many_as_fit(ranked[~is_chosen_C[ranked]], tokens_C, left)])


def _divided(budget: float, share_S: FloatArray, available_S: FloatArray) -> FloatArray:
    """The budget by shares, no skill getting more than is available; what it cannot use is divided again."""
    part_S = np.zeros(share_S.size)
    open_S = (share_S > 0) & (available_S > 0)
    while open_S.any():
        offered_S = np.where(open_S, share_S * (budget / share_S[open_S].sum()), 0.0)
        full_S = open_S & (available_S <= offered_S)
        if not full_S.any():
            return part_S + np.floor(offered_S)
        part_S[full_S] = available_S[full_S]
        budget -= float(available_S[full_S].sum())
        open_S &= ~full_S
    return part_S


def _benched(
    candidates: Candidates, left_out_C: BoolArray, open_C: BoolArray, token_budget: int | None, round: int
) -> Ledger:
    numbers = {"weight": candidates.weight_C, "tokens": candidates.tokens_C}
    draft = LedgerDraft(round, candidates.example_ids, candidates.category_C, candidates.weight_C, numbers)
    for code in PRIORITY:
        name = "new" if code == NEW else NAMES[code]
        for is_open, why in (
            (True, f"its {{tokens}} tokens are beyond the round's {token_budget}"),
            (False, "its skill waits for what it needs"),
        ):
            rows = np.flatnonzero(left_out_C & (open_C == is_open) & (candidates.category_C == code))
            draft.add(rows, "bench", candidates.weight_C[rows], f"{name} at weight {{weight:.2f}}: {why}")
    return draft.done()
