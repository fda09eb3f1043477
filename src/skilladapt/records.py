"""The records that cross stages: the shared language of the package.

They are frozen, validated where they are made, and identified by the hash of their content. This module imports
nothing of the package and knows nothing of files, models or teachers.
"""

import hashlib
import json
import re
import unicodedata
from statistics import fmean, pstdev
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Category = Literal["easy", "hard", "ambiguous", "error"]
ActionKind = Literal[
    "keep", "downweight", "bench", "compose", "augment", "remove", "repair", "quarantine", "reclassify"
]
AnswerType = Literal["number", "expression", "polynomial", "choice", "text", "points"]
"""`points` are what an explanation must make clear, with semicolons between; only a reader can tell."""
ExerciseKind = Literal["fresh", "composed", "augmented"]
Judgement = Literal["correct", "incorrect", "undecided"]
Split = Literal["dev", "test"]

Difficulty = Annotated[int, Field(ge=1, le=5)]
Weight = Annotated[float, Field(ge=0.0, le=1.0)]

ANSWER_MARK = "Answer:"
"""A solution's last line is this mark and the final answer; training and evaluation both rely on it."""


PERSON = "person"
"""The method of a verdict that a person gave. No other verdict overrules it, and it overrules no check of form."""


def content_hash(*parts: Any) -> str:
    """The first 16 hexadecimal digits of the sha256 of `parts` as canonical JSON: a record's identity.

    `parts` must be JSON values; keys are sorted and nothing is escaped, so equal content gives equal hashes on
    every machine.
    """
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def canonical_question(question: str) -> str:
    """The question with case, spacing and Unicode compatibility forms removed, for comparing questions."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", question).casefold())


def is_held_out(question: str) -> bool:
    """Whether a question may only ever be a probe: `sha256(canonical question) mod 5 == 0`.

    A fixed fifth of every space of questions is set apart by the question itself, so no run, seed or author can
    train on a question that another one probes.
    """
    digest = hashlib.sha256(canonical_question(question).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest, "big") % 5 == 0


def split_of(question: str) -> Split:
    """Which probes a held-out question belongs to: a third is for choosing settings, the rest for results."""
    return "dev" if int(content_hash("split", canonical_question(question)), 16) % 3 == 0 else "test"


class Record(BaseModel):
    """A frozen, strictly shaped value."""

    # Infinity and NaN are written as such: as null, an infinite threshold could not be read back.
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")

    def identity(self) -> str:
        """The hash of the record's kind and content, 16 hexadecimal digits."""
        return content_hash(type(self).__name__, self.model_dump(mode="json"))


# --- the skill graph ---------------------------------------------------------------------------------------


class Skill(Record):
    """Something a person can learn to do."""

    id: str
    """Stable slug, unique in a graph: lower-case letters, digits and hyphens."""
    title: str
    """Short name, unique in a graph; a domain chooses how a solution step names its skill."""
    description: str = ""
    """What one can do who has the skill."""
    level: int = Field(default=0, ge=0)
    """Length of the longest chain of prerequisites below it; 0 needs nothing."""
    part_of: str | None = None
    """Title of the composite skill (a syllabus unit) it belongs to; None at the top."""


class Evidence(Record):
    """Why a prerequisite is believed."""

    source: Literal["syllabus", "teacher", "measured", "order", "reference", "similarity"]
    """`syllabus`: stated by it; `order`: only taught later in one thread; `reference`: only referred back to."""
    where: str
    """The syllabus and its line or sections, the teacher's call, or the measurement."""


class Prerequisite(Record):
    """`before` must be learned before `after`; both are skill ids."""

    before: str
    after: str
    evidence: tuple[Evidence, ...] = ()


class Related(Record):
    """Two skills that reinforce one another without an order: an edge broken out of a cycle, or a soft one."""

    first: str
    second: str
    reason: str


class Mention(Record):
    """A skill as one place of one syllabus puts it."""

    where: str
    """Where it stands: `baking.md:7` or `openstax/us-history#m49986`. Its identity among mentions."""
    title: str
    description: str = ""
    part_of: str | None = None
    """Title of the unit it stands in; None outside of units."""
    reason: str = ""
    """Why it was taken for the same skill as those before it; empty for the first."""


class Merge(Record):
    """Several mentions taken for one skill."""

    skill: str
    """Id of that skill."""
    mentions: tuple[Mention, ...] = Field(min_length=2)
    """The first one gave the skill its title and unit."""
    within: tuple[Evidence, ...] = ()
    """Evidence of prerequisites between the mentions, which mean nothing any more."""


# --- materials ---------------------------------------------------------------------------------------------


class Textbook(Record):
    """One skill explained, for continued pre-training."""

    skill_id: str
    title: str
    text: str
    author: str
    generation: int = Field(default=0, ge=0)

    @property
    def textbook_id(self) -> str:
        """Hash of the content."""
        return self.identity()


