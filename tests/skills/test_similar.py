from skilladapt.records import Skill
from skilladapt.skills.similar import near_duplicates


def skill(title: str, description: str = "") -> Skill:
    return Skill(id=title.lower().replace(" ", "-"), title=title, description=description)


OTHERS = [
    skill(f"Topic {word}", f"- about {word}") for word in ("oaks", "seas", "wars", "taxes", "votes", "rivers")
]


def pairs(*skills: Skill) -> list[tuple[str, str]]:
    return [(pair.first.title, pair.second.title) for pair in near_duplicates([*skills, *OTHERS])]


def test_skills_of_nearly_the_same_words_are_candidates() -> None:
    assert pairs(skill("Domesday Book"), skill("The significance of Domesday Book")) == []
    one, other = skill("Area of a triangle"), skill("The area of any triangle")
    assert pairs(one, other) == [("Area of a triangle", "The area of any triangle")]


def test_numbers_and_mathematics_tell_skills_apart() -> None:
    assert pairs(skill("Add 2-digit numbers in columns"), skill("Add 3-digit numbers in columns")) == []
    assert pairs(skill("Graphs y = f(x) + a moved"), skill("Graphs y = f(x + a) moved")) == []


def test_titles_of_one_meaning_are_left_to_the_merge() -> None:
    assert pairs(skill("Big triangles", "- draw"), skill("Big triangle", "- draw")) == []


def test_graph_without_words_has_no_candidates() -> None:
    assert near_duplicates([skill("A"), skill("B")]) == []
