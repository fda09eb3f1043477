import numpy as np
import pytest

from skilladapt.records import Skill
from skilladapt.skills.signals import signals_of
from skilladapt.skills.weights import LEXICAL, WITH_MEANING, Weights, fit_weights

TITLES = ["Fractions", "Adding fractions", "Adding fractions quickly", "Sonnets", "Reading sonnets", "Maps"]
SIGNALS = signals_of([Skill(id=str(n), title=title) for n, title in enumerate(TITLES)])
EDGES = [(0, 1), (1, 2), (3, 4)]


def test_fitted_weights_find_likeness_and_naming_in_what_is_stated() -> None:
    weights = fit_weights([(SIGNALS, EDGES)])
    assert weights.related["text"] > 0 and weights.before["named"] > 0
    into = SIGNALS.into(np.arange(6))
    related, before = weights.related_odds(into), weights.before_odds(into)
    assert related[0, 1] > related[0, 3] and all(before[edge] > 0 for edge in EDGES)
    assert set(weights.related) == {"text", "unit"}


def test_weights_with_meaning_need_vectors() -> None:
    assert set(WITH_MEANING.related) == {"text", "meaning", "unit"} and set(LEXICAL.related) == {"text", "unit"}
    vectors = np.array([[1.0, 0], [1, 0.1], [1, 0], [0, 1], [0.1, 1], [-1, -1]])
    with_vectors = signals_of([Skill(id=t, title=t) for t in TITLES], vectors)
    assert fit_weights([(with_vectors, EDGES)]).related["meaning"] > 0


def test_edges_turned_round_turn_the_order_round() -> None:
    forwards = fit_weights([(SIGNALS, EDGES)])
    backwards = fit_weights([(SIGNALS, [(after, before) for before, after in EDGES])])
    assert backwards.related == forwards.related
    assert backwards.before == {name: pytest.approx(-weight) for name, weight in forwards.before.items()}


def test_twice_as_many_skills_halve_the_odds_of_a_pair() -> None:
    weights = Weights(bias=1.0, related={"text": 2.0}, before={})
    few, many = ({"text": np.full((size, 1), 0.5)} for size in (10, 20))
    difference = weights.related_odds(few)[0] - weights.related_odds(many)[0]
    assert difference == pytest.approx(np.log(2)) and weights.related_odds(few)[0] == pytest.approx(2 - np.log(10))
