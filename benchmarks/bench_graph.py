"""How long a large skill graph takes: checked and ordered by size, and made from a goal by a teacher.

    python benchmarks/bench_graph.py [--skills 1000 10000 100000] [--goals 500 5000] [--out FILE.json]

A graph of n skills has 2n prerequisites, each from one of the hundred skills before, so it is deep and narrow as
syllabi are. Measured apart, the fastest of the repeats by clock and (in brackets) by processor: building the
checked graph from its records, ordering all skills, reading it from the text of a `graph.json`, and merging as
many skills from two syllabi of half the size each, a tenth of which they share.

With `--goals`, a scripted teacher breaks a goal into so many skills, says which are one and which need which.
Printed is the time beside the calls, for prompts, reading, merging, likely prerequisites and circles: once while
replies are written to an archive, and once more from the archive alone.
"""

import argparse
import json
import math
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path

from skilladapt.records import Evidence, Mention, Prerequisite, Skill, content_hash
from skilladapt.skills.charting import chart
from skilladapt.skills.decompose import Limits
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.merge import build
from skilladapt.teachers.archive import Archive
from skilladapt.teachers.cached import Cached
from skilladapt.teachers.teacher import Outcome, Reply, Request

NEAR = 100
"""A prerequisite is one of so many skills before."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--skills", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--goals", type=int, nargs="*", default=[500, 5_000])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    results = {
        "checked and ordered": checked_and_ordered(arguments.skills, arguments.repeats),
        "broken up": [broken_up(size) for size in arguments.goals],
    }
    if arguments.out:
        arguments.out.write_text(json.dumps(results, indent=1) + "\n")


def checked_and_ordered(sizes: Sequence[int], repeats: int) -> list[dict[str, float]]:
    """Prints and returns a row for each size, in seconds."""
    rows = []
    for size in sizes:
        skills, edges = made_up(size)
        graph = SkillGraph(skills, edges)
        text = graph.to_json()
        mentions, stated = mentioned(size)
        works: Mapping[str, Callable[[], object]] = {
            "checked": lambda skills=skills, edges=edges: SkillGraph(skills, edges),
            "ordered": lambda graph=graph: graph.order(),
            "read": lambda text=text: SkillGraph.from_json(text),
            "merged": lambda mentions=mentions, stated=stated: build(mentions, stated),
        }
        row = {}
        for name, work in works.items():
            row[name], row[f"{name} (processor)"] = fastest(work, repeats)
        for kind in ("", " (processor)"):
            row[f"checked and ordered{kind}"] = row[f"checked{kind}"] + row[f"ordered{kind}"]
        print(f"{size:>9,} skills, {len(edges):>9,} prerequisites: " + show(row), flush=True)
        rows.append({"skills": size, "prerequisites": len(edges), **row})
    for name in row if len(rows) > 1 else []:
        print(f"{name}: grows with the power {exponent(rows, name):.2f}")
    return rows


def made_up(size: int) -> tuple[list[Skill], list[Prerequisite]]:
    """Skills in order, and two different prerequisites for each but the first ones."""
    rng = random.Random(size)
    skills = [
        Skill(id=f"s{number}", title=f"Skill {number}", part_of=f"Unit {number // 20}") for number in range(size)
    ]
    evidence = (Evidence(source="syllabus", where="made-up"),)
    edges = [
        Prerequisite(before=f"s{before}", after=f"s{after}", evidence=evidence)
        for after in range(size)
        for before in rng.sample(range(max(0, after - NEAR), after), min(2, after))
    ]
    return skills, edges


def mentioned(size: int) -> tuple[list[Mention], list[Prerequisite]]:
    """Two syllabi with the same number of skills; every tenth of the one is in the other, too."""
    half = size // 2
    mentions = [
        Mention(
            where=f"{name}:{number}",
            title=f"Skill {number}{name if number % 10 else ''}",
            description=f"- handle case {number} with method {number % 97}",
        )
        for name in ("a.md", "b.md")
        for number in range(half)
    ]
    evidence = (Evidence(source="reference", where="made-up"),)
    return mentions, [
        Prerequisite(
            before=f"{name}:{int(edge.before[1:])}", after=f"{name}:{int(edge.after[1:])}", evidence=evidence
        )
        for name in ("a.md", "b.md")
        for edge in made_up(half)[1]
    ]


class ReadyTeacher:
    """Breaks everything up, in made-up words of which each skill has its own, and keeps count of its own time."""

    name = "ready"

    def __init__(self) -> None:
        self.calls = 0
        self.seconds = 0.0

    def ask(self, requests: Sequence[Request]) -> Iterator[tuple[int, Outcome]]:
        for place, request in enumerate(requests):
            began = time.perf_counter()
            text = self._answer(request)
            self.calls += 1
            self.seconds += time.perf_counter() - began
            yield (
                place,
                Reply(text=text, finish="stop", model="ready", prompt_tokens=500, completion_tokens=200),
            )

    def _answer(self, request: Request) -> str:
        prompt = request.messages[-1].content
        rng = random.Random(content_hash(prompt))
        if request.purpose == "needs":
            return f"Some are needed.\nAnswer: {rng.randint(1, prompt.count(chr(10) + '1') + 1)}"
        if request.purpose == "same":
            return "They are alike.\nAnswer: no"
        titles: list[str] = []
        parts = []
        for _ in range(8):
            does = " ".join(WORDS[int(len(WORDS) * rng.random() ** 3)] for _ in range(14))
            needs = titles[-1] if titles and rng.random() < 0.4 else "none"
            titles.append(f"{' '.join(does.split()[:4])} {rng.randrange(10**6)}")
            parts.append(f"Skill: {titles[-1]}\nDoes: {does}.\nElementary: no\nNeeds: {needs}")
        return "\n\n".join(parts)


WORDS = ["".join(letters) for letters in product("bdkmnrst", "aeiou", "lnrst", "aeiou", "bdkmst")]
"""Six thousand; the first ones are used far more often, as words are."""


def broken_up(size: int) -> dict[str, float]:
    """Prints and returns the seconds that a graph of so many skills takes beside the calls."""
    row: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in ("first", "from the archive"):
            ready = ReadyTeacher()
            with Archive(Path(folder) / "replies.sqlite") as archive:
                began, processor = time.perf_counter(), time.process_time()
                graph = chart("Everything", Cached(ready, archive), limits=Limits(depth=10, skills=size))
                row[name] = time.perf_counter() - began - ready.seconds
                row[f"{name} (processor)"] = time.process_time() - processor - ready.seconds
            row[f"{name}, calls"] = ready.calls
        row |= {"skills": len(graph.skills), "prerequisites": len(graph.prerequisites)}
    print(
        f"{len(graph.skills):>9,} skills, {len(graph.prerequisites):>9,} prerequisites from a goal: "
        + ", ".join(
            f"{name} {row[name]:.2f} s ({row[f'{name} (processor)']:.2f}) beside {row[f'{name}, calls']:,} calls"
            for name in ("first", "from the archive")
        ),
        flush=True,
    )
    return row


def fastest(work: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Seconds by clock and of the processor, each the fewest: on a busy machine only the second says much."""
    taken = []
    for _ in range(repeats):
        clock, processor = time.perf_counter(), time.process_time()
        work()
        taken.append((time.perf_counter() - clock, time.process_time() - processor))
    return min(clock for clock, _ in taken), min(processor for _, processor in taken)


def exponent(rows: Sequence[Mapping[str, float]], name: str) -> float:
    """Slope of log seconds over log size, from the smallest to the largest."""
    first, last = rows[0], rows[-1]
    return math.log(last[name] / first[name]) / math.log(last["skills"] / first["skills"])


def show(row: Mapping[str, float]) -> str:
    names = [name for name in row if not name.endswith(")")]
    return ", ".join(f"{name} {row[name]:.3f} s ({row[f'{name} (processor)']:.3f})" for name in names)


if __name__ == "__main__":
    main()
