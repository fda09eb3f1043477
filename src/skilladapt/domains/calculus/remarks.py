"""Says what was wrong with a student's answer, in one line that can stand before a solution."""

from skilladapt.domains.calculus.expressions import show
from skilladapt.domains.calculus.mistakes import name_mistake, read_answer, same
from skilladapt.domains.calculus.problem import Problem, read
from skilladapt.domains.calculus.solving import solve
from skilladapt.domains.calculus.working import MISTAKES
from skilladapt.domains.calculus.writing import closure
from skilladapt.records import Exercise


def remark_on(parent: Exercise, reply: str) -> tuple[str, str] | None:
    """The skill and the sentence about the mistake in `reply`, a student's whole reply to `parent`.

    None where the reply is right or holds no answer that can be read, or the question is not this author's.
    """
    problem, given = read(parent.question), read_answer(reply)
    if problem is None or given is None:
        return None
    text, answer = given
    allowed = closure(parent.skill_ids)
    right = solve(problem, allowed)
    if same(answer, right.result):
        return None
    mistake = name_mistake(problem, answer, allowed)
    if mistake is None:
        return parent.skill_ids[
            0
        ], f"for {_subject(problem)} the answer {text} is wrong, it must be {right.answer}"
    wrong = solve(problem, allowed, mistake)
    pairs = zip(right.steps, wrong.steps, strict=False)
    skill_id = next((a.skill_id for a, b in pairs if a != b), parent.skill_ids[0])
    return skill_id, f"for {_subject(problem)} the answer {text} is wrong, since {MISTAKES[mistake]}"


def _subject(problem: Problem) -> str:
    """What was asked, without an equals sign, which would turn the remark into a line of work."""
    shown = " and ".join(show(form, problem.variable) for form in problem.expressions)
    points = ", ".join(map(str, problem.numbers))
    return f"{shown} at {points}" if points else shown
