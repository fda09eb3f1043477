"""Mistakes, damage and hostile text: one clear message, nothing lost, nothing obeyed."""

import contextlib
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from skilladapt import inspection, pipeline, progress
from skilladapt.errors import RunError, UserError
from skilladapt.models import memory, tiny
from skilladapt.models.smollm2 import cached_student
from skilladapt.stages.classroom import Classroom
from skilladapt.store import RunDirectory

SMOKE = Path(__file__).parents[1] / "runs" / "smoke.toml"
SYLLABUS = Path(pipeline.__file__).parent / "domains" / "calculus" / "syllabus.md"
UNMEASURED = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
Command = Callable[..., int]


# --- run files ---

RUN_FILES = {
    "lists in lists": (f"deep = {'[' * 5000}{']' * 5000}", "nested too deeply"),
    "sections in sections": (f"[{'.'.join('a' * 3000)}]\nx = 1", "nested too deeply"),
    "rather many sections in sections": (f"[{'.'.join('a' * 300)}]\nx = 1", "nested too deeply"),
    "an endless number": (f"seed = {'9' * 5000}", "not valid TOML"),
    "a number that no generator takes": (f"seed = {2**32}", "'seed'"),
    "more workers than a machine bears": ("[runtime]\nworkers = 100000", "'runtime.workers'"),
    "no difficulties": ("[materials]\ndifficulties = []", "'materials.difficulties'"),
    "a date for a text": ("title = 1979-05-27", "'title'"),
    "a date for a skill": ("teach = [1979-05-27]", "'teach.0'"),
    "a long wrong value": (f"seed = '{'x' * 100_000}'", "valid integer"),
}


@pytest.mark.parametrize("fault", RUN_FILES)
def test_odd_run_file_is_refused_in_a_readable_sentence(tmp_path: Path, fault: str) -> None:
    text, part = RUN_FILES[fault]
    path = tmp_path / "run.toml"
    path.write_text(f'domain = "calculus"\nstudent = {{ model = "tiny-random" }}\n{text}\n')
    with pytest.raises(UserError, match=part) as refused:
        pipeline.load(path)
    assert len(refused.value.mistakes) == 1
    assert len(str(refused.value)) < 600


@pytest.mark.parametrize("data", [bytes(range(256)), "seed = 1".encode("utf-16")], ids=["binary", "UTF-16"])
def test_run_file_that_is_no_text_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "run.toml").write_bytes(data)
    with pytest.raises(UserError, match="not UTF-8 text; save it as UTF-8"):
        pipeline.load(tmp_path / "run.toml")


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_byte_order_mark_and_foreign_line_ends_do_not_matter(tmp_path: Path, ending: bytes) -> None:
    (tmp_path / "run.toml").write_bytes(b"\xef\xbb\xbf" + SMOKE.read_bytes().replace(b"\n", ending))
    assert pipeline.load(tmp_path / "run.toml") == pipeline.load(SMOKE)


OVERRIDES = {
    "seed=1\nstudent.model='x'": "'seed' is",
    f"seed={'9' * 5000}": "'seed' is",
    "title=\udcff": "not UTF-8",
    "syllabus=5": "'syllabus' is 5",
    "student.device=gpu": "'student.device': 'gpu' is not a device",
    "student.model='~nobody-here/x'": "'student.model': There is no model",
    f"student.model={'x' * 5000}": "'student.model': There is no model",
    'evaluation.benchmarks=["\\u0000"]': "'evaluation.benchmarks': The benchmark",
    "domain='.here:DOMAIN'": "'domain': The domain '.here:DOMAIN' cannot be loaded",
    "domain_options.seed=1": "'domain': The domain 'calculus' has no option 'seed'; known: none.",
    "domain_options.seed=[1]": "'domain_options.seed' is [1]; input should be a number, a text, true or false.",
    "domain_options=1": "'domain_options' is 1",
    "SEED=1": "did you mean 'seed'",
}


@pytest.mark.parametrize("override", OVERRIDES)
def test_odd_override_is_refused_once(override: str) -> None:
    with pytest.raises(UserError) as refused:
        pipeline.load(SMOKE, [override])
    assert len(refused.value.mistakes) == 1
    assert OVERRIDES[override] in str(refused.value)


