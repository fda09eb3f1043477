import pytest

from skilladapt.prompts.reading import Unusable
from skilladapt.skills.decompose import Limits, decompose
from skilladapt.skills.subskills import read_parts
from skilladapt.skills.syllabus import graph_of
from skilladapt.teachers.teacher import Outcome, Request
from teacher_stub import Stub, reply


def part(title: str, elementary: bool = True, needs: str = "none") -> str:
    return f"Skill: {title}\nDoes: Do {title}.\nElementary: {'yes' if elementary else 'no'}\nNeeds: {needs}"


TREE = {
    "Baking bread": [part("Making dough", False), part("Baking", False, "Making dough")],
    "Making dough": [
        part("Weighing"),
        part("Kneading", needs="Weighing"),
        part("Proving", needs="Kneading; Weighing"),
    ],
    "Baking": [
        part("Heating an oven"),
        part("The weighing", needs="none"),
        part("Telling when it is done", needs="Heating an oven"),
    ],
}


def broken(request: Request) -> Outcome | str:
    if "main topics" in request.messages[1].content:
        return "Nothing at all comes to mind."
    title = request.messages[1].content.split("\n\n")[1].split("\n")[0]
    return "\n\n".join(TREE.get(title, ["Nothing more comes to mind."]))


def test_a_goal_is_broken_down_breadth_first_into_elementary_skills_in_units() -> None:
    teacher = Stub(broken)
    found = decompose("Baking bread", teacher)
    units = {unit.title: [section.title for section in unit.sections] for unit in found.syllabus.units}
    assert units == {
        "Making dough": ["Weighing", "Kneading", "Proving"],
        "Baking": ["Heating an oven", "The weighing", "Telling when it is done"],
    }
    assert len(teacher.asked) == 3 and not found.findings
    assert "It is part of: Baking bread" in teacher.asked[1].messages[1].content


def test_needs_become_edges_with_the_teacher_as_evidence_and_skills_named_twice_are_one() -> None:
    found = decompose("Baking bread", Stub(broken))
    graph = graph_of(found.syllabus, decisions=found.decisions)
    assert len(graph.skills) == 5  # weighing was named in both branches
    edges = {(edge.before, edge.after) for edge in graph.prerequisites}
    assert edges == {
        ("weighing", "kneading"),
        ("weighing", "proving"),
        ("kneading", "proving"),
        ("heating-an-oven", "telling-when-it-is-done"),
        ("proving", "heating-an-oven"),  # the first of one composite skill needs the last of the other
    }
    assert {one.source for edge in graph.prerequisites for one in edge.evidence} == {"teacher"}


def test_the_depth_and_the_number_of_skills_are_limits_and_what_they_cut_off_is_told() -> None:
    shallow = decompose("Baking bread", Stub(broken), Limits(depth=1))
    assert [section.title for section in shallow.syllabus.sections] == ["Making dough", "Baking"]
    assert "2 skills are not elementary" in shallow.findings[0] and "depth 1" in shallow.findings[0]
    few = decompose("Baking bread", Stub(broken), Limits(skills=3))
    assert len(few.syllabus.sections) == 2 and "2 skills of at most 3" in few.findings[0]


def test_a_skill_that_cannot_be_broken_up_stays_whole_and_is_told() -> None:
    def lost(request: Request) -> Outcome | str:
        if "topics" in request.messages[1].content:
            return reply("1. Cut", "length")
        text = broken(request)
        return reply("Skill: cut", "length") if isinstance(text, str) and "Weighing" in text else text

    found = decompose("Baking bread", Stub(lost))
    assert [section.title for section in found.syllabus.sections][0] == "Making dough"
    assert found.findings[0] == "'Making dough' was not broken up: cut off at the limit."


def test_a_goal_of_which_the_teacher_makes_nothing_is_refused() -> None:
    with pytest.raises(Unusable, match="fewer than two parts"):
        decompose("Nonsense", Stub(broken))


def test_a_teacher_that_cannot_follow_the_form_is_asked_for_a_plain_list() -> None:
    def plain(request: Request) -> str:
        asked = request.messages[1].content
        if "main topics" in asked:
            return (
                "1. Flour: what it is made of\n2. **Yeast**: alive\n2. yeast\n\nThese are all.\n- " + "long " * 15
            )
        return "Skill: a short name of at most eight words"

    teacher = Stub(plain)
    found = decompose("Baking bread", teacher, Limits(parts=4))
    assert [(one.title, one.description) for one in found.syllabus.sections] == [
        ("Flour", "what it is made of"),
        ("Yeast", "alive"),
    ]
    assert len(teacher.asked) == 2 and "List the 4 main topics" in teacher.asked[1].messages[1].content


def test_parts_that_are_nothing_but_the_skill_itself_break_nothing_up() -> None:
    with pytest.raises(Unusable, match="itself or what it is part of"):
        decompose("Baking bread", Stub(lambda _: "1. Baking bread\n2. Flour"))


def test_a_teacher_that_goes_round_in_circles_comes_to_an_end() -> None:
    same = "\n".join([part("Baking bread", False), part("More bread", False), part("Other bread", False)])
    teacher = Stub(lambda _: same)
    found = decompose("Baking bread", teacher, Limits(depth=4, skills=1_000))
    titles = {section.title for section in found.syllabus.sections}
    assert titles <= {"More bread", "Other bread"} and len(teacher.asked) < 20


def test_parts_of_a_syllabus_are_asked_for_at_the_first_level_only() -> None:
    teacher = Stub(broken)
    decompose("Baking bread", teacher, listed=["Sourdough"])
    assert ["Sourdough" in request.messages[1].content for request in teacher.asked] == [True, False, False]


@pytest.mark.parametrize(
    "text",
    [
        "1. **Skill:** One\n   **Does:** It.\n   **Elementary:** No\n   **Needs:** none\n2. **Skill:** Two\n",
        "- Skill: One\n- Does: It.\n- Elementary: no.\n- Needs: -\n- Skill: Two\n- Needs: One, \n",
        "Skill 1: One\nDoes: It.\nElementary: no\nSkill 2: Two\nNeeds: N/A",
    ],
)
def test_numbers_and_emphasis_are_forgiven(text: str) -> None:
    one, two = read_parts(text, 8)
    assert (one.title, one.description, one.is_elementary, one.needs) == ("One", "It.", False, ())
    assert two.title == "Two" and two.is_elementary


def test_sentences_and_repetitions_are_no_names() -> None:
    text = "Skill: One\nSkill: one\nSkill: " + "word " * 15 + "\nSkill: \nSkill: Two\nSkill: Three"
    assert [one.title for one in read_parts(text, 2)] == ["one", "Two"]
    with pytest.raises(Unusable):
        read_parts("Skill: One\nSkill: One", 8)
