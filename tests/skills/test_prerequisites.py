import itertools

import networkx as nx
import numpy as np
import pytest

from skilladapt.records import Prerequisite, Skill
from skilladapt.skills import prerequisites as module
from skilladapt.skills.graph import SkillGraph, declared
from skilladapt.skills.prerequisites import Candidate, choose, propose, rescored, with_similarity

SKILLS = [
    Skill(id="rational", title="Rational equations", description="- Clear fractions\n- Solve equations"),
    Skill(id="fractions", title="Fractions", description="- Name parts of a whole"),
    Skill(id="sonnets", title="Sonnets", description="- Read aloud"),
    Skill(id="equations", title="Equations", description="- Solve by balancing"),
]


def candidate(pair: str, score: float = 0.5) -> Candidate:
    return Candidate(before=pair[0], after=pair[1], score=score, reason="")


def pairs(candidates: list[Candidate]) -> list[str]:
    return [candidate.before + candidate.after for candidate in candidates]


def test_without_an_order_what_is_named_comes_first() -> None:
    best = {c.after: c for c in reversed(propose(SKILLS))}
    assert best["rational"].before == "equations"
    score = {(c.before, c.after): c.score for c in propose(SKILLS)}
    assert score["equations", "rational"] > score["rational", "equations"]
    assert score["equations", "rational"] > score["sonnets", "rational"]


def test_a_known_order_is_never_contradicted() -> None:
    rank = {"rational": 0, "fractions": 3, "sonnets": 2, "equations": 1}
    found = propose(SKILLS, rank=[rank[skill.id] for skill in SKILLS])
    assert found and all(rank[c.before] < rank[c.after] for c in found)
    assert "stands earlier" in found[0].reason


def test_equal_ranks_leave_the_order_to_the_texts() -> None:
    found = propose(SKILLS, rank=[1, 0, 0, 1])
    guessed = [c for c in found if "earlier with a chance" in c.reason]
    assert {frozenset((c.before, c.after)) for c in guessed} == {
        frozenset(("rational", "equations")),
        frozenset(("fractions", "sonnets")),
    }


def test_every_candidate_says_why() -> None:
    found = {(c.before, c.after): c.reason for c in propose(SKILLS, vector_N_D=np.eye(4) + 0.5)}
    reason = found["equations", "rational"]
    assert "(equations, solve)" in reason and "meanings alike 0." in reason
    assert "the later names the earlier more than the other way round" in reason
    assert "more than the other way round" not in found["rational", "equations"]


def test_at_most_so_many_candidates_into_a_skill_and_none_from_itself() -> None:
    found = propose(SKILLS, per_skill=2)
    assert max(sum(c.after == skill.id for c in found) for skill in SKILLS) == 2
    assert all(c.before != c.after and 0 < c.score < 1 for c in found)


def test_candidates_do_not_depend_on_the_order_or_ids_of_skills() -> None:
    def scores(skills: list[Skill]) -> dict[tuple[str, str], float]:
        title = {skill.id: skill.title for skill in skills}
        return {(title[c.before], title[c.after]): round(c.score, 9) for c in propose(skills)}

    turned = [skill.model_copy(update={"id": f"x{n}"}) for n, skill in enumerate(reversed(SKILLS))]
    assert scores(turned) == scores(SKILLS)


def test_blocks_do_not_change_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [(c.before, c.after, pytest.approx(c.score)) for c in propose(SKILLS)]
    monkeypatch.setattr(module, "BLOCK", 3)
    assert [(c.before, c.after, c.score) for c in propose(SKILLS)] == whole


def test_few_skills_have_few_candidates() -> None:
    assert propose([]) == [] and propose(SKILLS[:1]) == []
    assert len(propose([SKILLS[0], SKILLS[3]])) == 2


def test_ranks_must_be_as_many_as_skills() -> None:
    with pytest.raises(ValueError, match="1 ranks for 4 skills"):
        propose(SKILLS, rank=[1])


