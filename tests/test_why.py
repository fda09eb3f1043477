"""`skilladapt why`: the whole story of an example, from a real run and from one written by hand."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from skilladapt import tables
from skilladapt.adaptation.calibrate import uncalibrated
from skilladapt.errors import UserError
from skilladapt.records import Action, Exercise, LossHistory, Textbook, Verdict, is_held_out
from skilladapt.store import RunDirectory
from skilladapt.why import show_why, story

HOSTILE = "\x1b]0;owned\x07\x9b31m\x7f\r[bold]"


def exercise(name: str, skill_id: str = "sums", **more: Any) -> Exercise:
    question = next(text for text in (f"{name}: what is {n} + 1?" for n in range(1000)) if not is_held_out(text))
    fields: dict[str, Any] = {
        "skill_ids": (skill_id,),
        "question": question,
        "solution": f"{name} step",
        "step_skills": (skill_id,),
        "answer": f"answer of {name}",
        "answer_type": "text",
        "difficulty": 2,
        "author": "hand",
    }
    return Exercise(**{**fields, **more})


BOOK = Textbook(skill_id="sums", title="Sums explained", text="One and one is two.", author="hand")
EASY, HARD, WRONG, DOUBTED = (exercise(name) for name in ("easy", "hard", "wrong", "doubted"))
REJECTED = exercise("rejected")
OTHER = exercise("other", "products")
COMPOSED = exercise(
    "composed",
    "products",
    skill_ids=("products", "sums"),
    kind="composed",
    parent_ids=(EASY.exercise_id, OTHER.exercise_id),
    generation=1,
    difficulty=3,
)
VARIED = exercise("varied", kind="augmented", parent_ids=(HARD.exercise_id,), generation=1)
VARIED_AGAIN = exercise("varied again", kind="augmented", parent_ids=(VARIED.exercise_id,), generation=2)


def e(material: Exercise) -> str:
    return f"e{material.exercise_id}"


def correct(material: Exercise | Textbook, method: str = "numeric") -> Verdict:
    id = material.exercise_id if isinstance(material, Exercise) else material.textbook_id
    return Verdict(exercise_id=id, verdict="correct", method=method)


def write_round(
    directory: RunDirectory,
    number: int,
    new: list[Exercise],
    trained: dict[Exercise, tuple[str, float, tuple[float, float], tuple[bool, bool]]],
    untrained: dict[Exercise, float],
    actions: list[Action],
) -> None:
    """`trained`: category, weight, losses, right answers; `untrained`: weight."""
    folder = f"round-{number}"
    directory.write_table(f"{folder}/exercises", tables.exercise_rows(new), tables.EXERCISES)
    verdicts = [correct(one) for one in new if one is not REJECTED]
    if REJECTED in new:
        verdicts.append(
            Verdict(exercise_id=REJECTED.exercise_id, verdict="incorrect", method="numeric", reason="3 is not 2")
        )
    directory.write_table(f"{folder}/verdicts", tables.rows(verdicts), tables.VERDICTS)
    states = {**{one: row[1] for one, row in trained.items()}, **untrained}
    directory.write_table(
        f"{folder}/examples",
        [
            {
                "example_id": e(one),
                "exercise_id": one.exercise_id,
                "weight": weight,
                "order": place if one in trained else None,
                "benched": one in untrained and weight > 0,
                "category": None,
            }
            for place, (one, weight) in enumerate(states.items())
        ],
        tables.EXAMPLES,
    )
    histories = [
        LossHistory(
            example_id=e(one),
            round=number,
            loss_P=losses,
            tokens=5,
            worst_answer_token_P=losses,
            greedy_answer_P=right,
            answer_margin_P=losses,
        )
        for one, (_, _, losses, right) in trained.items()
    ]
    directory.write_table(f"{folder}/losses", tables.loss_rows(histories), tables.LOSSES)
    directory.write_table(
        f"{folder}/categories",
        [
            {
                "example_id": e(one),
                "round": number,
                "category": category,
                "mean_loss": sum(losses) / 2,
                "std_loss": 0.1,
                "score": losses[-1],
                "threshold": 2.4 if number == 1 else None,
                "cleared": one is VARIED,
            }
            for one, (category, _, losses, _) in trained.items()
        ],
        tables.CATEGORIES,
    )
    directory.write_table(f"{folder}/ledger", tables.rows(actions), tables.LEDGER)


def action(of: Exercise, category: str, kind: str, reason: str, weight: float, *children: Exercise) -> Action:
    return Action(
        round=1,
        example_id=e(of),
        category=category,
        action=kind,
        reason=reason,
        weight_before=1.0,
        weight_after=weight,
        child_ids=tuple(one.exercise_id for one in children),
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> RunDirectory:
    """A run of two rounds: composed from easy, varied from hard, removed, quarantined, benched, rejected."""
    path = tmp_path_factory.mktemp("why") / "run"
    right, wrong = (True, True), (False, False)
    with RunDirectory(path) as directory:
        directory.write_text("config.toml", "")
        with directory.stage("materials"):
            directory.write_table("round-0/textbooks", tables.textbook_rows([BOOK]), tables.TEXTBOOKS)
            directory.write_table("round-0/verdicts", tables.rows([correct(BOOK, "text")]), tables.VERDICTS)
            directory.write_table(
                "round-0/ledger",
                tables.rows([action(OTHER, "ambiguous", "bench", "waits", 1).model_copy(update={"round": 0})]),
                tables.LEDGER,
            )
        write_round(
            directory,
            1,
            [EASY, HARD, WRONG, DOUBTED, OTHER, REJECTED],
            {
                EASY: ("easy", 1.0, (0.5, 0.25), right),
                HARD: ("hard", 1.0, (2.0, 1.5), wrong),
                WRONG: ("error", 1.0, (3.0, 2.75), wrong),
                DOUBTED: ("error", 1.0, (3.0, 2.5), (True, False)),
            },
            {OTHER: 1.0},
            [
                action(EASY, "easy", "downweight", "right twice", 0.5),
                action(EASY, "easy", "compose", "composed over both", 0.5, COMPOSED),
                action(HARD, "hard", "augment", "varied", 1.0, VARIED),
                action(WRONG, "error", "remove", "refuted by symbolic: 2 is not 3", 0.0),
                action(DOUBTED, "error", "quarantine", "undecided by symbolic: too slow", 0.0),
            ],
        )
        checks = [(WRONG, "incorrect", "2 is not 3"), (DOUBTED, "undecided", "too slow")]
        directory.write_table(
            "round-1/checks",
            [
                {"example_id": e(one), "suspected": True, "verdict": found, "method": "symbolic", "reason": why}
                for one, found, why in checks
            ],
            tables.CHECKS,
        )
        calibration = uncalibrated(1).model_copy(update={"threshold": 2.4, "decisive": True})
        directory.write_json("round-1/calibration", calibration.model_dump())
        write_round(
            directory,
            2,
            [COMPOSED, VARIED],
            {
                EASY: ("easy", 0.5, (0.2, 0.1), right),
                HARD: ("hard", 1.0, (1.5, 1.0), wrong),
                COMPOSED: ("ambiguous", 1.0, (2.0, 1.0), (False, True)),
                VARIED: ("hard", 1.0, (2.0, 1.0), wrong),
            },
            {OTHER: 1.0, DOUBTED: 0.0},
            [action(VARIED, "hard", "augment", "varied", 1.0, VARIED_AGAIN).model_copy(update={"round": 2})],
        )
        directory.write_table("round-3/exercises", tables.exercise_rows([VARIED_AGAIN]), tables.EXERCISES)
        directory.write_table("round-3/verdicts", tables.rows([correct(VARIED_AGAIN)]), tables.VERDICTS)
    return RunDirectory.existing(path)


def told(written: RunDirectory, of: Exercise, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    show_why(written.path, e(of), as_json=False)
    return capsys.readouterr().out.splitlines()


def in_order(lines: list[str], *parts: str) -> bool:
    """Whether each part stands in a line, none before the one before it."""
    text = "\n".join(lines)
    places = []
    for part in parts:
        places.append(text.find(part, places[-1] + 1 if places else 0))
    return -1 not in places


def test_story_of_a_removed_example_ends_with_what_refuted_it(written: RunDirectory) -> None:
    found = story(written, e(WRONG))
    assert (found["example_id"], found["kind"], found["skill_ids"]) == (e(WRONG), "fresh", ["sums"])
    assert (found["came_from"], found["ancestors"], found["children"]) == ([], [], [])
    assert found["verdict"] == {"verdict": "correct", "method": "numeric", "reason": ""}
    first, second = found["rounds"][1:3]
    assert first["trained"] and first["losses"] == [3.0, 2.75] and first["answer_right"] == [False, False]
    assert (first["category"], first["score"], first["threshold"]) == ("error", 2.75, 2.4)
    assert first["checks"] == [{"verdict": "incorrect", "method": "symbolic", "reason": "2 is not 3"}]
    assert [one["action"] for one in first["actions"]] == ["remove"]
    assert second["weight"] is None and not second["trained"] and second["losses"] == []


def test_removed_example_is_told_in_the_order_of_what_happened(
    written: RunDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = told(written, WRONG, capsys)
    assert in_order(
        lines,
        f"{e(WRONG)}: fresh, sums, difficulty 2",
        WRONG.question,
        "wrong step",
        "Answer: answer of wrong",
        "written before the first round",
        "Verdict: correct by numeric",
        "Round 1: trained at weight 1.00; losses 3.000- 2.750-",
        "suspect: score 2.75, suspect from 2.40",
        "checked: incorrect by symbolic (2 is not 3)",
        "remove: refuted by symbolic: 2 is not 3 (weight 1.00 -> 0.00)",
    )
    assert not any("Round 2" in line for line in lines)


def test_quarantined_example_is_told_with_its_weight_of_nothing(
    written: RunDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert in_order(
        told(written, DOUBTED, capsys),
        "losses 3.000+ 2.500-",
        "checked: undecided by symbolic (too slow)",
        "quarantine: undecided by symbolic: too slow (weight 1.00 -> 0.00)",
        "Round 2: not trained, weight 0.00",
    )


def test_composed_example_names_both_parents_and_the_decision_that_had_it_written(
    written: RunDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    found = story(written, e(COMPOSED))
    assert (found["kind"], found["generation"]) == ("composed", 1)
    assert [one["exercise_id"] for one in found["ancestors"]] == [EASY.exercise_id, OTHER.exercise_id]
    assert found["came_from"] == [
        {"round": 1, "example_id": e(EASY), "action": "compose", "reason": "composed over both"}
    ]
    assert [one["round"] for one in found["rounds"] if one["trained"]] == [2]
    assert in_order(
        told(written, COMPOSED, capsys),
        "composed, products, sums, difficulty 3, generation 1",
        f"after round 1, to compose {e(EASY)}: composed over both",
        f"from {e(EASY)}: fresh, sums",
        EASY.question,
        f"from {e(OTHER)}: fresh, products",
        "Round 2: trained at weight 1.00; losses 2.000- 1.000+",
        "ambiguous: score 1.00",
    )


def test_augmented_example_names_its_child_and_its_childs_child_names_all_before_it(
    written: RunDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    found = story(written, e(VARIED))
    assert [one["exercise_id"] for one in found["ancestors"]] == [HARD.exercise_id]
    (child,) = found["children"]
    assert child["exercise_id"] == VARIED_AGAIN.exercise_id and child["verdict"]["verdict"] == "correct"
    grandparents = story(written, e(VARIED_AGAIN))["ancestors"]
    assert [one["exercise_id"] for one in grandparents] == [VARIED.exercise_id, HARD.exercise_id]
    assert in_order(
        told(written, VARIED, capsys),
        "Round 2: trained",
        "augment: varied (weight 1.00 -> 1.00; 1 written)",
        "Written because of it",
        f"{e(VARIED_AGAIN)}: augmented, sums, difficulty 2, generation 2; correct by numeric",
        f"{VARIED_AGAIN.question}  ->  {VARIED_AGAIN.answer}",
    )


def test_parent_of_several_kinds_of_rows_names_every_action(written: RunDirectory) -> None:
    first = story(written, e(EASY))["rounds"][1]
    assert [one["action"] for one in first["actions"]] == ["downweight", "compose"]
    assert first["actions"][1]["child_ids"] == [COMPOSED.exercise_id]


def test_rejected_exercise_is_told_with_the_reason_though_it_never_was_an_example(
    written: RunDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = told(written, REJECTED, capsys)
    assert in_order(lines, "Verdict: incorrect by numeric (3 is not 2)")
    assert not any(line.startswith("Round") for line in lines)


def test_example_that_waited_from_the_beginning_is_told_so_under_a_heading_of_its_own(
    written: RunDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert in_order(
        told(written, OTHER, capsys),
        "Before round 1",
        "bench: waits",
        "Round 1: not trained, weight 1.00",
        "Round 2: not trained, weight 1.00",
    )


def test_textbook_has_a_story_too(written: RunDirectory) -> None:
    found = story(written, f"e{BOOK.textbook_id}")
    assert (found["kind"], found["title"], found["text"]) == ("textbook", BOOK.title, BOOK.text)
    assert found["verdict"]["method"] == "text"


def test_run_that_was_killed_before_a_rounds_verdicts_were_written_can_be_asked(
    written: RunDirectory, tmp_path: Path
) -> None:
    shutil.copytree(written.path, tmp_path / "run")
    (tmp_path / "run" / "round-3" / "verdicts.parquet").unlink()
    found = story(RunDirectory.existing(tmp_path / "run"), e(VARIED))
    assert found["verdict"]["verdict"] == "correct"


@pytest.mark.parametrize("ending", ["", " "])
def test_the_beginning_of_an_id_is_enough_with_or_without_its_letter(written: RunDirectory, ending: str) -> None:
    for start in (e(WRONG)[:8], WRONG.exercise_id[:8], WRONG.exercise_id[:8].upper()):
        assert story(written, start + ending)["example_id"] == e(WRONG)


def test_unknown_id_is_a_mistake_that_says_where_ids_are(written: RunDirectory) -> None:
    with pytest.raises(UserError, match="no example 'zzzz' among the 10 materials .* from a ledger or examples"):
        story(written, "zzzz")


def test_beginning_shorter_than_four_characters_names_nothing(written: RunDirectory) -> None:
    with pytest.raises(UserError, match="There is no example"):
        story(written, e(WRONG)[:3])


def test_ambiguous_beginning_is_a_mistake_that_names_those_it_fits(written: RunDirectory, tmp_path: Path) -> None:
    found: dict[str, Exercise] = {}
    twins = None
    for n in range(100_000):
        one = EASY.model_copy(update={"solution": f"step {n}"})
        twins = found.setdefault(one.exercise_id[:4], one), one
        if twins[0] is not one:
            break
    assert twins is not None
    with RunDirectory(tmp_path / "run") as directory:
        directory.write_text("config.toml", "")
        with directory.stage("materials"):
            directory.write_table("round-1/exercises", tables.exercise_rows(twins), tables.EXERCISES)
    with pytest.raises(UserError, match=r"2 examples begin with '\w{4}': .*; give more of the id") as error:
        story(directory, twins[0].exercise_id[:4])
    assert all(e(one) in str(error.value) for one in twins)
    assert story(directory, e(twins[1]))["solution"] == twins[1].solution


def refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


def test_json_is_the_whole_story_of_every_example_of_a_real_run(
    smoke_run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = RunDirectory(smoke_run)
    ledger = directory.read_table("round-1/ledger")
    asked = {row["action"]: row["example_id"] for row in ledger}
    asked["child"] = "e" + next(id for row in ledger for id in row["child_ids"])
    for example_id in asked.values():
        show_why(smoke_run, example_id, as_json=True)
        found = json.loads(capsys.readouterr().out, parse_constant=refuse)
        assert found == json.loads(json.dumps(story(directory, example_id)))
        assert found["example_id"] == example_id
        rows = [row for row in ledger if row["example_id"] == example_id]
        assert [one["reason"] for one in found["rounds"][1]["actions"]] == [row["reason"] for row in rows]
    assert found["ancestors"] or found["came_from"]


def test_score_is_told_with_the_threshold_that_decided_if_any_did(
    written: RunDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    show_why(written.path, e(HARD), as_json=True)
    found = json.loads(capsys.readouterr().out, parse_constant=refuse)
    assert [one["threshold"] for one in found["rounds"][1:3]] == [2.4, None]
    assert [one["score"] for one in found["rounds"][1:3]] == [1.5, 1.0]
    lines = told(written, HARD, capsys)
    assert "  hard: score 1.50, suspect from 2.40" in lines and "  hard: score 1.00" in lines
    assert "  hard: score 1.00, found right before" in told(written, VARIED, capsys)


@pytest.mark.parametrize("as_json", [False, True])
def test_no_control_character_of_a_hostile_text_reaches_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    parent = EASY.model_copy(update={"question": f"{EASY.question}{HOSTILE}", "solution": HOSTILE})
    child = VARIED.model_copy(update={"answer": HOSTILE, "parent_ids": (parent.exercise_id,)})
    with RunDirectory(tmp_path / "run") as directory:
        directory.write_text("config.toml", "")
        with directory.stage("materials"):
            directory.write_table("round-0/verdicts", [], tables.VERDICTS)
            write_round(
                directory,
                1,
                [parent, child],
                {parent: ("hard", 1.0, (1.0, 1.0), (False, False))},
                {},
                [action(parent, "hard", "augment", HOSTILE, 1.0, child)],
            )
    for one in (parent, child):
        show_why(tmp_path / "run", e(one), as_json=as_json)
        out = capsys.readouterr().out
        assert "owned" in out and "[bold]" in out
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", out)
        if as_json:
            assert json.loads(out)["example_id"] == e(one)
            found = json.loads(out)
            assert HOSTILE in (found["solution"], found["answer"])


def test_mistakes_are_told_by_the_command_without_a_traceback(smoke_run: Path, tmp_path: Path) -> None:
    for path, id, part in ((tmp_path, "e123456", "is not the directory of a run"), (smoke_run, "zz\x9b1A", "zz")):
        found = subprocess.run(
            [sys.executable, "-m", "skilladapt.cli", "why", str(path), id], capture_output=True, text=True
        )
        assert found.returncode == 2 and part in found.stderr
        assert "Traceback" not in found.stderr and "\x9b" not in found.stderr
