"""Categories become the next round's data: weights, removals, requests for new exercises, and the ledger.

Suspects are dealt with before (`suspects`); which examples a round has tokens for is decided after (`budget`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from skilladapt.adaptation.categorise import AMBIGUOUS, EASY, ERROR, HARD, CodeArray
from skilladapt.adaptation.ledger import Ledger, LedgerDraft, joined
from skilladapt.adaptation.observations import BoolArray, FloatArray, IntArray
from skilladapt.adaptation.requests import Request, UpdateSettings, plan_requests
from skilladapt.adaptation.standing import Standing
from skilladapt.adaptation.suspects import Resolution
from skilladapt.records import Example, Exercise

LEAST_WEIGHT = 0.1
"""No weight falls below this, but for the 0 of a quarantine."""


@dataclass(frozen=True)
class Update:
    """What changes before the next round, for the exercises observed (E). All other examples stay as they are."""

    ledger: Ledger
    """At least one row for each exercise, one for each (example, action)."""
    weight_E: FloatArray
    """New weights; 0 is a quarantine."""
    removed_E: BoolArray
    """Removed for good, or replaced by a repaired exercise."""
    requests: tuple[Request, ...] = ()
    share_S: FloatArray | None = None
    """How the round's tokens are divided among the skills of the graph, S; None: skills do not matter."""


def plan_update(standing: Standing, resolution: Resolution, settings: UpdateSettings) -> Update:
    """The update after a round whose suspects are resolved (method, section 5).

    Easy: `w <- max(0.1, w / 2)` and composed; hard: `w <- 1` and augmented; ambiguous: `w <- 1`, kept. Removed,
    repaired and quarantined examples have no children.

    Ours: an easy example is lightened only where its skill is mastered, else `w <- 1`. Right answers to exercises
    that were trained on before may be known by heart; a skill is known by exercises first met.
    """
    mastered_S = np.array([id in standing.mastered for id in standing.observed.skill_ids])
    return _planned(standing, resolution, settings, lighten_E=mastered_S[standing.observed.skill_E])


def plan_update_literally(standing: Standing, resolution: Resolution, settings: UpdateSettings) -> Update:
    """The same, with every easy example lightened, as the paper has it."""
    return _planned(standing, resolution, settings, lighten_E=np.ones(standing.observed.size, dtype=np.bool_))


def _planned(standing: Standing, resolution: Resolution, settings: UpdateSettings, lighten_E: BoolArray) -> Update:
    """The update in which those easy examples get lighter that `lighten_E` says.

    Only the first exercises of each skill, by id, are considered as parents: as many as the update may ask for,
    since no queue of wishes is ever served more often. Where exercises of one skill need different other skills,
    what those behind them lack is not seen in this update.
    """
    observed, category_E = standing.observed, resolution.found.category_E
    asked = _Asked.of(standing, category_E, settings)
    by_row = asked.requests_by_row()
    draft = draft_of(standing, resolution)
    told = numbers_told(standing)
    easy = np.flatnonzero(category_E == EASY)
    lighter_E = np.where(lighten_E, np.maximum(LEAST_WEIGHT, standing.weight_E / 2), 1.0)
    is_lighter = lighter_E[easy] < standing.weight_E[easy]
    draft.add(easy[is_lighter], "downweight", lighter_E[easy[is_lighter]], told)
    kept = easy[~is_lighter]
    draft.add(kept[lighten_E[kept]], "keep", lighter_E[kept[lighten_E[kept]]], told)
    by_heart = kept[~lighten_E[kept]]
    draft.add(by_heart, "keep", lighter_E[by_heart], f"{told}; perhaps by heart, as its skill is not mastered")
    for row, requests in by_row.items():
        if category_E[row] == EASY:
            skills = ", ".join(sorted({id for request in requests for id in request.assignment.skill_ids}))
            draft.add([row], "compose", lighter_E[row], f"{told}; composed over {skills}")
        else:
            draft.add([row], "augment", 1.0, f"{told}; {_purpose(requests)}")
    is_without_E = category_E == HARD
    is_without_E[list(by_row)] = False
    without = np.flatnonzero(is_without_E)
    too_far = observed.generation_E[without] >= settings.parent_generations
    draft.add(without[too_far], "keep", 1.0, f"{told}; generation {{generation}} has no children")
    draft.add(without[~too_far], "keep", 1.0, f"{told}; no room for variants")
    draft.add(np.flatnonzero(category_E == AMBIGUOUS), "keep", 1.0, told)
    return concluded(standing, joined(resolution.ledger, draft.done()), asked.requests)


