"""Wrong versions of exercises, each as somebody might get it wrong who mixes facts up or miscounts."""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from skilladapt.domains.geography.draw import Draw
from skilladapt.domains.geography.facts import countries
from skilladapt.domains.geography.kinds import tasks
from skilladapt.domains.geography.names import named
from skilladapt.domains.geography.relations import RELATIONS
from skilladapt.domains.geography.solving import solve
from skilladapt.domains.geography.subject import Subject
from skilladapt.domains.geography.task import Task
from skilladapt.domains.geography.working import Line, Solution
from skilladapt.domains.geography.writing import closure, with_solution
from skilladapt.records import Exercise

_OPPOSITES: Final = {"north": "south", "east": "west", "yes": "no", "true": "false"}
_FLIPPED: Final = _OPPOSITES | {right: left for left, right in _OPPOSITES.items()}
_NUMBER: Final = re.compile(r"(?<![\w.:])[0-9]+(?:\.[0-9]+)?(?![\w:]|\.[0-9])")
_TEN: Final = 10


@dataclass(frozen=True)
class _Wrong:
    """What is to be got wrong."""

    task: Task
    right: Solution
    allowed: frozenset[str]
    skill_id: str
    difficulty: int
    subject: Subject
    rng: random.Random

    def with_answer(self, answer: str) -> Solution | None:
        """The last line and the answer with another value in the place of the right one."""
        *before, last = self.right.lines
        old = self.right.answers[0]
        place = last.text.rfind(old)
        changed = last.text if place < 0 else last.text[:place] + answer + last.text[place + len(old) :]
        return replace(self.right, lines=(*before, last._replace(text=changed)), answers=(answer,))


def corrupted(exercise: Exercise, task: Task, kind: str, subject: Subject, rng: random.Random) -> Exercise | None:
    """A wrong version of the exercise that asks the task, or None where there is none of this kind."""
    allowed = closure(exercise.skill_ids)
    right = solve(task, allowed)
    if right is None:
        return None
    case = _Wrong(task, right, allowed, exercise.skill_ids[0], exercise.difficulty, subject, rng)
    wrong = KINDS[kind](case)
    if wrong is None or (wrong.lines == right.lines and wrong.answers[0] == right.answers[0]):
        return None
    return with_solution(exercise, wrong)


def _swapped_fact(case: _Wrong) -> Solution | None:
    """A line states the fact of another country; the answer follows where it is that fact."""
    places = list(range(len(case.right.lines)))
    case.rng.shuffle(places)
    for place in places:
        changed = _other_fact(case, case.right.lines[place])
        if changed is None:
            continue
        line, old, new = changed
        lines = (*case.right.lines[:place], line, *case.right.lines[place + 1 :])
        answer = case.right.answers[0]
        return replace(case.right, lines=lines, answers=(new if answer == old else answer,))
    return None


def _other_fact(case: _Wrong, line: Line) -> tuple[Line, str, str] | None:
    """The line with the value of another country, and the right and the wrong answer that they are."""
    table = countries()
    text, option, letter = line.text.partition(", so option ")
    for code in sorted(case.right.mentions):
        for relation in RELATIONS.values():
            own = relation.value(table[code])
            if own is None or text != relation.state(table[code], own):
                continue
            others = [
                one
                for one in case.subject.taught
                if relation.value(table[one]) not in (None, own) and relation.key != "one neighbour"
            ]
            if not others:
                return None
            other = table[case.rng.choice(others)]
            changed = relation.state(table[code], relation.value(other) or "")
            return (
                line._replace(text=changed + option + letter),
                relation.answers(table[code])[0],
                relation.answers(other)[0],
            )
    return None


def _other_country(case: _Wrong) -> Solution | None:
    """Another of the countries that the solution names is taken for the one asked for, or any other."""
    names = {named(code): code for code in case.subject.taught}
    right = case.right.answers[0]
    if right not in names or case.task.options:
        return None
    others = sorted({named(code) for code in case.right.mentions} & set(names) - {right})
    return case.with_answer(case.rng.choice(others or sorted(set(names) - {right})))


def _number(case: _Wrong, change: Callable[[str], str]) -> Solution | None:
    answer = case.right.answers[0]
    if case.right.answer_type != "number":
        return None
    return case.with_answer(change(answer))


def _off_by_one(case: _Wrong) -> Solution | None:
    """The last digit of the number asked for is one too high or too low."""

    def change(answer: str) -> str:
        decimals = len(answer.partition(".")[2])
        step = case.rng.choice((-1, 1)) if float(answer) > 10**-decimals else 1
        return f"{float(answer) + step * 10**-decimals:.{decimals}f}"

    return _number(case, change)


def _unit(case: _Wrong) -> Solution | None:
    """The number is given in another unit, ten or a thousand times too large."""
    factor = case.rng.choice((_TEN, _TEN**3))
    return _number(case, lambda answer: f"{float(answer) * factor:.6f}".rstrip("0").rstrip("."))


def _direction(case: _Wrong) -> Solution | None:
    """North for south, east for west, ahead of UTC for behind it."""
    answer = case.right.answers[0]
    for right, wrong in (("north", "south"), ("east", "west")):
        for one, other in ((right, wrong), (wrong, right)):
            if answer.endswith(one):
                return case.with_answer(answer.removesuffix(one) + other)
    if re.match("UTC[+-](?!0)", answer):
        return case.with_answer(answer.replace("+", "?").replace("-", "+").replace("?", "-"))
    return None


def _flipped_choice(case: _Wrong) -> Solution | None:
    """No for yes, false for true, or another option."""
    answer = case.right.answers[0]
    if case.task.options:
        letters = [letter for letter in "ABCDEFGH"[: len(case.task.options)] if letter != answer]
        return case.with_answer(case.rng.choice(letters))
    return replace(case.right, answers=(_FLIPPED[answer],)) if answer in _FLIPPED else None


def _wrong_step(case: _Wrong) -> Solution | None:
    """A number in a line before the answer is wrong; everything else stays."""
    found = [
        (place, match)
        for place, line in enumerate(case.right.lines)
        for match in _NUMBER.finditer(line.text)
        if "(rounded)" not in line.text[match.end() : match.end() + 10]
    ]
    if not found:
        return None
    place, match = case.rng.choice(found)
    line = case.right.lines[place]
    wrong = (
        str(int(match[0]) + case.rng.randint(1, 9))
        if match[0].isdigit()
        else f"{match[0]}{case.rng.randint(1, 9)}"
    )
    text = line.text[: match.start()] + wrong + line.text[match.end() :]
    lines = (*case.right.lines[:place], line._replace(text=text), *case.right.lines[place + 1 :])
    return replace(case.right, lines=lines)


def _other_question(case: _Wrong) -> Solution | None:
    """The same is worked out for other countries."""
    draw = Draw.of(case.subject, case.rng, case.difficulty)
    for task in islice(tasks(case.skill_id, draw), 60):
        if task is None or task.form != case.task.form or bool(task.options) != bool(case.task.options):
            continue
        other = solve(task, case.allowed)
        if other and other.answers[0] != case.right.answers[0] and other.answer_type == case.right.answer_type:
            return other
    return None


KINDS: Final[Mapping[str, Callable[[_Wrong], Solution | None]]] = {
    "swapped-fact": _swapped_fact,
    "other-country": _other_country,
    "off-by-one": _off_by_one,
    "unit": _unit,
    "direction": _direction,
    "flipped-choice": _flipped_choice,
    "wrong-step": _wrong_step,
    "other-question": _other_question,
}
"""How each kind goes wrong."""
