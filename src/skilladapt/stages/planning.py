"""What a run is going to do and about how long that takes, printed before it begins."""

import time
from collections.abc import Sequence

from skilladapt.adaptation.calibrate import CalibrationSample
from skilladapt.progress import console, duration
from skilladapt.records import Example, Probe
from skilladapt.stages.context import Run
from skilladapt.stages.library import read_entries
from skilladapt.stages.sampling import calibration_passes

REHEARSED_EXAMPLES = 16
"""Enough to time training within some 20%; their training is forgotten."""
REHEARSED_TOKENS = 8


def show_plan(run: Run, probes: Sequence[Probe]) -> None:
    """Prints what is left of the run in numbers, with the time it takes at the speed of a short rehearsal."""
    if run.directory.is_done("base/evaluation"):
        return
    settings, plan = run.config.training, run.directory.read_json("plan")
    examples = [entry.example for entry in read_entries(run.directory, 1).values()]
    calibration_tokens = _first_calibration_tokens(run, examples) if settings.rounds else 0
    askings = 2 + settings.rounds + bool(run.config.evaluation.few_shot)

    training_s_per_token, asking_s = _rehearse(run, examples, [probe.question for probe in probes])
    has_budget = settings.total_tokens is not None  # for calibration, too; rounds have what it leaves
    trained = plan["total_tokens"] + (0 if has_budget else calibration_tokens)
    textbook_tokens = plan["textbook_tokens"] * settings.textbook_passes
    longest = run.config.evaluation.max_new_tokens
    seconds = trained * training_s_per_token + askings * asking_s
    console.print(
        f"The plan: {len(run.taught)} skills, {len(examples)} exercises, {settings.rounds} rounds of "
        f"{settings.passes} passes{' or more' if has_budget else ''}.\n"
        f"  training   {trained:,} tokens at {1 / training_s_per_token:.0f} a second "
        f"(textbooks {textbook_tokens:,}, calibration {calibration_tokens:,}, "
        f"rounds {trained - textbook_tokens - calibration_tokens:,})\n"
        f"  asking     {askings} times {len(probes)} probes, at most {longest} tokens each: "
        f"at most {duration(asking_s)} each time\n"
        f"  together   about {duration(seconds)}, less where answers are short"
    )


def _first_calibration_tokens(run: Run, examples: Sequence[Example]) -> int:
    """About how many tokens the calibration before the first round takes: wrong versions are about as long."""
    budget = run.directory.read_json("round-1/budget")
    if budget["calibration"] is None:
        return 0
    drawn = CalibrationSample.model_validate(budget["calibration"])
    sampled = {*drawn.real_ids, *drawn.corrupt_ids}
    tokens = sum(run.classroom.count_tokens(one.material) for one in examples if one.example_id in sampled)
    return tokens * calibration_passes(run, budget["passes"])


def _rehearse(run: Run, examples: Sequence[Example], questions: Sequence[str]) -> tuple[float, float]:
    """Seconds for each token trained, and at most for asking all questions once; timed on a few of both."""
    some = examples[:: max(1, len(examples) // REHEARSED_EXAMPLES)][:REHEARSED_EXAMPLES]
    # Whichever of them wait in the first round: a small one may have left all of these out.
    some = [example.model_copy(update={"benched": False}) for example in some]
    with run.classroom.throw_away_copy():
        began = time.perf_counter()
        # As many passes as a round has: later ones may be much faster than the first.
        passes = run.config.training.passes
        result = run.classroom.train(some, title="", round=0, passes=passes, total_tokens=1)
        training_s = time.perf_counter() - began
    batch = list(questions[: run.config.evaluation.batch_size])
    # One token more or less tells the cost of a step from the cost of reading the questions.
    spent = {}
    for tokens in (1, 1 + REHEARSED_TOKENS):
        began = time.perf_counter()
        run.classroom.answer(batch, title="", max_new_tokens=tokens)
        spent[tokens] = time.perf_counter() - began
    run.classroom.take_decoded()
    step_s = max(0.0, spent[1 + REHEARSED_TOKENS] - spent[1]) / REHEARSED_TOKENS
    batch_s = spent[1] + step_s * (run.config.evaluation.max_new_tokens - 1)
    return training_s / result.tokens, batch_s * len(questions) / len(batch)
