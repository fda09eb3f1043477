"""What is known to be wrong with an edited exercise before a run admits it: its form, not whether it is right."""

from collections.abc import Callable
from pathlib import Path

from skilladapt.config import load_saved_config
from skilladapt.evaluation.benchmarks import read_benchmark
from skilladapt.records import PERSON, Exercise, Verdict
from skilladapt.skills.graph import SkillGraph
from skilladapt.stages.library import read_entries
from skilladapt.store import RunDirectory
from skilladapt.tables import probe_of
from skilladapt.verification.admission import admit

FormalFault = Callable[[Exercise, Exercise], str]
"""Of an edited exercise and its original: why the run would not admit it, or nothing."""


def formal_checks(directory: RunDirectory, graph: SkillGraph) -> FormalFault:
    """The checks of a run, as far as they need no student: skills, probes, benchmarks, repetitions."""
    probes = [probe_of(row) for row in directory.rows("probes")]
    names = load_saved_config(directory.path / "config.toml").evaluation.benchmarks
    outside = [item.question for name in names for item in read_benchmark(Path(name))]
    latest = next((n for n in reversed(directory.rounds()) if directory.has(f"round-{n}/examples")), 0)
    entries = read_entries(directory, latest) if latest else {}
    existing = [entry.example.material for entry in entries.values()]

    def fault(edited: Exercise, original: Exercise) -> str:
        id = edited.exercise_id
        (verdict,) = admit(
            [edited],
            None,
            skill_ids=graph.by_id,
            closure=graph.closure,
            probes=probes,
            existing=[one.question for one in existing if isinstance(one, Exercise) and one != original],
            benchmark_questions=outside,
            by_person={id: Verdict(exercise_id=id, verdict="correct", method=PERSON)},
        )
        return verdict.reason if verdict.verdict != "correct" else ""

    return fault
