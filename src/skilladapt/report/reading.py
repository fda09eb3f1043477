"""A run directory read into one value, for the page to be made of.

Everything may be missing (a run half-way) or damaged: what there is gets read, and what could not be read is
named in `unreadable`. Nothing here decides how anything looks.
"""

import math
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeVar

from skilladapt.records import (
    Action,
    Answer,
    Calibration,
    Category,
    Exercise,
    Prerequisite,
    Record,
    Score,
    Skill,
    Textbook,
    Verdict,
)
from skilladapt.report.summary import Summary, summary_of
from skilladapt.report.teacher import Teacher, teacher_of
from skilladapt.store import RunDirectory

R = TypeVar("R", bound=Record)
Content = Mapping[str, Any]


class Categorised(Record):
    """One row of `categories`: what was thought of one example after one round."""

    example_id: str
    round: int
    category: Category
    mean_loss: float
    """Nats per token."""
    std_loss: float
    """Nats per token, over passes."""
    score: float | None = None
    """How suspicious it looked; None where the policy has no score."""


class PlantedScore(Record):
    """One row of `calibration`: how suspicious one planted error looked."""

    planted_id: str
    kind: str
    score: float
    flagged: bool


class CheckCounts(Record):
    """`checks.json`: what second opinions said after one round, in numbers."""

    suspects: int
    suspects_decided: int
    suspects_wrong: int
    others: int
    """Neither suspected nor found correct before."""
    others_checked: int
    others_decided: int
    others_wrong: int
    cleared: int
    """Found correct in an earlier round."""
    wrong_share: float | None
    """The estimated share of wrong exercises, 0..1; None where nothing was decided."""
    expected_precision: float | None
    """Which share of suspects the calibration lets expect to be wrong, 0..1."""


class Check(Record):
    """One row of `checks`: what a second method said of one example."""

    example_id: str
    suspected: bool
    verdict: Literal["correct", "incorrect", "undecided"]
    method: str
    reason: str


@dataclass(frozen=True)
class Round:
    """What one round recorded."""

    number: int
    loss_P: Mapping[str, tuple[float, ...]]
    """By example id, its finite losses in the order of passes (nats per token)."""
    categories: tuple[Categorised, ...]
    actions: tuple[Action, ...]
    calibration: Calibration | None
    """None when the round did not calibrate."""
    planted: tuple[PlantedScore, ...]
    verdicts: tuple[Verdict, ...]
    checks: CheckCounts | None = None
    """None when nothing was checked."""
    opinions: tuple[Check, ...] = ()


@dataclass(frozen=True)
class Reading:
    """All a report can show of one run."""

    provenance: Content
    config: str
    """`config.toml` as it stands."""
    settings: Content
    """`config.toml` parsed."""
    skills: tuple[Skill, ...]
    prerequisites: tuple[Prerequisite, ...]
    scores: tuple[Score, ...]
    answers: tuple[Answer, ...]
    exercises: Mapping[str, Exercise]
    """By exercise id, all ever written, rejected ones included."""
    textbooks: Mapping[str, Textbook]
    rounds: tuple[Round, ...]
    summary: Summary
    events: tuple[Content, ...]
    unreadable: tuple[str, ...]
    """A sentence for each file, or part of one, that is damaged."""
    teacher: Teacher | None = None
    """None where nobody was asked."""

    @cached_property
    def skill_of(self) -> Mapping[str, Skill]:
        """Skills by id."""
        return {skill.id: skill for skill in self.skills}

    def exercise_of(self, example_id: str) -> Exercise | None:
        """The exercise behind an example id (an `e` and the material's id); None for a textbook's."""
        return self.exercises.get(example_id[1:])

    def skill_id_of(self, example_id: str) -> str | None:
        """The skill an example belongs to; None when its material was not recorded."""
        material = self.exercises.get(example_id[1:]) or self.textbooks.get(example_id[1:])
        if isinstance(material, Exercise):
            return material.skill_ids[0]
        return material.skill_id if material else None


