import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from evaluation_samples import verdict

from skilladapt.errors import UserError
from skilladapt.evaluation.benchmarks import BenchmarkItem, choice_letter, evaluate_benchmark, read_benchmark
from skilladapt.records import AnswerType, Verdict


def item(id: str, answer: str, **more: object) -> BenchmarkItem:
    return BenchmarkItem.model_validate({"id": id, "question": f"Question {id}?", "answer": answer, **more})


def written(tmp_path: Path, *lines: object) -> Path:
    path = tmp_path / "b.jsonl"
    path.write_text(
        "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8"
    )
    return path


def same(
    _: Sequence[str], expected: Sequence[str], given: Sequence[str], types: Sequence[AnswerType]
) -> list[Verdict]:
    return [
        verdict("undecided" if kind == "text" else "correct" if one == other else "incorrect")
        for one, other, kind in zip(given, expected, types, strict=True)
    ]


def test_items_come_in_the_order_of_the_file_and_limit_takes_the_first(tmp_path: Path) -> None:
    rows = [{"id": str(n), "question": "Q?", "answer": n, "licence": "MIT", "topic": "t"} for n in range(5)]
    path = written(tmp_path, rows[0], "", *rows[1:], "  ")
    assert [one.id for one in read_benchmark(path)] == ["0", "1", "2", "3", "4"]
    assert [one.answer for one in read_benchmark(path, limit=2)] == ["0", "1"]
    assert read_benchmark(path)[0].topic == "t"


def test_every_broken_line_is_named_with_what_is_wrong(tmp_path: Path) -> None:
    good = {"id": "a", "question": "Q?", "answer": "1"}
    path = written(
        tmp_path,
        good,
        "{not json",
        "[1, 2]",
        {"id": "b", "question": " "},
        good,
        {"id": "c", "question": "Q?", "answer": "maybe", "choices": ["yes", "no"]},
        "[" * 50_000,
        {"id": "d", "question": "Q?", "answer": True},
    )
    with pytest.raises(UserError) as caught:
        read_benchmark(path)
    assert [mistake.removeprefix(f"{path}:") for mistake in caught.value.mistakes] == [
        "2: not JSON (Expecting property name enclosed in double quotes at column 2).",
        "3: not a JSON object.",
        "4: question String should have at least 1 character; answer Field required.",
        "5: the id 'a' stands on line 1 already.",
        "6: Value error, the answer 'maybe' is none of the choices.",
        "7: not JSON that can be read: too deep, or a number too long.",
        "8: answer Input should be a valid string.",
    ]


def test_only_ten_broken_lines_are_shown_and_the_others_counted(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        read_benchmark(written(tmp_path, *["x"] * 25))
    assert len(caught.value.mistakes) == 11
    assert caught.value.mistakes[-1].endswith("15 more broken lines.")


def test_missing_empty_and_binary_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no benchmark at .*; check the path"):
        read_benchmark(tmp_path / "none.jsonl")
    with pytest.raises(UserError, match="is empty; it needs"):
        read_benchmark(written(tmp_path, " "))
    (tmp_path / "b.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match="is not UTF-8"):
        read_benchmark(tmp_path / "b.jsonl")
    with pytest.raises(UserError, match="cannot be read"):
        read_benchmark(tmp_path)


@pytest.mark.parametrize(
    "answer, kind",
    [
        ("18", "number"),
        ("-70,000", "number"),
        ("$3/4$", "number"),
        ("0.5", "number"),
        ("$-\\frac{5809}{990}$", "expression"),
        ("$x / 2-\\sin (2 x) / 4+C$", "expression"),
        ("2 sin(x)", "expression"),
        ("diverges", "text"),
        ("$\\min$ at $x=0$, neither at $x=1$", "text"),
    ],
)
def test_answer_type_is_guessed_from_the_answer(answer: str, kind: str) -> None:
    assert item("a", answer).answer_type == kind


def test_choice_is_named_by_letter_or_text() -> None:
    choices = ["Paris", "Bonn", "a"]
    assert [choice_letter(said, choices) for said in ("B", "(b)", "b) Bonn", "bonn.", " Paris ")] == list("BBBBA")
    assert choice_letter("a", choices) == "C", "a text wins over a letter"
    assert [choice_letter(said, choices) for said in ("D", "Berlin", "", "é")] == [""] * 4


def test_choices_are_asked_with_letters_and_graded_by_them() -> None:
    asked: list[str] = []

    def answer(questions: Sequence[str]) -> list[str]:
        asked.extend(questions)
        return ["The answer is (B).", "Answer: Bonn", "Answer: A"]

    items = [item(str(n), "Bonn", choices=["Paris", "Bonn"]) for n in range(3)]
    result = evaluate_benchmark("base", "towns", items, answer, same)
    assert asked[0] == "Question 0?\nA. Paris\nB. Bonn"
    assert [one.correct for one in result.answers] == [True, True, False]
    assert [one.given for one in result.answers] == ["B", "B", "A"]


def test_result_has_accuracy_decided_share_and_skills() -> None:
    items = [item("1", "18", skill_id="s"), item("2", "7"), item("3", "diverges"), item("4", "5", skill_id="s")]
    replies = ["Answer: 18", "It is 8", "Answer: diverges", ""]
    result = evaluate_benchmark("round-1", "mixed", items, lambda _: replies, same)
    assert [one.correct for one in result.answers] == [True, False, None, False]
    overall, skill = result.scores
    assert (overall.skill_id, overall.probe_set, overall.when) == ("all", "mixed", "round-1")
    assert (overall.n, overall.correct, overall.decided, overall.accuracy) == (4, 1, 3, 0.25)
    assert (skill.skill_id, skill.n, skill.correct) == ("s", 2, 1)
    assert [one.skill_id for one in result.answers] == ["s", "", "", "s"]


def test_reply_that_repeats_the_expected_text_is_right_whatever_surrounds_it() -> None:
    items = [item("1", "$x=-1, x=0$ or $x=1$"), item("2", "\\( \\max \\) at $x=7$.")]
    result = evaluate_benchmark("base", "b", items, lambda _: [f"Answer: {one.answer}" for one in items], same)
    assert [one.correct for one in result.answers] == [True, True]
    assert result.answers[0].expected == "$x=-1, x=0$ or $x=1$"
