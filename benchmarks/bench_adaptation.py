"""What deciding about the data of a round costs: seconds and peak memory by number of examples, and how they grow.

    python benchmarks/bench_adaptation.py [--sizes 10000 100000 1000000 10000000] [--passes 12] [--read]

Each size has a process of its own. Losses, answers and tokens are drawn at random for 4,907 skills (as many as the
paper's mathematics graph), a tenth of the examples composed, a third of them seen before; they come in no order.
Suspects are those above two deviations, up to 10,000 of them with a verdict. `--read` also writes the losses as
the table of a run, one row for each example and pass, and times reading them back into the same arrays.
"""

import argparse
import json
import math
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from skilladapt.adaptation.budget import Candidates, fill_round
from skilladapt.adaptation.calibrate import uncalibrated
from skilladapt.adaptation.categorise import ERROR, categorise_calibrated
from skilladapt.adaptation.draws import keys_of
from skilladapt.adaptation.mastery import mastered_skills, measure_mastery
from skilladapt.adaptation.observations import Observations, check, in_order
from skilladapt.adaptation.requests import UpdateSettings
from skilladapt.adaptation.standing import Standing
from skilladapt.adaptation.suspects import resolve_suspects
from skilladapt.adaptation.update import plan_update
from skilladapt.records import Example, Exercise, Skill, Verdict, is_held_out
from skilladapt.skills.graph import SkillGraph, declared
from skilladapt.tables import LOSSES

SKILLS = 4_907
MOST_CHECKED = 10_000
ROUND = 2
EXAMPLES_WRITTEN = 100_000
"""In one row group of the table of losses."""
STEPS = ("order", "categorise", "mastery", "plan", "fill")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--passes", type=int, default=12)
    parser.add_argument("--read", action="store_true", help="time reading the losses from Parquet, too")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        found = reading if arguments.read else partial(measure, arguments.one)
        print(json.dumps(found(passes=arguments.passes, folder=arguments.folder)))
        return
    columns = [*STEPS, "together", "peak"] + ["read", "peak of reading"] * arguments.read
    print(f"| examples, {arguments.passes} passes | {' | '.join(columns)} |")
    print("| --- " * (len(columns) + 1) + "|")
    seconds = {}
    for size in arguments.sizes:
        command = [sys.executable, __file__, "--one", str(size), "--passes", str(arguments.passes)]
        with tempfile.TemporaryDirectory() as folder:
            command += ["--folder", folder] * arguments.read
            found = one(command)
            if arguments.read:
                found |= one([*command, "--read"])
        seconds[size] = found["together"]
        cells = [f"{found[name]:.2f} {'GB' if 'peak' in name else 's'}" for name in columns]
        print(f"| {size:,} | {' | '.join(cells)} |", flush=True)
    if len(seconds) > 1:
        logarithms = [[math.log(value) for value in values] for values in (seconds.keys(), seconds.values())]
        slope = statistics.linear_regression(*logarithms).slope
        print(f"\nSeconds grow as the number of examples to the power of {slope:.2f}.")


