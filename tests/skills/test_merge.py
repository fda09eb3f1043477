import pytest

from skilladapt.errors import UserError
from skilladapt.records import Evidence, Mention, Prerequisite, Related
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.merge import Decision, build, merge, undo


def mention(where: str, title: str, description: str = "", part_of: str | None = None) -> Mention:
    return Mention(where=where, title=title, description=description, part_of=part_of)


def needs(before: str, after: str, source: str = "syllabus") -> Prerequisite:
    where = f"{before} -> {after}"
    return Prerequisite(before=before, after=after, evidence=(Evidence(source=source, where=where),))


def grouped(*mentions: Mention, decisions: tuple[Decision, ...] = ()) -> list[list[str]]:
    return [[one.where for one in group] for group in merge(mentions, (), decisions)]


SLOPE = "- find the slope of a line from its graph"
ALIKE = "the same title, and descriptions that"
LINES = [
    mention("a#1", "Slope of a Line", SLOPE, "Graphs"),
    mention("b#1", "Understand slope of a line", "- slopes of lines\n- rise over run", "Lines"),
    mention("c#1", "Slope of a line."),
]


def test_mentions_that_mean_the_same_become_one_with_all_that_is_said() -> None:
    graph = build(LINES)
    (skill,) = graph.skills
    assert (skill.id, skill.title, skill.part_of) == ("slope-of-a-line", "Slope of a Line", "Graphs")
    assert skill.description == f"{SLOPE}\n- slopes of lines\n- rise over run"
    (merged,) = graph.merges
    assert merged.skill == skill.id
    assert [(one.where, one.title, one.part_of, one.reason) for one in merged.mentions] == [
        ("a#1", "Slope of a Line", "Graphs", ""),
        ("b#1", "Understand slope of a line", "Lines", f"{ALIKE} share 67% of their words"),
        ("c#1", "Slope of a line.", None, "the same title; nothing else to compare"),
    ]  # fmt: skip


def test_one_title_for_different_things_stays_two_told_apart_by_their_units() -> None:
    graph = build(
        [
            mention(
                "a#1", "Angles", "- draw angles in standard position\n- convert degrees to radians", "Circles"
            ),
            mention("b#1", "Angles", "- classify angles by measurement\n- proper notation of rays", "Geometry"),
        ]
    )
    assert [(skill.id, skill.title) for skill in graph.skills] == [
        ("angles-circles", "Angles (Circles)"),
        ("angles-geometry", "Angles (Geometry)"),
    ]
    assert graph.merges == ()


def test_a_mention_without_description_does_not_bring_together_what_differs() -> None:
    first, other = "- degrees, radians, arcs", "- rays, notation, protractors"
    assert grouped(mention("a#1", "X", first), mention("b#1", "X"), mention("c#1", "X", other)) == [
        ["a#1", "b#1"],
        ["c#1"],
    ]


def test_within_one_syllabus_only_what_is_word_for_word_the_same_is_merged() -> None:
    assert grouped(mention("a#1", "Atlases", "- read"), mention("a#2", "Atlases", "- read")) == [["a#1", "a#2"]]
    assert grouped(mention("a#1", "Atlases", "- read"), mention("a#2", "Atlases", "- read maps")) == [
        ["a#1"],
        ["a#2"],
    ]
    assert grouped(mention("a.md:1", "Power"), mention("a.md:2", "Powers")) == [["a.md:1"], ["a.md:2"]]


def test_generic_titles_are_never_merged_and_get_names_of_their_own() -> None:
    mentions = [
        mention("a#1", "Review", "- all", "U"),
        mention("a#2", "Review", "- all", "V"),
        mention("b#1", "Review", "- all", "U"),
        mention("b#2", "Review"),
        mention("c#1", "Review"),
    ]
    graph = build(mentions, origin={one.where: f"Book {one.where[0]}" for one in mentions})
    assert [skill.title for skill in graph.skills] == [
        "Review (U, Book a)",
        "Review (V)",
        "Review (U, Book b)",
        "Review (Book b)",
        "Review (Book c)",
    ]


def test_what_requires_one_another_is_not_the_same() -> None:
    mentions = [mention("a#1", "Sets"), mention("b#1", "Sets")]
    assert len(build(mentions, [needs("a#1", "b#1")]).skills) == 2
    assert len(build(mentions).skills) == 1


