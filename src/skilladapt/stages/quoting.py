"""The estimate of a run as it is told: printed before a run, or kept with it to be compared with the truth."""

import functools
import json
from collections.abc import Iterable, Sequence
from typing import Any

from rich.table import Table

from skilladapt.config import RunConfig
from skilladapt.progress import console, duration, warn
from skilladapt.records import content_hash
from skilladapt.stages.charting import is_charted
from skilladapt.stages.context import Run
from skilladapt.stages.estimating import NOTHING, Part, Range, cost_of, estimate, expected, seconds_of
from skilladapt.store import RunDirectory
from skilladapt.teacher_config import TeacherConfig


def write_estimate(run: Run) -> None:
    """Writes `estimate.json` for a run with a teacher, and prints it in a line.

    It is no stage: nothing is built on it, and a run that begins as a copy of another has one of its own.
    """
    config, teacher = run.config, run.config.writing_teacher
    if teacher is None:
        return
    # What may change while a run goes on, such as prices, does not make it another estimate: the first one counts.
    told_for = content_hash(run.graph.hash, config.model_dump(mode="json", exclude={"runtime", "teacher"}))
    if _kept_for(run.directory) == told_for:
        return
    parts = estimate(config, run.graph)
    run.directory.write_json("estimate", {"told_for": told_for, **content_of(parts, teacher)})
    calls = _shown(_sum(part.calls for part in parts))
    console.print(f"  estimated for the teacher: {calls} calls, {_money(cost_of(parts, teacher), teacher)}")
    for remark in _cap_remarks(parts, teacher):
        warn(remark)


def _kept_for(directory: RunDirectory) -> object:
    """What an estimate that is there was made for; nothing where there is none, or a damaged one."""
    try:
        return directory.read_json("estimate")["told_for"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def content_of(parts: Sequence[Part], teacher: TeacherConfig) -> dict[str, Any]:
    """An estimate as it is printed for scripts, and kept."""
    return {
        "parts": [{**part._asdict(), "cost_usd": cost_of([part], teacher)} for part in parts],
        "cost_usd": cost_of(parts, teacher),
        "seconds": seconds_of(parts, teacher),
    }


def show_estimate(config: RunConfig, *, as_json: bool) -> None:
    """Prints the estimate of a run."""
    parts, teacher = expected(config), config.teacher
    assert teacher is not None
    if as_json:
        print(json.dumps(content_of(parts, teacher)))
        return
    table = Table("asked for", "calls", "prompt tokens", "reply tokens")
    for column in table.columns[1:]:
        column.justify = "right"
    for part in parts:
        table.add_row(part.purpose, *(_shown(one) for one in part[1:]))
    columns = zip(*(part[1:] for part in parts), strict=True)
    table.add_row("together", *(_shown(_sum(column)) for column in columns), style="bold")
    console.print(table)
    seconds = seconds_of(parts, teacher)
    console.print(
        f"Cost: {_money(cost_of(parts, teacher), teacher)}. "
        f"Time of asking: {duration(seconds.low)} to {duration(seconds.high)}."
    )
    if is_charted(config) and not config.teach:
        console.print(
            "How many skills the goal has is not known yet. To be told more exactly, build its graph with "
            "'skilladapt graph FILE --out DIR', and name the graph.json in DIR as the syllabus.",
            soft_wrap=True,
        )
    told = ", ".join(f"{name} {cap:,}" for name, cap in _caps(teacher).items())
    console.print(f"Caps: {told}." if told else "No cap is set; teacher.cap_usd, cap_tokens or cap_calls is one.")
    for remark in _cap_remarks(parts, teacher):
        console.print(remark)


def _money(cost: Range, teacher: TeacherConfig) -> str:
    if teacher.usd_per_million_prompt_tokens or teacher.usd_per_million_completion_tokens:
        return f"{cost.low:,.2f} to {cost.high:,.2f} US dollars"
    return "no prices are given, so no cost is known"


def _caps(teacher: TeacherConfig) -> dict[str, float]:
    """Those that are set, by name."""
    given = {name: getattr(teacher, name) for name in ("cap_usd", "cap_tokens", "cap_calls")}
    return {name: cap for name, cap in given.items() if cap is not None}


def _cap_remarks(parts: Sequence[Part], teacher: TeacherConfig) -> list[str]:
    """A sentence for each cap that the run is going to reach in any case."""
    least = {
        "cap_usd": cost_of(parts, teacher).low,
        "cap_tokens": sum(part.prompt_tokens.low + part.completion_tokens.low for part in parts),
        "cap_calls": sum(part.calls.low for part in parts),
    }
    return [
        f"teacher.{name} is less than the run takes at least: it will stop before its end."
        for name, cap in _caps(teacher).items()
        if cap < least[name]
    ]


def _sum(ranges: Iterable[Range]) -> Range:
    return functools.reduce(Range.plus, ranges, NOTHING)


def _shown(one: Range) -> str:
    low, high = (f"{round(end, -max(0, len(str(int(end))) - 3)):,.0f}" for end in one)
    return low if low == high else f"{low} to {high}"