def read_run(directory: RunDirectory) -> Reading:
    """Reads every file a report needs; raises nothing for missing or damaged ones."""
    reader = _Reader(directory)
    config = reader.text("config.toml")
    graph, summary = reader.json("graph.json"), reader.json("summary.json")
    teacher = teacher_of(summary, reader.json("estimate.json"))
    stages = ["base", *(f"round-{number}" for number in directory.rounds())]
    textbooks = reader.keyed(stages, "textbooks", "textbook_id", Textbook)
    exercises = reader.keyed(stages, "exercises", "exercise_id", Exercise)
    return Reading(
        provenance=reader.json("provenance.json"),
        config=config,
        settings=reader.attempt("config.toml", lambda: tomllib.loads(config), {}),
        skills=tuple(reader.records("graph.json", graph.get("skills"), Skill)),
        prerequisites=tuple(reader.records("graph.json", graph.get("prerequisites"), Prerequisite)),
        scores=tuple(score for stage in stages for score in reader.table(f"{stage}/scores", Score)),
        answers=tuple(answer for stage in stages for answer in reader.table(f"{stage}/answers", Answer)),
        exercises=exercises,
        textbooks=textbooks,
        rounds=tuple(reader.round(number) for number in directory.rounds()),
        summary=summary_of(summary),
        teacher=teacher,
        events=tuple(directory.events() if reader.text("events.jsonl") else ()),
        unreadable=tuple(reader.unreadable),
    )


class _Reader:
    """Reads one file after another and keeps note of what failed."""

    def __init__(self, directory: RunDirectory) -> None:
        self.directory = directory
        self.unreadable: list[str] = []

    def attempt(self, name: str, read: Callable[[], Any], otherwise: Any) -> Any:
        # A damaged file raises what its library likes: Arrow's errors are OSErrors and ValueErrors.
        try:
            return read()
        except (OSError, ValueError, TypeError, RecursionError) as error:
            self.unreadable.append(f"{name} could not be read: {error}")
            return otherwise

    def text(self, name: str) -> str:
        return str(self.attempt(name, lambda: self.directory.read_text(name), "")) if self._has(name) else ""

    def json(self, name: str) -> Content:
        content = self.attempt(name, lambda: self.directory.read_json(name), {}) if self._has(name) else {}
        return content if isinstance(content, Mapping) else {}

    def rows(self, name: str) -> list[dict[str, Any]]:
        if not self._has(f"{name}.parquet"):
            return []
        rows: list[dict[str, Any]] = self.attempt(name, lambda: self.directory.read_table(name), [])
        return rows

    def table(self, name: str, kind: type[R]) -> Iterator[R]:
        return self.records(name, self.rows(name), kind)

    def records(self, name: str, rows: Any, kind: type[R]) -> Iterator[R]:
        """The rows as records, columns that were added later left out, and broken rows counted."""
        broken = 0
        for row in rows if isinstance(rows, Sequence) else ():
            try:
                yield kind(**{field: row[field] for field in kind.model_fields if field in row})
            except (ValueError, TypeError):
                broken += 1
        if broken:
            self.unreadable.append(f"{name} has {broken} rows that are not as expected; they are left out")

    def keyed(self, stages: Sequence[str], table: str, key: str, kind: type[R]) -> dict[str, R]:
        return {
            str(row.get(key)): record
            for stage in stages
            for row in self.rows(f"{stage}/{table}")
            for record in self.records(f"{stage}/{table}", [row], kind)
        }

    def round(self, number: int) -> Round:
        stage = f"round-{number}"
        losses: dict[str, list[tuple[int, float]]] = {}
        for row in self.rows(f"{stage}/losses"):
            if row["loss"] is not None and math.isfinite(row["loss"]):
                losses.setdefault(row["example_id"], []).append((row["pass"], row["loss"]))
        calibration, checks = (self.json(f"{stage}/{name}.json") for name in ("calibration", "checks"))
        return Round(
            number=number,
            loss_P={id: tuple(loss for _, loss in sorted(passes)) for id, passes in losses.items()},
            categories=tuple(self.table(f"{stage}/categories", Categorised)),
            actions=tuple(self.table(f"{stage}/ledger", Action)),
            calibration=next(
                self.records(f"{stage}/calibration.json", [calibration] if calibration else [], Calibration), None
            ),
            planted=tuple(self.table(f"{stage}/calibration", PlantedScore)),
            verdicts=tuple(self.table(f"{stage}/verdicts", Verdict)),
            checks=next(self.records(f"{stage}/checks.json", [checks] if checks else [], CheckCounts), None),
            opinions=tuple(self.table(f"{stage}/checks", Check)),
        )

    def _has(self, name: str) -> bool:
        return self.directory.has(name)
