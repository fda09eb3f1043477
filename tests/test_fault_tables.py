"""The tests and the figures that `docs/faults.md` names are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", PAGE)))


@pytest.mark.parametrize(("file", "name"), TESTS, ids=lambda value: value.rpartition("/")[2])
def test_every_test_that_is_named_exists(file: str, name: str) -> None:
    assert re.search(rf"^def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)


def test_every_fault_is_told_of() -> None:
    rows = re.findall(r"^\| (\d+(?:, \d+)*) ", PAGE, re.MULTILINE)
    numbers = [int(number) for row in rows for number in row.split(", ")] + [41]
    assert len(TESTS) > 60 and sorted(numbers) == list(range(1, 48))
