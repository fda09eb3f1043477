import pytest

from skilladapt.records import Skill
from skilladapt.skills.opinions import ask_needs, ask_same
from skilladapt.teachers.teacher import Request
from teacher_stub import Stub, reply

SKILLS = {id: Skill(id=id, title=id.title()) for id in ("weighing", "kneading", "baking")}


@pytest.mark.parametrize(
    ("said", "needed"),
    [
        ("Dough comes first.\nAnswer: 1, 2", ["weighing", "kneading"]),
        ("**Answer:** 2 and 1", ["kneading", "weighing"]),
        ("Answer: none", []),
        ("Answer: 1, 7", []),
        ("Answer: all of them", []),
        ("1 and 2", []),
    ],
)
def test_only_numbers_of_candidates_become_edges(said: str, needed: list[str]) -> None:
    edges = ask_needs({"baking": ["weighing", "kneading", "baking"], "weighing": []}, SKILLS, Stub(lambda _: said))
    assert [(edge.before, edge.after) for edge in edges] == [(id, "baking") for id in needed]
    assert {one.source for edge in edges for one in edge.evidence} <= {"teacher"}


def test_a_pair_is_one_skill_is_not_or_nobody_knows() -> None:
    def answer(request: Request) -> object:
        text = request.messages[1].content
        if "Weighing" not in text:
            return reply("Answer: yes", "length")
        return "Answer: Yes." if "Kneading" in text else "They differ.\nAnswer: no"

    pairs = [
        (SKILLS[a], SKILLS[b])
        for a, b in (("weighing", "kneading"), ("weighing", "baking"), ("kneading", "baking"))
    ]
    assert ask_same(pairs, Stub(answer)) == [True, False, None]  # type: ignore[arg-type]
