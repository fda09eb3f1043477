import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skilladapt.errors import UserError
from skilladapt.records import Evidence
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.parsing import MOST_TOLD

*_FIRST, _LAST = [repr(source) for source in get_args(Evidence.model_fields["source"].annotation)]
SOURCES = f"{', '.join(_FIRST)} or {_LAST}"


def skill(id: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "title": id.upper(), **more}


def mistakes(content: Any) -> list[str]:
    with pytest.raises(UserError) as caught:
        SkillGraph.from_json(content if isinstance(content, str) else json.dumps(content))
    return list(caught.value.mistakes)


def in_skill(**more: Any) -> list[str]:
    return mistakes({"skills": [skill("z"), {**skill("a"), **more}], "prerequisites": []})


def test_all_mistakes_are_told_at_once_with_their_places() -> None:
    found = mistakes(
        {
            "skills": [skill("a"), skill("a"), {"id": "e", "titel": "E"}, skill("f", part_of=3), "g"],
            "prerequisites": [
                {"before": "a", "after": "nowhere"},
                {"before": "e", "after": "a", "evidence": [{"source": "guess", "wher": "x"}]},
                {"before": "f", "after": "a", "evidence": "syllabus"},
            ],
            "related": [{"first": "a", "second": "b", "reason": "?"}],
        }
    )
    assert [mistake.removeprefix("graph.json: ") for mistake in found] == [
        "skills[2] ('e').titel: This key is unknown; did you mean 'title'? Rename or remove it.",
        "skills[3] ('f').part_of: This is 3; a text in quotes is needed.",
        "skills[4]: This is 'g'; an object with 'id', 'title', 'description', 'level', 'part_of' is needed.",
        f"prerequisites[1].evidence[0].source: This is 'guess'; it must be {SOURCES}.",
        "prerequisites[1].evidence[0].wher: This key is unknown; did you mean 'where'? Rename or remove it.",
        "prerequisites[2].evidence: This is 'syllabus'; a list is needed.",
        "skills[0] and skills[1]: Two skills have the id 'a'; give one of them another name.",
        "prerequisites[0]: A prerequisite leads to 'nowhere', which is not in the graph; add or remove it.",
        "related[0]: A related pair names 'b', which is not in the graph; add or remove it.",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "graph.json:1:1: the file is empty"),
        ("\0", "graph.json:1:1: this is not JSON"),
        ('{"skills": [\n  {"id": "a"},\n]}', "graph.json:3:1: this is not JSON"),
        (
            '{"skills": [\n  {"id": "a" "title": "A"}]}',
            "graph.json:2:14: this is not JSON (Expecting ',' delimiter)",
        ),
        ("[]", "graph.json is a list; an object with the keys"),
        ("NaN", "graph.json is NaN; an object with the keys"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a": ' * 100_000, "nested too deeply"),
        ('{"skills": ' + "9" * 5000 + "}", "a number of thousands of digits"),
        ('{"skills": [], "prerequisites": []}', "The skill graph is empty"),
        ('{"skills": 3, "prerequisites": []}', "skills: This is 3; a list of skills is needed."),
        (
            '{"skills": [{"id": "a", "title": "A"}], "prerequisites": {}}',
            "This is an object; a list of prerequisites",
        ),
    ],
)
def test_file_that_is_no_graph_is_refused_where_it_goes_wrong(text: str, words: str) -> None:
    (found,) = mistakes(text)
    assert words in found and len(found) < 300


def test_missing_lists_are_named() -> None:
    assert mistakes({}) == [
        f"graph.json: {key}: This list is missing; add it." for key in ("skills", "prerequisites")
    ]


def test_misspelt_list_is_not_missing_too() -> None:
    assert mistakes({"skills": [skill("a")], "prerequisits": []}) == [
        "graph.json: prerequisits: This key is unknown; did you mean 'prerequisites'? Rename it."
    ]