def test_another_judge_scores_the_same_candidates() -> None:
    found = propose(SKILLS)
    judged = rescored(found, SKILLS, lambda asked: [float(b.id == "fractions") for b, _ in asked], "a teacher")
    assert [(c.before, c.after) for c in judged] == [(c.before, c.after) for c in found]
    assert {c.score for c in judged if c.before == "fractions"} == {1.0}
    assert judged[0].reason == f"{judged[0].score:.2f} by a teacher; before: {found[0].reason}"


@pytest.mark.parametrize(
    "scores, fault", [([0.5], "1 scores for"), ([1.5], "gave 1.5"), ([float("nan")], "gave nan")]
)
def test_scores_that_are_none_are_refused(scores: list[float], fault: str) -> None:
    found = propose(SKILLS)
    many = scores if "scores for" in fault else scores * len(found)
    with pytest.raises(ValueError, match=fault):
        rescored(found, SKILLS, lambda asked: many, "a teacher")


def test_the_surest_are_chosen_first_and_close_no_circle() -> None:
    found = [candidate("ab", 0.4), candidate("bc", 0.9), candidate("ca", 0.8)]
    assert pairs(choose(found)) == ["bc", "ca"]


def test_stated_edges_are_surer_than_any() -> None:
    assert pairs(choose([candidate("ca", 0.9)], stated=[("a", "b"), ("b", "c")])) == []


def test_a_number_for_each_skill_and_a_threshold_limit_the_choice() -> None:
    found = [candidate("ad", 0.9), candidate("bd", 0.8), candidate("cd", 0.7), candidate("ab", 0.1)]
    assert pairs(choose(found, at_most=2)) == ["ad", "bd", "ab"]
    assert pairs(choose(found, at_most=2, threshold=0.1)) == ["ad", "bd", "ab"]
    assert pairs(choose(found, at_most=3, threshold=0.75)) == ["ad", "bd"]


def test_what_surer_ones_imply_can_be_left_out() -> None:
    found = [candidate("ab", 0.9), candidate("bc", 0.8), candidate("ac", 0.7), candidate("cd", 0.6)]
    assert pairs(choose(found, implied=False)) == ["ab", "bc", "cd"]
    assert pairs(choose(found)) == ["ab", "bc", "ac", "cd"]


def test_any_choice_is_acyclic() -> None:
    generator = np.random.default_rng(0)
    found = [candidate(a + b, float(generator.random())) for a, b in itertools.permutations("abcdefgh", 2)]
    chosen = choose(found, at_most=5)
    assert nx.is_directed_acyclic_graph(nx.DiGraph((c.before, c.after) for c in chosen)) and len(chosen) > 20


def test_weak_edges_go_only_where_nothing_is_stated() -> None:
    graph = SkillGraph(SKILLS, [declared("fractions", "rational", "s.md:3")])
    found = propose(SKILLS, rank=[3, 0, 1, 2])
    weak = with_similarity(graph, found, at_most=1)
    by_source = {(e.before, e.after): e.evidence[0].source for e in weak.prerequisites}
    assert by_source["fractions", "rational"] == "syllabus"
    assert [pair for pair, source in by_source.items() if source == "similarity"] == [
        (best.before, best.after)
        for best in sorted(found, key=lambda c: -c.score)
        if best.after in {"sonnets", "equations"} and best.before in {"fractions"}
    ]
    assert ("equations", "rational") not in by_source


def test_weak_edges_close_no_circle_with_stated_ones() -> None:
    graph = SkillGraph(SKILLS, [declared("fractions", "rational", "s.md:3")])
    backwards = Candidate(before="rational", after="fractions", score=0.9, reason="")
    assert with_similarity(graph, [backwards]).prerequisites == graph.prerequisites


def test_weak_edges_carry_score_and_reason_through_a_file() -> None:
    graph = with_similarity(SkillGraph(SKILLS), propose(SKILLS), threshold=0.1)
    edge = next(e for e in graph.prerequisites if (e.before, e.after) == ("equations", "rational"))
    assert edge.evidence[0].where.startswith("0.") and "texts alike" in edge.evidence[0].where
    assert SkillGraph.from_json(graph.to_json()).hash == graph.hash
    assert isinstance(edge, Prerequisite)
