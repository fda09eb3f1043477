"""The report: one run directory becomes one HTML file that needs nothing else and asks for nothing.

Everything is drawn here, before anybody opens the page; one small script of ours makes tooltips quicker and the
page reads as well without it. The page's own policy lets no other script, style, image or request in, whatever
foreign text (titles, questions, replies, reasons) contains.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from skilladapt.errors import RunError, UserError
from skilladapt.report import figures, tables, visible
from skilladapt.report.reading import Reading, read_run
from skilladapt.report.skill_map import lay_out
from skilladapt.store import RunDirectory, write_atomically

NAME = "report.html"
MOST_SMALL_PLOTS = 60
"""Skills that get a loss curve of their own."""


def write_report(directory: RunDirectory) -> Path:
    """Writes `report.html` into the run directory atomically and returns its path.

    Needs no lock, so a running run can be looked at. Raises UserError when there is no such directory, RunError
    when the file cannot be written; missing or damaged files of the run are named on the page instead.
    """
    if not directory.path.is_dir():
        raise UserError(f"There is no run directory {directory.path}; check the path.")
    path = directory.path / NAME
    page = render(read_run(directory)).encode("utf-8")
    try:
        write_atomically(path, page)
    except OSError as error:
        raise RunError(
            f"{path} could not be written: {error.strerror or error}; mend that and run the command again."
        ) from error
    return path


def render(reading: Reading) -> str:
    """The page as text."""
    environment = _environment()
    style, script = (_own_text(environment, name) for name in ("style.css", "tooltips.js"))
    return environment.get_template("report.html").render(
        **_content(reading),
        style=style,
        script=script,
        policy="; ".join(
            [
                "default-src 'none'",
                f"style-src '{_policy_hash(style)}'",
                f"script-src '{_policy_hash(script)}'",
                "img-src data:",
                "base-uri 'none'",
                "form-action 'none'",
            ]
        ),
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("skilladapt.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=visible.visible,
    )
    environment.filters.update(
        clip=visible.clip,
        percent=visible.percent,
        points=visible.points,
        number=visible.number,
        duration=visible.duration,
        stage_name=visible.stage_name,
    )
    return environment


def _own_text(environment: Environment, name: str) -> Markup:
    """A file of ours, to be put into the page as it is; never anything foreign."""
    assert environment.loader is not None
    return Markup(environment.loader.get_source(environment, name)[0])


def _policy_hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _content(reading: Reading) -> dict[str, Any]:
    before, after = tables.before_and_after(reading)
    rows = tables.skill_rows(reading)
    stage_rows = tables.stage_rows(reading)
    model = _mapping(reading.provenance.get("model"))
    return {
        "reading": reading,
        "title": _title(reading, model),
        "model": model,
        "before": before,
        "after": after,
        "headline": _headline(reading, before, after),
        "stage_rows": stage_rows,
        "progress": figures.accuracy_over_stages([row.probes for row in stage_rows if row.probes]),
        "other_sets": tables.other_sets(reading),
        "skill_map": lay_out(reading.skills, reading.prerequisites),
        "skill_rows": rows,
        "row_of": {skill.id: row for skill, row in _rows_by_skill(reading, rows)},
        "index_of": {skill.id: index for index, skill in enumerate(reading.skills)},
        "data_maps": [plot for round in reading.rounds if (plot := figures.data_map(round, reading))],
        "category_shares": _category_shares(reading),
        "categories": figures.CATEGORIES,
        "loss_plot": figures.loss_curves(reading.rounds),
        "skill_plots": _skill_plots(reading),
        "calibrations": [round.calibration for round in reading.rounds if round.calibration],
        "action_counts": tables.action_counts(reading),
        "action_rounds": [round.number for round in reading.rounds if round.actions],
        "decisions": tables.decisions(reading),
        "answers": tables.answers_by_skill(reading),
        "samples": tables.sample_exercises(reading),
        "textbooks": tables.sample_textbooks(reading),
        "rejections": tables.rejections(reading),
        "seconds": tables.stage_seconds(reading.events),
        "tokens": _numbers(reading.summary.get("tokens")),
        "forgetting": _numbers(reading.summary.get("forgetting")),
        "paired": _paired(reading),
    }


def _title(reading: Reading, model: Mapping[str, Any]) -> str:
    title = reading.settings.get("title")
    if isinstance(title, str) and title:
        return title
    domain = reading.provenance.get("domain") or reading.settings.get("domain")
    return f"{model.get('name', 'A student')} learns {domain}" if domain else "What the student learned"


def _rows_by_skill(reading: Reading, rows: Sequence[tables.SkillRow]) -> Any:
    by_anchor = {row.anchor: row for row in rows if not row.is_level}
    return [(skill, by_anchor[f"skill-{index}"]) for index, skill in enumerate(reading.skills)]


def _headline(reading: Reading, before: str | None, after: str | None) -> Mapping[str, Any]:
    return {
        "base": tables.score_of(reading, "base", "all"),
        "shown": tables.score_of(reading, "base-few-shot", "all"),
        "after": tables.score_of(reading, after, "all"),
        "paired": next(
            (row for row in _paired(reading) if row["before"] == before and row["after"] == after), None
        ),
        "tokens": _numbers(reading.summary.get("tokens")).get("total"),
        "seconds": sum(seconds for _, seconds in tables.stage_seconds(reading.events)),
        "forgotten": _numbers(reading.summary.get("forgetting")).get("difference"),
    }


def _paired(reading: Reading) -> list[Mapping[str, Any]]:
    needed = {"before", "after", "difference", "ci_low", "ci_high", "n_pairs", "label"}
    rows = reading.summary.get("paired")
    return (
        [row for row in rows if isinstance(row, Mapping) and needed <= row.keys()]
        if isinstance(rows, list)
        else []
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _numbers(value: Any) -> Mapping[str, float]:
    return {key: n for key, n in _mapping(value).items() if isinstance(n, int | float) and not isinstance(n, bool)}


def _category_shares(reading: Reading) -> list[tuple[int, int, list[tuple[str, int]]]]:
    """For each round with categories: its number, how many examples, and how many in each category."""
    found = []
    for round in reading.rounds:
        counts = Counter(row.category for row in round.categories)
        if counts:
            found.append((round.number, counts.total(), [(name, counts[name]) for name in figures.CATEGORIES]))
    return found


def _skill_plots(reading: Reading) -> list[figures.Plot]:
    ids: dict[str, set[str]] = {}
    for round in reading.rounds:
        for example_id in round.loss_P:
            ids.setdefault(reading.skill_id_of(example_id) or "", set()).add(example_id)
    plots = [
        figures.skill_curve(skill.title, reading.rounds, ids[skill.id])
        for skill in reading.skills
        if skill.id in ids
    ]
    return [plot for plot in plots if plot][:MOST_SMALL_PLOTS]
