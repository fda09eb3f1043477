"""The file of a person's decisions: what is read, what is refused, and that nothing in it is lost."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from skilladapt.decisions import DECISIONS, Decision, Edited, add_decision, read_decisions
from skilladapt.errors import RunError, UserError
from skilladapt.records import Exercise, Verdict
from skilladapt.stages.deciding import spoken

ID, OTHER = "0123456789abcdef", "fedcba9876543210"


def accept(id: str = ID, note: str = "") -> Decision:
    return Decision(exercise_id=id, decision="accept", note=note)


def write(folder: Path, *lines: str, end: str = "\n") -> None:
    (folder / DECISIONS).write_text("\n".join(lines) + end)


def exercise(**changes: object) -> Exercise:
    fields = {
        "skill_ids": ("adding", "counting"),
        "question": "What is 2 + 2?",
        "solution": "Count.\nAdd.",
        "step_skills": ("counting", "adding"),
        "answer": "5",
        "answer_type": "number",
        "difficulty": 1,
        "author": "hand",
        "kind": "augmented",
        "parent_ids": (OTHER,),
        "generation": 1,
    }
    return Exercise.model_validate({**fields, **changes})


def test_no_file_is_no_decision(tmp_path: Path) -> None:
    assert read_decisions(tmp_path) == {}


def test_what_is_added_is_read_and_the_last_decision_counts(tmp_path: Path) -> None:
    edited = Decision(exercise_id=ID, decision="edit", edited=Edited(answer="4"))
    for decision in (accept(), accept(OTHER, "so\nit is \x1b"), edited):
        add_decision(tmp_path, decision)
    assert read_decisions(tmp_path) == {OTHER: accept(OTHER, "so\nit is \x1b"), ID: edited}
    assert len((tmp_path / DECISIONS).read_text().splitlines()) == 3


def test_an_examples_id_means_its_exercise(tmp_path: Path) -> None:
    write(tmp_path, json.dumps({"exercise_id": f"e{ID}", "decision": "reject"}))
    assert list(read_decisions(tmp_path)) == [ID]


@pytest.mark.parametrize("torn", ['{"exercise_id": "01234', '{"exercise_id": "\\ud8', "{"])
def test_a_torn_last_line_is_left_out_with_a_warning_and_spoils_no_later_one(tmp_path: Path, torn: str) -> None:
    add_decision(tmp_path, accept())
    with (tmp_path / DECISIONS).open("a") as file:
        file.write(torn)
    warned: list[str] = []
    assert read_decisions(tmp_path, warned.append) == {ID: accept()}
    assert len(warned) == 1 and "decide that one again" in warned[0]
    add_decision(tmp_path, accept(OTHER))
    assert read_decisions(tmp_path, pytest.fail) == {ID: accept(), OTHER: accept(OTHER)}


def test_a_last_line_without_an_end_that_a_person_wrote_counts(tmp_path: Path) -> None:
    write(tmp_path, json.dumps({"exercise_id": ID, "decision": "accept"}), end="")
    add_decision(tmp_path, accept(OTHER))
    assert set(read_decisions(tmp_path, pytest.fail)) == {ID, OTHER}


FAULTS = {
    "{": "not JSON",
    "[" * 100_000: "too deep",
    "[1]": "not a JSON object",
    '{"decision": "accept"}': "'exercise_id': field required",
    '{"exercise_id": "../../etc", "decision": "accept"}': "16 digits",
    f'{{"exercise_id": "{ID}", "decision": "perhaps"}}': "'decision'",
    f'{{"exercise_id": "{ID}", "decision": "accept", "verdict": "correct"}}': "'verdict'",
    f'{{"exercise_id": "{ID}", "decision": "edit"}}': "needs what was edited",
    f'{{"exercise_id": "{ID}", "decision": "accept", "edited": {{"answer": "4"}}}}': "leave 'edited' out",
    f'{{"exercise_id": "{ID}", "decision": "edit", "edited": {{"answer": " "}}}}': "the answer is empty",
    f'{{"exercise_id": "{ID}", "decision": "edit", "edited": {{"answer": "4\\n5"}}}}': "more than one line",
    f'{{"exercise_id": "{ID}", "decision": "edit", "edited": {{"solution": "a\\n\\nb"}}}}': "an empty line",
    f'{{"exercise_id": "{ID}", "decision": "edit", "edited": {{"solution": "Answer: 4"}}}}': "field of its own",
    f'{{"exercise_id": "{ID}", "decision": "edit", "edited": {{"question": "\\ud800"}}}}': "half a character",
}


def test_all_faulty_lines_are_told_with_their_numbers(tmp_path: Path) -> None:
    write(tmp_path, json.dumps({"exercise_id": ID, "decision": "accept"}), "", *FAULTS)
    with pytest.raises(UserError) as found:
        read_decisions(tmp_path)
    assert len(found.value.mistakes) == len(FAULTS)
    for number, (mistake, part) in enumerate(zip(found.value.mistakes, FAULTS.values(), strict=True), start=3):
        assert f"{DECISIONS}:{number}: " in mistake and part in mistake and "mend or delete" in mistake


def test_of_many_faulty_lines_some_are_told_and_the_others_counted(tmp_path: Path) -> None:
    write(tmp_path, *["?"] * 50)
    with pytest.raises(UserError, match="30 more faulty lines"):
        read_decisions(tmp_path)


def test_a_file_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / DECISIONS).mkdir()
    with pytest.raises(UserError, match="cannot be read"):
        read_decisions(tmp_path)
    with pytest.raises(RunError, match="could not be written"):
        add_decision(tmp_path, accept())


def test_a_process_killed_between_decisions_loses_none_it_had_made(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from skilladapt.decisions import Decision, add_decision\n"
        "for n in range(10**6):\n"
        "    add_decision(Path(sys.argv[1]), Decision(exercise_id=f'{n:016x}', decision='accept'))\n"
        "    print(n, flush=True)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    # Half-written coverage data of a killed process would spoil the whole report.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        made = [process.stdout.readline() for _ in range(20)]
        process.send_signal(signal.SIGKILL)
        made += process.stdout.readlines()
    whole = [int(line) for line in made if line.endswith("\n")]
    found = read_decisions(tmp_path)
    assert {f"{n:016x}" for n in whole} <= set(found) and len(found) <= len(whole) + 1


def test_an_edited_exercise_is_a_new_one_that_names_the_old_one() -> None:
    before = exercise()
    after = Edited(answer=" 4 ").version_of(before)
    assert after.exercise_id != before.exercise_id and after.parent_ids == (before.exercise_id,)
    assert (after.answer, after.question, after.step_skills) == ("4", before.question, before.step_skills)
    assert (after.kind, after.generation, after.author) == ("augmented", 1, "hand, edited by a person")


def test_steps_that_came_or_went_need_the_skill_of_the_exercise_unless_told() -> None:
    assert Edited(solution="Add.").version_of(exercise()).step_skills == ("adding",)
    told = Edited(solution="Add.", step_skills=("counting",)).version_of(exercise())
    assert told.step_skills == ("counting",)


def test_an_edited_exercise_stands_behind_its_original_and_may_be_decided_about_too() -> None:
    before = exercise()
    first = Edited(answer="4")
    after = first.version_of(before)
    edit = Decision(exercise_id=before.exercise_id, decision="edit", edited=first)
    heard = spoken([before, exercise(answer="6")], {before.exercise_id: edit})
    assert [one.answer for one in heard.exercises] == ["5", "4", "6"]
    assert {id: one.verdict for id, one in heard.verdicts.items()} == {
        before.exercise_id: "incorrect",
        after.exercise_id: "correct",
    }
    assert heard.edited == {after.exercise_id: before.exercise_id}

    reject = Decision(exercise_id=after.exercise_id, decision="reject", note="still wrong")
    heard = spoken([before], {before.exercise_id: edit, after.exercise_id: reject})
    assert heard.verdicts[after.exercise_id] == Verdict(
        exercise_id=after.exercise_id,
        verdict="incorrect",
        method="person",
        reason="rejected by a person: still wrong",
    )


def test_what_was_skipped_has_no_verdict_of_a_person() -> None:
    before = exercise()
    skip = Decision(exercise_id=before.exercise_id, decision="skip")
    assert spoken([before], {before.exercise_id: skip}).verdicts == {}
