"""What a run will ask of its teacher, before anything is paid for: calls, tokens, cost and time, from low to high.

Low is what it takes when every reply can be used and solvers agree at once, high when most things are asked for
again. Prompts are counted as they will be sent; how long replies get is a guess by kind, stated below.
"""

import math
from collections.abc import Sequence
from statistics import fmean
from typing import Final, NamedTuple

from skilladapt.adaptation.calibrate import CHECK_BUDGET
from skilladapt.adaptation.policies import load_policy
from skilladapt.adaptation.precision import AUDIT_SIZE
from skilladapt.config import ANY, RunConfig
from skilladapt.errors import UserError
from skilladapt.materials.asking import Asking
from skilladapt.materials.teacher_author import MOST_AT_ONCE
from skilladapt.records import Assignment, Skill
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.selection import select_skills
from skilladapt.stages.charting import check_syllabi, is_charted
from skilladapt.stages.preparation import first_assignments
from skilladapt.stages.staffing import sampling_of
from skilladapt.teacher_config import TeacherConfig
from skilladapt.teachers.ledger import Prices
from skilladapt.teachers.teacher import Request
from skilladapt.teachers.wire import likely_tokens

REPLY_TOKENS: Final = {
    "textbook": (250, 700),
    "an exercise": (60, 220),
    "a solution": (40, 300),
    "a reading": (10, 40),
    "parts of a skill": (60, 500),
}
"""Tokens of one of them."""
SPEED: Final = (15, 80)
"""Tokens a second of one reply, slow and fast services."""
SOLVING_PROMPT: Final = 250
"""Tokens of what a solver or a judge is shown, the question included."""
GRAPH_PROMPT: Final = 400
"""Tokens of what is shown to have a skill broken up, or its prerequisites picked."""
SAMPLED: Final = 200
"""Skills whose prompts are made and counted; of more, these stand for all."""
DOUBTFUL: Final = 0.2
"""Share of what is solved at most that a judge is asked about, twice each."""
SUSPECTED: Final = (0.1, CHECK_BUDGET)
"""Share of the exercises that get a second opinion after a round."""


class Range(NamedTuple):
    """From low to high."""

    low: float
    high: float

    def plus(self, other: "Range") -> "Range":
        """The sum of both."""
        return Range(self.low + other.low, self.high + other.high)

    def times(self, other: "Range | float") -> "Range":
        """The product, end by end."""
        low, high = other if isinstance(other, Range) else (other, other)
        return Range(self.low * low, self.high * high)


NOTHING: Final = Range(0, 0)


class Part(NamedTuple):
    """What is asked for one purpose."""

    purpose: str
    calls: Range
    prompt_tokens: Range
    completion_tokens: Range


