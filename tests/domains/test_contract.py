"""What every domain must do, whatever it is about; and that a domain which does not is found out."""

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from reached import reached

from skilladapt.domains.contract import PROMISES, broken_promises
from skilladapt.domains.domain import Domain, built_in_domains, load_domain
from skilladapt.errors import UserError
from skilladapt.promises import show_promises
from skilladapt.records import Assignment, Exercise, Probe, Skill, Split, Textbook, Verdict, is_held_out
from skilladapt.skills.graph import SkillGraph

TABLES = {
    "operations": {"domains/operations/definitions.py", "domains/operations/names.py"},
    "geography": {"domains/geography/facts.py"},
}
"""What author and verifier may both know: the facts of a subject that cannot be worked out."""
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Domain:
    monkeypatch.syspath_prepend(EXAMPLES)
    # Also for processes that are started.
    monkeypatch.setenv("PYTHONPATH", str(EXAMPLES))
    return load_domain("clock.domain:DOMAIN")


@pytest.mark.parametrize("name", built_in_domains())
def test_built_in_domains_keep_their_promises(name: str) -> None:
    broken = broken_promises(load_domain(name), skills=8, count=2)
    assert {promise: found for promise, found in broken.items() if found} == {}


@pytest.mark.parametrize("name", built_in_domains())
def test_author_and_verifier_share_nothing_but_records_and_a_table_of_facts(name: str) -> None:
    domain = load_domain(name)
    author, verifier = (reached(type(one).__module__) for one in (domain.author, domain.verifier))
    assert len(author) > 3 and len(verifier) > 3
    assert author & verifier <= {"records.py", "errors.py", "domains/options.py"} | TABLES.get(name, set())


def test_the_domain_of_the_documentation_keeps_its_promises(clock: Domain) -> None:
    assert not any(broken_promises(clock).values())


class Saboteur:
    """An author that does one thing differently."""

    def __init__(self, author: object, **changed: object) -> None:
        self._author = author
        self.__dict__.update(changed)

    def __getattr__(self, name: str) -> object:
        return getattr(self._author, name)


def found_in(domain: Domain, promise: str) -> Sequence[str]:
    """What breaks the one promise whose words begin like this."""
    (whole,) = (one for one in PROMISES if promise in one)
    return broken_promises(domain, count=2)[whole]


def with_exercises(clock: Domain, **update: object) -> Domain:
    def write(assignment: Assignment) -> list[Exercise]:
        return [one.model_copy(update=update) for one in clock.author.write_exercises(assignment)]

    return replace(clock, author=Saboteur(clock.author, write_exercises=write))


HELD_OUT = next(text for number in range(99) if is_held_out(text := f"What is {number}?"))


@pytest.mark.parametrize(
    ("update", "promise", "told"),
    [
        ({"answer": "1"}, "right by every method", "minutes finds it incorrect"),
        ({"question": HELD_OUT}, "exercises are practice", "a held-out question is practised"),
        ({"question": "How late?"}, "nothing is asked twice", "asks twice: howlate?"),
        ({"step_skills": ()}, "exercises are practice", "not every line"),
        ({"step_skills": ("later-times",)}, "exercises are practice", "a step needs 'later-times'"),
        ({"step_skills": ("minutes-to-hours",)}, "composed exercises", "no step needs"),
        ({"skill_ids": ("later-times",)}, "exercises are practice", "belongs to 'later-times'"),
    ],
)
def test_wrong_exercises_are_found_out(clock: Domain, update: dict[str, object], promise: str, told: str) -> None:
    assert any(told in sentence for sentence in found_in(with_exercises(clock, **update), promise))


def test_an_author_that_writes_too_little_or_by_chance_is_found_out(clock: Domain) -> None:
    silent = replace(clock, author=Saboteur(clock.author, write_exercises=lambda assignment: []))
    assert len(found_in(silent, "every skill and difficulty")) == 25
    assert found_in(silent, "composed") == ["no two skills are ever composed"]
    assert "'wrong_answer' applies to none of the exercises" in found_in(silent, "planted mistakes")
    chance = random.Random(1)

    def write(assignment: Assignment) -> list[Exercise]:
        return clock.author.write_exercises(assignment.model_copy(update={"draw": chance.randrange(10**6)}))

    moody = replace(clock, author=Saboteur(clock.author, write_exercises=write))
    assert any("comes out differently" in one for one in found_in(moody, "nothing is asked twice"))


def test_variants_that_ask_the_same_are_found_out(clock: Domain) -> None:
    def write(assignment: Assignment) -> list[Exercise]:
        return list(assignment.parents) or clock.author.write_exercises(assignment)

    lazy = replace(clock, author=Saboteur(clock.author, write_exercises=write))
    assert any("a variant of an exercise asks the same" in one for one in found_in(lazy, "nothing is asked twice"))


