"""A person in the loop: what waits is shown, what is decided is kept, and the run goes on with it."""

import io
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import legs
from doubted_legs import CALLS
from skilladapt import pipeline
from skilladapt.decisions import read_decisions
from skilladapt.domains.domain import load_domain
from skilladapt.errors import RunError
from skilladapt.inspection import show_status
from skilladapt.records import is_held_out
from skilladapt.review.dialogue import review
from skilladapt.review.items import Item, waiting
from skilladapt.store import RunDirectory
from skilladapt.why import show_why, story

pytestmark = pytest.mark.timeout(900)  # of the one long run that all look at, on a busy machine
TESTS = Path(__file__).parent
RUN = """\
syllabus = "{folder}/legs.md"

[teacher]
kind = "scripted"
script = "doubted_legs:answer"

[student]
model = "tiny-random"

[materials]
exercises_per_skill = 12
difficulties = [1, 2]

[training]
rounds = 3
passes = 2
batch_size = 4
round_tokens = 20000

[adaptation]
calibration_examples = 36
planted_share = 0.4
calibration_passes = 2
new_per_update = 2

[evaluation]
probes_per_skill = 1
few_shot = 0
max_new_tokens = 4
forgetting = false

[runtime]
workers = 1
review = "always"
"""


class Lived(NamedTuple):
    """A run in which a person decided something before each of its three rounds."""

    folder: Path
    said: list[str]
    """What each command printed: a run, a review, a run, ..."""
    accepted: str
    rejected: str
    edited: str
    """Ids of three exercises that had been rejected, by what was decided before the first round."""
    by_hand: str
    """Of one that was skipped then, and accepted before the second round."""
    trusted: str
    """Of one that was put into quarantine after the first round, and accepted at once."""
    trusted_late: str
    """Of another one, accepted after a round without it."""
    removed: str
    repaired: str
    """Of two examples, one rejected and one edited before the third round."""

    @property
    def directory(self) -> RunDirectory:
        return RunDirectory(self.folder / "out")

    def trained(self, number: int) -> set[str]:
        return {row["example_id"][1:] for row in self.directory.read_table(f"round-{number}/losses")}

    def verdict(self, number: int, id: str) -> tuple[str, str]:
        return verdict_of(self.folder / "out", id, number)

    def actions(self, number: int, id: str) -> list[str]:
        rows = self.directory.read_table(f"round-{number}/ledger")
        return [row["action"] for row in rows if row["example_id"] == f"e{id}" and "a person" in row["reason"]]

    def version(self) -> dict[str, Any]:
        """What the edited exercise became."""
        rows = self.directory.read_table("round-1/exercises")
        return next(row for row in rows if row["parent_ids"] == [self.edited])


def verdict_of(out: Path, id: str, number: int = 1) -> tuple[str, str]:
    rows = RunDirectory(out).read_table(f"round-{number}/verdicts")
    return next((row["verdict"], row["method"]) for row in rows if row["exercise_id"] == id)


def skilladapt(folder: Path, *arguments: str | Path, answers: str = "", editor: str = "false") -> str:
    environment = {
        **{name: value for name, value in os.environ.items() if name != "VISUAL"},
        "PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path]),
        CALLS: str(folder / "calls"),
        "EDITOR": editor,
    }
    command = [sys.executable, "-m", "skilladapt.cli", *map(str, arguments)]
    found = subprocess.run(command, input=answers, capture_output=True, text=True, timeout=240, env=environment)
    assert found.returncode == 0, found.stderr
    return found.stdout


def editor_that(folder: Path, body: str) -> str:
    """A program that does `body` with the `text` of its `file`."""
    script = folder / "editor.py"
    begin = "import re, sys\nfrom pathlib import Path\nfile = Path(sys.argv[1])\ntext = file.read_text()\n"
    script.write_text(begin + body)
    return f"{sys.executable} {script}"


def here(work: Callable[..., None], *arguments: Any, answers: str = "", **options: Any) -> str:
    """What `work` prints in this process, which is faster than in one of its own."""
    with pytest.MonkeyPatch.context() as patched, redirect_stdout(io.StringIO()) as printed:
        patched.setattr("sys.stdin", io.StringIO(answers))
        work(*arguments, **options)
    return printed.getvalue()


def items_of(out: Path) -> list[Item]:
    return waiting(RunDirectory(out), read_decisions(out))


def decide_by_hand(out: Path, id: str, decision: str, edited: dict[str, str] | None = None) -> None:
    with (out / "decisions.jsonl").open("a") as file:
        file.write(json.dumps({"exercise_id": f"e{id}", "decision": decision, "edited": edited}) + "\n")


