import json
import os
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from skilladapt.skills.findings import findings
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.shipped import nearest, shipped_file, shipped_names
from skilladapt.skills.syllabus import read_graph, read_syllabus

RUNS = Path(__file__).parents[2] / "runs"
OTHERS = Path(os.environ.get("SKILLADAPT_SYLLABI", "/nowhere"))
OPEN = {"openstax": "CC BY 4.0", "oak": "OGL v3.0 (Open Government Licence)"}


@pytest.mark.parametrize("name", shipped_names())
def test_shipped_syllabus_is_open_attributed_and_readable(name: str) -> None:
    folder = name.split("/")[0]
    content = json.loads((shipped_file(name) or pytest.fail(name)).read_text(encoding="utf-8"))
    assert content["licence"] == OPEN[folder]
    licence = files("skilladapt.skills").joinpath("syllabi", folder, "LICENSE.txt").read_text(encoding="utf-8")
    assert content["attribution"] in licence and content["source"] in licence
    syllabus = read_syllabus(name)
    ids = {f"{name}#{section['id']}" for unit in content["units"] for section in unit["sections"]}
    assert {section.where for section in syllabus.sections} == ids
    graph = read_graph([name])
    shared = sum(len(merge.mentions) - 1 for merge in graph.merges)
    assert len(graph.skills) == len(ids) - shared and len(graph.skills) > 50


def test_names_are_found_and_mistaken_ones_come_with_the_nearest() -> None:
    assert len(shipped_names()) == 21 and shipped_file("oak/no") is None
    assert nearest("openstax/us_history") == "openstax/us-history" and nearest("nothing") == ""


@pytest.mark.parametrize("file, least", [("social-studies.toml", 900), ("mathematics.toml", 1_500)])
def test_run_file_merges_shipped_syllabi_into_a_large_graph_with_few_findings(file: str, least: int) -> None:
    graph = read_graph(tomllib.loads((RUNS / file).read_text())["syllabus"])
    assert len(graph.skills) >= least and graph.merges and len(graph.prerequisites) > 1_500
    assert all(edge.evidence for edge in graph.prerequisites)
    assert len(findings(graph)) <= 30
    assert SkillGraph.from_json(graph.to_json()).hash == graph.hash


def test_what_differs_in_mathematics_stays_apart_and_what_is_alike_is_one() -> None:
    graph = read_graph(tomllib.loads((RUNS / "mathematics.toml").read_text())["syllabus"])
    titles = {skill.title for skill in graph.skills}
    assert {"Angles (Geometry)", "Combinations (Probability)", "Logical Arguments (Logic)"} <= titles
    merged = {merge.skill: [mention.where.split("#")[0] for mention in merge.mentions] for merge in graph.merges}
    assert len(merged["arithmetic-sequences"]) == 6
    assert merged["ellipses"] and "Transforming graphs: y = f(x) + a" in titles
    given_up = [pair for pair in graph.related if pair.reason.startswith("given up")]
    assert given_up and all("syllabus" not in pair.reason.split("evidence:")[1] for pair in given_up)


@pytest.mark.skipif(not OTHERS.is_dir(), reason="SKILLADAPT_SYLLABI names no folder with the syllabi")
def test_other_open_syllabi_are_read_as_they_are() -> None:
    for file in sorted(OTHERS.glob("*.json")):
        content = json.loads(file.read_text(encoding="utf-8"))
        graph = read_graph([str(file)])
        assert graph.skills, file.name
        if content.get("prerequisites") and not graph.merges:
            stated = [edge for edge in graph.prerequisites if edge.evidence[0].source == "syllabus"]
            cut = [pair for pair in graph.related if pair.reason.startswith("given up")]
            assert len(stated) + len(cut) >= len({tuple(pair) for pair in content["prerequisites"]}), file.name
