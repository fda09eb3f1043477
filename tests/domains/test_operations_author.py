"""What the author of invented operations writes: exercises, variants, mistakes, probes and textbooks."""

import random
import re
from itertools import pairwise

import pytest
from operations_builders import (
    METHODS,
    SUBJECTS,
    calls_of,
    formulas,
    graph,
    sample,
    subject,
    worked_out,
    write,
)

from skilladapt.domains.operations.definitions import define
from skilladapt.domains.operations.names import SYLLABLES
from skilladapt.domains.operations.sequences import is_reserved
from skilladapt.domains.operations.words import PAGE_WORDS, PUNCTUATION, words_in
from skilladapt.errors import UserError
from skilladapt.records import ANSWER_MARK, Assignment, Exercise, Probe, canonical_question, is_held_out
from skilladapt.verification.admission import admit, admit_textbooks
from skilladapt.verification.overlap import find_duplicates


def verdicts(exercise: Exercise, operations: int, seed: int) -> set[str]:
    verifier = subject(operations, seed).verifier
    return {verifier.check(exercise, method).verdict for method in METHODS}


# --- exercises ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("difficulty", [1, 2, 3, 4, 5])
@pytest.mark.parametrize(("operations", "seed"), SUBJECTS)
def test_every_exercise_is_found_right_by_both_methods_and_a_pencil(
    operations: int, seed: int, difficulty: int
) -> None:
    domain, rules = subject(operations, seed), formulas(operations, seed)
    for skill_id in sample(operations, seed):
        for item in write(domain, skill_id, difficulty):
            assert verdicts(item, operations, seed) == {"correct"}
            assert item.answer == worked_out(item.question.removesuffix(" = ?"), rules)
            assert item.difficulty == difficulty == len(calls_of(item.question))


@pytest.mark.parametrize(("operations", "seed"), SUBJECTS)
def test_nothing_held_out_and_no_reserved_pair_is_ever_written(operations: int, seed: int) -> None:
    domain = subject(operations, seed)
    for skill_id in sample(operations, seed):
        for difficulty in range(1, 6):
            for item in write(domain, skill_id, difficulty, 20):
                assert not is_held_out(item.question)
                for outer, inner in pairwise(calls_of(item.question)):
                    assert outer != inner and not is_reserved(outer, inner)


@pytest.mark.parametrize("skill_id", sample(60, 0))
def test_exercises_are_as_many_as_asked_for_and_no_two_are_near(skill_id: str) -> None:
    domain = subject()
    written = [item for difficulty in range(1, 6) for item in write(domain, skill_id, difficulty, 30)]
    assert len(written) == len({canonical_question(item.question) for item in written}) == 150
    assert find_duplicates(written) == {}


@pytest.mark.parametrize(("operations", "seed"), SUBJECTS)
def test_exercises_belong_to_their_skill_and_steps_stay_in_what_it_needs(operations: int, seed: int) -> None:
    domain, skills = subject(operations, seed), graph(operations, seed)
    level = {skill.id: skill.level for skill in skills.skills}
    for skill_id in sample(operations, seed):
        for difficulty in range(1, 6):
            for item in write(domain, skill_id, difficulty):
                calls = calls_of(item.question)
                assert item.skill_ids == tuple(dict.fromkeys(calls)) and item.skill_ids[0] == skill_id
                assert all(level[called] <= level[skill_id] for called in calls)
                assert set(item.step_skills) <= skills.closure(item.skill_ids)
                lines = item.solution.split("\n")
                assert [line.partition("(")[0] for line in lines] == list(item.step_skills)


def test_a_solution_goes_from_the_inside_out_down_to_primitive_operations() -> None:
    rules = formulas(60, 0)
    deepest = graph().skills[-1].id
    item = write(subject(), deepest, 2, 1)[0]
    rest = item.question.removesuffix(" = ?")
    for line in item.solution.split("\n"):
        left, right = line.split(" = ")
        # Each line replaces the innermost call by its definition or its value.
        assert left == re.search(r"[a-z]+\(\d\d\)", rest)[0]
        name, value = left[:-4], left[-3:-1]
        primitive = rules[name].startswith("(")
        assert right == (worked_out(left, rules) if primitive else rules[name].replace("(ab)", f"({value})"))
        rest = rest.replace(left, right, 1)
    assert rest == item.answer == item.completion.rpartition(f"{ANSWER_MARK} ")[2]


