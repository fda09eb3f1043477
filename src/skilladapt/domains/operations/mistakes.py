"""Wrong versions of exercises, each as somebody might get it wrong who has not understood, or not looked."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from skilladapt.domains.operations.definitions import Definition
from skilladapt.domains.operations.sequences import VALUES
from skilladapt.domains.operations.subject import Subject
from skilladapt.domains.operations.working import Call, Working, plan, work_out
from skilladapt.records import Exercise


@dataclass(frozen=True)
class _Task:
    """What is to be got wrong."""

    call: Call
    subject: Subject
    rng: random.Random
    steps: Sequence[Definition]
    right: Working

    @property
    def computed(self) -> list[int]:
        """The places of the steps that state a new value; the last is always the last of all steps."""
        return [place for place, step in enumerate(self.steps) if not step.parts]

    def with_results(self, results: Mapping[int, int]) -> Working:
        """The steps with other results at some places, and everything after them carried on from there."""
        return work_out(self.steps, self.call.value, self.subject, results)


def corrupted(exercise: Exercise, call: Call, kind: str, subject: Subject, rng: random.Random) -> Exercise | None:
    """A wrong version of the exercise that asks for `call`, or None where there is none of this kind."""
    steps = plan(call.names, subject)
    task = _Task(call, subject, rng, steps, work_out(steps, call.value, subject))
    wrong = KINDS[kind](task)
    if wrong is None:
        return None
    if isinstance(wrong, int):
        working, answer = task.right, wrong
    else:
        working, answer = wrong, wrong.result
    if answer == task.right.result:
        return None
    return exercise.model_copy(
        update={"solution": "\n".join(working.lines), "step_skills": working.skills, "answer": f"{answer:02d}"}
    )


def _digit(task: _Task) -> Working:
    """One digit of the last result is off by one or two."""
    place = task.rng.choice((1, 10))
    wrong = _other_digit(task.right.result, place, task.rng.choice((-2, -1, 1, 2)))
    return task.with_results({task.computed[-1]: wrong})


def _swapped_digits(task: _Task) -> Working:
    """The last result is written the wrong way round."""
    tens, units = divmod(task.right.result, 10)
    return task.with_results({task.computed[-1]: 10 * units + tens})


def _other_operation(task: _Task) -> Working | None:
    """A step is done by the rule of another operation."""
    place = task.rng.choice(task.computed)
    value, right = task.right.values[place : place + 2]
    primitives = task.subject.primitives
    names = task.rng.sample(primitives, min(len(primitives), 8))
    others = sorted({task.subject.apply(name, value) for name in names} - {right})
    return task.with_results({place: task.rng.choice(others)}) if others else None


def _wrong_step(task: _Task) -> Working | None:
    """A step before the last gives another number."""
    if len(task.computed) < 2:
        return None
    place = task.rng.choice(task.computed[:-1])
    wrong = _other_digit(task.right.values[place + 1], task.rng.choice((1, 10)), task.rng.randint(1, 9))
    return task.with_results({place: wrong})


def _other_question(task: _Task) -> Working:
    """The same operations are worked out for another value."""
    other = task.rng.choice([value for value in range(VALUES) if value != task.call.value])
    return work_out(task.steps, other, task.subject)


def _order(task: _Task) -> Working | None:
    """Two operations in a row are done in the wrong order, or a composed one is read the wrong way round."""
    names = list(task.call.names)
    if len(names) > 1:
        place = task.rng.randrange(len(names) - 1)
        names[place], names[place + 1] = names[place + 1], names[place]
        return work_out(plan(names, task.subject), task.call.value, task.subject)
    composed = [step for step in task.steps if step.parts]
    if not composed:
        return None
    chosen = task.rng.choice(composed)
    outer, inner = chosen.parts or ("", "")
    steps = plan(names, task.subject, replace(chosen, parts=(inner, outer)))
    return work_out(steps, task.call.value, task.subject)


def _skipped(task: _Task) -> Working | None:
    """One operation is left out."""
    if len(task.computed) < 2:
        return None
    left_out = task.rng.choice(task.computed)
    steps = [step for place, step in enumerate(task.steps) if place != left_out]
    return work_out(steps, task.call.value, task.subject)


def _wrong_answer(task: _Task) -> int:
    """The steps are right, but another number is given as the answer: one on the way, or one near."""
    on_the_way = sorted({*task.right.values[1:]} - {task.call.value, task.right.result})
    near = _other_digit(task.right.result, task.rng.choice((1, 10)), task.rng.choice((-1, 1)))
    return task.rng.choice([*on_the_way, near])


def _other_digit(value: int, place: int, by: int) -> int:
    """The value with the digit at `place` (1 or 10) moved, from 9 on to 0."""
    digit = value // place % 10
    return value + place * ((digit + by) % 10 - digit)


KINDS: Final[Mapping[str, Callable[[_Task], Working | int | None]]] = {
    "digit": _digit,
    "swapped-digits": _swapped_digits,
    "other-operation": _other_operation,
    "wrong-step": _wrong_step,
    "other-question": _other_question,
    "order": _order,
    "skipped": _skipped,
    "wrong-answer": _wrong_answer,
}
"""How each kind goes wrong; what comes out is either a wrong working, or a wrong answer to the right one."""
