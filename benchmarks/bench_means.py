"""What packing and the kept trunk gain, each against padded rows and whole forward passes, in one process.

    python benchmarks/bench_means.py [--repeats 5] [--examples 24]

The variants take turns after a warm-up; medians by clock and processor. "Later passes" is two passes less one.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable

# As the command line does, before torch is imported.
os.environ |= {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "3000"}

from bench_training import BATCH, RANK, TOP_LAYERS, exercises
from skilladapt.models.adapter import with_adapter
from skilladapt.models.loading import load_student
from skilladapt.models.trunk import Trunk
from skilladapt.training import loop
from skilladapt.training.batches import Layout


class NoTrunk:
    """Stands in for `Trunk`: every pass goes through all layers."""

    @staticmethod
    def of(_: object) -> None:
        return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--examples", type=int, default=24)
    parser.add_argument("--batch", type=int, default=BATCH)
    arguments = parser.parse_args()
    student = with_adapter(load_student("smollm2-135m"), rank=RANK, top_layers=TOP_LAYERS)
    items = exercises(arguments.examples)

    def seconds(*, packed: bool, trunk: bool, passes: int) -> tuple[float, float]:
        loop.Trunk = Trunk if trunk else NoTrunk
        clock, processors = time.perf_counter(), time.process_time()
        loop.train_round(
            student, items, round=1, passes=passes, batch_size=arguments.batch, seed=0,
            learning_rate=lambda _: 1e-4, layout=Layout(packed=packed),
        )  # fmt: skip
        return time.perf_counter() - clock, time.process_time() - processors

    variants: dict[str, Callable[[], tuple[float, float]]] = {
        "padded": lambda: seconds(packed=False, trunk=False, passes=1),
        "packed": lambda: seconds(packed=True, trunk=False, passes=1),
        "packed, trunk apart, first pass": lambda: seconds(packed=True, trunk=True, passes=1),
        "two passes": lambda: seconds(packed=True, trunk=True, passes=2),
    }
    variants["padded"]()
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in variants}
    for _ in range(arguments.repeats):
        for name, variant in variants.items():
            taken[name].append(variant())
    pairs = zip(taken.pop("two passes"), taken["packed, trunk apart, first pass"], strict=True)
    taken["packed, trunk kept, later passes"] = [(both[0] - first[0], both[1] - first[1]) for both, first in pairs]
    print("| | gain by clock | by processor |\n|---|---|---|")
    for name, times in taken.items():
        ratios = [
            [a / b for a, b in zip(plain, ours, strict=True)]
            for plain, ours in zip(taken["padded"], times, strict=True)
        ]
        print(f"| {name} | {' | '.join(f'{statistics.median(each):.2f}' for each in zip(*ratios, strict=True))} |")


if __name__ == "__main__":
    main()
