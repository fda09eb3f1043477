"""The update between two rounds: categories, second opinions, new weights, new material, the ledger."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from skilladapt.adaptation.budget import Candidate, fill_round
from skilladapt.adaptation.categorise import Categorised
from skilladapt.adaptation.mastery import mastered_skills, measure_mastery
from skilladapt.adaptation.observations import Observations, observe, trained_exercises
from skilladapt.adaptation.requests import Request, UpdateSettings
from skilladapt.adaptation.suspects import Resolution, remove_suspects, resolve_suspects
from skilladapt.adaptation.update import Standing, updated_examples, with_children
from skilladapt.progress import console
from skilladapt.records import (
    Action,
    ActionKind,
    Assignment,
    Calibration,
    Category,
    Example,
    Exercise,
    Probe,
    Verdict,
    material_id,
)
from skilladapt.stages.admitting import Written, admit_exercises
from skilladapt.stages.context import Run
from skilladapt.stages.library import read_calibration, read_entries, read_histories
from skilladapt.stages.preparation import draw_of, write_round
from skilladapt.tables import CATEGORIES, LEDGER, rows
from skilladapt.verification.judging import second_opinion


def categorise(run: Run, number: int) -> None:
    """Writes the categories of a round and which skills it showed to be mastered."""
    directory, stage = run.directory, f"round-{number}/categories"
    if directory.is_done(stage):
        return
    with directory.stage(stage):
        entries = read_entries(directory, number)
        observed = _observed(run, number, [entry.example for entry in entries.values()])
        found = run.policy.categorise(observed, read_calibration(directory, number))
        earlier = directory.read_json(f"round-{number - 1}/mastery")["mastered"] if number > 1 else []
        mastery = measure_mastery(observed)
        directory.write_table(stage, [row.model_dump() for row in found], CATEGORIES)
        directory.write_json(
            f"round-{number}/mastery",
            {
                "skills": [one.model_dump() for one in mastery],
                "mastered": sorted(mastered_skills(mastery, earlier)),
            },
        )


def update(run: Run, number: int, probes: Sequence[Probe]) -> None:
    """Decides after round `number` what the next round trains, has it written, and keeps every decision."""
    directory, stage = run.directory, f"round-{number}/update"
    if directory.is_done(stage):
        return
    with directory.stage(stage):
        entries = read_entries(directory, number)
        examples = {id: entry.example for id, entry in entries.items()}
        found = [Categorised(**row) for row in directory.read_table(f"round-{number}/categories")]
        resolution = _resolve(run, found, examples, read_calibration(directory, number))
        standing = Standing(
            observed=_observed(run, number, examples.values()),
            examples=examples,
            graph=run.graph,
            taught=frozenset(run.taught),
            mastered=frozenset(directory.read_json(f"round-{number}/mastery")["mastered"]),
        )
        settings = UpdateSettings(new_exercises=run.config.adaptation.new_per_update)
        decided = run.policy.plan(standing, resolution, settings)
        written, children = _fulfil(run, number, decided.requests, examples, probes)
        # Kept here and not with the next asking: a run that goes on from there would have lost the count.
        directory.write_json(f"round-{number}/update-decoded", {"tokens": run.classroom.take_decoded()})

        kept = updated_examples(examples, decided)
        latest: dict[str, Category | None] = {id: entries[id].category for id in kept}
        latest |= {row.example_id: row.category for row in resolution.rows if row.example_id in kept}
        kept |= {example.example_id: example for example in written.examples}
        plan = fill_round(
            [
                Candidate(
                    example_id=id,
                    category=latest.get(id),
                    weight=example.weight,
                    tokens=run.classroom.count_tokens(example.material),
                )
                for id, example in kept.items()
            ],
            directory.read_json("plan")["round_tokens"],
            round=number,
            seed=run.config.seed,
            replay_share=run.config.adaptation.replay_share,
        )
        actions = (*with_children(decided.actions, children), *plan.actions)
        directory.write_table(f"round-{number}/ledger", rows(actions), LEDGER)
        trained = frozenset(plan.trained_ids)
        following = [
            (example.model_copy(update={"benched": id not in trained}), latest.get(id))
            for id, example in kept.items()
        ]
        write_round(run, number + 1, following, written, replayed=plan.replayed_ids)
        _tell(actions, written)


def _observed(run: Run, number: int, examples: Iterable[Example]) -> Observations:
    return observe(trained_exercises(examples), read_histories(run.directory, number), number, run.graph)


def _resolve(
    run: Run, found: Sequence[Categorised], examples: Mapping[str, Example], calibration: Calibration
) -> Resolution:
    if not run.policy.checks_suspects:
        return remove_suspects(found, examples, calibration)
    suspects = [examples[row.example_id] for row in found if row.category == "error"]
    opinions: dict[str, Verdict] = {}
    if run.domain.verifier is not None and suspects:
        verdicts = second_opinion(
            [example.material for example in suspects if isinstance(example.material, Exercise)],
            {material_id(example.material): example.verdict.method for example in suspects},
            run.domain.verifier,
            workers=run.workers,
        )
        opinions = {suspect.example_id: verdict for suspect, verdict in zip(suspects, verdicts, strict=True)}
    return resolve_suspects(found, examples, opinions, {}, calibration)


def _fulfil(
    run: Run, number: int, requests: Sequence[Request], examples: Mapping[str, Example], probes: Sequence[Probe]
) -> tuple[Written, Mapping[tuple[str, ActionKind], Sequence[str]]]:
    """Has the requested exercises written and admitted; children by the ledger rows that asked for them."""
    assignments = _completed(run, number, [request.assignment for request in requests])
    batches = [run.domain.author.write_exercises(assignment) for assignment in assignments]
    existing = [one.material for one in examples.values() if isinstance(one.material, Exercise)]
    written = admit_exercises(run, [exercise for batch in batches for exercise in batch], existing, probes)
    admitted = {material_id(example.material) for example in written.examples}
    children: dict[tuple[str, ActionKind], list[str]] = defaultdict(list)
    for request, batch in zip(requests, batches, strict=True):
        ids = [exercise.exercise_id for exercise in batch if exercise.exercise_id in admitted]
        for example_id in request.example_ids:
            children[example_id, request.action] += ids
    return written, children


def _completed(run: Run, number: int, assignments: Sequence[Assignment]) -> list[Assignment]:
    """The assignments with the run's draw and, where wanted, the student's own answer filled in."""
    asking = [index for index, assignment in enumerate(assignments) if assignment.wants_student_answer]
    replies = run.student_after(number).answer(
        [assignments[index].parents[0].question for index in asking], title="the student's own answers"
    )
    answered = dict(zip(asking, replies, strict=True))
    return [
        assignment.model_copy(
            update={
                "student_answer": answered.get(index),
                "draw": draw_of(run.config.seed, assignment.draw),
            }
        )
        for index, assignment in enumerate(assignments)
    ]


def _tell(actions: Sequence[Action], written: Written) -> None:
    counts: dict[str, int] = defaultdict(int)
    for action in actions:
        counts[action.action] += 1
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) or "nothing"
    console.print(f"  decided: {told}; {len(written.examples)} new exercises admitted")
