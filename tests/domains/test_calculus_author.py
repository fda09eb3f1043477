import itertools
import random
import re
from importlib.resources import files

import pytest
import sympy

from skilladapt.domains.calculus.author import AUTHOR
from skilladapt.domains.calculus.authoring.shapes.algebra import ALGEBRA_SHAPES
from skilladapt.domains.calculus.authoring.shapes.derivatives import DERIVATIVE_SHAPES
from skilladapt.domains.calculus.authoring.wordings.tables import STYLES
from skilladapt.domains.calculus.verifier import VERIFIER
from skilladapt.errors import UserError
from skilladapt.records import (
    ANSWER_MARK,
    Assignment,
    Exercise,
    Skill,
    canonical_question,
    is_held_out,
)
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.syllabus import graph_of, read_syllabus

FOLDER = files("skilladapt.domains.calculus")
GRAPH: SkillGraph = graph_of(read_syllabus(FOLDER / "syllabus.md"))
SKILLS = [skill.id for skill in GRAPH.skills]
NEIGHBOURS = [
    (first, second)
    for first, second in itertools.combinations(SKILLS, 2)
    if first in GRAPH.before(second) or GRAPH.after(first) & GRAPH.after(second)
]


READ_HERE = {*ALGEBRA_SHAPES, *DERIVATIVE_SHAPES} - {"inner-and-outer"}
"""Skills whose questions `expected` below can read; the others' are worked out by the verifier alone here."""


def write(skill_id, difficulty=1, count=30, **more):
    return AUTHOR.write_exercises(Assignment(skill_ids=(skill_id,), difficulty=difficulty, count=count, **more))


def exercise(question, solution, answer, skill_id="power-rule", step_skills=None, answer_type="expression"):
    return Exercise(
        skill_ids=(skill_id,),
        question=question,
        solution=solution,
        step_skills=step_skills or (skill_id,),
        answer=answer,
        answer_type=answer_type,
        difficulty=1,
        author="somebody",
    )


# --- an independent route: another parser, and sympy -------------------------------------------------------


WORDS = {"sin": sympy.sin, "cos": sympy.cos, "tan": sympy.tan, "ln": sympy.log, "sqrt": sympy.sqrt}
WORDS |= {"pi": sympy.pi, "e": sympy.E}


def parsed(text):
    """The sympy expression of the plain-text notation, by precedence climbing over its tokens."""
    text = re.sub(r"^y =|\+ C$", "", text)
    tokens = re.findall(rf"\d+|{'|'.join(WORDS)}|[a-zA-Z]|[-+*/^()]", text)
    tokens.reverse()

    def factor():
        token = tokens.pop()
        if token == "-":
            return -factor()
        if token == "(":
            value = whole(0)
            assert tokens.pop() == ")"
        elif token in WORDS:
            value = WORDS[token]
            if callable(value):
                assert tokens.pop() == "("
                value = value(whole(0))
                assert tokens.pop() == ")"
        else:
            value = sympy.Integer(token) if token.isdigit() else sympy.Symbol(token, positive=True)
        if tokens and tokens[-1] == "^":
            tokens.pop()
            value = value ** factor()
        return value

    def whole(least):
        sign = tokens and tokens[-1] == "-"
        if sign:
            tokens.pop()
        value = -whole(2) if sign else factor()
        while tokens and tokens[-1] != ")":
            symbol = tokens[-1] if tokens[-1] in "+-*/" else "*"
            rank = 1 if symbol in "+-" else 2
            if rank <= least:
                break
            if tokens[-1] in "+-*/":
                tokens.pop()
            right = whole(rank) if rank == 1 else factor()
            value = {"+": value + right, "-": value - right, "*": value * right}.get(symbol, value / right)
        return value

    result = whole(0)
    assert not tokens, text
    return result


EXPRESSION, NUMBER = r"((?:(?![a-z]{2})[-+*/^() 0-9a-z])+?)", r"(-?\d+(?:/\d+)?)"
DEFINITION = rf"[a-z](?:\([a-z]\))? = {EXPRESSION}"


