"""The student is asked and taught: before anything, in the textbook round, in every instruction round."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from skilladapt.evaluation.benchmarks import evaluate_benchmark, read_benchmark
from skilladapt.evaluation.forgetting import ask_panel, score_panel
from skilladapt.evaluation.scores import Grader, grade, score
from skilladapt.evaluation.shots import choose_shots
from skilladapt.records import Answer, Exercise, Probe, Score
from skilladapt.stages.context import Run
from skilladapt.stages.library import read_entries
from skilladapt.tables import ANSWERS, LOSSES, SCORES, loss_rows, rows
from skilladapt.verification.judging import grade_answers

SHOWN = "-few-shot"
"""Ends the `when` of a student that was asked with examples of the answer format in its prompt."""
BASE_SHOWN = f"base{SHOWN}"


def shown_of(number: int) -> str:
    """The `when` of round `number`'s student, shown the format."""
    return f"round-{number}{SHOWN}"


def evaluate_base(run: Run, probes: Sequence[Probe]) -> None:
    """Asks the untrained student, also with examples of the answer format shown: form alone is no skill."""
    if run.directory.is_done("base/evaluation"):
        return
    with run.directory.stage("base/evaluation"):
        _write(run, "base", *_ask_both_ways(run, "base", probes))
        _ask_elsewhere(run, "base", "base")
        run.directory.write_json("base/decoded", {"tokens": run.classroom.take_decoded()})


def train(run: Run, number: int) -> None:
    """Trains round `number` (0: the textbooks) on top of the round before it, and keeps losses and checkpoint."""
    directory, folder = run.directory, f"round-{number}"
    if directory.is_done(f"{folder}/training"):
        directory.remove(f"{folder}/steps")
        return
    if number > 0:
        run.student_after(number - 1)
    with directory.stage(f"{folder}/training"):
        entries = [entry for entry in read_entries(directory, number).values() if entry.order is not None]
        entries.sort(key=lambda entry: entry.order or 0)
        passes = (
            directory.read_json(f"{folder}/budget")["passes"] if number else run.config.training.textbook_passes
        )
        result = run.classroom.train(
            [entry.example for entry in entries],
            title="round 0 (textbooks)" if number == 0 else f"round {number}",
            round=number,
            passes=passes,
            total_tokens=directory.read_json("plan")["total_tokens"],
            folder=directory.path / folder / "steps",
        )
        directory.write_table(f"{folder}/losses", loss_rows(result.histories), LOSSES)
        replayed = set(directory.read_json(f"{folder}/replay")["example_ids"])
        directory.write_json(
            f"{folder}/tokens",
            {
                "trained": result.tokens,
                "replay": passes
                * sum(
                    run.classroom.count_tokens(e.example.material)
                    for e in entries
                    if e.example.example_id in replayed
                ),
            },
        )
        if result.rejected:
            raise AssertionError(f"admitted material could not be trained: {result.rejected}")
        run.classroom.save(directory.path / folder / "checkpoint", number)
        directory.adopt(f"{folder}/checkpoint")
    # Only now: a run killed before would have lost them and not yet have the round.
    directory.remove(f"{folder}/steps")


def evaluate(run: Run, number: int, probes: Sequence[Probe], *, last: bool) -> None:
    """Asks the student all probes after round `number`; after the last, also the panel and the benchmarks.

    A student that has read textbooks and will never practise does not know the answer format: it is asked with
    examples of it, too.
    """
    directory, folder = run.directory, f"round-{number}"
    if directory.is_done(f"{folder}/evaluation"):
        return
    run.student_after(number)
    with directory.stage(f"{folder}/evaluation"):
        ask = _ask_both_ways if last and number == 0 else _ask
        _write(run, folder, *ask(run, folder, probes))
        if last:
            _ask_elsewhere(run, folder, folder)
        directory.write_json(f"{folder}/decoded", {"tokens": run.classroom.take_decoded()})


def grader_of(run: Run) -> Grader:
    """The domain's grading of answers, in workers."""
    return partial(grade_answers, verifier=run.domain.verifier, workers=run.workers)


def _ask_both_ways(run: Run, when: str, probes: Sequence[Probe]) -> tuple[list[Answer], list[Score]]:
    """As the student is, and, unless that is left out, with examples of the answer format in its prompt."""
    answers, scores = _ask(run, when, probes)
    few = run.config.evaluation.few_shot
    if few:
        exercises = [entry.example.material for entry in read_entries(run.directory, 1).values()]
        shots = choose_shots([one for one in exercises if isinstance(one, Exercise)], few, run.config.seed)
        shown, shown_scores = _ask(run, f"{when}{SHOWN}", probes, shots)
        answers, scores = [*answers, *shown], [*scores, *shown_scores]
    return answers, scores


def _ask(
    run: Run, when: str, probes: Sequence[Probe], shots: Sequence[Exercise] = ()
) -> tuple[list[Answer], list[Score]]:
    replies = run.classroom.answer([probe.question for probe in probes], title=f"asking: {when}", shots=shots)
    answers = grade(when, probes, replies, grader_of(run))
    return answers, score(answers, probes, {skill.id: skill.level for skill in run.graph.skills})


def _ask_elsewhere(run: Run, when: str, folder: str) -> None:
    """The panel of general questions and the configured benchmarks."""
    if run.config.evaluation.forgetting:
        panel = ask_panel(
            when,
            lambda questions: run.classroom.answer(questions, title=f"general questions: {when}"),
            run.classroom.text_loss,
        )
        run.directory.write_json(f"{folder}/panel", panel.model_dump(mode="json"))
        run.directory.write_table(f"{folder}/panel-scores", rows([score_panel(panel.answers)]), SCORES)
    answers: list[Answer] = []
    scores: list[Score] = []
    for name in run.config.evaluation.benchmarks:
        path = Path(name)
        result = evaluate_benchmark(
            when,
            path.stem,
            read_benchmark(path),
            partial(run.classroom.answer, title=f"{path.stem}: {when}"),
            grader_of(run),
        )
        answers += result.answers
        scores += result.scores
    if answers:
        run.directory.write_table(f"{folder}/benchmark-answers", rows(answers), ANSWERS)
        run.directory.write_table(f"{folder}/benchmark-scores", rows(scores), SCORES)


def _write(run: Run, folder: str, answers: Sequence[Answer], scores: Sequence[Score]) -> None:
    run.directory.write_table(f"{folder}/answers", rows(answers), ANSWERS)
    run.directory.write_table(f"{folder}/scores", rows(scores), SCORES)