def test_domain_that_breaks_when_imported_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_domain.py").write_text("1 / 0")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(UserError, match="'broken_domain:DOMAIN' cannot be loaded .ZeroDivisionError"):
        pipeline.load(SMOKE, ["domain='broken_domain:DOMAIN'"])


def test_options_that_a_domain_does_not_know_are_told_with_the_nearest() -> None:
    with pytest.raises(UserError) as refused:
        pipeline.load(SMOKE, ["domain=operations", "teach=[]", "domain_options.operatons=9", "domain_options.x=1"])
    assert len(refused.value.mistakes) == 2
    assert "no option 'operatons'; did you mean 'operations'?" in str(refused.value)
    with pytest.raises(UserError, match="'operations' is 1; a whole number from 2 to 10,000 is needed"):
        pipeline.load(SMOKE, ["domain=operations", "teach=[]", "domain_options.operations=1"])


def test_mistakes_of_every_kind_are_told_together() -> None:
    with pytest.raises(UserError) as refused:
        pipeline.load(SMOKE, ["adaptation.policy=nune", "teach=['power-rul']", "student.device=gpu", "sead=1"])
    assert len(refused.value.mistakes) == 4


def test_mistake_of_any_length_is_told_in_a_few_lines(
    skilladapt: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert skilladapt("graph", SMOKE, "--set", f"domain='{'x' * 100_000}'") == 2
    assert len(capsys.readouterr().err) < 3000


def test_model_with_a_configuration_of_wrong_types_is_refused(tmp_path: Path) -> None:
    content = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "num_hidden_layers": "two"}
    (tmp_path / "config.json").write_text(json.dumps(content))
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(UserError, match="cannot be loaded"):
        pipeline.load(SMOKE, [f"student.model='{tmp_path}'"])


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """The folder of a saved model."""
    tiny.tiny_model().save_pretrained(tmp_path / "model")
    tiny.tiny_tokenizer().save_pretrained(tmp_path / "model")
    return tmp_path / "model"


