"""Calibration: what a wrong example's losses look like for this student, learned on a throw-away copy of it."""

from collections.abc import Mapping

from skilladapt.adaptation.calibrate import fit_calibration
from skilladapt.progress import console
from skilladapt.records import Example, Exercise
from skilladapt.stages.context import Run
from skilladapt.stages.library import Entry, read_calibration, read_entries
from skilladapt.stages.preparation import in_order
from skilladapt.stages.sampling import Sample, draw_sample, sample_tokens
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
        if number > 1 and not directory.read_json(f"round-{number}/budget")["calibrates"]:
            _reuse(run, number, "little of the data is new and can be made wrong")
        else:
            sample = draw_sample(run, _never_seen(entries))
            if number > 1 and not sample.suffices:
                _reuse(run, number, "too few of the new examples can be made wrong")
            else:
                _fit(run, number, sample)
    directory.remove(steps)


def _reuse(run: Run, number: int, why: str) -> None:
    found = read_calibration(run.directory, number - 1)
    run.directory.write_json(f"round-{number}/calibration", found.model_dump())
    console.print(f"  the calibration of round {found.fitted_in_round} is used again: {why}")


def _fit(run: Run, number: int, sample: Sample) -> None:
    chosen: list[Item] = [*sample.real, *sample.planted]
    items = in_order(run, chosen, number)
    student = run.student_after(number - 1)
    with student.throw_away_copy():
        result = student.train(
            items,
            title=f"calibrating for round {number}",
            round=number,
            passes=run.config.adaptation.calibration_passes or run.config.training.passes,
            total_tokens=sample_tokens(run, sample),
            folder=run.directory.path / f"round-{number}/calibration-steps",
        )
    fit = fit_calibration(
        {one.example_id: one.material for one in sample.real if isinstance(one.material, Exercise)},
        sample.planted,
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


def _never_seen(entries: Mapping[str, Entry]) -> dict[str, Example]:
    """The examples a round is going to train on for the first time.

    A planted error was never seen either. Beside examples that were, it would stand out for that alone, and one
    made of an example learned before would contradict what the student knows by heart.
    """
    return {
        id: entry.example for id, entry in entries.items() if entry.order is not None and entry.category is None
    }
