"""A whole run whose teacher, syllabus and paths attack everything they are written into: nothing is obeyed."""

import contextlib
import io
import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

import hostile_teacher
import test_any_subject
from browser import CHROMIUM, Browser, browser
from skilladapt import pipeline
from skilladapt.models.loading import load_student
from skilladapt.records import Exercise, Textbook
from skilladapt.store import RunDirectory

CHANGES = {
    'title = "Legs"': f"title = {json.dumps(hostile_teacher.MARKUP)}",
    'script = "legs:answer"': 'script = "hostile_teacher:answer"\nmax_tokens = 20000',
    "exercises_per_skill = 12": "exercises_per_skill = 6",
    "batch_size = 4": "batch_size = 8",
}
NAME = "<img src=x onerror=alert(1)>\x1b[2J\x9b\u202e\u2066=cmd"
OURS = """
html head meta title link style script noscript body main header footer nav section article aside details summary
h1 h2 h3 h4 p a ul ol li dl dt dd table caption thead tbody tr th td code pre div span b em i strong small time
button input label select option canvas figure figcaption br hr kbd
svg g path line polyline polygon circle rect text tspan marker defs use desc
"""
ELEMENTS = frozenset(OURS.split())
ATTRIBUTES = re.compile(r"on\w*|src|srcset|style|action|formaction|srcdoc|background|ping|poster|xlink:href", re.I)
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class Run:
    """What the run left: its directory, everything around it, and everything it said."""

    def __init__(self, folder: Path) -> None:
        (folder / "legs.md").write_text(hostile_teacher.SYLLABUS, encoding="utf-8")
        text = test_any_subject.RUN.format(syllabus=folder / "legs.md")
        for old, new in CHANGES.items():
            assert old in text
            text = text.replace(old, new)
        self.file = folder / "legs.toml"
        self.file.write_text(text, encoding="utf-8")
        self.before = set(folder.rglob("*"))
        self.folder = folder
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            pipeline.run(pipeline.load(self.file), folder / NAME)
        self.said = said.getvalue()
        self.directory = RunDirectory.existing(folder / NAME)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return Run(tmp_path_factory.mktemp("hostile"))


@pytest.fixture
def pages(run: Run, skilladapt: Callable[..., int], tmp_path: Path) -> list[Path]:
    assert skilladapt("graph", run.file, "--out", tmp_path / "graph") == 0
    return [run.directory.path / "report.html", tmp_path / "graph" / "graph.html"]


