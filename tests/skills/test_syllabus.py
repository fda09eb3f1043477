import json
import os
import zipfile
from pathlib import Path
from zipfile import ZipFile

import pytest

from skilladapt.errors import UserError
from skilladapt.records import Evidence
from skilladapt.skills.merge import Decision
from skilladapt.skills.syllabus import MAX_BYTES, graph_of, parse_syllabus, read_graph, read_syllabus

OUTLINE = """\
# Baking
<!-- a comment
### Not a skill -->
An introduction that belongs to nobody.

## Basics
### Weighing
Weigh flour and water
to the gram.
- use a scale
- subtract the bowl

### Mixing ###
Requires: weighing
```
### not a heading
Requires: nothing either
```
## Bread
### **Salt, sugar and fat**
### Baking a loaf
1. heat the oven
Requires: Salt, sugar and fat, Mixing.
- Requires: Weighing
Requires: none
"""


def mistakes_in(text: str) -> list[str]:
    with pytest.raises(UserError) as caught:
        parse_syllabus(text, "s.md")
    return list(caught.value.mistakes)


def test_outline_becomes_units_and_sections_with_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "baking.md"
    file.write_bytes(b"\xef\xbb\xbf" + OUTLINE.replace("\n", "\r\n").encode())
    syllabus = read_syllabus(str(file))
    assert (syllabus.title, syllabus.source) == ("Baking", "baking.md")
    assert [unit.title for unit in syllabus.units] == ["Basics", "Bread"]
    assert [(section.title, section.where) for section in syllabus.sections] == [
        ("Weighing", "baking.md:7"),
        ("Mixing", "baking.md:13"),
        ("Salt, sugar and fat", "baking.md:20"),
        ("Baking a loaf", "baking.md:21"),
    ]
    weighing, mixing, salt, loaf = syllabus.sections
    assert weighing.description == "Weigh flour and water to the gram."
    assert weighing.objectives == ("use a scale", "subtract the bowl")
    assert mixing.description == "### not a heading Requires: nothing either"
    assert loaf.objectives == ("heat the oven",)
    assert [(edge.before, edge.after, edge.evidence[0].where) for edge in syllabus.prerequisites] == [
        (weighing.where, mixing.where, "baking.md:14"),
        (salt.where, loaf.where, "baking.md:23"),
        (mixing.where, loaf.where, "baking.md:23"),
        (weighing.where, loaf.where, "baking.md:24"),
    ]


def test_syllabus_becomes_a_graph_with_evidence_and_levels() -> None:
    graph = graph_of(parse_syllabus(OUTLINE, "baking.md"))
    assert [(skill.id, skill.level, skill.part_of) for skill in graph.skills] == [
        ("weighing", 0, "Basics"),
        ("mixing", 1, "Basics"),
        ("salt-sugar-and-fat", 0, "Bread"),
        ("baking-a-loaf", 2, "Bread"),
    ]
    assert graph.by_id["weighing"].description == (
        "Weigh flour and water to the gram.\n- use a scale\n- subtract the bowl"
    )
    assert [(edge.before, edge.after) for edge in graph.prerequisites] == [
        ("weighing", "mixing"),
        ("salt-sugar-and-fat", "baking-a-loaf"),
        ("mixing", "baking-a-loaf"),
        ("weighing", "baking-a-loaf"),
    ]
    assert graph.prerequisites[0].evidence == (Evidence(source="syllabus", where="baking.md:14"),)


def test_section_that_declares_nothing_depends_on_nothing() -> None:
    graph = graph_of(parse_syllabus("### A\n### B\nRequires:\n### C\nRequires: -\n", "s.md"))
    assert graph.prerequisites == ()
    assert [skill.part_of for skill in graph.skills] == [None, None, None]


def test_prerequisite_declared_twice_is_one_edge() -> None:
    graph = graph_of(parse_syllabus("### A\n### B\nRequires: A, a\nRequires: A\n", "s.md"))
    assert [edge.evidence[0].where for edge in graph.prerequisites] == ["s.md:3"]