def expected(question):
    """What the question asks, found by reading it the way a person would; None for a form not listed here."""

    if re.search(r"(?:sin|cos|tan|ln|sqrt)\(|pi|(?<![a-z])e(?![a-z])|lim|concave", question):
        return None

    def found(pattern):
        match = re.fullmatch(pattern, question)
        return match.groups() if match else None

    def variable(text):
        return sympy.Symbol(next(iter(re.findall(r"[a-z]", text)), "x"), positive=True)

    def at(expression, point, times):
        symbol = variable(expression)
        return sympy.diff(parsed(expression), symbol, times).subs(symbol, parsed(point))

    slope = r"(?:Find the slope of the curve|What is the slope of the tangent to|A line touches the curve)"
    if parts := found(rf"{slope} {DEFINITION} at [a-z] = {NUMBER}(?:\.|\?|\. What is its slope\?)"):
        return at(*parts, 1)
    if parts := found(rf"(?:Given|If) {DEFINITION}, (?:compute|what is) [a-z]'\({NUMBER}\)[.?]"):
        return at(*parts, 1)
    if parts := found(rf"Evaluate the derivative of {DEFINITION} at [a-z] = {NUMBER}\."):
        return at(*parts, 1)
    if parts := found(rf"(?:Given|If) {DEFINITION}, (?:find|what is) [a-z]\({NUMBER}\)[.?]"):
        return at(*parts, 0)
    if parts := found(rf"(?:Evaluate|What is) {EXPRESSION} (?:for|when) [a-z] = {NUMBER}[.?]"):
        return at(*parts, 0)
    if parts := found(rf"(?:What is the second derivative of|Differentiate y =) {EXPRESSION} twice.*\.") or found(
        rf"What is the second derivative of {DEFINITION}\?"
    ):
        return at(parts[0], str(variable(parts[0])), 2)
    if parts := (
        found(rf"Differentiate {DEFINITION}(?: with respect to [a-z])?\.")
        or found(rf"(?:What is|Work out) d/d[a-z] \[{EXPRESSION}\][.?]")
        or found(rf"(?:If|Given) {DEFINITION}, (?:find|what is) [a-z]'\([a-z]\)[.?]")
        or found(rf"(?:Find the|What is the) derivative of {DEFINITION}(?: with respect to [a-z])?[.?]")
        or found(rf"(?:Simplify|Write) {DEFINITION}(?: as a polynomial)?, then find .*\.")
        or found(rf"Find dy/d[a-z] for {DEFINITION}\.")
    ):
        return at(parts[0], str(variable(parts[0])), 1)
    if parts := found(rf"Find d/d[a-z] \[{EXPRESSION}\] \+ d/d[a-z] \[{EXPRESSION}\]\."):
        symbol = variable("".join(parts))
        return sum(sympy.diff(parsed(part), symbol) for part in parts)
    if parts := found(
        rf"(?:Given|If) {DEFINITION} and {DEFINITION}, (?:find|what is) [a-z]\([a-z]\([a-z]\)\)[.?]"
    ):
        return parsed(parts[0]).subs(variable(parts[0]), parsed(parts[1]))
    known = rf"[a-z]'\([a-z]\) = {EXPRESSION}"
    if parts := found(rf"If {known} and {known}, what is the derivative of .\(.\) ([-+]) .\(.\)\?"):
        return parsed(parts[0]) + (parsed(parts[1]) if parts[2] == "+" else -parsed(parts[1]))
    if parts := found(
        r"(?:If|The).* (?:\w'\(\w\) =|is) ([^,=]+?)(?:, what|\. Diff).* (\d*)\w\(\w\)(?: [-+] \d+)?[.?]"
    ):
        return parsed(parts[0]) * int(parts[1] or 1)
    verb = "Compute|What is|Find the value of|Work out|Calculate|How much is|Simplify|Expand|Expand and simplify"
    verb += (
        "|Multiply out|Collect like terms:|Combine the like terms in|Collect the terms of|Find the product|Write"
    )
    verb += r"|Which polynomial equals|Which power of \w equals"
    end = (
        r"(?: in its simplest form| as one term| as a single power of \w| without \D+| with a negative exponent)?"
    )
    if parts := found(rf"(?:{verb}) {EXPRESSION}{end}[.?]"):
        return parsed(parts[0])
    return None


def test_the_tests_own_parser_agrees_with_values_known_by_heart():
    x = sympy.Symbol("x", positive=True)
    assert parsed("-3x^2 - 4 * (-2) + 12x^7 / (4x^3)") == -3 * x**2 + 8 + 3 * x**4
    assert parsed("-(3/4)x^8 + 2^-3") == -sympy.Rational(3, 4) * x**8 + sympy.Rational(1, 8)
    assert expected("Differentiate f(x) = 3x^4.") == 12 * x**3
    assert expected("What is the slope of the tangent to y = x^2 at x = 3?") == 6


