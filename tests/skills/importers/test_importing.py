"""Every form of a syllabus, good and bad, through the front door: chosen by suffix and content."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skilladapt.errors import UserError
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.importers.choosing import check_suffix, parse
from skilladapt.skills.sections import Syllabus

Read = list[tuple[str | None, list[str]]]


def syllabus(text: str, name: str) -> Syllabus:
    found = parse(text, name)
    assert isinstance(found, Syllabus)
    return found


def units(text: str, name: str) -> Read:
    return [(unit.title, [section.title for section in unit.sections]) for unit in syllabus(text, name).units]


def edges(text: str, name: str) -> list[tuple[str, str, str]]:
    return [(edge.before, edge.after, edge.evidence[0].where) for edge in syllabus(text, name).prerequisites]


def mistakes(text: str, name: str) -> list[str]:
    with pytest.raises(UserError) as caught:
        parse(text, name)
    return list(caught.value.mistakes)


MARKDOWN = """\
---
layout: page
---
Statistics
==========
A course.

Week 1: Data
------------
- [Mean](https://x.org/a), median
- Variance
  of a sample
  Requires: Mean, median

## Week 2
- Sample spaces
  - events
  - complements
* * *
1. [x] Conditional probability
"""


def test_ordinary_markdown_is_units_of_bullets_with_objectives_below() -> None:
    read = syllabus(MARKDOWN, "s.md")
    assert read.title == "Statistics"
    assert units(MARKDOWN, "s.md") == [
        ("Week 1: Data", ["Mean, median", "Variance"]),
        ("Week 2", ["Sample spaces", "Conditional probability"]),
    ]
    assert read.sections[1].description == "of a sample"
    assert read.sections[2].objectives == ("events", "complements")
    assert edges(MARKDOWN, "s.md") == [("s.md:10", "s.md:11", "s.md:13")]


def test_headings_without_bullets_are_skills() -> None:
    text = "# T\n## A\nwhat it is\n## B\nRequires: A\n```\n# no heading\n- no item\n```\n"
    assert units(text, "s.md") == [(None, ["A", "B"])]
    assert syllabus(text, "s.md").sections[0].description == "what it is"
    assert edges(text, "s.md") == [("s.md:2", "s.md:4", "s.md:5")]


def test_bullets_alone_nest_into_units() -> None:
    assert units("- U\n  - A\n    - detail\n  - B\n- C\n", "s.md") == [("U", ["A", "B"]), (None, ["C"])]
    assert units("- A\n- B\n", "s.md") == [(None, ["A", "B"])]


def test_third_depth_makes_an_outline_strict() -> None:
    assert units("# T\n## U\n- prose of nobody\n### A\n- objective\n", "s.md") == [("U", ["A"])]


def test_faults_of_ordinary_markdown_have_lines() -> None:
    assert mistakes("Requires: A\n# T\n## U\nRequires: A\n- A\n- A\n##\n- B\n  Requires: C\n", "s.md") == [
        "s.md:1: 'Requires:' before any section; move it below one.",
        "s.md:4: 'Requires:' belongs to a unit; move it below a skill.",
        "s.md:6: two skills are called 'A', also on line 5; give one of them another name.",
        "s.md:7: a heading ('##') without a title; give it one or remove it.",
        "s.md:9: 'B' requires 'C', which is no section of this syllabus; add it or remove the prerequisite.",
    ]


def test_indentation_alone_nests_plain_text() -> None:
    text = "Algebra\n\tLinear equations\n\t\tone variable\n\tQuadratics\n\trequires: Linear equations\n"
    text += "Geometry\n  a) Triangles\n  2. Circles\nStatistics\n" + " " * 8 + "p" * 201 + "\n"
    assert units(text, "s.txt") == [
        ("Algebra", ["Linear equations", "Quadratics"]),
        ("Geometry", ["Triangles", "Circles"]),
        (None, ["Statistics"]),
    ]
    assert syllabus(text, "s").sections[0].objectives == ("one variable",)
    assert len(syllabus(text, "s.txt").sections[-1].description) == 201
    assert edges(text, "s.txt") == [("s.txt:2", "s.txt:4", "s.txt:5")]


@pytest.mark.parametrize("text", ["Course\n  U\n    A\n    B\n", "Course\n======\nU\n  A\n  B\n"])
def test_plain_text_may_begin_with_its_title(text: str) -> None:
    assert syllabus(text, "s.txt").title == "Course"
    assert units(text, "s.txt") == [("U", ["A", "B"])]


CONTENTS = """\
Table of Contents
Preface .................. xi
PART I: FOUNDATIONS
Chapter 1: Numbers ......... 1
1.1 Whole numbers . . . . . . 2
1.1.1 Counting ....... 3
1.1.2 Rounding ....... 4
1.2 Fractions, and a very long title
    that goes on .............. 10
Chapter 2
Equations .......... 20
2.1 Linear equations\t21
2.2 Quadratic equations   30
3 Functions ............ 40
Appendix A: Tables ..... 90
Index ............ 99
"""


@pytest.mark.parametrize("name", ["toc.txt", "toc.md", "toc"])
def test_contents_are_read_by_their_numbers_without_pages(name: str) -> None:
    assert units(CONTENTS, name) == [
        ("Numbers", ["Whole numbers", "Fractions, and a very long title that goes on"]),
        ("Equations", ["Linear equations", "Quadratic equations"]),
        (None, ["Functions", "Tables"]),
    ]
    first = syllabus(CONTENTS, name).sections[0]
    assert (first.where, first.objectives) == (f"{name}:5", ("Counting", "Rounding"))


def test_contents_without_pages_and_chapters_alone_are_read() -> None:
    assert units("Chapter 4: Trees\n4.1 Roots\n4.2 Leaves\nUnit 5 - Shrubs\n", "t.txt") == [
        ("Trees", ["Roots", "Leaves"]),
        (None, ["Shrubs"]),
    ]
    assert units("1.1 A\n1.2 B\n2.1 C\n", "t.txt") == [(None, ["A", "B", "C"])]


def test_numbered_list_is_no_table_of_contents() -> None:
    assert units("1. Algebra\n   a) Lines\n2. Geometry\n   a) Circles\n", "t.txt") == [
        ("Algebra", ["Lines"]),
        ("Geometry", ["Circles"]),
    ]


TABLE = """\
Unit;TITLE;Description;Learning objectives;Prerequisites;Extra
U1;Weighing;to the gram;use a scale | subtract;;x
;;;"read
a list";;
U1;Mixing;;;Weighing;
U2;"Salt, sugar";;;;
U2;Baking;;;"Salt, sugar, Mixing";
"""


@pytest.mark.parametrize("delimiter", ";\t")
def test_table_has_a_skill_a_row(delimiter: str) -> None:
    text = TABLE.replace(";", delimiter)
    assert units(text, "t.csv") == [("U1", ["Weighing", "Mixing"]), ("U2", ["Salt, sugar", "Baking"])]
    weighing = syllabus(text, "t.csv").sections[0]
    assert weighing.description == "to the gram"
    assert weighing.objectives == ("use a scale", "subtract", "read", "a list")
    assert edges(text, "t.csv") == [
        ("t.csv:2", "t.csv:5", "t.csv:5"),
        ("t.csv:6", "t.csv:7", "t.csv:7"),
        ("t.csv:5", "t.csv:7", "t.csv:7"),
    ]


def test_table_requires_by_id_or_by_unit_and_title() -> None:
    text = "id,unit,title,requires\na1,U,Review,\na2,V,Review,a1\na3,W,Test,U / Review\na4,W,End,Test\n"
    assert [(before, after) for before, after, _ in edges(text, "t.csv")] == [
        ("t.csv:2", "t.csv:3"),
        ("t.csv:2", "t.csv:4"),
        ("t.csv:4", "t.csv:5"),
    ]


@pytest.mark.parametrize(
    "text, found",
    [
        ("unit,what\nx,y\n", "t.csv:1: there is no column 'title' among 'unit', 'what'; name the column"),
        ("title,unit\na,b,c\n", "t.csv:2: 3 cells, but the first row names 2 columns."),
        ("title,unit\n,b\n", "t.csv:2: a row without a title; give it one or remove it."),
        ("title,title\na,b\n", "t.csv:1: two columns are called 'title'; rename one of them."),
        ("title" + ",x" * 2_999 + "\n", "t.csv:1: 3,000 columns; at most 200 are read"),
        ('title\n"abc\n', "t.csv:2: no row of a table (unexpected end of data); mend the quotes."),
        ('title\n"' + "x" * 200_000 + '"\n', "t.csv:2: no row of a table (field larger than field limit"),
        ("title,requires\nA,B\nB,A\n", "t.csv: the prerequisites run in a circle: A -> B -> A (lines 2, 3)"),
        ("title,requires\nA,A\n", "t.csv:2: 'A' requires itself; remove that."),
        ("title,unit,requires\nA,U,\nA,V,\nB,W,A\n", "t.csv:4: 'B' requires 'A', a title that several sections have (lines 2, 3); write 'U / A' or 'V / A'."),  # noqa: E501 - one message
        ("title\n", "t.csv:1: there are no sections; write a row below the names of the columns for each skill."),
    ],
)  # fmt: skip
def test_faulty_table_is_one_clear_message(text: str, found: str) -> None:
    (mistake,) = mistakes(text, "t.csv")
    assert mistake.startswith(found)


YAML = """\
title: Baking
units:
  - title: Basics
    skills:
      - Weighing
      - title: Mixing
        description: even dough
        objectives: [fold, knead]
        requires:
          - Weighing
  - Bread:
     - Loaf
     - {name: Rolls, requires: "Loaf, Mixing"}
  - Cakes: {Sponge: {requires: Loaf}, No: , Pie: made of}
"""


def test_yaml_of_ones_own_is_read_in_long_and_short_forms() -> None:
    assert syllabus(YAML, "p.yaml").title == "Baking"
    assert units(YAML, "p.yaml") == [
        ("Basics", ["Weighing", "Mixing"]),
        ("Bread", ["Loaf", "Rolls"]),
        ("Cakes", ["Sponge", "No", "Pie"]),
    ]
    read = {section.title: section for section in syllabus(YAML, "p.yml").sections}
    assert (read["Mixing"].description, read["Mixing"].objectives) == ("even dough", ("fold", "knead"))
    assert read["Pie"].description == "made of"
    assert edges(YAML, "p.yaml") == [
        ("p.yaml:5", "p.yaml:6", "p.yaml:9"),
        ("p.yaml:12", "p.yaml:13", "p.yaml:13"),
        ("p.yaml:6", "p.yaml:13", "p.yaml:13"),
        ("p.yaml:12", "p.yaml:14", "p.yaml:14"),
    ]


def test_sections_of_one_line_have_places_of_their_own() -> None:
    places = [section.where for section in syllabus(YAML, "p.yaml").sections]
    assert places[-3:] == ["p.yaml:14", "p.yaml:14.2", "p.yaml:14.3"]


def test_nothing_in_yaml_is_interpreted() -> None:
    assert units("- no\n- 1.10\n- 2026-01-01\n- 0x1F\n", "p.yaml") == [
        (None, ["no", "1.10", "2026-01-01", "0x1F"])
    ]


def test_json_of_ones_own_has_paths_for_places() -> None:
    text = json.dumps({"units": [{"title": "U", "sections": ["A", {"title": "B", "requires": "A"}]}]})
    assert units(text, "r.json") == [("U", ["A", "B"])]
    first, second = "r.json#/units/0/sections/0", "r.json#/units/0/sections/1"
    assert edges(text, "r.json") == edges(text, "r.json") == [(first, second, f"{second}/requires")]
    assert units('{"U": ["A"], "V": {"B": null}}', "pasted") == [("U", ["A"]), ("V", ["B"])]


@pytest.mark.parametrize(
    "text, name, found",
    [
        ("a: &x [1]\nb: *x\n", "p.yaml", "p.yaml:2: an alias ('*x'), which is not read; write it out."),
        ("a: 1\na: 2\n", "p.yaml", "p.yaml:2: the key 'a' twice; remove one."),
        ("[" * 100_000, "p.yaml", "p.yaml:1: more than 20 levels; nest less."),
        ("x: !!python/object:os.system a\n", "p.yaml", "p.yaml:1: a tag ('tag:yaml.org,2002:python/object:os.s"),
        ("- A\n- [1\n", "p.yaml", "p.yaml:3: not valid YAML (while parsing a flow sequence did not find"),
        ("- A\n- \x07\n", "p.yaml", "p.yaml:2: not valid YAML (unacceptable character"),
        ("? [a]\n: b\n", "p.yaml", "p.yaml:1: a key that is no text; write a text."),
        ("just text", "p.yaml", "p.yaml:1: a single text; write a list of skills."),
        ("# nothing\n", "p.yaml", "p.yaml:1: the file is empty; write a list of skills."),
        ("- title: A\n  requirs: B\n", "p.yaml", "p.yaml:2: an unknown key 'requirs'; did you mean 'requires'?."),
        (
            "title: T\nunitz: []\nskills: [A]\n",
            "p.yaml",
            "p.yaml:2: an unknown key 'unitz'; did you mean 'units'?.",
        ),
        ("- title: A\n  objectives: [[b]]\n", "p.yaml", "p.yaml:2: 'objectives' holds something that is no text"),
        ("- A\n- description: x\n", "p.yaml", "p.yaml:2: an entry without a title; give it one ('title')."),
        ("[" * 100_000, "p.json", "p.json:1: more than 20 levels; nest less."),
        ("[" * 30 + "]" * 30, "p.json", "p.json#/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0: more than 20 levels"),
        ('{"a": 1,\n"a": 2}', "p.json", "p.json:2: the key 'a' twice in one object; remove one."),
        ("{\n'a'}", "p.json", "p.json:2: not valid JSON (Expecting property name enclosed in double quotes)"),
        ("1" * 5_000, "p.json", "p.json#: a single text; write a list of skills."),
        ('["' + "x" * 1_001 + '"]', "p.json", "p.json#/0: a title of 1,001 characters; one of 1,000"),
        ("[]", "p.json", "p.json:1: there are no sections"),
        (" \n", "p.json", "p.json:1: the file is empty; write a section ('### Title') for each skill."),
    ],
)
def test_hostile_tree_is_one_clear_message(text: str, name: str, found: str) -> None:
    (mistake,) = mistakes(text, name)
    assert mistake.startswith(found)


def test_thousands_of_mistakes_are_counted_quickly() -> None:
    told = mistakes("\n".join(f"### S{n}\nRequires: T{n}, {'x' * 200}\n" for n in range(5_000)), "s.md")
    assert len(told) == 51 and told[-1] == "s.md: 9,950 more mistakes like these."


def test_line_of_a_million_commas_is_read_quickly() -> None:
    text = f"### A{',' * 500_000}\n"
    assert "a title of 500,001 characters" in mistakes(text, "s.md")[0]
    assert len(mistakes(f"### A{', b' * 300}\n### B\nRequires: {'c,' * 300_000}\n", "s.md")) == 51


def test_foreign_files_are_refused_with_what_is_read() -> None:
    for name in ("s.pdf", "S.DOCX", "a/b.html"):
        with pytest.raises(UserError, match=r"Markdown \(.md\), plain text .* Save or paste it as one of these"):
            check_suffix(name)
    check_suffix("s.syllabus")


def test_file_of_a_graph_is_a_graph() -> None:
    graph = parse('{"skills": [{"id": "a", "title": "A"}], "prerequisites": []}', "graph.json")
    assert isinstance(graph, SkillGraph) and graph.by_id["a"].title == "A"


SNIPPETS = st.sampled_from(
    ["# A\n", "## B\n", "### C\n", "- x\n", "  - y\n", "\tz\n", "Requires: A\n", "1.1 D .... 3\n", "Chapter 2\n"]
    + [
        "title,unit\n",
        "a,b\n",
        '"',
        "{",
        "}",
        "[",
        "]",
        ":",
        "&a ",
        "*a",
        "!!str ",
        "\x00",
        "\u202e",
        "\n",
        "---\n",
    ]
    + ["```\n", "<!--", "null", '"a": 1,']
)


@given(
    st.lists(st.one_of(SNIPPETS, st.text(max_size=8)), max_size=25).map("".join),
    st.sampled_from(["s.md", "s.txt", "s.csv", "s.tsv", "s.yaml", "s.json", "s"]),
)
@settings(max_examples=400, deadline=None)
def test_whatever_is_written_is_a_syllabus_or_a_mistake_of_the_person(text: str, name: str) -> None:
    try:
        read = parse(text, name)
    except UserError:
        return
    if isinstance(read, Syllabus):
        places = [section.where for section in read.sections]
        assert places and len(set(places)) == len(places)
        assert {end for edge in read.prerequisites for end in (edge.before, edge.after)} <= set(places)


@pytest.mark.parametrize(
    "text, found",
    [
        ("a\n" * 500_001, "s.txt: 500,001 lines; at most 500,000 are read"),
        ("1.1 " + "." * 190 + "\n" + ("1.1 " + ". " * 95 + "\n") * 20_000, "s.txt:2: two skills are called '1.1'"),
        ("- " + "[" * 1_000_000, "s.txt:1: a title of 1,000,000 characters"),
        (
            "1.1 A\n1.2 B\n1.3 C\n" + "x" * 201,
            "s.txt:4: a line of 201 characters; one line for each entry is needed.",
        ),
        ("".join(f"a{n}\n" for n in range(100_001)), "s.txt:100001: 100,001 sections; at most 100,000 are read"),
    ],
)
def test_text_made_to_take_long_is_refused_in_seconds(text: str, found: str) -> None:
    begun = time.process_time()
    assert mistakes(text, "s.txt")[0].startswith(found)
    assert time.process_time() - begun < 10