@pytest.fixture(scope="module")
def monkeypatch_of_module() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patched:
        yield patched


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, monkeypatch_of_module: pytest.MonkeyPatch) -> Lived:
    folder = tmp_path_factory.mktemp("reviewed")
    (folder / "legs.md").write_text(legs.SYLLABUS)
    (folder / "run.toml").write_text(RUN.format(folder=folder))
    out, run = folder / "out", ("run", folder / "run.toml", "--out", folder / "out")
    said = [skilladapt(folder, *run)]
    first = [item.exercise for item in items_of(out)]
    by_hand = next(one for one in first[3:] if one.answer_type == "number")
    wording = next(text for n in range(99) if not is_held_out(text := f"How many legs have {n} cats in a row?"))
    editor = editor_that(folder, f"file.write_text(text.replace({first[2].question!r}, {wording!r}))")
    answers = "a it is right\nhm\nr nonsense\ne reworded\n" + "s\n" * (len(first) - 3)
    said += [skilladapt(folder, "review", out, answers=answers, editor=editor), skilladapt(folder, *run)]

    later = items_of(out)
    trusted, trusted_late, *_ = (item.exercise.exercise_id for item in later if item.doubt)
    decide_by_hand(out, by_hand.exercise_id, "accept")
    answers = "".join("a\n" if item.exercise.exercise_id == trusted else "s\n" for item in later)
    said.append(here(review, out, everything=False, as_json=False, answers=answers))
    monkeypatch_of_module.setenv(CALLS, str(folder / "calls"))
    said.append(here(pipeline.run, pipeline.load(folder / "run.toml"), out))

    spoken_of = {*read_decisions(out)}
    examples = [row for row in RunDirectory(out).read_table("round-3/examples") if row["order"] is not None]
    known = (id for row in examples if row["category"] and (id := row["exercise_id"]) not in spoken_of)
    removed, repaired = next(known), next(known)
    decide_by_hand(out, trusted_late, "accept")
    decide_by_hand(out, removed, "reject")
    decide_by_hand(out, repaired, "edit", {"solution": "Count the legs.\nAdd them."})
    decide_by_hand(out, first[2].exercise_id, "edit", {"question": f"{wording} Count them."})
    said.append(here(pipeline.run, pipeline.load(folder / "run.toml", ["runtime.review=never"]), out))
    ids = (one.exercise_id for one in (*first[:3], by_hand))
    return Lived(folder, said, *ids, trusted, trusted_late, removed, repaired)


def test_a_run_stops_before_training_where_something_waits_and_says_what_to_do(lived: Lived) -> None:
    first, _, second, _, third, last = lived.said
    for number, text in enumerate((first, second, third), start=1):
        assert f"wait for a person before round {number}: skilladapt review" in text
    assert "The plan" not in first and "The plan" in second
    assert "Report" not in third and "Report" in last


def test_each_decision_is_shown_and_counted(lived: Lived) -> None:
    assert "undecided by judged" in lived.said[1] and "'hm' is no answer here" in lived.said[1]
    assert "1 accepted, 1 edited, 1 rejected, " in lived.said[1] and "0 still wait" in lived.said[1]
    assert "in quarantine: score" in lived.said[3]


def test_the_first_round_trains_what_was_accepted_and_edited_and_not_what_was_rejected(lived: Lived) -> None:
    version, trained = lived.version(), lived.trained(1)
    assert {lived.accepted, version["exercise_id"]} <= trained
    assert not {lived.rejected, lived.edited} & trained
    assert "in a row" in version["question"] and version["author"].endswith("edited by a person")
    assert lived.verdict(1, lived.accepted) == lived.verdict(1, version["exercise_id"]) == ("correct", "person")
    assert lived.verdict(1, lived.rejected) == lived.verdict(1, lived.edited) == ("incorrect", "person")


def test_what_is_accepted_later_enters_the_next_round(lived: Lived) -> None:
    assert lived.by_hand not in lived.trained(1)
    assert lived.by_hand in lived.trained(2)
    assert lived.verdict(2, lived.by_hand) == ("correct", "person")


def test_what_was_in_quarantine_is_trained_again_with_a_row_in_the_ledger(lived: Lived) -> None:
    assert lived.trusted in lived.trained(2)
    assert lived.actions(1, lived.trusted) == ["reclassify"]
    assert lived.trusted_late not in lived.trained(2)
    assert lived.trusted_late in lived.trained(3)
    assert lived.actions(2, lived.trusted_late) == ["reclassify"]


def test_an_example_that_a_person_rejects_is_removed_with_a_row_in_the_ledger(lived: Lived) -> None:
    assert lived.actions(2, lived.removed) == ["remove"]
    assert lived.removed not in lived.trained(3)
    assert lived.verdict(3, lived.removed) == ("incorrect", "person")


