import pytest

from skilladapt.skills.alike import is_generic, meaning, shared


@pytest.mark.parametrize(
    "first, second",
    [
        ("Decimals", "decimal"),
        ("Introduction to Whole Numbers", "Whole numbers"),
        ("Understand Slope of a Line", "slope of a line"),
        ("An Overview of Sets", "sets"),
        ("The Persian Empire", "Persian empire"),
        ("Supply & Demand", "Supply and demand"),
        ("Use a Problem-Solving Strategy", "Use a problem solving strategy"),
        ("Systems of Equations: Two Variables", "Systems of equations - two variables"),
        ("Bayes’ Theorem", "Bayes' theorem."),
        ("Boxes and Inequalities", "box and inequality"),
    ],
)
def test_titles_that_mean_the_same(first: str, second: str) -> None:
    assert meaning(first) == meaning(second)


@pytest.mark.parametrize(
    "first, second",
    [
        ("Transforming graphs: y = f(x) + a", "Transforming graphs: y = f(x + a)"),
        ("Transforming graphs: y = −f(x)", "Transforming graphs: y = f(−x)"),
        ("C", "C++"),
        ("Numbers to 10", "Numbers to 20"),
        ("The Cold War 1945-50", "The Cold War 1950-55"),
        ("Dividing polynomials", "Multiplying polynomials"),
        ("Physics", "Physical"),
    ],
)
def test_titles_that_do_not(first: str, second: str) -> None:
    assert meaning(first) != meaning(second)


def test_titles_that_say_only_what_a_section_is_for() -> None:
    assert all(
        map(is_generic, ["Key Terms", "Review", "review exercises:", "Introduction", "Chapter Summary", "Basics"])
    )
    assert not any(map(is_generic, ["Introduction to Sets", "Review of Limits", "Testing hypotheses"]))


def test_share_is_of_the_shorter_text_without_common_words() -> None:
    assert shared("- Find the slope of a line", "explain the slopes of lines and planes") == 1.0
    assert shared("draw angles in degrees", "classify angle, notation") == pytest.approx(1 / 3)
    assert shared("", "anything") is None and shared("explain the", "anything") is None
