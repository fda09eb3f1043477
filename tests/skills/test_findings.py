from skilladapt.skills.findings import MOST_OF_A_KIND, findings
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


def test_remarks_of_one_kind_are_counted_when_they_are_many() -> None:
    found = remarks("".join(f"### S{n}\n" for n in range(100)))
    assert len(found) == MOST_OF_A_KIND
    assert found[-1] == f"{100 - MOST_OF_A_KIND + 1} more skills are isolated, too."
    assert len(remarks("".join(f"### S{n}\n" for n in range(MOST_OF_A_KIND)))) == MOST_OF_A_KIND
