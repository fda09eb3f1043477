"""Which materials repeat one another, or what is held out for evaluation.

Two questions are *near* when their mathematics (numbers, operators, single letters, function names, in order) is
the same and the Jaccard similarity of their word pairs is at least 0.8. A word right before an opening bracket is
the name of a function, as in `drom(47)`. Without the first condition, `Find the slope of the curve
y = 3x^2 - 4x + 1 at x = 2.` and the same at 3 would be near (0.875), though the numbers are all that such a
question is about; without the second, no question could be asked in two ways. Openings, which ask nothing, do not
count (`openings`).
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rensa import RMinHash, RMinHashLSH

from skilladapt.openings import unopened
from skilladapt.records import Exercise, Probe, Textbook, canonical_question, material_id
from skilladapt.verification.tokens import CONSTANTS, FUNCTIONS

NEAR: Final = 0.8
_PERMUTATIONS: Final = 128
_BANDS: Final = 32
"""32 bands of 4: a pair with a similarity of 0.8 is missed with a probability of (1 - 0.8^4)^32 = 5e-8."""
_CALLED: Final = re.compile(r"[^\W\d_]+(?=\()")
_LONG_GRAM: Final = 13
_SHORT_GRAM: Final = 8
_SHORT_SHARE: Final = 0.5
"""One shared run of 13 words, or half of a question's runs of 8 words, is no accident."""


def find_duplicates(exercises: Sequence[Exercise], existing: Iterable[str] = ()) -> dict[str, str]:
    """Exercises whose question equals, or is near to, an earlier one's; exercise id to reason.

    `existing` questions come first, then exercises by id, so who survives does not depend on their order.
    """
    index = _Index()
    for question in existing:
        index.add(question)
    found: dict[str, str] = {}
    for exercise in sorted(exercises, key=lambda exercise: exercise.exercise_id):
        earlier = index.find(exercise.question)
        if earlier is None:
            index.add(exercise.question)
        else:
            found[exercise.exercise_id] = f"repeats {_quoted(earlier)}"
    return found


def find_overlap(
    materials: Sequence[Exercise | Textbook],
    probes: Sequence[Probe],
    benchmark_questions: Collection[str] = (),
) -> dict[str, str]:
    """Materials that overlap with a probe or with a benchmark's question; material id to reason.

    An exercise overlaps when its question equals, or is near to, one of them; a textbook when it contains the
    wording of one. Against benchmarks both also overlap when they share 13 successive words with a question, or
    half of its runs of 8 words.
    """
    held_out = [probe.question for probe in probes]
    index = _Index()
    for question in (*held_out, *benchmark_questions):
        index.add(question)
    wordings = [(" ".join(_tokens(unopened(one))).strip(" .?!"), one) for one in index.questions]
    grams = _Grams.of(benchmark_questions)
    found: dict[str, str] = {}
    for material in materials:
        text = material.question if isinstance(material, Exercise) else material.text
        earlier = (
            index.find(text) if isinstance(material, Exercise) else _wording_in(text, wordings)
        ) or grams.find(text)
        if earlier is not None:
            owner = "a probe" if earlier in held_out else "a benchmark question"
            found[material_id(material)] = f"overlaps with {owner}: {_quoted(earlier)}"
    return found


def similarity(first: str, second: str) -> float:
    """Jaccard similarity of the word pairs of two questions, in [0, 1]; 0 where their mathematics differs."""
    if _mathematics(first) != _mathematics(second):
        return 0.0
    left, right = _pairs(first), _pairs(second)
    return len(left & right) / len(left | right)