def test_edges_of_merged_skills_are_one_with_all_their_evidence() -> None:
    mentions = [*LINES, mention("a#2", "Lines", "- draw"), mention("b#2", "Lines", "- draw")]
    graph = build(mentions, [needs("a#1", "a#2"), needs("b#1", "b#2", "reference"), needs("a#1", "a#2")])
    (edge,) = graph.prerequisites
    assert (edge.before, edge.after) == ("slope-of-a-line", "lines")
    assert [evidence.source for evidence in edge.evidence] == ["syllabus", "reference"]


def test_circle_between_syllabi_is_opened_at_the_weakest_and_kept_as_related() -> None:
    mentions = [mention(f"{book}#{title}", title) for book in "ab" for title in ("Roots", "Powers")]
    graph = build(mentions, [needs("a#Roots", "a#Powers", "order"), needs("b#Powers", "b#Roots")])
    assert [(edge.before, edge.after) for edge in graph.prerequisites] == [("powers", "roots")]
    (pair,) = graph.related
    assert (pair.first, pair.second) == ("roots", "powers") and "order, a#Roots -> a#Powers" in pair.reason


def test_decisions_go_before_words() -> None:
    same = Decision(first="a#1", second="Gradient", same=True, reason="by a teacher")
    apart = Decision(first="c#1", second="a#1", same=False)
    mentions = [*LINES, mention("d#1", "Gradient", "- something else entirely")]
    assert grouped(*mentions, decisions=(same,)) == [["a#1", "b#1", "c#1", "d#1"]]
    assert grouped(*mentions, decisions=(apart,)) == [["a#1", "b#1"], ["c#1"], ["d#1"]]
    assert merge(mentions, (), [same])[0][-1].reason == "decided: by a teacher"


def test_decisions_reach_across_later_mentions() -> None:
    chain = (Decision(first="a#1", second="c#1", same=True), Decision(first="c#1", second="b#1", same=True))
    assert grouped(mention("a#1", "X"), mention("b#1", "Y"), mention("c#1", "Z"), decisions=chain) == [
        ["a#1", "b#1", "c#1"]
    ]


def test_apart_of_one_title_keeps_all_its_mentions_apart() -> None:
    apart = (Decision(first="slope of a line", second="Slope of a Line", same=False),)
    assert grouped(LINES[0], LINES[2], decisions=apart) == [["a#1"], ["c#1"]]


def test_merge_can_be_undone() -> None:
    (merged,) = build(LINES).merges
    graph = build(LINES, [], [], undo(merged, "b#1"))
    assert [[one.where for one in group] for group in merge(LINES, (), undo(merged, "b#1"))] == [
        ["a#1", "c#1"],
        ["b#1"],
    ]
    assert len(graph.skills) == 2


def test_evidence_between_merged_mentions_is_kept_with_the_merge() -> None:
    decisions = [Decision(first="a#1", second="a#2", same=True)]
    graph = build([mention("a#1", "X"), mention("a#2", "Y")], [needs("a#1", "a#2")], [], decisions)
    assert graph.prerequisites == () and graph.merges[0].within[0].where == "a#1 -> a#2"


def test_related_pairs_follow_their_mentions() -> None:
    pairs = [Related(first="a#1", second="d#1", reason="r"), Related(first="a#1", second="b#1", reason="gone")]
    graph = build([*LINES, mention("d#1", "Parabolas")], [], pairs)
    assert [(pair.first, pair.second, pair.reason) for pair in graph.related] == [
        ("slope-of-a-line", "parabolas", "r")
    ]


def test_mistaken_decisions_are_told_at_once() -> None:
    wrong = [Decision(first=name, second="a#1", same=same) for name, same in (("zz", True), ("yy", False))]
    with pytest.raises(UserError) as caught:
        build(LINES, [], [], wrong)
    assert [mistake.split(";")[0] for mistake in caught.value.mistakes] == [
        "A decision about merges names 'zz', which is no section's place or title",
        "A decision about merges names 'yy', which is no section's place or title",
    ]
    with pytest.raises(UserError, match="'a#1' and 'b#1' are the same, and that they are not"):
        build(LINES, [], [], [Decision(first="a#1", second="b#1", same=same) for same in (True, False)])


def test_merges_survive_the_file_of_the_graph() -> None:
    graph = build(LINES)
    again = SkillGraph.from_json(graph.to_json())
    assert again.merges == graph.merges and again.hash == graph.hash
