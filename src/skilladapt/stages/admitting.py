"""The only way into the data: what an author wrote is verified, and what is accepted becomes an example."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from skilladapt.decisions import Decisions
from skilladapt.evaluation.benchmarks import read_benchmark
from skilladapt.records import PERSON, Example, Exercise, Probe, Textbook, Verdict, content_hash, material_id
from skilladapt.stages.context import Run
from skilladapt.stages.corrupting import Corrupted, corrupt_exercises
from skilladapt.stages.deciding import UNDECIDED, spoken, tell_in_vain
from skilladapt.verification import admission


@dataclass(frozen=True)
class Written:
    """Materials an author wrote, the verdict on each, and the examples made of the accepted ones."""

    materials: Sequence[Textbook | Exercise]
    verdicts: Sequence[Verdict]
    examples: Sequence[Example]
    injected: Sequence[Corrupted] = ()
    """What was put in the place of right exercises, for an experiment."""
    edited: Mapping[str, str] = field(default_factory=dict)
    """The id of what the author wrote, by the id of what a person made of it."""

    @property
    def drafts(self) -> int:
        """How many the author wrote; what a person made of one is not another one."""
        return sum(material_id(one) not in self.edited for one in self.materials)

    def admitted(self) -> Mapping[str, Exercise]:
        """Exercises admitted, by the id of what the author wrote: it may have been edited, or made wrong."""
        drafted = {**self.edited, **{one.wrong.exercise_id: one.original.exercise_id for one in self.injected}}
        exercises = [one.material for one in self.examples if isinstance(one.material, Exercise)]
        return {drafted.get(one.exercise_id, one.exercise_id): one for one in exercises}


NOTHING = Written((), (), ())


def both(first: Written, second: Written) -> Written:
    """What was written first, then what was written second."""
    return Written(
        [*first.materials, *second.materials],
        [*first.verdicts, *second.verdicts],
        [*first.examples, *second.examples],
        [*first.injected, *second.injected],
        {**first.edited, **second.edited},
    )


def admit_exercises(
    run: Run,
    exercises: Sequence[Exercise],
    existing: Sequence[Exercise],
    probes: Sequence[Probe],
    decisions: Decisions = UNDECIDED.new,
) -> Written:
    """Verifies exercises, also against those that are `existing` already; equal ones count once.

    What a person decided goes before the verifier, and an edited exercise comes in with its original.

    One that exists already has its verdict; a second one, of a repetition, would take the first one's place.
    """
    known = {exercise.exercise_id for exercise in existing}
    said = spoken(exercises, decisions)
    drafts = list({id: one for one in said.exercises if (id := one.exercise_id) not in known}.values())
    verdicts = admission.admit(
        drafts,
        run.domain.verifier,
        skill_ids=run.graph.by_id,
        closure=run.graph.closure,
        probes=probes,
        existing=[exercise.question for exercise in existing],
        benchmark_questions=_benchmark_questions(run),
        by_person=said.verdicts,
        workers=run.workers,
    )
    written = replace(_written(run, drafts, verdicts), edited=said.edited)
    tell_in_vain(written.verdicts, said.verdicts)
    return _injected(run, written, decisions) if run.config.materials.wrong_share else written


def admit_textbooks(run: Run, textbooks: Sequence[Textbook], probes: Sequence[Probe]) -> Written:
    """Checks textbooks; their worked examples are the author's and are not trained on as exercises."""
    books = list({book.textbook_id: book for book in textbooks}.values())
    verdicts = admission.admit_textbooks(
        books, skill_ids=run.graph.by_id, probes=probes, benchmark_questions=_benchmark_questions(run)
    )
    return _written(run, books, verdicts)


def _written(run: Run, materials: Sequence[Textbook | Exercise], verdicts: Sequence[Verdict]) -> Written:
    """Examples of the accepted materials, but for those that the student cannot read whole."""
    final, examples = [], []
    for material, verdict in zip(materials, verdicts, strict=True):
        fault = run.classroom.fault_of(material) if verdict.verdict == "correct" else ""
        if fault:
            verdict = Verdict(exercise_id=verdict.exercise_id, verdict="undecided", method="length", reason=fault)
        if verdict.verdict == "correct":
            examples.append(Example(material=material, verdict=verdict))
        final.append(verdict)
    return Written(materials=materials, verdicts=final, examples=examples)


def _injected(run: Run, written: Written, decisions: Decisions) -> Written:
    """Some of the admitted exercises with a wrong version in their place, as if verification had missed it.

    Which ones, only a sealed table says, that no decision is ever made from. What a person found right stays, and
    a wrong version that a person found is rejected.
    """
    share, seed = run.config.materials.wrong_share, run.config.seed
    right = [one.material for one in written.examples if one.verdict.method != PERSON]
    exercises = [one for one in right if isinstance(one, Exercise)]
    drawn = [one for one in exercises if int(content_hash("inject", seed, one.exercise_id), 16) < share * 16**16]
    injected = {one.original.exercise_id: one for one in corrupt_exercises(run, drawn, "inject")}

    def replaced(verdict: Verdict) -> Verdict:
        found = injected.get(verdict.exercise_id)
        if found is None:
            return verdict
        decision = decisions.get(found.wrong.exercise_id)
        copied = verdict.model_copy(update={"exercise_id": found.wrong.exercise_id})
        return (decision and decision.verdict()) or copied

    def version(material: Textbook | Exercise) -> Textbook | Exercise:
        found = injected.get(material_id(material))
        return found.wrong if found else material

    return replace(
        written,
        materials=[version(one) for one in written.materials],
        verdicts=[replaced(one) for one in written.verdicts],
        examples=[
            Example(material=version(one.material), verdict=verdict)
            for one in written.examples
            if (verdict := replaced(one.verdict)).verdict == "correct"
        ],
        injected=tuple(injected.values()),
    )


def _benchmark_questions(run: Run) -> list[str]:
    return [item.question for name in run.config.evaluation.benchmarks for item in read_benchmark(Path(name))]
