import json

import pytest

from skilladapt.errors import UserError
from skilladapt.records import Prerequisite, Related, Skill
from skilladapt.skills.graph import SkillGraph, declared


def skills(*ids: str) -> list[Skill]:
    return [Skill(id=id, title=id.upper()) for id in ids]


def edges(*pairs: str) -> list[Prerequisite]:
    return [Prerequisite(before=pair[0], after=pair[1]) for pair in pairs]


DIAMOND = SkillGraph(skills("d", "c", "b", "a", "e"), edges("ab", "ac", "bd", "cd"))


def test_levels_are_longest_chains_below() -> None:
    graph = SkillGraph(skills("a", "b", "c", "d"), edges("ab", "bc", "ac", "ad"))
    assert {skill.id: skill.level for skill in graph.skills} == {"a": 0, "b": 1, "c": 2, "d": 1}


def test_given_levels_are_replaced() -> None:
    assert SkillGraph([Skill(id="a", title="A", level=7)]).skills[0].level == 0


def test_order_goes_level_by_level_with_ties_in_syllabus_order() -> None:
    assert DIAMOND.order() == ["a", "e", "c", "b", "d"]
    assert DIAMOND.order("reverse") == ["d", "b", "c", "e", "a"]


def test_random_order_depends_on_its_seed_alone() -> None:
    orders = {tuple(DIAMOND.order("random", seed)) for seed in range(20)}
    assert DIAMOND.order("random", 3) == DIAMOND.order("random", 3)
    assert len(orders) > 10 and all(sorted(order) == list("abcde") for order in orders)


def test_neighbours_and_closure() -> None:
    assert DIAMOND.before("d") == {"b", "c"} and DIAMOND.after("a") == {"b", "c"}
    assert DIAMOND.closure(["d"]) == {"a", "b", "c", "d"}
    assert DIAMOND.closure(["e", "b"]) == {"a", "b", "e"}
    assert DIAMOND.closure([]) == frozenset()


def test_graph_survives_its_file() -> None:
    graph = SkillGraph(
        skills("a", "b"), [declared("a", "b", "s.md:3")], [Related(first="a", second="b", reason="both")]
    )
    again = SkillGraph.from_json(graph.to_json())
    assert (again.skills, again.prerequisites, again.related, again.hash) == (
        graph.skills,
        graph.prerequisites,
        graph.related,
        graph.hash,
    )
    assert list(json.loads(graph.to_json())) == ["skills", "prerequisites", "related", "hash"]


def test_edited_file_gets_another_hash_and_new_levels() -> None:
    content = json.loads(DIAMOND.to_json())
    content["prerequisites"].append({"before": "d", "after": "e", "evidence": []})
    edited = SkillGraph.from_json(json.dumps(content))
    assert edited.by_id["e"].level == 3 and edited.hash != DIAMOND.hash


def test_keys_that_mean_nothing_here_are_kept_and_are_no_part_of_the_hash() -> None:
    content = json.loads(DIAMOND.to_json())
    graph = SkillGraph.from_json(json.dumps({**content, "remarks": [{"kept": "a"}], "note": None}))
    assert graph.hash == DIAMOND.hash
    assert json.loads(graph.to_json()) == {**content, "remarks": [{"kept": "a"}], "note": None}


def test_all_faults_of_a_graph_are_told_at_once() -> None:
    with pytest.raises(UserError) as caught:
        SkillGraph(
            [*skills("a", "a"), Skill(id="c", title="A")],
            edges("xa", "ay"),
            [Related(first="a", second="z", reason="?")],
        )
    assert list(caught.value.mistakes) == [
        "Two skills have the id 'a'; give one of them another name.",
        "Two skills are called 'A'; give one of them another name.",
        "Skill 'a' requires 'x', which is not in the graph; add it or remove the prerequisite.",
        "A prerequisite leads to 'y', which is not in the graph; add or remove it.",
        "A related pair names 'z', which is not in the graph; add or remove it.",
    ]


def test_circle_is_printed_whole() -> None:
    with pytest.raises(UserError, match="in a circle: A -> B -> C -> A; remove one"):
        SkillGraph(skills("a", "b", "c"), edges("ab", "bc", "ca"))
    with pytest.raises(UserError, match="in a circle: A -> A"):
        SkillGraph(skills("a"), edges("aa"))


def test_empty_graph_is_refused() -> None:
    with pytest.raises(UserError, match="The skill graph is empty"):
        SkillGraph([])
