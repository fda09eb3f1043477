from hostile_graph import TITLES, hostile_graph
from skilladapt.records import Prerequisite, Skill
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.syllabus import graph_of, parse_syllabus
from skilladapt.skills.tree import MOST_SKILLS, MOST_UNITS, is_shortened, tree_lines


def many(units: int, skills: int) -> SkillGraph:
    return SkillGraph(
        [Skill(id=f"s{u}-{n}", title=f"S{u}-{n}", part_of=f"U{u}") for u in range(units) for n in range(skills)]
    )


def test_tree_has_units_skills_levels_and_needs() -> None:
    graph = graph_of(
        parse_syllabus("### Z\n## U\n### A\n### B\nRequires: A, Z\n## V\n### C\nRequires: B\n", "s.md")
    )
    assert list(tree_lines(graph)) == [
        "0  Z [z]",
        "U  (2 skills)",
        "  0  A [a]",
        "  1  B [b]  <- Z, A",
        "V  (1 skill)",
        "  2  C [c]  <- B",
    ]
    assert not is_shortened(graph)


def test_large_graph_is_shortened_fairly_and_every_number_is_told() -> None:
    graph = many(4, 1000)
    lines = list(tree_lines(graph))
    assert sum(line.startswith("  0 ") for line in lines) == MOST_SKILLS
    assert lines.count("     ... 950 more skills") == 4
    assert is_shortened(graph)


def test_small_units_leave_their_room_to_large_ones() -> None:
    graph = SkillGraph(
        [*many(1, 1000).skills, *(Skill(id=f"t{n}", title=f"T{n}", part_of="T") for n in range(10))]
    )
    assert sum(line.startswith("  0 ") for line in tree_lines(graph)) == MOST_SKILLS


def test_more_units_than_can_be_read_are_counted() -> None:
    lines = list(tree_lines(many(MOST_UNITS + 7, 3)))
    assert lines[-1] == "... 7 more units with 21 skills"


def test_everything_is_shown_when_it_is_wanted() -> None:
    lines = list(tree_lines(many(60, 50), everything=True))
    assert len(lines) == 60 * 51 and not any("more" in line for line in lines)


def test_many_prerequisites_are_counted() -> None:
    skills = [Skill(id=f"s{n}", title=f"S{n}") for n in range(9)]
    graph = SkillGraph(skills, [Prerequisite(before=f"s{n}", after="s8") for n in range(8)])
    assert list(tree_lines(graph))[-1] == "1  S8 [s8]  <- S0, S1, S2, S3, S4, S5 and 2 more"
    assert list(tree_lines(graph, everything=True))[-1].endswith("S6, S7")


def test_hostile_titles_stay_on_their_lines() -> None:
    lines = list(tree_lines(hostile_graph()))
    assert sum(line.lstrip().startswith(("0 ", "1 ")) for line in lines) == len(TITLES)
    assert all(line.replace("\u200d", "").isprintable() and len(line) < 400 for line in lines)
