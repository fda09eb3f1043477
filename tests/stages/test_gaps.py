"""Skills without any admitted exercise."""

from pathlib import Path

from skilladapt.records import Exercise, Skill, Verdict
from skilladapt.skills.graph import SkillGraph
from skilladapt.stages.gaps import MOST_NAMED, gaps
from skilladapt.store import RunDirectory
from skilladapt.tables import ASKED, EXERCISES, VERDICTS, exercise_rows, rows

GRAPH = SkillGraph([Skill(id=f"s{place}", title=f"Skill {place}") for place in range(30)], [])


def exercise(*skills: str) -> Exercise:
    return Exercise(
        skill_ids=skills,
        question=f"What of {skills}?",
        solution="A step.",
        step_skills=skills[:1],
        answer="1",
        answer_type="number",
        difficulty=1,
        author="test",
    )


def directory_with(tmp_path: Path, verdicts: dict[tuple[str, ...], tuple[str, str]]) -> RunDirectory:
    """A run in which for each group of skills one exercise was written, with that verdict and reason."""
    written = {skills: exercise(*skills) for skills in verdicts}
    judged = [
        Verdict(exercise_id=written[skills].exercise_id, verdict=verdict, method="agreement", reason=reason)
        for skills, (verdict, reason) in verdicts.items()
    ]
    with RunDirectory(tmp_path / "run") as directory:
        directory.write_table("round-0/verdicts", [], VERDICTS)
        directory.write_table("round-1/exercises", exercise_rows(list(written.values())), EXERCISES)
        directory.write_table("round-1/verdicts", rows(judged), VERDICTS)
        asked = [{"purpose": "exercises", "skill_id": "s1", "asked": 4, "usable": 1}]
        directory.write_table("materials-asked", asked, ASKED)
    return directory


def test_a_skill_is_served_by_any_exercise_that_it_is_part_of(tmp_path: Path) -> None:
    found = directory_with(
        tmp_path,
        {
            ("s0", "s2"): ("correct", ""),
            ("s1",): ("incorrect", "3 of 3 say '7'"),
            ("s3",): ("undecided", "unclear"),
        },
    )
    assert gaps(found, GRAPH, ["s0", "s1", "s2", "s3", "s4"], 1) == [
        "No exercise at all was admitted for 'Skill 1': 4 were asked for, 1 usable; most often: 3 of 3 say ….",
        "No exercise at all was admitted for 'Skill 3': 1 were written; most often: unclear.",
        "No exercise at all was admitted for 'Skill 4'.",
    ]


def test_many_are_counted(tmp_path: Path) -> None:
    found = gaps(directory_with(tmp_path, {}), GRAPH, list(GRAPH.by_id), 1)
    assert len(found) == MOST_NAMED + 1 and found[-1].endswith("admitted for 10 more skills.")