def one(command: list[str]) -> dict[str, float]:
    """What a process of its own measures: the peak of its memory is that of nothing else."""
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def measure(size: int, passes: int, folder: Path | None) -> dict[str, float]:
    """Seconds of each step and peak memory (GB, 10^9 bytes), the arrays given included."""
    graph, rng = graph_of(SKILLS), np.random.default_rng(0)
    given = made_up(size, passes, graph, rng)
    weight_E, tokens_E = rng.choice([0.25, 0.5, 1.0], size), rng.integers(40, 400, size)
    spent: dict[str, float] = {}
    with timed(spent, "order"):
        observed = in_order(given)
        check(observed)
    del given
    with timed(spent, "categorise"):
        calibration = uncalibrated(ROUND).model_copy(update={"decisive": True, "threshold": 2.0})
        found = categorise_calibrated(observed, calibration)
    with timed(spent, "mastery"):
        mastered = mastered_skills(measure_mastery(observed, np.zeros(observed.size, dtype=np.bool_)))
    standing = Standing(
        observed=observed,
        weight_E=weight_E,
        example_of=lambda row: example_of(observed, row),
        graph=graph,
        taught=frozenset(graph.by_id),
        mastered=mastered,
    )
    checked = np.flatnonzero(found.category_E == ERROR)[:MOST_CHECKED].tolist()
    with timed(spent, "plan"):
        verdicts = {row: opinion(standing.exercise_of(row), row) for row in checked}
        resolution = resolve_suspects(standing, found, verdicts, {}, calibration)
        update = plan_update(standing, resolution, UpdateSettings())
    with timed(spent, "fill"):
        left = np.flatnonzero(~update.removed_E)
        candidates = Candidates(
            example_ids=observed.example_ids,
            key_C=observed.key_E[left],
            skill_C=observed.skill_E[left],
            category_C=resolution.found.category_E[left],
            weight_C=update.weight_E[left],
            tokens_C=tokens_E[left],
        )
        fill_round(candidates, int(tokens_E.sum()) // 2, round=ROUND, seed=0)
    spent |= {"together": sum(spent.values()), "peak": peak_gb()}
    if folder is not None:
        write(folder, observed)
    return spent


@contextmanager
def timed(spent: dict[str, float], step: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    spent[step] = time.perf_counter() - began


def peak_gb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def graph_of(skills: int) -> SkillGraph:
    """Each skill but the first hundred needs one or two of those some way before it."""
    rng = np.random.default_rng(1)
    edges = [
        declared(f"s{before}", f"s{after}", "here")
        for after in range(100, skills)
        for before in sorted({after - 100 + int(step) for step in rng.integers(0, 80, 2)})
    ]
    return SkillGraph([Skill(id=f"s{number}", title=f"Skill {number}") for number in range(skills)], edges)


def made_up(size: int, passes: int, graph: SkillGraph, rng: np.random.Generator) -> Observations:
    """Losses that fall from pass to pass around a level of each skill, and answers that come right on the way."""
    key_E = rng.integers(0, 2**64, size, dtype=np.uint64)
    skill_E = rng.integers(0, SKILLS, size)
    loss_E_P = rng.standard_normal((size, passes))
    loss_E_P *= 0.3
    seen_E = rng.random(size) < 1 / 3
    loss_E_P += (1 + rng.random(SKILLS))[skill_E][:, None] + 2 / (1 + np.arange(passes))
    return Observations(
        round=ROUND,
        example_ids=ids_of(key_E),
        key_E=keys_of(ids_of(key_E)),
        skill_ids=tuple(graph.by_id),
        level_S=np.array([skill.level for skill in graph.skills]),
        skill_E=skill_E,
        composed_E=rng.random(size) < 0.1,
        generation_E=rng.integers(0, 3, size),
        cleared_E=rng.random(size) < 0.2,
        passes_before_E=np.where(seen_E, passes, 0),
        score_before_E=np.where(seen_E, rng.standard_normal(size), np.nan),
        loss_E_P=loss_E_P,
        worst_E_P=np.maximum(loss_E_P, 0) * 3,
        greedy_E_P=loss_E_P < 2.5,
    )


def ids_of(key_E: np.ndarray) -> pa.Array:
    """The letter e and the digits of each key, as a column of a table."""
    digits = key_E.astype(">u8").view(np.uint8).reshape(-1, 8)
    text = np.full((key_E.size, 17), ord("e"), dtype=np.uint8)
    hexadecimal = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
    text[:, 1::2], text[:, 2::2] = hexadecimal[digits >> 4], hexadecimal[digits & 15]
    offsets = np.arange(0, 17 * key_E.size + 1, 17, dtype=np.int32)
    return pa.StringArray.from_buffers(key_E.size, pa.py_buffer(offsets), pa.py_buffer(text))


def example_of(observed: Observations, row: int) -> Example:
    """An exercise made up when it is asked for, as one would be read from a table."""
    question = f"Exercise {row}?"
    while is_held_out(question):
        question += "?"
    skill_id = observed.skill_ids[observed.skill_E[row]]
    exercise = Exercise(
        skill_ids=(skill_id,), question=question, solution="A step.", step_skills=(skill_id,), answer="1",
        answer_type="number", difficulty=2, author="nobody", generation=int(observed.generation_E[row]),
    )  # fmt: skip
    verdict = Verdict(exercise_id=exercise.exercise_id, verdict="correct", method="numeric")
    return Example(material=exercise, verdict=verdict)


def opinion(exercise: Exercise, row: int) -> Verdict:
    judgement = ("correct", "incorrect", "undecided")[row % 3]
    return Verdict(exercise_id=exercise.exercise_id, verdict=judgement, method="symbolic", reason="made up")


def write(folder: Path, observed: Observations) -> None:
    """The ids, and the losses as the table of a run: a row for each example and pass."""
    size, passes = observed.loss_E_P.shape
    ids = ids_of(observed.key_E)
    pq.write_table(pa.table({"example_id": ids}), folder / "examples.parquet", compression="zstd")
    with pq.ParquetWriter(folder / "losses.parquet", LOSSES, compression="zstd", write_page_checksum=True) as file:
        for start in range(0, size, EXAMPLES_WRITTEN):
            rows = slice(start, start + EXAMPLES_WRITTEN)
            loss = observed.loss_E_P[rows]
            row_N = np.repeat(np.arange(len(loss)), passes)
            columns = {
                "example_id": ids[rows].take(pa.array(row_N)),
                "round": np.full(row_N.size, ROUND),
                "pass": np.tile(np.arange(1, passes + 1), len(loss)),
                "loss": loss.ravel(),
                "tokens": np.full(row_N.size, 100),
                "late": loss.ravel(),
                "worst_answer_token": observed.worst_E_P[rows].ravel(),
                "greedy_answer": observed.greedy_E_P[rows].ravel(),
                "answer_margin": -observed.worst_E_P[rows].ravel(),
            }
            file.write_table(pa.table(columns, LOSSES))


def reading(folder: Path, passes: int) -> dict[str, float]:
    """Seconds and peak memory of reading what `write` wrote into arrays by example."""
    spent: dict[str, float] = {}
    with timed(spent, "read"):
        ids = pq.read_table(folder / "examples.parquet").column("example_id").combine_chunks()
        key_E = np.sort(keys_of(ids))
        shape = key_E.size, passes
        loss_E_P, worst_E_P, greedy_E_P = np.full(shape, np.nan), np.empty(shape), np.empty(shape, dtype=np.bool_)
        file = pq.ParquetFile(
            folder / "losses.parquet", read_dictionary=["example_id"], page_checksum_verification=True
        )
        wanted = ["example_id", "pass", "loss", "worst_answer_token", "greedy_answer"]
        for group in range(file.num_row_groups):
            table = (
                file.read_row_group(group, columns=wanted, use_threads=False).unify_dictionaries().combine_chunks()
            )
            named = table.column("example_id").chunk(0)
            # Each id is looked up once, however many passes it has.
            row_N = np.searchsorted(key_E, keys_of(named.dictionary))[named.indices.to_numpy()]
            place = row_N, table.column("pass").to_numpy() - 1
            loss_E_P[place] = table.column("loss").to_numpy()
            worst_E_P[place] = table.column("worst_answer_token").to_numpy()
            greedy_E_P[place] = table.column("greedy_answer").to_numpy()
    assert np.isfinite(loss_E_P).all()
    return {**spent, "peak of reading": peak_gb()}


if __name__ == "__main__":
    main()
