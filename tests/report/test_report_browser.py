"""The hostile run's report in a real browser: nothing foreign runs, nothing is asked of anybody."""

import subprocess
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from hostile_run import ATTACK, write_hostile_run
from synthetic_run import write_run

from browser import CHROMIUM, command
from skilladapt.report.page import write_report
from skilladapt.store import RunDirectory

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs chromium: install it to see the page as a browser does"),
]


class Trap(ThreadingHTTPServer):
    """A server nobody should ask anything; it keeps the paths it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/trap"


class Handler(BaseHTTPRequestHandler):
    server: Trap

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_error(404)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture
def trap() -> Iterator[Trap]:
    with Trap() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def opened(page: Path, profile: Path, *options: str) -> tuple[str, str]:
    """The document after its scripts ran, and what the browser complained of."""
    done = subprocess.run(
        [
            *command(profile),
            "--enable-logging=stderr",
            "--virtual-time-budget=3000",
            *options,
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout, done.stderr


def measured_inside(page: Path, width: int, expression: str, profile: Path) -> str:
    """What an expression says of the document `inside` a frame of that width, everything unfolded."""
    frame = page.with_name("frame.html")
    frame.write_text(
        f"""<!doctype html><title>not measured</title>
        <iframe src="{page.name}" style="border: 0; width: {width}px; height: 900px"></iframe>
        <script>onload = () => {{
          const inside = document.querySelector("iframe").contentDocument;
          for (const each of inside.querySelectorAll("details")) each.open = true;
          document.title = {expression};
        }}</script>""",
        encoding="utf-8",
    )
    document, _ = opened(frame, profile, "--allow-file-access-from-files")
    return document.split("<title>")[1].split("</title>")[0]


def test_a_hostile_report_is_inert(tmp_path: Path, trap: Trap) -> None:
    page = write_report(write_hostile_run(tmp_path / "run", trap.url))
    document, complaints = opened(page, tmp_path / "profile")
    assert trap.asked == []
    assert "<title>owned</title>" not in document
    assert "Refused to" not in complaints and "violates" not in complaints, "the page's own parts are let in"
    assert 'class="tooltip"' in document and "data-tip=" in document, "our own script ran"


def test_the_attack_would_work_on_a_page_without_protection(tmp_path: Path, trap: Trap) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><title>x</title><p>{ATTACK.format(url=trap.url)}", encoding="utf-8")
    document, _ = opened(page, tmp_path / "profile")
    assert "<title>owned</title>" in document
    assert trap.asked


def test_the_policy_alone_stops_the_attack(tmp_path: Path, trap: Trap) -> None:
    page = write_report(write_hostile_run(tmp_path / "run", trap.url))
    attack = ATTACK.format(url=trap.url)
    page.write_text(page.read_text(encoding="utf-8").replace("<main>", f"<main>{attack}"), encoding="utf-8")
    document, complaints = opened(page, tmp_path / "profile")
    assert trap.asked == []
    assert "<title>owned</title>" not in document
    assert "Content Security Policy" in complaints


@pytest.mark.parametrize("width", [400, 1280])
def test_labels_below_a_chart_never_overlap(tmp_path: Path, width: int) -> None:
    page = write_report(write_run(tmp_path / "run", rounds=17, per_skill=1))
    document = measured_inside(
        page,
        width,
        """[...inside.querySelectorAll("svg.plot")].reduce((worst, plot) => {
          const boxes = [...plot.querySelectorAll("text[text-anchor=middle]")].map(t => t.getBoundingClientRect());
          for (const a of boxes) for (const b of boxes)
            if (a !== b && a.left <= b.left && a.top < b.bottom && b.top < a.bottom)
              worst = Math.min(worst, b.left - a.right);
          return worst;
        }, 1000)""",
        tmp_path / "profile",
    )
    assert 1 < float(document) < 1000, "pixels between the two that are nearest to one another"


@pytest.mark.parametrize("write", [write_run, lambda path: write_hostile_run(path, "http://127.0.0.1:9/")])
@pytest.mark.parametrize("width", [400, 1280])
def test_the_page_never_scrolls_sideways(
    tmp_path: Path, write: Callable[[Path], RunDirectory], width: int
) -> None:
    page = write_report(write(tmp_path / "run"))
    measured = measured_inside(page, width, "inside.documentElement.scrollWidth", tmp_path / "profile")
    assert width - 20 <= int(measured) <= width
