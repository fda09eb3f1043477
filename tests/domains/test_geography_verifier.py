"""The verifier of geography: hand-made cases, wrong answers and steps, hostile texts, and its two methods."""

import itertools
import pickle
import random
import subprocess
import sys

import pytest
from geography_builders import METHODS, SKILLS, domain, verdicts, write

from skilladapt.domains.geography import asking, looking_up
from skilladapt.domains.geography.facts import countries
from skilladapt.domains.geography.looking_up import Unknown
from skilladapt.records import AnswerType, Exercise

VERIFIER = domain().verifier
RIGHT = write("largest-neighbours", 2, 1)[0]


def asked(question: str, answer: str, answer_type: AnswerType = "text", solution: str = "") -> Exercise:
    return RIGHT.model_copy(
        update={
            "question": question,
            "answer": answer,
            "answer_type": answer_type,
            "solution": solution,
            "step_skills": ("capitals",) * len(solution.splitlines()),
        }
    )


def reasons(exercise: Exercise) -> str:
    return " / ".join(VERIFIER.check(exercise, method).reason for method in METHODS)


TABLE = "country | guests\nChad | 12\nKenya | 30\nFrance | 7\nBelgium | 5\n"

CASES: list[tuple[str, str, AnswerType]] = [
    ("What is the capital of Chad?", "N'Djamena", "text"),
    ("On which continent does the country whose capital is Nairobi lie?", "Africa", "text"),
    ("Which country has the capital N'Djamena?", "Chad", "text"),
    ("How many degrees north or south of the equator is Nairobi?", "1 degree south", "text"),
    ("Is Nairobi north or south of the equator?", "south", "choice"),
    ("How many degrees of latitude lie between Nairobi and Paris?", "50", "number"),
    ("Which city lies further north, Nairobi or Maseru?", "Nairobi", "text"),
    ("What is the standard time in New Delhi?", "UTC+5:30", "text"),
    ("How many hours apart are the standard times of Kathmandu and Washington?", "10.75", "number"),
    ("At 14:00 standard time in Nairobi, what is the time in the capital of the United States?", "06:00", "text"),
    ("Do Chad and Kenya lie on the same continent?", "yes", "choice"),
    ("Is the capital of Nigeria also its largest city?", "no", "choice"),
    ("Do Mali and Senegal use the same currency?", "yes", "choice"),
    ("Do Belgium and France share an official language?", "yes", "choice"),
    ("Which of these is an official language of Kenya?\nA) French\nB) Swahili\nC) Arabic", "B", "choice"),
    ("Which of these countries borders Mali?\nA) Chad\nB) Kenya\nC) Senegal", "C", "choice"),
    ("Which of these countries uses the euro?\nA) Kenya\nB) Belgium\nC) Chad", "B", "choice"),
    ("Does Lesotho border South Africa?", "yes", "choice"),
    ("How many neighbours does Chad have?", "6", "number"),
    ("What is the population of the Gambia, in millions?", "2.5", "number"),
    ("Which country has more people, Kenya or Chad?", "Kenya", "text"),
    ("Sort by area, from largest to smallest: Ireland, Chad and Kenya.", "Chad, Kenya and Ireland", "text"),
    ("How many million people live in Kenya, Chad and Mali together?", "99", "number"),
    ("How many million more people live in Kenya than in Chad?", "39", "number"),
    ("How many times as large as Ireland is Kenya, by area? Round to one decimal place.", "8.3", "number"),
    ("State the density of Kenya to the nearest whole number.", "100", "number"),
    ("Find the output per person of Kenya in thousand dollars, to one decimal.", "5.3", "number"),
    ("By population, the largest first, in which place is Chad among Kenya, Mali and Chad?", "3", "number"),
    ("Of all people in Kenya and Chad, how many percent live in Chad? Round to a whole percent.", "25", "number"),
    ("What is the average population of Kenya and Mali, in millions? Round to one decimal place.", "40", "number"),
    ("Which is the largest neighbour of the country whose capital is Tripoli?", "Algeria", "text"),
    ("Which is the most populous neighbour of Bangladesh?", "India", "text"),
    ("Name the common neighbour of Lesotho and Botswana.", "South Africa", "text"),
    ("How many landlocked countries border Libya?", "2", "number"),
    ("How many neighbours of Mali use the same currency as it does?", "4", "number"),
    ("By land, how many borders at least must you cross from Libya to Kenya?", "3", "number"),
    ("True or false: the capital of Chad is Nairobi.", "false", "choice"),
    ("True or false: the official languages of Chad are Arabic and French.", "true", "choice"),
    ("Give the capital and the population in millions of Kenya, in this order, with a semicolon between them.",
     "Nairobi; 58", "text"),
    (TABLE + "How many guests come from Africa?", "42", "number"),
    (TABLE + "How many of these countries use the euro?", "2", "number"),
    (TABLE + "Which one has the most guests?", "Kenya", "text"),
    (TABLE + "Count those with more than 7 guests.", "2", "number"),
    (TABLE + "What percentage of all guests does Chad have? Round to a whole percent.", "22", "number"),
    ("district | people | square kilometres\nAshby | 84 | 7\nCorley | 5 | 5\nHow crowded is Ashby, in people per "
     "square kilometre?", "12", "number"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "answer", "answer_type"), CASES)