def test_unusable_student_is_told_with_all_other_mistakes_before_anything_is_written(
    tmp_path: Path,
    model: Path,
    skilladapt: Command,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (model / "chat_template.jinja").unlink()
    monkeypatch.setattr(memory, "available_bytes", lambda place: 1000)
    settings = [
        f"student.model='{model}'",
        "student.device=cuda:7",
        "student.adapter=none",
        "training.max_tokens=4096",
        "teach=['power-rul']",
    ]
    overrides = [part for setting in settings for part in ("--set", setting)]
    assert skilladapt("run", SMOKE, "--out", tmp_path / "out", *overrides) == 2
    said = " ".join(capsys.readouterr().err.split())
    for part in (
        "'student.device': The device 'cuda:7' is not on this machine; use auto or cpu.",
        f"The tokenizer of '{model}' has no chat template; name an instruction-tuned model.",
        f"The model '{model}' needs at least 0.3 GiB of memory to train all its weights in float32, ",
        f"training.max_tokens is 4096, more than the 2048 tokens that '{model}' can read; set it to 2048 or less",
        "There is no skill 'power-rul' in the graph; did you mean 'power-rule'",
    ):
        assert part in said
    assert "Traceback" not in said
    assert not (tmp_path / "out").exists()


def test_settings_of_the_wrong_type_do_not_hide_what_is_wrong_with_the_student(model: Path) -> None:
    wrong = ["student.lora_rank=many", "student.precision=7", "training=5", "evaluation.max_new_tokens=4096"]
    with pytest.raises(UserError) as refused:
        pipeline.load(SMOKE, [f"student.model='{model}'", *wrong])
    assert len(refused.value.mistakes) == 4
    assert "evaluation.max_new_tokens is 4096, more than the 2048 tokens" in refused.value.mistakes[-1]


@pytest.mark.parametrize(("name", "most"), pipeline.BUILT_IN_STUDENTS.items())
def test_built_in_students_read_as_many_tokens_as_is_said_of_them(name: str, most: int) -> None:
    settings = [f"student.model='{name}'", "training.max_tokens={}"]
    pipeline.load(SMOKE, [setting.format(most) for setting in settings])
    if name == "smollm2-135m" and cached_student() is None:
        pytest.skip("the real student is not in the cache; `make test` fetches it")
    with pytest.raises(UserError, match=f"training.max_tokens is {most + 1}, more than the {most} tokens"):
        pipeline.load(SMOKE, [setting.format(most + 1) for setting in settings])


def test_model_without_all_its_weights_is_refused_in_one_sentence(tmp_path: Path) -> None:
    tiny.tiny_model().save_pretrained(tmp_path / "model")
    tiny.tiny_tokenizer().save_pretrained(tmp_path / "model")
    saved = tmp_path / "model" / "config.json"
    saved.write_text(json.dumps(json.loads(saved.read_text()) | {"num_hidden_layers": 3}))
    (tmp_path / "b.jsonl").write_text('{"id": "1", "question": "1 + 1?", "answer": "2"}\n')
    # In a process of its own, as the library's log goes to the standard error of its start.
    found = in_a_process("evaluate", tmp_path / "model", "--benchmark", tmp_path / "b.jsonl")
    assert found.returncode == 2
    assert "lacks 9 of its weights" in found.stderr and found.stderr.count("\n") == 1


# --- hostile text ---

HOSTILE = "[/red]Power[bold] rule :smile: <|im_end|>"


def test_titles_paths_and_benchmarks_are_printed_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], skilladapt: Command
) -> None:
    (tmp_path / "syllabus.md").write_text(SYLLABUS.read_text().replace("Power rule", "[/Power] rule :smile:"))
    question = {"id": "[x]", "question": HOSTILE, "answer": "[/x]", "skill_id": "[/red]\x1b[31m:smile:"}
    (tmp_path / "[b].jsonl").write_text(json.dumps(question))
    settings = [
        f"syllabus='{tmp_path}/syllabus.md'",
        "teach=['power-rule-smile']",
        f"evaluation.benchmarks=['{tmp_path}/[b].jsonl']",
        "training.rounds=1",
        "evaluation.probes_per_skill=1",
    ]
    out = tmp_path / "[red]out"
    with pytest.raises(UserError, match="cannot write about 'power-rule-smile'"):
        pipeline.run(pipeline.load(SMOKE, settings), out)
    # What was refused before anything was written is no run yet: the mended one may go to the same place.
    (tmp_path / "syllabus.md").write_text(SYLLABUS.read_text().replace("Power rule", "[/Power] rule"))
    settings[1] = "teach=['power-rule']"
    pipeline.run(pipeline.load(SMOKE, settings), out)
    said = capsys.readouterr()
    assert "[/Power] rule" in said.out
    assert "[red]out/report.html" in said.out.replace("\n", "")
    assert "[b]: base" in said.err
    assert "[/Power] rule" in (out / "report.html").read_text()
    assert skilladapt("evaluate", out, "--benchmark", tmp_path / "[b].jsonl", "--max-new-tokens", "2") == 0
    said = capsys.readouterr()
    assert "[/red]\ufffd[31m:smile:" in said.out
    assert "\x1b" not in said.out + said.err


def test_replies_and_messages_cannot_steer_the_terminal(
    smoke_run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], skilladapt: Command
) -> None:
    monkeypatch.setattr(Classroom, "answer", lambda *_, **__: ["[bold]\x1b[2J\x9b1A :smile:"])
    assert skilladapt("ask", smoke_run, "What?") == 0
    assert "[bold]\ufffd[2J\ufffd1A :smile:" in capsys.readouterr().out
    assert skilladapt("graph", SMOKE, "--set", 'domain="\\u001b[2J"') == 2
    assert "\ufffd[2J" in capsys.readouterr().err


def test_bar_shows_its_title_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    terminal = progress.PlainConsole(file=shown, force_terminal=True, width=100)
    monkeypatch.setattr(progress, "_progress", terminal)
    with progress.progress("[/red]b\x1b[2J", 1, "questions") as advance:
        advance()
    assert "[/red]b\ufffd[2J" in shown.getvalue()


