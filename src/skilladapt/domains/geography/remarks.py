"""Says what a student got wrong, in one line that can stand before the solution of another question.

Nothing of the student's own text gets into it: the reply is only compared with what is right. The line reminds of
the first fact that the reply went without, and of whose fact it is that was given instead.
"""

from typing import Final

from skilladapt.domains.authoring import Remark
from skilladapt.domains.geography.facts import countries
from skilladapt.domains.geography.names import listed
from skilladapt.domains.geography.relations import BY_SKILL
from skilladapt.domains.geography.solving import solve
from skilladapt.domains.geography.subject import Subject
from skilladapt.domains.geography.task import Task
from skilladapt.domains.geography.wordings import read
from skilladapt.domains.geography.working import Line
from skilladapt.domains.geography.writing import closure, is_known, syllabus_graph
from skilladapt.records import ANSWER_MARK, Exercise

_LONGEST: Final = 10_000
"""Characters of a reply that are looked at."""


def remark_on(parent: Exercise, reply: str, subject: Subject) -> Remark | None:
    """The sentence about the mistake in `reply`, a student's whole reply to `parent`.

    None where the reply is right or empty, or the question is not this author's or about nothing but a table. The
    sentence names taught countries only.
    """
    task = read(parent.question)
    if task is None or not is_known(parent.skill_ids):
        return None
    solution = solve(task, closure(parent.skill_ids))
    given = _plain(reply[-_LONGEST:].rsplit(ANSWER_MARK, 1)[-1].strip().split("\n", 1)[0])
    if solution is None or not given or given == _plain(solution.answers[0]):
        return None
    missed = _missed(task, solution.lines, _plain(reply[:_LONGEST]))
    if missed is None or not subject.known >= solution.mentions:
        return None
    instead = _whose(missed, given, subject)
    title = syllabus_graph().by_id[missed.skill_id].title
    return Remark(
        missed.skill_id,
        f"{title}: remember that {missed.text}" + (f", and that {instead}" if instead else "") + ".",
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .").removeprefix("the ")


def _missed(task: Task, lines: tuple[Line, ...], reply: str) -> Line | None:
    """The first statement that the reply has not; the last one of all where it has every one, or none."""
    statements = [line._replace(text=_statement(line.text)) for line in lines]
    told = [line for line in statements if line.text and ("T" not in task.args or line.skill_id in BY_SKILL)]
    missed = [line for line in told if _plain(line.text) not in reply]
    return (missed[0] if len(missed) < len(told) else told[-1]) if missed else told[-1] if told else None


def _statement(text: str) -> str:
    """What a line says without its arithmetic and options; empty where nothing is left."""
    text = text.partition(", so option ")[0]
    work, so, rest = text.partition(", so ")
    bare = rest if so else work
    return (
        "" if " = " in bare or " > " in bare or " plus " in bare or " minus " in bare or " then " in bare else bare
    )


def _whose(missed: Line, given: str, subject: Subject) -> str:
    """The same fact of another country, where it is what was given; empty where it is none's or several's."""
    relation = BY_SKILL.get(missed.skill_id)
    if relation is None or relation.answer_type == "choice" or relation.key == "one neighbour":
        return ""
    found = []
    for code in subject.taught:
        country = countries()[code]
        value = relation.value(country)
        if value is not None and listed(relation.answers(country)).casefold() == given:
            found.append(relation.state(country, value))
    return found[0] if len(found) == 1 and found[0] != missed.text else ""
