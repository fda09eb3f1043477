import pytest

from skilladapt.records import Evidence, Mention, Prerequisite, Skill
from skilladapt.skills.findings import findings
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.merge import build
from skilladapt.skills.slug import slug
from skilladapt.skills.syllabus import graph_of, parse_syllabus


def remarks(text: str) -> list[str]:
    return findings(graph_of(parse_syllabus(text, "s.md")))


def test_well_made_graph_has_no_findings() -> None:
    assert remarks("## U\n### A\n### B\nRequires: A\n## V\n### C\nRequires: B\n") == []
    assert remarks("### Only one\n") == []


def test_isolated_skills_are_named() -> None:
    assert remarks("### A\n### B\nRequires: A\n### C\n") == [
        "'C' is isolated: it requires nothing and nothing requires it."
    ]


def test_unit_order_against_prerequisites_is_named_once_for_two_units() -> None:
    text = "## U\n### A\nRequires: C\n### B\nRequires: D\n## V\n### C\n### D\n"
    assert remarks(text) == ["The unit 'U' comes before 'V', but 'A' in it requires 'C'."]


def test_skill_before_its_own_prerequisite_in_one_unit_is_named() -> None:
    assert remarks("## U\n### A\nRequires: B\n### B\n") == ["'A' stands before 'B', which it requires."]


def test_chain_is_long_from_thirteen_skills_on() -> None:
    def chain(length: int) -> str:
        return "### S0\n" + "".join(f"### S{n}\nRequires: S{n - 1}\n" for n in range(1, length))

    assert remarks(chain(12)) == []
    assert remarks(chain(13)) == ["The longest chain of prerequisites has 13 skills, from 'S0' to 'S12'."]


def test_long_title_is_named_by_its_id() -> None:
    assert remarks("### " + "a" * 60 + "\n") == []
    assert "has 61 characters; a short name is cheaper." in remarks("### " + "a" * 61 + "\n")[0]


def test_many_findings_of_a_kind_are_counted_with_three_examples() -> None:
    assert remarks("".join(f"### S{n}\n" for n in range(1_200))) == [
        "1,200 of 1,200 skills are isolated, they require nothing and nothing requires them: "
        "'S0', 'S1', 'S2' and 1,197 more."
    ]
    assert remarks("".join(f"### {n}{'a' * 60}\nRequires: Z\n" for n in range(5)) + "### Z\n") == [
        "5 prerequisites go against the order of the syllabus, such as:",
        *(f"  '{n}{'a' * 60}' stands before 'Z', which it requires." for n in range(3)),
        f"5 titles have more than 60 characters; short names are cheaper: "
        f"'0{'a' * 59}-{_tail(0)}', '1{'a' * 59}-{_tail(1)}', '2{'a' * 59}-{_tail(2)}' and 2 more.",
    ]


def _tail(number: int) -> str:
    title = f"{number}{'a' * 60}"
    return slug(title)[-8:]


def test_merges_circles_and_titles_kept_apart_are_told() -> None:
    mentions = [
        Mention(where=f"{book}#{title}", title=title, description=description, part_of=f"Unit {book}")
        for book, description in (("a", "- rays, notation"), ("b", "- degrees, radians"))
        for title in ("Angles", "Arcs")
    ]
    mentions += [
        Mention(where="c#Arcs", title="Arcs", description="- rays"),
        Mention(where="c#Sets", title="Sets", description="- unions"),
        Mention(where="c#Set theory", title="The sets", description="- proofs"),
    ]
    edges = [
        Prerequisite(before=before, after=after, evidence=(Evidence(source=source, where="here"),))
        for before, after, source in (("a#Angles", "a#Arcs", "order"), ("c#Arcs", "a#Angles", "syllabus"))
    ]
    told = "\n".join(findings(build(mentions, edges)))
    assert "'Arcs (Unit a)' is merged from a#Arcs, c#Arcs (the same title, and descriptions" in told
    assert (
        "'Angles (Unit a)' before 'Arcs (Unit a)' was given up as a prerequisite, the weakest of a circle" in told
    )
    assert (
        "'Angles (Unit a)', 'Angles (Unit b)' have one title, but seem to differ; if not, name them in merg"
        in told
    )
    assert "'Sets', 'The sets' have one title" in told


def test_near_duplicates_are_only_candidates() -> None:
    graph = SkillGraph(
        [
            Skill(id=f"s{n}", title=title)
            for n, title in enumerate(["Area of a triangle", "The area of any triangle", "Oaks", "Seas", "Wars"])
        ]
    )
    assert findings(graph)[-1] == (
        "'Area of a triangle' and 'The area of any triangle' are alike (1.00); if they are one, name them in "
        "merging.same."
    )


def test_near_duplicates_of_a_huge_graph_are_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skilladapt.skills.findings.MAX_SKILLS", 1)
    assert "Near-duplicates were not looked for: there are more than 1 skills." in remarks("### A\n### B\n")