def test_all_faults_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = """\
Requires: Adding
# One
# Two
### Adding
Requires: Adding
### Multiplying
Requires: Ading, Astronomy
### ADDING
###
### A
Requires: C
### B
Requires: A
### C
Requires: B
"""
    assert mistakes_in(text) == [
        "s.md:1: 'Requires:' outside a section; move it below a '###' heading.",
        "s.md:3: a second title, 'Two'; a syllabus has one, units begin with '##'.",
        "s.md:5: 'Adding' requires itself; remove that.",
        "s.md:7: 'Multiplying' requires 'Ading', which is no section of this syllabus; "
        "did you mean 'Adding'? Otherwise remove the prerequisite.",
        "s.md:7: 'Multiplying' requires 'Astronomy', which is no section of this syllabus; "
        "add it or remove the prerequisite.",
        "s.md:8: two skills are called 'ADDING', also on line 4; give one of them another name.",
        "s.md:9: a heading ('###') without a title; give it one or remove it.",
        "s.md: the prerequisites run in a circle: A -> B -> C -> A (lines 11, 13, 15); remove one of them.",
    ]


def test_every_knot_of_circles_is_told() -> None:
    text = "### A\nRequires: B\n### B\nRequires: A\n### C\nRequires: D, A\n### D\nRequires: C\n"
    assert [mistake.split(";")[0] for mistake in mistakes_in(text)] == [
        "s.md: the prerequisites run in a circle: A -> B -> A (lines 2, 4)",
        "s.md: the prerequisites run in a circle: C -> D -> C (lines 6, 8)",
    ]


@pytest.mark.parametrize(
    "text, found", [("", "the file is empty"), ("# Title\n## Unit\nprose", "there are no sections")]
)
def test_syllabus_without_skills_is_refused(text: str, found: str) -> None:
    assert mistakes_in(text) == [f"s.md:1: {found}; write a section ('### Title') for each skill."]


def test_heading_without_a_space_is_still_a_heading() -> None:
    assert [section.title for section in parse_syllabus("###Powers\n", "s.md").sections] == ["Powers"]


def test_unclosed_comment_hides_the_rest() -> None:
    assert len(parse_syllabus("### A\n<!-- ### B\n### C\n", "s.md").sections) == 1


def test_lines_are_counted_as_editors_count_them() -> None:
    assert parse_syllabus("a\x0cb\u2028c\x85\n### A\n", "s.md").sections[0].where == "s.md:2"


@pytest.mark.parametrize(
    "data, found",
    [
        (b"### A\n\0", "is a binary file"),
        (b"### A\n### \xff\n", "is not UTF-8 text (line 2)"),
        (b"#" * (MAX_BYTES + 1), "has 4,000,001 bytes"),
    ],
)
def test_unreadable_content_is_one_clear_message(tmp_path: Path, data: bytes, found: str) -> None:
    file = tmp_path / "s.md"
    file.write_bytes(data)
    with pytest.raises(UserError) as caught:
        read_syllabus(file)
    assert len(caught.value.mistakes) == 1
    assert found in str(caught.value) and str(file) in str(caught.value)


def test_missing_file_folder_and_impossible_path_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no syllabus at .*nowhere.md; check the path"):
        read_syllabus(tmp_path / "nowhere.md")
    with pytest.raises(UserError, match="is a folder; name the file"):
        read_syllabus(tmp_path)
    with pytest.raises(UserError, match="cannot be read"):
        read_syllabus("a\0b.md")
    loop = tmp_path / "loop.md"
    os.symlink(loop, loop)
    with pytest.raises(UserError, match="cannot be read"):
        read_syllabus(loop)


def test_syllabus_inside_an_archive_can_be_read(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "package.zip", "w") as archive:
        archive.writestr("domain/syllabus.md", "# T\n### A\n")
        assert read_syllabus(zipfile.Path(archive, "domain/syllabus.md")).source == "syllabus.md"


