"""Which examples a round has tokens for. Weights alone save none: an easy example costs what a hard one does."""

from collections.abc import Iterable

from pydantic import Field

from skilladapt.errors import UserError
from skilladapt.records import Action, Category, Record, Weight, content_hash

PRIORITY: dict[Category | None, int] = {None: 0, "hard": 1, "ambiguous": 2, "easy": 3}


class Candidate(Record):
    """An example that might be trained in the next round."""

    example_id: str
    category: Category | None
    """Its latest category, after suspects were resolved; None while it was never trained on."""
    weight: Weight
    tokens: int = Field(ge=1)
    """What it costs in the round, in the unit of the budget: all its non-padding tokens, times the passes."""


class RoundPlan(Record):
    """Which examples are trained in the next round. Every candidate's id is in one of the two; both are sorted."""

    trained_ids: tuple[str, ...]
    benched_ids: tuple[str, ...]
    """Left out of the round, quarantined ones included."""
    replayed_ids: tuple[str, ...]
    """Those of the trained that priority would have left out."""
    tokens: int
    replay_tokens: int
    actions: tuple[Action, ...]
    """One `bench` for each candidate that is left out and not quarantined."""


def fill_round(
    candidates: Iterable[Candidate],
    token_budget: int | None,
    *,
    round: int,
    seed: int,
    replay_share: float = 0.1,
) -> RoundPlan:
    """Fills the next round by priority: new, hard, ambiguous, then easy by weight (method, section 5).

    `replay_share` of the budget is kept for examples that would be left out, drawn by `seed`. Within one priority
    the order is drawn, too. The first example that no longer fits ends the filling, so that nothing of lower
    priority overtakes it; examples too large for an empty round are passed over. Without a budget, or where
    everything fits, nothing is benched. Quarantined examples (category `error`, or weight 0) are never trained.
    `round` is the one after which this is decided. Raises `UserError` when the budget holds not one example.
    """
    everyone = list(candidates)
    allowed = [candidate for candidate in everyone if candidate.category != "error" and candidate.weight > 0]
    drawn = sorted(allowed, key=lambda candidate: content_hash("fill", seed, round, candidate.example_id))
    ranked = sorted(drawn, key=lambda candidate: _priority(candidate))
    replayed: list[Candidate] = []
    if token_budget is None or _tokens(allowed) <= token_budget:
        chosen = ranked
    else:
        for_replay = int(replay_share * token_budget)
        fitting = [candidate for candidate in ranked if candidate.tokens <= token_budget - for_replay]
        chosen = _first_that_fit(fitting, token_budget - for_replay)
        taken = {candidate.example_id for candidate in chosen}
        for candidate in drawn:
            if candidate.example_id not in taken and candidate.tokens <= for_replay:
                replayed.append(candidate)
                for_replay -= candidate.tokens
    if allowed and not chosen:
        raise UserError(
            f"A round's {token_budget} tokens hold none of its {len(allowed)} examples; the smallest needs "
            f"{min(candidate.tokens for candidate in allowed)} and {replay_share:.0%} are kept for replay. "
            "Raise the tokens of a round."
        )
    trained_ids = {candidate.example_id for candidate in chosen + replayed}
    return RoundPlan(
        trained_ids=tuple(sorted(trained_ids)),
        benched_ids=tuple(sorted({candidate.example_id for candidate in everyone} - trained_ids)),
        replayed_ids=tuple(sorted(candidate.example_id for candidate in replayed)),
        tokens=_tokens(chosen + replayed),
        replay_tokens=_tokens(replayed),
        actions=tuple(
            _bench(candidate, round, token_budget)
            for candidate in sorted(ranked, key=lambda candidate: candidate.example_id)
            if candidate.example_id not in trained_ids
        ),
    )


def _priority(candidate: Candidate) -> tuple[int, float]:
    return PRIORITY[candidate.category], -candidate.weight if candidate.category == "easy" else 0.0


def _tokens(candidates: Iterable[Candidate]) -> int:
    return sum(candidate.tokens for candidate in candidates)


def _first_that_fit(ranked: Iterable[Candidate], budget: int) -> list[Candidate]:
    chosen: list[Candidate] = []
    used = 0
    for candidate in ranked:
        used += candidate.tokens
        if used > budget:
            break
        chosen.append(candidate)
    return chosen


def _bench(candidate: Candidate, round: int, token_budget: int | None) -> Action:
    return Action(
        round=round,
        example_id=candidate.example_id,
        # Nothing is known of an example never trained on, which is what ambiguous means.
        category=candidate.category or "ambiguous",
        action="bench",
        reason=f"{candidate.category or 'new'} at weight {candidate.weight:.2f}: its {candidate.tokens} tokens "
        f"are beyond the round's {token_budget}",
        weight_before=candidate.weight,
        weight_after=candidate.weight,
    )
