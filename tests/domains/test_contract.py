"""What every domain that comes with the package must do, whatever it is about."""

import pickle
import random

import pytest
from reached import reached

from skilladapt.adaptation.requests import HIGHEST_DIFFICULTY
from skilladapt.domains.domain import Domain, built_in_domains, load_domain
from skilladapt.records import Assignment, Exercise, canonical_question, is_held_out
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.syllabus import graph_of

DOMAINS = built_in_domains()
TABLES = {
    "operations": {"domains/operations/definitions.py", "domains/operations/names.py"},
    "geography": {"domains/geography/facts.py"},
}
"""What author and verifier may both know: the facts of a subject that cannot be worked out."""


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


@pytest.mark.parametrize("name", DOMAINS)
def test_every_skill_is_written_about_at_every_difficulty(name: str) -> None:
    domain, graph, _ = opened(name)
    for number, skill in enumerate(graph.skills):
        difficulty = 1 + number % HIGHEST_DIFFICULTY
        found = domain.author.write_exercises(
            Assignment(skill_ids=(skill.id,), difficulty=difficulty, count=2, draw=number)
        )
        assert [exercise.difficulty for exercise in found] == [difficulty] * 2, skill.id
        assert len(domain.author.write_textbook(skill, graph, number).text.split()) >= 20


@pytest.mark.parametrize("name", DOMAINS)
def test_no_assignment_is_answered_with_a_question_twice_or_with_one_of_its_parents(name: str) -> None:
    domain, _, ids = opened(name)
    for skill_id in ids:
        parents = written(domain, skill_id)
        for draw in range(3):
            wanted = Assignment(skill_ids=(skill_id,), difficulty=2, count=20, draw=draw)
            varied = Assignment(
                skill_ids=(skill_id,),
                difficulty=1,
                count=5,
                draw=draw,
                kind="augmented",
                parents=tuple(parents[:1]),
            )
            for assignment in (wanted, varied):
                found = [canonical_question(one.question) for one in domain.author.write_exercises(assignment)]
                found += [canonical_question(parent.question) for parent in assignment.parents]
                assert len(found) == len(set(found)) > len(assignment.parents)


@pytest.mark.parametrize("name", DOMAINS)
def test_what_is_composed_needs_every_skill_it_was_asked_for(name: str) -> None:
    domain, graph, _ = opened(name)
    assert domain.verifier is not None
    edges = [(edge.after, edge.before) for edge in graph.prerequisites]
    made = 0
    for skill_ids in random.Random(1).sample(edges, min(20, len(edges))):
        parents = tuple(written(domain, skill_id)[0] for skill_id in skill_ids)
        assignment = Assignment(skill_ids=skill_ids, difficulty=3, count=2, kind="composed", parents=parents)
        for exercise in domain.author.write_exercises(assignment):
            made += 1
            assert set(skill_ids) <= set(exercise.step_skills) <= graph.closure(exercise.skill_ids)
            assert (exercise.kind, exercise.generation) == ("composed", 1) and not is_held_out(exercise.question)
            assert domain.verifier.check(exercise, domain.verifier.methods[0]).verdict == "correct"
    assert made


@pytest.mark.parametrize("name", DOMAINS)
def test_author_and_verifier_share_nothing_but_records_and_a_table_of_facts(name: str) -> None:
    domain, _, _ = opened(name)
    author, verifier = (reached(type(one).__module__) for one in (domain.author, domain.verifier))
    assert len(author) > 3 and len(verifier) > 3
    assert author & verifier <= {"records.py", "errors.py"} | TABLES.get(name, set())
