"""What a run is going to do and about how long that takes, printed before it begins."""

import time
from collections.abc import Sequence

from skilladapt.progress import console, duration
from skilladapt.records import Probe
from skilladapt.stages.context import Run
from skilladapt.stages.library import read_entries

REHEARSED_EXAMPLES = 16
"""Enough to time training within some 20%; their training is forgotten."""
REHEARSED_TOKENS = 8


def show_plan(run: Run, probes: Sequence[Probe]) -> None:
    """Prints what is left of the run in numbers, with the time it takes at the speed of a short rehearsal."""
    if run.directory.is_done("base/evaluation"):
        return
    settings, plan = run.config.training, run.directory.read_json("plan")
    calibration = run.config.adaptation.calibration_examples if run.policy.uses_calibration else 0
    examples = [entry.example for entry in read_entries(run.directory, 1).values()]
    passes = run.config.adaptation.calibration_passes or settings.passes
    calibration_tokens = min(calibration, len(examples)) * passes * plan["round_tokens"] // max(1, len(examples))
    askings = 2 + settings.rounds + bool(run.config.evaluation.few_shot)

    rehearsed = examples[:: max(1, len(examples) // REHEARSED_EXAMPLES)][:REHEARSED_EXAMPLES]
    with run.classroom.throw_away_copy():
        began = time.perf_counter()
        result = run.classroom.train(rehearsed, title="rehearsal", round=0, passes=1, total_tokens=1)
        training_s_per_token = (time.perf_counter() - began) / result.tokens
    questions = [probe.question for probe in probes[: run.config.evaluation.batch_size]]
    began = time.perf_counter()
    run.classroom.answer(questions, title="rehearsal", max_new_tokens=REHEARSED_TOKENS)
    run.classroom.take_decoded()
    asking_s_per_token = (time.perf_counter() - began) / (len(questions) * REHEARSED_TOKENS)

    trained = plan["total_tokens"] + calibration_tokens
    longest = run.config.evaluation.max_new_tokens
    asked = len(probes) * askings
    seconds = trained * training_s_per_token + asked * longest * asking_s_per_token
    console.print(
        f"The plan: {len(run.taught)} skills, {len(examples)} exercises, {settings.rounds} rounds of "
        f"{settings.passes} passes.\n"
        f"  training   {trained:,} tokens at {1 / training_s_per_token:.0f} a second "
        f"(textbooks {plan['textbook_tokens'] * settings.textbook_passes:,}, calibration {calibration_tokens:,}, "
        f"rounds {plan['round_tokens'] * settings.passes * settings.rounds:,})\n"
        f"  asking     {askings} times {len(probes)} probes, at most {longest} tokens each, "
        f"at {1 / asking_s_per_token:.0f} a second\n"
        f"  together   about {duration(seconds)}, less where answers are short"
    )
