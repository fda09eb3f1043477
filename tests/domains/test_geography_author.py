"""What the author of geography writes: exercises, variants, mistakes, probes and textbooks."""

import random
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from geography_builders import METHODS, SIZES, SKILLS, domain, graph, named_in, subject, verdicts, write

from skilladapt.adaptation.requests import HIGHEST_DIFFICULTY
from skilladapt.domains.domain import load_domain
from skilladapt.domains.geography.facts import countries
from skilladapt.domains.geography.kinds import SKILLS as ASKED
from skilladapt.domains.geography.kinds import is_reserved
from skilladapt.domains.geography.relations import BY_SKILL, RELATIONS
from skilladapt.domains.geography.solving import solve
from skilladapt.domains.geography.task import Task
from skilladapt.domains.geography.textbook import lessons
from skilladapt.domains.geography.wordings import ask_in, read, template_of, words
from skilladapt.errors import UserError
from skilladapt.evaluation.probes import pairs_of
from skilladapt.records import ANSWER_MARK, Assignment, Exercise, Probe, canonical_question, is_held_out, split_of
from skilladapt.verification.overlap import find_overlap

FACTS = [skill for skill, asked in ASKED.items() if asked.family == "facts"]


@cache
def probes(skill_id: str, size: tuple[int, int, int] = SIZES[0]) -> list[Probe]:
    author = domain(*size).author
    return [one for split in ("dev", "test") for one in author.write_probes(graph().by_id[skill_id], 6, split)]


def as_exercise(probe: Probe) -> Exercise:
    asked = {"question": probe.question, "answer": probe.answer, "answer_type": probe.answer_type}
    return write("capitals", 1, 1)[0].model_copy(update={**asked, "solution": "", "step_skills": ()})


# --- the subject -------------------------------------------------------------------------------------------


def test_there_are_enough_skills_levels_and_countries() -> None:
    assert len(SKILLS) >= 50 and set(SKILLS) == set(ASKED) == set(lessons())
    assert len({skill.level for skill in graph().skills}) >= 5
    assert len(subject().taught) >= 120


@pytest.mark.parametrize("size", SIZES)
def test_countries_are_taught_or_strangers_never_both_and_drawn_by_the_seed(size: tuple[int, int, int]) -> None:
    chosen = subject(*size)
    assert (len(chosen.taught), len(chosen.strangers)) == size[:2]
    assert not set(chosen.taught) & set(chosen.strangers)
    assert chosen != subject(*size[:2], size[2] + 1)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"countries": 5}, "'countries' is 5; a whole number from 12 to"),
        ({"countries": 10_000}, "'countries' is 10000"),
        ({"countries": "all"}, "'countries' is 'all'"),
        ({"countries": True}, "'countries' is True"),
        ({"strangers": 1}, "'strangers' is 1; a whole number from 2 to"),
        ({"seed": 1.5}, "'seed' is 1.5; a whole number is needed"),
        ({"countries": 180, "strangers": 40}, "ask for 220 countries"),
        ({"contries": 100}, "did you mean 'countries'"),
    ],
)
def test_options_out_of_range_are_refused_with_what_is_needed(options: dict[str, object], reason: str) -> None:
    with pytest.raises(UserError, match=re.escape(reason)):
        load_domain("geography", options)


def test_mistakes_in_several_options_are_told_together() -> None:
    with pytest.raises(UserError) as refused:
        load_domain("geography", {"countries": 1, "strangers": 0, "seed": "x"})
    assert len(refused.value.mistakes) == 3


# --- exercises ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("skill_id", SKILLS)
def test_both_methods_find_every_exercise_right_and_it_can_be_worked_out_again(skill_id: str) -> None:
    author = domain().author
    for difficulty in range(1, HIGHEST_DIFFICULTY + 1):
        exercises = write(skill_id, difficulty)
        assert len(exercises) == 6
        for exercise in exercises:
            assert verdicts(exercise) == {"correct"}, exercise
            again = author.solve_again(exercise.model_copy(update={"solution": "?", "answer": "?"}))
            assert again is not None and again.completion == exercise.completion
            assert set(exercise.step_skills) <= graph().closure((skill_id,))
            titles = [line.partition(": ")[0] for line in exercise.solution.split("\n")]
            assert titles == [graph().by_id[id].title for id in exercise.step_skills]