def test_the_same_assignment_gives_the_same_exercises_and_another_draw_others() -> None:
    domain, skill_id = subject(), graph().skills[40].id
    first, again, other = (write(domain, skill_id, 3, 20, draw=draw) for draw in (0, 0, 1))
    assert first == again
    assert len({item.question for item in first} & {item.question for item in other}) < 5
    rebuilt = type(domain.author)(60, 0)
    assert write_with(rebuilt, skill_id) == write_with(domain.author, skill_id)


def write_with(author, skill_id: str) -> list[Exercise]:
    return author.write_exercises(Assignment(skill_ids=(skill_id,), difficulty=2, count=5))


def test_a_single_operation_has_about_eighty_exercises_and_then_no_more() -> None:
    written = write(subject(), graph().skills[0].id, 1, 500)
    assert 65 <= len(written) <= 95


def test_fifteen_hundred_operations_work() -> None:
    domain, skills = subject(1500, 2), graph(1500, 2)
    assert {skill.level for skill in skills.skills} == {0, 1, 2, 3, 4}
    for skill in [skills.skills[0], *skills.skills[::150], skills.skills[-1]]:
        written = [item for difficulty in range(1, 6) for item in write(domain, skill.id, difficulty, 2)]
        assert len(written) == 10
        assert all(verdicts(item, 1500, 2) == {"correct"} for item in written)
        assert len(domain.author.write_probes(skill, 8, "test")) == 16


def test_a_skill_of_another_subject_is_refused_with_its_name() -> None:
    with pytest.raises(UserError, match="'power-rule', which is not in its syllabus"):
        write(subject(), "power-rule")
    parent = write(subject(), graph().skills[0].id)[0].model_copy(
        update={"skill_ids": ("power-rule",), "question": "Differentiate f(x) = 3x."}
    )
    with pytest.raises(UserError, match="'power-rule'"):
        write(subject(), graph().skills[0].id, kind="augmented", parents=(parent,))


# --- composed and augmented exercises ----------------------------------------------------------------------


def test_composed_exercises_call_all_of_their_skills_the_first_outermost() -> None:
    domain, ids = subject(), [skill.id for skill in graph().skills]
    rng = random.Random(1)
    for _ in range(60):
        later, earlier = sorted(rng.sample(range(60), 2), reverse=True)
        parents = (*write(domain, ids[later], 1, 1), *write(domain, ids[earlier], 1, 1))
        assignment = Assignment(
            skill_ids=(ids[later], ids[earlier]), difficulty=2, count=3, kind="composed", parents=parents
        )
        composed = domain.author.write_exercises(assignment)
        assert len(composed) == 3
        for item in composed:
            calls = calls_of(item.question)
            assert calls[0] == ids[later] and ids[earlier] in calls and len(calls) <= 3
            assert set(item.skill_ids) == set(calls)
            assert (item.kind, item.generation) == ("composed", 1)
            assert item.parent_ids == tuple(parent.exercise_id for parent in parents)
            assert verdicts(item, 60, 0) == {"correct"} and not is_held_out(item.question)
            assert not any(is_reserved(*pair) for pair in pairwise(calls))


def test_composing_sequences_keeps_what_both_are_about_and_never_gets_longer_than_practice() -> None:
    domain, ids = subject(), [skill.id for skill in graph().skills]
    parents = (*write(domain, ids[50], 3, 1), *write(domain, ids[30], 3, 1))
    skill_ids = tuple(dict.fromkeys(parents[0].skill_ids + parents[1].skill_ids))
    assignment = Assignment(skill_ids=skill_ids, difficulty=4, count=5, kind="composed", parents=parents)
    composed = domain.author.write_exercises(assignment)
    assert len(composed) == 5
    for item in composed:
        calls = calls_of(item.question)
        assert len(calls) == 3 == item.difficulty and calls[0] == ids[50] and ids[30] in calls


def test_variants_keep_the_operation_and_the_length_and_half_of_them_the_inner_ones() -> None:
    domain = subject()
    parent = write(domain, graph().skills[45].id, 3, 1)[0]
    children = write(domain, parent.skill_ids[0], 3, 40, kind="augmented", parents=(parent,))
    assert len({child.question for child in children} - {parent.question}) == 40
    assert {len(calls_of(child.question)) for child in children} == {3}
    assert {child.skill_ids[0] for child in children} == {parent.skill_ids[0]}
    kept = sum(calls_of(child.question) == calls_of(parent.question) for child in children)
    assert 10 <= kept <= 30
    assert {(child.kind, child.generation, child.parent_ids) for child in children} == {
        ("augmented", 1, (parent.exercise_id,))
    }


