"""Reasons without what differs from case to case."""

import pytest

from skilladapt.stages.yields import LONGEST, general


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("refused", "refused"),
        ("3 of 3 independent solutions say '42'", "3 of 3 independent solutions say …"),
        ("the answer \"it's\" is none of the options", "the answer … is none of the options"),
        ("a step names the skill 'it can't be', which is not one", "a step names the skill …, which is not one"),
        ("the question's words, and the answer's", "the question's words, and the answer's"),
        ("a question of 1,234 characters; at most 1,000 are allowed",
         "a question of … characters; at most 1,000 are allowed"),
        ("it has 12 words; 20 to 2,000 are allowed", "it has … words; 20 to 2,000 are allowed"),
        ("no reply: status 500: request 7f3a failed", "no reply: status 500"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_reason_is_counted_without_its_particulars(reason: str, told: str) -> None:
    assert general(reason) == told


def test_a_reason_is_not_endless() -> None:
    assert len(general("word " * 1000)) == LONGEST
