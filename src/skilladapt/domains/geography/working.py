"""A solution as it comes about: facts looked up, conclusions drawn, each a line under the skill that it needs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from skilladapt.domains.geography.facts import Country, countries
from skilladapt.domains.geography.relations import RELATIONS
from skilladapt.records import AnswerType


class Unanswerable(Exception):
    """There is not exactly one right answer, a fact is missing, or a line would need a skill that is not there."""


class Line(NamedTuple):
    """One line of a solution."""

    skill_id: str
    text: str
    """Without the title of the skill and the full stop."""


@dataclass(frozen=True)
class Solution:
    """A task worked out."""

    lines: tuple[Line, ...]
    answers: tuple[str, ...]
    """What is right; where several are, only a choice among options can be asked for."""
    answer_type: AnswerType
    mentions: frozenset[str]
    """Codes of all countries that the lines name."""
    concluded: frozenset[tuple[str, tuple[str, ...]]]
    """Each skill of which a line draws a conclusion, and the countries from which it does, sorted."""


@dataclass
class Working:
    """The lines so far. Every method raises Unanswerable where it cannot go on."""

    allowed: frozenset[str]
    """Skills that lines may need."""
    lines: list[Line] = field(default_factory=list)
    mentions: set[str] = field(default_factory=set)
    concluded: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)
    compared: str = ""
    """The last comparison, such as `54 > 18`, until a conclusion is drawn from it."""

    def note(self, skill_id: str, text: str, *about: str) -> None:
        """Adds a line, once; a conclusion names the countries it is drawn from."""
        if skill_id not in self.allowed:
            raise Unanswerable(f"needs {skill_id}")
        if about:
            self.concluded.add((skill_id, tuple(sorted(set(about)))))
        line = Line(skill_id, text)
        if line not in self.lines:
            self.lines.append(line)

    def country(self, code: str) -> Country:
        """The country, which counts as mentioned."""
        self.mentions.add(code)
        return countries()[code]

    def fact(self, key: str, code: str) -> Country:
        """States the fact; returns the country it is about."""
        relation, country = RELATIONS[key], self.country(code)
        value = relation.value(country)
        if value is None:
            raise Unanswerable(f"{key} of {code} is not known")
        if key == "one neighbour":
            self.mentions.update(country.neighbours or ())
        self.note(relation.skill, relation.state(country, value))
        return country

    def done(self, answers: Sequence[str], answer_type: AnswerType = "text") -> Solution:
        """The solution with these answers."""
        if not answers:
            raise Unanswerable("nothing is right")
        found = frozenset(self.mentions), frozenset(self.concluded)
        return Solution(tuple(self.lines), tuple(answers), answer_type, *found)