def estimate(config: RunConfig, graph: SkillGraph) -> list[Part]:
    """What the teacher of a run is asked, by purpose. Raises UserError where the run asks nobody."""
    teacher = config.writing_teacher
    if teacher is None:
        raise UserError(
            f"A run of the domain '{config.domain}' asks no teacher, so it costs nothing but time."
            if config.domain != ANY
            else "'teacher' is missing; add a [teacher] section, its prices included, to be told what a run costs."
        )
    skills = [graph.by_id[id] for id in select_skills(graph, config.teach or graph.order())]
    shown = skills[:: max(1, len(skills) // SAMPLED)]
    asking = Asking(graph, sampling_of(teacher))
    materials, policy = config.materials, load_policy(config.adaptation.policy)
    plainly = int("short" in materials.forms and materials.attempts > 1)
    pages = Range(len(skills), len(skills)).times(materials.textbooks_per_skill)
    pairs = config.evaluation.probes_per_skill
    assignments = [one for skill in skills for one in first_assignments(config, skill.id)]
    wanted = len(skills) * materials.exercises_per_skill
    again = materials.attempts
    first = sum(_requests(one, len(materials.forms)) for one in assignments)
    parts = [
        *([graph_part(config)] if is_charted(config) else []),
        _part("textbooks", pages, [asking.textbook(one, 0) for one in shown], "textbook", 1),
        _part(
            "probes",
            Range(len(skills), len(skills)),
            [asking.probes(one, pairs, "test") for one in shown],
            "an exercise",
            2 * pairs,
        ),
    ]
    samples = [asking.exercises(first_assignments(config, one.id)[0], materials.forms[0], 1, 0) for one in shown]
    # One that follows no form is asked for each question by itself, and answers it.
    plain = plainly * (2 * pairs * len(skills) + wanted)
    most = max(first * again, first + plain)
    parts.append(_part("exercises", Range(first, most), samples, "an exercise", wanted / max(1, first)))
    updates = max(0, config.training.rounds - 1)
    new = Range(updates * config.adaptation.new_per_update, updates * config.adaptation.new_per_update)
    if not policy.writes_material:
        new = NOTHING
    parts.append(
        _part("new exercises", Range(new.low / MOST_AT_ONCE, new.high * again), samples, "an exercise", 2)
    )
    planted = config.adaptation.calibration_examples * config.adaptation.planted_share
    wrong = Range(planted, planted * config.training.rounds) if policy.uses_calibration else NOTHING
    parts.append(_part("wrong versions", wrong, samples, "an exercise", 1))
    suspects = NOTHING
    if policy.checks_suspects:
        few, many = (min(wanted, share * wanted + AUDIT_SIZE) for share in SUSPECTED)
        suspects = Range(few, many).times(updates)
    # What no method has decided, the next one is asked about; so twice at most.
    short = Range(2 * pairs * len(skills), 4 * pairs * len(skills)).plus(wrong)
    exercises = Range(wanted, 2 * wanted).plus(new).plus(suspects)
    solved = short.plus(exercises).times(Range(1, 1 + plainly)).times(config.verification.solutions)
    solved = solved.plus(Range(0, plain))
    parts.append(_solving("solutions", solved, "a solution"))
    explained = materials.forms.count("explanation") / len(materials.forms)
    read = exercises.times(explained * config.verification.solutions)
    judged = Range(0, 2 * DOUBTFUL * (short.high + exercises.high))
    parts.append(_solving("readings and judgements", read.plus(judged), "a reading"))
    return [part for part in parts if part.calls.high > 0]


def expected(config: RunConfig) -> list[Part]:
    """`estimate` of a run file; of a goal that is not broken up yet, from few skills to as many as there may be.

    Raises UserError with the faults of the syllabi.
    """
    graph = check_syllabi(config)
    if graph is not None:
        return estimate(config, graph)
    wanted = config.decomposition
    few, many = (
        estimate(config, _stand_in(config, count)) for count in (2, min(wanted.skills, wanted.parts**wanted.depth))
    )
    high = {part.purpose: part for part in many}
    return [
        Part(
            part.purpose,
            *(Range(one.low, other.high) for one, other in zip(part[1:], high[part.purpose][1:], strict=True)),
        )
        for part in few
    ]


def _stand_in(config: RunConfig, count: int) -> SkillGraph:
    """So many skills of a goal, of which nothing is known yet but those that are named to be taught."""
    ids = config.teach or tuple(f"skill-{number}" for number in range(count))
    return SkillGraph([Skill(id=id, title=f"{config.goal}, {id}", part_of=config.goal) for id in ids])


def graph_part(config: RunConfig) -> Part:
    """What is asked to break up a goal; how much of it depends on what the teacher finds."""
    wanted = config.decomposition
    broken_up = min(
        sum(wanted.parts**level for level in range(wanted.depth)), 1 + wanted.skills // (wanted.parts - 1)
    )
    skills = min(wanted.skills, wanted.parts**wanted.depth)
    asked_again = 2
    opinions = min(wanted.pairs, skills * (skills - 1) // 2) + (skills if wanted.candidates else 0)
    calls = Range(1, broken_up * asked_again + opinions)
    return Part(
        "the graph", calls, calls.times(GRAPH_PROMPT), calls.times(Range(*REPLY_TOKENS["parts of a skill"]))
    )


def _requests(assignment: Assignment, forms: int) -> int:
    """How many requests an assignment takes the first time."""
    share, rest = divmod(assignment.count, forms)
    return sum(math.ceil((share + (place < rest)) / MOST_AT_ONCE) for place in range(forms))


def _part(purpose: str, calls: Range, samples: Sequence[Request], kind: str, number: float) -> Part:
    """So many calls with prompts like the samples, each answered by a number of things of a kind."""
    prompt = fmean(sum(likely_tokens(one.content) for one in request.messages) for request in samples)
    return Part(purpose, calls, calls.times(prompt), calls.times(Range(*REPLY_TOKENS[kind])).times(number))


def _solving(purpose: str, calls: Range, kind: str) -> Part:
    return Part(purpose, calls, calls.times(SOLVING_PROMPT), calls.times(Range(*REPLY_TOKENS[kind])))


def cost_of(parts: Sequence[Part], teacher: TeacherConfig) -> Range:
    """Dollars."""
    prices = Prices(teacher.usd_per_million_prompt_tokens, teacher.usd_per_million_completion_tokens)
    ends = (
        prices.of(
            math.ceil(sum(part.prompt_tokens[end] for part in parts)),
            math.ceil(sum(part.completion_tokens[end] for part in parts)),
        ).usd
        for end in (0, 1)
    )
    return Range(*ends)


def seconds_of(parts: Sequence[Part], teacher: TeacherConfig) -> Range:
    """Of asking alone, as many calls at once as the run file allows."""
    slow, fast = SPEED
    low, high = (sum(part.completion_tokens[end] for part in parts) / teacher.concurrency for end in (0, 1))
    return Range(low / fast, high / slow)
