"""Verification without a computation: answers that independent solvers agree on.

A solver is the teacher again, which sees the question alone: neither the stated answer nor its solution. The text
of questions and solutions is data to it and to us; whatever it says, it is only ever compared. A judge has a say
where independent solutions leave a doubt, is asked twice with the answers the other way round, and is never
followed without an independent solution on its side.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from skilladapt.prompts import fill
from skilladapt.prompts.reading import Unusable, final_answer, stated_answer, text_of
from skilladapt.records import AnswerType, Exercise, Judgement, Verdict
from skilladapt.teachers.teacher import Outcome, Request, Sampling, Teacher, ask_all
from skilladapt.verification.answers import compare

FORMS: Final = {
    "number": ", a number",
    "choice": ", the letter of the right option",
    "text": ", in one to four words",
    "points": ", which is your whole explanation in two to five sentences",
}
"""What a solver is told of the answer it is to give: its form and nothing else."""
HOW: Final = {
    "agreement": "Do it in the way that comes to mind first.",
    "judged": "Before you answer, try to find a reason why your first thought could be wrong.",
}
"""By method: a second opinion is asked for in other words, so that it does not repeat the first."""
LONGEST: Final = 120
"""Characters of a short answer; what is longer agrees with nothing."""
POINTS_MADE: Final = 2 / 3
"""The share of an exercise's points that an independent explanation must make to speak for them."""
_NUMBER: Final = re.compile(r"[^\w+-]{0,3}([-+]?\d{1,15}(?:\.\d{1,15}|/\d{1,15})?)(?!\d)(?:[^\d]{0,30})")
"""One number and perhaps its unit."""
_LINE: Final = re.compile(r"^\s*(\d{1,2})\s*[:.)]\s*[*_]*(yes|no)\b", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class AgreementVerifier:
    """Judges exercises by solving them independently, several times."""

    teacher: Teacher
    solutions: int = 3
    """Independent solutions of each exercise, for each method."""
    threshold: float = 0.6
    """The share of them that must agree; what fewer say is not decided."""
    sampling: Sampling = Sampling(temperature=0.7, max_tokens=600)
    name: str = "agreement"
    methods: Sequence[str] = ("agreement", "judged")

    def check(self, exercise: Exercise, method: str) -> Verdict:
        """Judges one exercise."""
        return self.check_all([exercise], method)[0]

    def check_all(self, exercises: Sequence[Exercise], method: str) -> list[Verdict]:
        """Judges all by one method, with all that is asked for it asked at once; verdicts in their order."""
        needed = math.ceil(self.threshold * self.solutions - 1e-9)
        answers = self._independent_answers(exercises, method)
        points = self._points_made(exercises, answers)
        found = [
            _by_points(one, made, needed, self.solutions, method)
            if one.answer_type == "points"
            else _by_agreement(one, given, needed, self.solutions, method)
            for one, given, made in zip(exercises, answers, points, strict=True)
        ]
        if method != "judged":
            return found
        doubtful = [place for place, verdict in enumerate(found) if verdict.verdict == "undecided"]
        judged = self._judged([(exercises[place], answers[place]) for place in doubtful])
        for place, verdict in zip(doubtful, judged, strict=True):
            found[place] = verdict or found[place]
        return found

    def grade(self, question: str, expected: str, given: str, answer_type: AnswerType) -> Verdict:
        """Whether an answer is the expected one, by comparing them: no student is graded by a whim."""
        found = compare(expected, given, answer_type)
        return Verdict(exercise_id="", verdict=found.verdict, method=found.method, reason=found.reason)

    def _independent_answers(self, exercises: Sequence[Exercise], method: str) -> list[list[str]]:
        """For each exercise the answers that solvers came to; fewer where a reply is unusable."""
        requests = [
            self._request(
                "solve",
                {"question": one.question, "how": HOW[method], "form": FORMS.get(one.answer_type, "")},
                draw,
            )
            for one in exercises
            for draw in range(self.solutions)
        ]
        replies = iter(ask_all(self.teacher, requests))
        return [
            [answer for _ in range(self.solutions) if (answer := _final_answer(next(replies), one.answer_type))]
            for one in exercises
        ]

    def _points_made(
        self, exercises: Sequence[Exercise], answers: Sequence[Sequence[str]]
    ) -> Iterator[Sequence[float]]:
        """For each exercise with points, and each independent explanation, the share of the points it makes."""
        asked = [
            (place, explanation)
            for place, one in enumerate(exercises)
            if one.answer_type == "points"
            for explanation in answers[place]
        ]
        requests = [
            self._request(
                "points",
                {
                    "question": exercises[place].question,
                    "explanation": explanation,
                    "points": exercises[place].answer.split("; "),
                },
                0,
            )
            for place, explanation in asked
        ]
        shares: dict[int, list[float]] = {}
        for (place, _), outcome in zip(asked, ask_all(self.teacher, requests), strict=True):
            points = len(exercises[place].answer.split("; "))
            shares.setdefault(place, []).append(_share_made(outcome, points))
        return (shares.get(place, []) for place in range(len(exercises)))

    def _judged(self, doubtful: Sequence[tuple[Exercise, Sequence[str]]]) -> list[Verdict | None]:
        """Where the stated answer and one other each have a solver on their side: what a judge says twice."""
        pairs = [_contenders(exercise, answers) for exercise, answers in doubtful]
        requests = []
        for (exercise, _), pair in zip(doubtful, pairs, strict=True):
            if pair is not None:
                for first, second in (pair, pair[::-1]):
                    values = {"question": exercise.question, "first": first, "second": second}
                    requests.append(self._request("judge", values, 0))
        replies = iter(ask_all(self.teacher, requests))
        return [
            None if pair is None else _ruling(exercise, _pick(next(replies)), _pick(next(replies)))
            for (exercise, _), pair in zip(doubtful, pairs, strict=True)
        ]

    def _request(self, prompt: str, values: Mapping[str, object], draw: int) -> Request:
        return Request(messages=fill(prompt, values), sampling=self.sampling, draw=draw, purpose=prompt)


def _final_answer(outcome: Outcome, answer_type: AnswerType) -> str:
    """What stands behind the last `Answer:`, to the end for an explanation; empty where nothing can be used."""
    try:
        text = text_of(outcome)
    except Unusable:
        return ""
    if answer_type == "points":
        found = final_answer(text)
        return found[1] if found else ""
    answer = stated_answer(text)
    return answer if 0 < len(answer) <= LONGEST and answer.casefold() != "none" else ""


def _by_agreement(exercise: Exercise, answers: Sequence[str], needed: int, asked: int, method: str) -> Verdict:
    agreeing = sum(_same(exercise.answer, given, exercise.answer_type) for given in answers)
    others = _largest_group(
        [one for one in answers if not _same(exercise.answer, one, exercise.answer_type)], exercise
    )
    told = f"{agreeing} of {asked} independent solutions agree"
    if agreeing >= needed:
        return _verdict(exercise, "correct", method, told)
    if len(others) >= needed:
        return _verdict(
            exercise, "incorrect", method, f"{len(others)} of {asked} independent solutions say {others[0]!r}"
        )
    said = f", {len(others)} say {others[0]!r}" if others else ""
    return _verdict(exercise, "undecided", method, f"{told}{said}; {asked - len(answers)} came to no answer")


def _by_points(exercise: Exercise, shares: Sequence[float], needed: int, asked: int, method: str) -> Verdict:
    """Points that independent explanations make, too, are what is to be said; of others nothing is known."""
    speaking = sum(share >= POINTS_MADE for share in shares)
    told = f"{speaking} of {asked} independent explanations make its points"
    return _verdict(exercise, "correct" if speaking >= needed else "undecided", method, told)


def _verdict(exercise: Exercise, verdict: Judgement, method: str, reason: str) -> Verdict:
    return Verdict(exercise_id=exercise.exercise_id, verdict=verdict, method=method, reason=reason)


def _same(expected: str, given: str, answer_type: AnswerType) -> bool:
    if answer_type == "number":
        wanted, found = _value(expected), _value(given)
        return wanted is not None and wanted == found
    if answer_type == "choice":
        letter = re.match(r"\W*([A-Ha-h])(?:\W|$)", given)
        return letter is not None and letter[1].upper() == expected
    return compare(expected, given, "text").verdict == "correct"


def _value(text: str) -> Fraction | None:
    """The one number in a short answer, whatever unit stands around it."""
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text.strip()).replace("−", "-")
    found = _NUMBER.fullmatch(plain)
    try:
        return Fraction(found[1]) if found else None
    except (ValueError, ZeroDivisionError):
        return None


