"""From a goal to a skill graph: a teacher breaks it up, tells skills apart, and says what is needed for what.

What the teacher says is kept as evidence, and gives way to a person's decisions and to what a syllabus states.
Whoever asks again with a cached teacher gets the same graph, without a call.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from skilladapt.prompts.reading import Unusable
from skilladapt.records import Evidence, Prerequisite, Record, Skill
from skilladapt.skills.alike import meaning
from skilladapt.skills.circles import open_circles
from skilladapt.skills.decompose import Decomposed, Limits, decompose
from skilladapt.skills.findings import FINDINGS
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.merge import Decision, merge
from skilladapt.skills.opinions import ask_needs, ask_same
from skilladapt.skills.prerequisites import propose
from skilladapt.skills.sections import Syllabus
from skilladapt.skills.signals import FloatArray, text_of
from skilladapt.skills.similar import MAX_SKILLS, near_duplicates
from skilladapt.skills.slug import comparable
from skilladapt.skills.syllabus import graph_of, mentions_of
from skilladapt.teachers.teacher import Sampling, Teacher

Encode = Callable[[Sequence[str]], FloatArray]
MOST_LISTED: Final = 60
"""Sections of syllabi that a teacher is told of one by one; of more, only the units are."""


class Opinions(Record):
    """What a teacher is asked about the skills that came out."""

    alike: float = 0.6
    """Pairs whose words are as alike as this (cosine) are asked about: whether they are one."""
    pairs: int = 100
    """Most of these, the most alike."""
    candidates: int = 8
    """Skills that are offered as prerequisites of each, the likeliest; 0: nothing is asked."""


@dataclass(frozen=True)
class _Chart:
    """The graph so far, and what it is made from."""

    syllabi: tuple[Syllabus, ...]
    decisions: tuple[Decision, ...]

    @cached_property
    def graph(self) -> SkillGraph:
        return graph_of(*self.syllabi, decisions=self.decisions)

    def places(self) -> list[str]:
        """A place for each skill of the graph, in its order."""
        edges = [edge for syllabus in self.syllabi for edge in syllabus.prerequisites]
        return [group[0].where for group in merge(mentions_of(self.syllabi), edges, self.decisions)]


def chart(
    goal: str,
    teacher: Teacher,
    syllabi: Sequence[Syllabus] = (),
    *,
    limits: Limits | None = None,
    opinions: Opinions | None = None,
    decisions: Sequence[Decision] = (),
    sampling: Sampling | None = None,
    encode: Encode | None = None,
) -> SkillGraph:
    """The graph of what `goal` takes: what the syllabi list, and what the teacher breaks it into.

    With `encode`, from texts to sentence vectors, skills are also alike by what they mean, not by words alone.
    Findings are kept with the graph. Raises `Unusable` where nothing is listed and the teacher cannot break it up,
    UserError for decisions that contradict one another, and what the teacher raises.
    """
    opinions, vectors = opinions or Opinions(), _Vectors(encode) if encode else None
    try:
        found = decompose(goal, teacher, limits, sampling, _listed(syllabi))
    except Unusable as fault:
        if not syllabi:
            raise
        made, remarks = _Chart(tuple(syllabi), tuple(decisions)), [f"'{goal}' was not broken up: {fault}."]
    else:
        own = found.syllabus.model_copy(
            update={"prerequisites": (*found.syllabus.prerequisites, *_into_wholes(syllabi, found))}
        )
        taken_over = _taken_over(syllabi, own)
        made = _Chart((*syllabi, own), (*decisions, *taken_over, *found.decisions))
        remarks = list(found.findings)
    made = _with_same(made, teacher, opinions, vectors)
    graph = _with_needs(made.graph, teacher, opinions, vectors, is_ordered=not syllabi)
    return SkillGraph(
        graph.skills, graph.prerequisites, graph.related, graph.merges, {FINDINGS: remarks} if remarks else {}
    )


def _listed(syllabi: Sequence[Syllabus]) -> list[str]:
    titles = [section.title for syllabus in syllabi for section in syllabus.sections]
    if len(titles) > MOST_LISTED:
        titles = [unit.title for syllabus in syllabi for unit in syllabus.units if unit.title]
    return list(dict.fromkeys(titles))[:MOST_LISTED]


def _taken_over(syllabi: Sequence[Syllabus], own: Syllabus) -> list[Decision]:
    """The teacher was told to name what the syllabi list, so an equal name is meant, however it is described."""
    listed = {meaning(section.title): section.where for one in syllabi for section in reversed(one.sections)}
    return [
        Decision(
            first=listed[meaning(section.title)],
            second=section.where,
            same=True,
            reason="the teacher was told of this section",
            is_firm=False,
        )
        for section in own.sections
        if meaning(section.title) in listed
    ]


def _into_wholes(syllabi: Sequence[Syllabus], found: Decomposed) -> list[Prerequisite]:
    """Where the teacher broke up what a syllabus lists, the parts come before the whole."""
    return [
        Prerequisite(
            before=part,
            after=section.where,
            evidence=(Evidence(source="teacher", where=f"{part} is a part of '{section.title}'"),),
        )
        for syllabus in syllabi
        for section in syllabus.sections
        for part in found.made_of.get(comparable(section.title), ())
    ]


class _Vectors:
    """Sentence vectors of skills; no text is encoded twice, since a merge changes few of them."""

    def __init__(self, encode: Encode) -> None:
        self._encode = encode
        self._known: dict[str, FloatArray] = {}

    def of(self, skills: Sequence[Skill]) -> FloatArray:
        """One row for each skill."""
        texts = [text_of(skill) for skill in skills]
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known |= zip(new, self._encode(new), strict=True)
        return np.stack([self._known[text] for text in texts])


def _with_same(made: _Chart, teacher: Teacher, opinions: Opinions, vectors: _Vectors | None) -> _Chart:
    """With the teacher's verdict on skills that are alike."""
    graph = made.graph
    if len(graph.skills) > MAX_SKILLS or not opinions.pairs:
        return made
    place = dict(zip((skill.id for skill in graph.skills), made.places(), strict=True))
    alike = near_duplicates(graph.skills, opinions.alike, vectors.of(graph.skills) if vectors else None)
    pairs = [(pair.first, pair.second) for pair in alike[: opinions.pairs]]
    said = ask_same(pairs, teacher)
    one = [pair for pair, same in zip(pairs, said, strict=True) if same]
    more = [
        Decision(
            first=place[first.id],
            second=place[second.id],
            same=True,
            reason=f"the teacher, of '{first.title}' and '{second.title}'",
            is_firm=False,
        )
        for first, second in one
    ]
    return replace(made, decisions=(*made.decisions, *more)) if more else made


def _with_needs(
    graph: SkillGraph, teacher: Teacher, opinions: Opinions, vectors: _Vectors | None, *, is_ordered: bool
) -> SkillGraph:
    """With the prerequisites that the teacher picks among likely ones; the weakest of a circle is given up.

    Where only the teacher named the skills, it named them in the order in which they are learned (`is_ordered`).
    """
    if not opinions.candidates or len(graph.skills) < 2:
        return graph
    skills: Mapping[str, Skill] = graph.by_id
    rank = range(len(graph.skills)) if is_ordered else None
    candidates: dict[str, list[str]] = defaultdict(list)
    vector_N_D = vectors.of(graph.skills) if vectors else None
    for one in propose(graph.skills, rank=rank, vector_N_D=vector_N_D, per_skill=opinions.candidates):
        candidates[one.after].append(one.before)
    open_ones = {id: [one for one in found if not graph.needs(id, one)] for id, found in candidates.items()}
    edges = [*graph.prerequisites, *ask_needs(open_ones, skills, teacher)]
    kept, given_up = open_circles({id: skill.title for id, skill in skills.items()}, edges)
    return SkillGraph(graph.skills, kept, list(dict.fromkeys([*graph.related, *given_up])), graph.merges)
