"""What waits for a person in a run: exercises that were rejected, and examples in quarantine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from skilladapt.decisions import Decisions
from skilladapt.records import PERSON, Exercise, Verdict
from skilladapt.store import RunDirectory
from skilladapt.tables import exercise_of
from skilladapt.verification.admission import FORMAL


@dataclass(frozen=True)
class Item:
    """One exercise that a person may decide about."""

    exercise: Exercise
    round: int
    """Which it was written for; of one in quarantine, after which it was put there."""
    verdict: Verdict
    score: float | None = None
    """How suspicious it is; None where it was rejected and never trained on."""
    doubt: str = ""
    """Why it is in quarantine, in the words of the ledger; empty for what was rejected."""
    checks: tuple[str, ...] = ()
    """What second opinions said."""

    @property
    def may_be_accepted(self) -> bool:
        """Whether a person may accept it as it is: a verdict on its form nobody overrules."""
        return self.verdict.method not in FORMAL

    def told(self) -> dict[str, Any]:
        """As plain data for a script."""
        return {
            "exercise_id": self.exercise.exercise_id,
            "state": "quarantined" if self.doubt else "rejected",
            "may_be_accepted": self.may_be_accepted,
            "round": self.round,
            **self.exercise.model_dump(mode="json"),
            "verdict": self.verdict.model_dump(exclude={"exercise_id"}),
            "score": self.score,
            "doubt": self.doubt,
            "checks": list(self.checks),
        }


def waiting(directory: RunDirectory, decisions: Decisions) -> list[Item]:
    """Exercises that nobody decided about: the latest round first, in each what is in quarantine first."""
    exercises: dict[str, tuple[int, Exercise]] = {}
    verdicts: dict[str, Verdict] = {}
    rounds = [number for number in directory.rounds() if number > 0]
    for number in rounds:
        for row in directory.rows(f"round-{number}/exercises"):
            exercises.setdefault(row["exercise_id"], (number, exercise_of(row)))
        verdicts |= {row["exercise_id"]: Verdict(**row) for row in directory.rows(f"round-{number}/verdicts")}
    doubted = _doubted(directory, rounds)
    found = []
    for id, (number, exercise) in exercises.items():
        verdict = verdicts.get(id)
        if id in decisions or verdict is None or verdict.method == PERSON:
            continue
        if doubt := doubted.get(f"e{id}"):
            found.append(_quarantined(directory, doubt, exercise, verdict))
        elif verdict.verdict != "correct":
            found.append(Item(exercise, number, verdict))
    return sorted(
        found, key=lambda one: (-one.round, not one.doubt, -(one.score or 0.0), one.exercise.exercise_id)
    )


def unusable(directory: RunDirectory) -> Mapping[str, int]:
    """How many replies held no exercise at all, by the table that keeps them."""
    paths = sorted(directory.path.rglob("*-rejected.parquet"))
    names = [path.relative_to(directory.path).as_posix().removesuffix(".parquet") for path in paths]
    counts = {name: len(directory.rows(name)) for name in names}
    return {name: count for name, count in counts.items() if count}


def _doubted(directory: RunDirectory, rounds: Sequence[int]) -> Mapping[str, Mapping[str, Any]]:
    """The ledger's row that put it there, by the id of each example that is in quarantine now."""
    latest = next((number for number in reversed(rounds) if directory.has(f"round-{number}/examples")), None)
    if latest is None:
        return {}
    out = {row["example_id"] for row in directory.rows(f"round-{latest}/examples") if row["weight"] == 0}
    return {
        row["example_id"]: row
        for number in rounds
        if out and number < latest
        for row in directory.rows(f"round-{number}/ledger")
        if row["action"] == "quarantine" and row["example_id"] in out
    }


def _quarantined(directory: RunDirectory, row: Mapping[str, Any], exercise: Exercise, verdict: Verdict) -> Item:
    number = row["round"]

    def own(table: str) -> list[dict[str, Any]]:
        return [one for one in directory.rows(f"round-{number}/{table}") if one["example_id"] == row["example_id"]]

    categories = own("categories")
    return Item(
        exercise,
        number,
        verdict,
        score=categories[-1]["score"] if categories else None,
        doubt=row["reason"],
        checks=tuple(f"{one['verdict']} by {one['method']}: {one['reason']}" for one in own("checks")),
    )
