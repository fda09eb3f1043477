import json
from pathlib import Path

import pytest
from synthetic_run import CALIBRATION, PROVENANCE

from skilladapt.report.reading import Reading, read_run
from skilladapt.report.summary import Change, Difference, summary_of
from skilladapt.store import RunDirectory


def test_a_whole_run_is_read_without_complaint(reading: Reading) -> None:
    assert reading.unreadable == ()
    assert reading.provenance == PROVENANCE
    assert len(reading.skills) == 24 and len(reading.textbooks) == 23
    assert [round.number for round in reading.rounds] == [0, 1, 2]
    assert [round.calibration for round in reading.rounds] == [None, CALIBRATION, None]
    assert {len(losses) for losses in reading.rounds[1].loss_P.values()} == {3}
    assert {answer.when for answer in reading.answers} == {
        "base",
        "base-few-shot",
        "round-0",
        "round-1",
        "round-2",
    }


def test_an_example_leads_to_its_exercise_and_skill(reading: Reading) -> None:
    action = reading.rounds[1].actions[0]
    exercise = reading.exercise_of(action.example_id)
    assert exercise is not None and "e" + exercise.exercise_id == action.example_id
    assert reading.skill_id_of(action.example_id) == exercise.skill_ids[0]
    book_id, book = next(iter(reading.textbooks.items()))
    assert reading.exercise_of("e" + book_id) is None
    assert reading.skill_id_of("e" + book_id) == book.skill_id
    assert reading.skill_id_of("e-unknown") is None


def test_an_empty_directory_is_read_as_nothing(tmp_path: Path) -> None:
    reading = read_run(RunDirectory(tmp_path))
    assert (reading.skills, reading.rounds, reading.scores, reading.unreadable) == ((), (), (), ())
    assert not reading.summary.finished


@pytest.mark.parametrize(
    "name",
    [
        "graph.json",
        "summary.json",
        "provenance.json",
        "base/scores.parquet",
        "round-1/losses.parquet",
        "round-1/ledger.parquet",
        "round-1/calibration.json",
        "round-1/checks.json",
        "round-1/checks.parquet",
        "events.jsonl",
        "config.toml",
    ],
)
@pytest.mark.parametrize("damage", [b"\xff\xfe\x00garbage", b""])
def test_a_damaged_file_is_named_and_the_rest_is_read(run_copy: RunDirectory, name: str, damage: bytes) -> None:
    (run_copy.path / name).write_bytes(damage)
    reading = read_run(run_copy)
    if damage or not name.endswith((".toml", ".jsonl")):  # empty ones of these two say nothing, rightly
        assert len(reading.unreadable) == 1
        assert reading.unreadable[0].startswith(name.removesuffix(".parquet"))
    assert reading.answers


def test_a_flipped_byte_in_a_table_is_found(run_copy: RunDirectory) -> None:
    path = run_copy.path / "base" / "answers.parquet"
    content = bytearray(path.read_bytes())
    content[60] ^= 1
    path.write_bytes(bytes(content))
    (complaint,) = read_run(run_copy).unreadable
    assert complaint.startswith("base/answers could not be read")


def test_broken_rows_are_counted_and_left_out(run_copy: RunDirectory) -> None:
    graph = json.loads((run_copy.path / "graph.json").read_text())
    graph["skills"][3] = {"id": "no-title"}
    graph["skills"][4] = "not even a row"
    (run_copy.path / "graph.json").write_text(json.dumps(graph))
    reading = read_run(run_copy)
    assert len(reading.skills) == 22
    assert reading.unreadable == ("graph.json has 2 rows that are not as expected; they are left out",)


def test_columns_added_later_do_no_harm(run_copy: RunDirectory) -> None:
    graph = json.loads((run_copy.path / "graph.json").read_text())
    graph["skills"] = [{**row, "colour": "red"} for row in graph["skills"]]
    (run_copy.path / "graph.json").write_text(json.dumps(graph))
    assert len(read_run(run_copy).skills) == 24


def test_a_summary_is_taken_as_far_as_it_makes_sense() -> None:
    row = {"before": "base", "after": "round-1", "difference": 0.5, "ci_low": 0.4, "ci_high": 0.6}
    found = summary_of(
        {
            "paired": [{**row, "n_pairs": 9, "label": "for this run", "seeds": 1}, row, "nonsense"],
            "forgetting": {"accuracy": {**row, "before": 0.5, "after": 0.4}, "loss": {"before": "x"}},
            "tokens": {"total": 12, "odd": "many", "flag": True},
            "rejected": None,
            "findings": ["one", 2],
        }
    )
    assert found.paired == (Difference(**row, n_pairs=9, label="for this run"),)
    assert found.panel_accuracy == Change(before=0.5, after=0.4, difference=0.5, ci_low=0.4, ci_high=0.6)
    assert found.panel_loss is None
    assert found.tokens == {"total": 12}
    assert (found.rejected, found.decoded_tokens, found.findings) == ({}, None, ("one", "2"))
