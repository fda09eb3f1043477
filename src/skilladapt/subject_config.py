"""Sections of a run file about what is taught: which skills are one, what is written, and how that is judged."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


class Section(BaseModel):
    """A part of a run file, whose every key is known and of one type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class MergingConfig(Section):
    """What a person decides about the merging of skills; everything else their words decide.

    Each name is the place of a section, as `merges` in `graph.json` gives it, or a title, which means all sections
    of that title.
    """

    same: tuple[tuple[str, str], ...] = ()
    """Pairs that are one skill."""
    apart: tuple[tuple[str, str], ...] = ()
    """Pairs that are not; this undoes a merge."""


class MaterialsConfig(Section):
    """How much the author writes before the first round."""

    textbooks_per_skill: Count = 1
    exercises_per_skill: Positive = 8
    wrong_share: Share = 0.0
    """For experiments: this share of all admitted exercises is made wrong, as if verification had missed it."""
    forms: Annotated[tuple[Literal["short", "choice", "explanation"], ...], Field(min_length=1)] = (
        "short",
        "choice",
        "explanation",
    )
    """What a teacher's exercises ask for, in turn: a short answer, a choice of options, or an explanation."""
    language: Annotated[str, Field(pattern="^[a-z]{2,3}$")] = "en"
    """In which a teacher is to write (ISO 639); what it writes in another one is rejected."""
    attempts: Positive = 2
    """How often a teacher is asked for exercises in all, while fewer came than wanted."""
    difficulties: Annotated[tuple[Annotated[int, Field(ge=1, le=5)], ...], Field(min_length=1)] = (1, 2, 3, 4, 5)
    """Exercises are spread evenly over these difficulties, the first ones getting what is left over."""


class VerificationConfig(Section):
    """How exercises are judged where only a teacher can tell what is right."""

    solutions: Annotated[int, Field(ge=2, le=32)] = 3
    """Independent solutions of each exercise, by somebody who does not see its answer."""
    threshold: Annotated[float, Field(gt=0.5, le=1)] = 0.6
    """The share of them that must agree; what fewer say is not decided."""


class DecompositionConfig(Section):
    """How far the teacher breaks up the goal, and what it is asked about the skills that come out."""

    depth: Annotated[int, Field(ge=1, le=10)] = 3
    """Levels below the goal; what is there is taken for elementary."""
    skills: Annotated[int, Field(ge=2, le=20_000)] = 200
    """Most elementary skills; of the deepest level, the first ones are broken up as long as there is room."""
    parts: Annotated[int, Field(ge=2, le=12)] = 8
    """Most parts of one skill."""
    likeness: Literal["words", "meaning"] = "words"
    """What skills are compared by; `meaning` needs the sentence encoder, an extra package that works offline."""
    alike: Annotated[float, Field(ge=0.1, le=1)] = 0.6
    """From this likeness on (cosine), the teacher is asked whether two skills are one."""
    pairs: Count = 100
    """Most of these pairs, the most alike."""
    candidates: Annotated[int, Field(ge=0, le=30)] = 8
    """Likely prerequisites of each skill, of which the teacher picks those that are needed; 0: it is not asked."""
