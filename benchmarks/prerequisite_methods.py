"""Ways to predict prerequisites: the baselines, and ours as a method among them."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hidden_syllabi import Hidden
from skilladapt.evaluation.edges import Agreement, Edge, agreement
from skilladapt.records import Skill
from skilladapt.skills.prerequisites import Candidate, Scorer, choose, propose, rescored
from skilladapt.skills.signals import signals_of, text_of
from skilladapt.skills.terms import terms_of
from skilladapt.skills.weights import Weights, fit_weights

Vectors = Callable[[Sequence[Skill]], np.ndarray]


@dataclass(frozen=True)
class Prediction:
    edges: Sequence[Edge]
    """Ours: the surest first."""
    ranked: Mapping[str, Sequence[str]]
    """For each skill, what it may need, the likeliest first."""


def previous(hidden: Hidden) -> Prediction:
    """Each section needs the one before it."""
    ids = sorted(hidden.rank, key=lambda id: hidden.rank[id])
    steps = list(zip(ids, ids[1:], strict=False))
    return Prediction(steps, {after: [before] for before, after in steps})


def domain_below(hidden: Hidden) -> Prediction:
    """All of the same domain, one grade below."""
    edges = [
        (a.id, b.id)
        for a in hidden.skills
        for b in hidden.skills
        if a.part_of == b.part_of and hidden.rank[a.id] == hidden.rank[b.id] - 1
    ]
    return Prediction(edges, {})


def most_alike(
    hidden: Hidden,
    most: int,
    *,
    ranked: bool,
    strict: bool = True,
    by_names: bool = False,
    vectors: Vectors | None = None,
) -> Prediction:
    """Each skill needs the `most` likest ones of smaller rank, by plain TF-IDF or by sentence vectors.

    Unless `strict`, skills of equal rank (all of them with `ranked` off) can need one another: which one does is
    told by the titles (`by_names`) or by a coin.
    """
    vector = None if vectors is None else vectors(hidden.skills)
    cosine = plain_cosine(hidden.skills) if vector is None else vector @ vector.T
    size = len(hidden.skills)
    rank = np.array(hidden.ranks) if ranked else np.zeros(size, dtype=int)
    earlier = rank[:, None] < rank[None, :]
    if not strict:
        half = np.triu(np.random.default_rng(size).uniform(-1, 1, (size, size)), 1)
        coin = half - half.T
        sign = naming(hidden.skills) if by_names else coin
        earlier |= (rank[:, None] == rank[None, :]) & (np.where(sign == 0, coin, sign) > 0)
    ids = [skill.id for skill in hidden.skills]
    order = {}
    for after in range(len(ids)):
        places = np.flatnonzero(earlier[:, after])
        best = places[np.argsort(-cosine[places, after], kind="stable")][:10]
        order[ids[after]] = [ids[place] for place in best]
    return Prediction([(before, after) for after, best in order.items() for before in best[:most]], order)


def plain_cosine(skills: Sequence[Skill]) -> np.ndarray:
    """TF-IDF as it is usually taken: every word as it stands, 1 + log of its count, log of N / documents."""
    words = [Counter(re.findall(r"\b\w\w+\b", f"{s.title} {s.description}".lower())) for s in skills]
    column = {word: place for place, word in enumerate(dict.fromkeys(word for count in words for word in count))}
    matrix = np.zeros((len(words), len(column)))
    for row, count in enumerate(words):
        for word, times in count.items():
            matrix[row, column[word]] = 1 + np.log(times)
    matrix *= np.log(len(words) / (matrix > 0).sum(axis=0))
    matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)
    return matrix @ matrix.T


def naming(skills: Sequence[Skill]) -> np.ndarray:
    """How much more the second's text has of the first's title than the other way round."""
    terms = terms_of(skills)
    share = (terms.title_N_V @ terms.uses_N_V.T).toarray()
    return share - share.T


@dataclass(frozen=True)
class Choice:
    at_most: int
    implied: bool

    def __str__(self) -> str:
        return f"at most {self.at_most} into a skill" + ("" if self.implied else ", none that others imply")


# No threshold: one that is best for one syllabus is far off for another, whose skills are more or less alike.
CHOICES = [Choice(at_most, implied) for at_most in (1, 2, 3, 4) for implied in (True, False)]


@dataclass(frozen=True)
class Ours:
    weights: Weights
    vectors: Vectors | None
    choice: Choice
    scorer: Scorer | None = None

    def candidates(self, hidden: Hidden, *, ranked: bool) -> list[Candidate]:
        vectors = self.vectors(hidden.skills) if self.vectors else None
        found = propose(
            hidden.skills, rank=hidden.ranks if ranked else None, vector_N_D=vectors, weights=self.weights
        )
        return rescored(found, hidden.skills, self.scorer, "the scorer") if self.scorer else found

    def predict(self, hidden: Hidden, *, ranked: bool) -> Prediction:
        candidates = self.candidates(hidden, ranked=ranked)
        order: dict[str, list[str]] = {}
        for candidate in sorted(candidates, key=lambda candidate: -candidate.score):
            order.setdefault(candidate.after, []).append(candidate.before)
        return Prediction(chosen(candidates, self.choice), order)


def chosen(candidates: Sequence[Candidate], choice: Choice) -> list[Edge]:
    edges = choose(candidates, at_most=choice.at_most, implied=choice.implied)
    return [(edge.before, edge.after) for edge in edges]


def fitted(train: Sequence[Hidden], vectors: Vectors | None) -> Weights:
    """Weights from the edges of some syllabi, without their order."""
    examples = []
    for hidden in train:
        place = {skill.id: index for index, skill in enumerate(hidden.skills)}
        signals = signals_of(hidden.skills, vectors(hidden.skills) if vectors else None)
        examples.append((signals, sorted((place[before], place[after]) for before, after in hidden.edges)))
    return fit_weights(examples)


def tuned(
    train: Sequence[Hidden], vectors: Vectors | None, *, ranked: bool, weights: Weights | None = None
) -> Ours:
    """Ours with weights fitted, and its choice made for the best F1 (the mean over syllabi), on `train` alone."""
    weights = weights or fitted(train, vectors)
    ours = Ours(weights, vectors, CHOICES[0])
    candidates = [ours.candidates(hidden, ranked=ranked) for hidden in train]

    def f1(choice: Choice) -> float:
        return float(np.mean([whole(chosen(c, choice), h).f1 for c, h in zip(candidates, train, strict=True)]))

    return Ours(weights, vectors, max(CHOICES, key=f1))


def whole(edges: Sequence[Edge], hidden: Hidden) -> Agreement:
    return agreement(edges, hidden.edges, [skill.id for skill in hidden.skills])


def text_vectors(encode: Callable[[Sequence[str]], np.ndarray]) -> Vectors:
    """The encoder with a memory: the same texts come back in every shuffle."""
    known: dict[str, np.ndarray] = {}

    def vectors(skills: Sequence[Skill]) -> np.ndarray:
        texts = [text_of(skill) for skill in skills]
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, encode(new), strict=True) if new else ())
        return np.array([known[text] for text in texts])

    return vectors