# --- run directories ---


@pytest.fixture
def copy(smoke_run: Path, tmp_path: Path) -> Path:
    """A finished run that may be damaged."""
    shutil.copytree(smoke_run, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.mark.parametrize("table", ["round-2/exercises", "round-2/verdicts"])
def test_damaged_table_of_the_next_round_is_written_again(copy: Path, smoke_run: Path, table: str) -> None:
    damaged = copy / f"{table}.parquet"
    damaged.write_bytes(damaged.read_bytes()[:500])
    pipeline.run(pipeline.load(SMOKE), copy)
    for path in smoke_run.rglob("*.parquet"):
        assert (copy / path.relative_to(smoke_run)).read_bytes() == path.read_bytes(), path


@pytest.mark.parametrize(
    "data", [b"\xff\x00{", b'[1]\n"x"\n7\n{"stage": {"a": 1}, "event": "end", "seconds": "x", "time": 5}\n']
)
def test_garbage_among_the_events_hides_nothing_else(copy: Path, skilladapt: Command, data: bytes) -> None:
    events = copy / "events.jsonl"
    events.write_bytes(data + b"\n" + events.read_bytes())
    assert inspection_state(copy, skilladapt)["finished"] is True
    assert skilladapt("status", copy) == 0
    assert skilladapt("report", copy) == 0


def test_events_that_cannot_be_read_are_explained(copy: Path, skilladapt: Command) -> None:
    (copy / "events.jsonl").unlink()
    (copy / "events.jsonl").mkdir()
    assert skilladapt("status", copy) == 2


def inspection_state(path: Path, skilladapt: Command) -> dict[str, object]:
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        assert skilladapt("status", path, "--json") == 0
    state: dict[str, object] = json.loads(shown.getvalue())
    return state


@pytest.mark.parametrize("name", ["manifest.json", "base/manifest.json", "graph.json"])
def test_folder_in_place_of_a_file_stops_the_run_with_a_message(copy: Path, name: str) -> None:
    (copy / name).unlink()
    (copy / name).mkdir()
    with pytest.raises(RunError, match=f"{name} could not be written"):
        pipeline.run(pipeline.load(SMOKE), copy)


def test_damaged_configuration_of_a_run_says_what_to_do(copy: Path) -> None:
    (copy / "config.toml").write_text("seed = ")
    for look in (
        lambda: pipeline.run(pipeline.load(SMOKE), copy),
        lambda: inspection.show_answers(copy, "What?", max_new_tokens=1, as_json=False),
    ):
        with pytest.raises(UserError, match="config.toml is not valid TOML") as refused:
            look()
        assert "choose another directory" in refused.value.mistakes[-1]


def test_run_that_lost_its_configuration_is_not_taken_for_another(copy: Path) -> None:
    (copy / "config.toml").unlink()
    with pytest.raises(UserError, match="has no config.toml; restore it"):
        pipeline.run(pipeline.load(SMOKE, ["seed=9"]), copy)


def test_graph_is_not_written_over_that_of_a_run(copy: Path, skilladapt: Command) -> None:
    before = (copy / "graph.json").read_bytes()
    assert skilladapt("graph", SMOKE, "--out", copy) == 2
    assert (copy / "graph.json").read_bytes() == before


def test_last_checkpoint_that_is_missing_is_not_replaced_by_an_earlier_one(copy: Path) -> None:
    shutil.rmtree(copy / "round-2" / "checkpoint")
    with pytest.raises(RunError, match="round-2/checkpoint is damaged .* run the method again"):
        inspection.show_answers(copy, "What?", max_new_tokens=1, as_json=False)


def test_report_of_a_run_under_way_can_be_written(copy: Path, skilladapt: Command) -> None:
    with RunDirectory(copy):
        assert skilladapt("report", copy) == 0


@pytest.mark.parametrize("name", ["x" * 300, "x" * 5000])
def test_name_too_long_for_a_file_is_explained(tmp_path: Path, skilladapt: Command, name: str) -> None:
    (tmp_path / "b.jsonl").write_text('{"id": "1", "question": "1 + 1?", "answer": "2"}\n')
    assert skilladapt("run", SMOKE, "--out", tmp_path / name) == 2
    assert skilladapt("status", name) == 2
    assert skilladapt("evaluate", name, "--benchmark", tmp_path / "b.jsonl") == 2


# --- where the output goes, and disks ---


def in_a_process(*arguments: str | Path, **options: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "skilladapt.cli", *map(str, arguments)]
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        command, stderr=subprocess.PIPE, text=True, timeout=240, env=UNMEASURED, **options
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_output_that_finds_the_disk_full_is_explained(
    monkeypatch: pytest.MonkeyPatch, smoke_run: Path, unbuffered: str
) -> None:
    monkeypatch.setitem(UNMEASURED, "PYTHONUNBUFFERED", unbuffered)
    with open("/dev/full", "w") as full:
        found = in_a_process("status", smoke_run, "--json", stdout=full)
    assert found.returncode == 1
    assert found.stderr.startswith("skilladapt: The output cannot be written (No space left on device)")
    assert found.stderr.count("\n") == 1


def test_output_may_be_closed() -> None:
    found = in_a_process("graph", SMOKE, preexec_fn=lambda: os.close(1))
    assert (found.returncode, found.stderr) == (0, "")


def test_terminal_without_unicode_gets_codes(tmp_path: Path) -> None:
    (tmp_path / "syllabus.md").write_text("# T\n### Ableitung f\u00fcr Anf\u00e4nger\n")
    out = os.fsdecode(bytes(tmp_path / "graph-") + b"\xff")
    found = subprocess.run(
        [sys.executable, "-m", "skilladapt.cli", "graph", str(SMOKE), "--out", out]
        + ["--set", f"syllabus='{tmp_path}/syllabus.md'", "--set", "teach=[]"],
        capture_output=True,
        env={**UNMEASURED, "PYTHONIOENCODING": "ascii"},
    )
    assert found.returncode == 0, found.stderr
    assert rb"Ableitung f\xfcr" in found.stdout


def mounted(script: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Runs a script among mounts of its own, `$1` being a folder and `skilladapt` the command."""
    try:
        possible = subprocess.run(["unshare", "-m", "mount", "--bind", folder, folder]).returncode == 0
    except FileNotFoundError:
        possible = False
    if not possible:
        pytest.skip("mounting takes rights that these tests do not have")
    command = f'skilladapt() {{ {sys.executable} -m skilladapt.cli "$@"; }}\n{script}'
    return subprocess.run(
        ["unshare", "-m", "bash", "-c", command, "bash", folder, SMOKE],
        capture_output=True,
        text=True,
        timeout=120,
        env=UNMEASURED,
    )


def test_read_only_disk_is_refused_and_can_still_be_read(tmp_path: Path, copy: Path) -> None:
    found = mounted(
        'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1"\n'
        'skilladapt run "$2" --out "$1/copy"; echo "run $?"; skilladapt status "$1/copy"; echo "status $?"',
        tmp_path,
    )
    assert "run 2" in found.stdout and "status 0" in found.stdout
    assert "cannot be written (Read-only file system)" in found.stderr and "Traceback" not in found.stderr


def test_full_disk_stops_the_run_which_goes_on_to_equal_tables(tmp_path: Path, smoke_run: Path) -> None:
    found = mounted(
        'mount -t tmpfs -o size=100k none "$1"\n'
        'skilladapt run "$2" --out "$1/out"; echo "stopped $?"; mount -o remount,size=20m "$1"\n'
        'skilladapt run "$2" --out "$1/out"; echo "finished $?"\n'
        'cd "$1/out"; find . -name "*.parquet" | xargs sha256sum',
        tmp_path,
    )
    assert "stopped 1" in found.stdout and "finished 0" in found.stdout, found.stderr
    assert "run the same command again" in found.stderr and "Traceback" not in found.stderr
    for path in smoke_run.rglob("*.parquet"):
        assert f"{hashlib.sha256(path.read_bytes()).hexdigest()}  ./{path.relative_to(smoke_run)}" in found.stdout
