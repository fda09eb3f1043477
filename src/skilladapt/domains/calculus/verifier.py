"""Judges calculus exercises from the text of their questions.

It reads what a person reads (`reading`), works the answer out in two independent ways, and checks the equations of
the solution. It never sees how a question was made, and shares no code with the author.
"""

from collections.abc import Sequence

from skilladapt.domains.calculus.verifying.meanings import Question
from skilladapt.domains.calculus.verifying.reading import AsksNothing, Unreadable, read_question
from skilladapt.domains.calculus.verifying.steps import step_fault
from skilladapt.records import AnswerType, Exercise, Judgement, Verdict
from skilladapt.verification.answers import (
    Equality,
    compare,
    compare_expressions,
    undecorated,
)
from skilladapt.verification.expressions import letters
from skilladapt.verification.numeric import equal_at_points
from skilladapt.verification.parsing import parse_expression
from skilladapt.verification.symbolic import equal_symbolically
from skilladapt.verification.tokens import ParseFailure

_EQUALITIES: dict[str, Equality] = {"numeric": equal_at_points, "symbolic": equal_symbolically}


class CalculusVerifier:
    """`numeric`: values and derivatives by exact series arithmetic at random points. `symbolic`: computer algebra.

    Neither uses the other's rules of differentiation.
    """

    name: str = "calculus"
    methods: Sequence[str] = ("numeric", "symbolic")

    def check(self, exercise: Exercise, method: str) -> Verdict:
        """Whether the answer is right, in the form the question asks for, and no step states a false equation."""
        equal = _EQUALITIES[method]

        def verdict(judgement: Judgement, reason: str = "") -> Verdict:
            return Verdict(exercise_id=exercise.exercise_id, verdict=judgement, method=method, reason=reason)

        try:
            question = read_question(exercise.question)
        except AsksNothing as reason:
            return verdict("incorrect", f"no question: {reason}")
        except Unreadable as reason:
            return verdict("undecided", f"the question is not understood: {reason}")
        try:
            found = parse_expression(undecorated(exercise.answer))
        except ParseFailure as failure:
            return verdict("undecided", f"the answer is not understood: {failure}")
        fault = _type_fault(question, exercise.answer_type)
        if fault:
            return verdict("incorrect", fault)
        compared = compare_expressions(
            question.target, found, undecorated(exercise.answer), exercise.answer_type, ((method, equal),)
        )
        if compared.verdict != "correct":
            return verdict(compared.verdict, f"the answer: {compared.reason}")
        fault = step_fault(exercise.solution, question, found, equal)
        return verdict("incorrect", fault) if fault else verdict("correct")

    def grade(self, question: str, expected: str, given: str, answer_type: AnswerType) -> Verdict:
        """Compares the answers. The question adds nothing here: its exercise or probe was verified before."""
        compared = compare(expected, given, answer_type)
        return Verdict(exercise_id="", verdict=compared.verdict, method=compared.method, reason=compared.reason)


VERIFIER = CalculusVerifier()


def _type_fault(question: Question, answer_type: AnswerType) -> str:
    """Why the type of the answer does not fit; a wrong type would let the question itself pass for an answer."""
    if question.expanded and answer_type != "polynomial":
        return "an expanded form is asked for; the answer's type must be polynomial"
    if not letters(question.target) and answer_type != "number":
        return "a number is asked for; the answer's type must be number"
    if answer_type in ("choice", "text"):
        return f"an expression is asked for, the answer's type is {answer_type}"
    return ""
