"""How well losses tell wrong exercises from right ones: several scores on the same runs, by sealed labels.

    python benchmarks/bench_errors.py runs/operations.toml --shares 0.05 0.15 0.3 --seeds 5 --out out/errors

After admission a share of the exercises is made wrong; the student learns from all of them, and the policy
`watch` calibrates and changes nothing. After each round every score ranks the exercises; the labels only mark.
AUROC is the chance that a wrong one ranks above a right one; `recall at 30%` is the share of the wrong ones among
the 30% most suspicious, all that a check budget allows. Means over seeds with the lowest and highest; a run that
is done is not done again.

`--checked DIR ...` reads runs that did adapt instead, and tells what the calibrated threshold and the check by a
second method came to: recall, share suspected, and how often the check was mistaken.
"""

import argparse
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import fmean

import numpy as np
from scipy.stats import rankdata

from skilladapt.adaptation.categorise import high_and_flat
from skilladapt.adaptation.observations import Observations, observe, trained_exercises
from skilladapt.adaptation.standardise import standardised
from skilladapt.adaptation.suspicion import score, signals, suspicion
from skilladapt.arms import arm_configs
from skilladapt.compare import Cell, run_cells
from skilladapt.records import LossHistory, SignalWeights
from skilladapt.skills.graph import SkillGraph
from skilladapt.stages.library import read_calibration, read_entries, read_histories
from skilladapt.store import RunDirectory

BUDGET = 0.3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?", help="a run file")
    parser.add_argument("--shares", type=float, nargs="+", default=[0.05, 0.15, 0.3])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--set", nargs="*", default=[], help="KEY=VALUE, for all runs")
    parser.add_argument("--out", type=Path, default=Path("out/errors"))
    parser.add_argument("--checked", type=Path, nargs="+", help="directories of runs that adapted")
    given = parser.parse_args()
    if given.checked:
        tell_checks(given.checked)
        return
    for share in given.shares:
        overrides = [*given.set, "adaptation.policy=watch", f"materials.wrong_share={share}"]
        configs = arm_configs(given.file, ["untouched"], given.seeds, overrides, {"untouched": {}})
        cells = [
            Cell(f"{share:.0%} wrong", seed, config, given.out / f"{share:.2f}" / f"seed-{seed}")
            for (_, seed), config in configs.items()
        ]
        run_cells(cells, given.jobs)
        tell_scores(share, [scored(cell.path) for cell in cells])


Scored = Mapping[int, Mapping[str, tuple[float, float]]]
"""AUROC and recall at the budget, by round and score."""


def scored(path: Path) -> Scored:
    """Every score of a run after every round."""
    directory = RunDirectory(path)
    graph = SkillGraph.from_json(directory.read_text("graph.json"))
    wrong: set[str] = set()
    lapses: dict[str, tuple[bool, int]] = {}
    before: dict[str, float] = {}
    found: dict[int, dict[str, tuple[float, float]]] = {}
    for number in directory.rounds()[1:]:
        wrong |= {"e" + row["exercise_id"] for row in directory.read_table(f"round-{number}/injected")}
        trained = trained_exercises(entry.example for entry in read_entries(directory, number).values())
        histories = read_histories(directory, number)
        observed = observe(trained, histories, number, graph, scores=before)
        count_lapses(observed, lapses)
        margins = margins_of(histories)
        weights = read_calibration(directory, number).weights
        is_wrong_E = np.array([id in wrong for id in observed.example_ids])
        by_name = scores(observed, lapses, margins, weights)
        before |= zip(observed.example_ids, by_name["ours"].tolist(), strict=True)
        found[number] = {
            name: (auroc(score_E, is_wrong_E), recall_at_budget(score_E, is_wrong_E))
            for name, score_E in by_name.items()
        }
    return found


def scores(
    observed: Observations,
    lapses: Mapping[str, tuple[bool, int]],
    margins: Mapping[str, float],
    weights: SignalWeights,
) -> dict[str, np.ndarray]:
    """Larger is likelier wrong."""
    return {
        "mean loss (confidence)": observed.mean_loss_E,
        "last loss": observed.loss_E_P[:, -1],
        "flatness": -observed.std_loss_E,
        "worst token of the answer": observed.worst_E_P[:, -1],
        "forgetting events": np.array([lapses[id][1] for id in observed.example_ids], dtype=float),
        "area under the margin": np.array([-margins[id] for id in observed.example_ids]),
        "paper": high_and_flat(observed),
        "late loss, standardised": standardised(observed.late_loss_E, observed),
        "ours, of this round alone": score(signals(observed), weights),
        "ours": suspicion(observed, weights),
    }


