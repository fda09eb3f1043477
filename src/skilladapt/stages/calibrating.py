"""Calibration: what a wrong example's losses look like for this student, learned on a throw-away copy of it."""

from skilladapt.adaptation.calibrate import CalibrationSample, fit_calibration, uncalibrated
from skilladapt.progress import console
from skilladapt.records import Exercise
from skilladapt.stages.context import Run
from skilladapt.stages.library import read_calibration, read_entries
from skilladapt.stages.preparation import in_order
from skilladapt.stages.sampling import Sample, build_sample, calibration_passes, sample_tokens
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
        budget = directory.read_json(f"round-{number}/budget")
        drawn = budget["calibration"]
        if drawn is None:
            _reuse(run, number)
        else:
            examples = {id: entry.example for id, entry in read_entries(directory, number).items()}
            sample = build_sample(run, examples, CalibrationSample.model_validate(drawn))
            _fit(run, number, sample, budget["passes"])
            run.keep_rejected(stage)
    directory.remove(steps)


def _reuse(run: Run, number: int) -> None:
    found = read_calibration(run.directory, number - 1) if number > 1 else uncalibrated(number)
    run.directory.write_json(f"round-{number}/calibration", found.model_dump())
    which = f"the calibration of round {found.fitted_in_round} is used again"
    console.print(
        f"  {which if found.decisive else 'nothing is suspected'}: too little is new, or can be made wrong"
    )


def _fit(run: Run, number: int, sample: Sample, round_passes: int) -> None:
    chosen: list[Item] = [*sample.real, *sample.planted]
    items = in_order(run, chosen, number)
    student = run.student_after(number - 1)
    with student.throw_away_copy():
        result = student.train(
            items,
            title=f"calibrating for round {number}",
            round=number,
            passes=calibration_passes(run, round_passes),
            total_tokens=sample_tokens(run, sample, round_passes),
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