class _Index:
    """Questions that can be asked for one that is equal or near."""

    def __init__(self) -> None:
        self.questions: list[str] = []
        self._by_canonical: dict[str, str] = {}
        self._near = RMinHashLSH(threshold=NEAR, num_perm=_PERMUTATIONS, num_bands=_BANDS)

    def add(self, question: str) -> None:
        """Adds a question; repeated ones change nothing."""
        bare = unopened(question)
        if self._by_canonical.setdefault(_same(bare), question) is question:
            self._near.insert(len(self.questions), _signature(bare))
            self.questions.append(question)

    def find(self, question: str) -> str | None:
        """The first question added that equals or is near to this one."""
        bare = unopened(question)
        same = self._by_canonical.get(_same(bare))
        if same is not None:
            return same
        candidates = sorted(int(key) for key in self._near.query(_signature(bare)))
        near = (self.questions[key] for key in candidates)
        return next((other for other in near if similarity(bare, unopened(other)) >= NEAR), None)


def _same(question: str) -> str:
    """What equal questions have in common; the mark that ends a question in words does not count."""
    return canonical_question(re.sub(r"(?<=[^\W\d_]{2})[\s.?!]+\Z", "", question))


def _signature(question: str) -> RMinHash:
    # The mathematics goes into every shingle: questions with other mathematics share none and are no candidates.
    mathematics = " ".join(_mathematics(question))
    signature = RMinHash(num_perm=_PERMUTATIONS, seed=1)
    signature.update(sorted(f"{mathematics}|{left} {right}" for left, right in _pairs(question)))
    return signature


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text.replace("−", "-")).casefold()


def _tokens(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+|\d+(?:\.\d+)?|[^\w\s]", _plain(text))


def _mathematics(question: str) -> tuple[str, ...]:
    called = frozenset(_CALLED.findall(_plain(question)))
    names = FUNCTIONS | CONSTANTS | called
    return tuple(
        token
        for token in _tokens(question)
        if token not in (*".,;:?!'\"", "a", "i") and (len(token) == 1 or token[0].isdigit() or token in names)
    )


def _pairs(question: str) -> frozenset[tuple[str, str]]:
    return frozenset(pairwise(["", *_tokens(question), ""]))


def _wording_in(text: str, wordings: Sequence[tuple[str, str]]) -> str | None:
    """The first question whose words stand in the text, not as the beginning of a longer formula."""
    words = f" {' '.join(_tokens(text))} "
    for wording, question in wordings:
        start = words.find(f" {wording} ")
        while start >= 0:
            if words[start + len(wording) + 2] not in "+-*/^(=":
                return question
            start = words.find(f" {wording} ", start + 1)
    return None


@dataclass(frozen=True)
class _Grams:
    """Runs of words of outside questions."""

    long: dict[tuple[str, ...], str]
    short: dict[tuple[str, ...], list[str]]
    counts: dict[str, int]
    """How many different runs of 8 words a question has."""

    @classmethod
    def of(cls, questions: Iterable[str]) -> "_Grams":
        long: dict[tuple[str, ...], str] = {}
        short: dict[tuple[str, ...], list[str]] = {}
        counts: dict[str, int] = {}
        for question in questions:
            for gram in _runs(question, _LONG_GRAM):
                long.setdefault(gram, question)
            runs = _runs(question, _SHORT_GRAM)
            counts[question] = len(runs)
            for gram in runs:
                short.setdefault(gram, []).append(question)
        return cls(long, short, counts)

    def find(self, text: str) -> str | None:
        """A question that shares enough with the text."""
        if not self.counts:
            return None
        for gram in sorted(_runs(text, _LONG_GRAM)):
            if gram in self.long:
                return self.long[gram]
        shared: dict[str, int] = {}
        for gram in _runs(text, _SHORT_GRAM):
            for question in self.short.get(gram, ()):
                shared[question] = shared.get(question, 0) + 1
        enough = (
            question for question in sorted(shared) if shared[question] >= _SHORT_SHARE * self.counts[question]
        )
        return next(enough, None)


def _runs(text: str, length: int) -> set[tuple[str, ...]]:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("$", " ")
    words = [word for raw in plain.split() if (word := raw.strip(".,;:?!\"'()"))]
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}


def _quoted(question: str) -> str:
    short = " ".join(question.split())
    return repr(short if len(short) <= 80 else short[:77] + "...")
