"""Kill points drawn over a whole run, and the figures of what became of the runs that were killed there."""

import random
import shutil
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comparison import Comparison, compare
from trials import Outcome, Server

Kill = Mapping[str, Any]
"""What the fork server is told, such as `{"kill_at_event": 17}`."""


@dataclass(frozen=True)
class Trial:
    """A run that was killed, once or more, and then continued to its end."""

    kills: Sequence[Kill]
    outcomes: Sequence[Outcome]
    """Of the killed commands; one that was done before its kill came ended with status 0."""
    continued: Outcome
    comparison: Comparison | None
    """None when the run could not be continued."""

    @property
    def is_sound(self) -> bool:
        """Whether the run ended, and nothing tells it from one that was never killed."""
        return self.comparison is not None and self.comparison.is_equal


def kill_points(whole: Outcome, number: int, seed: int) -> list[Kill]:
    """Half before a change of the directory, a quarter before an optimizer step, a quarter at any time.

    Each kind is spread evenly over the run, at random within its share of it.
    """
    rng = random.Random(seed)
    at_step, at_time = number // 4, number // 4
    at_event = number - at_step - at_time
    kills: list[Kill] = [{"kill_at_event": 1 + int(place * whole.events)} for place in _spread(at_event, rng)]
    kills += [{"kill_at_step": 1 + int(place * whole.steps)} for place in _spread(at_step, rng)]
    kills += [{"kill_after_s": place * whole.seconds} for place in _spread(at_time, rng)]
    return kills


def _spread(number: int, rng: random.Random) -> Iterator[float]:
    return ((index + rng.random()) / number for index in range(number))


def try_kill(server: Server, whole: Path, out: Path, *kills: Kill, **order: Any) -> Trial:
    """Kills a fresh run at each point in turn, continues it, compares it with the `whole` one and removes it."""
    outcomes = [server.run(out, **kill, **order) for kill in kills]
    continued = server.run(out, **order)
    comparison = compare(whole, out) if continued.status == 0 else None
    shutil.rmtree(out, ignore_errors=True)
    return Trial(kills, outcomes, continued, comparison)


@dataclass(frozen=True)
class Figures:
    """What many trials together show."""

    trials: int
    failures: int
    rows_lost: int
    rows_doubled: int
    first_differing_step: int | None
    steps_repeated: int
    """The most of any trial."""
    verdicts_repeated: int
    recovery_median_s: float
    recovery_worst_s: float

    def __str__(self) -> str:
        step = "none" if self.first_differing_step is None else str(self.first_differing_step)
        bound = f" (rate below {3 / self.trials:.3f} at 95%)" if not self.failures else ""
        return (
            f"n {self.trials}, failures {self.failures}{bound}, rows lost {self.rows_lost}, "
            f"rows doubled {self.rows_doubled}, first differing step {step}, at most {self.steps_repeated} steps "
            f"and {self.verdicts_repeated} verdicts repeated, recovery {self.recovery_median_s:.2f} s (median), "
            f"{self.recovery_worst_s:.2f} s (worst)"
        )


def figures(trials: Sequence[Trial], whole: Outcome) -> Figures:
    """Figures of trials against the uninterrupted run's outcome."""
    compared = [trial.comparison for trial in trials if trial.comparison is not None]
    differing = [one.first_differing_step for one in compared if one.first_differing_step is not None]
    spent = [[*trial.outcomes, trial.continued] for trial in trials]
    seconds = [trial.continued.seconds for trial in trials]
    return Figures(
        trials=len(trials),
        failures=sum(not trial.is_sound for trial in trials),
        rows_lost=sum(one.rows_lost for one in compared),
        rows_doubled=sum(one.rows_doubled for one in compared),
        first_differing_step=min(differing, default=None),
        steps_repeated=max(sum(one.steps for one in runs) - whole.steps for runs in spent),
        verdicts_repeated=max(sum(one.verdicts for one in runs) - whole.verdicts for runs in spent),
        recovery_median_s=statistics.median(seconds),
        recovery_worst_s=max(seconds),
    )


def explain(trials: Sequence[Trial]) -> str:
    """What went wrong where, for the message of a failed test."""
    return "\n".join(
        f"{list(trial.kills)}: status {trial.continued.status}, {trial.comparison}; {trial.continued.said[-600:]}"
        for trial in trials
        if not trial.is_sound
    )
