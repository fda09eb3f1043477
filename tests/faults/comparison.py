"""What a run that was stopped and continued has lost, doubled or changed against one that never was."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

OF_TIME = frozenset({"events.jsonl", "report.html", ".lock"})
"""Files that hold times, or nothing."""


@dataclass(frozen=True)
class Comparison:
    """Differences of a continued run from a whole one; all empty where there are none."""

    missing: tuple[str, ...]
    left_over: tuple[str, ...]
    differing: tuple[str, ...]
    """Files, by sha256."""
    rows_lost: int
    """Rows of the tables of losses, by round, example and pass."""
    rows_doubled: int
    first_differing_step: int | None
    """Optimizer step, over all rounds, of the first loss that differs or is missing; None: none does."""

    @property
    def is_equal(self) -> bool:
        """Whether there is no difference."""
        return self == EQUAL


EQUAL = Comparison((), (), (), 0, 0, None)


def compare(whole: Path, continued: Path, batch_size: int = 2) -> Comparison:
    """Looks at every file of two finished runs but those of time."""
    expected, found = fingerprints(whole), fingerprints(continued)
    expected_losses, found_losses = losses(whole), losses(continued)
    wanted, there = Counter(row for row, _ in expected_losses), Counter(row for row, _ in found_losses)
    return Comparison(
        missing=tuple(sorted(expected.keys() - found.keys())),
        left_over=tuple(sorted(found.keys() - expected.keys())),
        differing=tuple(sorted(name for name in expected.keys() & found.keys() if expected[name] != found[name])),
        rows_lost=(wanted - there).total(),
        rows_doubled=(there - wanted).total(),
        first_differing_step=_first_differing_step(expected_losses, dict(found_losses), batch_size),
    )


def fingerprints(out: Path) -> dict[str, str]:
    """The sha256 of every file by its name; of a manifest, without what it says of the report."""
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(_content(path)).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name not in OF_TIME
    }


def _content(path: Path) -> bytes:
    if path.name != "manifest.json":
        return path.read_bytes()
    manifest = json.loads(path.read_bytes())
    manifest.pop("report", None)
    return json.dumps(manifest).encode()


Row = tuple[int, str, int]


def losses(out: Path) -> list[tuple[Row, str]]:
    """Every loss by (round, example, pass), exactly, in the order of training."""
    found: list[tuple[Row, str]] = []
    for path in sorted(out.glob("round-*/losses.parquet")):
        rows = pq.read_table(path).to_pylist()
        for row in sorted(rows, key=lambda row: row["pass"]):
            found.append(((row["round"], row["example_id"], row["pass"]), float(row["loss"]).hex()))
    return found


def _first_differing_step(expected: list[tuple[Row, str]], found: dict[Row, str], batch_size: int) -> int | None:
    step = 0
    place: Counter[tuple[int, int]] = Counter()
    for row, loss in expected:
        round_pass = (row[0], row[2])
        if place[round_pass] % batch_size == 0:
            step += 1
        place[round_pass] += 1
        if found.get(row) != loss:
            return step
    return None
