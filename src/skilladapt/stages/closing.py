"""The end of a run: what was learned, what was forgotten, what it cost; as a file, a table and a page."""

import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from rich.table import Table

from skilladapt import prompts
from skilladapt.evaluation.forgetting import PanelResult, measure_forgetting
from skilladapt.evaluation.paired import PairedDifference, paired_difference
from skilladapt.progress import console, warn
from skilladapt.records import Answer, Probe, Score
from skilladapt.report.page import write_report
from skilladapt.skills.findings import findings
from skilladapt.skills.graph import SkillGraph
from skilladapt.stages.context import Run
from skilladapt.stages.gaps import GAP, gaps
from skilladapt.stages.learning import BASE_SHOWN, SHOWN, shown_of
from skilladapt.stages.library import calibrated_in, read_verdicts
from skilladapt.stages.spending import cost_summary, show_costs
from skilladapt.stages.staffing import sampling_of
from skilladapt.stages.yields import losses, show_yields, yields
from skilladapt.store import RunDirectory

PACKAGES = ("skilladapt", "torch", "transformers", "peft", "accelerate", "pyarrow", "sympy")


def write_provenance(run: Run) -> None:
    """Keeps what the run was made with, before anything is trained; says when it goes on with something else."""
    if run.directory.is_done("provenance"):
        if not run.directory.has_ended("report"):
            _warn_of_changes(run.directory.read_json("provenance"))
        return
    with run.directory.stage("provenance"):
        run.directory.write_json(
            "provenance",
            {
                "versions": _versions(),
                "seed": run.config.seed,
                "hardware": {
                    "machine": platform.machine(),
                    "system": platform.system(),
                    **run.classroom.hardware(),
                },
                "model": run.classroom.describe(),
                "domain": run.config.domain,
                "graph_hash": run.graph.hash,
                "probes_seal": run.directory.read_json("probes")["seal"],
                **_of_teacher(run),
            },
        )


def _of_teacher(run: Run) -> dict[str, Any]:
    """Who wrote and solved, asked in which words; nothing where nobody was asked, and never a secret."""
    teacher = run.config.writing_teacher
    if teacher is None:
        return {}
    told = {"name": run.domain.author.name, "kind": teacher.kind, "model": teacher.model}
    return {"teacher": {**told, **sampling_of(teacher).model_dump()}, "prompts": prompts.hashes()}


def _versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}}


def _warn_of_changes(provenance: Mapping[str, Any]) -> None:
    before, now = provenance["versions"], _versions()
    others = [f"{name} {before.get(name)} -> {now[name]}" for name in now if before.get(name) != now[name]]
    if others:
        warn(
            f"the run was begun with other versions ({', '.join(others)}); what is done from here on may differ "
            "from what one version would have given. To be sure, go on with the old ones or begin anew."
        )
    hashes = prompts.hashes()
    changed = [name for name, hash in provenance.get("prompts", hashes).items() if hashes.get(name) != hash]
    if changed:
        warn(
            f"the run was begun with other prompts ({', '.join(changed)}); what they ask for is asked and paid "
            "for anew. To be sure, go on with the old ones or begin anew."
        )


def summarise(run: Run, probes: Sequence[Probe]) -> None:
    """Writes `summary.json`."""
    directory, last = run.directory, run.config.training.rounds
    if directory.is_done("summary"):
        return
    with directory.stage("summary"):
        families = ["", *dict.fromkeys(probe.family for probe in probes if probe.family)]
        paired = []
        for compared in _comparisons(directory, last):
            before, after = ([_answers(directory, when)] for when in compared)
            for family in families:
                paired.append(paired_difference(probes, before, after, seed=run.config.seed, family=family))
        directory.write_json(
            "summary",
            {
                "paired": [difference.model_dump() for difference in paired],
                "forgetting": _forgetting(run, last),
                "tokens": _tokens(directory, last),
                "decoded_tokens": sum(
                    directory.read_json(name)["tokens"]
                    for name in (
                        "base/decoded",
                        *(f"round-{number}/decoded" for number in range(last + 1)),
                        *(f"round-{number}/update-decoded" for number in range(1, last)),
                    )
                ),
                "rejected": _rejected(directory, last),
                "findings": [
                    *findings(run.graph),
                    *directory.read_json("probes")["findings"],
                    *gaps(
                        directory, run.graph, run.taught, max(1, last)
                    ),  # exercises are written even for no round
                ],
                **_teacher(run, last),
            },
        )


def _teacher(run: Run, last: int) -> dict[str, Any]:
    """What the teacher cost and what that was good for; nothing where nobody was asked."""
    asked = run.directory.read_json("provenance").get("teacher")
    if asked is None or run.staff is None:
        return {}
    costs = cost_summary(run.directory.read_json("estimate"), run.staff.archive().spending())
    return {
        "teacher": {
            "name": asked["name"],
            **costs,
            "yield": [one.model_dump() for one in yields(run.directory, last)],
            "rejected": [one.model_dump() for one in losses(run.directory, last)],
        }
    }