def keep_everything(standing: Standing, resolution: Resolution, reason: str) -> Update:
    """Nothing changes but what became of suspects: one row `keep` for every other exercise, at its weight."""
    draft = draft_of(standing, resolution)
    kept = np.flatnonzero(resolution.found.category_E != ERROR)
    draft.add(kept, "keep", weights_after(standing, resolution.ledger)[kept], reason)
    return concluded(standing, joined(resolution.ledger, draft.done()))


def concluded(
    standing: Standing, ledger: Ledger, requests: tuple[Request, ...] = (), share_S: FloatArray | None = None
) -> Update:
    """The update that a ledger describes."""
    removed_E = np.zeros(standing.observed.size, dtype=np.bool_)
    removed_E[ledger.acting("remove", "repair")] = True
    return Update(ledger, weights_after(standing, ledger), removed_E, requests, share_S)


def weights_after(standing: Standing, ledger: Ledger) -> FloatArray:
    """The weight of each exercise after what a ledger says of it; a later row goes before an earlier one."""
    weight_E = standing.weight_E.copy()
    weight_E[ledger.row_A] = ledger.weight_after_A
    return weight_E


def draft_of(standing: Standing, resolution: Resolution) -> LedgerDraft:
    """An empty ledger for the exercises observed, whose reasons may quote the round's numbers."""
    observed = standing.observed
    numbers = {
        "right": observed.greedy_E_P.sum(axis=1),
        "mean": observed.mean_loss_E,
        "deviation": observed.std_loss_E,
        "late": observed.late_loss_E,
        "score": resolution.found.score_E,
        "generation": observed.generation_E,
    }
    category_E = resolution.found.category_E
    return LedgerDraft(observed.round, observed.example_ids, category_E, standing.weight_E, numbers)


def numbers_told(standing: Standing) -> str:
    """The template of what was observed of an exercise."""
    passes = standing.observed.loss_E_P.shape[1]
    return (
        f"right in {{right}} of {passes} passes, mean loss {{mean:.3f}}, deviation {{deviation:.3f}}, "
        "score {score:.2f}"
    )


def updated_examples(examples: Mapping[str, Example], standing: Standing, update: Update) -> dict[str, Example]:
    """The examples left after an update, with their new weights; requested ones are not among them yet."""
    left = dict(examples)
    for row in np.flatnonzero(update.removed_E).tolist():
        del left[standing.observed.id_of(row)]
    for row in np.flatnonzero((update.weight_E != standing.weight_E) & ~update.removed_E).tolist():
        id = standing.observed.id_of(row)
        left[id] = left[id].model_copy(update={"weight": float(update.weight_E[row])})
    return left


@dataclass(frozen=True)
class _Asked:
    """The requests of an update, and where the examples are that led to them."""

    requests: tuple[Request, ...]
    row_of: Mapping[str, int]

    @classmethod
    def of(cls, standing: Standing, category_E: CodeArray, settings: UpdateSettings) -> "_Asked":
        can_E = standing.observed.generation_E < settings.parent_generations
        most = settings.new_exercises
        easy = first_of_each_skill(standing, np.flatnonzero((category_E == EASY) & can_E), most)
        hard = first_of_each_skill(standing, np.flatnonzero((category_E == HARD) & can_E), most)
        requests = plan_requests(
            _exercises(standing, easy),
            _exercises(standing, hard),
            standing.graph,
            taught=standing.taught,
            mastered=standing.mastered,
            round=standing.observed.round,
            settings=settings,
        )
        return cls(requests, {standing.observed.id_of(row): row for row in (*easy.tolist(), *hard.tolist())})

    def requests_by_row(self) -> Mapping[int, Sequence[Request]]:
        by_row: dict[int, list[Request]] = defaultdict(list)
        for request in self.requests:
            for id in request.example_ids:
                by_row[self.row_of[id]].append(request)
        return by_row


def first_of_each_skill(standing: Standing, rows: IntArray, most: int) -> IntArray:
    """Of ascending `rows` of E the first `most` of each skill, ascending."""
    by_skill = rows[np.argsort(standing.observed.skill_E[rows], kind="stable")]
    skill = standing.observed.skill_E[by_skill]
    begins = np.searchsorted(skill, skill, side="left")
    return np.sort(by_skill[np.arange(rows.size) - begins < most])


def _exercises(standing: Standing, rows: IntArray) -> dict[str, Exercise]:
    return {standing.observed.id_of(row): standing.exercise_of(row) for row in rows.tolist()}


def _purpose(requests: Sequence[Request]) -> str:
    first = sorted({r.assignment.skill_ids[0] for r in requests if r.assignment.kind == "fresh"})
    return f"not mastered, so practised first: {', '.join(first)}" if first else "varied"
