"""Replies become graded answers, and graded answers become accuracies with intervals.

Whether an answer is right is decided elsewhere; how a reply was produced is not known here.
"""

from collections.abc import Callable, Mapping, Sequence

from scipy.stats import binomtest

from skilladapt.evaluation.probes import pairs_of
from skilladapt.evaluation.replies import find_answer
from skilladapt.records import Answer, AnswerType, Probe, Score, Verdict

Answerer = Callable[[Sequence[str]], Sequence[str]]
"""Questions to replies, in order."""
Grader = Callable[[Sequence[str], Sequence[str], Sequence[str], Sequence[AnswerType]], Sequence[Verdict]]
"""Questions, expected answers, given answers and their types to verdicts, in order."""


def grade(when: str, probes: Sequence[Probe], replies: Sequence[str], grader: Grader) -> list[Answer]:
    """What a model answered to each probe, in order. A reply without an answer is wrong, ungraded."""
    given = [find_answer(reply, probe.answer_type) for probe, reply in zip(probes, replies, strict=True)]
    correct = judge(
        [probe.question for probe in probes],
        [probe.answer for probe in probes],
        given,
        [probe.answer_type for probe in probes],
        grader,
    )
    return [
        Answer(
            when=when,
            probe_id=probe.probe_id,
            skill_id=probe.skill_id,
            question=probe.question,
            expected=probe.answer,
            given=answer,
            correct=right,
        )
        for probe, answer, right in zip(probes, given, correct, strict=True)
    ]


def judge(
    questions: Sequence[str],
    expected: Sequence[str],
    given: Sequence[str],
    types: Sequence[AnswerType],
    grader: Grader,
) -> list[bool | None]:
    """Whether each given answer is right; None where it could not be decided. Empty ones are never graded."""
    answered = [index for index, answer in enumerate(given) if answer]
    verdicts = grader(
        [questions[index] for index in answered],
        [expected[index] for index in answered],
        [given[index] for index in answered],
        [types[index] for index in answered],
    )
    decided: dict[int, bool | None] = {
        index: None if verdict.verdict == "undecided" else verdict.verdict == "correct"
        for index, verdict in zip(answered, verdicts, strict=True)
    }
    return [decided.get(index, False) for index in range(len(given))]


def score(answers: Sequence[Answer], probes: Sequence[Probe], level_of: Mapping[str, int]) -> list[Score]:
    """Accuracies for `all`, every `family:NAME`, `level:N` and skill, in this order, for each `when`.

    `probe_set` is `probes` (the first of each pair), `twins` (the second) or `pairs`: a pair is right when both
    are, wrong when one is wrong, and undecided otherwise. `level_of` maps skill ids to levels. Raises `ValueError`
    for a probe without its twin and `KeyError` for one without an answer: leaving questions out would flatter.
    """
    groups = _groups(pairs_of(probes), level_of)
    scores = []
    for when in dict.fromkeys(answer.when for answer in answers):
        correct = {answer.probe_id: answer.correct for answer in answers if answer.when == when}
        for group, pairs in groups.items():
            first = [correct[probe.probe_id] for probe, _ in pairs]
            second = [correct[twin.probe_id] for _, twin in pairs]
            both = [_both(one, other) for one, other in zip(first, second, strict=True)]
            scores += [
                summarise(when, group, name, known)
                for name, known in (("probes", first), ("twins", second), ("pairs", both))
            ]
    return scores


def summarise(when: str, skill_id: str, probe_set: str, correct: Sequence[bool | None]) -> Score:
    """The accuracy over at least one outcome, undecided (None) ones counted as wrong, with its Wilson interval."""
    right = sum(outcome is True for outcome in correct)
    low, high = wilson(right, len(correct))
    return Score(
        when=when,
        skill_id=skill_id,
        probe_set=probe_set,
        n=len(correct),
        correct=right,
        decided=sum(outcome is not None for outcome in correct),
        accuracy=right / len(correct),
        ci_low=low,
        ci_high=high,
    )


def wilson(correct: int, n: int) -> tuple[float, float]:
    """The 95% score interval of a share (E. B. Wilson, JASA 22, 1927): sound for small `n` and at 0 and 1."""
    interval = binomtest(correct, n).proportion_ci(confidence_level=0.95, method="wilson")
    return float(interval.low), float(interval.high)


def _groups(
    pairs: Sequence[tuple[Probe, Probe]], level_of: Mapping[str, int]
) -> dict[str, list[tuple[Probe, Probe]]]:
    groups = {"all": list(pairs)}
    for pair in pairs:
        if pair[0].family:
            groups.setdefault(f"family:{pair[0].family}", []).append(pair)
    for level in sorted({level_of[probe.skill_id] for probe, _ in pairs}):
        groups[f"level:{level}"] = [pair for pair in pairs if level_of[pair[0].skill_id] == level]
    for pair in pairs:
        groups.setdefault(pair[0].skill_id, []).append(pair)
    return groups


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True
