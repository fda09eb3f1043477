import math

import numpy as np
import pytest
from adaptation_builders import exercise_of, graph_of, observed_of

from skilladapt.adaptation.mixture import ETA, mixture

# a leads to b and c, b leads to c; d stands alone.
GRAPH = graph_of(["a", "b", "c", "d"], ("a", "b"), ("a", "c"), ("b", "c"))


def shares(late: dict[str, list[float]], taught: str = "abcd") -> dict[str, float]:
    """Shares of exercises with these late losses, by skill; the first pass is one nobody may look at."""
    exercises = {
        f"e{skill}{number}": exercise_of(skill, number=number)
        for skill, losses in late.items()
        for number in range(len(losses))
    }
    losses = {
        f"e{skill}{n}": [50.0, loss, loss] for skill, of_skill in late.items() for n, loss in enumerate(of_skill)
    }
    found = mixture(observed_of(GRAPH, exercises, losses), GRAPH, frozenset(taught))
    return dict(zip(GRAPH.by_id, found.tolist(), strict=True))


def test_a_skill_counts_its_own_loss_and_those_of_what_directly_needs_it() -> None:
    found = shares({"a": [1.0], "b": [1.0, 3.0], "c": [4.0], "d": [0.5]})
    # L = 1, 2, 4, 0.5; a: 1 + 2 + 4, b: 2 + 4, c: 4, d: 0.5.
    weights = [math.exp(ETA * exponent) for exponent in (7, 6, 4, 0.5)]
    assert list(found.values()) == pytest.approx([weight / sum(weights) for weight in weights])


def test_skills_that_are_not_taught_have_no_share_and_lend_no_loss() -> None:
    found = shares({"a": [1.0], "b": [1.0], "d": [2.0]}, taught="abd")
    weights = [math.exp(ETA * exponent) for exponent in (2, 1, 2)]
    assert [found[skill] for skill in "abd"] == pytest.approx([weight / sum(weights) for weight in weights])
    assert found["c"] == 0


def test_a_skill_without_exercises_counts_as_one_of_mean_loss() -> None:
    found = shares({"a": [1.0, 1.0], "d": [4.0]}, taught="ad")
    also = shares({"a": [1.0, 1.0], "d": [4.0]}, taught="adc")
    # The mean of the three exercises is 2; c lends it to a.
    assert found["d"] / found["a"] == pytest.approx(math.exp(ETA * 3))
    assert also["c"] / also["a"] == pytest.approx(math.exp(ETA * (2 - 3)))


def test_losses_as_high_as_may_be_do_not_overflow() -> None:
    found = shares({"a": [1e6], "b": [2e6], "c": [3e6], "d": [1.0]})
    assert np.isfinite(list(found.values())).all()
    assert sum(found.values()) == pytest.approx(1)
    assert found["a"] == pytest.approx(1)
