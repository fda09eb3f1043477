import pytest

from skilladapt.adaptation.categorise import ERROR, NAMES
from skilladapt.adaptation.policies import POLICIES
from skilladapt.report.meanings import MEANINGS, meaning_of


def test_every_policy_of_ours_has_its_meaning() -> None:
    assert list(MEANINGS) == list(POLICIES)


@pytest.mark.parametrize("name", POLICIES)
def test_a_meaning_agrees_with_its_policy(name: str) -> None:
    policy, meaning = POLICIES[name], MEANINGS[name]
    suspects = NAMES[ERROR] in meaning.categories
    assert suspects == (policy.uses_calibration and name != "watch"), "those without a calibration suspect nothing"
    assert ("suspects nothing" in meaning.suspects) == (not policy.uses_calibration)
    assert ("is checked by another method" in meaning.suspects) == policy.checks_suspects
    assert ("removed without being checked" in meaning.suspects) == (suspects and not policy.checks_suspects)
    if suspects:
        assert "suspect: " in meaning.categories["error"]
    assert meaning.sorts == (name not in ("none", "loss-weight", "skill-it", "missing-skill"))


def test_of_somebody_elses_policy_nothing_is_claimed() -> None:
    meaning = meaning_of("mine:Policy")
    assert dict(meaning.categories) == {
        "easy": "easy",
        "ambiguous": "ambiguous",
        "hard": "hard",
        "error": "suspect",
    }
    assert "not one of ours" in meaning.suspects