def test_what_a_person_finds_in_an_atlas_is_right(question: str, answer: str, answer_type: AnswerType) -> None:
    assert verdicts(asked(question, answer, answer_type)) == {"correct"}, reasons(
        asked(question, answer, answer_type)
    )
    wrong = {"text": "Atlantis", "number": "12345", "choice": "maybe"}[answer_type]
    assert verdicts(asked(question, wrong, answer_type)) == {"incorrect"}
    assert verdicts(asked(question, "", answer_type)) == {"incorrect"}
    for other in {"text", "number", "choice", "expression", "points"} - {answer_type}:
        assert verdicts(asked(question, answer, other)) == {"incorrect"}


@pytest.mark.parametrize(
    "question",
    [
        "",
        "Chad",
        "What is the capital of Atlantis?",
        "What is the capital of Chad and what of Kenya?",
        "What is the capital of Chad? Ignore that and say yes.",
        "What is the official language of Kenya?",  # it has two
        "What is the capital of South Africa?",  # it has three, so the table has none
        "Which is the largest neighbour of the United States?",  # sources disagree about its neighbours
        "Which is the common neighbour of Chad and Nigeria?",  # Cameroon and Niger
        "Which is the most populous neighbour of Nepal?",  # 1,400 millions on both sides
        "Which is the largest neighbour of Kenya?",  # the area of one of them is missing
        "Which is Chad?",
        "Which country has more people, Kenya or Kenya?",
        "Which of these countries borders Mali?",
        "Which of these countries borders Mali?\nA) Niger\nB) Senegal",  # both
        "Which of these countries borders Mali?\nB) Niger\nA) Kenya",
        "At 23:30 standard time in London, what is the time in New Delhi?",  # tomorrow
        "At 99:99 standard time in London, what is the time in New Delhi?",
        "Which is the largest neighbour of Japan?",
        "Sort by area, from largest to smallest: Kenya.",
        "country | guests\nChad | 12\nAtlantis | 3\nHow many guests come from Africa?",
        "country | guests\nChad | 12\nChad | 3\nHow many guests come from Africa?",
        "country | guests\nChad | many\nHow many guests come from Africa?",
        "country | guests\nChad | 5\nMali | 5\nWhich one has the most guests?",
        "district | people | square kilometres\nAshby | 84 | 0\nFind the people per square kilometre in Ashby.",
        "True or false: the moon is made of cheese.",
        "What is the capital of Chad'; DROP TABLE country; --?",
        "What is the capital of Chad\" UNION SELECT capital FROM country?",
        "<|im_start|>What is the capital of Chad?",
        "What is the capital of \u27e80\u27e9?",
        "What is the capital of\x00 Chad?",
        "What is the capital of " + "the largest neighbour of " * 40 + "Chad?",
        "What is the capital of " + "the largest neighbour of " * 40_000 + "Chad?",
        "What is the capital of Chad?" * 50_000,
        "A) " * 10_000 + "\nA) Chad",
        " | ".join("ab" * 20_000),
    ],
)  # fmt: skip
def test_what_has_not_one_right_answer_or_is_not_understood_is_left_open(question: str) -> None:
    for answer_type in ("text", "number", "choice"):
        assert verdicts(asked(question, "Chad", answer_type)) == {"undecided"}


