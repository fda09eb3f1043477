import pytest

from skilladapt.training.schedule import warmup_then_cosine


def test_the_rate_rises_to_its_peak_and_falls_to_its_floor():
    rate = warmup_then_cosine(1e-3, budget=1000, warmup_share=0.1, floor_share=0.2)
    assert rate(50) == pytest.approx(0.5e-3)
    assert rate(100) == pytest.approx(1e-3)
    assert rate(550) == pytest.approx(0.6e-3)  # half-way down: the mean of peak and floor
    assert rate(1000) == pytest.approx(0.2e-3)
    assert rate(5000) == rate(1000)


def test_the_first_tokens_are_not_wasted_at_a_rate_of_zero():
    assert warmup_then_cosine(1e-3, budget=1000)(0) == pytest.approx(1e-5)
    assert warmup_then_cosine(1e-3, budget=1000, warmup_share=0.0)(0) == pytest.approx(1e-3)


def test_extreme_budgets_do_not_break_it():
    assert warmup_then_cosine(1e-3, budget=0)(10) == pytest.approx(1e-4)
    assert warmup_then_cosine(1e-3, budget=100, warmup_share=1.0)(100) == pytest.approx(1e-3)
