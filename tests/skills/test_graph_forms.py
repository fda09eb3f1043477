"""Mermaid, DOT and GraphML: each is read back as its programs do, and says what the graph says."""

import html
import re
import shutil
import subprocess
from xml.etree import ElementTree

import networkx as nx
import pytest

from hostile_graph import TITLES, hostile_graph
from skilladapt.records import Prerequisite, Skill
from skilladapt.skills.dot import to_dot
from skilladapt.skills.graph import SkillGraph, declared
from skilladapt.skills.graphml import to_graphml
from skilladapt.skills.mermaid import to_mermaid
from skilladapt.skills.visible import visible_line

SMALL = SkillGraph(
    [
        Skill(id="add", title="Adding", description="Add numbers.", part_of="Sums"),
        Skill(id="times", title="Multiplying", part_of="Products"),
        Skill(id="loose", title="Loose"),
    ],
    [declared("add", "times", "s.md:7")],
)


def test_mermaid_draws_units_skills_and_edges() -> None:
    assert to_mermaid(SMALL) == (
        "flowchart LR\n"
        '  subgraph u0["Sums"]\n'
        '    s0["Adding"]\n'
        "  end\n"
        '  subgraph u1["Products"]\n'
        '    s1["Multiplying"]\n'
        "  end\n"
        '  s2["Loose"]\n'
        "  s0 --> s1\n"
    )


def test_mermaid_gets_nothing_it_could_obey() -> None:
    titles = []
    for line in to_mermaid(hostile_graph()).splitlines()[1:]:
        if quoted := re.fullmatch(r'\s+(?:subgraph u|s)\d+\["([^"]*)"\]', line):
            titles.append(quoted[1])
        else:
            assert line == "  end" or re.fullmatch(r"  s\d+ --> s\d+", line), line
    for title in titles:
        assert title
        assert not re.search(r"[`#;<>&\\{}|%$\[\]:.-]", re.sub(r"#\d+;", "", title)), title
    read = {html.unescape(re.sub(r"#(\d+);", r"&#\1;", title)) for title in titles}
    assert read == {visible_line(title) or "\xa0" for title in TITLES}


def test_mermaid_of_a_large_graph_says_what_must_be_raised() -> None:
    skills = [Skill(id=f"s{n}", title=f"S{n}") for n in range(502)]
    edges = [Prerequisite(before=f"s{n}", after=f"s{n + 1}") for n in range(501)]
    assert to_mermaid(SkillGraph(skills, edges)).startswith("%% 501 edges, ")
    assert to_mermaid(SkillGraph(skills, edges[:-1])).startswith("flowchart LR\n")


def test_dot_has_clusters_and_evidence() -> None:
    text = to_dot(SMALL)
    assert 'subgraph cluster_0 {\n    label="Sums";\n    "add" [label="Adding"];\n  }' in text
    assert '"add" -> "times" [tooltip="syllabus: s.md:7"];' in text


def test_dot_strings_cannot_be_left() -> None:
    text = to_dot(hostile_graph())
    rest = re.sub(r'"(?:[^"\\]|\\\\|\\")*"', "TEXT", text)
    for line in rest.splitlines()[3:-1]:
        assert re.fullmatch(
            r"\s*(?:subgraph cluster_\d+ \{|label=TEXT;|\}|TEXT \[label=TEXT\];|TEXT -> TEXT \[tooltip=TEXT\];)",
            line,
        ), line


@pytest.mark.skipif(shutil.which("dot") is None, reason="needs Graphviz: install it to see what it reads")
def test_graphviz_reads_every_title_as_it_is() -> None:
    drawn = subprocess.run(
        ["dot", "-Tsvg"],
        input=to_dot(hostile_graph()),
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    assert not drawn.stderr
    texts = {
        element.text for element in ElementTree.fromstring(drawn.stdout).iter("{http://www.w3.org/2000/svg}text")
    }
    assert texts >= {visible_line(title).strip() for title in TITLES if title.strip()}


def test_graphml_is_read_back_by_networkx() -> None:
    read = nx.parse_graphml(to_graphml(SMALL))
    assert read.nodes["add"] == {"label": "Adding", "description": "Add numbers.", "level": 0, "unit": "Sums"}
    assert read.nodes["times"]["level"] == 1
    assert dict(read.edges) == {("add", "times"): {"evidence": "syllabus: s.md:7"}}


def test_graphml_of_hostile_titles_is_well_formed_and_loses_none() -> None:
    text = to_graphml(hostile_graph())
    ElementTree.fromstring(text)
    labels = [data["label"] for _, data in nx.parse_graphml(text).nodes(data=True)]
    assert labels == [visible_line(title) for title in TITLES]