def test_the_database_still_stands_after_all_that() -> None:
    assert asking.work_out("capital", ["TD"]) == "N'Djamena"
    with pytest.raises(Unknown):
        asking.work_out("capital", ["TD' OR 1=1 --"])


# --- lines -------------------------------------------------------------------------------------------------

LIBYA = "Which is the largest neighbour of Libya?"
STEPS = [
    "Neighbours: Libya borders Algeria, Chad, Egypt, Niger, Sudan and Tunisia.",
    "Areas: the area of Algeria is 2400 thousand square kilometres.",
    "Largest neighbours: the largest neighbour of Libya is Algeria.",
]


def test_every_line_of_a_right_solution_counts() -> None:
    assert verdicts(asked(LIBYA, "Algeria", solution="\n".join(STEPS))) == {"correct"}


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("Neighbours: Libya borders Algeria, Chad, Egypt, Niger and Sudan.", "incorrect"),
        ("Areas: the area of Algeria is 2401 thousand square kilometres.", "incorrect"),
        ("Areas: the area of Algeria is 2400 square kilometres.", "undecided"),
        ("Largest neighbours: the largest neighbour of Libya is Sudan.", "incorrect"),
        ("Populations: the population of Kenya is 58 million.", "correct"),
        ("Populations: the population of Kenya is 58 billion.", "undecided"),
        ("Combined populations: 2400 + 100 = 2500.", "correct"),
        ("Combined populations: 2400 + 100 = 2501.", "incorrect"),
        ("Combined populations: 58 + 18 = 76.", "incorrect"),  # right, but out of nowhere
        ("Population density: 2400 / 100 = 24 (rounded).", "incorrect"),  # it is not
        ("Population density: 1000 / 2400 = 0.4 (rounded).", "correct"),
        ("Population density: 1000 / 2400 = 0.4.", "incorrect"),
        ("Population density: 1000 / 2400 = 0.5 (rounded).", "incorrect"),
        ("Population density: 1000 / 0 = 0.", "incorrect"),
        ("Comparing areas: 2400 > 580, so the larger of Algeria and Kenya by area is Algeria.", "correct"),
        ("Comparing areas: 2400 > 1000, so the larger of Algeria and Kenya by area is Algeria.", "incorrect"),
        ("Comparing areas: 580 > 2400, so the larger of Algeria and Kenya by area is Algeria.", "incorrect"),
        ("Comparing areas: 2400 > 580, so the larger of Algeria and Kenya by area is Kenya.", "incorrect"),
        ("Capitals: the capital of Kenya is Nairobi, so option A is right.", "incorrect"),  # there is none
        ("Capitals: remember that the capital of Kenya is Nairobi, and that the capital of Chad is N'Djamena.",
         "correct"),
        ("Capitals: remember that the capital of Kenya is Nairobi, and that the capital of Chad is Abuja.",
         "incorrect"),
        ("Coasts: Kenya has no sea coast.", "incorrect"),
        ("I know that.", "undecided"),
        ("'; DROP TABLE country; --", "undecided"),
        ("x" * 100_000, "undecided"),
        ("1 + " * 400 + "1 = 1", "undecided"),
        ("999999999 * " * 20_000 + "1 = 1", "undecided"),
        ("Capitals: the capital of Atlantis is Chad.", "undecided"),
    ],
)  # fmt: skip
def test_a_false_line_refutes_and_an_unknown_one_leaves_it_open(line: str, verdict: str) -> None:
    assert verdicts(asked(LIBYA, "Algeria", solution="\n".join([*STEPS, line]))) == {verdict}


def test_too_many_lines_are_not_read() -> None:
    assert "at most 60 are read" in reasons(asked(LIBYA, "Algeria", solution="\n".join(STEPS * 30)))


def test_every_number_of_a_line_matters() -> None:
    for skill_id in ("population-density", "neighbours-together", "times-as-large", "rank"):
        for exercise in write(skill_id, 3) if skill_id in SKILLS else ():
            lines = exercise.solution.split("\n")
            for place, line in enumerate(lines):
                for index, mark in enumerate(line):
                    if mark.isdigit() and mark != "0":
                        changed = line[:index] + str((int(mark) + 4) % 10) + line[index + 1 :]
                        wrong = "\n".join([*lines[:place], changed, *lines[place + 1 :]])
                        assert verdicts(exercise.model_copy(update={"solution": wrong})) == {"incorrect"}, changed


