"""What a person decided enters the data of a round, as long as the round was not begun.

The data of a round follows from the configuration, the teacher's kept replies and these decisions. Preparing a
round therefore keeps the decisions it used beside its data: while none of them changed it is done, and when it has
to be done again after training it is done with the same ones. What came too late is used for the next round.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from skilladapt.decisions import Decision, Decisions, read_decisions
from skilladapt.progress import console, warn
from skilladapt.records import PERSON, Exercise, Verdict
from skilladapt.store import RunDirectory
from skilladapt.verification.admission import FORMAL


@dataclass(frozen=True)
class Decided:
    """The decisions that a round is prepared with."""

    new: Decisions = field(default_factory=dict)
    """Those that no earlier round was prepared with: they also change what there is already."""
    earlier: Decisions = field(default_factory=dict)

    @property
    def in_force(self) -> Decisions:
        """All of them: what is written anew is judged by these."""
        return {**self.earlier, **self.new}


UNDECIDED = Decided()


@dataclass(frozen=True)
class Spoken:
    """Exercises, each that a person edited followed by what it became, and the person's verdicts."""

    exercises: Sequence[Exercise]
    verdicts: Mapping[str, Verdict]
    """By exercise id; the edited version is right, unless something was decided about that one, too."""
    edited: Mapping[str, str]
    """The id of what the author wrote, by the id of what a person made of it."""


def spoken(exercises: Sequence[Exercise], decisions: Decisions) -> Spoken:
    """What `decisions` say of exercises."""
    heard: list[Exercise] = []
    verdicts: dict[str, Verdict] = {}
    edited: dict[str, str] = {}
    for exercise in exercises:
        written_id = exercise.exercise_id
        heard.append(exercise)
        while decision := decisions.get(exercise.exercise_id):
            if verdict := decision.verdict():
                verdicts[exercise.exercise_id] = verdict
            if decision.edited is None:
                break
            exercise = decision.edited.version_of(exercise)
            id = exercise.exercise_id
            heard.append(exercise)
            edited[id] = written_id
            verdicts[id] = Verdict(exercise_id=id, verdict="correct", method=PERSON, reason="edited by a person")
    return Spoken(heard, verdicts, edited)


def has_begun(directory: RunDirectory, number: int) -> bool:
    """Whether anything was trained on the data of a round: a calibration or the round, if only a few steps."""
    folder = f"round-{number}"
    return any(directory.has(f"{folder}/{steps}") for steps in ("steps", "calibration-steps")) or any(
        directory.has_ended(f"{folder}/{stage}") for stage in ("calibration", "training")
    )


def decisions_for(directory: RunDirectory, number: int) -> Decided:
    """What round `number` is prepared with: all there is, or once it was begun, what it was begun with."""
    earlier = _used_before(directory, number)
    if has_begun(directory, number):
        return Decided(_used_in(directory, number), earlier)
    return Decided(_not_among(earlier, read_decisions(directory.path, warn)), earlier)


def keep_used(directory: RunDirectory, number: int, decided: Decided) -> None:
    """Writes which of the decisions concern an exercise there is: part of the stage that prepares the round."""
    name, used = f"round-{number}/decisions", _concerning(directory, number, decided.new)
    if used or directory.has(f"{name}.json"):
        rows = [decision.model_dump(mode="json") for decision in used.values()]
        directory.write_json(name, {"decisions": rows})


def hear_again(directory: RunDirectory, stage: str, number: int, *later: str) -> None:
    """Makes the stage that prepares round `number` one to be done again where decisions have changed since.

    `later` are the stages built on it before the round begins.
    """
    if not directory.has_ended(stage) or has_begun(directory, number):
        return
    used = _used_in(directory, number)
    wanted = _not_among(_used_before(directory, number), read_decisions(directory.path, warn))
    if not used and not wanted:
        return
    try:
        wanted = _concerning(directory, number, wanted)
    except (OSError, ValueError):
        return  # a damaged table is noticed as such, and then everything is done again
    if used != wanted:
        changed = sum(used.get(id) != wanted.get(id) for id in {*used, *wanted})
        console.print(f"  round {number} is prepared again: a person decided about {changed} exercises")
        directory.forget(*later, stage)


def unused(directory: RunDirectory, rounds: int) -> list[Decision]:
    """Decisions about exercises of this run that no round was prepared with, though the last one was begun."""
    if not has_begun(directory, rounds):
        return []
    left = _not_among(_used_before(directory, rounds + 1), read_decisions(directory.path))
    return list(_concerning(directory, rounds, left).values())


def round_of(directory: RunDirectory, decision: Decision) -> int | None:
    """The round that was prepared with a decision; None while none was."""
    rounds = [number for number in directory.rounds() if number > 0]
    return next((n for n in rounds if _used_in(directory, n).get(decision.exercise_id) == decision), None)


def tell_in_vain(verdicts: Sequence[Verdict], said: Mapping[str, Verdict]) -> None:
    """Says what a person accepted and is not used all the same."""
    for verdict in verdicts:
        person = said.get(verdict.exercise_id)
        if person is not None and person.verdict == "correct" and verdict.method in FORMAL:
            console.print(f"  {verdict.exercise_id}, {person.reason}, is not used: {verdict.reason}")


def _used_before(directory: RunDirectory, number: int) -> Decisions:
    found: dict[str, Decision] = {}
    for earlier in range(1, number):
        found |= _used_in(directory, earlier)
    return found


def _used_in(directory: RunDirectory, number: int) -> Decisions:
    name = f"round-{number}/decisions.json"
    try:
        rows = directory.read_json(name)["decisions"] if directory.has(name) else []
        return {row["exercise_id"]: Decision.model_validate(row) for row in rows}
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # damaged: its stage is done again, with what there is now


def _not_among(used: Decisions, decisions: Decisions) -> Decisions:
    """A decision that was skipped in the end is none."""
    return {id: one for id, one in sorted(decisions.items()) if one.decision != "skip" and used.get(id) != one}


def _concerning(directory: RunDirectory, number: int, decisions: Decisions) -> Decisions:
    """Those about an exercise written until round `number` was prepared."""
    if not decisions:
        return {}
    known = {
        row["exercise_id"]
        for earlier in range(1, number + 1)
        for row in directory.rows(f"round-{earlier}/exercises")
    }
    return {id: one for id, one in decisions.items() if id in known}
