"""The README's commands are run as they stand there; the ones that take minutes only by `make docs-check`."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    blocks = re.findall(r"<!-- run -->\n```console\n(.*?)```", README, flags=re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]


def test_first_commands_are_run_and_test() -> None:
    assert re.findall(r"```sh\n(.*?)\n```", README)[:2] == ["make run", "make test"]


def test_quick_commands_work_one_after_the_other(tmp_path: Path) -> None:
    (tmp_path / "runs").symlink_to(ROOT / "runs")
    assert len(commands()) >= 5
    for command in commands():
        program, *arguments = shlex.split(command)
        assert program == "skilladapt"
        found = subprocess.run(
            [sys.executable, "-m", "skilladapt.cli", *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert found.returncode == 0, f"{command}\n{found.stderr}"
    assert (tmp_path / "out" / "smoke" / "report.html").exists()


def test_shown_output_is_what_a_run_prints(
    smoke_run: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from skilladapt import pipeline

    pipeline.run(pipeline.load(ROOT / "runs" / "smoke.toml"), tmp_path / "smoke")
    printed = capsys.readouterr().out
    shown = README.split("It prints its plan before it begins")[1].split("```")[1]
    for line in shown.strip("\n").splitlines():
        if line.strip() != "..." and " in 0 s" not in line:
            assert line in printed, line


@pytest.mark.docs
@pytest.mark.timeout(1800)
def test_quickstart_teaches(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "skilladapt.cli", "run", str(ROOT / "runs" / "quickstart.toml")]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    assert (tmp_path / "out" / "quickstart" / "report.html").exists()


def test_links_lead_somewhere() -> None:
    for document in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
            assert "://" in target or (document.parent / target).exists(), f"{document.name}: {target}"
