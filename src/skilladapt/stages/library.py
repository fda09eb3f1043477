"""The data of a run as it stands in its directory: all materials, and the state each round has them in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from skilladapt.adaptation.calibrate import uncalibrated
from skilladapt.records import (
    Calibration,
    Category,
    Example,
    Exercise,
    LossHistory,
    Textbook,
    Verdict,
    material_id,
)
from skilladapt.store import RunDirectory
from skilladapt.tables import exercise_of, histories_of, textbook_of


@dataclass(frozen=True)
class Entry:
    """One example in the state that a round trains it in."""

    example: Example
    category: Category | None
    """Its latest category, suspects resolved; None while it is new."""
    order: int | None
    """Its place in a pass of the round; None when it is not trained."""


def read_materials(directory: RunDirectory, until: int) -> dict[str, Textbook | Exercise]:
    """Every material written up to and with round `until`, the rejected ones too, by its id."""
    found: dict[str, Textbook | Exercise] = {}
    for number in range(until + 1):
        found |= {row["textbook_id"]: textbook_of(row) for row in directory.rows(f"round-{number}/textbooks")}
        found |= {row["exercise_id"]: exercise_of(row) for row in directory.rows(f"round-{number}/exercises")}
    return found


def read_verdicts(directory: RunDirectory, until: int) -> dict[str, Verdict]:
    """The verdict on every material written up to and with round `until`, by the material's id."""
    return {
        row["exercise_id"]: Verdict(**row)
        for number in range(until + 1)
        for row in directory.read_table(f"round-{number}/verdicts")
    }


def read_entries(directory: RunDirectory, number: int) -> dict[str, Entry]:
    """All examples of a round by id, in the order of the table."""
    # No later round's: where this round is done again, theirs are of before and may be damaged.
    materials, verdicts = read_materials(directory, number), read_verdicts(directory, number)
    return {
        row["example_id"]: Entry(
            example=Example(
                material=materials[row["exercise_id"]],
                verdict=verdicts[row["exercise_id"]],
                weight=row["weight"],
                benched=row["benched"],
            ),
            category=row["category"],
            order=row["order"],
        )
        for row in directory.read_table(f"round-{number}/examples")
    }


def entry_rows(entries: Sequence[Entry]) -> list[Mapping[str, object]]:
    """Rows of `examples`."""
    return [
        {
            "example_id": entry.example.example_id,
            "exercise_id": material_id(entry.example.material),
            "weight": entry.example.weight,
            "order": entry.order,
            "benched": entry.example.benched,
            "category": entry.category,
        }
        for entry in entries
    ]


def read_histories(directory: RunDirectory, until: int) -> list[LossHistory]:
    """The loss histories of the student's training up to and with round `until`."""
    return [
        history
        for number in directory.rounds()
        if number <= until
        for history in histories_of(directory.rows(f"round-{number}/losses"))
    ]


def read_cleared(directory: RunDirectory, until: int) -> frozenset[str]:
    """Ids of the examples that a second method found correct after any round up to and with `until`."""
    return frozenset(
        row["example_id"]
        for number in range(1, until + 1)
        for row in directory.rows(f"round-{number}/checks")
        if row["verdict"] == "correct"
    )


def read_scores(directory: RunDirectory, until: int) -> dict[str, float]:
    """How suspicious each example was after its last round up to and with `until`, by id."""
    return {
        row["example_id"]: row["score"]
        for number in range(1, until + 1)
        for row in directory.rows(f"round-{number}/categories")
    }


def spent_in(directory: RunDirectory, number: int) -> int:
    """Tokens that a round trained on, with the calibration before it."""
    trained: int = directory.read_json(f"round-{number}/tokens")["trained"]
    return trained + calibrated_in(directory, number)


def calibrated_in(directory: RunDirectory, number: int) -> int:
    """Tokens of the calibration before a round; one reused cost nothing."""
    found = read_calibration(directory, number)
    return found.tokens if found.fitted_in_round == number else 0


def read_calibration(directory: RunDirectory, number: int) -> Calibration:
    """The calibration in force in a round; one that suspects nothing where the policy uses none."""
    if not directory.has(f"round-{number}/calibration.json"):
        return uncalibrated(number)
    return Calibration.model_validate(directory.read_json(f"round-{number}/calibration"))
