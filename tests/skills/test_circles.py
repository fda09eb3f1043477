import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skilladapt.records import Evidence, Prerequisite, Skill
from skilladapt.skills import circles
from skilladapt.skills.circles import STRENGTH, open_circles, strength
from skilladapt.skills.graph import SkillGraph


def edge(pair: str, *sources: str) -> Prerequisite:
    return Prerequisite(
        before=pair[0], after=pair[1], evidence=tuple(Evidence(source=source, where=pair) for source in sources)
    )


TITLES = {id: id.upper() for id in "abcdef"}


def test_weakest_edge_of_a_circle_is_given_up_and_told() -> None:
    edges = [edge("ab", "syllabus"), edge("bc", "reference"), edge("ca", "order")]
    kept, given_up = open_circles(TITLES, edges)
    assert kept == [edges[0], edges[2]]
    assert [(pair.first, pair.second) for pair in given_up] == [("b", "c")]
    assert given_up[0].reason == (
        "given up as a prerequisite, the weakest of a circle: B -> C -> A -> B (evidence: reference, bc)"
    )


@pytest.mark.parametrize("weaker", range(1, len(STRENGTH)))
def test_evidence_has_its_rank(weaker: int) -> None:
    strong, weak = edge("ba", STRENGTH[weaker - 1]), edge("ab", STRENGTH[weaker])
    assert open_circles(TITLES, [weak, strong])[0] == [strong]


def test_best_evidence_counts_then_how_much_there_is() -> None:
    assert strength(edge("ab", "reference", "syllabus")) < strength(edge("ab", "syllabus"))
    twice, once = edge("ba", "order", "order"), edge("ab", "order")
    assert open_circles(TITLES, [once, twice])[0] == [twice]
    none, some = edge("ab"), edge("ba", "similarity")
    assert open_circles(TITLES, [none, some])[0] == [some]


def test_among_equals_the_order_of_the_syllabus_stays() -> None:
    edges = [edge("ca", "order"), edge("ab", "order"), edge("bc", "order")]
    kept, given_up = open_circles(TITLES, edges)
    assert kept == edges[1:] and (given_up[0].first, given_up[0].second) == ("c", "a")


def test_edges_without_circles_all_stay_in_their_order() -> None:
    edges = [edge("cb", "order"), edge("ba", "reference"), edge("fa", "syllabus")]
    assert open_circles(TITLES, edges) == (edges, [])


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef"), st.sampled_from(STRENGTH)), max_size=30
    )
)
def test_what_stays_has_no_circle_and_nothing_given_up_fits_in_again(rows: list[tuple[str, str, str]]) -> None:
    edges = list({(a, b): edge(a + b, source) for a, b, source in rows if a != b}.values())
    kept, given_up = open_circles(TITLES, edges)
    skills = [Skill(id=id, title=title) for id, title in TITLES.items()]
    graph = SkillGraph(skills, kept)
    assert len(kept) + len(given_up) == len(edges)
    for pair in given_up:
        assert pair.first in graph.closure([pair.first]) and pair.second in graph.closure([pair.first])
        worst = next(edge for edge in edges if (edge.before, edge.after) == (pair.first, pair.second))
        stronger = [edge for edge in kept if strength(edge) <= strength(worst)]
        assert pair.second in SkillGraph(skills, stronger).closure([pair.first])


def test_long_circle_is_told_in_short() -> None:
    titles = {f"s{n:03}": f"S{n}" for n in range(100)}
    ids = list(titles)
    around = [Prerequisite(before=a, after=b) for a, b in zip(ids, [*ids[1:], ids[0]], strict=True)]
    _, (pair,) = open_circles(titles, around)
    assert "S99 -> S0 -> S1 -> S2 -> S3 -> S4 -> ... (94 more) -> S99" in pair.reason


def test_large_knot_is_opened_in_seconds() -> None:
    rng = random.Random(0)
    titles = {f"s{n}": f"S{n}" for n in range(5_000)}
    ids = list(titles)
    pairs = {tuple(rng.sample(ids, 2)) for _ in range(20_000)}
    edges = [Prerequisite(before=a, after=b) for a, b in sorted(pairs)]
    begun = time.process_time()
    kept, given_up = open_circles(titles, edges)
    assert time.process_time() - begun < 10
    assert len(given_up) > circles._MOST
    SkillGraph([Skill(id=id, title=title) for id, title in titles.items()], kept)
