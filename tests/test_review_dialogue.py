"""What a person sees and answers, with a run directory written by hand, in which anything may stand."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from skilladapt import pipeline, tables
from skilladapt.decisions import DECISIONS, Edited, read_decisions
from skilladapt.errors import UserError
from skilladapt.records import Exercise, Verdict, is_held_out
from skilladapt.review.dialogue import review
from skilladapt.review.form import form_of, read_form
from skilladapt.stages.charting import build_graph
from skilladapt.store import RunDirectory

SMOKE = Path(__file__).parents[1] / "runs" / "smoke.toml"
HOSTILE = "\x1b]0;owned\x07\x9b31m\x7f\r\u202e[bold red]"
OBEYED = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def exercise(name: str, hostile: str = "") -> Exercise:
    question = next(text for text in (f"{name}: what is {n} + 1?" for n in range(1000)) if not is_held_out(text))
    return Exercise(
        skill_ids=("power-rule",),
        question=question + hostile,
        solution=f"{name} step{hostile}",
        step_skills=("power-rule",),
        answer=f"answer of {name}{hostile}",
        answer_type="text",
        difficulty=2,
        author="hand",
    )


WRONG, UNSURE, TWICE = exercise("wrong"), exercise("unsure", HOSTILE.replace("\r", "")), exercise("twice")
GOOD = exercise("good")
VERDICTS = (
    (WRONG, "incorrect", "numeric", "it is 7"),
    (UNSURE, "undecided", "agreement", f"nobody knows {HOSTILE}"),
    (TWICE, "incorrect", "duplicate", "repeats another"),
    (GOOD, "correct", "numeric", ""),
)
FIRST, SECOND = sorted((WRONG, UNSURE), key=lambda one: one.exercise_id)
"""Those that may be accepted, in the order they are shown."""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    config = pipeline.load(SMOKE)
    with RunDirectory(tmp_path) as directory:
        directory.write_text("config.toml", config.to_toml())
        directory.write_text("graph.json", build_graph(config).to_json())
        exercises = tables.exercise_rows([one for one, *_ in VERDICTS])
        directory.write_table("round-1/exercises", exercises, tables.EXERCISES)
        verdicts = [
            Verdict.model_validate({"exercise_id": one.exercise_id, "verdict": said, "method": by, "reason": why})
            for one, said, by, why in VERDICTS
        ]
        directory.write_table("round-1/verdicts", tables.rows(verdicts), tables.VERDICTS)
        directory.write_table("round-0/verdicts", [], tables.VERDICTS)
        ids = {"example_id": f"e{GOOD.exercise_id}", "exercise_id": GOOD.exercise_id}
        example = {**ids, "weight": 1.0, "order": 0, "benched": False, "category": None}
        directory.write_table("round-1/examples", [example], tables.EXAMPLES)
        rejected = {"purpose": "exercises", "skill_id": "power-rule", "reason": "no exercise", "text": HOSTILE}
        directory.write_table("materials-rejected", [rejected], tables.REJECTED)
    return tmp_path


def answer(out: Path, monkeypatch: pytest.MonkeyPatch, *answers: str, everything: bool = False) -> dict[str, str]:
    """What was decided, by exercise id."""
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{one}\n" for one in answers)))
    review(out, everything=everything, as_json=False)
    return {id: one.decision for id, one in read_decisions(out).items()}


def edit_with(monkeypatch: pytest.MonkeyPatch, folder: Path, *bodies: str) -> None:
    """An editor that does one of `bodies` after another with the `text` of its `file`, each time it is started."""
    script = folder / "editor.py"
    (folder / "turn").write_text("0")
    script.write_text(
        "import sys\nfrom pathlib import Path\nfile, turn = Path(sys.argv[1]), Path(__file__).with_name('turn')\n"
        "number, text = int(turn.read_text()), file.read_text()\nturn.write_text(str(number + 1))\n"
        + "".join(f"if number == {place}:\n    {body}\n" for place, body in enumerate(bodies))
    )
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"{sys.executable} '{script}'")


def test_all_that_a_person_may_decide_is_shown_and_nothing_else(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(out, monkeypatch) == {}
    shown = capsys.readouterr().out
    for part in ("2 exercises wait", "it is 7", "wrong step", "Power rule", "1 more were rejected for their form"):
        assert part in shown
    assert "1 replies held no exercise at all: materials-rejected" in shown
    assert "good step" not in shown and "twice step" not in shown and "nothing decided; 2 still wait" in shown


def test_no_text_of_others_reaches_the_terminal_as_it_is(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(out, monkeypatch, "\x1b[31m", "r \x1b]0;mine\x07", "r", "r", everything=True)
    shown = capsys.readouterr().out
    assert not OBEYED.search(shown) and "[bold red]" in shown and "⟨U+001B⟩" in shown
    review(out, everything=True, as_json=True)
    assert not OBEYED.search(capsys.readouterr().out)


def test_the_same_is_not_asked_again(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(out, monkeypatch, "s", "q") == {FIRST.exercise_id: "skip"}
    capsys.readouterr()
    assert answer(out, monkeypatch, "r because") == {FIRST.exercise_id: "skip", SECOND.exercise_id: "reject"}
    assert "[1 of 1]" in capsys.readouterr().out
    answer(out, monkeypatch)
    assert "Nothing waits for a person" in capsys.readouterr().out
    assert read_decisions(out)[SECOND.exercise_id].note == "because"


def test_what_is_at_fault_in_its_form_cannot_be_accepted(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    order = sorted((WRONG, UNSURE, TWICE), key=lambda one: one.exercise_id)
    answers = [answer for one in order for answer in (("a", "s") if one is TWICE else ("a",))]
    decided = answer(out, monkeypatch, *answers, everything=True)
    assert decided == {WRONG.exercise_id: "accept", UNSURE.exercise_id: "accept", TWICE.exercise_id: "skip"}
    assert "cannot be accepted as it is" in capsys.readouterr().out


def test_scripts_get_what_waits_as_json(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    review(out, everything=True, as_json=True)
    told = json.loads(capsys.readouterr().out)
    rows = {row["exercise_id"]: row for row in told["waiting"]}
    assert set(rows) == {one.exercise_id for one in (WRONG, UNSURE, TWICE)}
    assert rows[WRONG.exercise_id]["verdict"] == {"verdict": "incorrect", "method": "numeric", "reason": "it is 7"}
    assert rows[UNSURE.exercise_id]["question"] == UNSURE.question
    assert [rows[one.exercise_id]["may_be_accepted"] for one in (WRONG, TWICE)] == [True, False]
    assert told["used_in_round"] == 1 and told["unusable_replies"] == {"materials-rejected": 1}


def test_an_edited_exercise_is_kept_as_it_was_written(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit_with(monkeypatch, tmp_path, "file.write_text(text.replace('answer of', 'better answer of'))")
    answer(out, monkeypatch, "e clearer", "q")
    decision = read_decisions(out)[FIRST.exercise_id]
    assert decision.edited is not None and decision.note == "clearer"
    assert decision.edited.version_of(FIRST).answer.startswith("better answer of")
    assert decision.edited.version_of(FIRST).question == FIRST.question


def test_a_faulty_edit_is_told_and_can_be_mended(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    held_out = next(text for n in range(99) if is_held_out(text := f"what is {n} + 1?"))
    edit_with(
        monkeypatch,
        tmp_path,
        "pass",
        "file.write_text('')",
        "file.write_text('== question ==\\nq\\n== solution ==\\nAnswer: 1\\n== answer ==\\n\\n')",
        f"file.write_text('== question ==\\n{held_out}\\n== solution ==\\nStep.\\n== answer ==\\n1\\n')",
        f"file.write_text(text.replace('{held_out}', 'q').replace('Step.', '[flying] Step.'))",
        f"file.write_text(text.replace('[flying]', '').replace('\\nq\\n', '\\n' + {GOOD.question!r} + '\\n'))",
        "sys.exit(3)",
        "file.write_bytes(bytes([255]))",
        f"file.write_text(text.replace({GOOD.question!r}, 'What is one and one, in all?'))",
    )
    answer(out, monkeypatch, *["e"] * 9, "q")
    shown = capsys.readouterr().out
    for part in (
        "Nothing was changed",
        "'== question ==' is missing",
        "'== answer ==' is missing",
        "the answer is empty",
        "held out for probes",
        "not in the graph: flying",
        "repeats",
        "ended with 3",
        "not UTF-8",
    ):
        assert part.lower() in shown.lower(), part
    edited = read_decisions(out)[FIRST.exercise_id].edited
    assert edited == Edited(
        question="What is one and one, in all?", solution="Step.", step_skills=("power-rule",), answer="1"
    )


@pytest.mark.parametrize("editor", ["/no/such/editor", "'unclosed"])
def test_an_editor_that_cannot_be_started_is_told(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], editor: str
) -> None:
    monkeypatch.setenv("VISUAL", editor)
    assert answer(out, monkeypatch, "e", "s", "q") == {FIRST.exercise_id: "skip"}
    assert "EDITOR" in capsys.readouterr().out


def test_a_form_that_was_not_touched_means_the_same_exercise() -> None:
    tricky = WRONG.model_copy(update={"question": "# What\n== answer ==\nis it?", "solution": "[a] b\n# c"})
    tricky = tricky.model_copy(update={"step_skills": ("power-rule", "sum-rule")})
    read = read_form(form_of(tricky), tricky).version_of(tricky)
    assert (read.solution, read.step_skills, read.answer) == (tricky.solution, tricky.step_skills, tricky.answer)
    assert read.question.replace(" ==", "==", 1) == tricky.question


def test_a_faulty_file_of_decisions_is_told_before_anything_is_asked(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (out / DECISIONS).write_text("nonsense\n")
    with pytest.raises(UserError, match=r"decisions.jsonl:1: not JSON"):
        answer(out, monkeypatch, "a")


def test_where_there_is_nothing_to_review_that_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match="not the directory of a run"):
        answer(tmp_path, monkeypatch)
    (tmp_path / "config.toml").write_text(pipeline.load(SMOKE).to_toml())
    with pytest.raises(UserError, match="has no exercises yet"):
        answer(tmp_path, monkeypatch)


def test_a_review_that_is_killed_has_kept_every_decision(out: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    command = [sys.executable, "-m", "skilladapt.cli", "review", str(out)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdin is not None
        process.stdin.write("a\n")
        process.stdin.flush()
        while not (out / DECISIONS).exists() or not (out / DECISIONS).read_bytes():
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    again = subprocess.run(command, input="r\n", capture_output=True, text=True, check=True, timeout=60)
    assert "[1 of 1]" in again.stdout
    decided = {id: one.decision for id, one in read_decisions(out).items()}
    assert decided == {FIRST.exercise_id: "accept", SECOND.exercise_id: "reject"}
