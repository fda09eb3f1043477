"""Assignments become requests to a teacher: which prompt, filled in with what, drawn how."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from skilladapt.materials.replies import ExerciseForm
from skilladapt.materials.schemas import EXERCISES
from skilladapt.prompts import fill
from skilladapt.records import Assignment, Exercise, Skill, Split
from skilladapt.skills.graph import SkillGraph
from skilladapt.teachers.teacher import Request, Sampling

MEANINGS: Final = {
    1: "one step, a plain case, as right after the skill was explained",
    2: "one or two steps, a usual case",
    3: "two or three steps, or a case that must be recognised first",
    4: "several steps, an unusual case, or details that mislead",
    5: "as hard as this skill gets for somebody who knows only what is listed",
}
MISTAKES: Final = {
    "wrong-fact": "one fact or number that it rests on is replaced by a wrong one that looks likely",
    "wrong-step": "one step in the middle is done wrongly and everything after it is carried on from there",
    "confused": "two things that are easily confused are taken for one another",
    "skipped": "a step that matters is left out",
    "reversed": "a direction, an order, or cause and effect is turned round",
    "other-question": "it answers a question that is close to the one asked, and not the one asked",
}
"""What is told to a teacher that is to make an exercise wrong, by kind."""
MOST_KNOWN: Final = 12
"""Prerequisites listed in a prompt, the nearest ones."""
LONGEST_STUDENT_ANSWER: Final = 2_000


@dataclass(frozen=True)
class Asking:
    """Requests about the skills of one graph."""

    graph: SkillGraph
    sampling: Sampling

    def textbook(self, skill: Skill, variant: int) -> Request:
        """One page on a skill."""
        return self._request("textbook", {**self._about(skill), "variant": variant}, draw=variant)

    def exercises(self, assignment: Assignment, form: ExerciseForm, count: int, number: int) -> Request:
        """So many exercises of one form; each `number` asks for others."""
        skill = self.graph.by_id[assignment.skill_ids[0]]
        also = [self.graph.by_id[id].title for id in assignment.skill_ids[1:]]
        about = self._about(skill)
        values = {
            **about,
            "also": also,
            "nameable": list(dict.fromkeys([skill.title, *also, *about["known"]])),
            "count": count,
            "difficulty": assignment.difficulty,
            "meaning": MEANINGS[assignment.difficulty],
            "set": 1 + number,
            "kind": form,
            "parents": assignment.parents,
            "parent": next(iter(assignment.parents), None),
            "student_answer": (assignment.student_answer or "")[:LONGEST_STUDENT_ANSWER],
        }
        draw = 1_000 * assignment.draw + number
        return self._request(prompt_of(assignment), values, draw=draw, form=form)

    def probes(self, skill: Skill, count: int, split: Split) -> Request:
        """So many pairs of test questions."""
        number = int(split == "dev")
        values = {**self._about(skill), "count": count, "nameable": [skill.title], "set": 1 + number}
        return self._request("probes", values, draw=number, form="short")

    def corrupted(self, exercise: Exercise, kind: str) -> Request:
        """A wrong version of an exercise."""
        titles = [self.graph.by_id[id].title for id in exercise.step_skills]
        lines = zip(titles, exercise.solution.split("\n"), strict=True)
        steps = [(title, line.removeprefix(f"{title}: ")) for title, line in lines]
        values = {"exercise": exercise, "steps": steps, "mistake": MISTAKES[kind]}
        return self._request("corrupted", values, form="short")

    def solved_again(self, exercise: Exercise) -> Request:
        """Another solution, by somebody who does not see the one there is."""
        ids = dict.fromkeys((*exercise.skill_ids, *exercise.step_skills))
        values = {"exercise": exercise, "titles": [self.graph.by_id[id].title for id in ids]}
        return self._request("solved-again", values, form="short")

    @cached_property
    def _place(self) -> Mapping[str, int]:
        return {id: place for place, id in enumerate(self.graph.order())}

    def _about(self, skill: Skill) -> dict[str, Any]:
        nearest = sorted(self.graph.before(skill.id), key=self._place.__getitem__)[-MOST_KNOWN:]
        known = [self.graph.by_id[id].title for id in nearest]
        return {"skill": skill, "subject": skill.part_of or "", "known": known}

    def _request(
        self, prompt: str, values: Mapping[str, Any], draw: int = 0, form: ExerciseForm | None = None
    ) -> Request:
        return Request(
            messages=fill(prompt, values),
            sampling=self.sampling,
            draw=draw,
            reply_schema=EXERCISES[form] if form else None,
            purpose=prompt,
        )


def prompt_of(one: Assignment | Exercise) -> str:
    """The prompt by which exercises of a kind are asked for."""
    return {"fresh": "exercises", "composed": "composed", "augmented": "augmented"}[one.kind]
