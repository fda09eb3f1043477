"""Says what was wrong with a student's answer, in one line that can stand before a solution.

Nothing of the student's own text gets into it: what was answered is looked up, and named as in the table.
"""

import re
from typing import Final

from skilladapt.domains.geography.facts import Country, countries
from skilladapt.domains.geography.names import name_of
from skilladapt.domains.geography.relations import BY_SKILL, RELATIONS
from skilladapt.domains.geography.solving import solve
from skilladapt.domains.geography.subject import Subject
from skilladapt.domains.geography.task import Claim, Task
from skilladapt.domains.geography.wordings import read
from skilladapt.domains.geography.working import Line, Solution
from skilladapt.domains.geography.writing import closure, is_known
from skilladapt.records import ANSWER_MARK, Exercise

_LONGEST: Final = 60
"""Characters of an answer that is looked up."""


def remark_on(parent: Exercise, reply: str, subject: Subject) -> tuple[str, str] | None:
    """The skill and the sentence about the mistake in `reply`, a student's whole reply to `parent`.

    None where the reply is right, holds no answer that is known here, or the question is not this author's. It
    names taught countries only.
    """
    task = read(parent.question)
    if task is None or not is_known(parent.skill_ids):
        return None
    solution = solve(task, closure(parent.skill_ids))
    given = reply.rsplit(ANSWER_MARK, 1)[-1].strip().split("\n", 1)[0].strip(" .")[:_LONGEST]
    if solution is None or not given or _same(given, solution.answers[0]) or not solution.lines:
        return None
    return _of_fact(task, solution, given, subject) or _of_line(solution.lines, given)


def _same(given: str, right: str) -> bool:
    return given.casefold().removeprefix("the ") == right.casefold().removeprefix("the ")


def _of_fact(task: Task, solution: Solution, given: str, subject: Subject) -> tuple[str, str] | None:
    """Where the answer given is the same fact of another country: which one's it is."""
    last = solution.lines[-1]
    relation = RELATIONS.get(task.form)
    if (
        relation is None
        or task.options
        or isinstance(task.args.get("S"), Claim)
        or relation.answer_type == "choice"
    ):
        return None
    for code in subject.taught:
        country = countries()[code]
        value = relation.value(country)
        if value is not None and any(_same(given, answer) for answer in relation.answers(country)):
            own = relation.state(country, value)
            return (
                relation.skill if last.skill_id not in BY_SKILL else last.skill_id,
                f"{own}, but that was not asked",
            )
    return None


def _of_line(lines: tuple[Line, ...], given: str) -> tuple[str, str] | None:
    """Else what is right, and that the answer was not."""
    last = lines[-1]
    shown = _known(given)
    if shown is None:
        return None
    text = last.text.partition(", so option ")[0]
    return last.skill_id, f"the answer {shown} is wrong; {text}"


def _known(given: str) -> str | None:
    """The answer in words of our own: a number, a choice, a direction, a country."""
    if re.fullmatch(r"-?[0-9]{1,9}(?:\.[0-9]{1,3})?", given):
        return given
    if given.casefold() in ("yes", "no", "true", "false", "north", "south", "east", "west"):
        return given.casefold()
    if re.fullmatch("[A-Ha-h]", given):
        return given.upper()
    found = next((one for one in countries().values() if _same(given, one.name)), None)
    return name_of(found) if isinstance(found, Country) else None