# --- exercises ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("skill_id", SKILLS)
def test_every_difficulty_gives_thirty_different_exercises_that_are_right(skill_id):
    recognised = 0
    for difficulty in range(1, 6):
        exercises = write(skill_id, difficulty)
        assert len({canonical_question(item.question) for item in exercises}) == 30
        assert {VERIFIER.check(item, "numeric").verdict for item in exercises[:3]} == {"correct"}
        for place, item in enumerate(exercises):
            assert not is_held_out(item.question)
            assert (item.skill_ids, item.difficulty, item.kind) == ((skill_id,), difficulty, "fresh")
            value = expected(item.question) if skill_id in READ_HERE and place % 2 else None
            if value is not None:
                recognised += 1
                # Exact arithmetic at two points: expanding ninth powers symbolically would take minutes.
                difference = value - parsed(item.answer)
                for point in (sympy.Rational(17, 11), sympy.Rational(-21, 10)):
                    assert difference.subs(dict.fromkeys(difference.free_symbols, point)) == 0, item
    assert recognised >= (25 if skill_id in READ_HERE else 0)


@pytest.mark.parametrize("skill_id", SKILLS)
def test_steps_begin_with_titles_of_skills_that_the_exercise_may_use(skill_id):
    closure = GRAPH.closure([skill_id])
    for difficulty in range(1, 6):
        for item in write(skill_id, difficulty, 10):
            lines = item.solution.split("\n")
            assert 1 <= len(lines) <= 5
            assert set(item.step_skills) <= closure
            for line, step in zip(lines, item.step_skills, strict=True):
                assert line.startswith(f"{GRAPH.by_id[step].title}: ")
            assert item.solution.endswith(item.answer)


@pytest.mark.parametrize("skill_id", SKILLS)
def test_questions_and_solutions_read_well(skill_id):
    ugly = re.compile(
        r"(?<![\d^.])1[a-z]\b|\+ -|- -|\^1\b|(?<!\d)0[a-z]|(?<!e)\^0|--|  | \.|(?<!m)_|[{}]|\(\)|None"
    )
    for difficulty in range(1, 6):
        for item in write(skill_id, difficulty):
            question, completion = (re.sub(r"∫_\S+", "∫", text) for text in (item.question, item.completion))
            assert not ugly.search(question), item.question
            assert not ugly.search(completion.replace("0^", "")), item.completion
            assert len(item.completion) < 420


def test_first_exercises_are_short():
    for skill_id in ALGEBRA_SHAPES:
        for item in write(skill_id):
            assert len(item.solution.split("\n")) <= 2
            assert all(int(number) < 100 for number in re.findall(r"\d+", item.question))


def test_a_skill_is_asked_in_many_words():
    for skill_id in SKILLS:
        wordings = {
            re.sub(r"\S*[\d(=^'].*?(?=[.?]| [a-z]{2,}|$)|\b[a-z]\b", "_", item.question)
            for item in write(skill_id, 2)
        }
        assert len(wordings) >= 3, (skill_id, wordings)


def test_the_same_assignment_gives_the_same_exercises_and_another_draw_gives_others():
    first, again, other = write("chain-rule", 2), write("chain-rule", 2), write("chain-rule", 2, draw=1)
    assert first == again
    assert len({item.question for item in first} & {item.question for item in other}) < 10


def test_a_pinned_solution():
    item = next(item for item in write("polynomial-derivatives", 3) if item.question.startswith("What is d/d"))
    inside = re.search(r"\[(.*)\]", item.question)[1]
    assert item.solution.startswith(f"Polynomial derivatives: d/d{re.search('[a-z]', inside)[0]} [{inside}] = ")
    assert item.completion.endswith(f"\n{ANSWER_MARK} {item.answer}")


def test_a_skill_of_another_subject_is_refused_with_its_name():
    with pytest.raises(UserError, match="'capitals', which is not in its syllabus"):
        write("capitals")


# --- composed and augmented exercises ----------------------------------------------------------------------


@pytest.mark.parametrize("first,second", NEIGHBOURS)
def test_composed_exercises_use_both_of_two_neighbouring_skills(first, second):
    parents = (*write(first, 1, 1), *write(second, 1, 1))
    assignment = Assignment(skill_ids=(second, first), difficulty=3, count=3, kind="composed", parents=parents)
    composed = AUTHOR.write_exercises(assignment)
    assert len(composed) == 3
    for item in composed:
        assert {first, second} <= set(item.step_skills) <= GRAPH.closure((first, second))
        assert item.skill_ids == (second, first)
        assert (item.kind, item.generation) == ("composed", 1)
        assert item.parent_ids == tuple(parent.exercise_id for parent in parents)
        assert not is_held_out(item.question)
        assert item.solution.endswith(item.answer)
        value = expected(item.question) if {first, second} <= READ_HERE else None
        if value is not None:
            symbols = value.free_symbols | parsed(item.answer).free_symbols
            point = dict.fromkeys(symbols, sympy.Rational(3, 2))
            assert (value - parsed(item.answer)).subs(point) == 0, item