def test_mistakes_that_nobody_refutes_are_found_out(clock: Domain) -> None:
    def corrupt(exercise: Exercise, kind: str, rng: random.Random) -> Exercise:
        return exercise.model_copy(update={"question": exercise.question + " "})

    lenient = replace(clock, author=Saboteur(clock.author, corrupt=corrupt))
    found = found_in(lenient, "planted mistakes")
    assert any("changed the question" in one for one in found) and any("does not refute" in one for one in found)


def test_solutions_that_stay_wrong_are_found_out(clock: Domain) -> None:
    stubborn = replace(clock, author=Saboteur(clock.author, solve_again=lambda exercise: exercise))
    found = found_in(stubborn, "worked out again")
    assert any("it is still wrong" in one for one in found)
    assert found[-1] == "it claims to solve 'What is the meaning of life?'"


def test_single_probes_and_equal_pages_are_found_out(clock: Domain) -> None:
    def probes(skill: Skill, count: int, split: Split) -> list[Probe]:
        return clock.author.write_probes(skill, count, split)[:-1]

    def page(skill: Skill, graph: SkillGraph, variant: int) -> Textbook:
        return Textbook(skill_id="time-between", title=skill.title, text="Look at the clock.", author="clock")

    careless = replace(clock, author=Saboteur(clock.author, write_probes=probes, write_textbook=page))
    assert any("are no pairs" in one for one in found_in(careless, "probes come in pairs"))
    told = found_in(careless, "pages differ")
    assert any("all the same" in one for one in told) and any("fewer than 20 words" in one for one in told)
    assert any("is about another skill" in one for one in told)


class Lonely:
    """A verifier with one method, which cannot leave its process."""

    name = "lonely"
    methods = ("guess",)

    def __init__(self) -> None:
        self.stays = lambda: None

    def check(self, exercise: Exercise, method: str) -> Verdict:
        return Verdict(exercise_id=exercise.exercise_id, verdict="correct", method=method)


def test_a_verifier_that_stands_alone_nowhere_is_found_out(clock: Domain) -> None:
    lonely = replace(clock, verifier=Lonely())
    assert any("has one method" in one for one in found_in(lonely, "right by every method"))
    assert len(found_in(lonely, "travels")) == 1
    entangled = replace(lonely, author=Saboteur(clock.author))
    assert "stand in one module" in found_in(entangled, "shares no code")[0]


def test_what_a_domain_raises_is_a_broken_promise(clock: Domain) -> None:
    def write(assignment: Assignment) -> list[Exercise]:
        raise ZeroDivisionError("no hands")

    broken = replace(clock, author=Saboteur(clock.author, write_exercises=write))
    assert found_in(broken, "exercises are practice") == ["it could not be found out: ZeroDivisionError: no hands"]


def test_without_a_verifier_nothing_can_be_asked(clock: Domain) -> None:
    with pytest.raises(UserError, match="'clock' has no verifier; what it promises cannot be found out"):
        broken_promises(replace(clock, verifier=None))


def test_the_command_prints_what_is_kept_and_what_is_broken(
    clock: Domain, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert show_promises("clock.domain:DOMAIN", [], skills=2, count=1, as_json=False)
    assert "kept  exercises are right by every method" in capsys.readouterr().out
    import clock.domain as own

    monkeypatch.setattr(own, "DOMAIN", with_exercises(clock, answer="1"))
    assert not show_promises("clock.domain:DOMAIN", [], skills=2, count=1, as_json=False)
    printed = capsys.readouterr().out
    assert "broken  exercises are right by every method:" in printed and "times: minutes finds it" in printed
    assert not show_promises("clock.domain:DOMAIN", [], skills=2, count=1, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["kept"] is False and told["broken"]["exercises are right by every method"]


def test_options_that_are_none_are_told() -> None:
    with pytest.raises(UserError, match="--set 'operations' is not of the form key=value"):
        show_promises("operations", ["operations"], skills=1, count=1, as_json=False)
    with pytest.raises(UserError, match="no option 'operation'; did you mean 'operations'"):
        show_promises("operations", ["operation=3"], skills=1, count=1, as_json=False)


def test_a_domain_outside_the_package_is_taught(clock: Domain, tmp_path: Path) -> None:
    from skilladapt import pipeline
    from skilladapt.store import RunDirectory

    config = pipeline.load(EXAMPLES / "clock.toml", ["student.model=tiny-random", "evaluation.few_shot=0"])
    pipeline.run(config, tmp_path / "out")
    directory = RunDirectory.existing(tmp_path / "out")
    assert len(directory.read_table("round-1/exercises")) == 80 and directory.has("report.html")


def test_the_documentation_shows_what_the_example_says() -> None:
    text = (EXAMPLES.parent / "docs" / "add-a-domain.md").read_text(encoding="utf-8")
    assert "DOMAIN = Domain(" in text
    shown = next(line for line in text.splitlines() if line.startswith("DOMAIN = Domain("))
    assert shown in (EXAMPLES / "clock" / "domain.py").read_text(encoding="utf-8").splitlines()
