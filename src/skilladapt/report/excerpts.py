"""What the page quotes from a run: decisions, answers, exercises, reasons.

Selections are small and deterministic: the first of each kind in an order that puts the telling ones first. What
was left out is counted.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from skilladapt.records import Action, ActionKind, Answer, Exercise, Skill, Textbook, Verdict
from skilladapt.report.reading import Reading, Round
from skilladapt.report.tables import before_and_after

T = TypeVar("T")

ACTION_ORDER: tuple[ActionKind, ...] = (
    "remove",
    "repair",
    "quarantine",
    "reclassify",
    "augment",
    "compose",
    "downweight",
    "bench",
    "keep",
)
PER_ACTION = 3
"""Ledger excerpts shown of each kind of action."""
PER_SKILL = 4
"""Answers shown of each skill."""


@dataclass(frozen=True)
class Decision:
    """One ledger row with the exercise it is about and the exercises written because of it."""

    action: Action
    exercise: Exercise | None
    skill: Skill | None
    children: tuple[tuple[Exercise, Verdict | None], ...]


def decisions(reading: Reading) -> list[Decision]:
    """A few ledger rows of every kind of action: with exercises and children first, later rounds first."""
    verdicts = {verdict.exercise_id: verdict for round in reading.rounds for verdict in round.verdicts}
    skill_of = reading.skill_of

    def decision(action: Action) -> Decision:
        children = [(reading.exercises.get(id), verdicts.get(id)) for id in action.child_ids]
        return Decision(
            action,
            reading.exercise_of(action.example_id),
            skill_of.get(reading.skill_id_of(action.example_id) or ""),
            tuple((exercise, verdict) for exercise, verdict in children if exercise),
        )

    chosen: list[Decision] = []
    for kind in ACTION_ORDER:
        rows = [action for round in reading.rounds for action in round.actions if action.action == kind]
        rows.sort(key=lambda row: (not row.child_ids, reading.exercise_of(row.example_id) is None, -row.round))
        # At most one for each skill where there are enough, so that an excerpt is not all about one skill.
        first = _first_of_each(rows, lambda row: reading.skill_id_of(row.example_id))
        if len(first) < PER_ACTION:
            first += [row for row in rows if row not in first]
        chosen += [decision(row) for row in first[:PER_ACTION]]
    return chosen


def _first_of_each(rows: Iterable[T], key: Callable[[T], Hashable]) -> list[T]:
    """The first row with each key, in the order of the rows."""
    first: dict[Hashable, T] = {}
    for row in rows:
        first.setdefault(key(row), row)
    return list(first.values())


def action_counts(reading: Reading) -> list[tuple[str, list[int]]]:
    """How often each action was taken in each round that has a ledger, kinds in a fixed order."""
    counts = [Counter(action.action for action in round.actions) for round in reading.rounds if round.actions]
    return [(kind, [c[kind] for c in counts]) for kind in ACTION_ORDER if any(c[kind] for c in counts)]


@dataclass(frozen=True)
class AnswerPair:
    """One probe answered before and after."""

    before: Answer | None
    after: Answer


@dataclass(frozen=True)
class SkillAnswers:
    """Answers of one skill: still wrong ones first, then newly right ones."""

    title: str
    wrong: int
    of: int
    pairs: tuple[AnswerPair, ...]


def answers_by_skill(reading: Reading) -> list[SkillAnswers]:
    """Expected and given answers of the last stage beside the control's, skills with most wrong answers first.

    Answers that are about no skill of the graph (the panel's, benchmarks') are not among them.
    """
    before, after = before_and_after(reading)
    last = after or before
    earlier = {answer.probe_id: answer for answer in reading.answers if answer.when == before != last}
    titles = {skill.id: skill.title for skill in reading.skills}
    groups: dict[str, list[AnswerPair]] = {}
    for answer in reading.answers:
        if answer.when == last and (answer.skill_id in titles or not titles):
            groups.setdefault(answer.skill_id, []).append(AnswerPair(earlier.get(answer.probe_id), answer))
    found = []
    for skill_id, pairs in groups.items():
        wrong = [pair for pair in pairs if not pair.after.correct]
        gained = [pair for pair in pairs if pair.after.correct and pair.before and not pair.before.correct]
        shown = [*wrong[: PER_SKILL - 1], *gained]
        found.append(
            SkillAnswers(titles.get(skill_id, skill_id), len(wrong), len(pairs), tuple(shown[:PER_SKILL]))
        )
    return sorted(found, key=lambda group: -group.wrong / group.of)


def sample_exercises(reading: Reading) -> list[tuple[str, list[Exercise]]]:
    """Admitted exercises of each kind: at most three each, all of different skills."""
    admitted = {v.exercise_id for round in reading.rounds for v in round.verdicts if v.verdict == "correct"}
    found = []
    for kind in ("fresh", "composed", "augmented"):
        rows = [e for id, e in reading.exercises.items() if e.kind == kind and id in admitted]
        first = _first_of_each(rows, lambda exercise: exercise.skill_ids[0])
        step = max(1, len(first) // 3)
        if rows:
            found.append((kind, first[::step][:3]))
    return found


def sample_textbooks(reading: Reading) -> list[Textbook]:
    """The pages of the first and of the last skill."""
    books = list(reading.textbooks.values())
    return books[:1] + books[1:][-1:]


def rejections(reading: Reading) -> list[tuple[str, float]]:
    """How many materials were rejected for each reason, most frequent first.

    As the finished run counted them; before that, as its verdicts say.
    """
    counts = reading.summary.rejected or Counter(
        f"{verdict.verdict} ({verdict.method}): {verdict.reason}"
        for round in reading.rounds
        for verdict in round.verdicts
        if verdict.verdict != "correct"
    )
    return sorted(counts.items(), key=lambda row: (-row[1], row[0]))


def found_by_kind(round: Round) -> list[tuple[str, int, int]]:
    """For each kind of planted error: its name, how many were suspected, and of how many."""
    planted = Counter(row.kind for row in round.planted)
    flagged = Counter(row.kind for row in round.planted if row.flagged)
    return [(kind, flagged[kind], count) for kind, count in sorted(planted.items())]
