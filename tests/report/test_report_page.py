import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hostile_run import write_hostile_run
from synthetic_run import write_run

from skilladapt.errors import RunError, UserError
from skilladapt.records import Prerequisite, Skill
from skilladapt.report.meanings import MEANINGS
from skilladapt.report.page import render, write_report
from skilladapt.report.reading import Reading, read_run
from skilladapt.skills.graph import SkillGraph
from skilladapt.store import RunDirectory

URL = "http://attack.example/x"
TEMPLATES = Path(__file__).parents[2] / "src" / "skilladapt" / "report" / "templates"


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._inside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in ("script", "style", "h2"):
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts.setdefault(self._inside[-1], []).append(data)

    @property
    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        """Elements and the names of their attributes."""
        return [(tag, tuple(attributes)) for tag, attributes in self.elements]


@pytest.fixture(scope="module")
def page(reading: Reading) -> str:
    return render(reading)


@pytest.fixture(scope="module")
def hostile_page(tmp_path_factory: pytest.TempPathFactory) -> str:
    return render(read_run(write_hostile_run(tmp_path_factory.mktemp("hostile"), URL)))


def words(page: str) -> str:
    """The text a reader sees, roughly."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_headline_gives_accuracy_and_the_paired_difference(page: str) -> None:
    assert "answers 51% of 368 held-out probes, against 7% for the base model" in words(page)
    assert "+48 points , 95% interval +41 to +55, over 184 pairs of probes, for this run." in words(page)
    assert "SmolLM2-135M-Instruct, dequantised 4-bit weights; 134,515,008 parameters" in page


def test_every_section_says_how_to_read_it(page: str) -> None:
    sections = page.split("<section")[1:]
    assert len(sections) == 10
    assert all('<p class="read">' in section for section in sections)


def test_the_sections_show_what_the_run_recorded(page: str) -> None:
    text = words(page)
    for shown in (
        "level 10",
        "Power rule",
        "Not taught in this run: 1",
        "take one wrong and one right example at random",
        "duplicate question",
        "differs at x = 2: 13 is not 12",
        "calibration 18,211",
        "5f1c9b7a00d1e2f3",
        "off by one",
        "general texts, loss in nats per token",
        "−2.5 points",
        "skilladapt why DIR EXAMPLE_ID",
        "worked out again, takes its place",
        "Second opinions came from: numeric.",
    ):
        assert shown in text, shown


def test_families_show_what_generalises(page: str) -> None:
    table = words(page.split('<div class="card families">')[1].split("</table>")[0])
    assert re.search(r"numbers 120 probes .* 8% 3%–13% 62% 53%–70% 38% 26%–51% wordings 120 probes", table)


def test_checks_are_told_round_by_round(page: str, reading: Reading) -> None:
    first = reading.rounds[1].checks
    assert first is not None
    table = words(page.split('<table class="checks">')[1].split("</table>")[0])
    wrong = f"{first.suspects_wrong} of {first.suspects_decided}"
    assert f" 1 {first.suspects} {wrong} " in table
    assert "17% 30 of" in table and "0 of 30 0% 0 4% 2 " in table
    assert "cleared before" in table


def test_a_repair_asks_its_question_once(page: str) -> None:
    card = next(card for card in page.split("<article")[1:] if ">repair</span>" in card)
    assert card.count('class="question"') == 1 and card.count("<strong>Answer:</strong>") == 2
    assert "was wrong" in card and "replaced" in card


@pytest.mark.parametrize("name", MEANINGS)
def test_a_page_says_what_its_policy_does(run_copy: RunDirectory, name: str) -> None:
    (run_copy.path / "config.toml").write_text(f'[adaptation]\npolicy = "{name}"\n')
    page = render(read_run(run_copy))
    meaning = MEANINGS[name]
    assert meaning.suspects in page
    assert all(described in page for described in meaning.categories.values())
    assert ("easy should grow" in page) == meaning.sorts


def test_a_format_control_that_was_not_asked_for_is_not_named(page: str, run_copy: RunDirectory) -> None:
    assert "shown the format" in page and "the diamond" in page
    for name in ("scores", "answers"):
        path = run_copy.path / "base" / f"{name}.parquet"
        table = pq.read_table(path)
        rows = [row for row in table.to_pylist() if row["when"] != "base-few-shot"]
        pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)
    (run_copy.path / "summary.json").unlink()
    without = render(read_run(run_copy))
    for told in ("shown the format", "shown<br>format", "the diamond", "answer format"):
        assert told in page and told not in without, told


def test_the_page_needs_nothing_but_itself(page: str) -> None:
    parsed = Page(page)
    for tag, attributes in parsed.elements:
        assert tag not in {"iframe", "object", "embed", "base", "form"}
        for name in ("src", "href", "srcset", "action", "data", "poster", "background"):
            value = attributes.get(name)
            assert value is None or value.startswith("#") or value == "data:,", (tag, value)
    assert "url(" not in page and "@import" not in page
    policy = next(a["content"] for tag, a in parsed.elements if tag == "meta" and "http-equiv" in a)
    assert policy is not None and policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_every_link_into_the_page_arrives(page: str) -> None:
    parsed = Page(page)
    ids = [attributes["id"] for _, attributes in parsed.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = {a["href"] for _, a in parsed.elements if (a.get("href") or "").startswith("#")}
    assert links and {str(link)[1:] for link in links} <= set(ids)


def test_tables_have_headers_and_drawings_have_labels(page: str) -> None:
    for table in page.split("<table")[1:]:
        assert 'scope="col"' in table.split("</table>")[0]
    for tag, attributes in Page(page).elements:
        if tag == "svg" and attributes.get("role") == "img":
            assert attributes["aria-label"]
        elif tag == "svg":
            assert attributes.get("aria-hidden") == "true" or attributes.get("role") == "group"


def test_hostile_text_changes_nothing_but_text(page: str, hostile_page: str) -> None:
    allowed_tags = {tag for tag, _ in Page(page).shape}
    allowed_attributes = {name for _, names in Page(page).shape for name in names}
    hostile = Page(hostile_page)
    assert {tag for tag, _ in hostile.shape} <= allowed_tags
    assert {name for _, names in hostile.shape for name in names} <= allowed_attributes
    assert not any(name.startswith("on") or name == "style" for name in allowed_attributes)
    assert [tag for tag, _ in hostile.elements].count("script") == 1
    assert "".join(hostile.texts["script"]) == (TEMPLATES / "tooltips.js").read_text(encoding="utf-8")
    assert [tag for tag, _ in hostile.elements].count("style") == 1
    for tag, attributes in hostile.elements:
        href = attributes.get("href")
        assert href is None or re.fullmatch(r"#[a-z0-9-]+|data:,", href), (tag, href)


def test_hostile_text_is_shown_in_every_section(hostile_page: str) -> None:
    for section in hostile_page.split("<section")[1:]:
        name = section.split('aria-labelledby="')[1].split('"')[0]
        assert "&lt;script&gt;" in section, name


def test_hostile_families_and_methods_are_shown_as_text(hostile_page: str) -> None:
    families = hostile_page.split('<div class="card families">')[1].split("</table>")[0]
    assert "&lt;script&gt;" in families
    assert "&lt;script&gt;" in hostile_page.split("Second opinions came from:")[1].split("</p>")[0]


def test_hidden_characters_are_made_visible(hostile_page: str) -> None:
    assert not re.search(r"[\u202e\u200b\x00\x1b]", hostile_page)
    for code in ("⟨U+202E⟩", "⟨U+200B⟩", "⟨U+0000⟩", "⟨U+001B⟩"):
        assert code in hostile_page
    assert "{{ 7 * 7 }}" in hostile_page, "text is never taken for a template"


@pytest.mark.parametrize("stage", ["", "base", "round-0", "round-1"])
def test_a_run_half_way_shows_what_there_is(run_copy: RunDirectory, stage: str) -> None:
    order = ["base", "round-0", "round-1", "round-2"]
    (run_copy.path / "summary.json").unlink()
    for later in order[order.index(stage) + 1 if stage else 0 :]:
        shutil.rmtree(run_copy.path / later)
    page = render(read_run(run_copy))
    assert "This run has not finished." in page
    assert ("No scores yet" in page) == (stage == "")
    assert ("No decisions yet" in page) == (stage != "round-1")
    assert "level 10" in page


def test_an_empty_run_directory_still_makes_a_page(tmp_path: Path) -> None:
    page = render(read_run(RunDirectory(tmp_path)))
    assert "This run has not finished." in page
    assert all('class="absent"' in section for section in page.split("<section")[1:])


def test_damaged_files_are_named_on_the_page(run_copy: RunDirectory) -> None:
    (run_copy.path / "round-1" / "losses.parquet").write_bytes(b"not a table")
    page = render(read_run(run_copy))
    assert "Some files are damaged." in page and "round-1/losses could not be read" in page


@pytest.mark.parametrize("column", ["losses", "categories", "ledger", "exercises", "verdicts", "checks"])
def test_any_table_may_be_missing(run_copy: RunDirectory, column: str) -> None:
    for file in run_copy.path.rglob(f"{column}.parquet"):
        file.unlink()
    assert "What the student learned" in render(read_run(run_copy))


def test_two_hundred_skills_make_a_page_in_seconds(tmp_path: Path) -> None:
    skills = [Skill(id=f"s{i}", title=f"Skill number {i}") for i in range(200)]
    edges = [Prerequisite(before=f"s{i // 3}", after=f"s{i}") for i in range(1, 200)]
    (tmp_path / "graph.json").write_text(SkillGraph(skills, edges).to_json())
    page = render(read_run(RunDirectory(tmp_path)))
    assert page.count('class="node') == 200


def test_the_report_is_replaced_whole(run_copy: RunDirectory) -> None:
    before = sorted(path.name for path in run_copy.path.iterdir())
    (run_copy.path / "report.html").write_text("old")
    path = write_report(run_copy)
    assert path == run_copy.path / "report.html"
    assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert sorted(p.name for p in run_copy.path.iterdir()) == sorted([*before, "report.html"])
    assert write_report(run_copy).read_bytes() == path.read_bytes()


def test_a_report_can_be_written_while_the_run_holds_its_lock(tmp_path: Path) -> None:
    directory = write_run(tmp_path / "run", rounds=1, per_skill=1)
    with directory:
        assert write_report(RunDirectory(directory.path)).exists()


def test_no_directory_and_no_room_are_told_plainly(
    run_copy: RunDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UserError, match="There is no run directory .*nowhere; check the path"):
        write_report(RunDirectory(run_copy.path / "nowhere"))

    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("skilladapt.report.page.write_atomically", full)
    with pytest.raises(RunError, match="report.html could not be written: No space left on device"):
        write_report(run_copy)
