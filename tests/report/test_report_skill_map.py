import itertools

from synthetic_run import graph

from skilladapt.records import Prerequisite, Skill
from skilladapt.report.skill_map import BOX_WIDTH, MOST_SKILLS, SkillMap, lay_out


def skills(*levels: int) -> list[Skill]:
    return [Skill(id=f"s{i}", title=f"Skill number {i}", level=level) for i, level in enumerate(levels)]


def edge(before: int, after: int) -> Prerequisite:
    return Prerequisite(before=f"s{before}", after=f"s{after}")


def drawn(*arguments: object) -> SkillMap:
    found = lay_out(*arguments)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_every_skill_stands_to_the_right_of_what_it_needs() -> None:
    example = graph()
    found = drawn(example.skills, example.prerequisites)
    x = {box.skill.id: box.x for box in found.boxes}
    assert len(x) == len(example.skills)
    assert all(x[e.before] + BOX_WIDTH < x[e.after] for e in example.prerequisites)


def test_boxes_of_a_column_never_overlap_and_stay_inside() -> None:
    example = graph()
    found = drawn(example.skills, example.prerequisites)
    for one, other in itertools.combinations(found.boxes, 2):
        assert one.x != other.x or abs(one.y - other.y) >= found.box_height
    assert min(box.y for box in found.boxes) >= 14, "the levels' names stand above"
    assert max(box.y for box in found.boxes) + found.box_height <= found.height
    assert max(box.x for box in found.boxes) + found.box_width <= found.width


def test_an_edge_that_a_chain_implies_is_counted_instead_of_drawn() -> None:
    found = drawn(skills(0, 1, 2), [edge(0, 1), edge(1, 2), edge(0, 2)])
    assert [(e.before, e.after) for e in found.edges] == [("s0", "s1"), ("s1", "s2")]
    assert found.implied == 1


def test_a_long_edge_passes_beside_the_boxes_between() -> None:
    found = drawn(skills(0, 1, 2, 1), [edge(0, 2), edge(0, 1), edge(3, 2)])
    (path,) = [e.path for e in found.edges if (e.before, e.after) == ("s0", "s2")]
    passed_at = float(path.split("H")[0].split()[-1])
    for box in found.boxes:
        if box.skill.level == 1:
            assert not box.y <= passed_at <= box.y + found.box_height


def test_neighbours_are_sorted_to_avoid_crossings() -> None:
    found = drawn(skills(0, 0, 1, 1), [edge(0, 3), edge(1, 2)])
    y = {box.skill.id: box.y for box in found.boxes}
    assert (y["s0"] < y["s1"]) == (y["s3"] < y["s2"])


def test_edges_that_name_no_skill_or_lead_backwards_are_left_out() -> None:
    found = drawn(skills(0, 1), [edge(0, 1), edge(1, 0), edge(0, 7), edge(1, 1)])
    assert [(e.before, e.after) for e in found.edges] == [("s0", "s1")]


def test_long_titles_are_cut_to_two_lines() -> None:
    (box,) = drawn([Skill(id="a", title="An extraordinarily long title " * 10)], []).boxes
    assert len(box.lines) == 2 and box.lines[1].endswith("…")
    assert max(map(len, box.lines)) <= 16


def test_two_hundred_skills_are_drawn_compactly_and_four_thousand_not_at_all() -> None:
    many = [Skill(id=f"s{i}", title=f"Skill {i}", level=i % 8) for i in range(200)]
    edges = [edge(i, i + 1) for i in range(199)]
    found = drawn(many, edges)
    assert found.compact and found.box_height < 30
    assert lay_out([Skill(id=f"s{i}", title=f"{i}") for i in range(MOST_SKILLS + 1)], []) is None
    assert lay_out([], []) is None


def test_the_same_graph_is_drawn_the_same() -> None:
    example = graph()
    assert lay_out(example.skills, example.prerequisites) == lay_out(example.skills, example.prerequisites)
