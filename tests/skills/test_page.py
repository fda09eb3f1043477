import base64
import hashlib
import json
import re
from html.parser import HTMLParser

from hostile_graph import ATTACK, TITLES, hostile_graph
from skilladapt.records import Evidence, Prerequisite, Skill
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.page import SCRIPTS, to_page
from skilladapt.skills.visible import visible_line

GRAPH = SkillGraph(
    [Skill(id="a", title="Adding", part_of="U", description="Add."), Skill(id="b", title="Bells", part_of="V")],
    [Prerequisite(before="a", after="b", evidence=(Evidence(source="syllabus", where="s.md:3"),))],
)


class Elements(HTMLParser):
    """All elements with their attributes, and the text of each script and style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[str] = []
        self._open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._open = tag in ("script", "style")
        if self._open:
            self.inside.append("")

    def handle_endtag(self, tag: str) -> None:
        self._open = False

    def handle_data(self, data: str) -> None:
        if self._open:
            self.inside[-1] += data


def test_page_carries_the_graph_and_its_evidence() -> None:
    data = json.loads(
        re.findall(r'<script type="application/json" id="data">(.*?)</script>', to_page(GRAPH, "T"))[0]
    )
    assert data["title"] == "T" and data["units"] == ["U", "V"]
    assert data["skills"][0] == {"id": "a", "title": "Adding", "unit": 0, "level": 0, "description": "Add."}
    assert data["edges"] == [[0, 1, [["syllabus", "s.md:3"]]]]


def test_plain_list_says_everything_without_scripts() -> None:
    plain = to_page(GRAPH, "T").split("<noscript>")[1].split("</noscript>")[0]
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", plain))
    assert "Adding level 0 · a Add. Needed by Bells syllabus s.md:3" in words
    assert "Bells level 1 · b Needs Adding syllabus s.md:3" in words


def test_policy_lets_in_our_own_parts_and_nothing_else() -> None:
    page = Elements(to_page(hostile_graph(), ATTACK))
    policy = next(
        attributes["content"] for tag, attributes in page.found if tag == "meta" and "http-equiv" in attributes
    )
    assert policy is not None
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'" and "unsafe" not in policy and "http" not in policy
    hashes = {
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in page.inside
        if not text.startswith("{")
    }
    assert hashes == {*rules["style-src"].split(), *rules["script-src"].split()}
    assert len(hashes) == 1 + len(SCRIPTS)


def test_hostile_words_are_text_everywhere() -> None:
    page = Elements(to_page(hostile_graph(), ATTACK))
    tags = [tag for tag, _ in page.found]
    assert tags.count("script") == 1 + len(SCRIPTS) and "img" not in tags and "b" not in tags
    for tag, attributes in page.found:
        assert not any(name.startswith("on") or name in ("style", "src") for name in attributes), (tag, attributes)
        assert (attributes.get("href") or "#").startswith(("#", "data:,"))
    assert not {"<", ">", "&"} & set(page.inside[1]), "nothing in the data can end or begin an element"
    data = json.loads(page.inside[1])
    assert [skill["title"] for skill in data["skills"]] == [visible_line(title) for title in TITLES]


def test_equal_graphs_give_equal_pages() -> None:
    assert to_page(hostile_graph(), "T") == to_page(hostile_graph(), "T")
