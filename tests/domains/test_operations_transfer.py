"""The benchmark file that defines the operations it asks about."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from operations_builders import worked_out

from skilladapt.domains.operations.transfer import main, transfer_questions
from skilladapt.errors import UserError
from skilladapt.evaluation.benchmarks import read_benchmark


def test_every_question_defines_what_it_uses_and_nothing_else() -> None:
    items = list(transfer_questions(200, 1, 90))
    assert len({item["question"] for item in items}) == len({item["id"] for item in items}) == 90
    for item in items:
        rules = dict(re.findall(r"^([a-z]+)\(ab\) = (\S+)$", item["question"], flags=re.MULTILINE))
        call = re.search(r"What is (\S+)\? Answer", item["question"])[1]
        assert worked_out(call, rules) == item["answer"]
        named = set(re.findall(r"[a-z]+(?=\()", " ".join([call, *rules.values()])))
        assert named == set(rules)
    assert {item["topic"] for item in items} == {"1 in a row", "2 in a row", "3 in a row"}
    assert items == list(transfer_questions(200, 1, 90))


def test_the_command_writes_a_benchmark_that_can_be_read(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "skilladapt.domains.operations.transfer"]
    options = ["--operations", "20", "--seed", "3", "--questions", "12"]
    written = subprocess.run([*command, *options], capture_output=True, text=True, check=True)
    assert written.stderr == ""
    (tmp_path / "transfer.jsonl").write_text(written.stdout, encoding="utf-8")
    items = read_benchmark(tmp_path / "transfer.jsonl")
    assert len(items) == 12 and {item.answer_type for item in items} == {"number"}
    assert set(json.loads(written.stdout.split("\n")[0])) == {"id", "question", "answer", "topic"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--operations", "1"], "'operations' is 1"),
        (["--questions", "0"], "0 questions are asked for; from 1 to 100,000"),
        (["--operations", "2", "--questions", "2000"], "raise the one or lower the other"),
    ],
)
def test_numbers_out_of_range_are_told(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(options) == 2
    assert message in capsys.readouterr().err


def test_the_questions_are_made_one_by_one() -> None:
    with pytest.raises(UserError):
        next(transfer_questions(2, 0, 10**9))
