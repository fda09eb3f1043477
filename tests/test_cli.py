"""The command line as a person meets it: in processes of its own, with real files and real mistakes."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SMOKE = ROOT / "runs" / "smoke.toml"
Finished = subprocess.CompletedProcess[str]
UNMEASURED = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
"""For processes that are killed or find the disk full: half-written coverage data spoils the whole report."""


def skilladapt(*arguments: str | Path, **options: object) -> Finished:
    command = [sys.executable, "-m", "skilladapt.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, **options)  # type: ignore[call-overload,no-any-return]


def assert_mistake(found: Finished, *parts: str) -> None:
    """One message for each mistake, exit status 2, no traceback."""
    assert found.returncode == 2, found.stderr
    assert "Traceback" not in found.stderr
    for part in parts:
        assert part in found.stderr, found.stderr


def run_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "run.toml"
    path.write_text(text)
    return path


def test_help_names_every_command() -> None:
    found = skilladapt("--help")
    assert found.returncode == 0
    for command in ("run", "graph", "status", "review", "ask", "evaluate", "report"):
        assert command in found.stdout


def test_help_does_not_load_heavy_libraries() -> None:
    heavy = ("torch", "pydantic", "pyarrow")
    code = f"import sys; import skilladapt.cli; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_five_mistakes_are_printed_at_once(tmp_path: Path) -> None:
    path = run_file(
        tmp_path,
        'domain = "calculs"\n[student]\nmodel = "no/such/folder/here"\nadaptr = "lora"\n'
        '[training]\npasses = "three"\n[adaptation]\npolicy = "calibratd"\n',
    )
    found = skilladapt("run", path)
    assert_mistake(found, "'calculs'; did you mean 'calculus'", "'calibrat", "adaptr", "passes", "no/such/folder")
    assert len(found.stderr.strip().splitlines()) == 5


SYLLABI = {
    "circle": ("## U\n### A\nRequires: B\n### B\nRequires: A\n", "circle"),
    "unknown prerequisite": ("## U\n### Adding\n### B\nRequires: Ading\n", "Adding"),
    "two skills of one name": ("## U\n### A\n### A\n", "'A'"),
    "nothing": ("", "empty"),
}


@pytest.mark.parametrize("fault", SYLLABI)
def test_faulty_syllabus_is_refused(tmp_path: Path, fault: str) -> None:
    text, part = SYLLABI[fault]
    (tmp_path / "syllabus.md").write_text(f"# T\n{text}" if text else "")
    found = skilladapt("graph", SMOKE, "--set", f"syllabus='{tmp_path}/syllabus.md'", "--set", "teach=[]")
    assert_mistake(found, part)


def test_benchmark_with_a_broken_line_is_refused_with_its_number(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text('{"id": "1", "question": "1 + 1?", "answer": "2"}\n{"id": \n')
    found = skilladapt(
        "run", SMOKE, "--out", tmp_path / "out", "--set", f"evaluation.benchmarks=['{tmp_path}/b.jsonl']"
    )
    assert_mistake(found, "b.jsonl:2")
    assert not (tmp_path / "out").exists()


def test_missing_files_are_named(tmp_path: Path) -> None:
    assert_mistake(skilladapt("run", tmp_path / "no.toml"), "no.toml")
    assert_mistake(skilladapt("status", tmp_path), "is not the directory of a run")
    assert_mistake(skilladapt("report", tmp_path), "is not the directory of a run")
    assert_mistake(skilladapt("ask", tmp_path, "2 + 2?"), "is not the directory of a run")
    assert_mistake(skilladapt("evaluate", "tiny-random", "--benchmark", tmp_path / "no.jsonl"), "no.jsonl")


def test_unknown_option_is_explained() -> None:
    assert_mistake(skilladapt("run", SMOKE, "--outt", "x"), "--outt")


def test_model_that_is_no_causal_language_model_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "encoder"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"model_type": "vit", "architectures": ["ViTModel"]}))
    assert_mistake(skilladapt("run", SMOKE, "--set", f"student.model='{folder}'"), "student.model")


def test_student_that_cannot_be_fetched_without_network_is_explained(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "SKILLADAPT_CACHE": str(tmp_path / "cache"),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": "",
    }
    found = skilladapt(
        "run", SMOKE, "--out", tmp_path / "out", "--set", "student.model='smollm2-135m'", env=environment
    )
    assert found.returncode in (1, 2), found.stderr
    assert "Traceback" not in found.stderr
    assert "network" in found.stderr


def test_read_only_directory_is_refused_at_once(tmp_path: Path) -> None:
    # The root user may write anywhere but where a file stands in the way.
    (tmp_path / "file").write_text("")
    assert_mistake(skilladapt("run", SMOKE, "--out", tmp_path / "file" / "out"), "cannot be written")


def test_directory_of_another_configuration_is_refused(smoke_run: Path) -> None:
    found = skilladapt("run", SMOKE, "--out", smoke_run, "--set", "seed=9")
    assert_mistake(found, "another configuration: seed was 1 and is now 9")


def test_full_disk_stops_the_run_which_then_goes_on(tmp_path: Path) -> None:
    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    stopped = skilladapt("run", SMOKE, "--out", tmp_path / "out", preexec_fn=small_files, env=UNMEASURED)
    assert stopped.returncode == 1, stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert "run" in stopped.stderr and "again" in stopped.stderr
    assert skilladapt("run", SMOKE, "--out", tmp_path / "out").returncode == 0


def test_killed_run_goes_on(tmp_path: Path, smoke_run: Path) -> None:
    out = tmp_path / "out"
    process = subprocess.Popen(
        [sys.executable, "-m", "skilladapt.cli", "run", str(SMOKE), "--out", str(out)],
        stdout=subprocess.DEVNULL,
        env=UNMEASURED,
    )
    while not (out / "round-0" / "manifest.json").exists():
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    found = skilladapt("run", SMOKE, "--out", out)
    assert found.returncode == 0, found.stderr
    for path in smoke_run.rglob("*.parquet"):
        assert (out / path.relative_to(smoke_run)).read_bytes() == path.read_bytes(), path


def test_interrupted_run_says_that_it_can_go_on(tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = subprocess.Popen(
        [sys.executable, "-m", "skilladapt.cli", "run", str(SMOKE), "--out", str(out)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=UNMEASURED,
    )
    while not (out / "manifest.json").exists():
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 143
    assert "the same command goes on from here" in said and "Traceback" not in said


def test_status_says_what_is_done(smoke_run: Path) -> None:
    state = json.loads(skilladapt("status", smoke_run, "--json").stdout)
    assert state["finished"] is True
    assert state["stages"]["round-2/training"]["state"] == "done"
    assert "finished" in skilladapt("status", smoke_run).stdout


def test_ask_shows_both_answers(smoke_run: Path) -> None:
    found = skilladapt("ask", smoke_run, "Differentiate f(x) = x^3.", "--max-new-tokens", "4", "--json")
    assert found.returncode == 0, found.stderr
    assert set(json.loads(found.stdout)) == {"question", "base", "adapted"}


def test_evaluate_prints_base_and_adapted_with_intervals(smoke_run: Path, tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text(
        "".join(json.dumps({"id": n, "question": f"{n} + 1?", "answer": n + 1}) + "\n" for n in range(4))
    )
    found = skilladapt(
        "evaluate", smoke_run, "--benchmark", tmp_path / "b.jsonl", "--limit", "3", "--max-new-tokens", "4"
    )
    assert found.returncode == 0, found.stderr
    for part in ("base", "adapted", "decided", "interval"):
        assert part in found.stdout
    plain = skilladapt(
        "evaluate", "tiny-random", "--probes", tmp_path / "b.jsonl", "--max-new-tokens", "4", "--json"
    )
    rows = json.loads(plain.stdout)["scores"]
    assert rows[0]["n"] == 4 and rows[0]["when"] == "tiny-random"


def test_report_is_written_again(smoke_run: Path, tmp_path: Path) -> None:
    shutil.copytree(smoke_run, tmp_path / "copy")
    (tmp_path / "copy" / "report.html").unlink()
    assert skilladapt("report", tmp_path / "copy").returncode == 0
    assert "Power rule" in (tmp_path / "copy" / "report.html").read_text()


def test_graph_is_printed_and_written(tmp_path: Path) -> None:
    found = skilladapt("graph", SMOKE, "--out", tmp_path)
    assert found.returncode == 0, found.stderr
    assert "Power rule [power-rule]" in found.stdout
    assert len(json.loads((tmp_path / "graph.json").read_text())["skills"]) >= 20
