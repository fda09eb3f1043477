import math
from collections import Counter

import numpy as np
import pytest
from adaptation_builders import calibration_of, exercise_of, graph_of, history_of, planted_of

from skilladapt.adaptation.calibrate import (
    CHECK_BUDGET,
    CalibrationFit,
    choose_calibration_sample,
    fit_calibration,
    fit_threshold,
    needs_calibration,
    uncalibrated,
)
from skilladapt.adaptation.categorise import ERROR, categorise_calibrated
from skilladapt.adaptation.draws import draw
from skilladapt.adaptation.observations import observe
from skilladapt.adaptation.suspicion import fit_weights, score, signals, suspicion
from skilladapt.errors import RunError
from skilladapt.records import Calibration, Exercise, LossHistory, PlantedError

SKILLS = ["a", "b", "c", "d"]
GRAPH = graph_of(SKILLS, ("a", "c"))


def scores(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def test_threshold_is_the_highest_with_recall_of_85_percent() -> None:
    planted = scores(*range(1, 21))
    # 17 of 20 are 85%: the 17th largest is 4.
    assert fit_threshold(scores(*[0.0] * 40), planted) == 4.0
    # 6 of 7 are 86%, 5 of 7 only 71%.
    assert fit_threshold(scores(*[0.0] * 40), scores(1, 2, 3, 4, 5, 6, 7)) == 2.0


def test_threshold_rises_until_no_more_than_30_percent_of_real_exercises_reach_it() -> None:
    real = scores(*range(1, 11))
    at = fit_threshold(real, scores(0.0, 0.0, 0.0))
    assert at == math.nextafter(7.0, math.inf)
    assert (real >= at).sum() == 3
    # Where the third and fourth largest are equal, both have to stay below.
    tied = scores(1, 2, 3, 4, 5, 6, 8, 8, 9, 10)
    assert (tied >= fit_threshold(tied, scores(0.0))).sum() == 2
    assert fit_threshold(real, scores(7.5)) == 7.5


def test_calibration_is_repeated_when_more_than_a_quarter_is_new() -> None:
    telling = calibration_of(auroc_low=0.51)
    assert not needs_calibration(0.25, telling)
    assert needs_calibration(0.2501, telling)


def test_a_calibration_that_could_not_tell_wrong_from_right_is_made_again() -> None:
    assert needs_calibration(0.0, None)
    assert needs_calibration(0.0, calibration_of(auroc_low=0.5))
    assert not needs_calibration(0.0, calibration_of(auroc_low=0.51))
    assert not needs_calibration(0.0, uncalibrated(1))


def test_sample_is_spread_over_skills_and_plants_a_share_of_each() -> None:
    exercises = {
        f"e{skill}{number}": exercise_of(skill, number=number) for skill in SKILLS for number in range(20)
    }
    sample = choose_calibration_sample(exercises, size=32, planted_share=0.25, seed=1)
    assert (len(sample.real_ids), len(sample.corrupt_ids)) == (24, 8)
    assert Counter(exercises[id].skill_ids[0] for id in sample.real_ids) == dict.fromkeys(SKILLS, 6)
    assert Counter(exercises[id].skill_ids[0] for id in sample.corrupt_ids) == dict.fromkeys(SKILLS, 2)
    shuffled = dict(reversed(exercises.items()))
    assert choose_calibration_sample(shuffled, size=32, planted_share=0.25, seed=1) == sample
    assert choose_calibration_sample(exercises, size=32, planted_share=0.25, seed=2) != sample


def test_a_skill_with_few_exercises_gives_all_and_the_others_fill_up() -> None:
    exercises = {"rare": exercise_of("b")} | {f"e{number}": exercise_of("a", number=number) for number in range(9)}
    sample = choose_calibration_sample(exercises, size=6, planted_share=0.5, seed=1)
    assert "rare" in {*sample.real_ids, *sample.corrupt_ids}
    assert (len(sample.real_ids), len(sample.corrupt_ids)) == (3, 3)
    everything = choose_calibration_sample(exercises, size=99, planted_share=0.5, seed=1)
    assert {*everything.real_ids, *everything.corrupt_ids} == set(exercises)


def test_a_question_appears_right_or_planted_but_never_both() -> None:
    first = exercise_of("a")
    twin = first.model_copy(update={"solution": "Another step.", "question": first.question.upper() + "  "})
    sample = choose_calibration_sample({"e1": first, "e2": twin}, size=2, planted_share=0.5, seed=1)
    assert len(sample.real_ids) + len(sample.corrupt_ids) == 1


def calibration_run(
    seed: int, real: int = 40, planted: int = 12, shift: float = 2.0
) -> tuple[dict[str, Exercise], list[PlantedError], list[LossHistory]]:
    """Late losses around a level of each skill, those of wrong exercises higher by `shift` deviations."""
    generator = np.random.default_rng(seed)
    exercises = {f"e{seed}-{n}": exercise_of(SKILLS[n % 4], number=n) for n in range(real)}
    errors = [
        planted_of(exercise_of(SKILLS[n % 4], number=1000 + n), ("sign", "slip")[n % 2]) for n in range(planted)
    ]
    skill_and_shift = [(id, exercise.skill_ids[0], 0.0) for id, exercise in exercises.items()]
    skill_and_shift += [(error.planted_id, error.skill_id, shift) for error in errors]
    histories = []
    for id, skill, extra in skill_and_shift:
        late = 5 + SKILLS.index(skill) + 0.3 * (generator.normal() + extra)
        histories.append(history_of(id, [late + 3, late, late]))
    return exercises, errors, histories


def fitted(seed: int, **how: float) -> CalibrationFit:
    exercises, errors, histories = calibration_run(seed, **how)  # type: ignore[arg-type]
    return fit_calibration(exercises, errors, histories, GRAPH, round=1, tokens=77, seed=seed)


def test_errors_far_from_everything_else_are_all_caught() -> None:
    fit = fitted(1, shift=20.0)
    calibration = fit.calibration
    assert (calibration.decisive, calibration.planted, calibration.sampled) == (True, 12, 40)
    assert (calibration.auroc, calibration.auroc_high) == (1.0, 1.0)
    assert 0.85 < calibration.auroc_low < 0.95
    assert calibration.recall > 0.6
    assert calibration.false_positive_rate == 0.0
    # Wilson's interval for 0 of 40.
    assert (calibration.false_positive_low, calibration.false_positive_high) == pytest.approx(
        (0, 0.08762), abs=1e-5
    )
    assert (calibration.tokens, calibration.fitted_in_round) == (77, 1)
    # With the third pass 3 nats lower than the first: (3 + 0 + 0) / 3 above late, deviation sqrt(2).
    assert calibration.baseline_std == pytest.approx(math.sqrt(2))
    assert calibration.baseline_loss == pytest.approx(1 + 5 + 1.5 + 6, abs=0.3)


def test_planted_errors_are_split_into_equal_folds() -> None:
    fit = fitted(2, shift=20.0)
    assert [row.planted_id for row in fit.rows] == sorted(row.planted_id for row in fit.rows)
    assert Counter(row.fold for row in fit.rows) == {0: 6, 1: 6}
    assert Counter(row.kind for row in fit.rows) == {"sign": 6, "slip": 6}
    # On everything, 11 of 12 are needed: the second lowest.
    assert fit.calibration.threshold == sorted(row.score for row in fit.rows)[1]


def test_each_fold_is_judged_by_weights_and_threshold_of_the_other() -> None:
    for seed, shift in ((1, 0.0), (2, 0.0), (3, 1.0), (4, 20.0)):
        exercises, errors, histories = calibration_run(seed, real=60, planted=40, shift=shift)
        fit = fit_calibration(exercises, errors, histories, GRAPH, round=1, tokens=1, seed=seed)
        real = observe(exercises, histories, 1, GRAPH)
        planted = observe({error.planted_id: error.exercise for error in errors}, histories, 1, GRAPH)
        real_R_K, planted_N_K = signals(real), signals(planted, real)
        half_R, half_N = (
            [np.argsort(draw(one.key_E, "calibration-fold", seed))[fold::2] for fold in (0, 1)]
            for one in (real, planted)
        )
        flagged, scored = {}, {}
        for fold in (0, 1):
            weights = fit_weights(real_R_K[half_R[1 - fold]], planted_N_K[half_N[1 - fold]])
            at = fit_threshold(
                score(real_R_K[half_R[1 - fold]], weights), score(planted_N_K[half_N[1 - fold]], weights)
            )
            for name, signal_M_K in (("real", real_R_K[half_R[fold]]), ("planted", planted_N_K[half_N[fold]])):
                scored[fold, name] = score(signal_M_K, weights)
                flagged[fold, name] = scored[fold, name] >= at
        assert fit.calibration.false_positive_rate == pytest.approx(
            sum(flagged[fold, "real"].sum() for fold in (0, 1)) / 60
        )
        assert fit.calibration.recall == pytest.approx(sum(flagged[fold, "planted"].sum() for fold in (0, 1)) / 40)
        for fold in (0, 1):
            rows = [fit.rows[row] for row in half_N[fold]]
            assert [row.fold for row in rows] == [fold] * 20
            assert [row.flagged for row in rows] == flagged[fold, "planted"].tolist()
        of_planted, of_real = (
            np.concatenate([scored[fold, name] for fold in (0, 1)]) for name in ("planted", "real")
        )
        above = (of_planted[:, None] > of_real).mean()
        assert fit.calibration.auroc == pytest.approx(above)


def test_the_score_is_fitted_and_kept_with_the_calibration() -> None:
    """Errors whose whole completion looks right and whose answer has one token that does not."""
    exercises, errors, histories = calibration_run(1, real=120, planted=60, shift=0.0)
    wrong = {error.planted_id for error in errors}
    generator = np.random.default_rng(0)
    for place, history in enumerate(histories):
        worst = tuple(np.exp(generator.normal(2.5 if history.example_id in wrong else 0.0, 1.0, 3)).tolist())
        histories[place] = history.model_copy(update={"worst_answer_token_P": worst})
    calibration = fit_calibration(exercises, errors, histories, GRAPH, round=1, tokens=1, seed=1).calibration
    assert calibration.auroc > 0.9
    assert calibration.weights.late < 0.4
    assert Calibration.model_validate_json(calibration.model_dump_json()) == calibration
    trained = exercises | {error.planted_id: error.exercise for error in errors}
    observed = observe(trained, histories, 1, GRAPH)
    assert categorise_calibrated(observed, calibration).score_E.tolist() == (
        suspicion(observed, calibration.weights).tolist()
    )


def test_errors_like_everything_else_are_not_told_apart_and_the_budget_is_kept() -> None:
    calibration = fitted(3, real=80, planted=40, shift=0.0).calibration
    assert calibration.auroc_low < 0.5 < calibration.auroc_high
    assert calibration.recall < 0.6
    assert calibration.false_positive_rate < 0.45


def test_a_fit_does_not_depend_on_the_order_of_what_is_given() -> None:
    exercises, errors, histories = calibration_run(4)
    first = fit_calibration(exercises, errors, histories, GRAPH, round=1, tokens=1, seed=1)
    backwards = dict(reversed(exercises.items()))
    again = fit_calibration(backwards, errors[::-1], histories[::-1], GRAPH, round=1, tokens=1, seed=1)
    assert first == again


def test_without_planted_errors_nothing_is_ever_suspected() -> None:
    exercises, errors, histories = calibration_run(5)
    for few in ([], errors[:3]):
        fit = fit_calibration(exercises, few, histories, GRAPH, round=2, tokens=9, seed=1)
        assert fit == CalibrationFit(calibration=uncalibrated(2, 9, len(few), 40), rows=())
    assert (uncalibrated(1).threshold, uncalibrated(1).decisive) == (math.inf, False)
    assert Calibration.model_validate_json(uncalibrated(1).model_dump_json()) == uncalibrated(1)


def test_missing_losses_of_a_planted_error_stop_the_run() -> None:
    exercises, errors, histories = calibration_run(6)
    with pytest.raises(RunError, match=f"no recorded losses: {errors[-1].planted_id}"):
        fit_calibration(exercises, errors, histories[:-1], GRAPH, round=1, tokens=1, seed=1)


def test_recall_on_new_data_lies_in_the_interval_promised_and_false_alarms_are_no_more() -> None:
    """New right and wrong exercises of the same distribution, one in ten wrong, judged by the whole policy."""
    inside = no_more_alarms = 0
    for seed in range(10):
        calibration = fitted(seed, real=200, planted=60).calibration
        exercises, errors, histories = calibration_run(100 + seed, real=180, planted=20)
        trained = exercises | {error.planted_id: error.exercise for error in errors}
        observed = observe(trained, histories, 1, GRAPH)
        found = categorise_calibrated(observed, calibration)
        suspects = {observed.id_of(row) for row in np.flatnonzero(found.category_E == ERROR)}
        caught = sum(error.planted_id in suspects for error in errors)
        low = calibration.recall_low - 0.1
        inside += low <= caught / len(errors) <= calibration.recall_high + 0.1
        assert len(suspects) <= CHECK_BUDGET * observed.size
        alarms = len(suspects - {error.planted_id for error in errors}) / len(exercises)
        # Wrong ones nobody knows of make the right ones beside them look righter, so alarms may be fewer.
        no_more_alarms += alarms <= calibration.false_positive_high
    # Twenty wrong ones in the new data alone scatter by 0.08; hence the 0.1 on either side.
    assert inside >= 8 and no_more_alarms >= 9
