import numpy as np
import pytest

from skilladapt.records import Skill
from skilladapt.skills import signals as module
from skilladapt.skills.signals import BEFORE, RELATED, signals_of, text_of

SKILLS = [
    Skill(id="f", title="Fractions", description="- Name parts of a whole", part_of="Numbers"),
    Skill(id="a", title="Adding fractions", description="- Add fractions of like parts", part_of="Numbers"),
    Skill(
        id="r", title="Rational equations", description="- Clear fractions\n- Solve equations", part_of="Algebra"
    ),
    Skill(id="e", title="Equations", description="- Solve by balancing", part_of="Algebra"),
    Skill(id="p", title="Poetry", description="- Read a sonnet aloud"),
]
F, A, R, E, P = range(5)
EVERYTHING = np.arange(5)


def test_likeness_is_the_same_both_ways_and_order_changes_its_sign() -> None:
    into = signals_of(SKILLS, np.random.default_rng(0).normal(size=(5, 3))).into(EVERYTHING)
    assert set(into) == {*RELATED, *BEFORE}
    for name in RELATED:
        assert np.allclose(into[name], into[name].T), name
    for name in BEFORE:
        assert np.allclose(into[name], -into[name].T) and np.any(into[name]), name


def test_what_is_named_by_a_later_text_comes_before_it() -> None:
    named = signals_of(SKILLS).into(EVERYTHING)["named"]
    assert named[F, A] > 0 and named[E, R] > 0 and named[F, R] > 0
    assert named[F, P] == 0


def test_unrelated_texts_share_nothing() -> None:
    signals = signals_of(SKILLS)
    into = signals.into(EVERYTHING)
    assert into["text"][F, P] == 0 and into["text"][F, A] > 0.1
    assert into["unit"][F, A] == 1 and into["unit"][F, R] == 0
    assert signals.shared_words(E, R) == ["equations", "solve"] and signals.shared_words(F, P) == []


def test_skills_of_no_unit_are_not_of_one_unit() -> None:
    alone = [skill.model_copy(update={"part_of": None}) for skill in SKILLS]
    assert np.array_equal(signals_of(alone).into(EVERYTHING)["unit"], np.eye(5))


def test_columns_are_the_skills_asked_for() -> None:
    signals = signals_of(SKILLS)
    whole, part = signals.into(EVERYTHING), signals.into(np.array([R, F]))
    for name, columns in part.items():
        assert np.allclose(columns, whole[name][:, [R, F]]), name


def test_blocks_do_not_change_a_signal(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = signals_of(SKILLS).into(EVERYTHING)
    monkeypatch.setattr(module, "BLOCK", 2)
    for name, signal in signals_of(SKILLS).into(EVERYTHING).items():
        assert np.allclose(signal, whole[name]), name


def test_only_the_likest_neighbours_speak_for_a_skill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NEIGHBOURS", 1)
    around = signals_of(SKILLS)._around_N_V.toarray()
    uses = signals_of(SKILLS).terms.uses_N_V.toarray()
    assert np.allclose(around[E], uses[R])


def test_vectors_count_by_direction_and_must_be_as_many_as_skills() -> None:
    vectors = np.array([[3.0, 0], [0, 1], [5, 0], [1, 1], [0, 2]])
    meaning = signals_of(SKILLS, vectors).into(EVERYTHING)["meaning"]
    assert meaning[0, 2] == pytest.approx(1) and meaning[0, 1] == 0
    with pytest.raises(ValueError, match="5 vectors for 4 skills"):
        signals_of(SKILLS[:4], vectors)


def test_an_encoder_is_given_title_and_description() -> None:
    assert text_of(SKILLS[F]) == "Fractions. - Name parts of a whole"