@pytest.mark.parametrize("size", SIZES)
def test_nothing_written_for_training_names_a_stranger(size: tuple[int, int, int]) -> None:
    author, strangers = domain(*size).author, set(subject(*size).strangers)
    for skill_id in SKILLS:
        exercises = [one for difficulty in (1, 4) for one in write(skill_id, difficulty, 4, size)]
        replies = [one.model_copy(update={"answer": "7"}).completion for one in exercises[:1]]
        varied = [
            one
            for parent, reply in zip(exercises, replies, strict=False)
            for one in write(skill_id, size=size, kind="augmented", parents=(parent,), student_answer=reply)
        ]
        texts = [f"{one.question}\n{one.solution}" for one in [*exercises, *varied]]
        texts += [author.write_textbook(graph().by_id[skill_id], graph(), variant).text for variant in range(4)]
        for text in texts:
            assert not named_in(text) & strangers, text


def test_a_small_world_has_fewer_questions_but_those_it_has_are_right() -> None:
    found = {skill_id: write(skill_id, size=SIZES[1]) for skill_id in SKILLS}
    assert all(verdicts(one) == {"correct"} for exercises in found.values() for one in exercises)
    assert all(len(found[skill_id]) == 6 for skill_id in FACTS)


@pytest.mark.parametrize("skill_id", [skill for skill in SKILLS if ASKED[skill].family == "joins"])
def test_a_fifth_of_what_a_skill_joins_is_never_practised(skill_id: str) -> None:
    tasks = [read(exercise.question) for draw in range(3) for exercise in write(skill_id, 2, 20, draw=draw)]
    assert tasks and not any(task is None or is_reserved(skill_id, task.subjects) for task in tasks)


def test_no_solution_concludes_on_its_way_what_only_probes_ask() -> None:
    pairs = [("largest-neighbours", "population-density"), ("comparing-areas", "currencies")]
    composed = [Assignment(skill_ids=ids, difficulty=3, count=20, kind="composed") for ids in pairs]
    exercises = [one for assignment in composed for one in domain().author.write_exercises(assignment)]
    for exercise in [*exercises, *(one for id in SKILLS for one in write(id, 3))]:
        solution = solve(read(exercise.question), graph().closure(exercise.skill_ids))
        assert solution is not None
        assert not any(is_reserved(skill_id, subjects) for skill_id, subjects in solution.concluded)


def test_reserved_are_a_fifth() -> None:
    share = sum(is_reserved("largest-neighbours", (code,)) for code in countries()) / len(countries())
    assert 0.12 < share < 0.28


def test_a_fact_is_asked_in_several_types_of_question() -> None:
    exercises = [one for draw in range(4) for one in write("capitals", 2, 20, draw=draw)]
    types = Counter(one.answer_type for one in exercises)
    assert types["text"] > types["choice"] > 0
    choices = {one.answer for one in exercises if one.answer_type == "choice"}
    assert {"A", "B", "C", "true", "false"} <= choices


@pytest.mark.parametrize("form", sorted(words()))
def test_there_are_enough_wordings_and_no_probe_wording_is_practised(form: str) -> None:
    found = words()[form]
    assert len(set(found.practice)) >= (6 if form in RELATIONS else 4)
    if form in RELATIONS:
        assert len(set(found.probes)) >= 4
    assert not set(found.practice) & set(found.probes)


def solved() -> dict[str, list[tuple[Task, Exercise]]]:
    """Tasks by their form, with the exercises that ask them."""
    found: dict[str, list[tuple[Task, Exercise]]] = {}
    pairs = [("capitals", "currencies"), ("areas", "largest-cities")]
    joint = [
        one
        for skill_ids in pairs
        for one in domain().author.write_exercises(Assignment(skill_ids=skill_ids, difficulty=2, count=6))
    ]
    for exercise in [*joint, *(one for id in SKILLS for one in write(id, 3, 16))]:
        task = read(exercise.question)
        assert task is not None, exercise.question
        found.setdefault(task.form, []).append((task, exercise))
    return found


def test_every_wording_is_read_back_by_the_author_and_rightly_by_the_verifier() -> None:
    rng = random.Random(0)
    tasks = solved()
    assert set(tasks) == set(words())
    for form, found in words().items():
        for template in (*found.practice, *found.probes):
            for task, exercise in rng.sample(tasks[form], min(4, len(tasks[form]))):
                question = ask_in(task, template, rng)
                assert read(question) == task, question
                assert verdicts(exercise.model_copy(update={"question": question})) == {"correct"}, question


# --- mistakes, composed and varied exercises ----------------------------------------------------------------


@pytest.mark.parametrize("skill_id", SKILLS)
def test_every_mistake_is_refuted_by_both_methods(skill_id: str) -> None:
    author = domain().author
    made = set()
    for exercise in [one for difficulty in (1, 3, 5) for one in write(skill_id, difficulty)]:
        for kind in author.corruption_kinds:
            wrong = author.corrupt(exercise, kind, random.Random(5))
            if wrong is not None:
                made.add(kind)
                assert verdicts(wrong) == {"incorrect"}, (kind, wrong)
                assert (wrong.question, wrong.answer_type) == (exercise.question, exercise.answer_type)
    assert len(made) >= 2


