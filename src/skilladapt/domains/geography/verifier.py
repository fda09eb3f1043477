"""Judges geography exercises from the text of their questions, by the table of facts.

It reads what a person reads (`reading`), works the answer out in two independent ways, and checks every line of
the solution. It never sees how a question was made, and shares only the facts with the author.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from skilladapt.domains.geography.asking import work_out as ask
from skilladapt.domains.geography.judging import Wanted, answers_question, wanted_of
from skilladapt.domains.geography.looking_up import Unknown
from skilladapt.domains.geography.looking_up import work_out as look_up
from skilladapt.domains.geography.reading import Question, Unreadable, read_question
from skilladapt.domains.geography.results import WorkOut
from skilladapt.domains.geography.solutions import judge_lines, quoted
from skilladapt.records import AnswerType, Exercise, Verdict
from skilladapt.verification.answers import compare
from skilladapt.verification.verifier import verdicts_on

_METHODS: Final[Mapping[str, WorkOut]] = {"table": look_up, "query": ask}


class GeographyVerifier:
    """`table`: worked out in Python from the facts. `query`: asked of an SQL database that holds them."""

    name: str = "geography"
    methods: Sequence[str] = tuple(_METHODS)

    def check(self, exercise: Exercise, method: str) -> Verdict:
        """Whether the answer is right and of the type asked for, and no line states anything false."""
        work_out = _METHODS[method]
        verdict = verdicts_on(exercise, method)
        try:
            question = read_question(exercise.question)
            wanted = wanted_of(question, work_out)
        except Unreadable as reason:
            return verdict("undecided", f"the question is not understood: {reason}")
        except Unknown as reason:
            return verdict("undecided", f"the question cannot be answered: {reason}")
        if exercise.answer_type != wanted.answer_type:
            return verdict("incorrect", f"the answer's type must be {wanted.answer_type}")
        if not answers_question(wanted, exercise.answer):
            return verdict("incorrect", f"the answer: {quoted(exercise.answer)} is not what comes out")
        return verdict(*judge_lines(exercise.solution, exercise.question, question, wanted, work_out))

    def grade(self, question: str, expected: str, given: str, answer_type: AnswerType) -> Verdict:
        """Whether an answer is right under any name; by its type where the question is not of this subject."""
        try:
            read = read_question(question)
            wanted = wanted_of(read, look_up)
        except (Unreadable, Unknown):
            compared = compare(expected, given, answer_type)
            return Verdict(
                exercise_id="", verdict=compared.verdict, method=compared.method, reason=compared.reason
            )
        if _is_right(read, wanted, given):
            return Verdict(exercise_id="", verdict="correct", method="table")
        reason = f"{quoted(given)} is not {quoted(expected)}"
        return Verdict(exercise_id="", verdict="incorrect", method="table", reason=reason)


VERIFIER = GeographyVerifier()


def _is_right(question: Question, wanted: Wanted, given: str) -> bool:
    """The letter of an option, or its text; a yes or no with or without more words."""
    given = given[:1_000].strip()
    if wanted.kind == "option":
        letter = re.match(r"\(?([A-Ha-h])\)?(?=[).:,\s]|\Z)[).:]?\s*", given)
        right = question.options[ord(wanted.values[0]) - ord("A")]
        if letter and (
            not given[letter.end() :] or answers_question(Wanted("text", (right,)), given[letter.end() :])
        ):
            return letter[1].upper() == wanted.values[0]
        return answers_question(Wanted("text", (right,)), given)
    if answers_question(wanted, given):
        return True
    return wanted.kind == "choice" and re.match(rf"{wanted.values[0]}\b[.,:;]", given, re.IGNORECASE) is not None
