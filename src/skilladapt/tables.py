"""The columns of every table in a run directory: a contract with people's own notebooks and scripts.

Columns may be added, never renamed. Here records become rows and, where a later stage needs them, rows records.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from skilladapt.records import (
    Action,
    Answer,
    Exercise,
    LossHistory,
    Probe,
    Score,
    Textbook,
    Verdict,
)

Row = Mapping[str, Any]

_TEXT, _INT, _REAL, _BOOL = pa.string(), pa.int64(), pa.float64(), pa.bool_()
_TEXTS = pa.list_(pa.string())


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


TEXTBOOKS = _schema(textbook_id=_TEXT, skill_id=_TEXT, title=_TEXT, text=_TEXT, author=_TEXT, generation=_INT)
EXERCISES = _schema(
    exercise_id=_TEXT,
    skill_ids=_TEXTS,
    question=_TEXT,
    solution=_TEXT,
    step_skills=_TEXTS,
    answer=_TEXT,
    answer_type=_TEXT,
    difficulty=_INT,
    kind=_TEXT,
    parent_ids=_TEXTS,
    author=_TEXT,
    generation=_INT,
)
INJECTED = _schema(exercise_id=_TEXT, original_id=_TEXT, kind=_TEXT)
REJECTED = _schema(purpose=_TEXT, skill_id=_TEXT, reason=_TEXT, text=_TEXT)
ASKED = _schema(purpose=_TEXT, skill_id=_TEXT, asked=_INT, usable=_INT)
VERDICTS = _schema(exercise_id=_TEXT, verdict=_TEXT, method=_TEXT, reason=_TEXT)
EXAMPLES = _schema(example_id=_TEXT, exercise_id=_TEXT, weight=_REAL, order=_INT, benched=_BOOL, category=_TEXT)
LOSSES = pa.schema(
    [
        ("example_id", _TEXT),
        ("round", _INT),
        ("pass", _INT),
        ("loss", _REAL),
        ("tokens", _INT),
        ("late", _REAL),
        ("worst_answer_token", _REAL),
        ("greedy_answer", _BOOL),
        ("answer_margin", _REAL),
    ]
)
CALIBRATION = _schema(planted_id=_TEXT, kind=_TEXT, fold=_INT, score=_REAL, flagged=_BOOL)
CATEGORIES = _schema(
    example_id=_TEXT,
    round=_INT,
    category=_TEXT,
    mean_loss=_REAL,
    std_loss=_REAL,
    score=_REAL,
    threshold=_REAL,
    cleared=_BOOL,
)
CHECKS = _schema(example_id=_TEXT, suspected=_BOOL, verdict=_TEXT, method=_TEXT, reason=_TEXT)
LEDGER = _schema(
    round=_INT,
    example_id=_TEXT,
    category=_TEXT,
    action=_TEXT,
    reason=_TEXT,
    weight_before=_REAL,
    weight_after=_REAL,
    child_ids=_TEXTS,
)
PROBES = _schema(
    probe_id=_TEXT,
    twin_id=_TEXT,
    pair=_TEXT,
    skill_id=_TEXT,
    question=_TEXT,
    answer=_TEXT,
    answer_type=_TEXT,
    split=_TEXT,
    family=_TEXT,
)
SCORES = _schema(
    when=_TEXT,
    skill_id=_TEXT,
    probe_set=_TEXT,
    n=_INT,
    correct=_INT,
    decided=_INT,
    accuracy=_REAL,
    ci_low=_REAL,
    ci_high=_REAL,
)
ANSWERS = _schema(
    when=_TEXT, probe_id=_TEXT, skill_id=_TEXT, question=_TEXT, expected=_TEXT, given=_TEXT, correct=_BOOL
)

TABLES: Mapping[str, pa.Schema] = {
    "textbooks": TEXTBOOKS,
    "exercises": EXERCISES,
    "injected": INJECTED,
    "verdicts": VERDICTS,
    "examples": EXAMPLES,
    "losses": LOSSES,
    "calibration": CALIBRATION,
    "categories": CATEGORIES,
    "checks": CHECKS,
    "ledger": LEDGER,
    "probes": PROBES,
    "scores": SCORES,
    "answers": ANSWERS,
}
"""Every table by file name."""


def rows(records: Sequence[Action | Answer | Score | Verdict]) -> list[Row]:
    """Rows of records whose fields are the columns."""
    return [record.model_dump() for record in records]


def textbook_rows(textbooks: Sequence[Textbook]) -> list[Row]:
    """Rows of `textbooks`."""
    return [{"textbook_id": book.textbook_id, **book.model_dump()} for book in textbooks]


def exercise_rows(exercises: Sequence[Exercise]) -> list[Row]:
    """Rows of `exercises`."""
    return [{"exercise_id": exercise.exercise_id, **exercise.model_dump()} for exercise in exercises]


def loss_rows(histories: Sequence[LossHistory]) -> list[Row]:
    """Rows of `losses`: one for each example and pass, `pass` counted from 1."""
    return [
        {
            "example_id": history.example_id,
            "round": history.round,
            "pass": index + 1,
            "loss": history.loss_P[index],
            "tokens": history.tokens,
            "late": history.late_at(index),
            "worst_answer_token": history.worst_answer_token_P[index],
            "greedy_answer": history.greedy_answer_P[index],
            "answer_margin": history.answer_margin_P[index],
        }
        for history in histories
        for index in range(len(history.loss_P))
    ]


def histories_of(loss_table: Sequence[Row]) -> list[LossHistory]:
    """The histories that `loss_rows` wrote, in the same order."""
    grouped: dict[tuple[str, int], list[Row]] = {}
    for row in loss_table:
        grouped.setdefault((row["example_id"], row["round"]), []).append(row)
    return [
        LossHistory(
            example_id=example_id,
            round=round,
            loss_P=tuple(row["loss"] for row in passes),
            tokens=passes[0]["tokens"],
            worst_answer_token_P=tuple(row["worst_answer_token"] for row in passes),
            greedy_answer_P=tuple(row["greedy_answer"] for row in passes),
            answer_margin_P=tuple(row["answer_margin"] for row in passes),
        )
        for (example_id, round), passes in grouped.items()
    ]


def exercise_of(row: Row) -> Exercise:
    """The exercise of a row; its id is computed anew from the content."""
    return Exercise(**{name: value for name, value in row.items() if name != "exercise_id"})


def textbook_of(row: Row) -> Textbook:
    """The textbook of a row; its id is computed anew from the content."""
    return Textbook(**{name: value for name, value in row.items() if name != "textbook_id"})


def probe_rows(probes: Sequence[Probe]) -> list[Row]:
    """Rows of `probes`; `twin_id` is null for a probe whose twin is missing."""
    members: dict[str, list[str]] = {}
    for probe in probes:
        members.setdefault(probe.pair, []).append(probe.probe_id)
    return [
        {
            "probe_id": probe.probe_id,
            "twin_id": next((id for id in members[probe.pair] if id != probe.probe_id), None),
            "pair": probe.pair,
            **probe.model_dump(exclude={"pair"}),
        }
        for probe in probes
    ]


def probe_of(row: Row) -> Probe:
    """The probe of a row."""
    return Probe(**{name: value for name, value in row.items() if name not in ("probe_id", "twin_id")})