def test_key_given_twice_is_a_mistake() -> None:
    row = '{"id": "a", "title": "A", "title": "B"}'
    edge = '{"before": "a", "after": "a", "evidence": [{"source": "teacher", "where": "1", "where": "2"}]}'
    found = mistakes(f'{{"skills": [{row}], "prerequisites": [], "prerequisites": [{edge}]}}')
    assert [line.split(": ")[1] for line in found[:3]] == [
        "prerequisites",
        "skills[0] ('a').title",
        "prerequisites[0].evidence[0].where",
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": None}, "('a').title: This is null; a text in quotes is needed."),
        ({"title": ["A"]}, "('a').title: This is a list; a text in quotes is needed."),
        ({"title": ""}, "Its 'title' is empty; give it one."),
        ({"title": "a\u202eb"}, "Its 'title' has characters that cannot be seen (U+202E); remove them."),
        ({"title": "a\0\n"}, "(U+0000, U+000A)"),
        ({"title": "\ud800"}, "U+D800"),
        ({"part_of": "\u2028"}, "Its 'part_of' has characters that cannot be seen (U+2028)"),
        ({"part_of": " "}, "Its 'part_of' is empty; write null or a unit."),
        ({"level": "two"}, "This is 'two'; a level is a whole number; leave it out, levels are computed."),
        ({"level": float("nan")}, "This is NaN; a level is a whole number"),
        ({"level": -1}, "This is -1; a level is 0 or more"),
        ({"colour": "red"}, "there are id, title, description, level, part_of. Rename or remove it."),
        ({"x" * 10_000: 1}, "This key is unknown"),
    ],
)
def test_fault_of_one_skill_is_told_with_its_remedy(fields: dict[str, Any], words: str) -> None:
    (found,) = in_skill(**fields)
    assert found.startswith("graph.json: skills[1] ('a')") and words in found and len(found) < 300


@pytest.mark.parametrize(
    ("id", "better"),
    [
        ("Adding Fractions", "adding-fractions"),
        ("4.NF", "4-nf"),
        ("a--b", "a-b"),
        ("-a", "a"),
        ("", "skill-"),
        ("\u00e9", "e"),
    ],
)
def test_id_that_is_no_slug_is_refused_with_one_that_is(id: str, better: str) -> None:
    (found,) = mistakes({"skills": [skill(id, title="T")], "prerequisites": []})
    assert f"The id '{id}' is no slug" in found and f"write '{better}" in found


def test_nearest_id_is_named_for_an_edge_to_nowhere() -> None:
    content = {"skills": [skill("fractions"), skill("b")], "prerequisites": [{"before": "fraction", "after": "b"}]}
    assert mistakes(content) == [
        "graph.json: prerequisites[0]: Skill 'b' requires 'fraction', which is not in the graph; "
        "did you mean 'fractions'? Otherwise add it or remove the prerequisite."
    ]


def test_every_knot_gets_one_circle_with_its_places() -> None:
    pairs = ["xa", "cd", "de", "ed", "ab", "bc", "ca", "ff"]
    content = {
        "skills": [skill(id) for id in "xabcdef"],
        "prerequisites": [{"before": before, "after": after} for before, after in pairs],
    }
    assert mistakes(content) == [
        f"graph.json: {where}: The prerequisites run in a circle: {path}; remove one of them."
        for where, path in [
            ("prerequisites[4], prerequisites[5], prerequisites[6]", "A -> B -> C -> A"),
            ("prerequisites[2], prerequisites[3]", "D -> E -> D"),
            ("prerequisites[7]", "F -> F"),
        ]
    ]


def test_long_circle_is_shortened_in_the_middle() -> None:
    ids = [f"s{n}" for n in range(3000)]
    edges = [{"before": a, "after": b} for a, b in zip(ids, ids[1:] + ids[:1], strict=True)]
    (found,) = mistakes({"skills": [skill(id) for id in ids], "prerequisites": edges})
    assert "S0 -> S1" in found and "(2989 more)" in found and "S2999 -> S0;" in found and len(found) < 600


def test_endless_mistakes_are_counted() -> None:
    found = mistakes({"skills": [{"id": f"s{n}"} for n in range(1000)], "prerequisites": []})
    assert len(found) == MOST_TOLD + 1
    assert found[-1] == f"graph.json: {1000 - MOST_TOLD} more mistakes like these."


@pytest.mark.parametrize("value", ['{"x": NaN}', "[1e999]", r'"\ud800"'])
def test_foreign_key_that_no_other_program_could_read_is_refused(value: str) -> None:
    found = mistakes(f'{{"skills": [{{"id": "a", "title": "A"}}], "prerequisites": [], "remarks": {value}}}')
    assert found == [
        "graph.json: remarks: There is a NaN, an infinite number or half a character in it; remove it."
    ]


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5) | st.sampled_from(["a", "b"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "title", "before", "after", "evidence", "where", "x"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries(
        {"skills": st.lists(VALUES | st.just(skill("a")) | st.just(skill("b")), max_size=4)},
        optional={
            "prerequisites": st.lists(VALUES | st.just({"before": "a", "after": "b"}), max_size=4) | VALUES,
            "related": VALUES,
            "hash": VALUES,
            "other": VALUES,
        },
    )
)
def test_whatever_is_written_either_is_a_graph_or_is_refused_in_words(content: dict[str, Any]) -> None:
    try:
        graph = SkillGraph.from_json(json.dumps(content))
    except UserError as refused:
        assert all(0 < len(mistake) < 1000 for mistake in refused.mistakes)
    else:
        assert SkillGraph.from_json(graph.to_json()).hash == graph.hash
