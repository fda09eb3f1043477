"""The geography domain in several sizes, and what its texts name."""

from functools import cache

from skilladapt.domains.domain import Domain, load_domain
from skilladapt.domains.geography.facts import countries
from skilladapt.domains.geography.subject import Subject, subject_of
from skilladapt.domains.geography.vocabulary import tokenised
from skilladapt.records import Assignment, Exercise
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.syllabus import graph_of

METHODS = ("table", "query")
SIZES = [(150, 20, 1), (24, 6, 2), (60, 20, 7)]
"""Countries, strangers and seed."""


def domain(taught: int = 150, strangers: int = 20, seed: int = 1) -> Domain:
    return load_domain("geography", {"countries": taught, "strangers": strangers, "seed": seed})


@cache
def subject(taught: int = 150, strangers: int = 20, seed: int = 1) -> Subject:
    return subject_of(taught, strangers, seed)


@cache
def graph() -> SkillGraph:
    return graph_of(domain().syllabus)


SKILLS = [skill.id for skill in graph().skills]


def write(skill_id: str, difficulty: int = 2, count: int = 6, size=SIZES[0], **more: object) -> list[Exercise]:
    assignment = Assignment(skill_ids=(skill_id,), difficulty=difficulty, count=count, **more)
    return domain(*size).author.write_exercises(assignment)


def verdicts(exercise: Exercise) -> set[str]:
    verifier = domain().verifier
    return {verifier.check(exercise, method).verdict for method in METHODS}


def named_in(text: str) -> set[str]:
    """The codes of all countries that a text names; `Nauru` may be the language, too."""
    by_name = {country.name: country.code for country in countries().values() if country.name != "Nauru"}
    return {by_name[name] for line in text.split("\n") for name in tokenised(line).names if name in by_name}
