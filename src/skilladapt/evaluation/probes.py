"""Held-out probes: written by an author, verified, paired and sealed before anything is trained.

Probes are never seen by training or adaptation. What is dropped on the way is counted, with its reason.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from skilladapt.errors import UserError
from skilladapt.records import Exercise, Probe, Record, Skill, Split, Verdict, canonical_question, content_hash

Check = Callable[[Sequence[Exercise]], Sequence[Verdict]]
"""The domain's verification: exercises to verdicts, in order."""


class ProbeAuthor(Protocol):
    """What is needed of an author here; every author has it."""

    @property
    def name(self) -> str:
        """Who it is."""
        ...

    def write_probes(self, skill: Skill, count: int, split: Split) -> list[Probe]:
        """`count` pairs of held-out probes, twins next to each other; fewer when the skill has no more."""
        ...


class WrittenProbes(Record):
    """The probes of a run and what a person should know about them."""

    probes: tuple[Probe, ...]
    """Twins next to each other, skills in the order they were asked for."""
    dropped: dict[str, int]
    """How many pairs were dropped for each reason."""
    findings: tuple[str, ...]
    """Remarks, a sentence each: closed spaces, dropped pairs, probes nobody checked."""


def write_probes(
    author: ProbeAuthor,
    skills: Sequence[Skill],
    pairs_per_skill: int,
    split: Split,
    check: Check | None,
    taken: Collection[str] = (),
) -> WrittenProbes:
    """Up to `pairs_per_skill` pairs of probes for each skill, every one verified.

    A pair is dropped when a twin is missing, when a question stands in another probe or among `taken` (questions
    used elsewhere), or when `check` does not find both answers correct. `check` is None only for a domain
    without a verifier; its probes are kept and a finding says so. Raises `UserError` when no pair is left at all.
    """
    seen = {canonical_question(question) for question in taken}
    pairs: list[tuple[Probe, Probe]] = []
    dropped: Counter[str] = Counter()
    findings = [] if check else ["The probes' own answers were not checked: the domain has no verifier."]
    for skill in skills:
        written = [probe for probe in author.write_probes(skill, pairs_per_skill, split)]
        whole, reasons = _whole_pairs(written, skill, split)
        fresh, repeated = _fresh_pairs(whole, seen)
        right, refuted = _verified_pairs(fresh, check) if check else (fresh, [])
        dropped.update(lost := [*reasons, *repeated, *refuted])
        findings += _remarks(skill, len(whole) + len(reasons), len(lost), pairs_per_skill)
        pairs += right[:pairs_per_skill]
    if not pairs:
        why = "; ".join(f"{reason} ({count})" for reason, count in dropped.most_common()) or "it wrote none"
        raise UserError(
            f"The author '{author.name}' has no usable probe for any of {len(skills)} skills: {why}; "
            "mend the author or the domain's verifier."
        )
    probes = tuple(probe for pair in pairs for probe in pair)
    return WrittenProbes(probes=probes, dropped=dict(sorted(dropped.items())), findings=tuple(findings))


def pairs_of(probes: Sequence[Probe]) -> list[tuple[Probe, Probe]]:
    """The pairs in the order in which they first occur; the first member is the probe, the second its twin.

    Raises `ValueError` when a pair has not exactly two members.
    """
    members: dict[str, list[Probe]] = {}
    for probe in probes:
        members.setdefault(probe.pair, []).append(probe)
    broken = [pair for pair, twins in members.items() if len(twins) != 2]
    if broken:
        raise ValueError(f"every probe needs exactly one twin; look at the pairs {broken[:5]}")
    return [(twins[0], twins[1]) for twins in members.values()]


def seal(probes: Sequence[Probe]) -> str:
    """A hash of all probes in their order, 16 hexadecimal digits: it changes when any of them does."""
    return content_hash("probes", [probe.probe_id for probe in probes])


def _whole_pairs(
    written: Sequence[Probe], skill: Skill, split: Split
) -> tuple[list[tuple[Probe, Probe]], list[str]]:
    members: dict[str, list[Probe]] = {}
    for probe in written:
        members.setdefault(probe.pair, []).append(probe)
    whole, reasons = [], []
    for twins in members.values():
        if len(twins) != 2:
            reasons.append("not exactly two twins")
        elif any(probe.skill_id != skill.id or probe.split != split for probe in twins):
            reasons.append("for another skill or split than asked")
        else:
            whole.append((twins[0], twins[1]))
    return whole, reasons


def _fresh_pairs(
    pairs: Sequence[tuple[Probe, Probe]], seen: set[str]
) -> tuple[list[tuple[Probe, Probe]], list[str]]:
    """Pairs of questions not seen before, which are added to `seen`."""
    fresh = []
    for pair in pairs:
        questions = {canonical_question(probe.question) for probe in pair}
        if len(questions) == 2 and not questions & seen:
            fresh.append(pair)
            seen |= questions
    return fresh, ["a question stands there twice"] * (len(pairs) - len(fresh))


def _verified_pairs(
    pairs: Sequence[tuple[Probe, Probe]], check: Check
) -> tuple[list[tuple[Probe, Probe]], list[str]]:
    verdicts = iter(check([_as_exercise(probe) for pair in pairs for probe in pair]))
    right, reasons = [], []
    for pair in pairs:
        judged = [next(verdicts), next(verdicts)]
        failed = [verdict for verdict in judged if verdict.verdict != "correct"]
        if failed:
            reasons.append(f"its own answer is {failed[0].verdict}: {failed[0].reason}")
        else:
            right.append(pair)
    return right, reasons


def _as_exercise(probe: Probe) -> Exercise:
    """A probe in the form that verification reads; it is judged by its answer alone and never trained on."""
    return Exercise(
        skill_ids=(probe.skill_id,),
        question=probe.question,
        solution="",
        step_skills=(),
        answer=probe.answer,
        answer_type=probe.answer_type,
        difficulty=1,
        author="probe",
    )


def _remarks(skill: Skill, written: int, lost: int, wanted: int) -> list[str]:
    remarks = []
    if written < wanted:
        remarks.append(
            f"'{skill.title}' has only {written} of {wanted} pairs of probes: its questions may be a closed space."
        )
    if lost:
        remarks.append(f"'{skill.title}' lost {lost} of {written} pairs of probes, which were dropped.")
    return remarks
