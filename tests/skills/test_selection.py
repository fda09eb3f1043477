import pytest

from skilladapt.errors import UserError
from skilladapt.records import Prerequisite, Skill
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.selection import select_skills

GRAPH = SkillGraph(
    [
        Skill(id="chain-rule", title="Chain rule"),
        Skill(id="power-rule", title="Power rule"),
        Skill(id="powers", title="Powers"),
    ],
    [Prerequisite(before="powers", after="power-rule"), Prerequisite(before="power-rule", after="chain-rule")],
)


def test_selection_comes_in_graph_order_each_once() -> None:
    assert select_skills(GRAPH, ["chain-rule", "powers", "chain-rule"]) == ["powers", "chain-rule"]


def test_unknown_skills_are_all_told_with_the_nearest() -> None:
    with pytest.raises(UserError) as caught:
        select_skills(GRAPH, ["power-rul", "powers", "Chain Rule", "../etc"])
    assert list(caught.value.mistakes) == [
        "There is no skill 'power-rul' in the graph; did you mean 'power-rule', 'powers'?",
        "'Chain Rule' is a skill's title; write its id 'chain-rule' instead.",
        "There is no skill '../etc' in the graph; it has 'chain-rule', 'power-rule', 'powers', ...",
    ]


def test_wanting_nothing_in_particular_means_every_skill() -> None:
    assert select_skills(GRAPH, []) == ["powers", "power-rule", "chain-rule"]