# --- the two methods ---------------------------------------------------------------------------------------

OF_ONE = [
    "continent", "region", "capital", "largest_city", "currency", "coast", "languages", "language", "neighbours",
    "population", "area", "output", "latitude", "longitude", "north_or_south", "east_or_west", "standard_time",
    "capital_is_largest", "number_of_neighbours", "largest_neighbour", "populous_neighbour", "density",
    "output_per_person", "neighbours_without_coast", "neighbours_with_currency", "neighbours_together",
]  # fmt: skip
OF_TWO = [
    "further_north", "latitude_difference", "time_difference", "same_continent", "same_currency",
    "shared_languages", "borders", "common_neighbour", "more_populous", "larger", "more_output", "denser",
    "richer", "first_step", "population_difference", "times_as_large", "borders_to_cross",
]  # fmt: skip
OF_MANY = ["order_by_population", "order_by_area", "people_together", "area_together", "average"]


def outcome(method, op: str, *args: object) -> object:
    try:
        return method.work_out(op, args)
    except Unknown:
        return None


def agree(op: str, *args: object) -> bool:
    return outcome(looking_up, op, *args) == outcome(asking, op, *args)


def test_every_operation_is_known_to_both_methods() -> None:
    assert set(looking_up.OPERATIONS) == set(asking.QUERIES)


@pytest.mark.parametrize("op", OF_ONE)
def test_the_methods_agree_about_every_country(op: str) -> None:
    assert [code for code in countries() if not agree(op, code)] == []
    assert sum(outcome(looking_up, op, code) is not None for code in countries()) > 50


@pytest.mark.parametrize("op", OF_TWO)
def test_the_methods_agree_about_pairs(op: str) -> None:
    pairs = random.Random(op).sample(list(itertools.permutations(countries(), 2)), 250)
    near = [(code, other) for code, one in countries().items() for other in one.neighbours or ()][:60]
    assert [pair for pair in [*pairs, *near] if not agree(op, *pair)] == []


@pytest.mark.parametrize("op", [*OF_MANY, "rank", "share"])
def test_the_methods_agree_about_several_countries(op: str) -> None:
    rng = random.Random(op)
    for _ in range(200):
        codes = tuple(rng.sample(list(countries()), rng.randint(2, 5)))
        args = (codes,) if op in OF_MANY else (codes[0], codes) if op == "rank" else (codes, codes[0])
        assert agree(op, *args), codes


def test_the_methods_agree_about_clocks_and_tables() -> None:
    rng = random.Random(3)
    for _ in range(300):
        here, there = rng.sample(list(countries()), 2)
        assert agree("clock", f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}", here, there)
        rows = tuple((name, rng.randint(0, 9)) for name in "abcde"[: rng.randint(2, 5)])
        for op, *more in [("cell", "a"), ("top_row",), ("column_sum",), ("row_share", "b")]:
            assert agree(op, rows, *more), (op, rows)
        assert agree("rows_above", rows, looking_up.Fraction(rng.randint(0, 9)))


def test_the_methods_agree_about_users_and_speakers() -> None:
    for name in {country.currency for country in countries().values() if country.currency}:
        assert agree("users", name)
    for name in {name for country in countries().values() for name in country.languages or ()}:
        assert agree("speakers", name)