def margins_of(histories: Iterable[LossHistory]) -> dict[str, float]:
    """The answer's margin, mean over all passes so far, by example id (Pleiss et al. 2020)."""
    margins: dict[str, list[float]] = {}
    for history in histories:
        margins.setdefault(history.example_id, []).extend(history.answer_margin_P)
    return {id: fmean(values) for id, values in margins.items()}


def count_lapses(observed: Observations, lapses: dict[str, tuple[bool, int]]) -> None:
    """How often an answer was right in one pass and wrong in the next, so far (Toneva et al. 2019)."""
    for id, greedy_P in zip(observed.example_ids, observed.greedy_E_P.tolist(), strict=True):
        was_right, count = lapses.get(id, (False, 0))
        for is_right in greedy_P:
            count += was_right and not is_right
            was_right = is_right
        lapses[id] = (was_right, count)


def auroc(score_E: np.ndarray, is_wrong_E: np.ndarray) -> float:
    """Ties count half."""
    wrong, right = int(is_wrong_E.sum()), int((~is_wrong_E).sum())
    return float((rankdata(score_E)[is_wrong_E].sum() - wrong * (wrong + 1) / 2) / (wrong * right))


def recall_at_budget(score_E: np.ndarray, is_wrong_E: np.ndarray) -> float:
    """Among the most suspicious; ties are broken against the score, by the order of ids."""
    suspected = np.argsort(-score_E, kind="stable")[: int(BUDGET * score_E.size)]
    return float(is_wrong_E[suspected].sum() / is_wrong_E.sum())


def tell_scores(share: float, runs: list[Scored]) -> None:
    rounds = sorted(runs[0])
    print(f"\n{share:.0%} of the exercises wrong, {len(runs)} seeds; AUROC after each round\n")
    print("| score | " + " | ".join(f"round {n}" for n in rounds) + " | recall at 30%, last round |")
    print("| --- " * (len(rounds) + 2) + "|")
    for name in runs[0][rounds[0]]:
        cells = [spread([run[n][name][0] for run in runs]) for n in rounds]
        print(f"| {name} | {' | '.join(cells)} | {spread([run[rounds[-1]][name][1] for run in runs])} |")


def spread(values: list[float]) -> str:
    """Mean, lowest and highest."""
    if len(values) == 1:
        return f"{values[0]:.2f}"
    return f"{fmean(values):.2f} ({min(values):.2f}-{max(values):.2f})"


def tell_checks(paths: list[Path]) -> None:
    rows: dict[int, list[dict[str, float]]] = {}
    # A pattern for the cells of a comparison matches their logs and configurations, too.
    runs = [RunDirectory.existing(path) for path in paths if not path.is_file()]
    for run in runs:
        for number, row in checked(run).items():
            rows.setdefault(number, []).append(row)
    names = list(next(iter(rows.values()))[0])
    print(f"\nThe calibrated threshold and the check by another method, means over {len(runs)} runs\n")
    print("| after round | " + " | ".join(names) + " |")
    print("| --- " * (len(names) + 1) + "|")
    for number, of_round in sorted(rows.items()):
        means = (fmean([row[name] for row in of_round if not np.isnan(row[name])] or [np.nan]) for name in names)
        print(f"| {number} | " + " | ".join(f"{mean:.3f}" for mean in means) + " |")


def checked(directory: RunDirectory) -> dict[int, dict[str, float]]:
    """What became of the suspects of each round that was followed by an update."""
    wrong: set[str] = set()
    found = {}
    for number in directory.rounds()[1:]:
        wrong |= {"e" + row["exercise_id"] for row in directory.read_table(f"round-{number}/injected")}
        if not directory.has(f"round-{number}/checks"):
            continue
        checks = directory.read_table(f"round-{number}/checks")
        examples = [row for row in directory.read_table(f"round-{number}/examples") if row["order"] is not None]
        wrong_here = {row["example_id"] for row in examples} & wrong
        suspects = {row["example_id"] for row in checks if row["suspected"]}
        verdict = {row["example_id"]: row["verdict"] for row in checks}
        of_wrong = [verdict[id] for id in verdict if id in wrong]
        of_right = [verdict[id] for id in verdict if id not in wrong]
        found[number] = {
            "wrong in training": len(wrong_here) / len(examples),
            "suspected": len(suspects) / len(examples),
            "recall": len(suspects & wrong_here) / len(wrong_here) if wrong_here else np.nan,
            "precision": len(suspects & wrong_here) / len(suspects) if suspects else np.nan,
            "false accepts": of_wrong.count("correct") / len(of_wrong) if of_wrong else np.nan,
            "false rejects": of_right.count("incorrect") / len(of_right) if of_right else np.nan,
            "undecided": list(verdict.values()).count("undecided") / len(verdict),
        }
    return found


if __name__ == "__main__":
    main()
