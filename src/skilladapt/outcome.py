"""What the cells of a comparison came to: accuracy with intervals, tokens, calls, and what was left wrong."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from skilladapt.durable import write_atomically
from skilladapt.evaluation.paired import bootstrap_interval, pair_means
from skilladapt.evaluation.probes import pairs_of
from skilladapt.progress import console
from skilladapt.records import Answer, Probe
from skilladapt.stages.library import spent_in
from skilladapt.store import RunDirectory
from skilladapt.tables import probe_of

Summary = Mapping[str, Mapping[str, Any]]
"""By arm; `summarised` says what of each."""
ROUNDING = 1e-9
"""Means of the same numbers, taken in another order, differ by less."""


@dataclass(frozen=True)
class Outcome:
    """One run, as far as a comparison looks at it. Letters: R, the rounds from 0; J, the pairs of probes."""

    probes: tuple[tuple[Probe, Probe], ...]
    right_R_J: NDArray[np.float64]
    """Share of each pair answered right after each round: 0, 1/2 or 1."""
    tokens_R: NDArray[np.int64]
    """Tokens trained until the end of each round, textbooks and calibration included."""
    wrong_share_R: NDArray[np.float64]
    """Share of the exercises trained in each round that an experiment made wrong; NaN where none was made so."""
    exercises: int
    """Exercises that the author wrote."""
    checked: int
    """Suspects and others that were checked again."""
    decoded: int
    """Tokens decoded, evaluation included."""
    seconds: float


def read_outcome(directory: RunDirectory) -> Outcome:
    """The outcome of a finished run."""
    rounds = directory.rounds()
    # A run of textbooks alone has a first round that nothing was trained in.
    evaluated = [number for number in rounds if directory.has(f"round-{number}/answers.parquet")]
    probes = tuple(pairs_of([probe_of(row) for row in directory.read_table("probes")]))
    answers = [
        [Answer(**row) for row in directory.read_table(f"{when}/answers") if row["when"] == when]
        for when in (f"round-{number}" for number in evaluated)
    ]
    summary = directory.read_json("summary")
    return Outcome(
        probes=probes,
        right_R_J=np.array([pair_means(probes, of_round) for of_round in answers]),
        tokens_R=np.cumsum([spent_in(directory, number) for number in evaluated]),
        wrong_share_R=np.array([_wrong_share(directory, number, rounds) for number in evaluated]),
        exercises=sum(len(directory.rows(f"round-{number}/exercises")) for number in rounds),
        checked=sum(len(directory.rows(f"round-{number}/checks")) for number in rounds),
        decoded=summary["decoded_tokens"],
        seconds=sum(float(event.get("seconds", 0)) for event in directory.events() if event.get("event") == "end"),
    )


def _wrong_share(directory: RunDirectory, number: int, rounds: Sequence[int]) -> float:
    """By the sealed labels."""
    if number == 0 or not directory.has(f"round-{number}/injected"):
        return float("nan")
    wrong = {
        row["exercise_id"]
        for one in rounds[1:]
        if one <= number
        for row in directory.rows(f"round-{one}/injected")
    }
    trained = [
        row["exercise_id"] for row in directory.rows(f"round-{number}/examples") if row["order"] is not None
    ]
    return sum(id in wrong for id in trained) / len(trained)


def summarised(outcomes: Mapping[str, Sequence[Outcome]], seed: int = 0) -> Summary:
    """For each arm: accuracy, in all and by family of probes, and its difference to the first arm's.

    Intervals resample seeds, then pairs of probes within their skill. `tokens_to_reach` is the share of the tokens
    after which the arm's accuracy, averaged over seeds, first was at least the first arm's last one; None where it
    never was.
    """
    first = next(iter(outcomes.values()))
    return {arm: _summarised(runs, first, seed) for arm, runs in outcomes.items()}


def _summarised(runs: Sequence[Outcome], first: Sequence[Outcome], seed: int) -> dict[str, Any]:
    pairs = first[0].probes
    families = dict.fromkeys(probe.family for probe, _ in pairs)
    right_S_J = np.array([run.right_R_J[-1] for run in runs])
    first_S_J = np.array([run.right_R_J[-1] for run in first])
    groups = {"all": np.full(len(pairs), True)}
    groups |= {name: np.array([probe.family == name for probe, _ in pairs]) for name in families if name}
    curve_R = np.mean([run.right_R_J.mean(axis=1) for run in runs], axis=0)
    tokens_R = np.mean([run.tokens_R for run in runs], axis=0)
    reached = np.flatnonzero(curve_R >= first_S_J.mean() - ROUNDING)
    return {
        "seeds": len(runs),
        "accuracy": {name: _with_interval(right_S_J, pairs, chosen, seed) for name, chosen in groups.items()},
        "difference": {
            name: _with_interval(right_S_J - first_S_J, pairs, chosen, seed) for name, chosen in groups.items()
        },
        "relative": float(right_S_J.mean() / first_S_J.mean() - 1) if first_S_J.any() else None,
        "tokens_to_reach": float(tokens_R[reached[0]] / tokens_R[-1]) if reached.size else None,
        "curve": [[int(t), float(a)] for t, a in zip(tokens_R, curve_R, strict=True)],
        "tokens": int(tokens_R[-1]),
        "exercises": float(np.mean([run.exercises for run in runs])),
        "checked": float(np.mean([run.checked for run in runs])),
        "decoded": float(np.mean([run.decoded for run in runs])),
        "seconds": float(np.mean([run.seconds for run in runs])),
        "wrong_share": [float(share) for share in np.mean([run.wrong_share_R for run in runs], axis=0)],
    }


def _with_interval(
    value_S_J: NDArray[np.float64], pairs: Sequence[tuple[Probe, Probe]], chosen_J: NDArray[np.bool_], seed: int
) -> list[float]:
    """Mean, low and high."""
    skills = [probe.skill_id for (probe, _), chosen in zip(pairs, chosen_J, strict=True) if chosen]
    chosen_S_J = value_S_J[:, chosen_J]
    return [float(chosen_S_J.mean()), *bootstrap_interval(chosen_S_J, skills, seed=seed)]


def write_summary(out: Path, found: Summary) -> None:
    """Writes `comparison.json`; NaN is null there."""
    text = json.dumps(_without_nan(found), indent=1)
    write_atomically(out / "comparison.json", text.encode() + b"\n")


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nan(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_nan(one) for one in value]
    return None if isinstance(value, float) and np.isnan(value) else value


def show_summary(found: Summary) -> None:
    """Prints a line for each arm."""
    first = next(iter(found))
    families = [name for name in found[first]["accuracy"] if name != "all"]
    # Narrow, for a terminal, and a log, of 110 columns.
    table = Table(
        title=f"At equal tokens, {found[first]['seeds']} seeds each", title_justify="left", padding=(0, 1, 0, 0)
    )
    table.add_column("arm", no_wrap=True)
    for heading in ("accuracy", *families, "difference", "at", "wrong"):
        table.add_column(heading, justify="right", no_wrap=True)
    for arm, row in found.items():
        accuracy, difference = row["accuracy"], row["difference"]["all"]
        reached, wrong = row["tokens_to_reach"], row["wrong_share"][-1]
        low, high = (f"{bound:.2f}" for bound in accuracy["all"][1:])
        table.add_row(
            arm,
            f"{accuracy['all'][0]:.2f} ({low}-{high})",
            *(f"{accuracy[name][0]:.2f}" for name in families),
            "" if arm == first else "{:+.2f} ({:+.2f} {:+.2f})".format(*difference),
            "never" if reached is None else f"{reached:.0%}",
            "" if np.isnan(wrong) else f"{wrong:.0%}",
        )
    console.print(table)
    console.print(
        "accuracy: share of held-out probes right after the last round, with its 95% interval; difference: to "
        f"{first}, pair by pair; at: share of the tokens after which the arm was as good as {first} at its end; "
        "wrong: share of the exercises in the last round that the experiment had made wrong",
        style="dim",
    )
