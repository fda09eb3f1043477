"""What each arm of a comparison came to on every kind of probes, beside the untrained student.

    python benchmarks/families.py out/geography-small-compare [--against sft-random] [--json FILE]

Reads finished cells (`ARM/seed-N`). Accuracy is the mean over seeds and pairs of twins, with the 95% interval of
`skilladapt.evaluation.paired` (seeds resampled first, then pairs within their skill); `shown` is the student with
examples of the answer format in its prompt. Differences are paired by seed and probe.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skilladapt.evaluation.paired import bootstrap_interval, pair_means
from skilladapt.evaluation.probes import pairs_of
from skilladapt.records import Answer, Probe
from skilladapt.store import RunDirectory
from skilladapt.tables import probe_of

Pairs = Sequence[tuple[Probe, Probe]]


@dataclass(frozen=True)
class Side:
    """The answers of one student, for every seed: share of each pair answered right."""

    name: str
    right_S_J: NDArray[np.float64]
    tokens: float
    """Trained on, the mean over seeds."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("comparison", type=Path)
    parser.add_argument("--against", help="the side that others are compared with")
    parser.add_argument("--json", type=Path, help="where the table is written for a program")
    given = parser.parse_args()
    cells = _cells(given.comparison)
    pairs, sides = _sides(cells)
    families = ["", *dict.fromkeys(probe.family for probe, _ in pairs)]
    print(f"{len(next(iter(cells.values())))} seeds, {len(pairs)} pairs of probes\n")
    print("| | tokens | " + " | ".join(family or "all" for family in families) + " |")
    print("| --- | --- |" + " --- |" * len(families))
    rows = {
        side.name: {family or "all": _told(side.right_S_J, pairs, family) for family in families} for side in sides
    }
    for side in sides:
        shown = " | ".join(_shown(rows[side.name][family or "all"]) for family in families)
        print(f"| {side.name} | {side.tokens:,.0f} | {shown} |")
    base = next((side for side in sides if side.name == given.against), None)
    if base:
        print(f"\nagainst {base.name}:\n")
        for side in sides:
            if side is not base:
                found = (_told(side.right_S_J - base.right_S_J, pairs, family) for family in families)
                print(f"| {side.name} | | " + " | ".join(_shown(one, "+") for one in found) + " |")
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def _cells(folder: Path) -> Mapping[str, list[RunDirectory]]:
    cells: dict[str, list[RunDirectory]] = {}
    for path in sorted(folder.glob("*/seed-*")):
        if path.is_dir() and (path / "summary.json").exists():
            cells.setdefault(path.parent.name, []).append(RunDirectory.existing(path))
    if not cells:
        raise SystemExit(f"There is no finished cell in {folder}.")
    seeds = {len(runs) for runs in cells.values()}
    if len(seeds) > 1:
        print(
            f"Some cells are missing: { ({name: len(runs) for name, runs in cells.items()}) }; the fewest count.\n"
        )
    return {name: runs[: min(seeds)] for name, runs in cells.items()}


def _sides(cells: Mapping[str, list[RunDirectory]]) -> tuple[Pairs, list[Side]]:
    """The base model of the first arm, which is the same in all, and the end of every arm."""
    first = next(iter(cells.values()))
    pairs = pairs_of([probe_of(row) for row in first[0].read_table("probes")])
    sides = [side for when in ("base", "base-few-shot") if (side := _side(when, first, "base", when, pairs))]
    for name, runs in cells.items():
        last = f"round-{max(runs[0].rounds() if _practised(runs[0]) else [0])}"
        tokens = float(np.mean([run.read_json("summary")["tokens"]["total"] for run in runs]))
        for when in (last, f"{last}-few-shot"):
            shown = f"{name}, shown" if when != last else name
            if side := _side(shown, runs, last, when, pairs, tokens):
                sides.append(side)
    return pairs, sides


def _practised(run: RunDirectory) -> bool:
    return bool(run.read_json("summary")["tokens"]["exercises"])


def _side(
    name: str, runs: Sequence[RunDirectory], folder: str, when: str, pairs: Pairs, tokens: float = 0.0
) -> Side | None:
    answers_S = [
        [Answer(**row) for row in run.read_table(f"{folder}/answers") if row["when"] == when] for run in runs
    ]
    if not all(answers_S):
        return None
    return Side(name, np.array([pair_means(pairs, answers) for answers in answers_S]), tokens)


def _told(value_S_J: NDArray[np.float64], pairs: Pairs, family: str) -> tuple[float, float, float]:
    chosen = np.array([family in ("", probe.family) for probe, _ in pairs])
    skills = [probe.skill_id for probe, _ in pairs if family in ("", probe.family)]
    low, high = bootstrap_interval(value_S_J[:, chosen], skills, seed=1)
    return float(value_S_J[:, chosen].mean()), low, high


def _shown(told: tuple[float, float, float], sign: str = "") -> str:
    mean, low, high = told
    return f"{mean:{sign}.2f} ({low:{sign}.2f} to {high:{sign}.2f})"


if __name__ == "__main__":
    main()
