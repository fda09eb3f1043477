"""How fast a student replies: ours beside `generate` of transformers, with the same adapter and prompts.

    python benchmarks/bench_decoding.py out/quickstart

reads the last checkpoint and the probes of that run. `tokens`: one batch and a fixed number of tokens, as nothing
ends a reply. `probes`: replies end where the student ends them; `generate` takes batches in the given order,
padded on the left, until all of a batch have ended. What is compared is done in turn, so that whatever else the
machine does burdens all alike: medians of the repetitions, and the median of their ratios, by clock and processor.

The floor of `tokens` is the time of the matrix products alone and nothing else.
"""

import argparse
import os
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

# As the command line does, before torch is imported.
os.environ |= {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "3000"}

import pyarrow.parquet as parquet
import torch

from skilladapt.models.adapter import load_adapter, restore_weights, trainable_weights, with_adapter
from skilladapt.models.decoding import answer
from skilladapt.models.loading import Student, load_student

Timed = tuple[float, float]
"""Seconds of the clock, and of the processors."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="directory of a run")
    parser.add_argument("--model", default="smollm2-135m")
    parser.add_argument(
        "--all-layers", action="store_true", help="instead of the run's adapter, noise on all layers"
    )
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument(
        "--other-batch-size", type=int, default=64, help="ours again on probes, as a run asks them"
    )
    parser.add_argument("--tokens", type=int, default=32)
    parser.add_argument("--max-new-tokens", type=int, default=64)
    parser.add_argument("--probes", type=int, default=160, help="at most; spread over the skills")
    parser.add_argument("--repetitions", type=int, default=5)
    given = parser.parse_args()

    student = load_student(given.model, device="cpu")
    if given.all_layers:
        student = with_noise(with_adapter(student, rank=16))
    else:
        student = load_adapter(student, max(given.run.glob("round-*/checkpoint"), key=round_of))
    probes = parquet.read_table(given.run / "probes.parquet")["question"].to_pylist()
    few = probes[:: max(1, len(probes) // given.batch_size)][: given.batch_size]
    probes = probes[:: max(1, len(probes) // given.probes)][: given.probes]
    size = given.batch_size
    endless = replace(student, chat=replace(student.chat, end_of_turn=-1))

    print(f"{given.model}, {torch.get_num_threads()} threads, load {os.getloadavg()[0]:.1f} at the start")
    print(f"{'':32}{'clock s':>9}{'cpu s':>8}{'per s':>8}{'ratio':>8}{'by cpu':>8}{'equal':>9}")
    floor = products(student, size)
    print(f"{'floor of a step: products':32}{floor[0]:9.3f}{floor[1]:8.3f}{size / floor[0]:8.1f}")
    told = compare(
        {
            f"generate, tokens in batches of {size}": lambda: generate(endless, few, size, given.tokens),
            "ours": lambda: answer(endless, few, max_new_tokens=given.tokens, batch_size=size),
        },
        given.repetitions,
        len(few) * given.tokens,
    )
    print(f"{'':4}ours takes {told / given.tokens / floor[1]:.2f} times the floor, by processor time")
    compare(
        {
            f"generate, probes in batches of {size}": lambda: generate(
                student, probes, size, given.max_new_tokens
            ),
            "ours": lambda: answer(student, probes, max_new_tokens=given.max_new_tokens, batch_size=size),
            f"ours, batches of {given.other_batch_size}": lambda: answer(
                student, probes, max_new_tokens=given.max_new_tokens, batch_size=given.other_batch_size
            ),
        },
        given.repetitions,
        len(probes),
    )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


def round_of(checkpoint: Path) -> int:
    """The number in `round-2/checkpoint`."""
    return int(checkpoint.parent.name.split("-")[1])


def with_noise(student: Student) -> Student:
    """A fresh adapter changes nothing; this one does."""
    generator = torch.Generator().manual_seed(0)
    weights = trainable_weights(student)
    noise = {name: 2e-3 * torch.randn(weight.shape, generator=generator) for name, weight in weights.items()}
    restore_weights(student, {name: weight + noise[name] for name, weight in weights.items()})
    return student


def compare(ways: dict[str, Callable[[], list[str]]], repetitions: int, amount: int) -> float:
    """Prints a line for each way, the first being the yardstick; the processor time of the second is returned."""
    texts = {name: way() for name, way in ways.items()}  # to warm up
    times: dict[str, list[Timed]] = {name: [] for name in ways}
    for _ in range(repetitions):
        for name, way in ways.items():
            times[name].append(timed(way))
    first = next(iter(ways))
    for name, taken in times.items():
        clock, processors = median(taken)
        ratios = [[a / b for a, b in zip(*pair, strict=True)] for pair in zip(times[first], taken, strict=True)]
        equal = sum(a == b for a, b in zip(texts[first], texts[name], strict=True))
        print(
            f"{name:32}{clock:9.2f}{processors:8.2f}{amount / clock:8.1f}{median(ratios)[0]:8.2f}"
            f"{median(ratios)[1]:8.2f}{equal:5}/{len(texts[first])}",
            flush=True,
        )
    return median(list(times.values())[1])[1]


def generate(student: Student, questions: Sequence[str], batch_size: int, max_new_tokens: int) -> list[str]:
    """The replies that transformers itself gives, batch by batch."""
    chat, replies = student.chat, []
    prompts = [chat.encode_prompt(question) for question in questions]
    ends = [chat.end_of_turn, chat.end_of_text] if chat.end_of_turn >= 0 else None
    for start in range(0, len(prompts), batch_size):
        batch = prompts[start : start + batch_size]
        width = max(map(len, batch))
        output = student.model.generate(
            input_ids=torch.tensor([[chat.end_of_text] * (width - len(row)) + row for row in batch]),
            attention_mask=torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in batch]),
            max_new_tokens=max_new_tokens,
            do_sample=False,
            eos_token_id=ends,
            pad_token_id=chat.end_of_text,
        )
        for row in output[:, width:].tolist():
            end = next((place for place, id in enumerate(row) if id in (ends or ())), len(row))
            replies.append(chat.decode(row[:end]))
    return replies


@torch.inference_mode()
def products(student: Student, rows: int) -> Timed:
    """The linear layers of the base model alone, each on `rows` rows."""
    model = student.model.get_base_model() if hasattr(student.model, "get_base_model") else student.model
    layers = [
        getattr(layer, "base_layer", layer) for name, layer in model.named_modules() if is_product(name, layer)
    ]
    given = [torch.randn(rows, layer.in_features) for layer in layers]

    def multiply() -> None:
        for layer, x in zip(layers, given, strict=True):
            layer(x)

    multiply()
    return median([timed(multiply) for _ in range(7)])


def is_product(name: str, layer: torch.nn.Module) -> bool:
    """Whether it is a linear layer of the base model."""
    return isinstance(layer, torch.nn.Linear) and "lora_" not in name


def timed(work: Callable[[], object]) -> Timed:
    """How long it takes."""
    clock, processors = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processors


def median(times: Sequence[Sequence[float]]) -> Timed:
    """Of both columns."""
    clock, processors = zip(*times, strict=True)
    return statistics.median(clock), statistics.median(processors)


if __name__ == "__main__":
    main()
