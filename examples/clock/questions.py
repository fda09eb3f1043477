"""Everything that is asked about clock times: a problem, how it is put into words, and how it is worked out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

DAY = 24 * 60
LONGEST = (100, 200, 400, 700, 1400)
"""Most minutes of a duration, by difficulty."""


@dataclass(frozen=True)
class Problem:
    """What an exercise is about."""

    skill_id: str
    start: int = 0
    """Minutes after midnight."""
    minutes: int = 0
    """A duration."""
    in_hours: bool = False
    """Whether the question names the duration in hours and minutes, which must be turned into minutes first."""


class Line(NamedTuple):
    """One line of a solution."""

    skill_id: str
    work: str


def hours(minutes: int) -> str:
    """`3 h 25 min`."""
    return f"{minutes // 60} h {minutes % 60} min"


def clock(minutes: int) -> str:
    """`09:05`."""
    return f"{minutes % DAY // 60:02d}:{minutes % 60:02d}"


def draw(skill_id: str, difficulty: int, rng: Random) -> Problem:
    """A problem; longer durations are harder, and only late times cross midnight."""
    minutes = rng.randint(5, LONGEST[difficulty - 1])
    last = DAY - 1 if skill_id == "later-times" else DAY - 1 - minutes
    return Problem(skill_id, rng.randint(0, last), minutes)


WORDINGS: Mapping[str, tuple[str, ...]] = {
    "hours-to-minutes": (
        "How many minutes are {h}?",
        "Write {h} in minutes.",
        "A train takes {h}. How many minutes is that?",
    ),
    "minutes-to-hours": (
        "Write {m} minutes in hours and minutes.",
        "How many hours and minutes are {m} minutes?",
        "A film lasts {m} minutes. How long is that in hours and minutes?",
    ),
    "minutes-after-midnight": (
        "How many minutes after midnight is {a}?",
        "How many minutes of the day are over at {a}?",
        "It is {a}. How many minutes ago was midnight?",
    ),
    "time-between": (
        "How many minutes are there from {a} to {b}?",
        "A lesson begins at {a} and ends at {b}. How many minutes does it last?",
        "How many minutes pass between {a} and {b} of the same day?",
    ),
    "later-times": (
        "It is {a}. What time is it {d} later?",
        "A bus leaves at {a} and takes {d}. When does it arrive?",
        "What time is it {d} after {a}?",
    ),
}


def ask(problem: Problem, rng: Random) -> str:
    """The question, in one of its wordings."""
    duration = hours(problem.minutes) if problem.in_hours else f"{problem.minutes} minutes"
    return rng.choice(WORDINGS[problem.skill_id]).format(
        h=hours(problem.minutes),
        m=problem.minutes,
        a=clock(problem.start),
        b=clock(problem.start + problem.minutes),
        d=duration,
    )


def _in_minutes(text: str, minutes: int) -> Line:
    return Line("hours-to-minutes", f"{text} are {minutes // 60}*60 + {minutes % 60} = {minutes} minutes")


def _after_midnight(minutes: int) -> Line:
    work = f"{clock(minutes)} is {minutes // 60}*60 + {minutes % 60} = {minutes} minutes after midnight"
    return Line("minutes-after-midnight", work)


def _in_hours(minutes: int) -> Line:
    return Line("minutes-to-hours", f"{minutes} = {minutes // 60}*60 + {minutes % 60}, so {hours(minutes)}")


def _between(problem: Problem) -> list[Line]:
    end = problem.start + problem.minutes
    work = f"{end} - {problem.start} = {problem.minutes}"
    return [_after_midnight(problem.start), _after_midnight(end), Line("time-between", work)]


def _later(problem: Problem) -> list[Line]:
    end = problem.start + problem.minutes
    lines = [_in_minutes(hours(problem.minutes), problem.minutes)] if problem.in_hours else []
    lines += [_after_midnight(problem.start), Line("later-times", f"{problem.start} + {problem.minutes} = {end}")]
    if end >= DAY:
        lines.append(Line("later-times", f"a day has {DAY} minutes: {end} - {DAY} = {end - DAY}"))
    return [*lines, _in_hours(end % DAY), Line("later-times", f"the clock says {clock(end)}")]


SOLVED: Mapping[str, Callable[[Problem], tuple[list[Line], str]]] = {
    "hours-to-minutes": lambda one: ([_in_minutes(hours(one.minutes), one.minutes)], str(one.minutes)),
    "minutes-to-hours": lambda one: ([_in_hours(one.minutes)], hours(one.minutes)),
    "minutes-after-midnight": lambda one: ([_after_midnight(one.start)], str(one.start)),
    "time-between": lambda one: (_between(one), str(one.minutes)),
    "later-times": lambda one: (_later(one), clock(one.start + one.minutes)),
}
"""The lines of a solution and the answer."""