def test_augmented_exercises_have_other_numbers_and_the_parent_on_record():
    parent = write("product-rule", 2, 1)[0]
    assignment = Assignment(
        skill_ids=("product-rule",), difficulty=2, count=5, kind="augmented", parents=(parent,)
    )
    children = AUTHOR.write_exercises(assignment)
    assert len({child.question for child in children} - {parent.question}) == 5
    assert {child.parent_ids for child in children} == {(parent.exercise_id,)}
    assert {(child.kind, child.generation, child.difficulty) for child in children} == {("augmented", 1, 2)}
    grandchild = AUTHOR.write_exercises(assignment.model_copy(update={"parents": (children[0],)}))[0]
    assert grandchild.generation == 2


@pytest.mark.parametrize(
    "question,solution,answer,given,remark",
    [
        ("Differentiate f(x) = x^5.", "d/dx [x^5] = 5x^4", "5x^4", "5x^5", "since the exponent must drop by one"),
        ("Differentiate f(x) = x^5.", "d/dx [x^5] = 5x^4", "5x^4", "x^4", "the old exponent must become a factor"),
        (
            "Differentiate f(x) = x^5.",
            "d/dx [x^5] = 5x^4",
            "5x^4",
            "-5x^4",
            "the sign must be the other one: 5x^4",
        ),
        ("Differentiate f(x) = x^5.", "d/dx [x^5] = 5x^4", "5x^4", "7x^2", "it must be 5x^4"),
    ],
)
def test_a_students_wrong_answer_is_explained_first(question, solution, answer, given, remark):
    parent = exercise(question, f"Power rule: {solution}", answer)
    reply = f"Power rule: I think so.\n{ANSWER_MARK} {given}"
    child = write("power-rule", count=1, kind="augmented", parents=(parent,), student_answer=reply)[0]
    first, *rest = child.solution.split("\n")
    assert first.startswith(f"Power rule: for x^5 the answer {given} is wrong, ")
    assert remark in first
    assert "=" not in first
    assert child.step_skills[0] == "power-rule" and len(child.step_skills) == len(rest) + 1


def test_the_forgotten_inner_derivative_is_named():
    parent = exercise("Differentiate f(x) = (3x + 1)^4.", "Chain rule: ...", "12(3x + 1)^3", "chain-rule")
    child = write(
        "chain-rule", count=1, kind="augmented", parents=(parent,), student_answer="Answer: 4(3x + 1)^3"
    )[0]
    assert "the derivative of the inner function is missing" in child.solution.split("\n")[0]


@pytest.mark.parametrize(
    "reply", ["Answer: 5x^4", "Answer: 2x^4 + 3x^4", "no idea", "", "Answer: __import__('os')"]
)
def test_right_and_unreadable_replies_get_no_remark(reply):
    parent = exercise("Differentiate f(x) = x^5.", "Power rule: d/dx [x^5] = 5x^4", "5x^4")
    child = write("power-rule", count=1, kind="augmented", parents=(parent,), student_answer=reply)[0]
    assert "wrong" not in child.solution


@pytest.mark.parametrize(
    "hostile", ["9^9^9^9", "(((x^99)^99)^99)^99", "(" * 5000, "(" * 150, "9" * 100_000, "x^-", "x/0", "<b>"]
)
def test_hostile_replies_are_neither_computed_nor_copied(hostile):
    parent = exercise("Differentiate f(x) = x^5.", "Power rule: d/dx [x^5] = 5x^4", "5x^4")
    child = write("power-rule", count=1, kind="augmented", parents=(parent,), student_answer=f"Answer: {hostile}")[
        0
    ]
    assert hostile not in child.solution


