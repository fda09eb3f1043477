"""`skilladapt graph` and `skilladapt graph diff`, as they are called."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from skilladapt import graphs
from skilladapt.errors import UserError
from skilladapt.records import Skill
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.syllabus import graph_of, parse_syllabus

SMOKE = Path(__file__).parents[1] / "runs" / "smoke.toml"
FORMS = ["graph.dot", "graph.graphml", "graph.html", "graph.json", "graph.mmd"]
GRAPH = graph_of(parse_syllabus("## U\n### A\n### B\nRequires: A\n", "s.md"))

Command = Callable[..., int]


def saved(path: Path, graph: SkillGraph) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(graph.to_json(), encoding="utf-8")
    return path


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_graph_of_a_run_file_is_shown_and_written_in_all_forms(
    skilladapt: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert skilladapt("graph", SMOKE, "--out", tmp_path / "out") == 0
    printed = capsys.readouterr().out
    assert "Rules for derivatives  (7 skills)\n  4  Constant rule [constant-rule]  <- Function values\n" in printed
    assert "99 skills on 13 levels, 197 prerequisites\n" in printed
    assert printed.endswith(
        "written to "
        + str(tmp_path / "out")
        + ": "
        + "graph.json, graph.html, graph.mmd, graph.dot, graph.graphml\n"
    )
    assert files(tmp_path / "out") == FORMS


def test_graph_can_be_looked_at_again_from_its_file_or_folder(skilladapt: Command, tmp_path: Path) -> None:
    file = saved(tmp_path / "in" / "graph.json", GRAPH)
    assert skilladapt("graph", file) == skilladapt("graph", file.parent, "--out", tmp_path / "out") == 0
    assert (tmp_path / "out" / "graph.json").read_bytes() == file.read_bytes()
    assert skilladapt("graph", "show", file) == skilladapt("graph", "--all", file) == 0


def test_json_holds_the_graph_findings_and_files(
    skilladapt: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    graph = SkillGraph(
        [*GRAPH.skills, Skill(id="c", title="\u00c7")], GRAPH.prerequisites, others={"remarks": [1]}
    )
    assert skilladapt("graph", saved(tmp_path / "graph.json", graph), "--json", "--out", tmp_path / "out") == 0
    printed = capsys.readouterr().out
    assert printed.isascii()
    content = json.loads(printed)
    assert content.pop("findings") == ["'\u00c7' is isolated: it requires nothing and nothing requires it."]
    assert sorted(content.pop("written")) == FORMS
    assert content == json.loads(graph.to_json())


def test_large_graph_is_shortened_and_says_how_to_see_all(
    skilladapt: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    many = SkillGraph([Skill(id=f"s{n}", title=f"S{n}", part_of=f"U{n // 30}") for n in range(3000)])
    file = saved(tmp_path / "graph.json", many)
    assert skilladapt("graph", file) == 0
    printed = capsys.readouterr().out
    assert printed.count("\n") < 350 and "--all prints everything" in printed
    assert "note: 3,000 of 3,000 skills are isolated" in printed
    assert skilladapt("graph", file, "--all") == 0
    printed = capsys.readouterr().out
    assert printed.count("\n") > 3000 and "--all" not in printed


def test_mistakes_of_an_edited_graph_are_told_all_at_once(
    skilladapt: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "graph.json").write_text(
        '{"skills": [{"id": "A", "title": "A"}, {"id": "b"}], "prerequisites": []}'
    )
    assert skilladapt("graph", tmp_path) == 2
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 2 and all(line.startswith(f"skilladapt: {tmp_path}/graph.json: skills[") for line in told)


def test_settings_of_a_run_file_mean_nothing_for_a_graph(tmp_path: Path) -> None:
    file = saved(tmp_path / "graph.json", GRAPH)
    with pytest.raises(UserError, match="is a skill graph, and --set changes a run file"):
        graphs.show_graph(file, ["seed=1"], None)


def test_edited_graph_is_not_written_over_but_where_it_came_from(skilladapt: Command, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert skilladapt("graph", SMOKE, "--out", out) == skilladapt("graph", SMOKE, "--out", out) == 0
    edited = (out / "graph.json").read_text().replace('"title": "Sum rule"', '"title": "Rule of sums"')
    (out / "graph.json").write_text(edited)
    assert skilladapt("graph", SMOKE, "--out", out) == 2
    assert (out / "graph.json").read_text() == edited
    assert skilladapt("graph", out / "graph.json", "--out", out) == 0
    assert "Rule of sums" in (out / "graph.html").read_text()
    assert skilladapt("graph", SMOKE, "--out", out) == 0, "what was written anew is no edit"


def test_diff_ends_with_0_for_equal_graphs_and_1_for_others(
    skilladapt: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = saved(tmp_path / "a" / "graph.json", GRAPH)
    after = saved(tmp_path / "b" / "graph.json", SkillGraph(GRAPH.skills))
    assert skilladapt("graph", "diff", before, tmp_path / "a") == 0
    assert capsys.readouterr().out == "The graphs are equal: 2 skills, 1 prerequisites.\n"
    assert skilladapt("graph", "diff", before.parent, after) == 1
    assert capsys.readouterr().out == "1 prerequisite removed\n  - A -> B  (syllabus: s.md:4)\n"


def test_diff_in_json_names_every_change(
    skilladapt: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = saved(tmp_path / "a.json", GRAPH)
    assert skilladapt("graph", "diff", before, before, "--json") == 0
    assert json.loads(capsys.readouterr().out)["equal"] is True
    after = saved(tmp_path / "b.json", SkillGraph([*GRAPH.skills, Skill(id="c", title="C")], GRAPH.prerequisites))
    assert skilladapt("graph", "diff", before, after, "--json") == 1
    content = json.loads(capsys.readouterr().out)
    assert content["equal"] is False and [skill["id"] for skill in content["skills_added"]] == ["c"]
    assert content["hash"]["before"] == GRAPH.hash


def test_diff_tells_the_mistakes_of_both_graphs(
    skilladapt: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.json").write_text("{")
    assert skilladapt("graph", "diff", tmp_path / "a.json", tmp_path / "none.json") == 2
    told = capsys.readouterr().err
    assert "a.json:1:2: this is not JSON" in told and "There is no file" in told


def test_help_tells_both_ways_and_the_exit_status(skilladapt: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert skilladapt("graph", "--help") == 0
    assert "FILE | diff A B" in capsys.readouterr().out
    assert skilladapt("graph", "diff", "--help") == 0
    assert "0 when they are equal, 1 when they differ" in " ".join(capsys.readouterr().out.split())


def test_file_called_like_a_command_is_named_with_its_folder(skilladapt: Command, tmp_path: Path) -> None:
    (tmp_path / "diff").mkdir()
    saved(tmp_path / "diff" / "graph.json", GRAPH)
    assert skilladapt("graph", tmp_path / "diff") == 0
    assert skilladapt("graph", "diff") == 2
