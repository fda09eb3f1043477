"""What a person decided about exercises: `decisions.jsonl` in a run directory, one JSON object a line.

Written by `skilladapt review`, by hand or by a script. The last line about an exercise counts. This module knows
nothing of where the exercises are, or of what becomes of them.
"""

import fcntl
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import ValidationError, field_validator, model_validator

from skilladapt.durable import sync
from skilladapt.errors import RunError, UserError
from skilladapt.records import ANSWER_MARK, PERSON, Exercise, Record, Verdict

DECISIONS: Final = "decisions.jsonl"
MOST_SHOWN: Final = 20
"""Faulty lines that are told one by one."""


class Edited(Record):
    """What a person changed in an exercise; what is left out, or null, stays as it is."""

    question: str | None = None
    solution: str | None = None
    """Steps, one a line, without the line of the final answer."""
    step_skills: tuple[str, ...] | None = None
    """The skill id of each step. Left out: as before, or the exercise's own skill where steps came or went."""
    answer: str | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        for name in ("question", "answer"):
            if (text := getattr(self, name)) is not None and not text.strip():
                raise ValueError(f"the {name} is empty")
        if self.answer is not None and len(self.answer.splitlines()) > 1:
            raise ValueError("the answer has more than one line")
        for line in (self.solution or "").splitlines():
            if not line.strip():
                raise ValueError("the solution has an empty line; every line is a step")
            if line.strip().startswith(ANSWER_MARK):
                raise ValueError(f"a step begins with '{ANSWER_MARK}'; the answer has a field of its own")
        return self

    def version_of(self, exercise: Exercise) -> Exercise:
        """`exercise` as it was edited: a new one, that names the old one as its parent."""
        solution = exercise.solution if self.solution is None else self.solution.strip("\n")
        steps = len(solution.splitlines())
        kept = exercise.step_skills if len(exercise.step_skills) == steps else exercise.skill_ids[:1] * steps
        return exercise.model_copy(
            update={
                "question": exercise.question if self.question is None else self.question.strip(),
                "solution": solution,
                "step_skills": kept if self.step_skills is None else self.step_skills,
                "answer": exercise.answer if self.answer is None else self.answer.strip(),
                "parent_ids": (exercise.exercise_id,),
                "author": f"{exercise.author}, edited by a person",
            }
        )


class Decision(Record):
    """One line of the file."""

    exercise_id: str
    """Of an exercise; an example's id, with its `e`, means the same."""
    decision: Literal["accept", "edit", "reject", "skip"]
    """`skip`: whatever was decided by others stays, and nobody is asked again."""
    note: str = ""
    edited: Edited | None = None

    @field_validator("exercise_id")
    @classmethod
    def _is_id(cls, id: str) -> str:
        bare = id[1:] if len(id) == 17 and id[0] == "e" else id
        if len(bare) != 16 or set(bare) - set("0123456789abcdef"):
            raise ValueError("an id has 16 digits from 0 to f, such as why and review show")
        return bare

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.edited is None) == (self.decision == "edit"):
            needs = "needs what was edited" if self.edited is None else "edits nothing; leave 'edited' out"
            raise ValueError(f"the decision '{self.decision}' {needs}")
        return self

    def verdict(self) -> Verdict | None:
        """What it says of the exercise itself; None where it says nothing."""
        if self.decision == "skip":
            return None
        done = {"accept": "accepted", "edit": "edited", "reject": "rejected"}[self.decision]
        reason = f"{done} by a person{f': {self.note}' if self.note else ''}"
        judged: Literal["correct", "incorrect"] = "correct" if self.decision == "accept" else "incorrect"
        return Verdict(exercise_id=self.exercise_id, verdict=judged, method=PERSON, reason=reason)


Decisions = Mapping[str, Decision]
"""By exercise id."""


def read_decisions(folder: Path, warn: Callable[[str], None] = lambda _: None) -> Decisions:
    """The decision that counts about each exercise, in the order of the file; none where there is no file.

    A last line that was torn is left out, and `warn` is told. Raises UserError with every faulty line.
    """
    path = folder / DECISIONS
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}); make it readable.") from error
    *whole, last = data.split(b"\n")
    if last.strip() and not _is_json(last):
        warn(f"{path}: the last line was not written to its end and is left out; decide that one again.")
        last = b""
    found: dict[str, Decision] = {}
    faults: list[str] = []
    for number, line in enumerate([*whole, last], start=1):
        if not line.strip():
            continue
        try:
            decision = _decision(line)
        except ValueError as error:
            faults.append(f"{path}:{number}: {error}; mend or delete the line.")
            continue
        found.pop(decision.exercise_id, None)
        found[decision.exercise_id] = decision
    if faults:
        more = [f"{path}: {len(faults) - MOST_SHOWN} more faulty lines."] if len(faults) > MOST_SHOWN else []
        raise UserError(*faults[:MOST_SHOWN], *more)
    return found


def add_decision(folder: Path, decision: Decision) -> None:
    """Appends a decision; once this returns, it outlives any crash. Raises RunError where it cannot be written."""
    path = folder / DECISIONS
    line = json.dumps(decision.model_dump(mode="json"), ensure_ascii=True).encode() + b"\n"
    try:
        with path.open("ab+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # two people may review one run
            file.seek(0)
            rest = file.read().rpartition(b"\n")[2]
            if rest and _is_json(rest):  # written by hand, without a new line at the end
                line = b"\n" + line
            elif rest:  # torn: it must not spoil this one
                file.truncate(file.tell() - len(rest))
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        sync(folder)
    except OSError as error:
        raise RunError(
            f"{path} could not be written ({error.strerror or error}); mend that and review again: "
            "all earlier decisions are kept."
        ) from error


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _decision(line: bytes) -> Decision:
    """Raises ValueError with one short reason."""
    try:
        content: Any = json.loads(line.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON ({error.msg} at column {error.colno})") from None
    except (ValueError, RecursionError):
        raise ValueError("not JSON that can be read: not UTF-8, too deep, or a number too long") from None
    if not isinstance(content, dict):
        raise ValueError("not a JSON object")
    try:
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("half a character (a lone surrogate), which no text has") from None
    try:
        return Decision.model_validate(content)
    except ValidationError as error:
        raise ValueError("; ".join(map(_fault, error.errors()))) from None


def _fault(fault: Any) -> str:
    place = ".".join(map(str, fault["loc"]))
    told = fault["msg"].removeprefix("Value error, ")
    return f"'{place}': {told[0].lower()}{told[1:]}" if place else told
