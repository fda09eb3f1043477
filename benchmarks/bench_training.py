"""Training speed beside TRL's SFTTrainer: same model, data, batch and machine, one process a cell, interleaved.

    python benchmarks/bench_training.py [--repeats 3] [--examples 48] [--cells "NAME;..."] [--out FILE.json]

Needs `pip install -e '.[bench]'`. A cell trains SmolLM2-135M-Instruct with LoRA of rank 16 on calculus exercises,
eight in a step, fp32, after a warm-up of two steps, and tells the real tokens (padding left out) that it trained
for each second of wall and of processor time, and the most memory its process ever held. Ratios are against TRL
with its defaults (activations recomputed, loss on completions; bf16 off) in the same repetition; the table shows
medians. The floor is what the matrix products alone must take: their operations over the rate that the machine
reaches for such products, measured in the same cell.
"""

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

BATCH = 8
RANK = 16
TOP_LAYERS = 10
WARM_UP_STEPS = 2
CELLS = {
    "TRL, its defaults": ("trl", {}),
    "TRL, packed": ("trl", {"packing": True}),
    "ours, all layers": ("ours", {"top_layers": None}),
    "ours, all layers, recomputed": ("ours", {"top_layers": None, "recompute": True}),
    "ours, top third, first pass": ("ours", {"top_layers": TOP_LAYERS, "passes": 1}),
    "ours, top third, later passes": ("ours", {"top_layers": TOP_LAYERS, "passes": 2}),
}
PEER = "TRL, its defaults"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--examples", type=int, default=48)
    parser.add_argument("--cells", default="", help="separated by semicolons; all by default")
    parser.add_argument("--out", type=Path, help="where the results go as JSON")
    parser.add_argument("--cell", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.cell:
        kind, settings = CELLS[arguments.cell]
        print(json.dumps((measure_trl if kind == "trl" else measure_ours)(arguments.examples, **settings)))
        return
    names = [name for name in CELLS if not arguments.cells or name in arguments.cells.split(";")]
    found: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for repeat in range(arguments.repeats):
        for name in names:
            found[name].append(in_own_process(name, arguments.examples))
            print(f"{repeat + 1}/{arguments.repeats} {name}: {found[name][-1]}", file=sys.stderr, flush=True)
    print(table(found))
    if arguments.out:
        arguments.out.write_text(json.dumps({"examples": arguments.examples, "cells": found}, indent=1) + "\n")


def in_own_process(name: str, examples: int) -> dict[str, float]:
    """One cell's figures. Threads wait for one another in all of them alike, as the command line has it."""
    command = [sys.executable, __file__, "--cell", name, "--examples", str(examples)]
    environment = {**os.environ, "OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "3000", "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def exercises(count: int) -> list:
    """Verified-form exercises of ten skills, shuffled: what the quickstart trains on."""
    from skilladapt.domains.domain import load_domain
    from skilladapt.records import Assignment, Example, Verdict

    author = load_domain("calculus").author
    skills = ["constant-rule", "power-rule", "constant-multiple", "sum-rule", "polynomial-derivatives"]
    skills += ["derivative-value", "second-derivative", "inner-and-outer", "chain-rule", "multiplying-powers"]
    written = [
        exercise
        for skill in skills
        for exercise in author.write_exercises(
            Assignment(skill_ids=(skill,), difficulty=2, count=-(-count // len(skills)), draw=1)
        )
    ]
    random.Random(1).shuffle(written)
    return [
        Example(material=one, verdict=Verdict(exercise_id=one.exercise_id, verdict="correct", method="author"))
        for one in written[:count]
    ]


class Clock:
    """Wall and processor seconds since it was last set."""

    def __init__(self) -> None:
        self.set()

    def set(self) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def read(self) -> tuple[float, float]:
        return time.perf_counter() - self.wall, time.process_time() - self.cpu


def figures(tokens: int, wall_s: float, cpu_s: float, **more: float) -> dict[str, float]:
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"tokens_s": tokens / wall_s, "tokens_cpu_s": tokens / cpu_s, "peak_mb": peak_mb, **more}


def measure_ours(count: int, top_layers: int | None, passes: int = 1, recompute: bool = False) -> dict[str, float]:
    from skilladapt.models.adapter import with_adapter
    from skilladapt.models.loading import load_student
    from skilladapt.training.loop import train_round

    student = with_adapter(load_student("smollm2-135m"), rank=RANK, top_layers=top_layers)
    examples = exercises(count + BATCH * WARM_UP_STEPS)
    clock, started = Clock(), {}

    def train(items: list, passes: int) -> int:
        steps = len(items) // BATCH

        def on_step(report) -> None:
            if report.done == (passes - 1) * steps:
                clock.set()  # the passes before the last one are not what is timed
                started["tokens"] = report.tokens

        started["tokens"] = 0
        clock.set()
        result = train_round(
            student, items, round=1, passes=passes, batch_size=BATCH, seed=0, learning_rate=lambda _: 1e-4,
            activation_checkpointing=recompute, on_step=on_step,
        )  # fmt: skip
        return result.state.tokens - started["tokens"]

    train(examples[:-count], 1)
    tokens = train(examples[-count:], passes)
    wall_s, cpu_s = clock.read()
    sequences = [student.chat.encode_exercise(example.material) for example in examples[-count:]]
    floor_s = floor(student, sequences, top_layers, trunk_kept=passes > 1)
    return figures(tokens, wall_s, cpu_s, floor_tokens_s=sum(len(s.input_ids) for s in sequences) / floor_s)


def floor(student, sequences: list, top_layers: int | None, *, trunk_kept: bool) -> float:
    """Seconds that the matrix products of one pass take at the rate the machine reaches for them, nothing else.

    Two operations for each weight and token: forward through every layer (the trunk's only where its states are
    not kept), backward to the inputs of the trained layers, forward and backward through the output layer for the
    tokens in the loss. Attention and the adapter's own products, some 3% here, are left out.
    """
    config = student.model.config
    hidden, inner = config.hidden_size, config.intermediate_size
    kv = config.num_key_value_heads * hidden // config.num_attention_heads
    layer = 2 * hidden * hidden + 2 * hidden * kv + 3 * hidden * inner
    trained = top_layers or config.num_hidden_layers
    forward = trained if trunk_kept else config.num_hidden_layers
    tokens = sum(len(one.input_ids) for one in sequences)
    predicted = sum(one.completion_tokens for one in sequences)
    rows, shapes = tokens * BATCH // len(sequences), ((hidden, inner), (inner, hidden))
    body = min(rate(rows, *shape) for shape in shapes)
    head = rate(predicted * BATCH // len(sequences), hidden, config.vocab_size)
    return 2 * tokens * layer * (forward + trained) / body + 4 * predicted * hidden * config.vocab_size / head


def rate(rows: int, inner: int, columns: int) -> float:
    """Operations per second of a matrix product of this shape, the best of several."""
    import torch

    left, right = torch.randn(rows, inner), torch.randn(columns, inner)
    with torch.inference_mode():
        seconds = []
        for _ in range(12):
            began = time.perf_counter()
            torch.nn.functional.linear(left, right)
            seconds.append(time.perf_counter() - began)
    return 2 * rows * inner * columns / min(seconds)


def measure_trl(count: int, **settings: object) -> dict[str, float]:
    warnings.filterwarnings("ignore")
    from datasets import Dataset, disable_progress_bars
    from peft import LoraConfig
    from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback
    from transformers import logging as transformers_logging
    from trl import SFTConfig, SFTTrainer

    from skilladapt.models import smollm2

    disable_progress_bars()
    transformers_logging.set_verbosity_error()
    folder = smollm2.fetch()
    steps = count // BATCH
    examples = exercises(count + BATCH * WARM_UP_STEPS)
    rows = [
        {
            "prompt": [{"role": "user", "content": example.material.question}],
            "completion": [{"role": "assistant", "content": example.material.completion}],
        }
        for example in examples
    ]
    clock, seen = Clock(), {"tokens": 0, "steps": 0}

    class Timer(TrainerCallback):
        def on_step_end(self, arguments, state, control, **_):
            seen["steps"] += 1
            if seen["steps"] == WARM_UP_STEPS:
                clock.set()
                seen["tokens"] = 0

    class Counting(SFTTrainer):
        def compute_loss(self, model, inputs, *arguments, **named):
            mask = inputs.get("attention_mask")
            seen["tokens"] += int(mask.sum()) if mask is not None else inputs["input_ids"].numel()
            return super().compute_loss(model, inputs, *arguments, **named)

    with tempfile.TemporaryDirectory() as out:
        trainer = Counting(
            model=AutoModelForCausalLM.from_pretrained(folder),
            processing_class=AutoTokenizer.from_pretrained(folder),
            args=SFTConfig(
                output_dir=out,
                per_device_train_batch_size=BATCH,
                max_steps=WARM_UP_STEPS + steps,
                bf16=False,
                use_cpu=True,
                report_to=[],
                save_strategy="no",
                disable_tqdm=True,
                learning_rate=1e-4,
                **settings,
            ),  # fmt: skip
            train_dataset=Dataset.from_list(rows),
            peft_config=LoraConfig(
                r=RANK, lora_alpha=2 * RANK, target_modules="all-linear", task_type="CAUSAL_LM"
            ),
            callbacks=[Timer()],
        )
        with open(os.devnull, "w") as nowhere:
            sys.stdout, kept = nowhere, sys.stdout
            trainer.train()
            wall_s, cpu_s = clock.read()
            sys.stdout = kept
    return figures(seen["tokens"], wall_s, cpu_s)


def table(found: dict[str, list[dict[str, float]]]) -> str:
    """Medians in Markdown; ratios are taken repetition by repetition."""
    lines = [
        "| | tokens/s | against TRL | by processor time | peak MB | of the floor |",
        "|---|---|---|---|---|---|",
    ]
    for name, repeats in found.items():
        middle = {key: statistics.median(row[key] for row in repeats) for key in repeats[0]}
        cells = [f"{middle['tokens_s']:.0f}"]
        for key in ("tokens_s", "tokens_cpu_s"):
            ratios = [ours[key] / peer[key] for ours, peer in zip(repeats, found.get(PEER, []), strict=False)]
            cells.append(f"{statistics.median(ratios):.2f}" if ratios else "")
        cells.append(f"{middle['peak_mb']:.0f}")
        cells.append(f"{middle['tokens_s'] / middle['floor_tokens_s']:.0%}" if "floor_tokens_s" in middle else "")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