class Exercise(Record):
    """A question with a worked solution and a final, typed answer."""

    skill_ids: tuple[str, ...] = Field(min_length=1)
    """All skills required; the exercise belongs to the first."""
    question: str
    solution: str
    """Steps, one a line, without the final answer line."""
    step_skills: tuple[str, ...]
    """The skill id of each step, in step order."""
    answer: str
    answer_type: AnswerType
    difficulty: Difficulty
    kind: ExerciseKind = "fresh"
    parent_ids: tuple[str, ...] = ()
    """Exercise ids it was composed from or is a variant of."""
    author: str
    generation: int = Field(default=0, ge=0)
    """0 for fresh material, one more than the oldest parent's otherwise."""

    @property
    def exercise_id(self) -> str:
        """Hash of the content."""
        return self.identity()

    @property
    def completion(self) -> str:
        """What a student is trained to write: the solution and the marked answer."""
        return f"{self.solution}\n{ANSWER_MARK} {self.answer}" if self.solution else f"{ANSWER_MARK} {self.answer}"


class Assignment(Record):
    """What an author is asked to write."""

    skill_ids: tuple[str, ...] = Field(min_length=1)
    """The skills an exercise must need; it belongs to the first."""
    difficulty: Difficulty
    count: int = Field(ge=1)
    kind: ExerciseKind = "fresh"
    parents: tuple[Exercise, ...] = ()
    """Exercises to compose (kind `composed`) or to vary (kind `augmented`, exactly one)."""
    wants_student_answer: bool = False
    """Ask the pipeline to decode the student's own answer to the parent before the author is asked."""
    student_answer: str | None = None
    """The student's whole reply to the parent; None until the pipeline filled it in or when not wanted."""
    draw: int = Field(default=0, ge=0)
    """Equal assignments with another draw ask for other exercises."""


class Verdict(Record):
    """What verification says of one material."""

    exercise_id: str
    """The id of the exercise, or of the textbook, judged."""
    verdict: Judgement
    method: str
    """Which check decided, such as `numeric` or `symbolic`."""
    reason: str = ""
    """Why, in a few words; never empty unless the verdict is `correct`."""

    @model_validator(mode="after")
    def _has_reason(self) -> Self:
        if self.verdict != "correct" and not self.reason:
            raise ValueError(f"a verdict of {self.verdict} needs a reason")
        return self


def material_id(material: Exercise | Textbook) -> str:
    """The identity of either kind of material."""
    return material.exercise_id if isinstance(material, Exercise) else material.textbook_id


class Example(Record):
    """A material admitted to training: it exists only together with the verdict that accepts it."""

    material: Exercise | Textbook
    verdict: Verdict
    weight: Weight = 1.0
    benched: bool = False
    """Left out of this round's training, though still part of the data."""

    @model_validator(mode="after")
    def _is_admitted(self) -> Self:
        if self.verdict.exercise_id != material_id(self.material):
            raise ValueError("the verdict is about another material")
        if self.verdict.verdict != "correct":
            raise ValueError(f"only correct material becomes an example, this one is {self.verdict.verdict}")
        if isinstance(self.material, Exercise) and is_held_out(self.material.question):
            raise ValueError("the question is held out for probes and must never be trained on")
        return self

    @property
    def example_id(self) -> str:
        """Stable over rounds: the material's identity behind the letter e."""
        return "e" + material_id(self.material)

    @property
    def skill_id(self) -> str:
        """The skill it belongs to."""
        return self.material.skill_ids[0] if isinstance(self.material, Exercise) else self.material.skill_id


class PlantedError(Record):
    """An exercise known to be wrong, for calibration only: it exists only with the verdict that refutes it."""

    exercise: Exercise
    verdict: Verdict
    kind: str
    """How it was made wrong, such as `sign`."""

    @model_validator(mode="after")
    def _is_refuted(self) -> Self:
        if self.verdict.exercise_id != self.exercise.exercise_id:
            raise ValueError("the verdict is about another exercise")
        if self.verdict.verdict != "incorrect":
            raise ValueError(f"only a refuted exercise can be planted, this one is {self.verdict.verdict}")
        return self

    @property
    def planted_id(self) -> str:
        """The exercise's identity behind the letter p, so it can never be taken for an example's."""
        return "p" + self.exercise.exercise_id

    @property
    def skill_id(self) -> str:
        """The skill it belongs to."""
        return self.exercise.skill_ids[0]


# --- dynamics and decisions --------------------------------------------------------------------------------