def test_long_hostile_titles_stay_whole_and_get_short_safe_ids() -> None:
    titles = ["../../etc/passwd", "a" * 300, "<script>alert(1)</script>", "导数", "C", "C++", "\x1b[31mRed\u202e"]
    graph = graph_of(parse_syllabus("".join(f"### {title}\n" for title in titles), "s.md"))
    assert [skill.id for skill in graph.skills][:1] == ["etc-passwd"]
    assert all(len(id) <= 69 and id.strip("abcdefghijklmnopqrstuvwxyz0123456789-") == "" for id in graph.by_id)
    assert graph.skills[1].title == "a" * 300
    assert graph.skills[-1].title == "[31mRed"


def test_long_titles_are_shortened_in_messages() -> None:
    assert "'" + "a" * 79 + "…'" in mistakes_in(f"### {'a' * 300}\nRequires: {'b' * 300}\n")[0]


def write(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return str(path)


def test_syllabi_of_several_forms_are_one_graph(tmp_path: Path) -> None:
    outline = write(tmp_path, "a.md", "## U\n### Sets\n### Maps\nRequires: Sets\n")
    table = write(tmp_path, "b.csv", "title,requires\nset,\nRelations,set\n")
    graph = read_graph([outline, table])
    assert [(skill.id, skill.part_of) for skill in graph.skills] == [
        ("sets", "U"),
        ("maps", "U"),
        ("relations", None),
    ]
    assert [(edge.before, edge.after, edge.evidence[0].where) for edge in graph.prerequisites] == [
        ("sets", "maps", "a.md:4"),
        ("sets", "relations", "b.csv:3"),
    ]
    assert [mention.where for mention in graph.merges[0].mentions] == ["a.md:2", "b.csv:2"]
    apart = read_graph([outline, table], [Decision(first="a.md:2", second="b.csv:2", same=False)])
    assert [skill.title for skill in apart.skills] == ["Sets", "Maps", "set", "Relations"]


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    first, second = write(tmp_path, "x/s.md", "### A\n"), write(tmp_path, "y/s.md", "### A\n")
    (merge,) = read_graph([first, second]).merges
    assert [mention.where for mention in merge.mentions] == ["x/s.md:1", "y/s.md:1"]


def test_faults_of_all_syllabi_are_told_at_once(tmp_path: Path) -> None:
    bad, table = write(tmp_path, "a.md", "### A\nRequires: B\n"), write(tmp_path, "b.csv", "x\n1\n")
    with pytest.raises(UserError) as caught:
        read_graph([bad, table, "openstax/us_history"])
    assert [mistake[:7] for mistake in caught.value.mistakes] == ["a.md:2:", "b.csv:1", "There i"]
    assert caught.value.mistakes[2].endswith("openstax/us_history; did you mean 'openstax/us-history'?")
    with pytest.raises(UserError, match="'oak/history' is named twice; name it once"):
        read_graph(["oak/history", "oak/history"])


def test_edited_graph_is_checked_and_used_as_it_is(tmp_path: Path) -> None:
    graph = graph_of(parse_syllabus("### A\n### B\nRequires: A\n", "s.md"))
    path = write(tmp_path, "edited.json", graph.to_json().replace('"A"', '"Alpha"'))
    assert [skill.title for skill in read_graph([path]).skills] == ["Alpha", "B"]
    circle = json.loads(graph.to_json())
    circle["prerequisites"].append({"before": "b", "after": "a", "evidence": []})
    with pytest.raises(UserError, match="in a circle: A -> B -> A"):
        read_graph([write(tmp_path, "circle.json", json.dumps(circle))])
    with pytest.raises(UserError, match="edited.json is a graph, used as it is: name it alone"):
        read_graph([path, "oak/history"])
    with pytest.raises(UserError, match="is the file of a graph; a syllabus is needed"):
        read_syllabus(path)


def test_sixteen_bit_text_and_foreign_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "s.txt").write_bytes("A\nB\n".encode("utf-16"))
    with pytest.raises(UserError, match="is UTF-16 text; save it as UTF-8"):
        read_syllabus(tmp_path / "s.txt")
    with pytest.raises(UserError, match="is a '.pdf' file; Markdown"):
        read_syllabus(tmp_path / "s.pdf")
