from skilladapt.records import Evidence, Prerequisite, Related, Skill
from skilladapt.skills.difference import Change, Edge, Reason, difference
from skilladapt.skills.difference_lines import MOST_SHOWN, difference_lines
from skilladapt.skills.graph import SkillGraph

SYLLABUS, TEACHER = Evidence(source="syllabus", where="s.md:3"), Evidence(source="teacher", where="call 4")
OLD = SkillGraph(
    [
        Skill(id="a", title="A", description="one", part_of="U"),
        Skill(id="b", title="B", part_of="U"),
        Skill(id="c", title="C", part_of="U"),
        Skill(id="d", title="D"),
    ],
    [
        Prerequisite(before="a", after="b", evidence=(SYLLABUS,)),
        Prerequisite(before="b", after="c", evidence=(SYLLABUS,)),
        Prerequisite(before="a", after="d"),
    ],
    [Related(first="b", second="c", reason="alike")],
    others={"remarks": [1]},
)
NEW = SkillGraph(
    [
        Skill(id="b", title="Bee", part_of="V"),
        Skill(id="a", title="A", description="two", part_of="U"),
        Skill(id="c", title="C", part_of=None),
        Skill(id="e", title="E"),
    ],
    [
        Prerequisite(before="a", after="b", evidence=(TEACHER,)),
        Prerequisite(before="a", after="e", evidence=(SYLLABUS, TEACHER)),
    ],
    [Related(first="a", second="c", reason="alike")],
)


def test_every_kind_of_change_is_found() -> None:
    found = difference(OLD, NEW)
    assert [skill.id for skill in found.skills_added] == ["e"]
    assert [skill.id for skill in found.skills_removed] == ["d"]
    assert found.renamed == (Change(id="b", title="Bee", before="B", after="Bee"),)
    assert found.moved == (
        Change(id="b", title="Bee", before="U", after="V"),
        Change(id="c", title="C", before="U", after=None),
    )
    assert found.described == (Change(id="a", title="A", before="one", after="two"),)
    assert found.reordered
    assert found.prerequisites_added == (Edge(before="a", after="e", evidence=(SYLLABUS, TEACHER)),)
    assert [(edge.before, edge.after) for edge in found.prerequisites_removed] == [("b", "c"), ("a", "d")]
    assert found.evidence_changed == (Reason(before="a", after="b", removed=(SYLLABUS,), added=(TEACHER,)),)
    assert found.related_added == NEW.related and found.related_removed == OLD.related
    assert found.other_keys == ("remarks",)
    assert found


def test_a_graph_is_no_different_from_itself() -> None:
    assert not difference(OLD, SkillGraph.from_json(OLD.to_json()))


def test_graphs_that_differ_in_their_hash_differ() -> None:
    shuffled = SkillGraph(OLD.skills[::-1], OLD.prerequisites, OLD.related, others=OLD.others)
    assert shuffled.hash != OLD.hash
    found = difference(OLD, shuffled)
    assert found.reordered and list(difference_lines(found, OLD, shuffled)) == [
        "The skills stand in another order."
    ]


def test_order_of_edges_and_of_evidence_is_no_difference() -> None:
    both = Prerequisite(before="a", after="b", evidence=(SYLLABUS, TEACHER))
    apart = [both.model_copy(update={"evidence": (one,)}) for one in (TEACHER, SYLLABUS)]
    assert not difference(SkillGraph(OLD.skills, [both]), SkillGraph(OLD.skills, apart))


def test_difference_is_told_in_words() -> None:
    assert list(difference_lines(difference(OLD, NEW), OLD, NEW)) == [
        "1 skill added",
        "  + E [e]",
        "1 skill removed",
        "  - D [d]",
        "1 skill renamed",
        "    [b] B -> Bee",
        "2 skills moved to another unit",
        "    Bee [b]: 'U' -> 'V'",
        "    C [c]: 'U' -> no unit",
        "1 description changed",
        "    A [a]",
        "      - one",
        "      + two",
        "The skills stand in another order.",
        "1 prerequisite added",
        "  + A -> E  (syllabus: s.md:3; teacher: call 4)",
        "2 prerequisites removed",
        "  - Bee -> C  (syllabus: s.md:3)",
        "  - A -> D  (no evidence)",
        "1 prerequisite with other evidence",
        "    A -> Bee",
        "      - syllabus: s.md:3",
        "      + teacher: call 4",
        "1 related pair added",
        "  + A, C  (alike)",
        "1 related pair removed",
        "  - Bee, C  (alike)",
        "Other values under 'remarks'.",
    ]


def test_many_changes_are_counted() -> None:
    more = SkillGraph([*OLD.skills, *(Skill(id=f"x{n}", title=f"X{n}") for n in range(MOST_SHOWN + 9))])
    lines = list(difference_lines(difference(OLD, more), OLD, more))
    assert (
        lines[0] == f"{MOST_SHOWN + 9} skills added" and lines[MOST_SHOWN + 1] == "    ... 9 more; --json has all"
    )