class LossHistory(Record):
    """How one example was learned in one round. `_P`: one value for each pass over the data, in order."""

    example_id: str
    """An example's id, or a planted error's."""
    round: int = Field(ge=0)
    loss_P: tuple[float, ...] = Field(min_length=1)
    """Mean negative log-likelihood per completion token (nats), before that pass's update."""
    tokens: int = Field(ge=1)
    """Completion tokens `T_i`."""
    worst_answer_token_P: tuple[float, ...]
    """Largest loss of a token of the answer span (nats); NaN for a textbook, which has none."""
    greedy_answer_P: tuple[bool, ...]
    """Whether every token of the answer span was the likeliest one; False for a textbook."""
    answer_margin_P: tuple[float, ...]
    """By how much the answer's tokens outdo the likeliest others (nats, mean over the span); NaN without one."""

    @property
    def mean_loss(self) -> float:
        """`L_i`: mean over passes (nats per token)."""
        return fmean(self.loss_P)

    @property
    def std_loss(self) -> float:
        """`sigma_i`: population standard deviation over passes (nats per token)."""
        return pstdev(self.loss_P)

    def late_at(self, index: int) -> float:
        """Mean loss of pass `index` and the one before it in the round (nats per token)."""
        return fmean(self.loss_P[max(0, index - 1) : index + 1])

    @property
    def late_loss(self) -> float:
        """`x`: mean loss of the last two passes (nats per token)."""
        return self.late_at(len(self.loss_P) - 1)


class SignalWeights(Record):
    """How much each signal of how an exercise was learned counts in the score of suspicion; together 1.

    The defaults are those of a score that nothing was fitted for, decided by measurement.
    """

    late: Weight = 0.75
    """Of the loss late in the round (nats per token)."""
    worst: Weight = 0.25
    """Of the largest loss of a token of the answer, mean over passes (nats)."""


class Calibration(Record):
    """What planted errors taught about telling wrong examples from right ones, for one student and domain."""

    decisive: bool
    """Whether the domain has a verifier that refuted the planted errors; otherwise it is *uncalibrated*."""
    weights: SignalWeights = SignalWeights()
    """Of the score."""
    threshold: float
    """Examples whose score is at least this are suspected; infinite when not decisive."""
    baseline_loss: float
    """`L_b`: mean over planted errors of their mean loss (nats per token)."""
    baseline_std: float
    """`sigma_b`: mean over planted errors of their deviation over passes (nats per token)."""
    planted: int
    """How many planted errors it was fitted on."""
    sampled: int
    """How many real examples it was fitted on."""
    auroc: float
    """Chance that a planted error scores above a real example, by two fits each tried on the other's half."""
    auroc_low: float
    auroc_high: float
    """Its 95% interval after Hanley and McNeil (1982)."""
    recall: float
    """Share of planted errors suspected, by the same two fits."""
    recall_low: float
    recall_high: float
    """Its 95% interval after Wilson (1927)."""
    false_positive_rate: float
    """Share of real examples suspected, by the same two fits."""
    false_positive_low: float
    false_positive_high: float
    """Its 95% interval after Wilson."""
    fitted_in_round: int
    """The round before which it was made; a later one where it is used again has the same number here."""
    tokens: int
    """Non-padding tokens the calibration trained on."""


class Action(Record):
    """One row of the ledger: what was decided about one example after one round, and by which numbers."""

    round: int
    example_id: str
    category: Category
    action: ActionKind
    reason: str
    weight_before: Weight
    weight_after: Weight
    child_ids: tuple[str, ...] = ()
    """Exercise ids of the material written because of this action."""


# --- evaluation --------------------------------------------------------------------------------------------


class Probe(Record):
    """A held-out question. It and its perturbed twin ask for the same skill with other numbers and wording."""

    skill_id: str
    question: str
    answer: str
    answer_type: AnswerType
    pair: str
    """The name the two twins share."""
    split: Split = "test"
    family: str = ""
    """What kind of generalisation it asks for, in the words of its domain; empty where there is but one."""

    @model_validator(mode="after")
    def _is_held_out(self) -> Self:
        if not is_held_out(self.question):
            raise ValueError(f"not a probe: the question {self.question!r} belongs to practice")
        return self

    def identity(self) -> str:
        """The hash of kind and content. An empty family is left out: where there are none, none is said."""
        unsaid = set() if self.family else {"family"}
        return content_hash("Probe", self.model_dump(mode="json", exclude=unsaid))

    @property
    def probe_id(self) -> str:
        """Hash of the content."""
        return self.identity()


class Answer(Record):
    """What a model answered to one probe."""

    when: str
    """Which model: `base`, `round-0`, `round-1`, ...; with `-few-shot` where it was shown the answer format."""
    probe_id: str
    skill_id: str
    question: str
    expected: str
    given: str
    """The answer found in the reply; empty when there was none."""
    correct: bool | None
    """None when it could not be decided; accuracy counts that as wrong."""


class Score(Record):
    """Accuracy over a set of probes with its 95% interval."""

    when: str
    skill_id: str
    """A skill's id, `level:N`, `family:NAME`, or `all`."""
    probe_set: str
    """`probes`, `twins`, `pairs` (both right), `panel`, or a benchmark's name."""
    n: int
    correct: int
    decided: int
    accuracy: float
    ci_low: float
    ci_high: float
