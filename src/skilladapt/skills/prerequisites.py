"""Which skills need which, inferred without a teacher: scored candidates with reasons, chosen into weak edges.

`propose` scores pairs by counted words alone (and sentence vectors, where given); `rescored` lets something else
judge the same candidates, such as a teacher; `choose` makes an acyclic choice of them. Nothing here is certain, so
it stays apart from what a syllabus states: `with_similarity` adds edges only to skills for which nothing is
stated, with evidence of its own kind.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from skilladapt.records import Evidence, Prerequisite, Record, Skill
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.signals import BLOCK, FloatArray, signals_of
from skilladapt.skills.weights import LEXICAL, WITH_MEANING, Weights

Scorer = Callable[[Sequence[tuple[Skill, Skill]]], Sequence[float]]
"""From pairs (before, after) to numbers in 0..1: how sure it is that the second needs the first."""

AT_MOST = 3
"""Edges into one skill; authors state two or three."""


class Candidate(Record):
    """A possible prerequisite."""

    before: str
    after: str
    score: float
    """In 0..1. An estimated probability where it comes from `propose`, with weights fitted on mathematics."""
    reason: str
    """What the score rests on, for a person."""


def propose(
    skills: Sequence[Skill],
    *,
    rank: Sequence[int] | None = None,
    vector_N_D: FloatArray | None = None,
    weights: Weights | None = None,
    per_skill: int = 10,
) -> list[Candidate]:
    """The `per_skill` likeliest prerequisites of every skill, skill by skill, the likeliest first.

    `rank` is what is known of the order: a position in a syllabus, or a grade. A skill of smaller rank can only
    come before, and among equals the order is guessed from the texts; without ranks all of it is. `vector_N_D` are
    sentence vectors of `signals.text_of`. Skills are told apart by their place here, never by their ids. 4,907
    skills take 11 s and 0.5 GB on one core.
    """
    if not skills:
        return []
    signals = signals_of(skills, vector_N_D)
    weights = weights or (LEXICAL if vector_N_D is None else WITH_MEANING)
    rank_N = np.zeros(len(skills), dtype=np.int64) if rank is None else np.array(rank, dtype=np.int64)
    if rank_N.shape != (len(skills),):
        raise ValueError(f"{rank_N.size} ranks for {len(skills)} skills")
    found = []
    for start in range(0, len(skills), BLOCK):
        after_K = np.arange(start, min(start + BLOCK, len(skills)))
        into = signals.into(after_K)
        ahead_N_K = np.sign(rank_N[None, after_K] - rank_N[:, None])
        before_N_K = np.where(ahead_N_K == 0, expit(weights.before_odds(into)), ahead_N_K > 0)
        score_N_K = expit(weights.related_odds(into)) * before_N_K
        score_N_K[after_K, after_K - start] = 0
        for column, after in enumerate(after_K.tolist()):
            for before in _largest(score_N_K[:, column], per_skill):
                here = {name: float(signal[before, column]) for name, signal in into.items()}
                guessed = float(before_N_K[before, column]) if ahead_N_K[before, column] == 0 else None
                found.append(
                    Candidate(
                        before=skills[before].id,
                        after=skills[after].id,
                        score=float(score_N_K[before, column]),
                        reason=_reason(here, signals.shared_words(before, after), guessed, weights),
                    )
                )
    return found


_WORDS = {
    "unit": "the same unit",
    "named": "the later names the earlier more than the other way round",
    "reference": "what is like the later names the earlier",
    "centre": "the earlier is more like the rest of the subject",
}


def _reason(signals: Mapping[str, float], shared: Sequence[str], guessed: float | None, weights: Weights) -> str:
    """What speaks for a candidate; `guessed` is the chance that it comes first, None where that is known."""
    alike = [f"texts alike {signals['text']:.2f}" + (f" ({', '.join(shared)})" if shared else "")]
    if "meaning" in signals:
        alike.append(f"meanings alike {signals['meaning']:.2f}")
    if signals["unit"]:
        alike.append(_WORDS["unit"])
    if guessed is None:
        return "; ".join([*alike, "stands earlier"])
    signs = [_WORDS[name] for name, weight in weights.before.items() if weight * signals[name] > 0]
    return "; ".join([*alike, f"earlier with a chance of {guessed:.2f}", *signs])


def _largest(score_N: FloatArray, most: int) -> list[int]:
    """Places of the `most` largest scores above zero, the largest first, ties by place."""
    places: NDArray[np.int64] = np.argsort(-score_N, kind="stable")[:most]
    return [place for place in places.tolist() if score_N[place] > 0]


def rescored(candidates: Sequence[Candidate], skills: Sequence[Skill], scorer: Scorer, by: str) -> list[Candidate]:
    """The same candidates with the scores of another judge, called `by` in their reasons."""
    by_id = {skill.id: skill for skill in skills}
    scores = list(scorer([(by_id[candidate.before], by_id[candidate.after]) for candidate in candidates]))
    if len(scores) != len(candidates):
        raise ValueError(f"the scorer gave {len(scores)} scores for {len(candidates)} pairs")
    if wrong := [score for score in scores if not (math.isfinite(score) and 0 <= score <= 1)]:
        raise ValueError(f"the scorer gave {wrong[0]}; scores are between 0 and 1")
    return [
        candidate.model_copy(
            update={"score": float(score), "reason": f"{score:.2f} by {by}; before: {candidate.reason}"}
        )
        for candidate, score in zip(candidates, scores, strict=True)
    ]


def choose(
    candidates: Iterable[Candidate],
    *,
    at_most: int = AT_MOST,
    threshold: float = 0.0,
    stated: Iterable[tuple[str, str]] = (),
    implied: bool = True,
) -> list[Candidate]:
    """The candidates that become edges, the surest first: `at_most` into each skill, none below the threshold.

    Scores are comparable within a syllabus and hardly between syllabi, so there is no threshold unless asked for.
    None closes a circle with surer ones or with `stated` edges. Without `implied`, those are left out that follow
    from surer ones.
    """
    order = _Closure()
    for before, after in stated:
        order.add(before, after)
    chosen = []
    count: Counter[str] = Counter()
    for candidate in sorted(candidates, key=lambda candidate: -candidate.score):
        before, after = candidate.before, candidate.after
        if candidate.score < threshold or count[after] == at_most or order.has(after, before):
            continue
        if implied or not order.has(before, after):
            order.add(before, after)
            count[after] += 1
            chosen.append(candidate)
    return chosen


class _Closure:
    """Which id comes before which, directly or not, while edges are added."""

    def __init__(self) -> None:
        self._bit: dict[str, int] = {}
        self._below: defaultdict[str, int] = defaultdict(int)
        """Everything before an id, a bit each: whole numbers make unions of thousands cheap."""
        self._above: defaultdict[str, list[str]] = defaultdict(list)

    def has(self, before: str, after: str) -> bool:
        return bool(self._below[after] & self._bit.setdefault(before, 1 << len(self._bit)))

    def add(self, before: str, after: str) -> None:
        gained = self._below[before] | self._bit.setdefault(before, 1 << len(self._bit))
        self._above[before].append(after)
        reached = [after]
        while reached:
            id = reached.pop()
            if gained & ~self._below[id]:
                self._below[id] |= gained
                reached += self._above[id]


def with_similarity(
    graph: SkillGraph,
    candidates: Iterable[Candidate],
    *,
    at_most: int = AT_MOST,
    threshold: float = 0.0,
) -> SkillGraph:
    """The graph with weak edges into skills for which no prerequisite is stated; none that others imply."""
    stated = [(edge.before, edge.after) for edge in graph.prerequisites]
    needy = {skill.id for skill in graph.skills if not graph.before(skill.id)}
    open_ones = [candidate for candidate in candidates if candidate.after in needy]
    edges = [
        Prerequisite(
            before=candidate.before,
            after=candidate.after,
            evidence=(Evidence(source="similarity", where=f"{candidate.score:.2f}: {candidate.reason}"),),
        )
        for candidate in choose(open_ones, at_most=at_most, threshold=threshold, stated=stated, implied=False)
    ]
    return SkillGraph(graph.skills, [*graph.prerequisites, *edges], graph.related, graph.merges, graph.others)