def write_page(run: Run) -> None:
    """Writes `report.html`."""
    if not run.directory.is_done("report"):
        with run.directory.stage("report"):
            write_report(run.directory)
            run.directory.adopt("report.html")


def show_results(directory: RunDirectory, graph: SkillGraph) -> None:
    """Prints accuracy per skill before and after, the paired differences, and where the report lies."""
    scores = [
        Score(**row)
        for folder in ("base", *(f"round-{number}" for number in directory.rounds()))
        if directory.has(f"{folder}/scores")
        for row in directory.read_table(f"{folder}/scores")
    ]
    whens = list(dict.fromkeys(score.when for score in scores))
    by_group = {(score.skill_id, score.when, score.probe_set): score for score in scores}
    table = Table(title="Share of held-out probes answered right", title_justify="left")
    table.add_column("skill")
    table.add_column("level", justify="right")
    for when in whens:
        table.add_column(
            when.replace(BASE_SHOWN, "shown").replace(SHOWN, " shown").replace("round-", "r"), justify="right"
        )
    table.add_column("interval", justify="right", no_wrap=True)
    table.add_column("twins", justify="right")
    groups = dict.fromkeys(score.skill_id for score in scores if not score.skill_id.startswith("level:"))
    overall = [group for group in groups if group not in graph.by_id]
    for group in groups:
        cells = [by_group[group, when, "probes"] for when in whens]
        skill = graph.by_id.get(group)
        table.add_row(
            skill.title if skill else "all skills" if group == "all" else group.removeprefix("family:"),
            str(skill.level) if skill else "",
            *(f"{cell.accuracy:.2f}" for cell in cells),
            f"{cells[-1].ci_low:.2f}-{cells[-1].ci_high:.2f}",
            f"{by_group[group, whens[-1], 'pairs'].accuracy:.2f}",
            end_section=group == overall[-1],
        )
    console.print(table)
    console.print(
        "base: untrained; shown: untrained, with examples of the answer format in its prompt; r0: after the "
        "textbooks; interval: 95%, of the last column; twins: the probe and its perturbed twin both right",
        style="dim",
    )
    summary = directory.read_json("summary")
    for row in summary["paired"]:
        difference = PairedDifference(**row)
        about = f", {difference.family}" if difference.family else ""
        console.print(
            f"{difference.after} against {difference.before}{about}: {difference.difference:+.2f} (95% interval "
            f"{difference.ci_low:+.2f} to {difference.ci_high:+.2f}, {difference.n_pairs} pairs, "
            f"{difference.label})"
        )
    if "teacher" in summary:
        show_costs(summary["teacher"])
        show_yields(summary["teacher"])
    for finding in (one for one in summary["findings"] if one.startswith(GAP)):
        console.print(finding)
    console.print(f"Trained on {summary['tokens']['total']:,} tokens. Report: {directory.path / 'report.html'}")


def _comparisons(directory: RunDirectory, last: int) -> list[tuple[str, str]]:
    """What the end is compared with: the base model, and where both were shown the format, that."""
    before = sorted({row["when"] for row in directory.read_table("base/answers")})
    after = {row["when"] for row in directory.read_table(f"round-{last}/answers")}
    shown = [(BASE_SHOWN, one) for one in sorted(after) if one == shown_of(last)]
    return [*((when, f"round-{last}") for when in before), *shown]


def _answers(directory: RunDirectory, when: str) -> list[Answer]:
    folder = when.removesuffix(SHOWN)
    return [Answer(**row) for row in directory.read_table(f"{folder}/answers") if row["when"] == when]


def _forgetting(run: Run, last: int) -> dict[str, Any]:
    if not run.config.evaluation.forgetting:
        return {}
    before, after = (
        PanelResult.model_validate(run.directory.read_json(f"{folder}/panel"))
        for folder in ("base", f"round-{last}")
    )
    return measure_forgetting(before, after, seed=run.config.seed).model_dump()


def _tokens(directory: RunDirectory, last: int) -> dict[str, int]:
    """Tokens through forward and backward, by what they were spent on."""
    rounds = range(1, last + 1)
    trained = {number: directory.read_json(f"round-{number}/tokens") for number in (0, *rounds)}
    counts = {
        "textbooks": trained[0]["trained"],
        "exercises": sum(trained[number]["trained"] - trained[number]["replay"] for number in rounds),
        "replay": sum(trained[number]["replay"] for number in rounds),
        "calibration": sum(calibrated_in(directory, number) for number in rounds),
    }
    return {**counts, "total": sum(counts.values())}


def _rejected(directory: RunDirectory, last: int) -> dict[str, int]:
    verdicts = read_verdicts(directory, last).values()
    return dict(
        Counter(f"{one.method}: {one.reason}" for one in verdicts if one.verdict != "correct").most_common()
    )
