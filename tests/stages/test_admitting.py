"""What admitting makes of an exercise that a person edited."""

from pathlib import Path

from skilladapt import pipeline
from skilladapt.decisions import Decision, Edited
from skilladapt.records import Assignment
from skilladapt.stages.admitting import admit_exercises, both
from skilladapt.stages.charting import prepare_graph
from skilladapt.stages.context import Run
from skilladapt.store import RunDirectory
from skilladapt.verification.workers import Workers

SMOKE = Path(__file__).parents[2] / "runs" / "smoke.toml"


def test_what_a_person_made_of_a_draft_counts_as_that_draft(tmp_path: Path) -> None:
    config = pipeline.load(SMOKE, ["runtime.workers=1"])
    with RunDirectory(tmp_path / "run") as directory, Workers(1) as workers:
        run = Run(config, directory, prepare_graph(config, directory), workers)
        drafts = run.domain.author.write_exercises(Assignment(skill_ids=("power-rule",), difficulty=1, count=3))
        edited = Edited(question=f"{drafts[0].question} Show your work.")
        decision = Decision(exercise_id=drafts[0].exercise_id, decision="edit", edited=edited)
        written = admit_exercises(run, drafts, [], [], {decision.exercise_id: decision})
    assert len(written.materials) == len(written.verdicts) == 4
    assert written.drafts == 3
    assert both(written, written).drafts == 6
    version = edited.version_of(drafts[0])
    assert written.admitted()[drafts[0].exercise_id] == version
