"""From a goal to a graph: what a teacher says beside what syllabi state and a person decides."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from skilladapt.prompts.reading import Unusable
from skilladapt.skills.charting import Opinions, chart
from skilladapt.skills.findings import findings
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.merge import Decision
from skilladapt.skills.syllabus import parse_syllabus
from skilladapt.teachers.teacher import Request
from teacher_stub import Stub

SYLLABUS = """\
# Bread

## At home

### Weighing flour
Say how much flour a loaf takes.

### Baking a loaf
Bake one loaf from start to end.
"""
PARTS = {
    "Baking bread": [
        "Skill: Weighing the flour\nDoes: Put the right amount on the scales.\nElementary: yes\nNeeds: none",
        "Skill: Kneading dough\nDoes: Knead until it is smooth.\nElementary: yes\nNeeds: none",
        "Skill: Baking a loaf\nDoes: All of it.\nElementary: no\nNeeds: Kneading dough",
    ],
    "Baking a loaf": [
        "Skill: Heating the oven\nDoes: Heat the oven for a loaf of bread.\nElementary: yes\nNeeds: none",
        "Skill: Heating an oven for bread\nDoes: Heat an oven for the loaf.\nElementary: yes\nNeeds: none",
        "Skill: Telling when it is done\nDoes: Knock on the loaf.\nElementary: yes\nNeeds: none",
    ],
}


class Teacher(Stub):
    """Breaks bread, and answers the other questions as it is told."""

    def __init__(self, same: str = "no", needs: str = "none") -> None:
        super().__init__(self._reply)
        self.says = {"same": same, "needs": needs}

    def _reply(self, request: Request) -> str:
        if request.purpose not in ("decomposed", "topics"):
            return f"Well.\nAnswer: {self.says[request.purpose]}"
        title = request.messages[1].content.split("\n\n")[1].split("\n")[0] if "Skill:" in str(request) else ""
        return "\n\n".join(PARTS.get(title, ["Nothing."]))

    def purposes(self) -> set[str]:
        return {request.purpose for request in self.asked}


def edges(graph: SkillGraph) -> dict[tuple[str, str], str]:
    return {(edge.before, edge.after): edge.evidence[0].source for edge in graph.prerequisites}


def test_a_goal_alone_becomes_a_graph_and_an_opinion_is_asked_of_what_is_alike() -> None:
    teacher = Teacher()
    graph = chart("Baking bread", teacher)
    assert [skill.title for skill in graph.skills] == [
        "Weighing the flour",
        "Kneading dough",
        "Heating the oven",
        "Heating an oven for bread",
        "Telling when it is done",
    ]
    assert edges(graph) == {("kneading-dough", "heating-the-oven"): "teacher"}
    assert teacher.purposes() == {"decomposed", "same", "needs"}
    (pair,) = [request.messages[1].content for request in teacher.asked if request.purpose == "same"]
    assert pair.index("Heating the oven (part of") < pair.index("Heating an oven for bread (part of")


def test_what_the_teacher_calls_one_is_merged_with_its_reason_and_a_person_can_undo_it() -> None:
    graph = chart("Baking bread", Teacher(same="yes"))
    (merge,) = graph.merges
    assert merge.skill == "heating-the-oven" and "the teacher" in merge.mentions[1].reason
    apart = Decision(first="Heating the oven", second="Heating an oven for bread", same=False)
    assert not chart("Baking bread", Teacher(same="yes"), decisions=[apart]).merges


def test_the_teacher_picks_prerequisites_among_likely_ones_and_its_word_is_the_evidence() -> None:
    graph = chart("Baking bread", Teacher(needs="1"))
    added = [edge for edge in graph.prerequisites if "candidates" in edge.evidence[0].where]
    assert added and all(edge.evidence[0].source == "teacher" for edge in added)
    order = [skill.id for skill in graph.skills]
    assert all(order.index(edge.before) < order.index(edge.after) for edge in added)
    untouched = chart("Baking bread", Teacher(needs="1"), opinions=Opinions(candidates=0, pairs=0))
    assert len(untouched.prerequisites) == 1


def test_skills_that_mean_the_same_in_other_words_are_put_to_the_teacher_with_an_encoder() -> None:
    encoded: list[str] = []

    def encode(texts: Sequence[str]) -> NDArray[np.float64]:
        """Kneading and telling when it is done mean the same, and nothing else does."""
        encoded.extend(texts)
        number = {"Kneading": 0, "Telling": 0, "Weighing": 1}
        return np.eye(9)[[number.get(text.split()[0], 2 + place) for place, text in enumerate(texts)]]

    teacher = Teacher(same="yes")
    graph = chart("Baking bread", teacher, encode=encode)
    assert {merge.skill for merge in graph.merges} == {"kneading-dough", "heating-the-oven"}
    assert len(encoded) == len(set(encoded))  # a merge changes few texts, and only these are read again


def test_a_syllabus_is_told_to_the_teacher_and_joined_with_what_it_says() -> None:
    syllabus = parse_syllabus(SYLLABUS, "bread.md")
    teacher = Teacher()
    graph = chart("Baking bread", teacher, [syllabus])
    assert "Weighing flour; Baking a loaf" in teacher.asked[0].messages[1].content
    titles = [skill.title for skill in graph.skills]
    assert titles[:2] == ["Weighing flour", "Baking a loaf"] and "Weighing the flour" in titles
    # What the syllabus lists and the teacher broke up needs its parts.
    assert graph.before("baking-a-loaf") >= {"heating-the-oven", "telling-when-it-is-done"}


def test_an_equal_name_is_the_section_that_the_teacher_was_told_of() -> None:
    syllabus = parse_syllabus(SYLLABUS.replace("Weighing flour", "Weighing the flour"), "bread.md")
    graph = chart("Baking bread", Teacher(), [syllabus])
    (merge,) = graph.merges
    assert [one.where for one in merge.mentions] == ["bread.md:5", "teacher#0.1"]
    apart = Decision(first="bread.md:5", second="teacher#0.1", same=False)
    assert not chart("Baking bread", Teacher(), [syllabus], decisions=[apart]).merges


def test_a_teacher_that_makes_nothing_of_the_goal_leaves_the_syllabus_and_a_finding() -> None:
    graph = chart("Flying", Teacher(), [parse_syllabus(SYLLABUS, "bread.md")])
    assert len(graph.skills) == 2
    assert findings(graph)[0].startswith("'Flying' was not broken up: fewer than two parts")
    assert findings(SkillGraph.from_json(graph.to_json())) == findings(graph)
    with pytest.raises(Unusable):
        chart("Flying", Teacher())
