"""The page's figures in numbers: stages, skills and levels before and after, and where the time went."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from skilladapt.records import Score
from skilladapt.report.reading import Reading
from skilladapt.report.visible import is_round


def stages(reading: Reading) -> list[str]:
    """Every `when` that has scores or answers, in the order of the run."""
    known = {score.when for score in reading.scores} | {answer.when for answer in reading.answers}
    first = [when for when in ("base", "base-few-shot") if when in known]
    rounds = sorted(filter(is_round, known), key=lambda when: int(when[6:]))
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


@dataclass(frozen=True)
class FamilyRow:
    """One kind of probe before and after."""

    title: str
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


def family_rows(reading: Reading) -> list[FamilyRow]:
    """One row for each family of probes, in the order in which they were scored."""
    scores = _score_index(reading)
    _, after = before_and_after(reading)
    ids = dict.fromkeys(score.skill_id for score in reading.scores if score.skill_id.startswith("family:"))
    return [
        FamilyRow(
            id.removeprefix("family:"),
            base=scores.get(("base", id, "probes")),
            shown=scores.get(("base-few-shot", id, "probes")),
            after=scores.get((after, id, "probes")),
            known=scores.get((after, id, "pairs")),
        )
        for id in ids
    ]


@dataclass(frozen=True)
class OtherSet:
    """A set of questions that is not our probes, before and after."""

    name: str
    before: Score | None
    after: Score | None


def other_sets(reading: Reading) -> list[OtherSet]:
    """Benchmarks, by name; the panel's own comparison is in the summary, its scores stand in until then."""
    scores = _score_index(reading)
    _, after = before_and_after(reading)
    own = {"probes", "twins", "pairs"} | ({"panel"} if reading.summary.panel_accuracy else set())
    names = sorted({score.probe_set for score in reading.scores} - own)
    rows = []
    for name in names:
        skill_id = "all" if any(key[1:] == ("all", name) for key in scores) else name
        rows.append(
            OtherSet(name, scores.get(("base", skill_id, name)), scores.get((after or "", skill_id, name)))
        )
    return [row for row in rows if row.before or row.after]


@dataclass(frozen=True)
class SkillRow:
    """One skill, or a whole level, before and after."""

    anchor: str
    """The fragment of the page it is found at; empty for a level."""
    skill_id: str
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
    def is_level(self) -> bool:
        """Whether the row stands for a whole level."""
        return not self.anchor


def skill_rows(reading: Reading) -> list[SkillRow]:
    """Level by level: a row for the level, where anything of it is taught, then its skills in syllabus order."""
    scores = _score_index(reading)
    _, after = before_and_after(reading)
    taught = taught_skills(reading)

    def row(anchor: str, skill_id: str, title: str, description: str, level: int, is_taught: bool) -> SkillRow:
        return SkillRow(
            anchor,
            skill_id,
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
        if any(skill.id in taught for skill in reading.skills if skill.level == level):
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
class Checked:
    """Second opinions of all rounds together."""

    suspects_decided: int
    suspects_wrong: int
    others_decided: int
    others_wrong: int
    undecided: int
    cleared: bool
    """Whether any round knew examples that an earlier one had found correct."""
    methods: tuple[str, ...]
    """Who gave them, the most frequent first."""


def checked(reading: Reading) -> Checked | None:
    """The sums over rounds; None where nothing was checked."""
    counts = [round.checks for round in reading.rounds if round.checks]
    if not counts:
        return None
    opinions = [opinion for round in reading.rounds for opinion in round.opinions]
    return Checked(
        suspects_decided=sum(count.suspects_decided for count in counts),
        suspects_wrong=sum(count.suspects_wrong for count in counts),
        others_decided=sum(count.others_decided for count in counts),
        others_wrong=sum(count.others_wrong for count in counts),
        cleared=any(count.cleared for count in counts),
        undecided=sum(opinion.verdict == "undecided" for opinion in opinions),
        methods=tuple(method for method, _ in Counter(opinion.method for opinion in opinions).most_common()),
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
