"""The report: one run directory becomes one HTML file that needs nothing else and asks for nothing.

Everything is drawn here, before anybody opens the page; one small script of ours makes tooltips quicker and the
page reads as well without it. The page's own policy lets no other script, style, image or request in, whatever
foreign text (titles, questions, replies, reasons) contains.
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from skilladapt.durable import write_atomically
from skilladapt.errors import RunError, UserError
from skilladapt.pages import own_text, page_environment, policy_of
from skilladapt.records import Category
from skilladapt.report import curves, excerpts, figures, tables, visible
from skilladapt.report.meanings import meaning_of
from skilladapt.report.plots import Plot
from skilladapt.report.reading import Reading, read_run
from skilladapt.report.skill_map import lay_out
from skilladapt.store import RunDirectory

NAME = "report.html"
MOST_SMALL_PLOTS = 60
"""Skills, in syllabus order, that get a loss curve of their own."""


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
    content = _content(reading)
    style, script = (own_text(environment, name) for name in ("style.css", "tooltips.js"))
    if content["skill_map"]:
        style += Markup(".graph svg {{ min-width: {:.0f}px; }}\n").format(content["skill_map"].least_width)
    return environment.get_template("report.html").render(
        **content,
        style=style,
        script=script,
        policy=policy_of(style, [script]),
    )


def _environment() -> Environment:
    environment = page_environment("skilladapt.report", visible.visible)
    environment.filters.update(
        clip=visible.clip,
        percent=visible.percent,
        points=visible.points,
        number=visible.number,
        signed=visible.signed,
        duration=visible.duration,
        stage_name=visible.stage_name,
    )
    return environment


def _content(reading: Reading) -> dict[str, Any]:
    before, after = tables.before_and_after(reading)
    rows = tables.skill_rows(reading)
    stage_rows = tables.stage_rows(reading)
    seconds = tables.stage_seconds(reading.events)
    return {
        "reading": reading,
        "summary": reading.summary,
        "teacher": reading.teacher,
        "title": _title(reading),
        "about": _about(reading),
        "before": before,
        "after": after,
        "base_score": tables.score_of(reading, "base", "all"),
        "score_key": _score_key(reading),
        "shown_score": tables.score_of(reading, "base-few-shot", "all"),
        "after_score": tables.score_of(reading, after, "all"),
        "difference": next(
            (row for row in reading.summary.paired if (row.before, row.after, row.family) == (before, after, "")),
            None,
        ),
        "seconds": seconds,
        "total_seconds": sum(spent for _, spent in seconds),
        "stage_rows": stage_rows,
        "progress": figures.accuracy_over_stages([row.probes for row in stage_rows if row.probes]),
        "family_rows": tables.family_rows(reading),
        "other_sets": tables.other_sets(reading),
        "skill_map": lay_out(reading.skills, reading.prerequisites),
        "skill_rows": rows,
        "row_of": {row.skill_id: row for row in rows},
        "index_of": {skill.id: index for index, skill in enumerate(reading.skills)},
        "meaning": meaning_of(_policy(reading)),
        "curve_key": _curve_key(reading),
        "data_maps": [plot for round in reading.rounds if (plot := figures.data_map(round, reading))],
        "category_shares": _category_shares(reading),
        "loss_plot": curves.loss_curves(reading.rounds),
        "skill_plots": _skill_plots(reading),
        "calibrations": [
            (round.calibration, excerpts.found_by_kind(round))
            for round in reading.rounds
            if round.calibration and round.calibration.fitted_in_round == round.number
        ],
        "reused_calibrations": _reused_calibrations(reading),
        "checks": [(round.number, round.checks) for round in reading.rounds if round.checks],
        "checked": tables.checked(reading),
        "action_counts": excerpts.action_counts(reading),
        "action_rounds": [round.number for round in reading.rounds if round.actions],
        "decisions": excerpts.decisions(reading),
        "answers": excerpts.answers_by_skill(reading),
        "samples": excerpts.sample_exercises(reading),
        "textbooks": excerpts.sample_textbooks(reading),
        "rejections": excerpts.rejections(reading),
    }


def _title(reading: Reading) -> str:
    title = reading.settings.get("title")
    if isinstance(title, str) and title:
        return title
    domain = reading.provenance.get("domain") or reading.settings.get("domain")
    return f"{_model(reading).get('name', 'A student')} learns {domain}" if domain else "What the student learned"


def _about(reading: Reading) -> str:
    """The student and the task in one line."""
    model = _model(reading)
    pieces = [str(model.get("description") or model.get("name") or "")]
    for key, words in (("parameters", "parameters"), ("trainable_parameters", "of them trained")):
        count = model.get(key)
        if isinstance(count, int):
            pieces.append(f"{count:,} {words}")
    if reading.skills:
        taught = len(tables.taught_skills(reading))
        pieces.append(f"{taught} of {len(reading.skills)} skills taught")
    return "; ".join(piece for piece in pieces if piece)


def _model(reading: Reading) -> Mapping[str, Any]:
    model = reading.provenance.get("model")
    return model if isinstance(model, Mapping) else {}


def _score_key(reading: Reading) -> dict[str, str]:
    """What the marks of scores stand for: those only that were measured, or will be."""
    names = {"base": "base model", "shown": "base model, shown the format", "after": "after training"}
    is_shown = any(score.when == "base-few-shot" for score in reading.scores)
    return {mark: words for mark, words in names.items() if is_shown or mark != "shown"}


def _policy(reading: Reading) -> str:
    adaptation = reading.settings.get("adaptation")
    return str(adaptation.get("policy", "calibrated")) if isinstance(adaptation, Mapping) else "calibrated"


def _curve_key(reading: Reading) -> dict[str, str]:
    """What the marks of loss curves stand for."""
    given = meaning_of(_policy(reading)).categories
    names: dict[str, str] = {name: figures.shown_category(name) for name in figures.CATEGORIES if name in given}
    return {**names, "plain": "not categorised, or textbooks"}


def _reused_calibrations(reading: Reading) -> dict[int, list[int]]:
    """By the round a calibration was fitted in, the later rounds that used it."""
    reused: dict[int, list[int]] = {}
    for round in reading.rounds:
        if round.calibration and round.calibration.fitted_in_round != round.number:
            reused.setdefault(round.calibration.fitted_in_round, []).append(round.number)
    return reused


def _category_shares(reading: Reading) -> list[tuple[int, int, list[tuple[Category, int]]]]:
    """For each round with categories: its number, how many examples, and how many in each category."""
    found = []
    for round in reading.rounds:
        counts = Counter(row.category for row in round.categories)
        if counts:
            found.append((round.number, counts.total(), [(name, counts[name]) for name in figures.CATEGORIES]))
    return found


def _skill_plots(reading: Reading) -> list[Plot]:
    ids: dict[str, set[str]] = {}
    for round in reading.rounds:
        for example_id in round.loss_P:
            ids.setdefault(reading.skill_id_of(example_id) or "", set()).add(example_id)
    plots = [
        curves.skill_curve(skill.title, reading.rounds, ids[skill.id])
        for skill in reading.skills[:MOST_SMALL_PLOTS]
        if skill.id in ids
    ]
    return [plot for plot in plots if plot]
