"""Says what was wrong with a student's answer, in one line that can stand before a solution."""

from skilladapt.domains.authoring import Remark
from skilladapt.domains.calculus.authoring.expressions.combining import expand
from skilladapt.domains.calculus.authoring.expressions.showing import show
from skilladapt.domains.calculus.authoring.expressions.trees import (
    MINUS_ONE,
    Expression,
    Product,
    is_polynomial,
    terms_of,
)
from skilladapt.domains.calculus.authoring.expressions.values import same
from skilladapt.domains.calculus.authoring.mistakes import name_mistake, read_answer
from skilladapt.domains.calculus.authoring.problem import Problem, read
from skilladapt.domains.calculus.authoring.rules.working import MISTAKES
from skilladapt.domains.calculus.authoring.solving.solution import Solution
from skilladapt.domains.calculus.authoring.solving.solve import solve, solved
from skilladapt.domains.calculus.authoring.writing import closure, title
from skilladapt.records import Exercise


def remark_on(parent: Exercise, reply: str) -> Remark | None:
    """The skill and the line about the mistake in `reply`, a student's whole reply to `parent`.

    None where the reply is right or holds no answer that can be read, or the question is not this author's.
    """
    problem, given = read(parent.question), read_answer(reply)
    if problem is None or given is None:
        return None
    text, answer = given
    allowed = closure(parent.skill_ids)
    right = solved(problem, allowed)
    if right is None or same(answer, right.result):
        return None
    mistake = name_mistake(problem, answer, allowed)
    if mistake is None:
        return _remark(parent.skill_ids[0], f"{_beginning(problem, text)}, {_correction(problem, answer, right)}")
    wrong = solve(problem, allowed, mistake)
    pairs = zip(right.steps, wrong.steps, strict=False)
    skill_id = next((a.skill_id for a, b in pairs if a != b), parent.skill_ids[0])
    return _remark(skill_id, f"{_beginning(problem, text)}, since {MISTAKES[mistake]}")


def _remark(skill_id: str, sentence: str) -> Remark:
    return Remark(skill_id, f"{title(skill_id)}: {sentence}")


def _beginning(problem: Problem, text: str) -> str:
    """Without an equals sign, which would turn the remark into a line of work."""
    asked = " and ".join(show(form, problem.variable) for form in problem.expressions)
    if problem.task == "scaled":
        asked = f"{problem.numbers[0]} times a function with derivative {asked}"
    elif problem.task != "shifted" and problem.numbers:
        asked += f" at {' and '.join(map(str, problem.numbers))}"
    return f"for {asked} the answer {text} is wrong"


def _correction(problem: Problem, answer: Expression, right: Solution) -> str:
    """Which part of the answer is wrong, as far as that can be told from the answer alone."""
    if same(Product((MINUS_ONE, answer)), right.result):
        return f"the sign must be the other one: {right.answer}"
    if not (is_polynomial(answer) and is_polynomial(right.result)):
        return f"it must be {right.answer}"
    given, wanted = terms_of(expand(answer)), terms_of(right.result)
    extra = [term for term in given if term not in wanted]
    missing = [term for term in wanted if term not in given]
    if len(given) > 1 and len(extra) == len(missing) == 1:
        return f"instead of {show(extra[0], problem.variable)} it must be {show(missing[0], problem.variable)}"
    if not extra and len(missing) == 1:
        return f"the term {show(missing[0], problem.variable)} is missing"
    return f"it must be {right.answer}"
