"""Writes about clock times. It judges nothing."""

import re
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from clock.questions import SOLVED, WORDINGS, Problem, ask, draw
from skilladapt.domains.authoring import as_probe, check_known, descended
from skilladapt.records import (
    Assignment,
    Exercise,
    Probe,
    Skill,
    Split,
    Textbook,
    canonical_question,
    content_hash,
    is_held_out,
    split_of,
)
from skilladapt.skills.graph import SkillGraph

TRIES = 200
"""Draws for each exercise before fewer are given: a fifth of all questions is held out, others repeat."""
TITLES = {skill_id: skill_id.replace("-", " ").capitalize() for skill_id in WORDINGS}
REMARKS = {
    "hours-to-minutes": "An hour has 60 minutes, not 100",
    "minutes-to-hours": "What is left over is always less than 60",
    "minutes-after-midnight": "01:05 is one hour and five minutes after midnight",
    "time-between": "Times cannot be subtracted like decimal numbers",
    "later-times": "After 23:59 comes 00:00",
}


class ClockAuthor:
    """All methods are deterministic in their arguments."""

    name = "clock"
    corruption_kinds = ("wrong_answer", "wrong_step")

    def write_textbook(self, skill: Skill, graph: SkillGraph, variant: int) -> Textbook:
        """The idea, two worked examples and a warning."""
        rng = Random(content_hash("clock-page", skill.id, variant))
        examples = [self._exercise((skill.id,), draw(skill.id, 1 + place, rng), 1, rng) for place in range(2)]
        shown = [f"Example: {one.question}\n{one.solution}\nAnswer: {one.answer}" for one in examples]
        text = "\n\n".join([f"{skill.title}. {skill.description}", *shown, f"{REMARKS[skill.id]}."])
        return Textbook(skill_id=skill.id, title=skill.title, text=text, author=self.name)

    def write_exercises(self, assignment: Assignment) -> list[Exercise]:
        """Of two skills it can join only later times and durations in hours; for others it writes nothing."""
        skill_ids = assignment.skill_ids
        check_known(self.name, skill_ids, WORDINGS)
        joins = set(skill_ids) == {"later-times", "hours-to-minutes"}
        if len(skill_ids) > 1 and not joins:
            return []
        rng = Random(content_hash("clock", assignment.model_dump(mode="json")))
        seen = {canonical_question(parent.question) for parent in assignment.parents}
        found: list[Exercise] = []
        for _ in range(TRIES * assignment.count):
            problem = draw("later-times" if joins else skill_ids[0], assignment.difficulty, rng)
            one = self._exercise(skill_ids, replace(problem, in_hours=joins), assignment.difficulty, rng)
            key = canonical_question(one.question)
            if key not in seen and not is_held_out(one.question):
                seen.add(key)
                found.append(descended(one, assignment))
            if len(found) == assignment.count:
                break
        return found

    def write_probes(self, skill: Skill, count: int, split: Split) -> list[Probe]:
        """Pairs with other numbers."""
        rng = Random(content_hash("clock-probes", skill.id, split))
        held_out = list(self._held_out(skill.id, split, rng, 2 * count))
        pairs = held_out[: len(held_out) // 2 * 2]
        return [as_probe(one, f"{skill.id}-{split}-{place // 2}", split) for place, one in enumerate(pairs)]

    def solve_again(self, exercise: Exercise) -> Exercise | None:
        """Nothing is worked out again: an exercise that is refuted is removed."""
        return None

    def corrupt(self, exercise: Exercise, kind: str, rng: Random) -> Exercise | None:
        """`wrong_answer`: ten minutes more or less; `wrong_step`: the same in the first line alone."""
        by = rng.choice((-10, 10))
        if kind == "wrong_step":
            solution = re.sub(
                r"(?<== )\d+", lambda match: str(abs(int(match[0]) + by)), exercise.solution, count=1
            )
            return exercise.model_copy(update={"solution": solution}) if solution != exercise.solution else None
        last = re.search(r"\d+(?=\D*$)", exercise.answer)
        assert last is not None
        value = int(last[0]) + by
        if value < 0 or (exercise.answer_type == "text" and value > 59):
            return None
        answer = exercise.answer[: last.start()] + f"{value:0{len(last[0])}d}" + exercise.answer[last.end() :]
        before, _, after = exercise.solution.rpartition(exercise.answer)
        return exercise.model_copy(update={"answer": answer, "solution": f"{before}{answer}{after}"})

    def _exercise(self, skill_ids: tuple[str, ...], problem: Problem, difficulty: int, rng: Random) -> Exercise:
        lines, answer = SOLVED[problem.skill_id](problem)
        return Exercise(
            skill_ids=skill_ids,
            question=ask(problem, rng),
            solution="\n".join(f"{TITLES[line.skill_id]}: {line.work}" for line in lines),
            step_skills=tuple(line.skill_id for line in lines),
            answer=answer,
            answer_type="number" if answer.isdigit() else "text",
            difficulty=difficulty,
            author=self.name,
        )

    def _held_out(self, skill_id: str, split: Split, rng: Random, count: int) -> Iterator[Exercise]:
        seen: set[str] = set()
        for _ in range(TRIES * count):
            one = self._exercise((skill_id,), draw(skill_id, rng.randint(1, 3), rng), 1, rng)
            fits = is_held_out(one.question) and split_of(one.question) == split
            if fits and one.question not in seen and len(seen) < count:
                seen.add(one.question)
                yield one
