"""Calibration: what a wrong example's losses look like for this student, learned on a throw-away copy of it."""

from collections.abc import Mapping

from skilladapt.adaptation.calibrate import choose_calibration_sample, fit_calibration, needs_calibration
from skilladapt.progress import console
from skilladapt.records import Example, Exercise, PlantedError
from skilladapt.stages.context import Run
from skilladapt.stages.corrupting import corrupt_exercises
from skilladapt.stages.library import Entry, read_calibration, read_entries
from skilladapt.stages.preparation import in_order
from skilladapt.tables import CALIBRATION
from skilladapt.training.order import Item


def calibrate(run: Run, number: int) -> None:
    """Writes the calibration in force in round `number`: a new one, or the last one where that still holds."""
    directory, stage = run.directory, f"round-{number}/calibration"
    steps = f"round-{number}/calibration-steps"
    if not run.policy.uses_calibration or directory.is_done(stage):
        directory.remove(steps)
        return
    with directory.stage(stage):
        entries = read_entries(directory, number)
        if number > 1 and not needs_calibration(_new_share(entries)):
            directory.write_json(stage, read_calibration(directory, number - 1).model_dump())
        else:
            _fit(run, number, entries)
    directory.remove(steps)


def _fit(run: Run, number: int, entries: Mapping[str, Entry]) -> None:
    settings = run.config.adaptation
    examples = {id: entry.example for id, entry in entries.items() if entry.order is not None}
    sample = choose_calibration_sample(
        {id: example.material for id, example in examples.items() if isinstance(example.material, Exercise)},
        size=settings.calibration_examples,
        planted_share=settings.planted_share,
        seed=run.config.seed,
    )
    planted = _plant(run, [examples[id] for id in sample.corrupt_ids])
    real = [examples[id].model_copy(update={"weight": 1.0}) for id in sample.real_ids]
    chosen: list[Item] = [*real, *planted]
    items = in_order(run, chosen, number)
    passes = settings.calibration_passes or run.config.training.passes
    tokens = passes * sum(
        run.classroom.count_tokens(one.exercise if isinstance(one, PlantedError) else one.material)
        for one in items
    )
    student = run.student_after(number - 1)
    with student.throw_away_copy():
        result = student.train(
            items,
            title=f"calibrating for round {number}",
            round=number,
            passes=passes,
            total_tokens=tokens,
            folder=run.directory.path / f"round-{number}/calibration-steps",
        )
    fit = fit_calibration(
        {example.example_id: example.material for example in real if isinstance(example.material, Exercise)},
        planted,
        result.histories,
        run.graph,
        round=number,
        tokens=result.tokens,
        seed=run.config.seed,
    )
    found = fit.calibration
    directory = run.directory
    directory.write_table(f"round-{number}/calibration", [row.model_dump() for row in fit.rows], CALIBRATION)
    directory.write_json(f"round-{number}/calibration", found.model_dump())
    console.print(
        f"  {found.planted} planted errors among {found.sampled} exercises: "
        f"AUROC {found.auroc:.2f} ({found.auroc_low:.2f}-{found.auroc_high:.2f}), "
        f"recall {found.recall:.2f}, false positives {found.false_positive_rate:.2f}"
    )


def _plant(run: Run, examples: list[Example]) -> list[PlantedError]:
    exercises = [example.material for example in examples if isinstance(example.material, Exercise)]
    return [
        PlantedError(exercise=found.wrong, verdict=found.verdict, kind=found.kind)
        for found in corrupt_exercises(run, exercises, "corrupt")
    ]


def _new_share(entries: Mapping[str, Entry]) -> float:
    trained = [entry for entry in entries.values() if entry.order is not None]
    return sum(entry.category is None for entry in trained) / max(1, len(trained))
