"""Kills small runs at many points and prints, for each kind of point, what was lost.

`python benchmarks/bench_faults.py --kills 300`; some three seconds a kill on one core. The exit status is 1 when a
continued run differs from an uninterrupted one.
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "faults"))

from killing import Trial, explain, figures, kill_points, try_kill
from trials import Server

KINDS = {
    "kill_at_event": "before a change of the directory",
    "kill_at_step": "before an optimizer step",
    "kill_after_s": "at a random time",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=60, help="kill points, of all kinds together")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    trials: dict[str, list[Trial]] = {kind: [] for kind in KINDS}
    with tempfile.TemporaryDirectory() as folder, Server() as server:
        place = Path(folder)
        whole = server.run(place / "whole")
        assert whole.status == 0, whole.said
        for number, kill in enumerate(kill_points(whole, arguments.kills, arguments.seed)):
            trial = try_kill(server, place / "whole", place / str(number), kill)
            trials[next(iter(kill))].append(trial)
            print(f"\r{number + 1}/{arguments.kills}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    every = [trial for group in trials.values() for trial in group]
    print(f"An uninterrupted run: {whole.seconds:.2f} s, {whole.events} changes, {whole.steps} steps.\n")
    print(
        "| killed | n | failures (bound at 95%) | rows lost | rows doubled | first differing step "
        "| steps repeated | verdicts repeated | recovery, median | worst |"
    )
    print("| --- " * 10 + "|")
    for kind, group in [*((KINDS[kind], group) for kind, group in trials.items()), ("all", every)]:
        if group:
            one = figures(group, whole)
            step = "none" if one.first_differing_step is None else one.first_differing_step
            print(
                f"| {kind} | {one.trials} | {one.failures} (< {3 / one.trials:.3f}) | {one.rows_lost} "
                f"| {one.rows_doubled} | {step} | {one.steps_repeated} | {one.verdicts_repeated} "
                f"| {one.recovery_median_s:.2f} s | {one.recovery_worst_s:.2f} s |"
            )
    print(explain(every))
    return int(any(not trial.is_sound for trial in every))


if __name__ == "__main__":
    sys.exit(main())
