"""How well a text that cannot be used is told from one that can: precision and recall on texts labelled by hand.

The texts are in `labelled_texts.jsonl`: for each reason some that have the fault, and some that only look like it.
Those of the part `tuned` were looked at while the checks were written; those of the part `fresh` were not.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from skilladapt.materials.giving_away import gives_away
from skilladapt.materials.language import language_fault
from skilladapt.prompts.reading import Unusable, text_of
from skilladapt.records import Exercise
from skilladapt.verification.overlap import find_duplicates
from teacher_stub import reply

TEXTS = [
    json.loads(line) for line in Path(__file__).with_name("labelled_texts.jsonl").read_text("utf-8").splitlines()
]


def is_found(one: dict[str, Any]) -> bool:
    """Whether the fault is noticed, by what a run uses."""
    match one["reason"]:
        case "refused":
            try:
                text_of(reply(one["text"]))
            except Unusable as fault:
                return str(fault) == "refused"
            return False
        case "language":
            return bool(language_fault(one["text"], one["wanted"]))
        case "given away":
            return gives_away(one["question"], one["answer"])
        case "repeated":
            return bool(find_duplicates([asking(one["question"])], [one["earlier"]]))
    raise AssertionError(one["reason"])


def asking(question: str) -> Exercise:
    return Exercise(
        skill_ids=("a",),
        question=question,
        solution="",
        step_skills=(),
        answer="1",
        answer_type="number",
        difficulty=1,
        author="test",
    )


def counted(reason: str, part: str) -> tuple[int, int, int, int]:
    """How many have the fault, how many of them are found, how many are found, and how many there are."""
    texts = [one for one in TEXTS if (one["reason"], one["part"]) == (reason, part)]
    found = [one for one in texts if is_found(one)]
    return sum(one["is"] for one in texts), sum(one["is"] for one in found), len(found), len(texts)


@pytest.mark.parametrize(
    ("reason", "part", "least_precision", "least_recall"),
    [
        ("refused", "tuned", 1.0, 1.0),
        ("refused", "fresh", 0.85, 0.55),
        ("language", "tuned", 1.0, 1.0),
        ("language", "fresh", 1.0, 1.0),
        ("given away", "tuned", 0.9, 0.9),
        ("given away", "fresh", 0.7, 0.85),
        ("repeated", "tuned", 1.0, 0.75),
        ("repeated", "fresh", 1.0, 0.6),
    ],
)
def test_each_fault_is_found_and_few_others_are_taken_for_it(
    reason: str, part: str, least_precision: float, least_recall: float
) -> None:
    faulty, right, found, all_texts = counted(reason, part)
    print(f"{reason} ({part}): precision {right}/{found}, recall {right}/{faulty}, of {all_texts} texts")
    assert right / found >= least_precision
    assert right / faulty >= least_recall


def test_every_reason_has_many_texts_with_the_fault_and_many_without() -> None:
    for reason in ("refused", "language", "given away", "repeated"):
        labels = [one["is"] for one in TEXTS if one["reason"] == reason]
        assert min(labels.count(True), labels.count(False)) >= 14
