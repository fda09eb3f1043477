"""Looking at a run, or asking its student, without changing either."""

import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.table import Table

from skilladapt.config import ANY, RunConfig, StudentConfig, load_saved_config
from skilladapt.decisions import read_decisions
from skilladapt.domains.domain import load_domain
from skilladapt.errors import UserError
from skilladapt.evaluation.benchmarks import BenchmarkItem, BenchmarkResult, evaluate_benchmark, read_benchmark
from skilladapt.evaluation.paired import bootstrap_interval
from skilladapt.progress import console, warn
from skilladapt.records import Score
from skilladapt.review.items import waiting
from skilladapt.store import RunDirectory
from skilladapt.verification.judging import grade_answers
from skilladapt.verification.verifier import Verifier
from skilladapt.verification.workers import Workers

if TYPE_CHECKING:
    from skilladapt.stages.classroom import Classroom


def show_status(path: Path, *, as_json: bool) -> None:
    """Prints which stages of a run ended, when, and what is under way. Raises UserError where there is no run."""
    directory = RunDirectory.existing(path)
    state: dict[str, dict[str, object]] = {}
    for event in directory.events():
        stage = str(event.get("stage", ""))
        if event.get("event") == "begin":
            state[stage] = {"state": "begun", "since": event.get("time"), "seconds": None}
        elif event.get("event") == "end":
            state[stage] = {"state": "done", "since": event.get("time"), "seconds": event.get("seconds")}
    waits = _waiting(directory)
    if as_json:
        told = {"directory": str(path), "finished": _is_finished(state), "waiting": waits, "stages": state}
        print(json.dumps(told))
        return
    table = Table("stage", "state", "since (UTC)", "seconds")
    for stage, row in state.items():
        seconds = f"{row['seconds']:.0f}" if isinstance(row["seconds"], int | float) else ""
        table.add_row(stage, str(row["state"]), str(row["since"])[:19].replace("T", " "), seconds)
    console.print(table)
    if waits:
        console.print(f"{waits} exercises wait for a person: skilladapt review {path}", soft_wrap=True)
    console.print("finished" if _is_finished(state) else "not finished; run the same command again to go on")


def _waiting(directory: RunDirectory) -> int | None:
    """How many exercises wait for a person's decision; None where a damaged table does not say."""
    try:
        items = waiting(directory, read_decisions(directory.path, warn))
    except (OSError, ValueError, KeyError):
        return None
    return sum(item.may_be_accepted for item in items)


def _is_finished(state: dict[str, dict[str, object]]) -> bool:
    return state.get("report", {}).get("state") == "done"


def show_answers(path: Path, question: str, *, max_new_tokens: int, as_json: bool) -> None:
    """Prints what the student of a run and the model it was made from answer to `question`."""
    if not question.strip():
        raise UserError("The question is empty; ask something.")
    adapted, base = (
        room.answer([question], title="", max_new_tokens=max_new_tokens)[0] for room in _adapted_and_base(path)
    )
    if as_json:
        print(json.dumps({"question": question, "base": base, "adapted": adapted}))
        return
    for name, reply in (("base", base), ("adapted", adapted)):
        console.print(name, style="bold")
        console.print(reply)
        console.print()


def show_benchmark(name: str, file: Path, *, limit: int | None, max_new_tokens: int, as_json: bool) -> None:
    """Prints the accuracy of a model, or of a run's base and adapted student, on a file of questions."""
    items = read_benchmark(file, limit)
    directory = RunDirectory(Path(name))
    results: dict[str, BenchmarkResult] = {}
    names: tuple[str, ...]
    with Workers() as workers:
        if directory.has("config.toml"):
            config = load_saved_config(Path(name) / "config.toml")
            of_its_own = config.domain != ANY
            verifier = load_domain(config.domain, config.domain_options).verifier if of_its_own else None
            names, rooms = ("adapted", "base"), _adapted_and_base(Path(name))
        else:
            verifier, names, rooms = None, (name,), iter([_classroom_of(name)])
        for when, room in zip(names, rooms, strict=True):
            results[when] = _ask(room, when, file.stem, items, verifier, workers, max_new_tokens)
    if as_json:
        rows = [score.model_dump() for result in results.values() for score in result.scores]
        print(json.dumps({"benchmark": str(file), "questions": len(items), "scores": rows}))
        return
    table = Table("model", "questions", "right", "decided", "accuracy", "95% interval")
    for when in reversed(results):
        for score in results[when].scores:
            table.add_row(*_cells(score))
    console.print(f"{file}, the first {len(items)} questions" if limit else str(file))
    console.print(table)
    if len(results) == 2:
        console.print(_difference(results["base"], results["adapted"]))


def _ask(
    room: "Classroom",
    when: str,
    name: str,
    items: Sequence[BenchmarkItem],
    verifier: Verifier | None,
    workers: Workers,
    max_new_tokens: int,
) -> BenchmarkResult:
    return evaluate_benchmark(
        when,
        name,
        items,
        partial(room.answer, title=f"{name}: {when}", max_new_tokens=max_new_tokens),
        partial(grade_answers, verifier=verifier, workers=workers),
    )


def _difference(before: BenchmarkResult, after: BenchmarkResult) -> str:
    """How much more often the adapted student is right, question by question."""
    change = np.array(
        [[(b.correct is True) - (a.correct is True) for a, b in zip(before.answers, after.answers, strict=True)]]
    )
    low, high = bootstrap_interval(change.astype(float), ["all"] * change.shape[1], seed=0)
    return f"adapted against base: {change.mean():+.3f} (95% interval {low:+.3f} to {high:+.3f}, for this run)"


def _cells(score: Score) -> list[str]:
    group = score.when if score.skill_id == "all" else f"{score.when}: {score.skill_id}"
    return [
        group,
        str(score.n),
        str(score.correct),
        f"{score.decided / score.n:.0%}",
        f"{score.accuracy:.3f}",
        f"{score.ci_low:.3f}-{score.ci_high:.3f}",
    ]


def _adapted_and_base(path: Path) -> Iterator["Classroom"]:
    """The student after the last round trained, then the one before any; loaded one after the other."""
    directory = RunDirectory.existing(path)
    config = load_saved_config(path / "config.toml")
    trained = [number for number in directory.rounds() if directory.has_ended(f"round-{number}/training")]
    if not trained:
        raise UserError(f"Nothing was trained in {path} yet; run the method first.")
    from skilladapt.stages.classroom import Classroom

    room = Classroom.open(config, to_train=False)
    room.restore(path / f"round-{trained[-1]}" / "checkpoint")
    yield room
    yield Classroom.open(config, to_train=False)


def _classroom_of(model: str) -> "Classroom":
    """Any model, untrained; what else a run file says does not matter for asking."""
    from skilladapt.models.loading import check_student
    from skilladapt.stages.classroom import Classroom

    check_student(model)
    return Classroom.open(RunConfig(domain="none", student=StudentConfig(model=model)), to_train=False)
