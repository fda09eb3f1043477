"""Trials: a small run of every stage, stopped somewhere and continued, by way of the fork server."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parents[2]
SERVER = Path(__file__).parent / "fork_server.py"
RUN_FILE = ROOT / "runs" / "smoke.toml"
SMALL = (
    'teach=["power-rule","sum-rule"]',
    "materials.exercises_per_skill=4",
    "training.batch_size=2",
    "evaluation.probes_per_skill=1",
    "evaluation.few_shot=1",
    "evaluation.forgetting=false",
    "evaluation.max_new_tokens=3",
    "adaptation.calibration_examples=6",
    "adaptation.new_per_update=3",
    "runtime.workers=1",
    "runtime.checkpoint_every_s=0",
)
"""Every stage, as little of it as there can be: about a second, with a checkpoint after each step."""


@dataclass(frozen=True)
class Outcome:
    """How one command ended."""

    status: int
    """The exit status; minus the signal's number for one that was killed."""
    seconds: float
    events: int
    """Changes of the run directory that were begun: files opened, renamed, removed, synced."""
    steps: int
    """Optimizer steps, rehearsal and calibration included."""
    verdicts: int
    """Materials and answers verified."""
    said: str
    """Standard output and error."""


@dataclass(frozen=True)
class Whole:
    """The run that nothing befell."""

    out: Path
    outcome: Outcome


class Server:
    """A running fork server; leaving `with` ends it. One order at a time."""

    def __enter__(self) -> Self:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
        # Of OpenMP's and the tokenizers' threads there shall be none: a process that has some cannot be forked.
        environment |= {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, str(SERVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        threads = self._answer()["threads"]
        assert len(threads) == 1, f"{threads}: a process of several threads cannot be forked safely"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def run(self, out: Path, *overrides: str, **order: Any) -> Outcome:
        """`skilladapt run` with the small configuration into `out`; `order` holds what shall befall it."""
        settings = [argument for override in (*SMALL, *overrides) for argument in ("--set", override)]
        return self.command(out, "run", str(RUN_FILE), "--out", str(out), *settings, **order)

    def command(self, out: Path, *arguments: str, **order: Any) -> Outcome:
        """A whole command whose run directory is `out`."""
        assert self._process.stdin is not None
        log = Path(order.pop("log", f"{out}.log"))
        log.unlink(missing_ok=True)
        order |= {"arguments": arguments, "out": str(out), "log": str(log)}
        print(json.dumps(order), file=self._process.stdin, flush=True)
        answer = self._answer()
        return Outcome(**answer, said=log.read_text(encoding="utf-8", errors="replace"))

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the fork server ended"
        found: dict[str, Any] = json.loads(line)
        return found
