"""Before the student is taught: the probes set apart, the first materials written and admitted."""

from collections.abc import Mapping, Sequence

from skilladapt.config import RunConfig
from skilladapt.errors import RunError
from skilladapt.evaluation.probes import seal, write_probes
from skilladapt.materials.author import Work, prepare
from skilladapt.progress import console
from skilladapt.records import Assignment, Category, Example, Exercise, Probe, Textbook
from skilladapt.skills.graph import SkillOrder
from skilladapt.stages.admitting import Written, admit_exercises, admit_textbooks
from skilladapt.stages.budgeting import NextRound, plan_round
from skilladapt.stages.context import Run
from skilladapt.stages.deciding import decisions_for, hear_again, keep_used
from skilladapt.stages.library import Entry, entry_rows
from skilladapt.tables import (
    EXAMPLES,
    EXERCISES,
    INJECTED,
    LEDGER,
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

BEFORE_ROUND_1 = ("round-0/evaluation", "round-0/training", "base/evaluation", "provenance")
"""The stages between the first materials and the first round, built on these like everything later."""


def set_probes_apart(run: Run) -> list[Probe]:
    """Writes, verifies and seals the held-out probes, before any material exists."""
    directory = run.directory
    if not directory.is_done("probes"):
        with directory.stage("probes"):
            verifier, wanted = run.domain.verifier, run.config.evaluation
            skills = [run.graph.by_id[id] for id in run.taught]
            pairs = [(skill, wanted.probes_per_skill, wanted.split) for skill in skills]
            prepare(run.domain.author, Work(probes=pairs))
            written = write_probes(
                run.domain.author,
                skills,
                wanted.probes_per_skill,
                wanted.split,
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
            run.keep_rejected("probes")
        console.print(f"  {len(written.probes)} probes set apart and sealed")
    return [probe_of(row) for row in directory.read_table("probes")]


def write_materials(run: Run, probes: Sequence[Probe]) -> None:
    """Writes the textbooks of `round-0`, the first exercises of `round-1` and the token budget of the run.

    Raises RunError when not one exercise was admitted.
    """
    directory, config = run.directory, run.config
    hear_again(directory, "materials", 1, *BEFORE_ROUND_1)
    if directory.is_done("materials"):
        return
    with directory.stage("materials"):
        author = run.domain.author
        pages = [
            (run.graph.by_id[id], variant)
            for id in run.taught
            for variant in range(config.materials.textbooks_per_skill)
        ]
        assignments = [assignment for id in run.taught for assignment in first_assignments(config, id)]
        prepare(author, Work(textbooks=pages, assignments=assignments))
        books = [author.write_textbook(skill, run.graph, variant) for skill, variant in pages]
        textbooks = admit_textbooks(run, books, probes)
        write_textbook_round(run, textbooks)
        drafts = [exercise for one in assignments for exercise in author.write_exercises(one)]
        decided = decisions_for(directory, 1)
        exercises = admit_exercises(run, drafts, [], probes, decided.in_force)
        if not exercises.examples:
            run.keep_rejected("materials")  # it says why nothing is left
            _write_verdicts(run, 1, exercises)  # for a person to review
            unusable = [row["reason"] for row in directory.rows("materials-rejected")]
            reasons = sorted({verdict.reason for verdict in exercises.verdicts} or set(unusable))[:5]
            raise RunError(
                f"Not one of {len(drafts)} exercises was admitted ({'; '.join(reasons)}); "
                f"mend the author or the verifier, or decide about them: skilladapt review {directory.path}"
            )
        directory.write_json("plan", token_plan(run, textbooks.examples, exercises.examples))
        first = plan_round(run, 1, {example.example_id: example for example in exercises.examples}, {})
        if waiting := list(first.plan.ledger.actions()):
            directory.write_table("round-0/ledger", rows(waiting), LEDGER)
        write_round(run, 1, first, {}, exercises)
        keep_used(directory, 1, decided)
        run.keep_rejected("materials")  # after the round is planned, for which wrong versions are asked
    console.print(
        f"  {len(textbooks.examples)} textbooks and {len(exercises.examples)} exercises admitted, "
        f"{len(books) + len(drafts) + len(exercises.edited) - len(textbooks.examples) - len(exercises.examples)} "
        "rejected"
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
    planned = textbook_tokens * training.textbook_passes + round_tokens * training.passes * training.rounds
    return {
        "textbook_tokens": textbook_tokens,
        "round_tokens": round_tokens,
        "total_tokens": training.total_tokens or planned,
    }


def injected_rows(written: Written) -> list[dict[str, object]]:
    """Rows of `injected`: the labels of an experiment, which no stage before the summary reads."""
    return [
        {"exercise_id": one.wrong.exercise_id, "original_id": one.original.exercise_id, "kind": one.kind}
        for one in written.injected
    ]


def write_textbook_round(run: Run, written: Written) -> None:
    """Writes what the textbook round trains."""
    directory = run.directory
    books = [one for one in written.materials if isinstance(one, Textbook)]
    directory.write_table("round-0/textbooks", textbook_rows(books), TEXTBOOKS)
    directory.write_json("round-0/replay", {"example_ids": []})
    directory.write_table("round-0/verdicts", rows(written.verdicts), VERDICTS)
    _write_places(run, 0, list(written.examples), {})


def write_round(
    run: Run, number: int, following: NextRound, latest: Mapping[str, Category | None], written: Written
) -> None:
    """Writes what an instruction round will train: new exercises and verdicts, all examples, what it may spend."""
    directory = run.directory
    _write_verdicts(run, number, written)
    if run.config.materials.wrong_share:
        directory.write_table(f"round-{number}/injected", injected_rows(written), INJECTED)
    directory.write_json(
        f"round-{number}/budget",
        {
            **following.allotment.model_dump(),
            "calibration": following.calibration and following.calibration.model_dump(mode="json"),
            "open_skills": sorted(following.open_skills),
        },
    )
    directory.write_json(f"round-{number}/replay", {"example_ids": list(following.replayed_ids)})
    examples = list(following.examples.values())
    _write_places(run, number, examples, latest, frozenset(following.replayed_ids))


def _write_verdicts(run: Run, number: int, written: Written) -> None:
    """The exercises written and the verdict on each."""
    exercises = [one for one in written.materials if isinstance(one, Exercise)]
    run.directory.write_table(f"round-{number}/exercises", exercise_rows(exercises), EXERCISES)
    run.directory.write_table(f"round-{number}/verdicts", rows(written.verdicts), VERDICTS)


def _write_places(
    run: Run,
    number: int,
    examples: Sequence[Example],
    latest: Mapping[str, Category | None],
    replayed: frozenset[str] = frozenset(),
) -> None:
    """All examples with their places in a pass."""
    trained = [example for example in examples if not example.benched and example.weight > 0]
    place = {one.example_id: index for index, one in enumerate(in_order(run, trained, number, replayed))}
    entries = [
        Entry(example=one, category=latest.get(one.example_id), order=place.get(one.example_id))
        for one in examples
    ]
    run.directory.write_table(f"round-{number}/examples", entry_rows(entries), EXAMPLES)
