"""The page's tables: what is picked from a run and in which order it is told.

Selections are small and deterministic: the first of each kind in an order that puts the telling ones first. What
was left out is counted.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from skilladapt.records import Action, Answer, Exercise, Score, Skill, Textbook, Verdict
from skilladapt.report.reading import Reading

ACTION_ORDER = (
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


def stages(reading: Reading) -> list[str]:
    """Every `when` that has scores or answers, in the order of the run."""
    known = {score.when for score in reading.scores} | {answer.when for answer in reading.answers}
    first = [when for when in ("base", "base-few-shot") if when in known]
    rounds = sorted(
        (when for when in known if when.startswith("round-") and when[6:].isdecimal()),
        key=lambda when: int(when[6:]),
    )
    return [*first, *rounds, *sorted(known - {*first, *rounds})]


def before_and_after(reading: Reading) -> tuple[str | None, str | None]:
    """The control to compare with (the base model shown the format, else without) and the last round's stage."""
    known = stages(reading)
    before = next((when for when in ("base-few-shot", "base") if when in known), None)
    after = [when for when in known if not when.startswith("base")]
    return before, after[-1] if after else None


def score_of(reading: Reading, when: str | None, skill_id: str, probe_set: str = "probes") -> Score | None:
    """One score, or None where it was not measured."""
    return _score_index(reading).get((when, skill_id, probe_set))


def _score_index(reading: Reading) -> Mapping[tuple[str | None, str, str], Score]:
    return {(score.when, score.skill_id, score.probe_set): score for score in reading.scores}


@dataclass(frozen=True)
class StageRow:
    """All probes at one stage."""

    when: str
    probes: Score | None
    twins: Score | None
    pairs: Score | None
    """Both twins right."""


def stage_rows(reading: Reading) -> list[StageRow]:
    """One row for each stage that answered the probes."""
    scores = _score_index(reading)
    rows = [
        StageRow(when, *(scores.get((when, "all", probe_set)) for probe_set in ("probes", "twins", "pairs")))
        for when in stages(reading)
    ]
    return [row for row in rows if row.probes or row.twins or row.pairs]


def other_sets(reading: Reading) -> list[Score]:
    """Scores over anything but our own probes: the panel and benchmarks."""
    order = stages(reading)
    rows = [s for s in reading.scores if s.skill_id == "all" and s.probe_set not in ("probes", "twins", "pairs")]
    return sorted(rows, key=lambda score: (score.probe_set, order.index(score.when)))


@dataclass(frozen=True)
class SkillRow:
    """One skill, or a whole level, before and after."""

    anchor: str
    title: str
    description: str
    level: int
    taught: bool
    base: Score | None
    shown: Score | None
    """The base model shown the answer format."""
    after: Score | None
    known: Score | None
    """Both twins right, after."""

    @property
    def before(self) -> Score | None:
        """The fairer of the two controls that was measured."""
        return self.shown or self.base

    @property
    def gain(self) -> float | None:
        """Accuracy after minus before (-1..1); None unless both were measured."""
        return self.after.accuracy - self.before.accuracy if self.after and self.before else None

    @property
    def is_level(self) -> bool:
        """Whether the row stands for a whole level."""
        return not self.anchor


def skill_rows(reading: Reading) -> list[SkillRow]:
    """Level by level: a row for the level, then its skills in syllabus order."""
    scores = _score_index(reading)
    _, after = before_and_after(reading)
    taught = taught_skills(reading)

    def row(anchor: str, skill_id: str, title: str, description: str, level: int, is_taught: bool) -> SkillRow:
        return SkillRow(
            anchor,
            title,
            description,
            level,
            is_taught,
            base=scores.get(("base", skill_id, "probes")),
            shown=scores.get(("base-few-shot", skill_id, "probes")),
            after=scores.get((after or "", skill_id, "probes")),
            known=scores.get((after or "", skill_id, "pairs")),
        )

    rows = []
    for level in sorted({skill.level for skill in reading.skills}):
        rows.append(row("", f"level:{level}", f"Level {level}", "", level, True))
        rows += [
            row(f"skill-{index}", skill.id, skill.title, skill.description, level, skill.id in taught)
            for index, skill in enumerate(reading.skills)
            if skill.level == level
        ]
    return rows


def taught_skills(reading: Reading) -> frozenset[str]:
    """Ids of the skills this run teaches: those configured; if none are, all."""
    teach = reading.settings.get("teach")
    known = frozenset(skill.id for skill in reading.skills)
    return frozenset(teach) & known if isinstance(teach, list) and teach else known


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
        first = list({reading.skill_id_of(row.example_id): row for row in reversed(rows)}.values())[::-1]
        rest = [row for row in rows if row not in first]
        chosen += [decision(row) for row in [*first, *rest][:PER_ACTION]]
    return chosen


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
    """Expected and given answers of the last stage beside the control's, skills with most wrong answers first."""
    before, after = before_and_after(reading)
    last = after or before
    earlier = {answer.probe_id: answer for answer in reading.answers if answer.when == before != last}
    titles = {skill.id: skill.title for skill in reading.skills}
    groups: dict[str, list[AnswerPair]] = {}
    for answer in reading.answers:
        if answer.when == last:
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
    """Admitted exercises of each kind: three each, of different skills where there are enough."""
    admitted = {v.exercise_id for round in reading.rounds for v in round.verdicts if v.verdict == "correct"}
    found = []
    for kind in ("fresh", "composed", "augmented"):
        rows = [e for id, e in reading.exercises.items() if e.kind == kind and id in admitted]
        first = list({exercise.skill_ids[0]: exercise for exercise in reversed(rows)}.values())[::-1]
        step = max(1, len(first) // 3)
        if rows:
            found.append((kind, (first[::step] or rows)[:3]))
    return found


def sample_textbooks(reading: Reading) -> list[Textbook]:
    """The pages of the first and of the last skill."""
    books = list(reading.textbooks.values())
    return books[:1] + books[1:][-1:]


def rejections(reading: Reading) -> list[tuple[str, int]]:
    """How many materials were rejected for each reason, most frequent first."""
    recorded = reading.summary.get("rejected")
    if isinstance(recorded, Mapping):
        counts: Iterable[tuple[str, Any]] = recorded.items()
    else:
        counts = Counter(
            f"{verdict.verdict} ({verdict.method}): {verdict.reason}"
            for round in reading.rounds
            for verdict in round.verdicts
            if verdict.verdict != "correct"
        ).items()
    return sorted(
        ((str(reason), count) for reason, count in counts if isinstance(count, int)),
        key=lambda row: (-row[1], row[0]),
    )


def stage_seconds(events: Sequence[Mapping[str, Any]]) -> list[tuple[str, float]]:
    """Seconds spent in each stage that ended, in the order they first ended; repeated stages are added up."""
    seconds: dict[str, float] = {}
    for event in events:
        spent = event.get("seconds")
        if event.get("event") == "end" and isinstance(spent, int | float):
            stage = str(event.get("stage"))
            seconds[stage] = seconds.get(stage, 0.0) + spent
    return list(seconds.items())