def test_variants_practise_the_operation_that_went_wrong() -> None:
    domain, skills = subject(), graph()
    parent = next(
        item for item in write(domain, skills.skills[20].id, 3, 30) if len(set(calls_of(item.question))) == 3
    )
    middle = calls_of(parent.question)[1]
    lines = parent.solution.split("\n")
    place = parent.step_skills.index(middle)
    value = int(lines[place][-2:])
    lines[place] = f"{lines[place][:-2]}{(value + 7) % 100:02d}"
    reply = "\n".join([*lines, f"{ANSWER_MARK} 00"])
    children = write(domain, parent.skill_ids[0], 3, 20, kind="augmented", parents=(parent,), student_answer=reply)
    assert len(children) == 20
    assert all(middle in calls_of(child.question) for child in children)
    assert any(calls_of(child.question) != calls_of(parent.question) for child in children)
    assert all(lines[place] not in child.solution.split("\n") for child in children)


@pytest.mark.parametrize(
    "reply",
    ["", "no idea", "Answer: 99", "x" * 200_000, "drom(" * 5_000, "\ud800(12) = 34", "= = =\n" * 9_000, "² = ²"],
)
def test_replies_that_say_nothing_give_ordinary_variants(reply: str) -> None:
    domain = subject()
    parent = write(domain, graph().skills[30].id, 2, 1)[0]
    children = write(domain, parent.skill_ids[0], 2, 3, kind="augmented", parents=(parent,), student_answer=reply)
    assert len(children) == 3


# --- mistakes ----------------------------------------------------------------------------------------------


def test_there_are_at_least_eight_kinds_of_mistakes() -> None:
    assert len(set(subject().author.corruption_kinds)) >= 8


@pytest.mark.parametrize("kind", subject().author.corruption_kinds)
def test_each_kind_of_mistake_is_made_and_refuted_by_both_methods(kind: str) -> None:
    author = subject().author
    made = tried = 0
    for skill_id in sample(60, 0, 20):
        for difficulty in range(1, 6):
            for item in write(subject(), skill_id, difficulty, 2):
                tried += 1
                wrong = author.corrupt(item, kind, random.Random(7))
                assert wrong == author.corrupt(item, kind, random.Random(7))
                if wrong is None:
                    continue
                made += 1
                assert wrong.question == item.question and wrong.answer != item.answer
                assert re.fullmatch("[0-9]{2}", wrong.answer)
                assert len(wrong.solution.split("\n")) == len(wrong.step_skills)
                assert verdicts(wrong, 60, 0) == {"incorrect"}
                if kind != "wrong-answer":
                    assert wrong.solution.endswith(f" = {wrong.answer}")
    assert made > 0.75 * tried


def test_mistakes_that_need_two_operations_are_not_made_with_one() -> None:
    single = write(subject(), graph().skills[0].id)[0]
    for kind in ("order", "skipped", "wrong-step"):
        assert subject().author.corrupt(single, kind, random.Random(0)) is None


def test_unknown_kinds_and_exercises_of_somebody_else_cannot_be_corrupted() -> None:
    item = write(subject(), graph().skills[0].id)[0]
    assert subject().author.corrupt(item, "spelling", random.Random(0)) is None
    foreign = item.model_copy(update={"question": "Compute 2 + 3."})
    assert subject().author.corrupt(foreign, "digit", random.Random(0)) is None


# --- probes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("split", ["dev", "test"])
@pytest.mark.parametrize(("operations", "seed"), [(30, 0), (30, 9), (60, 0), (200, 3)])
def test_every_skill_has_eight_pairs_of_verified_held_out_probes_of_all_families(
    operations: int, seed: int, split: str
) -> None:
    domain, skills = subject(operations, seed), graph(operations, seed)
    for skill in skills.skills if operations < 100 else skills.skills[::9]:
        probes = domain.author.write_probes(skill, 8, split)
        assert len(probes) == 16
        assert len({probe.question for probe in probes}) == 16
        assert probes == domain.author.write_probes(skill, 8, split)
        # A third of a fifth of a hundred inputs are for `dev`: of some operations there are hardly any.
        families = {probe.family for probe in probes}
        assert families == {"inputs", "sequences", "depths"} or split == "dev" and len(families) == 2
        for probe in probes:
            assert (probe.skill_id, probe.split) == (skill.id, split) and is_held_out(probe.question)
            assert verdicts(as_exercise(probe), operations, seed) == {"correct"}
            calls = calls_of(probe.question)
            reserved = any(is_reserved(*pair) for pair in pairwise(calls))
            lengths = {"inputs": {1}, "sequences": {2, 3}, "depths": {4}}[probe.family]
            assert len(calls) in lengths and reserved == (probe.family == "sequences")
        for first, twin in zip(probes[::2], probes[1::2], strict=True):
            one, other = calls_of(first.question), calls_of(twin.question)
            assert first.pair == twin.pair and first.family == twin.family and len(one) == len(other)
            assert re.findall(r"\d+", first.question) != re.findall(r"\d+", twin.question)
            assert len(one) == 1 or one != other


