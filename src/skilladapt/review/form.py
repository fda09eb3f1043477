"""An exercise as a text to edit, and that text as what was changed."""

import re

from pydantic import ValidationError

from skilladapt.decisions import Edited
from skilladapt.errors import UserError
from skilladapt.records import Exercise

HELP = """\
# Change what is wrong below, save and close.
# Each line of the solution is a step; [skill-id] in front says which skill it needs.
# To change your mind, close without changing anything.
"""
_PARTS = ("question", "solution", "answer")
_HEADING = re.compile(r"^==\s*(\w+)\s*==\s*$")
_STEP = re.compile(r"^\s*\[([a-z0-9-]+)\]\s*(.*)$")


def form_of(exercise: Exercise) -> str:
    """The text."""
    steps = zip(exercise.solution.splitlines(), exercise.step_skills, strict=False)
    solution = "\n".join(f"[{skill}] {line}" for line, skill in steps)
    parts = dict(zip(_PARTS, (exercise.question, solution, exercise.answer), strict=True))
    # A line of the exercise that looks like a heading must not be taken for one.
    plain = {name: re.sub(r"^==", " ==", text, flags=re.MULTILINE) for name, text in parts.items()}
    return HELP + "".join(f"\n== {name} ==\n{text}\n" for name, text in plain.items())


def read_form(text: str, exercise: Exercise) -> Edited:
    """What the text says, all of it. Raises UserError with every mistake."""
    parts: dict[str, list[str]] = {}
    stray: list[str] = []
    current = stray
    for line in text.split("\n"):
        heading = _HEADING.match(line)
        if heading:
            current = parts.setdefault(heading[1].lower(), [])
        else:
            current.append(line)
    missing = [name for name in _PARTS if name not in parts]
    unknown = [name for name in parts if name not in _PARTS]
    lost = [line.strip() for line in stray if line.strip() and not line.startswith("#")]
    mistakes = [f"The line '== {name} ==' is missing; put it before the {name}." for name in missing]
    mistakes += [f"There is no part '{name}'; the parts are {', '.join(_PARTS)}." for name in unknown]
    mistakes += [f"'{line}' stands before the first part; move or delete it." for line in lost]
    if mistakes:
        raise UserError(*mistakes)
    texts = {name: "\n".join(lines).strip("\n") for name, lines in parts.items()}
    steps = [_step(line, exercise) for line in texts["solution"].splitlines() if line.strip()]
    try:
        return Edited(
            question=texts["question"].strip(),
            solution="\n".join(step for _, step in steps),
            step_skills=tuple(skill for skill, _ in steps),
            answer=texts["answer"].strip(),
        )
    except ValidationError as error:
        raise UserError(*(_sentence(fault["msg"]) for fault in error.errors())) from None


def _step(line: str, exercise: Exercise) -> tuple[str, str]:
    found = _STEP.match(line)
    return (found[1], found[2]) if found else (exercise.skill_ids[0], line.strip())


def _sentence(message: str) -> str:
    told = message.removeprefix("Value error, ")
    return f"{told[0].upper()}{told[1:]}."
