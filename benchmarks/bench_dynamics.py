"""What recording each example's dynamics costs: the same training with it on and off, in interleaved pairs.

    python benchmarks/bench_dynamics.py [--pairs 12] [--examples 24]

Two passes of SmolLM2-135M-Instruct with LoRA on the top ten layers, where a step is cheapest and recording weighs
most. Off means that nothing is read off the forward pass but the step's loss. Processor time, in pairs that take
turns in who goes first; the interval of the mean ratio is Student's, of the logarithms.
"""

import argparse
import math
import os
import statistics
import time

from scipy import stats

# As the command line does, before torch is imported.
os.environ |= {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "3000"}

from bench_training import BATCH, RANK, TOP_LAYERS, exercises
from skilladapt.models.adapter import with_adapter
from skilladapt.models.loading import load_student
from skilladapt.training import loop
from skilladapt.training.dynamics import Observation


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=12)
    parser.add_argument("--examples", type=int, default=24)
    arguments = parser.parse_args()
    student = with_adapter(load_student("smollm2-135m"), rank=RANK, top_layers=TOP_LAYERS)
    items = exercises(arguments.examples)
    recording = loop.observe
    nothing = Observation(0.0, 0.0, greedy_answer=False, answer_margin=0.0)

    def seconds(*, on: bool) -> float:
        loop.observe = recording if on else lambda examples, *_: [nothing] * len(examples)
        began = time.process_time()
        loop.train_round(student, items, round=1, passes=2, batch_size=BATCH, seed=0, learning_rate=lambda _: 1e-4)
        return time.process_time() - began

    seconds(on=True)
    ratios = []
    for pair in range(arguments.pairs):
        first = pair % 2 == 0
        spent = {on: seconds(on=on) for on in (first, not first)}
        ratios.append(spent[True] / spent[False])
        print(
            f"pair {pair + 1}: on {spent[True]:.2f} s, off {spent[False]:.2f} s, {ratios[-1] - 1:+.1%}", flush=True
        )
    logarithms = [math.log(ratio) for ratio in ratios]
    mean, deviation = statistics.mean(logarithms), statistics.stdev(logarithms)
    half = stats.t.ppf(0.975, len(ratios) - 1) * deviation / math.sqrt(len(ratios))
    low, high = (math.exp(mean + side) - 1 for side in (-half, half))
    print(
        f"recording costs {math.exp(mean) - 1:+.1%} of processor time "
        f"(95% interval {low:+.1%} to {high:+.1%}, {len(ratios)} pairs)"
    )


if __name__ == "__main__":
    main()
