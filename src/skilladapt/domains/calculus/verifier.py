"""Judges calculus exercises from the text of their questions.

It reads what a person reads (`reading`), works the answer out in two independent ways, and checks the equations of
the solution. It never sees how a question was made, and shares no code with the author.
"""

from collections.abc import Callable, Sequence

from skilladapt.domains.calculus.verifying.forms import letters_fault, number_fault
from skilladapt.domains.calculus.verifying.meanings import Question
from skilladapt.domains.calculus.verifying.reading import AsksNothing, Unreadable, read_question
from skilladapt.domains.calculus.verifying.steps import step_fault
from skilladapt.records import AnswerType, Exercise, Judgement, Verdict
from skilladapt.verification.answers import (
    Comparison,
    Equality,
    compare,
    compare_expressions,
    undecorated,
)
from skilladapt.verification.expressions import Antiderivative, Applied, Expression, letters
from skilladapt.verification.numeric import equal_at_points, sign_by_value
from skilladapt.verification.parsing import parse_expression
from skilladapt.verification.symbolic import equal_symbolically, sign_by_algebra
from skilladapt.verification.tokens import ParseFailure
from skilladapt.verification.verifier import verdicts_on

_EQUALITIES: dict[str, Equality] = {"numeric": equal_at_points, "symbolic": equal_symbolically}
_SIGNS: dict[str, Callable[[Expression], int | None]] = {"numeric": sign_by_value, "symbolic": sign_by_algebra}


class CalculusVerifier:
    """`numeric`: values and derivatives by exact series arithmetic at random points. `symbolic`: computer algebra.

    Neither uses the other's rules of differentiation.
    """

    name: str = "calculus"
    methods: Sequence[str] = ("numeric", "symbolic")

    def check(self, exercise: Exercise, method: str) -> Verdict:
        """Whether the answer is right, in the form the question asks for, and no step states a false equation."""
        equal = _EQUALITIES[method]
        verdict = verdicts_on(exercise, method)
        try:
            question = read_question(exercise.question)
        except AsksNothing as reason:
            return verdict("incorrect", f"no question: {reason}")
        except Unreadable as reason:
            return verdict("undecided", f"the question is not understood: {reason}")
        fault = _type_fault(question, exercise.answer_type)
        if fault:
            return verdict("incorrect", fault)
        if question.choices:
            judgement, fault = _choice(question, exercise.answer, method)
            fault = fault or step_fault(exercise.solution, question, None, equal)
            return verdict("incorrect" if fault and judgement == "correct" else judgement, fault)
        try:
            found = parse_expression(undecorated(exercise.answer))
        except ParseFailure as failure:
            return verdict("undecided", f"the answer is not understood: {failure}")
        compared = compare_expressions(
            question.target,
            _put_through(question, found),
            undecorated(exercise.answer),
            exercise.answer_type,
            ((method, equal),),
        )
        if compared.verdict != "correct":
            return verdict(compared.verdict, f"the answer: {compared.reason}")
        fault = _form_fault(question, found, exercise.answer_type)
        if fault:
            return verdict("incorrect", f"the answer: {fault}")
        fault = step_fault(exercise.solution, question, found, equal)
        return verdict("incorrect", fault) if fault else verdict("correct")

    def grade(self, question: str, expected: str, given: str, answer_type: AnswerType) -> Verdict:
        """Compares the answers, antiderivatives up to a constant.

        Otherwise the question adds only the form it asks for: its exercise or probe was verified before.
        """
        compared = compare(expected, given, answer_type)
        try:
            asked = read_question(question)
            found = parse_expression(undecorated(given))
            if isinstance(asked.target, Antiderivative):
                compared = compare_expressions(asked.target, found, undecorated(given), answer_type)
            fault = _form_fault(asked, found, answer_type) if compared.verdict == "correct" else ""
            if fault and compared.method != "exact":
                compared = Comparison("incorrect", "form", fault)
        except (AsksNothing, Unreadable, ParseFailure):
            pass  # the comparison of the answers stands
        return Verdict(exercise_id="", verdict=compared.verdict, method=compared.method, reason=compared.reason)


VERIFIER = CalculusVerifier()


def _type_fault(question: Question, answer_type: AnswerType) -> str:
    """Why the type of the answer does not fit; a wrong type would let the question itself pass for an answer."""
    if question.expanded and answer_type != "polynomial":
        return "an expanded form is asked for; the answer's type must be polynomial"
    if question.choices:
        return "" if answer_type == "choice" else "a choice is asked for; the answer's type must be choice"
    if not letters(question.target) and answer_type != "number":
        return "a number is asked for; the answer's type must be number"
    if answer_type in ("choice", "text"):
        return f"an expression is asked for, the answer's type is {answer_type}"
    return ""


def _put_through(question: Question, found: Expression) -> Expression:
    rule = question.through
    return found if rule is None else Applied(rule.body, rule.variable, 0, found)


def _form_fault(question: Question, found: Expression, answer_type: AnswerType) -> str:
    """What is wrong with the form of an answer that has the right value; empty when nothing is."""
    if isinstance(question.target, Antiderivative):
        return letters_fault(found, question.target.variable)
    return number_fault(found, question.form) if answer_type == "number" else ""


def _choice(question: Question, answer: str, method: str) -> tuple[Judgement, str]:
    """Whether the answer is the word that goes with the sign of the target."""
    sign = _SIGNS[method](question.target)
    if sign is None or sign not in question.choices:
        return "undecided", "the sign that decides could not be found"
    right = compare(question.choices[sign], answer, "choice").verdict == "correct"
    return ("correct", "") if right else ("incorrect", f"the answer: it is {question.choices[sign]}")