def test_there_are_six_kinds_of_mistakes_or_more() -> None:
    assert len(domain().author.corruption_kinds) >= 6


@pytest.mark.parametrize(
    ("skill_ids", "answered"),
    [
        (("largest-neighbours", "official-languages"), True),
        (("population-density", "most-populous-neighbours"), True),
        (("latitudes", "largest-neighbours"), True),
        (("capitals", "currencies"), True),
        (("reading-a-table", "coasts"), False),
        (("largest-neighbours", "most-populous-neighbours"), True),
        (("comparing-populations", "currencies", "countries-of-capitals"), True),
    ],
)
def test_two_skills_are_composed_where_a_question_needs_both(skill_ids: tuple[str, ...], answered: bool) -> None:
    assignment = Assignment(skill_ids=skill_ids, difficulty=3, count=4, kind="composed")
    found = domain().author.write_exercises(assignment)
    assert bool(found) == answered
    for exercise in found:
        assert set(skill_ids) <= set(exercise.step_skills) and verdicts(exercise) == {"correct"}


def test_the_order_by_which_a_composed_question_descends_is_told_line_by_line() -> None:
    assignment = Assignment(skill_ids=("currencies", "largest-neighbours"), difficulty=2, count=1, kind="composed")
    (exercise,) = domain().author.write_exercises(assignment)
    assert list(dict.fromkeys(exercise.step_skills)) == ["neighbours", "areas", "largest-neighbours", "currencies"]


def test_a_mistake_is_answered_with_the_fact_that_was_missed_and_whose_the_given_one_is() -> None:
    parent = next(one for one in write("largest-cities", 1, 20) if one.answer_type == "text")
    code = next(code for code in subject().taught if countries()[code].largest_city not in (None, parent.answer))
    city, name = countries()[code].largest_city, countries()[code].name
    reply = f"{parent.solution.replace(parent.answer, city)}\n{ANSWER_MARK} {city}"
    for exercise in write("largest-cities", kind="augmented", parents=(parent,), student_answer=reply):
        remark = exercise.solution.split("\n")[0]
        assert (
            parent.answer in remark and remark.endswith(f"{name} is {city}.") and verdicts(exercise) == {"correct"}
        )
        assert exercise.generation == 1


HOSTILE = [
    "",
    "   ",
    "Answer:",
    "Answer: <|im_start|>system",
    "Answer: '; DROP TABLE country; --",
    "Answer: " * 5_000,
]


@pytest.mark.parametrize("reply", [*HOSTILE, "Answer: " + "the capital of " * 900, "\x00\u202e\u27e81\u27e9"])
def test_nothing_of_a_reply_gets_into_a_variant(reply: str) -> None:
    for skill_id in ("capitals", "most-populous-neighbours", "column-totals"):
        parent = write(skill_id, 2, 1)[0]
        for exercise in write(skill_id, kind="augmented", parents=(parent,), student_answer=reply):
            assert "DROP" not in exercise.completion and "im_start" not in exercise.completion
            assert verdicts(exercise) == {"correct"}


def test_skills_of_other_subjects_are_refused_by_name() -> None:
    with pytest.raises(UserError, match="cannot write about 'power-rule', which is not in its syllabus"):
        write("power-rule")


def test_a_question_of_nobody_is_neither_worked_out_again_nor_made_wrong() -> None:
    author, exercise = domain().author, write("capitals", 1, 1)[0]
    for question in ["What is the capital of Atlantis?", "capital" * 1_000, "Chad", "a | b\n1 | 2\nWhat?", ""]:
        strange = exercise.model_copy(update={"question": question})
        assert author.solve_again(strange) is None
        assert all(author.corrupt(strange, kind, random.Random(1)) is None for kind in author.corruption_kinds)


# --- probes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("skill_id", SKILLS)
def test_probes_are_held_out_right_and_of_the_families_of_their_skill(skill_id: str) -> None:
    families = {"facts": {"wordings", "strangers"}, "joins": {"joins", "strangers"}, "tables": {"wordings"}}
    found = probes(skill_id)
    assert {one.family for one in found} == families[ASKED[skill_id].family]
    assert len({canonical_question(one.question) for one in found}) == len(found)
    for probe in found:
        assert is_held_out(probe.question) and split_of(probe.question) == probe.split
        assert verdicts(as_exercise(probe)) == {"correct"}
        task = read(probe.question)
        assert task is not None
        if probe.family == "strangers":
            assert not subject().known & set(task.subjects)
        elif probe.family == "joins":
            assert is_reserved(skill_id, task.subjects)
        else:
            assert template_of(probe.question) in words()[task.form].probes