def test_an_example_that_a_person_edited_is_replaced_by_what_it_became(lived: Lived) -> None:
    assert lived.actions(2, lived.repaired) == ["repair"]
    rows = lived.directory.read_table("round-3/exercises")
    (child,) = (row["exercise_id"] for row in rows if row["parent_ids"] == [lived.repaired])
    assert child in lived.trained(3) and lived.repaired not in lived.trained(3)
    ledger = lived.directory.read_table("round-2/ledger")
    assert [child] in [row["child_ids"] for row in ledger if row["action"] == "repair"]


def test_the_last_of_two_edits_takes_the_place_of_the_first(lived: Lived) -> None:
    first = lived.version()["exercise_id"]
    rows = lived.directory.read_table("round-3/exercises")
    (second,) = {row["exercise_id"] for row in rows if row["parent_ids"] == [lived.edited]} - {first}
    assert first in lived.trained(2) and first not in lived.trained(3)
    assert lived.actions(2, first) == ["remove"]
    assert second in lived.trained(3)


def test_every_example_and_action_has_one_row(lived: Lived) -> None:
    for number in (1, 2):
        rows = lived.directory.read_table(f"round-{number}/ledger")
        assert max(Counter((row["example_id"], row["action"]) for row in rows).values()) == 1


def test_no_call_to_the_teacher_is_made_twice(lived: Lived) -> None:
    calls = (lived.folder / "calls").read_text().split()
    assert len(calls) == len(set(calls)) > 100


def test_a_finished_run_has_nothing_left_to_do(lived: Lived) -> None:
    again = here(pipeline.run, pipeline.load(lived.folder / "run.toml"), lived.folder / "out")
    assert "Nothing was left to do" in again and "prepared again" not in again


def test_why_and_status_tell_of_the_person(lived: Lived, capsys: pytest.CaptureFixture[str]) -> None:
    person = story(lived.directory, lived.accepted)["person"]
    assert person == {"decision": "accept", "note": "it is right", "edited": None, "used_in_round": 1}
    show_why(lived.folder / "out", lived.by_hand, as_json=False)
    assert "A person: accept (from round 2 on)" in capsys.readouterr().out
    show_status(lived.folder / "out", as_json=True)
    assert json.loads(capsys.readouterr().out)["waiting"] == len(items_of(lived.folder / "out"))


def test_what_is_decided_too_late_is_told_and_another_run_uses_it(
    lived: Lived, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, other = tmp_path / "out", tmp_path / "other"
    shutil.copytree(lived.folder / "out", out)
    decide_by_hand(out, lived.accepted, "reject")
    config = pipeline.load(lived.folder / "run.toml", ["runtime.review=never"])
    pipeline.run(config, out)
    assert "1 decisions came after the last round had begun" in capsys.readouterr().out
    assert "this run cannot use them" in here(review, out, everything=False, as_json=False)

    other.mkdir()
    for name in ("decisions.jsonl", "teacher.sqlite"):
        shutil.copy(out / name, other / name)
    pipeline.prepare(config, other)
    assert verdict_of(other, lived.accepted) == ("incorrect", "person")

    # The textbooks were trained by now, the first round was not.
    decide_by_hand(other, lived.accepted, "accept")
    capsys.readouterr()
    pipeline.prepare(config, other)
    told = capsys.readouterr()
    assert "round 1 is prepared again" in told.out and "warning" not in told.err
    assert verdict_of(other, lived.accepted) == ("correct", "person")
    pipeline.prepare(config, other)
    assert "prepared again" not in capsys.readouterr().out


def test_a_damaged_table_is_made_again_with_the_decisions_of_its_round(lived: Lived, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(lived.folder / "out", out)
    before = {path: path.read_bytes() for path in sorted(out.rglob("*.parquet"))}
    (out / "round-1" / "exercises.parquet").write_bytes(b"")
    (out / "round-2" / "verdicts.parquet").unlink()
    decide_by_hand(out, lived.by_hand, "reject")
    pipeline.run(pipeline.load(lived.folder / "run.toml", ["runtime.review=never"]), out)
    assert {path: path.read_bytes() for path in before} == before


WITHOUT_VERIFIER = replace(load_domain("calculus"), verifier=None)


def test_where_nothing_can_judge_a_person_can(tmp_path: Path) -> None:
    changes = ["domain=test_review:WITHOUT_VERIFIER", "materials.exercises_per_skill=2", "runtime.workers=1"]
    config = pipeline.load(TESTS.parent / "runs" / "smoke.toml", changes)
    with pytest.raises(RunError, match=r"Not one of .* exercises was admitted .* skilladapt review"):
        pipeline.prepare(config, tmp_path)
    items = items_of(tmp_path)
    assert len(items) == 6 and all(item.may_be_accepted for item in items)
    for item in items:
        decide_by_hand(tmp_path, item.exercise.exercise_id, "accept")
    pipeline.prepare(config, tmp_path)
    assert len(RunDirectory(tmp_path).read_table("round-1/examples")) == 6
