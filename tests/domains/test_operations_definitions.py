"""What is invented: names, coefficients, levels, the syllabus; and the options."""

import re

import pytest
from operations_builders import SUBJECTS, formulas, graph, worked_out

from skilladapt.domains.domain import load_domain
from skilladapt.domains.operations.definitions import LONGEST, define
from skilladapt.domains.operations.names import CODAS, ONSETS, SYLLABLES, VOWELS
from skilladapt.errors import UserError
from skilladapt.skills.slug import slug

PINNED = [
    "skrap(ab) = (7b+2)(9a+7)",
    "zwez(ab) = (9b+8)(7a+4)",
    "sneg(ab) = skrap(zwez(ab))",
    "twob(ab) = zwez(skrap(ab))",
    "svak(ab) = skrap(twob(ab))",
]


def permutation(name: str, rules: dict[str, str]) -> tuple[str, ...]:
    return tuple(worked_out(f"{name}({value:02d})", rules) for value in range(100))


@pytest.mark.parametrize(("operations", "seed"), SUBJECTS)
def test_every_operation_moves_all_values_and_no_two_are_the_same(operations: int, seed: int) -> None:
    rules = formulas(operations, seed)
    found = {permutation(name, rules) for name in rules}
    assert len(rules) == operations
    assert all(len(set(values)) == 100 for values in found)
    assert tuple(f"{value:02d}" for value in range(100)) not in found
    assert len(found) == operations


@pytest.mark.parametrize("seed", range(25))
def test_the_smallest_subjects_exist_for_every_seed(seed: int) -> None:
    for operations in range(2, 9):
        rules = formulas(operations, seed)
        identity = [f"{value:02d}" for value in range(100)]
        assert all(list(permutation(name, rules)) != identity for name in rules)


@pytest.mark.parametrize(("operations", "seed"), [*SUBJECTS, (1500, 2)])
def test_levels_are_those_of_the_graph_and_prerequisites_exactly_the_parts(operations: int, seed: int) -> None:
    definitions, found = define(operations, seed), graph(operations, seed)
    assert [skill.id for skill in found.skills] == [one.name for one in definitions]
    assert [skill.level for skill in found.skills] == [one.level for one in definitions]
    assert [one.level for one in definitions] == sorted(one.level for one in definitions)
    length: dict[str, int] = {}
    for one in definitions:
        assert found.before(one.name) == set(one.parts or ())
        length[one.name] = sum(length[part] for part in one.parts or ()) or 1
    assert max(length.values()) <= LONGEST == 6


def test_four_in_ten_are_primitive_and_higher_levels_are_rarer() -> None:
    levels = [one.level for one in define(200, 0)]
    assert [levels.count(level) for level in range(5)] == [80, 48, 36, 24, 12]


def test_a_skill_is_called_like_its_operation() -> None:
    for skill in graph().skills:
        assert skill.title == skill.id.capitalize()
        assert slug(skill.title) == skill.id


def test_there_are_enough_names_of_one_syllable_and_joined_ones_read_in_one_way_only() -> None:
    assert len(set(SYLLABLES)) == len(SYLLABLES) >= 1200
    pattern = re.compile(f"({'|'.join(ONSETS)})([{''.join(VOWELS)}])({'|'.join(CODAS)})")
    assert all(pattern.fullmatch(name) for name in SYLLABLES)
    assert not {"plan", "drop", "from", "fresh", "twin"} & set(SYLLABLES)
    # A run of consonants between two vowels splits into a coda and an onset in one way.
    splits = [coda + onset for coda in CODAS for onset in ONSETS]
    assert len(set(splits)) == len(splits)


def test_names_of_two_syllables_come_when_those_of_one_are_used_up() -> None:
    names = [one.name for one in define(2000, 0)]
    assert len(set(names)) == 2000
    assert set(names) > set(SYLLABLES)
    assert all(name in SYLLABLES for name in (one.name for one in define(1500, 0)))


def test_the_largest_subject_has_names_for_all_its_operations() -> None:
    assert len({one.name for one in define(10_000, 99)}) == 10_000


def test_the_same_options_invent_the_same_and_others_others() -> None:
    first = define(60, 4)
    define.cache_clear()
    assert define(60, 4) == first
    assert {one.formula for one in define(60, 5)}.isdisjoint(one.formula for one in first)


def test_a_pinned_subject() -> None:
    """Another version of the package must not invent others: a run is continued by inventing them again."""
    assert [one.formula for one in define(5, 1)] == PINNED


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"operations": 1}, "'operations' is 1; a whole number from 2 to 10,000 is needed"),
        ({"operations": 10_001}, "'operations' is 10001"),
        ({"operations": True}, "'operations' is True"),
        ({"operations": 60.0}, "'operations' is 60.0"),
        ({"operations": "60"}, "'operations' is '60'"),
        ({"seed": 0.5}, "'seed' is 0.5; a whole number is needed"),
        ({"operatons": 60}, "has no option 'operatons'; did you mean 'operations'"),
        ({"zzz": 60}, "has no option 'zzz'; known: operations, seed"),
    ],
)
def test_wrong_options_are_the_persons_mistake(options: dict[str, object], message: str) -> None:
    with pytest.raises(UserError, match=re.escape(message)):
        load_domain("operations", options)


def test_all_wrong_options_are_told_at_once() -> None:
    with pytest.raises(UserError) as caught:
        load_domain("operations", {"operations": 0, "seed": "x"})
    assert len(caught.value.mistakes) == 2
    with pytest.raises(UserError) as caught:
        load_domain("operations", {"operation": 0, "sed": 1})
    assert len(caught.value.mistakes) == 2
