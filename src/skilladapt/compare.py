"""Several runs at equal budgets, side by side: which arm learned more from the same tokens.

Every cell (arm, seed) is a whole run in a directory of its own, so a comparison that was killed goes on like any
run. All are asked the same probes, and cells that differ in nothing but adaptation share what comes before it, so
that a teacher writes it once. The first arm is the one that all others are measured against.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from skilladapt.adaptation.policies import load_policy
from skilladapt.arms import SUBJECT, arm_configs
from skilladapt.config import RunConfig
from skilladapt.durable import make_folder, write_atomically
from skilladapt.errors import RunError
from skilladapt.outcome import Outcome, read_outcome, show_summary, summarised, write_summary
from skilladapt.progress import console, duration
from skilladapt.records import content_hash
from skilladapt.store import RunDirectory

POLL_S = 0.2
SHARED = "shared"
"""The folder of what cells share: the probes, and each beginning, in one named after what it depends on."""


@dataclass(frozen=True)
class Cell:
    """One run of a comparison."""

    arm: str
    seed: int
    config: RunConfig
    path: Path


def compare(
    file: Path, arms: Sequence[str], *, seeds: int, jobs: int, overrides: Sequence[str], out: Path
) -> None:
    """Runs every arm with every seed, `jobs` at a time, or goes on where that stopped, and prints the comparison.

    Raises UserError for mistakes in the file or the arms, and RunError when a cell failed: the others are done all
    the same, and the same command tries it again.
    """
    configs = arm_configs(file, arms, seeds, overrides)
    cells = [
        Cell(arm, seed, config, out / arm.replace(":", "-") / f"seed-{seed}")
        for (arm, seed), config in configs.items()
    ]
    probes = out / SHARED / f"probes-{_subject(cells[0].config)}"
    run_cells(_with_probes(cells, probes), jobs, "--probes")
    beginnings = _beginnings(cells, out)
    for beginning in beginnings:
        _begin_as_copy(beginning, probes, "probes")
    failed = _failing(beginnings, jobs, "--prepare")
    # Each of those would fail alike, after paying for it once more.
    stuck = [cell for cell in cells if out / SHARED / _common(cell.config) in failed and not _has_begun(cell)]
    ready = [cell for cell in cells if cell not in stuck]
    for cell in ready:
        _begin_as_copy(cell, out / SHARED / _common(cell.config), "round-0/evaluation")
        _begin_as_copy(cell, probes, "probes")
    failed_alone = _failing(ready, jobs)
    _raise_for([*failed.values(), *failed_alone.values()], len(stuck) + len(failed_alone), len(cells))
    found = summarised(_outcomes(cells))
    write_summary(out, found)
    show_summary(found)
    console.print(f"Every cell is a run of its own under {out}; the numbers are in {out / 'comparison.json'}.")


def _with_probes(cells: Sequence[Cell], path: Path) -> list[Cell]:
    """A cell for the skills and probes of all, where a teacher is asked for them and was not asked before.

    Asked again, a teacher writes others, and those of one cell would not be comparable with another's.
    """
    first = cells[0]
    asks = first.config.writing_teacher or first.config.goal
    if not asks or all(map(_has_begun, cells)) or RunDirectory(path).has_ended("probes"):
        return []
    return [Cell("the probes", first.seed, first.config, path)]


def _subject(config: RunConfig) -> str:
    """Names the skills and probes that all arms have alike, whichever of them is the first."""
    return content_hash(config.model_dump(mode="json", include=set(SUBJECT)))


def _beginnings(cells: Sequence[Cell], out: Path) -> list[Cell]:
    """A cell for everything that two or more begin with; none once all of those have begun."""
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(_common(cell.config), []).append(cell)
    beginnings = []
    for key, group in groups.items():
        if len(group) > 1 and not all(map(_has_begun, group)):
            name = f"the beginning of {', '.join(cell.arm for cell in group)}"
            beginnings.append(Cell(name, group[0].seed, group[0].config, out / SHARED / key))
    return beginnings


def _has_begun(cell: Cell) -> bool:
    return (cell.path / "config.toml").exists()


def _common(config: RunConfig) -> str:
    """Names what a run does before adaptation has a say; its first round has a budget, shared with calibration."""
    adaptation = config.adaptation
    calibration = (
        (adaptation.calibration_examples, adaptation.calibration_passes, adaptation.planted_share)
        if load_policy(adaptation.policy).uses_calibration
        else None
    )
    rest = config.model_dump(mode="json", exclude={"adaptation", "runtime"})
    return content_hash(rest, calibration, adaptation.replay_share)


def _begin_as_copy(cell: Cell, shared: Path, stage: str) -> None:
    """Copies what the cell shares with others, in one step: where that ended with `stage`, and none has begun."""
    if cell.path.exists() or not RunDirectory(shared).has_ended(stage):
        return
    make_folder(cell.path.parent)
    staging = cell.path.with_name(f".staging-{cell.path.name}")
    shutil.rmtree(staging, ignore_errors=True)
    shutil.copytree(shared, staging, ignore=shutil.ignore_patterns(".lock"))
    write_atomically(staging / "config.toml", cell.config.to_toml().encode())
    staging.rename(cell.path)


def _outcomes(cells: Sequence[Cell]) -> Mapping[str, Sequence[Outcome]]:
    """What the cells of each arm came to. Raises RunError where they were not asked the same probes."""
    outcomes: dict[str, list[Outcome]] = {}
    asked: dict[str, Cell] = {}
    for cell in cells:
        directory = RunDirectory.existing(cell.path)
        outcomes.setdefault(cell.arm, []).append(read_outcome(directory))
        asked.setdefault(directory.read_json("probes")["seal"], cell)
    if len(asked) > 1:
        first, other, *_ = asked.values()
        raise RunError(
            f"{first.path} and {other.path} were asked different probes, so they cannot be compared; "
            "begin the comparison anew with another --out."
        )
    return outcomes


def run_cells(cells: Sequence[Cell], jobs: int, *flags: str) -> None:
    """Runs all cells, `jobs` at a time; a line for each that ends. Raises RunError naming those that failed."""
    failed = _failing(cells, jobs, *flags)
    _raise_for([*failed.values()], len(failed), len(cells))


def _raise_for(faults: Sequence[str], failed: int, of: int) -> None:
    if faults:
        raise RunError(
            f"{failed} of {of} cells failed: {'; '.join(faults)}. "
            "Mend what their logs say and run the same command again; nothing is lost."
        )


def _failing(cells: Sequence[Cell], jobs: int, *flags: str) -> Mapping[Path, str]:
    """Runs all cells, `jobs` at a time; a line for each that ends. Returns what to say of those that failed."""
    waiting = list(cells)
    running: dict[subprocess.Popen[bytes], tuple[Cell, float]] = {}
    failed: dict[Path, str] = {}
    done, spent = 0, 0.0
    with _stopped_at_the_end(running):
        while waiting or running:
            while waiting and len(running) < jobs:
                cell = waiting.pop(0)
                running[_start(cell, jobs, flags)] = (cell, time.monotonic())
            ended = [process for process in running if process.poll() is not None]
            for process in ended:
                cell, began = running.pop(process)
                done, spent = done + 1, spent + time.monotonic() - began
                name = f"{cell.arm}, seed {cell.seed}"
                if process.returncode:
                    failed[cell.path] = f"{name} (exit status {process.returncode}, see {_log(cell)})"
                left = (len(waiting) + len(running)) * spent / done / jobs
                console.print(
                    f"  {'failed' if process.returncode else 'done'}: {name} ({done}/{len(cells)}"
                    + (f", about {duration(left)} left)" if waiting or running else ")")
                )
            if not ended:
                time.sleep(POLL_S)
    return failed


def _start(cell: Cell, jobs: int, flags: Sequence[str]) -> "subprocess.Popen[bytes]":
    make_folder(cell.path.parent)
    config_file = cell.path.with_suffix(".toml")
    write_atomically(config_file, cell.config.to_toml().encode())
    threads = str(max(1, (os.cpu_count() or 1) // jobs))
    with _log(cell).open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "skilladapt.cell", str(config_file), str(cell.path), *flags],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={"OMP_NUM_THREADS": threads, **os.environ},
        )


def _log(cell: Cell) -> Path:
    return cell.path.with_suffix(".log")


@contextmanager
def _stopped_at_the_end(running: Mapping["subprocess.Popen[bytes]", object]) -> Iterator[None]:
    """No cell is left working when the comparison is interrupted; each goes on from its last checkpoint."""
    try:
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()
