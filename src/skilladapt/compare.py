"""Several runs at equal budgets, side by side: which arm learned more from the same tokens.

Every cell (arm, seed) is a whole run in a directory of its own, so a comparison that was killed goes on like any
run. Cells that differ in nothing but adaptation share what comes before it. The first arm is the one that all
others are measured against.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from skilladapt.adaptation.policies import load_policy
from skilladapt.arms import arm_configs
from skilladapt.config import RunConfig
from skilladapt.durable import make_folder, write_atomically
from skilladapt.errors import RunError
from skilladapt.outcome import Outcome, read_outcome, show_summary, summarised, write_summary
from skilladapt.progress import console, duration
from skilladapt.records import content_hash
from skilladapt.store import RunDirectory

POLL_S = 0.2


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
    with suppress(RunError):  # whose cells begin on their own then, and tell what failed
        run_cells(_shared(cells, out), jobs, "--prepare")
    for cell in cells:
        _begin_with_shared(cell, out)
    run_cells(cells, jobs)
    outcomes: dict[str, list[Outcome]] = {arm: [] for arm in arms}
    for cell in cells:
        outcomes[cell.arm].append(read_outcome(RunDirectory.existing(cell.path)))
    found = summarised(outcomes)
    write_summary(out, found)
    show_summary(found)
    console.print(f"Every cell is a run of its own under {out}; the numbers are in {out / 'comparison.json'}.")


def _shared(cells: Sequence[Cell], out: Path) -> list[Cell]:
    """A cell for everything that two or more begin with; none once all of those have begun."""
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(_common(cell.config), []).append(cell)
    return [
        Cell("shared", group[0].seed, group[0].config, out / "shared" / key)
        for key, group in groups.items()
        if len(group) > 1 and not all((cell.path / "config.toml").exists() for cell in group)
    ]


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


def _begin_with_shared(cell: Cell, out: Path) -> None:
    """Copies what the cell shares with others, if there is any, in one step."""
    shared = out / "shared" / _common(cell.config)
    if cell.path.exists() or not RunDirectory(shared).has_ended("round-0/evaluation"):
        return
    staging = cell.path.with_name(f".staging-{cell.path.name}")
    shutil.rmtree(staging, ignore_errors=True)
    shutil.copytree(shared, staging, ignore=shutil.ignore_patterns(".lock"))
    write_atomically(staging / "config.toml", cell.config.to_toml().encode())
    staging.rename(cell.path)


def run_cells(cells: Sequence[Cell], jobs: int, *flags: str) -> None:
    """Runs all cells, `jobs` at a time; a line for each that ends. Raises RunError naming those that failed."""
    waiting = list(cells)
    running: dict[subprocess.Popen[bytes], tuple[Cell, float]] = {}
    failed: list[str] = []
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
                    failed.append(f"{name} (exit status {process.returncode}, see {_log(cell)})")
                left = (len(waiting) + len(running)) * spent / done / jobs
                console.print(
                    f"  {'failed' if process.returncode else 'done'}: {name} ({done}/{len(cells)}"
                    + (f", about {duration(left)} left)" if waiting or running else ")")
                )
            if not ended:
                time.sleep(POLL_S)
    if failed:
        raise RunError(
            f"{len(failed)} of {len(cells)} cells failed: {'; '.join(failed)}. "
            "Mend what their logs say and run the same command again; nothing is lost."
        )


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
