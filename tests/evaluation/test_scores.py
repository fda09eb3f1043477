from collections.abc import Sequence
from functools import partial
from math import sqrt

import pytest
from evaluation_samples import probe, verdict

from skilladapt.evaluation.probes import pairs_of
from skilladapt.evaluation.scores import grade, score, summarise, wilson
from skilladapt.records import Answer, AnswerType, Score, Verdict
from skilladapt.verification.judging import grade_answers

PROBES = [
    probe("adding", "1", "a"),
    probe("adding", "2", "a"),
    probe("adding", "3", "b"),
    probe("adding", "4", "b"),
    probe("squaring", "5", "c"),
    probe("squaring", "6", "c"),
]


def answered(when: str, outcomes: Sequence[bool | None]) -> list[Answer]:
    return [
        Answer(
            when=when,
            probe_id=one.probe_id,
            skill_id=one.skill_id,
            question=one.question,
            expected=one.answer,
            given="?",
            correct=correct,
        )
        for one, correct in zip(PROBES, outcomes, strict=True)
    ]


def counts(scores: Sequence[Score], group: str) -> dict[str, tuple[int, int, int]]:
    return {one.probe_set: (one.correct, one.decided, one.n) for one in scores if one.skill_id == group}


def test_wilson_interval_equals_the_formula_by_hand() -> None:
    # Centre (p + z^2/2n) / (1 + z^2/n), half-width z sqrt(p(1-p)/n + z^2/4n^2) / (1 + z^2/n), z = 1.959964.
    z, n, p = 1.959964, 20, 0.6
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    assert wilson(12, 20) == pytest.approx((centre - half, centre + half), abs=1e-6)
    assert wilson(12, 20) == pytest.approx((0.3866, 0.7812), abs=5e-5)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=5e-5)
    assert wilson(10, 10) == pytest.approx((0.7225, 1.0), abs=5e-5)


def test_undecided_counts_as_wrong_and_is_not_decided() -> None:
    summary = summarise("base", "all", "probes", [True, False, None, None])
    assert (summary.n, summary.correct, summary.decided, summary.accuracy) == (4, 1, 2, 0.25)


def test_scores_cover_all_levels_and_skills_for_probes_twins_and_pairs() -> None:
    scores = score(answered("base", [True, True, True, False, None, True]), PROBES, {"adding": 0, "squaring": 2})
    assert list(dict.fromkeys(one.skill_id for one in scores)) == [
        "all",
        "level:0",
        "level:2",
        "adding",
        "squaring",
    ]
    assert counts(scores, "all") == {"probes": (2, 2, 3), "twins": (2, 3, 3), "pairs": (1, 2, 3)}
    assert counts(scores, "level:0") == counts(scores, "adding")
    assert counts(scores, "adding") == {"probes": (2, 2, 2), "twins": (1, 2, 2), "pairs": (1, 2, 2)}
    assert counts(scores, "squaring") == {"probes": (0, 0, 1), "twins": (1, 1, 1), "pairs": (0, 0, 1)}


def test_families_of_probes_are_scored_by_themselves() -> None:
    named = [
        one.model_copy(update={"family": "inputs" if place < 4 else "depths"}) for place, one in enumerate(PROBES)
    ]
    replies = [True, True, True, False, False, True]
    answers = [
        one.model_copy(update={"probe_id": probe.probe_id})
        for one, probe in zip(answered("base", replies), named, strict=True)
    ]
    scores = score(answers, named, {"adding": 0, "squaring": 2})
    groups = list(dict.fromkeys(one.skill_id for one in scores))
    assert groups[:4] == ["all", "family:inputs", "family:depths", "level:0"]
    assert counts(scores, "family:inputs") == counts(scores, "adding")
    assert counts(scores, "family:depths")["twins"] == (1, 1, 1)


def test_pair_with_one_wrong_twin_is_decided_even_when_the_other_is_not() -> None:
    scores = score(answered("base", [None, False] + [True] * 4), PROBES, {"adding": 0, "squaring": 0})
    assert counts(scores, "all")["pairs"] == (2, 3, 3)


def test_each_stage_is_scored_by_itself() -> None:
    both = answered("base", [False] * 6) + answered("round-1", [True] * 6)
    scores = score(both, PROBES, {"adding": 0, "squaring": 1})
    accuracy = {(one.when, one.probe_set): one.accuracy for one in scores if one.skill_id == "all"}
    assert accuracy["base", "pairs"] == 0.0 and accuracy["round-1", "pairs"] == 1.0


def test_probe_without_an_answer_is_never_left_out_silently() -> None:
    with pytest.raises(KeyError):
        score(answered("base", [True] * 6)[:-1], PROBES, {"adding": 0, "squaring": 0})


def test_probe_without_its_twin_is_refused() -> None:
    with pytest.raises(ValueError, match="exactly one twin; look at the pairs \\['c'\\]"):
        pairs_of(PROBES[:-1])


def test_replies_are_graded_by_their_answers_and_empty_ones_never_reach_the_grader() -> None:
    asked: list[tuple[str, str, str, AnswerType]] = []

    def grader(
        questions: Sequence[str], expected: Sequence[str], given: Sequence[str], types: Sequence[AnswerType]
    ) -> list[Verdict]:
        asked.extend(zip(questions, expected, given, types, strict=True))
        return [
            verdict("undecided" if one == "?1" else "correct" if one == other else "incorrect")
            for one, other in zip(given, expected, strict=True)
        ]

    replies = [
        "Answer: 1",
        "",
        "Answer: 7",
        "Adding: 3 + 1\nAnswer: ?1",
        "I really have no idea at all what this could be",
        "6",
    ]
    answers = grade("base", PROBES, replies, grader)
    assert [answer.given for answer in answers] == ["1", "", "7", "?1", "", "6"]
    assert [answer.correct for answer in answers] == [True, False, False, None, False, True]
    assert [entry[2] for entry in asked] == ["1", "7", "?1", "6"]
    assert asked[0] == (PROBES[0].question, "1", "1", "number")
    assert (answers[0].when, answers[0].probe_id, answers[0].expected) == ("base", PROBES[0].probe_id, "1")


def test_replies_and_probes_must_match() -> None:
    with pytest.raises(ValueError):
        grade("base", PROBES, ["1"], lambda *_: [])


def test_verification_fits_as_the_grader() -> None:
    replies = ["Answer: 1", "I get 2.0", "= 9", "Answer: $4$", "no idea", "the answer is 6."]
    answers = grade("base", PROBES, replies, partial(grade_answers, verifier=None, workers=1))
    assert [answer.correct for answer in answers] == [True, True, False, True, False, True]
