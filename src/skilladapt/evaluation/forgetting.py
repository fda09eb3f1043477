"""What a student forgets while it learns: a panel of general questions and texts, asked before and after.

The panel is ours, ships with the package and is far from every domain taught, so a drop in it is forgetting. It is
small: it shows a collapse, not a change of a few percent. A student that learned to reply briefly also names fewer
right words by chance than one that rambles, so read the accuracy beside the loss on the texts.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from importlib.resources import files

import numpy as np

from skilladapt.evaluation.paired import bootstrap_interval
from skilladapt.evaluation.replies import find_answer
from skilladapt.evaluation.scores import summarise
from skilladapt.records import ANSWER_MARK, Answer, Record, Score

PANEL = "panel"
"""The `probe_set` and `skill_id` of everything said about the panel."""
MAX_WORDS_READ = 60
"""Only so many first words of a reply are searched, so that rambling on finds no answer."""

TextLoss = Callable[[Sequence[str]], Sequence[float]]
"""Texts to the mean negative log-likelihood of each one's tokens (nats per token), in order."""


class PanelQuestion(Record):
    """A general question with a short answer."""

    id: str
    question: str
    accepted: tuple[str, ...]
    """Any of these words answers it."""
    choices: tuple[str, ...] = ()
    """The alternatives that the question itself offers; whichever a reply names first is its answer."""


class PanelResult(Record):
    """What one model made of the panel."""

    when: str
    answers: tuple[Answer, ...]
    loss_T: tuple[float, ...]
    """Nats per token of each panel text."""


class Change(Record):
    """A paired difference with its 95% bootstrap interval over the panel's items."""

    before: float
    after: float
    difference: float
    ci_low: float
    ci_high: float


class Forgetting(Record):
    """The panel after training compared with before; a fall in accuracy or a rise in loss is forgetting."""

    before: str
    after: str
    questions: int
    accuracy: Change
    texts: int
    loss: Change
    """Nats per token, mean over texts."""


def panel_questions() -> list[PanelQuestion]:
    """The general questions, always in the same order."""
    lines = _packaged("panel.jsonl").splitlines()
    return [PanelQuestion.model_validate_json(line) for line in lines]


def panel_texts() -> list[str]:
    """The general texts, a paragraph each, always in the same order."""
    return [paragraph.strip() for paragraph in _packaged("panel.txt").split("\n\n")]


def ask_panel(when: str, answer: Callable[[Sequence[str]], Sequence[str]], text_loss: TextLoss) -> PanelResult:
    """Asks a model all questions of the panel and measures its loss on all texts."""
    questions = panel_questions()
    replies = answer([question.question for question in questions])
    answers = tuple(_graded(when, question, reply) for question, reply in zip(questions, replies, strict=True))
    return PanelResult(when=when, answers=answers, loss_T=tuple(text_loss(panel_texts())))


def score_panel(answers: Sequence[Answer]) -> Score:
    """The accuracy over one model's panel answers, at least one."""
    return summarise(answers[0].when, PANEL, PANEL, [answer.correct for answer in answers])


def measure_forgetting(before: PanelResult, after: PanelResult, *, seed: int) -> Forgetting:
    """How the panel changed, item by item. Raises `ValueError` when the two were asked different things."""
    if [one.probe_id for one in before.answers] != [one.probe_id for one in after.answers]:
        raise ValueError("forgetting compares answers to the same questions in the same order")
    return Forgetting(
        before=before.when,
        after=after.when,
        questions=len(before.answers),
        accuracy=_change(
            [float(one.correct is True) for one in before.answers],
            [float(one.correct is True) for one in after.answers],
            seed,
        ),
        texts=len(before.loss_T),
        loss=_change(before.loss_T, after.loss_T, seed),
    )


def is_answered(question: PanelQuestion, reply: str) -> bool:
    """Whether an accepted answer stands in `reply` as whole words.

    What follows an `Answer:` is read when there is one, the reply's first words otherwise. Of offered choices the
    first one named counts, so naming them all proves nothing.
    """
    marked = find_answer(reply, "text") if ANSWER_MARK.casefold() in reply.casefold() else ""
    words = _words(marked or reply)[:MAX_WORDS_READ]
    if not question.choices:
        return any(_position(words, answer) is not None for answer in question.accepted)
    named = {choice: _position(words, choice) for choice in question.choices}
    places = {choice: place for choice, place in named.items() if place is not None}
    return bool(places) and min(places, key=places.__getitem__) in question.accepted


def _graded(when: str, question: PanelQuestion, reply: str) -> Answer:
    return Answer(
        when=when,
        probe_id=question.id,
        skill_id=PANEL,
        question=question.question,
        expected=question.accepted[0],
        given=" ".join(reply.split()[:MAX_WORDS_READ]),
        correct=is_answered(question, reply),
    )


def _change(before: Sequence[float], after: Sequence[float], seed: int) -> Change:
    difference_1_J = np.array([after]) - np.array([before])
    low, high = bootstrap_interval(difference_1_J, [PANEL] * len(before), seed=seed)
    return Change(
        before=float(np.mean(before)),
        after=float(np.mean(after)),
        difference=float(difference_1_J.mean()),
        ci_low=low,
        ci_high=high,
    )


def _words(text: str) -> list[str]:
    # A decimal stays one word: `3.12` must not answer a question after 12.
    return re.findall(r"\d+(?:[.,]\d+)*|\w+", unicodedata.normalize("NFKC", text).casefold())


def _position(words: Sequence[str], answer: str) -> int | None:
    """Index in `words` where all words of `answer` follow one another; None where they never do."""
    sought = _words(answer)
    starts = range(len(words) - len(sought) + 1)
    return next((start for start in starts if list(words[start : start + len(sought)]) == sought), None)


def _packaged(name: str) -> str:
    return (files("skilladapt.evaluation") / name).read_text(encoding="utf-8")
