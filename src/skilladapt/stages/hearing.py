"""What a person decided about exercises of earlier rounds changes the data of the next one.

Each of them is admitted once more, with the person's verdict in the place of the verifier's; so what must not be
used whoever says so is not used, and what is right comes in, or comes back, as an example.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from skilladapt.adaptation.standing import Standing
from skilladapt.decisions import Decision, Decisions
from skilladapt.progress import console
from skilladapt.records import Action, ActionKind, Category, Example, Exercise, Probe, Verdict
from skilladapt.stages.admitting import NOTHING, Written, admit_exercises
from skilladapt.stages.context import Run
from skilladapt.stages.deciding import Decided, decisions_for
from skilladapt.stages.library import read_histories, read_materials


@dataclass(frozen=True)
class Heard:
    """What a person decided before a round is prepared, and what admission made of that."""

    decided: Decided
    withdrawn: Decisions
    """What follows for earlier edited versions where something else was decided about their originals."""
    written: Written
    """The exercises decided about, and those edited, each with its verdict."""

    @property
    def in_force(self) -> Decisions:
        """What new material is judged by."""
        return _in_force(self.decided, self.withdrawn)

    def verdicts_of(self, standing: Standing) -> Mapping[int, Verdict]:
        """By row, the verdicts on exercises observed in the round."""
        said = self._verdicts()
        ids = {row: standing.observed.id_of(row)[1:] for row in range(standing.observed.size)} if said else {}
        return {row: said[id] for row, id in ids.items() if id in said}

    def edited_of(self, standing: Standing) -> Mapping[int, Exercise]:
        """By row, what takes the place of an exercise observed in the round."""
        admitted = self.written.admitted()
        edited = {id: one for id, one in admitted.items() if one.exercise_id in self.written.edited}
        ids = {row: standing.observed.id_of(row)[1:] for row in range(standing.observed.size)} if edited else {}
        return {row: edited[id] for row, id in ids.items() if id in edited}

    def _verdicts(self) -> dict[str, Verdict]:
        acted = {*self.withdrawn, *self.decided.new}
        return {one.exercise_id: one for one in self.written.verdicts if one.exercise_id in acted}

    def settled(
        self, run: Run, number: int, kept: Mapping[str, Example], latest: Mapping[str, Category | None]
    ) -> "Settled":
        """The examples `kept` after round `number`, with what a person said of those not trained in it, too."""
        examples, categories, actions = dict(kept), dict(latest), []
        admitted = {one.example_id: one for one in self.written.examples}
        replacing = self.written.admitted()
        trained = {history.example_id for history in read_histories(run.directory, number)} if admitted else set()
        for exercise_id, verdict in self._verdicts().items():
            id = f"e{exercise_id}"
            before = examples.pop(id, None)
            if id not in admitted:
                if before is not None:
                    children = tuple(one.exercise_id for one in (replacing.get(exercise_id),) if one)
                    kind: ActionKind = "repair" if children else "remove"
                    category = categories.get(id)
                    actions.append(_row(number, id, category, kind, verdict.reason, before.weight, 0.0, children))
            elif before is not None and before.weight > 0:
                examples[id] = before.model_copy(update={"verdict": verdict})
            else:
                examples[id] = admitted[id]
                if id in trained:  # so it is not new; of what it may be instead, hard is nearest to doubted
                    categories[id] = "hard"
                    right = "found correct by a person, so it is hard"
                    actions.append(_row(number, id, "hard", "reclassify", right, 0.0, 1.0))
        return Settled({**admitted, **examples}, categories, actions)


def _row(
    number: int,
    id: str,
    category: Category | None,
    action: ActionKind,
    reason: str,
    before: float,
    after: float,
    child_ids: tuple[str, ...] = (),
) -> Action:
    return Action(
        round=number,
        example_id=id,
        category=category or "ambiguous",
        action=action,
        reason=reason,
        weight_before=before,
        weight_after=after,
        child_ids=child_ids,
    )


@dataclass(frozen=True)
class Settled:
    """Examples by id, their latest categories, and the ledger's rows about what changed."""

    examples: dict[str, Example]
    latest: dict[str, Category | None]
    actions: list[Action]


def hear(run: Run, number: int, examples: Mapping[str, Example], probes: Sequence[Probe]) -> Heard:
    """What a person decided since the round after `number` could last be told, with its admission."""
    decided = decisions_for(run.directory, number + 1)
    if not decided.new:
        return Heard(decided, {}, NOTHING)
    materials = read_materials(run.directory, number)
    exercises = {id: one for id, one in materials.items() if isinstance(one, Exercise)}
    withdrawn = _withdrawn(decided, exercises)
    acted = {*withdrawn, *decided.new}
    about = [one for id, one in exercises.items() if id in acted]
    present = [one.material for one in examples.values() if isinstance(one.material, Exercise)]
    others = [one for one in present if one.exercise_id not in acted]
    written = admit_exercises(run, about, others, probes, _in_force(decided, withdrawn))
    if about:
        console.print(
            f"  a person decided about {len(about)} earlier exercises: {len(written.examples)} are right as they "
            "are or as edited"
        )
    return Heard(decided, withdrawn, written)


def _in_force(decided: Decided, withdrawn: Decisions) -> Decisions:
    return {**decided.earlier, **withdrawn, **decided.new}


def _withdrawn(decided: Decided, exercises: Mapping[str, Exercise]) -> Decisions:
    """A rejection of each version that an earlier decision made of an exercise, and the last one does not."""
    found: dict[str, Decision] = {}
    for id in decided.new:
        before = decided.earlier.get(id)
        if before is not None and before.edited is not None and id in exercises:
            version_id = before.edited.version_of(exercises[id]).exercise_id
            found[version_id] = Decision(exercise_id=version_id, decision="reject", note="decided otherwise since")
    return found
