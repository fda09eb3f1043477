import json
from typing import Any

import pytest

from skilladapt.errors import UserError
from skilladapt.records import Evidence
from skilladapt.skills.importers.normalised import is_normalised, read_normalised
from skilladapt.skills.syllabus import graph_of


def file(**changes: Any) -> dict[str, Any]:
    sections = [{"id": id, "title": id.upper(), "objectives": [f"do {id}"]} for id in "abcd"]
    units = [
        {"id": "u", "title": "U", "sections": sections[:2]},
        {"id": "v", "title": "V", "sections": sections[2:]},
    ]
    return {"title": "T", "subject": "s", "edge_level": "section", "units": units, **changes}


def test_edges_of_each_kind_keep_their_kind_of_evidence() -> None:
    read = read_normalised(
        file(prerequisites=[["a", "b"]], progression_edges=[["b", "c"]], cross_references=[["a", "d"]]), "x/t"
    )
    assert [(section.where, section.title, section.objectives) for section in read.sections][0] == (
        "x/t#a", "A", ("do a",)
    )  # fmt: skip
    assert [(edge.before, edge.after, edge.evidence) for edge in read.prerequisites] == [
        ("x/t#a", "x/t#b", (Evidence(source="syllabus", where="x/t#a -> #b"),)),
        ("x/t#b", "x/t#c", (Evidence(source="order", where="x/t#b -> #c"),)),
        ("x/t#a", "x/t#d", (Evidence(source="reference", where="x/t#a -> #d"),)),
    ]


def test_soft_and_undirected_edges_are_related_pairs() -> None:
    read = read_normalised(file(soft_prerequisites=[["a", "b"]], related_undirected=[["c", "d"]]), "t")
    assert read.prerequisites == ()
    assert [(pair.first, pair.second, pair.reason) for pair in read.related] == [
        ("t#a", "t#b", "a soft prerequisite, as t#a -> #b says"),
        ("t#c", "t#d", "related, as t#c -> #d says"),
    ]


def test_a_unit_before_another_puts_its_last_section_before_all_of_the_other() -> None:
    graph = graph_of(read_normalised(file(edge_level="unit", progression_edges=[["u", "v"]]), "t"))
    assert [(edge.before, edge.after) for edge in graph.prerequisites] == [("b", "c"), ("b", "d")]
    assert {edge.evidence[0].where for edge in graph.prerequisites} == {"t#u -> #v"}
    assert [graph.by_id[id].level for id in "abcd"] == [0, 0, 1, 1]


def test_section_in_two_units_is_one_of_the_first() -> None:
    content = file(edge_level="unit", progression_edges=[["u", "v"]])
    content["units"][1]["sections"].append(content["units"][0]["sections"][1])
    read = read_normalised(content, "t")
    assert [section.title for section in read.sections] == ["A", "B", "C", "D"]
    assert [(edge.before, edge.after) for edge in read.prerequisites] == [("t#b", "t#c"), ("t#b", "t#d")]


@pytest.mark.parametrize(
    "changes, found",
    [
        ({"prerequisites": [["a", "z"]]}, "t: an edge of 'prerequisites' names 'z', which is not there; mend or"),
        ({"prerequisites": [["a", "a"]]}, "t: an edge of 'prerequisites' leads back to itself; mend"),
        ({"prerequisites": [["a"]]}, "t#/prerequisites/0"),
        ({"title": 3}, "t#/title: input should be a valid string; mend that."),
        ({"edge_level": "book"}, "t#/edge_level: input should be 'section' or 'unit'; mend that."),
        ({"units": []}, "t: 0 sections; 1 to 100,000 are needed."),
        ({"units": [{"title": "U", "sections": [{"id": "a\n", "title": "A"}]}]}, "t#a: an id of 1 to 80 plain"),
        ({"units": [{"title": "U", "sections": [{"id": "a", "title": ""}]}]}, "t#a: a title of 1 to 1,000 char"),
        (
            {"units": [{"title": "U", "sections": [{"id": "a", "title": "A"}, {"id": "a", "title": "B"}]}]},
            "t#a: two sections have this id; give one of them another.",
        ),
        (
            {
                "units": [
                    {"id": "u", "title": title, "sections": [{"id": title, "title": title}]} for title in "AB"
                ]
            },
            "t#u: two units have this id; give one of them another.",
        ),
    ],
)
def test_faulty_file_is_one_clear_message(changes: dict[str, Any], found: str) -> None:
    with pytest.raises(UserError) as caught:
        read_normalised(file(**changes), "t")
    (mistake,) = caught.value.mistakes
    assert mistake.startswith(found)


def test_many_faults_are_counted() -> None:
    with pytest.raises(UserError) as caught:
        read_normalised(file(prerequisites=[["a", f"z{n}"] for n in range(80)]), "t")
    assert len(caught.value.mistakes) == 51 and caught.value.mistakes[-1] == "t: 30 more mistakes like these."


def test_shape_is_known_by_its_keys() -> None:
    assert is_normalised(json.loads(json.dumps(file())))
    assert not is_normalised({"units": []}) and not is_normalised([])
