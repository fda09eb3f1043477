"""Suspects, and some others, are given to a second method before anything is decided about them."""

from collections.abc import Mapping, Sequence

import numpy as np

from skilladapt.adaptation.categorise import ERROR, Categorised
from skilladapt.adaptation.precision import Checks, choose_audit, count_checks, expected_precision
from skilladapt.adaptation.standing import Standing
from skilladapt.adaptation.suspects import Resolution, remove_suspects, resolve_suspects
from skilladapt.materials.author import Work, prepare
from skilladapt.progress import console
from skilladapt.records import PERSON, Calibration, Exercise, Probe, Verdict
from skilladapt.stages.admitting import NOTHING, Written, admit_exercises
from skilladapt.stages.context import Run
from skilladapt.stages.hearing import Heard
from skilladapt.tables import CHECKS
from skilladapt.verification.judging import second_opinion


def resolve(
    run: Run,
    standing: Standing,
    found: Categorised,
    calibration: Calibration,
    probes: Sequence[Probe],
    heard: Heard,
) -> tuple[Resolution, Written]:
    """Has suspects and an audit of others checked, where the policy wants that, and resolves the suspects.

    What is refuted is worked out anew by the author and takes the place of the wrong one if it is admitted, as
    long as the update may ask for exercises: each of these is one. A policy that never asks only removes. What a
    person said, `heard`, is not asked again, and counts as no check: a person looks at what is doubtful.
    Part of a stage that runs: writes the tables `checks` and the numbers in `checks.json`.
    """
    suspects = np.flatnonzero(found.category_E == ERROR)
    said = {row: verdict for row in suspects.tolist() if (verdict := _admitted_by_person(standing, row))}
    said |= heard.verdicts_of(standing)
    edited = heard.edited_of(standing)
    if not run.policy.checks_suspects:
        return remove_suspects(standing, found, calibration, said, edited), NOTHING
    audited = choose_audit(standing.observed, found, run.config.seed)
    asked = [row for row in np.sort(np.concatenate([suspects, audited])).tolist() if row not in said]
    verdicts = _opinions(run, standing, asked)
    checks = count_checks(standing, found, verdicts)
    spoken = {**verdicts, **said}
    share = checks.wrong_share
    precision = None if share is None else expected_precision(share, calibration)
    folder = f"round-{standing.observed.round}"
    run.directory.write_table(
        f"{folder}/checks",
        [
            {
                "example_id": standing.observed.id_of(row),
                "suspected": bool(found.category_E[row] == ERROR),
                **verdict.model_dump(include={"verdict", "method", "reason"}),
            }
            for row, verdict in sorted(spoken.items())
        ],
        CHECKS,
    )
    run.directory.write_json(
        f"{folder}/checks", {**checks.model_dump(), "wrong_share": share, "expected_precision": precision}
    )
    _tell(checks, precision)
    if not calibration.decisive:
        return resolve_suspects(standing, found, spoken, edited, calibration), NOTHING
    repaired, written = _repaired(run, standing, verdicts, probes, heard)
    return resolve_suspects(standing, found, spoken, {**repaired, **edited}, calibration), written


def _admitted_by_person(standing: Standing, row: int) -> Verdict | None:
    """The verdict that admitted an example, where that is a person's: no solver overrules it."""
    verdict = standing.example_of(row).verdict
    return verdict if verdict.method == PERSON else None


def _repaired(
    run: Run, standing: Standing, verdicts: Mapping[int, Verdict], probes: Sequence[Probe], heard: Heard
) -> tuple[Mapping[int, Exercise], Written]:
    """By row, the exercise that takes the place of a refuted one; and all that was written and judged for it."""
    refuted = [row for row, verdict in verdicts.items() if verdict.verdict == "incorrect"]
    most = run.config.adaptation.new_per_update if run.policy.writes_material else 0
    drafts: dict[int, Exercise] = {}
    prepare(run.domain.author, Work(to_solve=[standing.exercise_of(row) for row in refuted[:most]]))
    for row in refuted:
        if len(drafts) == most:
            break
        wrong = standing.exercise_of(row)
        again = run.domain.author.solve_again(wrong)
        if again is not None and again != wrong:
            drafts[row] = again.model_copy(update={"parent_ids": (wrong.exercise_id,)})
    left = [standing.exercise_of(row) for row in range(standing.observed.size) if row not in drafts]
    others = [*left, *heard.written.admitted().values()]
    written = admit_exercises(run, list(drafts.values()), others, probes, heard.in_force)
    admitted = written.admitted()
    repaired = {row: admitted.get(draft.exercise_id) for row, draft in drafts.items()}
    return {row: one for row, one in repaired.items() if one is not None}, written


def _opinions(run: Run, standing: Standing, rows: list[int]) -> Mapping[int, Verdict]:
    """By row, what a method says that did not admit the example; nothing where nothing can judge."""
    if run.domain.verifier is None:
        return {}
    admitted = [standing.example_of(row).verdict for row in rows]
    verdicts = second_opinion(
        [standing.exercise_of(row) for row in rows],
        {verdict.exercise_id: verdict.method for verdict in admitted},
        run.domain.verifier,
        workers=run.workers,
    )
    return dict(zip(rows, verdicts, strict=True))


def _tell(checks: Checks, precision: float | None) -> None:
    share = checks.wrong_share
    estimated = "" if share is None else f"; about {share:.0%} of all are wrong"
    estimated += "" if precision is None else f", expected precision {precision:.0%}"
    console.print(
        f"  checked: {checks.suspects_wrong} of {checks.suspects} suspects wrong, "
        f"{checks.others_wrong} of {checks.others_checked} others{estimated}"
    )
