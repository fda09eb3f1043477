"""The page of a graph as a person uses it, in a real browser: look, search, click, and nothing foreign runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from browser import CHROMIUM, Browser, browser
from hostile_graph import ATTACK, TITLES, hostile_graph
from skilladapt.domains.domain import load_domain
from skilladapt.records import Evidence, Prerequisite, Skill
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.page import to_page
from skilladapt.skills.syllabus import graph_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs chromium: install it to see the page as a browser does"),
]

WHOLE = graph_of(load_domain("calculus", {}).syllabus)
PART = WHOLE.closure(["product-with-chain", "tangent-slope", "second-derivative", "negative-powers"])
CALCULUS = SkillGraph(
    [skill for skill in WHOLE.skills if skill.id in PART],
    [edge for edge in WHOLE.prerequisites if {edge.before, edge.after} <= PART],
)


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as one:
        yield one


def show(window: Browser, folder: Path, graph: SkillGraph = CALCULUS, title: str = "T", **how: int) -> str:
    """Opens the page of a graph and returns its address."""
    page = folder / "graph.html"
    page.write_text(to_page(graph, title), encoding="utf-8")
    window.complaints.clear()
    window.requests.clear()
    window.open(page.as_uri(), **how)
    return page.as_uri()


def text(window: Browser, selector: str) -> str:
    found = window.evaluate(f"[...document.querySelectorAll({selector!r})].map(one => one.innerText).join('\\n')")
    assert isinstance(found, str)
    return found


def large(skills: int) -> SkillGraph:
    """Units of twenty in which each skill needs the one before it, and some need one of the unit before."""
    edges = [(n - 1, n) for n in range(skills) if n % 20] + [(n - 17, n) for n in range(20, skills, 20)]
    return SkillGraph(
        [Skill(id=f"s{n}", title=f"Skill number {n}", part_of=f"Unit {n // 20}") for n in range(skills)],
        [
            Prerequisite(before=f"s{a}", after=f"s{b}", evidence=(Evidence(source="syllabus", where=f"line {b}"),))
            for a, b in edges
        ],
    )


def is_drawn(window: Browser) -> bool:
    """Whether the map has many pixels of many colours."""
    colours = window.evaluate(
        "(() => { const canvas = document.querySelector('canvas');"
        "const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;"
        "const seen = new Set();"
        "for (let at = 0; at < data.length; at += 404) seen.add(data.slice(at, at + 3).join());"
        "return seen.size; })()"
    )
    return bool(colours > 5)


def test_a_person_finds_a_skill_and_sees_why_it_is_needed(window: Browser, tmp_path: Path) -> None:
    show(window, tmp_path)
    assert "26 skills · 6 units · 9 levels · 33 prerequisites" in text(window, "#counts")
    assert is_drawn(window)
    window.press("/")
    window.type("sum rul")
    assert text(window, "#found [role=option]").startswith("Sum rule")
    window.press("Enter")
    assert text(window, ".chosen h2") == "Sum rule"
    assert "Power rule\nlevel 4 · Rules for derivatives\nsyllabus syllabus.md:225" in text(window, ".needs .card")
    assert "Polynomial derivatives" in text(window, ".opens .card")
    assert "Everything it needs: 8 skills" in text(window, ".chosen summary")
    assert window.evaluate("document.querySelectorAll('#around path').length") == 3
    assert window.complaints == []


def test_clicks_lead_from_skill_to_skill_and_back(window: Browser, tmp_path: Path) -> None:
    address = show(window, tmp_path)
    window.click(".entry")
    assert text(window, ".chosen h2") == "Signed numbers"
    window.click(".opens .card")
    assert text(window, ".chosen h2") == "Evaluating powers"
    assert text(window, ".entry[aria-current]").startswith("Evaluating powers")
    window.evaluate("new Promise(done => { onhashchange = () => setTimeout(done, 50); history.back(); })")
    assert text(window, ".chosen h2") == "Signed numbers"
    window.press("Escape")
    assert text(window, ".chosen h2") == "" and "Most is built on" in text(window, "#around")
    window.open(f"{address}#/chain-rule")
    assert text(window, ".chosen h2") == "Chain rule"
    assert window.complaints == []


def test_map_can_be_clicked_moved_and_zoomed(window: Browser, tmp_path: Path) -> None:
    show(window, tmp_path)
    left, top, width, height = window.evaluate(
        "(() => { const at = document.querySelector('canvas').getBoundingClientRect();"
        "return [at.left, at.top, at.width, at.height]; })()"
    )
    middle = top + 34 + (height - 86) / 2
    window.move_to(left + 40, middle)
    window.settle()
    assert text(window, "#tip") == "Signed numbers\nNumbers and powers, level 0"
    window.click_at(left + 40, middle)
    assert text(window, ".chosen h2") == "Signed numbers"
    window.evaluate("document.querySelector('canvas').focus()")
    for key in ("ArrowRight", "ArrowDown", "+"):
        window.press(key)
    window.move_to(left + 40, middle)
    window.settle()
    assert not text(window, "#tip").startswith("Signed numbers"), "the skill went elsewhere"
    window.press("0")
    window.move_to(left + 41, middle)
    window.settle()
    assert text(window, "#tip").startswith("Signed numbers")
    assert window.complaints == []


def test_search_with_arrows_and_one_unit_only(window: Browser, tmp_path: Path) -> None:
    show(window, tmp_path, large(1000))
    window.click("#search")
    window.type("number 99")
    options = text(window, "#found [role=option] .name").split("\n")
    assert options[:3] == ["Skill number 99", "Skill number 990", "Skill number 991"]
    assert options[-1] == "Skill number 899" and len(options) == 19
    for _ in range(10):
        window.press("ArrowDown")
    window.press("ArrowDown")
    window.press("ArrowUp")
    assert text(window, "#found [aria-selected=true]").startswith("Skill number 999")
    window.press("Enter")
    assert text(window, ".chosen h2") == "Skill number 999"
    assert "Unit 49" in text(window, "#tree details[open]")
    window.click("#tree details[open] .only")
    assert window.evaluate("document.getElementById('unit').selectedOptions[0].text") == "Unit 49"
    window.click("#search")
    window.evaluate("document.getElementById('search').select()")
    window.type("nothing like it")
    assert text(window, "#found") == "No skill has these words in its title."
    assert window.complaints == []


@pytest.mark.parametrize("skills", [1, 1000, 5000])
def test_small_and_large_graphs_open(window: Browser, tmp_path: Path, skills: int) -> None:
    show(window, tmp_path, large(skills))
    assert f"{skills:,} skill" in text(window, "#counts")
    assert skills == 1 or is_drawn(window)
    assert window.complaints == []


def test_nothing_foreign_runs_and_nothing_is_asked_for(window: Browser, tmp_path: Path) -> None:
    address = show(window, tmp_path, hostile_graph(), ATTACK)
    title = window.evaluate("document.title")
    for index in range(len(TITLES)):
        window.evaluate(f"new Promise(done => {{ onhashchange = () => done(); location.hash = '/s-{index}'; }})")
        assert text(window, ".chosen code") == f"s-{index}"
        window.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    window.click("#search")
    window.type("script")
    window.settle()
    assert window.evaluate("document.title") == title == ATTACK
    assert window.evaluate("document.querySelectorAll('img, b.x, iframe').length") == 0
    assert {request.split("#")[0] for request in window.requests} <= {address, "about:blank", "data:,"}
    assert window.complaints == []


def test_policy_alone_stops_the_attack(window: Browser, tmp_path: Path) -> None:
    page = tmp_path / "open.html"
    page.write_text(to_page(CALCULUS, "T").replace("<main>", f"<main>{ATTACK}"), encoding="utf-8")
    window.complaints.clear()
    window.open(page.as_uri())
    assert window.evaluate("document.title") == "T"
    assert any("Content Security Policy" in complaint for complaint in window.complaints)
    page.write_text(f"<!doctype html><title>T</title>{ATTACK}", encoding="utf-8")
    window.open(page.as_uri())
    assert window.evaluate("document.title") == "owned", "without the policy it would have worked"


@pytest.mark.parametrize("width", [390, 900, 1440])
def test_page_never_scrolls_sideways(window: Browser, tmp_path: Path, width: int) -> None:
    address = show(window, tmp_path, hostile_graph(), width=width)
    for fragment in ("", "#/s-8"):
        window.open(address + fragment, width=width)
        assert window.evaluate("document.documentElement.scrollWidth") <= width


def test_plain_list_is_shown_without_scripts(window: Browser, tmp_path: Path) -> None:
    page = tmp_path / "plain.html"
    page.write_text(to_page(CALCULUS, "T"), encoding="utf-8")
    window.open(page.as_uri(), scripts=False)
    shown = window.call("Accessibility.getFullAXTree")["nodes"]
    names = {node.get("name", {}).get("value") for node in shown}
    assert {"Sum rule", "Needed by", "syllabus", "Rules for derivatives"} <= names
