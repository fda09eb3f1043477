"""Before the student is taught: the graph, the probes set apart, the first materials written and admitted."""

from collections.abc import Sequence

from skilladapt.config import RunConfig
from skilladapt.domains.domain import load_domain
from skilladapt.errors import RunError
from skilladapt.evaluation.probes import seal, write_probes
from skilladapt.progress import console
from skilladapt.records import Assignment, Category, Example, Exercise, Probe
from skilladapt.skills.graph import SkillGraph, SkillOrder
from skilladapt.skills.syllabus import graph_of, read_syllabus
from skilladapt.stages.admitting import Written, admit_exercises, admit_textbooks
from skilladapt.stages.context import Run
from skilladapt.stages.library import Entry, entry_rows
from skilladapt.store import RunDirectory
from skilladapt.tables import (
    EXAMPLES,
    EXERCISES,
    INJECTED,
    PROBES,
    TEXTBOOKS,
    VERDICTS,
    exercise_rows,
    probe_of,
    probe_rows,
    rows,
    textbook_rows,
)
from skilladapt.training.order import AnyItem, order_examples
from skilladapt.verification.judging import verify_exercises


def build_graph(config: RunConfig) -> SkillGraph:
    """The skill graph of the configured syllabus. Raises UserError naming every fault of it."""
    if config.syllabus:
        return graph_of(read_syllabus(config.syllabus))
    return graph_of(load_domain(config.domain, config.domain_options).syllabus)


def prepare_graph(config: RunConfig, directory: RunDirectory) -> SkillGraph:
    """Writes `graph.json`, or reads the one that the run was begun with."""
    if not directory.is_done("graph"):
        graph = build_graph(config)
        with directory.stage("graph"):
            directory.write_text("graph.json", graph.to_json())
    return SkillGraph.from_json(directory.read_text("graph.json"))


def set_probes_apart(run: Run) -> list[Probe]:
    """Writes, verifies and seals the held-out probes, before any material exists."""
    directory = run.directory
    if not directory.is_done("probes"):
        with directory.stage("probes"):
            verifier = run.domain.verifier
            written = write_probes(
                run.domain.author,
                [run.graph.by_id[id] for id in run.taught],
                run.config.evaluation.probes_per_skill,
                run.config.evaluation.split,
                None
                if verifier is None
                else lambda exercises: verify_exercises(exercises, verifier, workers=run.workers),
            )
            directory.write_table("probes", probe_rows(written.probes), PROBES)
            directory.write_json(
                "probes",
                {
                    "seal": seal(written.probes),
                    "dropped": dict(written.dropped),
                    "findings": list(written.findings),
                },
            )
        console.print(f"  {len(written.probes)} probes set apart and sealed")
    return [probe_of(row) for row in directory.read_table("probes")]


def write_materials(run: Run, probes: Sequence[Probe]) -> None:
    """Writes the textbooks of `round-0`, the first exercises of `round-1` and the token budget of the run.

    Raises RunError when not one exercise was admitted.
    """
    directory, config = run.directory, run.config
    if directory.is_done("materials"):
        return
    with directory.stage("materials"):
        author = run.domain.author
        books = [
            author.write_textbook(run.graph.by_id[id], run.graph, variant)
            for id in run.taught
            for variant in range(config.materials.textbooks_per_skill)
        ]
        textbooks = admit_textbooks(run, books, probes)
        write_round(run, 0, [(example, None) for example in textbooks.examples], textbooks)
        assignments = [assignment for id in run.taught for assignment in first_assignments(config, id)]
        drafts = [exercise for one in assignments for exercise in author.write_exercises(one)]
        exercises = admit_exercises(run, drafts, [], probes)
        if not exercises.examples:
            reasons = sorted({verdict.reason for verdict in exercises.verdicts})[:5]
            raise RunError(
                f"Not one of {len(drafts)} exercises was admitted ({'; '.join(reasons)}); "
                "mend the author or the verifier."
            )
        write_round(run, 1, [(example, None) for example in exercises.examples], exercises)
        directory.write_json("plan", token_plan(run, textbooks.examples, exercises.examples))
    console.print(
        f"  {len(textbooks.examples)} textbooks and {len(exercises.examples)} exercises admitted, "
        f"{len(books) + len(drafts) - len(textbooks.examples) - len(exercises.examples)} rejected"
    )


