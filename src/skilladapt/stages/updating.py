"""The update between two rounds: categories, second opinions, new weights, new material, the ledger."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from skilladapt.adaptation.categorise import NAMES, Categorised, category_rows, codes_of
from skilladapt.adaptation.ledger import Children
from skilladapt.adaptation.mastery import Mastery, mastered_skills, measure_mastery
from skilladapt.adaptation.observations import Observations, observe, trained_exercises
from skilladapt.adaptation.requests import Request, UpdateSettings
from skilladapt.adaptation.standing import standing_of
from skilladapt.adaptation.suspects import Resolution
from skilladapt.adaptation.update import updated_examples
from skilladapt.decisions import Decisions
from skilladapt.materials.author import Work, prepare
from skilladapt.progress import console
from skilladapt.records import (
    PERSON,
    Action,
    ActionKind,
    Assignment,
    Category,
    Example,
    Exercise,
    Probe,
)
from skilladapt.stages.admitting import Written, admit_exercises, both
from skilladapt.stages.budgeting import plan_round
from skilladapt.stages.checking import resolve
from skilladapt.stages.context import Run
from skilladapt.stages.deciding import hear_again, keep_used
from skilladapt.stages.hearing import hear
from skilladapt.stages.library import read_calibration, read_cleared, read_entries, read_histories, read_scores
from skilladapt.stages.preparation import draw_of, write_round
from skilladapt.tables import CATEGORIES, LEDGER, rows


def categorise(run: Run, number: int) -> None:
    """Writes the categories of a round."""
    directory, stage = run.directory, f"round-{number}/categories"
    if directory.is_done(stage):
        return
    with directory.stage(stage):
        entries = read_entries(directory, number)
        observed = _observed(run, number, [entry.example for entry in entries.values()])
        found = run.policy.categorise(observed, read_calibration(directory, number))
        directory.write_table(stage, list(category_rows(observed, found)), CATEGORIES)


def update(run: Run, number: int, probes: Sequence[Probe]) -> None:
    """Decides after round `number` what the next round trains, has it written, and keeps every decision."""
    directory, stage = run.directory, f"round-{number}/update"
    hear_again(directory, stage, number + 1)
    if directory.is_done(stage):
        return
    with directory.stage(stage):
        entries = read_entries(directory, number)
        examples = {id: entry.example for id, entry in entries.items()}
        standing = standing_of(
            _observed(run, number, examples.values()), examples, run.graph, taught=frozenset(run.taught)
        )
        calibration = read_calibration(directory, number)
        heard = hear(run, number, examples, probes)
        resolution, repaired = resolve(run, standing, _found(run, number), calibration, probes, heard)
        standing = replace(standing, mastered=_mastered(run, number, standing.observed, resolution))
        left = run.config.adaptation.new_per_update - repaired.drafts
        decided = run.policy.plan(standing, resolution, UpdateSettings(new_exercises=left))
        known = [*examples.values(), *heard.written.examples, *repaired.examples]
        asked, children = _fulfil(run, number, decided.requests, known, probes, heard.in_force)
        written = both(repaired, asked)
        # Kept here and not with the next asking: a run that goes on from there would have lost the count.
        directory.write_json(f"round-{number}/update-decoded", {"tokens": run.classroom.take_decoded()})

        kept = updated_examples(examples, standing, decided)
        latest = {id: entries[id].category for id in kept} | _categories(standing.observed, resolution)
        settled = heard.settled(run, number, kept, latest)
        kept, latest = settled.examples, settled.latest
        kept |= {example.example_id: example for example in written.examples}
        following = plan_round(run, number + 1, kept, latest, mastered=standing.mastered, share_S=decided.share_S)
        actions = [
            *decided.ledger.with_children(children).actions(),
            *settled.actions,
            *following.plan.ledger.actions(),
        ]
        directory.write_table(f"round-{number}/ledger", rows(actions), LEDGER)
        write_round(run, number + 1, following, latest, both(heard.written, written))
        keep_used(directory, number + 1, heard.decided)
        run.keep_rejected(stage)
        _tell(actions, written)


def _mastered(run: Run, number: int, observed: Observations, resolution: Resolution) -> frozenset[str]:
    """The skills mastered by now; keeps what was found in `mastery.json`."""
    before = (
        run.directory.read_json(f"round-{number - 1}/mastery") if number > 1 else {"skills": [], "mastered": []}
    )
    refuted_E = np.zeros(observed.size, dtype=np.bool_)
    if run.policy.checks_suspects:  # otherwise what was removed may be right
        refuted_E[resolution.ledger.acting("remove", "repair")] = True
    found = measure_mastery(observed, refuted_E, [Mastery(**one) for one in before["skills"]])
    mastered = mastered_skills(found, before["mastered"])
    run.directory.write_json(
        f"round-{number}/mastery", {"skills": [one.model_dump() for one in found], "mastered": sorted(mastered)}
    )
    return mastered


def _observed(run: Run, number: int, examples: Collection[Example]) -> Observations:
    histories, cleared = read_histories(run.directory, number), read_cleared(run.directory, number - 1)
    scores = read_scores(run.directory, number - 1)
    cleared |= {example.example_id for example in examples if example.verdict.method == PERSON}
    return observe(trained_exercises(examples), histories, number, run.graph, cleared, scores)


def _found(run: Run, number: int) -> Categorised:
    """What `categorise` wrote, which is in the order of the observations."""
    table = run.directory.read_table(f"round-{number}/categories")
    threshold = next((row["threshold"] for row in table if row.get("threshold") is not None), math.inf)
    return Categorised(
        codes_of(row["category"] for row in table), np.array([row["score"] for row in table]), threshold
    )


def _categories(observed: Observations, resolution: Resolution) -> dict[str, Category | None]:
    codes = resolution.found.category_E.tolist()
    return {observed.id_of(row): NAMES[code] for row, code in enumerate(codes)}


def _fulfil(
    run: Run,
    number: int,
    requests: Sequence[Request],
    known: Sequence[Example],
    probes: Sequence[Probe],
    decisions: Decisions,
) -> tuple[Written, Children]:
    """Has the requested exercises written and admitted; children by the ledger rows that asked for them."""
    assignments = _completed(run, number, [request.assignment for request in requests])
    prepare(run.domain.author, Work(assignments=assignments))
    batches = [run.domain.author.write_exercises(assignment) for assignment in assignments]
    existing = [one.material for one in known if isinstance(one.material, Exercise)]
    drafts = [exercise for batch in batches for exercise in batch]
    written = admit_exercises(run, drafts, existing, probes, decisions)
    admitted = written.admitted()
    children: dict[tuple[str, ActionKind], list[str]] = defaultdict(list)
    for request, batch in zip(requests, batches, strict=True):
        ids = [admitted[id].exercise_id for exercise in batch if (id := exercise.exercise_id) in admitted]
        for example_id in request.example_ids:
            children[example_id, request.action] += ids
    return written, {key: tuple(ids) for key, ids in children.items()}


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
    counts = Counter(action.action for action in actions)
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) or "nothing"
    console.print(f"  decided: {told}; {len(written.examples)} new exercises admitted")
