"""What the benchmark hides, on syllabi small enough to read; shipped weights, where the real ones are there."""

import json
import os
import sys
from pathlib import Path

import pytest

from skilladapt.records import Skill
from skilladapt.skills.weights import LEXICAL

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import prerequisite_methods as methods
from hidden_syllabi import read, read_units

MAP = {
    "units": [
        {
            "title": "Grade 4: Fractions*",
            "grade": "4",
            "sections": [
                {"id": "4.NF.B.3", "title": "4.NF.B.3 Build Fractions", "objectives": ["Add fractions"]},
                {"id": "4.NF.B.4.a", "title": "4.NF.B.4.a Multiply Fractions", "objectives": []},
            ],
        },
        {
            "title": "High school: Functions",
            "grade": "HS",
            "sections": [{"id": "F-IF.A.1", "title": "F-IF.A.1 Rational Functions", "objectives": ["Divide"]}],
        },
    ],
    "prerequisites": [["4.NF.B.3", "F-IF.A.1"]],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ccss_math_coherence_map.json").write_text(json.dumps(MAP))
    return tmp_path


def test_nothing_a_method_sees_tells_a_grade_or_a_place(folder: Path) -> None:
    hidden = read(folder, "ccss_math_coherence_map")
    seen = " ".join(str(skill) for skill in hidden.skills)
    assert not any(tell in seen for tell in ("4.NF", "F-IF", "Grade", "High school", "*"))
    assert {skill.title for skill in hidden.skills} == {
        "Build Fractions",
        "Multiply Fractions",
        "Rational Functions",
    }
    assert [skill.id for skill in hidden.skills] == sorted(hidden.rank), (
        "given in the order of ids that tell nothing"
    )
    assert sorted(hidden.rank.values()) == [4, 4, 9] and len(hidden.edges) == 1


def test_shuffles_differ_and_keep_what_is_marked(folder: Path) -> None:
    hidden = read(folder, "ccss_math_coherence_map")
    orders = {tuple(skill.id for skill in hidden.shuffled(seed).skills) for seed in range(20)}
    assert len(orders) > 3 and hidden.shuffled(3).edges == hidden.edges


def test_units_are_skills_without_their_threads(tmp_path: Path) -> None:
    unit = {"threads": ["Secret"], "prior_knowledge": ["Secret"], "key_stage": 1}
    lesson = {"id": "l", "title": "Our school", "objectives": ["I can draw it"]}
    units = [
        {**unit, "id": id, "title": id.upper(), "year": year, "sections": [lesson]}
        for id, year in zip("ab", (1, 2), strict=True)
    ]
    (tmp_path / "oak.json").write_text(json.dumps({"units": units, "progression_edges": [["a", "b"]]}))
    hidden = read_units(tmp_path, "oak")
    assert "Secret" not in str(hidden.skills) and hidden.skills[0].description == "- Our school\n- I can draw it"
    assert [(hidden.rank[before], hidden.rank[after]) for before, after in hidden.edges] == [(1, 2)]


def test_a_coin_takes_each_pair_once_and_no_side(folder: Path) -> None:
    hidden = read(folder, "ccss_math_coherence_map")
    edges = methods.most_alike(hidden, 2, ranked=False, strict=False).edges
    assert len({frozenset(edge) for edge in edges}) == len(edges) == 3


def test_known_grades_bound_what_comes_before(folder: Path) -> None:
    hidden = read(folder, "ccss_math_coherence_map")
    edges = methods.most_alike(hidden, 3, ranked=True).edges
    assert {(hidden.rank[before], hidden.rank[after]) for before, after in edges} == {(4, 9)}


def test_a_teacher_is_one_more_method_on_the_same_candidates(folder: Path) -> None:
    hidden = read(folder, "ccss_math_coherence_map")
    asked: list[tuple[str, str]] = []

    def teacher(pairs: list[tuple[Skill, Skill]]) -> list[float]:
        asked.extend((before.title, after.title) for before, after in pairs)
        return [float(pair == ("Build Fractions", "Rational Functions")) for pair in asked]

    ours = methods.Ours(LEXICAL, None, methods.Choice(at_most=1, implied=True), teacher)
    prediction = ours.predict(hidden, ranked=True)
    title = {skill.id: skill.title for skill in hidden.skills}
    assert prediction.edges[0] == next(iter(hidden.edges))
    assert len(asked) == sum(len(best) for best in prediction.ranked.values())
    assert {title[before] for before, _ in prediction.edges} <= {"Build Fractions", "Multiply Fractions"}


def test_the_choice_is_made_on_what_is_given_alone(folder: Path) -> None:
    hidden = read(folder, "ccss_math_coherence_map")
    ours = methods.tuned([hidden], None, ranked=True, weights=LEXICAL)
    assert ours.choice.at_most == 1 and ours.weights is LEXICAL


SYLLABI = Path(os.environ.get("SKILLADAPT_SYLLABI", "/nowhere"))


@pytest.mark.skipif(not SYLLABI.is_dir(), reason="SKILLADAPT_SYLLABI names no folder with the syllabi")
def test_shipped_weights_are_those_that_the_tuning_sets_give() -> None:
    prealgebra = read(SYLLABI, "openstax_prealgebra_2e")
    whole = read(SYLLABI, "ccss_math_coherence_map")
    k8 = whole.only({id for id, grade in whole.rank.items() if grade < 9})
    fitted = methods.fitted([prealgebra, k8], None)
    assert fitted.bias == pytest.approx(LEXICAL.bias, abs=0.02)
    assert fitted.related == pytest.approx(LEXICAL.related, abs=0.02)
    assert fitted.before == pytest.approx(LEXICAL.before, abs=0.1)