class Elements(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def exercises(run: Run) -> list[Exercise]:
    fields = set(Exercise.model_fields)
    return [
        Exercise.model_validate({name: value for name, value in row.items() if name in fields})
        for table in ("round-1/exercises", "round-2/exercises")
        for row in run.directory.rows(table)
    ]


def test_the_attack_went_all_the_way(run: Run) -> None:
    questions = [one.question for one in exercises(run)]
    assert sum(hostile_teacher.MARKUP in question for question in questions) >= 8
    admitted = {
        row["exercise_id"] for row in run.directory.rows("round-1/verdicts") if row["verdict"] == "correct"
    }
    assert any(one.answer == hostile_teacher.ANSWER and one.exercise_id in admitted for one in exercises(run))
    assert any("</title>" in row["reason"] for row in run.directory.rows("materials-rejected"))
    assert "onerror" in (run.directory.path / "report.html").read_text(encoding="utf-8")


def test_pages_hold_elements_and_attributes_of_ours_alone(pages: list[Path]) -> None:
    for page in pages:
        found = Elements(page.read_text(encoding="utf-8")).found
        print(f"{page.name}: {len(found)} elements, {len({tag for tag, _ in found} - ELEMENTS)} foreign")
        assert {tag for tag, _ in found} <= ELEMENTS
        for tag, attributes in found:
            assert not any(ATTRIBUTES.fullmatch(name) for name in attributes), (tag, attributes)
            assert re.fullmatch(r"#[\w/-]*|data:,", attributes.get("href") or "#"), (tag, attributes)
        assert [tag for tag, _ in found].count("style") == 1


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium: install it to see the page as a browser does")
def test_a_browser_runs_nothing_and_asks_nobody(pages: list[Path], tmp_path: Path) -> None:
    with browser(tmp_path / "profile") as window:
        for page in pages:
            window.open(page.as_uri())
            looked_at(window)
            asked = {request.split("#")[0] for request in window.requests} - {
                page.as_uri(),
                "about:blank",
                "data:,",
            }
            print(f"{page.name}: {len(window.alerts)} alerts, {len(asked)} requests")
            assert window.alerts == [] and asked == set() and window.complaints == []
            assert window.evaluate("document.title") != "owned"
            window.requests.clear()
        # The same attack on a page without protection, or the figures above would mean nothing.
        bare = tmp_path / "bare.html"
        bare.write_text(f"<!doctype html><title>x</title>{hostile_teacher.ATTACK}", encoding="utf-8")
        window.open(bare.as_uri())
        window.settle()
        assert window.alerts and window.evaluate("document.title") == "owned"
        assert any("127.0.0.1:9" in request for request in window.requests)


def looked_at(window: Browser) -> None:
    """Everything is unfolded, pointed at and clicked that a person may."""
    window.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    window.evaluate(
        "for (const each of document.querySelectorAll('[data-tip], .entry, button, [tabindex]')) {"
        "each.dispatchEvent(new PointerEvent('pointerover', {bubbles: true}));"
        "each.dispatchEvent(new MouseEvent('mouseover', {bubbles: true})); each.focus(); each.click?.(); }"
    )
    window.settle()


def test_no_control_token_comes_out_of_anybody_s_text(run: Run) -> None:
    chat = load_student("tiny-random").chat
    control = set(chat.tokenizer.added_tokens_decoder)
    textbooks = [
        Textbook.model_validate({name: row[name] for name in Textbook.model_fields})
        for row in run.directory.rows("round-0/textbooks")
    ]
    found = tried = 0
    for one in exercises(run):
        ids = list(chat.encode_exercise(one).input_ids)
        found += sum(id in control for id in ids) - sum(id in control for id in chat.encode_prompt("")) - 1
        tried += 1
    for book in textbooks:
        found += sum(id in control for id in chat.encode_textbook(book).input_ids) - 2
        tried += 1
    print(f"control tokens in {tried} texts: {found}")
    assert tried > 20 and found == 0
    assert set(chat.tokenizer.encode(textbooks[0].text)) & control, "the tokenizer itself would have made some"


def test_nothing_is_written_outside_or_under_a_foreign_name(run: Run) -> None:
    written = set(run.folder.rglob("*")) - run.before
    assert all(path == run.directory.path or run.directory.path in path.parents for path in written)
    names = {part for path in written for part in path.relative_to(run.directory.path).parts}
    assert names and all(re.fullmatch(r"[a-z0-9._-]{1,40}", name) for name in names), names


def test_ids_are_plain_and_different(run: Run) -> None:
    ids = [skill["id"] for skill in json.loads(run.directory.read_text("graph.json"))["skills"]]
    assert len(set(ids)) == len(ids) == 4 and all(re.fullmatch(r"[a-z0-9-]{1,69}", id) for id in ids)


def test_nothing_said_steers_a_terminal(
    run: Run, skilladapt: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    example = exercises(run)[0].exercise_id
    capsys.readouterr()
    more = {"why": [example], "ask": [hostile_teacher.ATTACK]}
    for command in ("status", "report", "why", "ask"):
        assert skilladapt(command, run.directory.path, *more.get(command, [])) == 0, command
    assert skilladapt("graph", run.file) == 0
    assert skilladapt("graph", "diff", run.directory.path, run.directory.path / NAME) == 2
    said = capsys.readouterr()
    everything = run.said + said.out + said.err
    print(f"characters that steer a terminal: {len(UNSEEN.findall(everything))} in {len(everything):,}")
    assert "owned" in everything and UNSEEN.findall(everything) == []


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for one in value.items() for inner in one for text in strings(inner))
    elif isinstance(value, list):
        yield from (text for one in value for text in strings(one))


def test_a_log_line_is_one_plain_line_and_tables_hold_nothing_that_steers(run: Run) -> None:
    lines = (run.directory.path / "events.jsonl").read_bytes().split(b"\n")
    assert lines.pop() == b"" and len(lines) > 10
    for line in lines:
        assert isinstance(json.loads(line), dict) and line.isascii() and UNSEEN.search(line.decode()) is None
    tables = [
        path.relative_to(run.directory.path).with_suffix("") for path in run.directory.path.rglob("*.parquet")
    ]
    texts = [text for table in tables for text in strings(run.directory.rows(str(table)))]
    steering = [text for text in texts if UNSEEN.search(text)]
    print(f"texts that steer: {len(steering)} of {len(texts):,} in {len(tables)} tables; {len(lines)} events")
    assert len(texts) > 200 and steering == []