def in_order(
    run: Run, items: Sequence[AnyItem], number: int, replayed: frozenset[str] = frozenset()
) -> list[AnyItem]:
    """One pass of round `number` over `items` in the configured order; those `replayed` are spread over the pass.

    Levels admitted one after another are shuffled; of textbooks, there is only one round to sort.
    """
    wanted, draw = run.config.training.order, draw_of(run.config.seed, number)
    kind: SkillOrder = wanted if wanted != "cumulative" else "random" if number else "graph"
    return order_examples(items, run.graph.order(kind, draw), kind, draw, replayed)


def first_assignments(config: RunConfig, skill_id: str) -> list[Assignment]:
    """What is asked of the author for one skill before the first round: difficulties in turn."""
    difficulties = config.materials.difficulties
    share, rest = divmod(config.materials.exercises_per_skill, len(difficulties))
    counts = {difficulty: share + (place < rest) for place, difficulty in enumerate(difficulties)}
    return [
        Assignment(skill_ids=(skill_id,), difficulty=difficulty, count=count, draw=draw_of(config.seed, 0))
        for difficulty, count in counts.items()
        if count
    ]


def draw_of(seed: int, round: int) -> int:
    """The draw of an assignment: another seed, or another round, asks for other exercises."""
    return 1000 * seed + round


def token_plan(run: Run, textbooks: Sequence[Example], exercises: Sequence[Example]) -> dict[str, int]:
    """How many non-padding tokens the run trains on: per pass, and over all passes of all rounds."""
    training = run.config.training
    count = run.classroom.count_tokens
    textbook_tokens = sum(count(example.material) for example in textbooks)
    round_tokens = training.round_tokens or sum(count(example.material) for example in exercises)
    return {
        "textbook_tokens": textbook_tokens,
        "round_tokens": round_tokens,
        "total_tokens": textbook_tokens * training.textbook_passes
        + round_tokens * training.passes * training.rounds,
    }


def injected_rows(written: Written) -> list[dict[str, object]]:
    """Rows of `injected`: the labels of an experiment, which no stage before the summary reads."""
    return [
        {"exercise_id": one.wrong.exercise_id, "original_id": one.original.exercise_id, "kind": one.kind}
        for one in written.injected
    ]


def write_round(
    run: Run,
    number: int,
    examples: Sequence[tuple[Example, Category | None]],
    written: Written,
    replayed: Sequence[str] = (),
) -> None:
    """Writes what a round will train: new materials with verdicts, and all examples in their state and order."""
    directory = run.directory
    books = [one for one in written.materials if not isinstance(one, Exercise)]
    exercises = [one for one in written.materials if isinstance(one, Exercise)]
    if number == 0:
        directory.write_table("round-0/textbooks", textbook_rows(books), TEXTBOOKS)
    else:
        directory.write_table(f"round-{number}/exercises", exercise_rows(exercises), EXERCISES)
        if run.config.materials.wrong_share:
            directory.write_table(f"round-{number}/injected", injected_rows(written), INJECTED)
    directory.write_json(f"round-{number}/replay", {"example_ids": list(replayed)})
    directory.write_table(f"round-{number}/verdicts", rows(written.verdicts), VERDICTS)
    trained = [example for example, _ in examples if not example.benched and example.weight > 0]
    place = {
        example.example_id: index
        for index, example in enumerate(in_order(run, trained, number, frozenset(replayed)))
    }
    entries = [
        Entry(example=example, category=category, order=place.get(example.example_id))
        for example, category in examples
    ]
    directory.write_table(f"round-{number}/examples", entry_rows(entries), EXAMPLES)