def as_exercise(probe: Probe) -> Exercise:
    return Exercise(
        skill_ids=(probe.skill_id,),
        question=probe.question,
        solution="",
        step_skills=(),
        answer=probe.answer,
        answer_type=probe.answer_type,
        difficulty=1,
        author="probe",
    )


def test_the_splits_share_no_question() -> None:
    for skill in graph().skills[::7]:
        dev, test = ({p.question for p in subject().author.write_probes(skill, 8, s)} for s in ("dev", "test"))
        assert dev.isdisjoint(test)


def test_a_tiny_subject_has_fewer_probes_and_exercises_but_some() -> None:
    domain = subject(2, 0)
    for skill in graph(2, 0).skills:
        assert 2 <= len(domain.author.write_probes(skill, 8, "test")) <= 16
        assert write(domain, skill.id)


# --- textbooks ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("operations", "seed"), [(2, 0), (60, 0), (60, 3), (200, 3)])
def test_textbooks_are_short_and_say_the_definition_the_parts_and_two_examples(operations: int, seed: int) -> None:
    domain, rules = subject(operations, seed), formulas(operations, seed)
    for one, skill in zip(define(operations, seed), graph(operations, seed).skills, strict=True):
        for variant in range(6):
            page = domain.author.write_textbook(skill, graph(operations, seed), variant)
            assert 60 <= len(page.text.split()) <= 120, page.text
            assert f"{one.formula}." in page.text
            builds_on = re.search(r"It builds on ([a-z ]+)\.", page.text)[1]
            if one.parts:
                assert set(builds_on.split(" and ")) == set(one.parts)
            else:
                assert builds_on == "no other operation"
            examples = re.findall(r"xample: (\S+) = \?\n(?:.+\n)+?Answer: (\d\d)", page.text)
            assert len(set(examples)) == 2 and "Watch out: " in page.text
            for call, answer in examples:
                assert not is_held_out(f"{call} = ?") and worked_out(call, rules) == answer


def test_pages_have_no_word_beyond_a_small_stock_and_the_names() -> None:
    names = {one.name for one in define(60, 0)}
    seen = set()
    for skill in graph().skills:
        for variant in range(6):
            text = subject().author.write_textbook(skill, graph(), variant).text
            seen |= set(words_in(text)) - names
            assert set(re.sub(r"[A-Za-z0-9\s]", "", text)) <= set(PUNCTUATION)
    assert seen <= set(PAGE_WORDS) and len(PAGE_WORDS) < 150
    assert len(set(PAGE_WORDS) - seen) <= 3
    assert not set(PAGE_WORDS) & set(SYLLABLES)


def test_pages_of_another_variant_differ_and_all_are_admitted_beside_the_probes() -> None:
    skills = graph()
    author = subject().author
    probes = [probe for skill in skills.skills for probe in author.write_probes(skill, 8, "test")]
    pages = [author.write_textbook(skill, skills, variant) for skill in skills.skills for variant in range(2)]
    assert len({page.text for page in pages}) == 120
    found = admit_textbooks(pages, skill_ids=set(skills.by_id), probes=probes)
    assert [verdict.reason for verdict in found if verdict.verdict != "correct"] == []


def test_exercises_are_admitted_beside_the_probes() -> None:
    skills, domain = graph(12, 1), subject(12, 1)
    probes = [probe for skill in skills.skills for probe in domain.author.write_probes(skill, 4, "test")]
    drafts = [
        item for skill in skills.skills for level in range(1, 6) for item in write(domain, skill.id, level, 2)
    ]
    found = admit(
        drafts, domain.verifier, skill_ids=set(skills.by_id), closure=skills.closure, probes=probes, workers=1
    )
    assert len(drafts) > 100
    assert [verdict.reason for verdict in found if verdict.verdict != "correct"] == []
