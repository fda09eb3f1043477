"""What a teacher's replies were good for: how much was asked, usable and admitted, and why the rest was not."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from skilladapt.materials.asking import prompt_of
from skilladapt.progress import console
from skilladapt.records import Exercise, Record, Textbook
from skilladapt.stages.library import read_calibration, read_materials, read_verdicts
from skilladapt.store import RunDirectory
from skilladapt.teachers.tally import first_words

Material = Textbook | Exercise

_QUOTED = re.compile(r"""(?<!\w)(['"]).*?\1(?!\w)""")
_COUNT = re.compile(r"\d[\d,]+\d|\d\d")
LONGEST = 200
"""Characters of a reason; services may say more."""


class Yield(Record):
    """What came of all that was asked for one purpose."""

    purpose: str
    asked: int
    usable: int
    """As much could be read as was asked for; whether it is right was not known yet."""
    admitted: int
    """Trained on, set apart as probes, or planted."""


class Loss(Record):
    """Why some of it was not admitted, and how often."""

    purpose: str
    by: str
    """`author`: nothing usable was in the reply; else the method of verification."""
    reason: str
    count: int


def yields(directory: RunDirectory, last: int) -> list[Yield]:
    """By purpose, in the order in which they were first asked for."""
    admitted = _admitted(directory, last)
    asked: Counter[str] = Counter()
    usable: Counter[str] = Counter()
    for row in asked_rows(directory, last):
        asked[row["purpose"]] += row["asked"]
        usable[row["purpose"]] += row["usable"]
    return [Yield(purpose=one, asked=asked[one], usable=usable[one], admitted=admitted[one]) for one in asked]


def losses(directory: RunDirectory, last: int) -> list[Loss]:
    """All reasons, the most frequent first."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for row in _rows(directory, last, "rejected"):
        counts[row["purpose"], "author", general(row["reason"])] += 1
    for reason, pairs in directory.read_json("probes")["dropped"].items():
        counts["probes", "verification", general(reason)] += 2 * pairs
    materials = read_materials(directory, last)
    for id, verdict in read_verdicts(directory, last).items():
        if verdict.verdict != "correct":
            counts[_purpose_of(materials[id], materials), verdict.method, general(verdict.reason)] += 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [Loss(purpose=p, by=by, reason=reason, count=count) for (p, by, reason), count in ordered]


def asked_rows(directory: RunDirectory, last: int) -> list[dict[str, Any]]:
    """What was asked of a teacher in all stages; nothing where nobody was asked."""
    return _rows(directory, last, "asked")


def _rows(directory: RunDirectory, last: int, table: str) -> list[dict[str, Any]]:
    rounds = [f"round-{number}/{what}" for number in range(1, last + 1) for what in ("calibration", "update")]
    return [row for stage in ("probes", "materials", *rounds) for row in directory.rows(f"{stage}-{table}")]


def _admitted(directory: RunDirectory, last: int) -> Counter[str]:
    materials = read_materials(directory, last)
    counts = Counter(
        _purpose_of(materials[id], materials)
        for id, verdict in read_verdicts(directory, last).items()
        if verdict.verdict == "correct"
    )
    counts["probes"] = len(directory.read_table("probes"))
    for number in range(1, last + 1):
        calibration = read_calibration(directory, number)
        counts["corrupted"] += calibration.planted if calibration.fitted_in_round == number else 0
    return counts


def _purpose_of(material: Material, materials: Mapping[str, Material]) -> str:
    """The prompt that asked for it. One that was solved again has the question of what it replaces."""
    if isinstance(material, Textbook):
        return "textbook"
    parents = [materials.get(id) for id in material.parent_ids]
    repeats = any(isinstance(one, Exercise) and one.question == material.question for one in parents)
    return "solved-again" if repeats else prompt_of(material)


def general(reason: str) -> str:
    """A reason without what differs from case to case: what is quoted, and the first number of several digits."""
    if reason.startswith("no reply: "):
        return f"no reply: {first_words(reason.removeprefix('no reply: '))}"[:LONGEST]
    return _COUNT.sub("…", _QUOTED.sub("…", reason), count=1)[:LONGEST]


def show_yields(summary: Mapping[str, Any]) -> None:
    """Prints for each purpose how much was asked, usable and admitted, and what spoke against most of the rest."""
    table = Table(title="What its replies were good for", title_justify="left")
    table.add_column("asked for")
    for column in ("asked", "usable", "admitted"):
        table.add_column(column, justify="right")
    table.add_column("most often not admitted for")
    for row in summary["yield"]:
        table.add_row(
            row["purpose"],
            *(f"{row[name]:,}" for name in ("asked", "usable", "admitted")),
            _most_frequent([one for one in summary["rejected"] if one["purpose"] == row["purpose"]]),
        )
    console.print(table)


def _most_frequent(found: Sequence[Mapping[str, Any]]) -> str:
    return f"{found[0]['count']:,} x {found[0]['reason']}" if found else ""