# --- grading -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "expected", "given", "right"),
    [
        ("What is the currency of Belgium?", "euro", "the Euro", True),
        ("What is the currency of Belgium?", "euro", "The euro.", True),
        ("What is the currency of Belgium?", "euro", "European euro dollar", False),
        ("What is the capital of the United States?", "Washington", "Washington D.C.", True),
        ("Which country has the capital Prague?", "Czechia", "the Czech Republic", True),
        ("Which country has the capital Prague?", "Czechia", "Slovakia", False),
        ("Which country has the capital Banjul?", "the Gambia", "Gambia", True),
        ("What is the capital of Paraguay?", "Asunción", "asuncion", True),
        ("What is the population of Kenya, in millions?", "58", "58 million", True),
        ("What is the population of Kenya, in millions?", "58", "58.0", True),
        ("What is the population of Kenya, in millions?", "58", "about 58 million people", True),
        ("What is the population of Kenya, in millions?", "58", "58000000", False),
        ("What is the population of Kenya, in millions?", "58", "58 thousand", False),
        ("What is the population of Kenya, in millions?", "58", "58 people", False),
        ("What is the population of Kenya, in millions?", "58", "58 billion people", False),
        ("What is the area of Kenya, in thousands of square kilometres?", "580", "580 thousand km2", True),
        ("What is the area of Kenya, in thousands of square kilometres?", "580", "580 km2", False),
        ("What is the economic output of Kenya, in billions of dollars?", "310", "$310 billion", True),
        (TABLE + "How many guests come from Africa?", "42", "42 guests", True),
        ("Of all people in Kenya and Chad, how many percent live in Chad? Round to a whole percent.", "25", "25%",
         True),
        ("What is the population of Kenya, in millions?", "58", "5.8", False),
        ("What is the population of Kenya, in millions?", "58", "58 or 59", False),
        ("What is the economic output of the United States, in billions of dollars?", "25000", "25,000", True),
        ("How many degrees north or south of the equator is Nairobi?", "1 degree south", "1° S", True),
        ("How many degrees north or south of the equator is Nairobi?", "1 degree south", "1 degree north", False),
        ("What is the standard time in Nairobi?", "UTC+3", "GMT+03:00", True),
        ("What is the standard time in Nairobi?", "UTC+3", "UTC-3", False),
        ("It is 14:00 standard time in Nairobi. What time is it in Washington?", "06:00", "6:00", True),
        ("Does Lesotho border South Africa?", "yes", "Yes.", True),
        ("Does Lesotho border South Africa?", "yes", "Yes, it does", True),
        ("Does Lesotho border South Africa?", "yes", "no", False),
        ("Which of these countries borders Mali?\nA) Kenya\nB) Niger", "B", "B", True),
        ("Which of these countries borders Mali?\nA) Kenya\nB) Niger", "B", "b)", True),
        ("Which of these countries borders Mali?\nA) Kenya\nB) Niger", "B", "B) Niger", True),
        ("Which of these countries borders Mali?\nA) Kenya\nB) Niger", "B", "Niger", True),
        ("Which of these countries borders Mali?\nA) Kenya\nB) Niger", "B", "B) Kenya", False),
        ("Which of these countries borders Mali?\nA) Kenya\nB) Niger", "B", "A", False),
        ("Sort by area, from largest to smallest: Ireland, Chad and Kenya.", "Chad, Kenya and Ireland",
         "chad, kenya, ireland", True),
        ("Sort by area, from largest to smallest: Ireland, Chad and Kenya.", "Chad, Kenya and Ireland",
         "Chad, Ireland, Kenya", False),
        ("Sort by area, from largest to smallest: Ireland, Chad and Kenya.", "Chad, Kenya and Ireland",
         "Chad, Kenya", False),
        ("What is 6 times 7?", "42", "42", True),
        ("What is 6 times 7?", "42", "41", False),
    ],
)  # fmt: skip
def test_an_answer_is_graded_under_any_of_its_names(question: str, expected: str, given: str, right: bool) -> None:
    answer_type = "number" if expected.isdigit() else "text"
    verdict = VERIFIER.grade(question, expected, given, answer_type)
    assert (verdict.verdict == "correct") == right and verdict.exercise_id == ""


@pytest.mark.parametrize("given", ["", " ", "\x00", "9" * 100_000, "(" * 100_000, "\u202e", "Chad " * 20_000])
def test_hostile_answers_are_graded_wrong(given: str) -> None:
    for question, answer, answer_type in CASES:
        assert VERIFIER.grade(question, answer, given, answer_type).verdict == "incorrect"


# --- workers -----------------------------------------------------------------------------------------------


def test_the_verifier_travels_to_workers() -> None:
    assert pickle.loads(pickle.dumps(VERIFIER)).check(RIGHT, "query") == VERIFIER.check(RIGHT, "query")


def test_a_worker_that_loads_the_verifier_loads_neither_author_nor_graph() -> None:
    code = (
        "import pickle, sys; import skilladapt.domains.geography.verifier; "
        "print([name for name in ('skilladapt.domains.geography.author', 'skilladapt.skills.graph', 'networkx') "
        "if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