# --- corruption --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("skill_id", SKILLS)
def test_corrupted_exercises_are_wrong_and_look_right(skill_id):
    kinds = set()
    items = (*write(skill_id, 1, 2), *write(skill_id, 3, 4))
    for item in items:
        for kind in AUTHOR.corruption_kinds:
            wrong = AUTHOR.corrupt(item, kind, random.Random(7))
            if wrong is None:
                continue
            kinds.add(kind)
            assert item != items[0] or wrong == AUTHOR.corrupt(item, kind, random.Random(7))
            assert (wrong.question, wrong.answer_type) == (item.question, item.answer_type)
            assert wrong.solution.endswith(wrong.answer)
            assert len(wrong.solution.split("\n")) == len(wrong.step_skills)
            if item.answer_type == "choice":
                assert item.answer != wrong.answer
                continue
            difference = parsed(item.answer) - parsed(wrong.answer)
            values = {
                difference.subs(dict.fromkeys(difference.free_symbols, point))
                for point in map(sympy.Rational, "2357")
            }
            assert values != {0}, (kind, item, wrong)
    assert {"coefficient", "off_by_one", "swapped"} <= kinds
    more = (*items, *write(skill_id, 1), *write(skill_id, 3))
    assert any(AUTHOR.corrupt(item, "wrong_step", random.Random(7)) for item in more)


def test_there_are_at_least_six_kinds_and_unknown_ones_do_not_apply():
    assert len(AUTHOR.corruption_kinds) >= 6
    assert AUTHOR.corrupt(write("power-rule", 1, 1)[0], "spelling", random.Random(0)) is None


def test_a_question_of_somebody_else_cannot_be_corrupted():
    foreign = exercise("Please differentiate x^5!", "Power rule: 5x^4", "5x^4")
    assert AUTHOR.corrupt(foreign, "sign", random.Random(0)) is None


def test_a_wrong_step_follows_from_a_wrong_rule():
    item = exercise(
        "Differentiate f(x) = 3x^4.", "Constant multiple: d/dx [3x^4] = 12x^3", "12x^3", "constant-multiple"
    )
    wrong = {AUTHOR.corrupt(item, "wrong_step", random.Random(seed)).answer for seed in range(30)}
    assert wrong == {"12x^4", "12x^5", "3x^3", "4x^3"}


# --- probes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("skill_id", SKILLS)
def test_probes_are_held_out_twins_and_the_splits_share_nothing(skill_id):
    skill = GRAPH.by_id[skill_id]
    probes = {split: AUTHOR.write_probes(skill, 6, split) for split in ("dev", "test")}
    for split, written in probes.items():
        assert len(written) >= 10
        assert {probe.split for probe in written} == {split}
        for first, second in zip(written[::2], written[1::2], strict=True):
            assert first.pair == second.pair and first.question != second.question
            assert set(re.findall(r"\d+", first.question)) != set(re.findall(r"\d+", second.question))
    questions = [canonical_question(probe.question) for split in probes.values() for probe in split]
    assert len(questions) == len(set(questions))


# --- textbooks and the files beside the code ---------------------------------------------------------------


@pytest.mark.parametrize("skill_id", SKILLS)
def test_textbooks_are_short_name_their_prerequisites_and_show_no_probe(skill_id):
    skill = GRAPH.by_id[skill_id]
    pages = [AUTHOR.write_textbook(skill, GRAPH, variant) for variant in range(3)]
    assert len({page.text for page in pages}) == 3
    for page in pages:
        assert 90 <= len(page.text.split()) <= 200
        assert all(GRAPH.by_id[id].title in page.text for id in GRAPH.before(skill_id))
        examples = re.findall(r"xample: (.*)\n", page.text)
        assert examples and not any(is_held_out(question) for question in examples)
        assert "Watch out: " in page.text


def test_even_and_odd_pages_explain_in_different_ways():
    skill = GRAPH.by_id["chain-rule"]
    rule, reason = (AUTHOR.write_textbook(skill, GRAPH, variant).text for variant in (0, 1))
    assert "lower it by one" in rule and "lower it by one" not in reason
    assert "twelve times as fast" in reason and "twelve times as fast" not in rule


def test_the_syllabus_has_titles_that_fit_in_front_of_a_step():
    assert len(SKILLS) >= 80
    assert max(skill.level for skill in GRAPH.skills) >= 8
    assert all(len(skill.title.split()) <= 4 for skill in GRAPH.skills)
    assert isinstance(GRAPH.by_id["evaluating-powers"], Skill)


def test_the_catalogue_lists_exactly_the_templates_in_use():
    listed = re.findall(r"^- `([A-Z][^`]*[.?])`", (FOLDER / "questions.md").read_text("utf-8"), flags=re.MULTILINE)
    used = {template for style in STYLES.values() for template in style.templates}
    assert set(listed) == used
    assert len(listed) == len(used)
