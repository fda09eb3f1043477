"""Categories become the next round's data: weights, removals, requests for new exercises, and the ledger.

Suspects are dealt with before (`suspects`); which examples a round has tokens for is decided after (`budget`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from skilladapt.adaptation.categorise import Categorised
from skilladapt.adaptation.observations import Observations
from skilladapt.adaptation.requests import Request, UpdateSettings, plan_requests
from skilladapt.adaptation.suspects import Resolution
from skilladapt.records import Action, ActionKind, Example, Exercise, Record
from skilladapt.skills.graph import SkillGraph

LEAST_WEIGHT = 0.1
"""An easy example's weight never falls below this."""


@dataclass(frozen=True)
class Standing:
    """Where a run stands after a round."""

    observed: Observations
    examples: Mapping[str, Example]
    """All examples by id, those benched or not trained included, as they were in the round."""
    graph: SkillGraph
    taught: frozenset[str]
    """Ids of the skills this run teaches."""
    mastered: frozenset[str]


class Update(Record):
    """What changes before the next round. Examples not named keep their weight."""

    actions: tuple[Action, ...]
    """At least one for each exercise trained in the round, one for each (example, action)."""
    weights: dict[str, float]
    """New weights by example id; a weight of 0 is a quarantine."""
    removals: dict[str, str]
    """Reasons by example id: removed for good, or replaced by a repaired exercise."""
    requests: tuple[Request, ...]


def plan_update(standing: Standing, resolution: Resolution, settings: UpdateSettings) -> Update:
    """The update after a round whose suspects are resolved (method, section 5).

    Easy: `w <- max(0.1, w / 2)` and composed; hard: `w <- 1` and augmented; ambiguous: `w <- 1`, kept. Removed,
    repaired and quarantined examples have no children. Examples not trained in the round are left as they are.
    """
    chosen: dict[str, dict[str, Exercise]] = {"easy": {}, "hard": {}}
    for row in resolution.rows:
        material = standing.examples[row.example_id].material
        if row.category in chosen and isinstance(material, Exercise):
            chosen[row.category][row.example_id] = material
    requests = plan_requests(
        chosen["easy"],
        chosen["hard"],
        standing.graph,
        taught=standing.taught,
        mastered=standing.mastered,
        round=standing.observed.round,
        settings=settings,
    )
    requests_of: dict[str, list[Request]] = defaultdict(list)
    for request in requests:
        for id in request.example_ids:
            requests_of[id].append(request)
    actions = list(resolution.actions)
    for row in resolution.rows:
        if row.category != "error":
            example = standing.examples[row.example_id]
            actions += _actions(row, example, standing.observed, requests_of[row.example_id], settings)
    return _update(actions, requests)


def keep_everything(standing: Standing, resolution: Resolution) -> Update:
    """The update that changes nothing: one row `keep` for each exercise trained, at the weight it has."""
    actions = [
        _action(row, "keep", standing.examples[row.example_id].weight, None, "data is not adapted")
        for row in resolution.rows
    ]
    return _update(actions, ())


def updated_examples(examples: Mapping[str, Example], update: Update) -> dict[str, Example]:
    """The examples left after an update, with their new weights; requested ones are not among them yet."""
    return {
        id: example.model_copy(update={"weight": update.weights.get(id, example.weight)})
        for id, example in examples.items()
        if id not in update.removals
    }


def with_children(
    actions: Sequence[Action], children: Mapping[tuple[str, ActionKind], Sequence[str]]
) -> tuple[Action, ...]:
    """The actions with the exercise ids written because of them, by (example id, action), each once."""
    return tuple(
        action.model_copy(
            update={
                "child_ids": tuple(
                    dict.fromkeys((*action.child_ids, *children.get((action.example_id, action.action), ())))
                )
            }
        )
        for action in actions
    )


def _actions(
    row: Categorised,
    example: Example,
    observed: Observations,
    requests: Sequence[Request],
    settings: UpdateSettings,
) -> list[Action]:
    greedy_P = observed.greedy_E_P[observed.row[row.example_id]]
    numbers = (
        f"right in {int(greedy_P.sum())} of {greedy_P.size} passes, mean loss {row.mean_loss:.3f}, "
        f"deviation {row.std_loss:.3f}, score {row.score:.2f}"
    )
    if row.category == "easy":
        weight = max(LEAST_WEIGHT, example.weight / 2)
        lighter: ActionKind = "downweight" if weight < example.weight else "keep"
        actions = [_action(row, lighter, example.weight, weight, numbers)]
        if requests:
            skills = ", ".join(sorted({id for request in requests for id in request.assignment.skill_ids}))
            actions.append(_action(row, "compose", example.weight, weight, f"{numbers}; composed over {skills}"))
        return actions
    if requests:
        return [_action(row, "augment", example.weight, 1.0, f"{numbers}; {_purpose(requests)}")]
    if row.category == "hard":
        too_far = example.material.generation >= settings.parent_generations
        why = f"generation {example.material.generation} has no children" if too_far else "no room for variants"
        return [_action(row, "keep", example.weight, 1.0, f"{numbers}; {why}")]
    return [_action(row, "keep", example.weight, 1.0, numbers)]


def _purpose(requests: Sequence[Request]) -> str:
    first = sorted({r.assignment.skill_ids[0] for r in requests if r.assignment.kind == "fresh"})
    return f"not mastered, so practised first: {', '.join(first)}" if first else "varied"


def _action(
    row: Categorised, action: ActionKind, weight_before: float, weight_after: float | None, reason: str
) -> Action:
    return Action(
        round=row.round,
        example_id=row.example_id,
        category=row.category,
        action=action,
        reason=reason,
        weight_before=weight_before,
        weight_after=weight_before if weight_after is None else weight_after,
    )


def _update(actions: Sequence[Action], requests: tuple[Request, ...]) -> Update:
    replaced = {action.example_id: action.reason for action in actions if action.action in ("remove", "repair")}
    return Update(
        actions=tuple(actions),
        weights={
            action.example_id: action.weight_after for action in actions if action.example_id not in replaced
        },
        removals=replaced,
        requests=requests,
    )
