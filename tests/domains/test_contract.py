"""What every domain that comes with the package must do, whatever it is about."""

import pickle
import random

import pytest

from skilladapt.domains.domain import Domain, built_in_domains, load_domain
from skilladapt.records import Assignment, Exercise, is_held_out
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.syllabus import graph_of

DOMAINS = built_in_domains()


def opened(name: str) -> tuple[Domain, SkillGraph, list[str]]:
    """The domain, its graph and a few of its skills, the first and the last among them."""
    domain = load_domain(name)
    graph = graph_of(domain.syllabus)
    ids = [skill.id for skill in graph.skills]
    return domain, graph, list(dict.fromkeys([ids[0], *ids[3::9], ids[-1]]))


def written(domain: Domain, skill_id: str) -> list[Exercise]:
    return [
        exercise
        for difficulty in (1, 3)
        for exercise in domain.author.write_exercises(
            Assignment(skill_ids=(skill_id,), difficulty=difficulty, count=3)
        )
    ]


@pytest.mark.parametrize("name", DOMAINS)
def test_exercises_are_practice_and_right_and_stay_in_what_their_skill_needs(name: str) -> None:
    domain, graph, ids = opened(name)
    assert domain.verifier is not None and len(domain.verifier.methods) >= 2
    for skill_id in ids:
        exercises = written(domain, skill_id)
        assert len(exercises) == 6 and exercises == written(domain, skill_id)
        for exercise in exercises:
            assert exercise.skill_ids[0] == skill_id and not is_held_out(exercise.question)
            assert set(exercise.step_skills) <= graph.closure(exercise.skill_ids)
            assert len(exercise.solution.splitlines()) == len(exercise.step_skills)
            assert domain.verifier.check(exercise, domain.verifier.methods[0]).verdict == "correct"


@pytest.mark.parametrize("name", DOMAINS)
def test_mistakes_are_refuted(name: str) -> None:
    domain, _, ids = opened(name)
    assert domain.verifier is not None
    made = set()
    for exercise in (exercise for skill_id in ids for exercise in written(domain, skill_id)):
        for kind in domain.author.corruption_kinds:
            wrong = domain.author.corrupt(exercise, kind, random.Random(1))
            if wrong is not None:
                made.add(kind)
                assert wrong.question == exercise.question
                assert domain.verifier.check(wrong, domain.verifier.methods[0]).verdict == "incorrect"
    assert made == set(domain.author.corruption_kinds)


@pytest.mark.parametrize("name", DOMAINS)
def test_probes_come_in_pairs_of_their_skill_and_split(name: str) -> None:
    domain, graph, ids = opened(name)
    for skill_id in ids:
        for split in ("dev", "test"):
            probes = domain.author.write_probes(graph.by_id[skill_id], 2, split)
            assert probes and probes == domain.author.write_probes(graph.by_id[skill_id], 2, split)
            assert {(probe.skill_id, probe.split) for probe in probes} == {(skill_id, split)}
            pairs = [probe.pair for probe in probes]
            assert pairs[::2] == pairs[1::2] and len(set(pairs)) == len(pairs) // 2


@pytest.mark.parametrize("name", DOMAINS)
def test_textbooks_are_about_their_skill_and_long_enough(name: str) -> None:
    domain, graph, ids = opened(name)
    for skill_id in ids:
        pages = [domain.author.write_textbook(graph.by_id[skill_id], graph, variant) for variant in (0, 1)]
        assert pages[0].text != pages[1].text
        assert all(page.skill_id == skill_id and len(page.text.split()) >= 20 for page in pages)


@pytest.mark.parametrize("name", DOMAINS)
def test_verifiers_travel_to_workers(name: str) -> None:
    domain, _, ids = opened(name)
    assert domain.verifier is not None
    exercise = written(domain, ids[0])[0]
    travelled = pickle.loads(pickle.dumps(domain.verifier))
    for method in domain.verifier.methods:
        assert travelled.check(exercise, method) == domain.verifier.check(exercise, method)


@pytest.mark.parametrize("name", DOMAINS)
def test_a_wrong_exercise_is_worked_out_again_right_with_its_question_and_skills(name: str) -> None:
    domain, _, ids = opened(name)
    assert domain.verifier is not None
    for exercise in (exercise for skill_id in ids for exercise in written(domain, skill_id)):
        for kind in domain.author.corruption_kinds:
            wrong = domain.author.corrupt(exercise, kind, random.Random(1))
            again = domain.author.solve_again(wrong) if wrong is not None else None
            if wrong is not None and again is not None:
                assert (again.question, again.skill_ids) == (exercise.question, exercise.skill_ids)
                assert {domain.verifier.check(again, one).verdict for one in domain.verifier.methods} == {
                    "correct"
                }
    assert (
        domain.author.solve_again(exercise.model_copy(update={"question": "What is the meaning of life?"})) is None
    )