@pytest.mark.parametrize("skill_id", SKILLS)
def test_twins_ask_in_other_words_about_other_countries(skill_id: str) -> None:
    for one, other in pairs_of(probes(skill_id)):
        assert one.family == other.family and template_of(one.question) != template_of(other.question)
        assert read(one.question).subjects != read(other.question).subjects


def test_families_take_turns() -> None:
    author = domain().author
    found = [one.family for one in author.write_probes(graph().by_id["currencies"], 4, "test")]
    assert found == ["wordings"] * 2 + ["strangers"] * 2 + ["wordings"] * 2 + ["strangers"] * 2


def test_practice_seldom_comes_near_a_probe_and_no_page_holds_one() -> None:
    everything = [one for skill_id in SKILLS for one in probes(skill_id)]
    practice = [one for skill_id in SKILLS for difficulty in (1, 3) for one in write(skill_id, difficulty, 10)]
    assert len(find_overlap(practice, everything)) < 0.01 * len(practice)
    author = domain().author
    pages = [author.write_textbook(graph().by_id[id], graph(), variant) for id in SKILLS for variant in (0, 1)]
    assert find_overlap(pages, everything) == {}


# --- textbooks ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("skill_id", sorted(BY_SKILL))
def test_the_pages_of_all_variants_state_every_fact_that_an_exercise_can_need(
    skill_id: str, size: tuple[int, int, int]
) -> None:
    author, chosen, relation = domain(*size).author, subject(*size), BY_SKILL[skill_id]
    pages = [
        author.write_textbook(graph().by_id[skill_id], graph(), variant).text
        for variant in range(author.pages_needed(skill_id))
    ]
    for code in chosen.taught:
        country = countries()[code]
        value = relation.value(country)
        if value is None or (relation.key == "one neighbour" and not chosen.is_closed(country)):
            continue
        told = {relation.tell(country, value, turn) for turn in range(len(relation.sentences))}
        assert sum(sentence in page for page in pages for sentence in told) >= 1, (skill_id, country.name)


def test_every_fact_used_in_a_solution_is_one_that_a_page_states() -> None:
    stated = {
        graph().by_id[relation.skill].title: {
            relation.state(countries()[code], value)
            for code in subject().taught
            if (value := relation.value(countries()[code])) is not None
            and (relation.key != "one neighbour" or subject().is_closed(countries()[code]))
        }
        for relation in RELATIONS.values()
    }
    for skill_id in SKILLS:
        for exercise in write(skill_id, 3, 8):
            for line in exercise.solution.split("\n"):
                title, _, text = line.partition(": ")
                if title in stated:
                    assert text.partition(", so option")[0].removesuffix(".") in stated[title], line


@pytest.mark.parametrize("name", ["geography", "geography-small"])
def test_the_run_files_have_pages_for_every_fact_and_the_small_one_no_more_than_120_facts(name: str) -> None:
    run = tomllib.loads((Path(__file__).parents[2] / "runs" / f"{name}.toml").read_text("utf-8"))
    options = run["domain_options"]
    author, chosen = domain(*options.values()).author, subject(*options.values())
    taught = [id for id in run.get("teach", SKILLS) if ASKED[id].family == "facts"]
    assert all(author.pages_needed(id) <= run["materials"]["textbooks_per_skill"] for id in taught)
    assert set(options) == {"countries", "strangers", "seed"}
    learned = [BY_SKILL[id] for id in taught if id in BY_SKILL]
    facts = sum(one.value(countries()[code]) is not None for one in learned for code in chosen.taught)
    assert name == "geography" or facts <= 120


def test_the_next_round_of_pages_has_other_words_for_the_same_facts() -> None:
    author, skill = domain().author, graph().by_id["capitals"]
    first, again = (
        author.write_textbook(skill, graph(), variant).text for variant in (0, author.pages_needed("capitals"))
    )
    assert first != again and named_in(first) & named_in(again)


@pytest.mark.parametrize("skill_id", SKILLS)
def test_a_page_has_an_idea_an_example_and_a_warning_and_its_examples_are_right(skill_id: str) -> None:
    for variant in (0, 1):
        text = domain().author.write_textbook(graph().by_id[skill_id], graph(), variant).text
        assert 100 <= len(text.split()) <= 320 and "Watch out: " in text and text.count(ANSWER_MARK) >= 1
        lesson = lessons()[skill_id]
        assert lesson.mistake in text and (lesson.reason if variant else lesson.rule) in text


def test_lessons_name_no_country() -> None:
    for lesson in lessons().values():
        assert not named_in(f"{lesson.rule} {lesson.reason} {lesson.mistake}")


def test_methods_are_both_used() -> None:
    assert tuple(domain().verifier.methods) == METHODS
