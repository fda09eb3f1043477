from collections.abc import Sequence

import pytest
from evaluation_samples import probe, verdict

from skilladapt.errors import UserError
from skilladapt.evaluation.probes import pairs_of, seal, write_probes
from skilladapt.records import Exercise, Probe, Skill, Split, Verdict

ADDING = Skill(id="adding", title="Adding")
SQUARING = Skill(id="squaring", title="Squaring")


class FixedAuthor:
    name = "fixed"

    def __init__(self, *probes: Probe) -> None:
        self.probes = probes

    def write_probes(self, skill: Skill, count: int, split: Split) -> list[Probe]:
        return [one for one in self.probes if one.skill_id == skill.id]


def accept(exercises: Sequence[Exercise]) -> list[Verdict]:
    return [verdict("correct") for _ in exercises]


def judge_thirteen_wrong(exercises: Sequence[Exercise]) -> list[Verdict]:
    return [verdict("incorrect", "it is 12") if one.answer == "13" else verdict("correct") for one in exercises]


A, A2 = probe("adding", "1", "a"), probe("adding", "2", "a")
B, B2 = probe("adding", "3", "b"), probe("adding", "13", "b")
C, C2 = probe("squaring", "4", "c"), probe("squaring", "9", "c")


def test_pairs_are_kept_in_the_order_of_skills() -> None:
    written = write_probes(FixedAuthor(A, A2, B, B2, C, C2), [SQUARING, ADDING], 2, "test", accept)
    assert written.probes == (C, C2, A, A2, B, B2)
    assert written.dropped == {}
    assert written.findings == (
        "'Squaring' has only 1 of 2 pairs of probes: its questions may be a closed space.",
    )


def test_verification_sees_the_question_and_its_answer_alone() -> None:
    seen: list[Exercise] = []

    def remember(exercises: Sequence[Exercise]) -> list[Verdict]:
        seen.extend(exercises)
        return accept(exercises)

    write_probes(FixedAuthor(A, A2), [ADDING], 1, "test", remember)
    assert [(one.skill_ids, one.question, one.answer, one.solution) for one in seen] == [
        (("adding",), A.question, "1", ""),
        (("adding",), A2.question, "2", ""),
    ]


def test_pair_goes_when_one_of_its_answers_is_not_verified() -> None:
    written = write_probes(FixedAuthor(A, A2, B, B2), [ADDING], 2, "test", judge_thirteen_wrong)
    assert written.probes == (A, A2)
    assert written.dropped == {"its own answer is incorrect: it is 12": 1}
    assert written.findings == ("'Adding' lost 1 of 2 pairs of probes, which were dropped.",)


def test_question_is_never_asked_twice() -> None:
    again = A.model_copy(update={"pair": "z", "question": A.question.upper()})
    written = write_probes(FixedAuthor(A, A2, again, B), [ADDING], 2, "test", accept)
    assert written.probes == (A, A2)
    assert written.dropped == {"not exactly two twins": 2}
    twin = probe("adding", "5", "z")
    written = write_probes(FixedAuthor(A, A2, again, twin), [ADDING], 2, "test", accept)
    assert written.probes == (A, A2)
    assert written.dropped == {"a question stands there twice": 1}


def test_twins_must_differ_and_questions_used_elsewhere_are_taken() -> None:
    same = A.model_copy(update={"answer": "7"})
    written = write_probes(FixedAuthor(A, same, B, B2, C, C2), [ADDING, SQUARING], 2, "test", accept, [B.question])
    assert written.probes == (C, C2)
    assert written.dropped == {"a question stands there twice": 2}


def test_probes_of_another_skill_or_split_are_dropped() -> None:
    dev = [one.model_copy(update={"split": "dev"}) for one in (A, A2)]
    written = write_probes(FixedAuthor(*dev, B, B2), [ADDING], 2, "test", accept)
    assert written.probes == (B, B2)
    assert written.dropped == {"for another skill or split than asked": 1}


def test_more_pairs_than_asked_are_cut() -> None:
    assert write_probes(FixedAuthor(A, A2, B, B2), [ADDING], 1, "test", accept).probes == (A, A2)


def test_domain_without_a_verifier_is_told_that_nothing_was_checked() -> None:
    written = write_probes(FixedAuthor(A, A2), [ADDING], 1, "test", None)
    assert written.probes == (A, A2)
    assert written.findings == ("The probes' own answers were not checked: the domain has no verifier.",)


def test_no_probe_at_all_is_an_error_with_its_reasons() -> None:
    with pytest.raises(
        UserError, match=r"'fixed' has no usable probe for any of 1 skills: its own .* it is 12 \(1\)"
    ):
        write_probes(FixedAuthor(B, B2), [ADDING], 1, "test", judge_thirteen_wrong)
    with pytest.raises(UserError, match="it wrote none"):
        write_probes(FixedAuthor(), [ADDING], 1, "test", accept)


def test_seal_changes_with_any_probe_and_with_the_order() -> None:
    assert seal([A, A2]) == seal([A, A2])
    assert len({seal([A, A2]), seal([A2, A]), seal([A]), seal([A, A2.model_copy(update={"answer": "8"})])}) == 4


def test_first_of_a_pair_is_the_probe_wherever_the_twin_stands() -> None:
    assert pairs_of([A, C, A2, C2]) == [(A, A2), (C, C2)]
