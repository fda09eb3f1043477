"""What material must pass before anything is trained on it, cheapest check first.

There is one verdict for every material, in order, and its method says which check spoke. Here *incorrect* means
that the material must not be used: it may be wrong, repeat another one, or give a probe away.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final

from skilladapt.records import Exercise, Probe, Textbook, Verdict, is_held_out
from skilladapt.verification.judging import verify_exercises
from skilladapt.verification.overlap import find_duplicates, find_overlap
from skilladapt.verification.verifier import Verifier
from skilladapt.verification.workers import Workers

Closure = Callable[[Iterable[str]], frozenset[str]]
"""Skill ids to themselves and everything they need, such as `SkillGraph.closure`."""

FORMAL: Final = frozenset({"skills", "held-out", "overlap", "duplicate", "length"})
"""Methods that judge the form of a material and not whether it is right; nobody overrules them, no person either.

`length`, what a student cannot read whole, is checked by whoever has the student.
"""
NOBODY: Final[Mapping[str, Verdict]] = {}
MIN_WORDS: Final = 20
MAX_WORDS: Final = 2_000


def admit(
    exercises: Sequence[Exercise],
    verifier: Verifier | None,
    *,
    skill_ids: Collection[str],
    closure: Closure,
    probes: Sequence[Probe],
    existing: Collection[str] = (),
    benchmark_questions: Collection[str] = (),
    by_person: Mapping[str, Verdict] = NOBODY,
    workers: Workers | int = 2,
) -> list[Verdict]:
    """A verdict on every exercise; only one that is *correct* may become an example.

    In this order: the skills exist and the steps stay in their `closure` (method `skills`); the question is not
    held out (`held-out`) and overlaps with neither probes nor benchmarks (`overlap`); the verifier finds it right,
    by a method of its own; and it repeats neither an `existing` question nor another one found right (`duplicate`,
    last, so that a right exercise is never dropped for a wrong one). With no verifier the verdict is undecided.

    `by_person`, by exercise id, takes the place of the verifier's verdict, and of nothing else.
    """
    verdicts: dict[str, Verdict] = {}

    def reject(method: str, reasons: dict[str, str]) -> None:
        for id, reason in reasons.items():
            verdicts.setdefault(id, Verdict(exercise_id=id, verdict="incorrect", method=method, reason=reason))

    def remaining() -> list[Exercise]:
        return [exercise for exercise in exercises if exercise.exercise_id not in verdicts]

    faults = {exercise.exercise_id: _skill_fault(exercise, skill_ids, closure) for exercise in exercises}
    reject("skills", {id: fault for id, fault in faults.items() if fault})
    held_out = [exercise for exercise in remaining() if is_held_out(exercise.question)]
    reject("held-out", {exercise.exercise_id: "the question is held out for probes" for exercise in held_out})
    reject("overlap", find_overlap(remaining(), probes, benchmark_questions))
    left = remaining()
    judged = [exercise for exercise in left if exercise.exercise_id not in by_person]
    if verifier is None:
        found = [
            Verdict(
                exercise_id=exercise.exercise_id,
                verdict="undecided",
                method="none",
                reason="the domain has no verifier",
            )
            for exercise in judged
        ]
    else:
        found = verify_exercises(judged, verifier, workers=workers)
    said = {verdict.exercise_id: verdict for verdict in found} | dict(by_person)
    right = [exercise for exercise in left if said[exercise.exercise_id].verdict == "correct"]
    reject("duplicate", find_duplicates(right, existing))
    for exercise in left:
        verdicts.setdefault(exercise.exercise_id, said[exercise.exercise_id])
    return [verdicts[exercise.exercise_id] for exercise in exercises]


def admit_textbooks(
    textbooks: Sequence[Textbook],
    *,
    skill_ids: Collection[str],
    probes: Sequence[Probe],
    benchmark_questions: Collection[str] = (),
) -> list[Verdict]:
    """A verdict on every textbook: its skill exists, it has 20 to 2,000 words and none of a probe's wordings."""
    overlaps = find_overlap(textbooks, probes, benchmark_questions)
    verdicts = []
    for textbook in textbooks:
        id, words = textbook.textbook_id, len(textbook.text.split())
        method, reason = "text", ""
        if textbook.skill_id not in skill_ids:
            method, reason = "skills", f"the skill '{textbook.skill_id}' is not in the graph"
        elif not MIN_WORDS <= words <= MAX_WORDS:
            reason = f"it has {words} words; {MIN_WORDS} to {MAX_WORDS} are allowed"
        elif id in overlaps:
            method, reason = "overlap", overlaps[id]
        verdicts.append(
            Verdict(exercise_id=id, verdict="incorrect" if reason else "correct", method=method, reason=reason)
        )
    return verdicts


def _skill_fault(exercise: Exercise, skill_ids: Collection[str], closure: Closure) -> str:
    unknown = sorted({*exercise.skill_ids, *exercise.step_skills} - set(skill_ids))
    if unknown:
        return f"skills that are not in the graph: {', '.join(unknown)}"
    foreign = sorted(set(exercise.step_skills) - closure(exercise.skill_ids))
    if foreign:
        return f"steps use skills that the exercise does not need: {', '.join(foreign)}"
    steps = len(exercise.solution.splitlines())
    if steps != len(exercise.step_skills):
        return f"{steps} steps, but skills for {len(exercise.step_skills)}"
    return ""