def _largest_group(answers: Sequence[str], exercise: Exercise) -> list[str]:
    """The most answers that are the same; of equally many, those that were given first."""
    groups: list[list[str]] = []
    for answer in answers:
        for group in groups:
            if _same(group[0], answer, exercise.answer_type):
                group.append(answer)
                break
        else:
            groups.append([answer])
    return max(groups, key=len, default=[])


def _contenders(exercise: Exercise, answers: Sequence[str]) -> tuple[str, str] | None:
    """The stated answer and the most frequent other one; None unless both have an independent solution."""
    if exercise.answer_type == "points":
        return None
    agreeing = [one for one in answers if _same(exercise.answer, one, exercise.answer_type)]
    others = _largest_group([one for one in answers if one not in agreeing], exercise)
    return (exercise.answer, others[0]) if agreeing and others else None


def _pick(outcome: Outcome) -> str:
    """`1`, `2`, or empty for everything else a judge may say."""
    said = _final_answer(outcome, "text")
    return said if said in ("1", "2") else ""


def _ruling(exercise: Exercise, straight: str, turned: str) -> Verdict | None:
    """A verdict where the judge named the same answer both times, at another place each time."""
    if (straight, turned) == ("1", "2"):
        return _verdict(exercise, "correct", "judged", "a judge and an independent solution are for it")
    if (straight, turned) == ("2", "1"):
        return _verdict(
            exercise, "incorrect", "judged", "a judge and an independent solution are for another answer"
        )
    return None


def _share_made(outcome: Outcome, points: int) -> float:
    try:
        text = text_of(outcome)
    except Unusable:
        return 0.0
    said = {int(number): word.casefold() == "yes" for number, word in _LINE.findall(text)}
    return float(sum(said.get(number, False) for number in range(1, points + 1))) / points
