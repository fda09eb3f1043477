"""Puts a textbook page together: the definition in words and as a formula, worked examples, a common mistake.

The sentences are few and fixed, and names stand in lower case, so that a student with a small vocabulary of its
own can read every word (`words.py` lists them).
"""

import random
from typing import Final

from skilladapt.domains.operations.definitions import Definition
from skilladapt.domains.operations.sequences import VALUES
from skilladapt.domains.operations.subject import Subject
from skilladapt.domains.operations.wording import in_words
from skilladapt.domains.operations.working import Call, Working, plan, work_out
from skilladapt.records import ANSWER_MARK, content_hash, is_held_out

PRIMITIVE_OPENINGS: Final = (
    "The operation {name} makes a new value from a value of two digits: {words}.",
    "A value has two digits. What does {name} make of it? With {name}, {words}.",
)
COMPOSED_OPENINGS: Final = (
    "The operation {name} is made of two others: {words}. What comes out of {inner} goes into {outer}.",
    "To work out {name}, do two things: {words}. Give the result of {inner} to {outer}.",
)
FORMULAS: Final = ("In short: {formula}.", "As a formula: {formula}.")
NO_BASIS: Final = "It builds on no other operation."
BASIS: Final = "It builds on {parts}."
AND: Final = " and "
PRIMITIVE_MISTAKES: Final = (
    "Watch out: when a number gets larger than 9, keep only its last digit.",
    "Watch out: a value always has two digits, so write 07 and not 7.",
    "Watch out: do not put the new digits in the wrong order; the new tens digit comes first.",
)
COMPOSED_MISTAKES: Final = (
    "Watch out: {outer} is written first, {inner} is done first.",
    "Watch out: do not stop after {inner}; {outer} comes next.",
    "Watch out: do not start with {outer}; {inner} comes first.",
)
EXAMPLES: Final = ("Example:", "Another example:")


def compose_page(name: str, subject: Subject, variant: int) -> str:
    """The text of one page of 60 to 120 words; another `variant` has other words and other examples.

    Odd variants give the mistake before the examples, even ones after them.
    """
    definition = subject.definitions[name]
    openings = COMPOSED_OPENINGS if definition.parts else PRIMITIVE_OPENINGS
    mistakes = COMPOSED_MISTAKES if definition.parts else PRIMITIVE_MISTAKES
    outer, inner = definition.parts or ("", "")
    start = [
        openings[variant % 2].format(name=name, words=in_words(definition), outer=outer, inner=inner),
        FORMULAS[variant % 2].format(formula=definition.formula),
        _basis(definition),
    ]
    watch_out = mistakes[variant % 3].format(outer=outer, inner=inner)
    examples = [
        f"{heading} {call.question}\n{working.solution}\n{ANSWER_MARK} {working.answer}"
        for heading, (call, working) in zip(EXAMPLES, _examples(name, subject, variant), strict=True)
    ]
    body = [watch_out, *examples] if variant % 2 else [*examples, watch_out]
    return "\n\n".join([" ".join(start), *body])


def _basis(definition: Definition) -> str:
    if not definition.parts:
        return NO_BASIS
    return BASIS.format(parts=AND.join(dict.fromkeys(definition.parts[::-1])))


def _examples(name: str, subject: Subject, variant: int) -> list[tuple[Call, Working]]:
    """Two calls worked out, whose questions are practice; where possible no line states what a probe asks for."""
    rng = random.Random(content_hash("operations-page", name, variant))
    steps = plan((name,), subject)
    calls = [Call((name,), value) for value in rng.sample(range(VALUES), VALUES)]
    worked = [(call, work_out(steps, call.value, subject)) for call in calls if not is_held_out(call.question)]
    # Sorting keeps the drawn order among equals.
    return sorted(worked, key=lambda one: _held_out_lines(one[1]))[:2]


def _held_out_lines(working: Working) -> int:
    return sum(is_held_out(f"{line.partition(' = ')[0]} = ?") for line in working.lines)
