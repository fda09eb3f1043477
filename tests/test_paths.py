"""Whatever a title, an id, a name of anything or a link says: files are written inside, under names of ours."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from skilladapt import pipeline
from skilladapt.arms import arm_configs
from skilladapt.errors import UserError
from skilladapt.skills.files import forms
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.slug import clean_title, comparable
from skilladapt.skills.syllabus import graph_of, parse_syllabus
from skilladapt.store import RunDirectory

SMOKE = Path(__file__).parents[1] / "runs" / "smoke.toml"
NAMES = (
    "../x",
    "../../../../tmp/x",
    "/etc/passwd",
    "C:\\x",
    "\\\\host\\share",
    "a\0b",
    "x" * 300,
    "x" * 299 + "y",
    "CON",
    "con",
    "NUL.txt",
    "aux",
    ".",
    "..",
    "...",
    " ",
    "~",
    "~root",
    "$HOME",
    "%2e%2e%2f",
    "．．／x",
    "caf\u00e9",
    "cafe\u0301",
    "CAF\u00c9",
    "cafe",
    "\u2024\u2024/x",
    "x\n../y",
    "-rf",
    ".lock",
    "config.toml",
    "manifest.json",
    "round-1",
)
"""Titles, ids and names that are paths, or that a file system may take for one another."""


def test_ids_made_of_any_titles_are_plain_and_different_even_where_case_does_not_count() -> None:
    titles = [title for name in NAMES if comparable(title := clean_title(name))]
    with pytest.raises(UserError) as refused:
        parse_syllabus("".join(f"### {title}\n" for title in titles), "s.md")
    alike = len(titles) - len({comparable(title) for title in titles})
    assert len(refused.value.mistakes) == alike, "titles that only case or the form of a letter tells apart"
    different = list({comparable(title): title for title in titles}.values())
    graph = graph_of(parse_syllabus("".join(f"### {title}\n" for title in different), "s.md"))
    ids = [skill.id for skill in graph.skills]
    collisions = len(different) - len({id.casefold() for id in ids})
    print(f"ids: {len(ids)} of {len(NAMES)} titles, {alike} refused as alike, {collisions} collisions")
    assert collisions == 0 and len(ids) >= 20
    assert all(re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", id) and len(id) <= 69 for id in ids)


def around(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_a_graph_with_any_ids_is_written_under_the_same_names(
    skilladapt: Callable[..., int], tmp_path: Path
) -> None:
    """Ids of a graph that somebody else made are theirs; none becomes a part of a path."""
    skills = [{"id": name, "title": name or "x", "description": name, "part_of": name} for name in NAMES]
    given = tmp_path / "given.json"
    for skill in skills:
        given.write_text(json.dumps({"skills": [skill], "prerequisites": []}), encoding="utf-8")
        skilladapt("graph", given, "--out", tmp_path / "inside")
        try:
            written = forms(SkillGraph.from_json(given.read_text(encoding="utf-8"), "given"), skill["title"])
        except UserError:
            continue
        assert {Path(name).name for name in written} == set(written)
    outside = around(tmp_path) - {"given.json", "inside", ".writing"}
    assert all(re.fullmatch(r"inside/[a-z.]+", name) for name in outside), outside


@pytest.mark.parametrize("name", NAMES)
def test_no_name_in_a_run_file_leads_elsewhere(tmp_path: Path, name: str) -> None:
    file = tmp_path / "run.toml"
    for key in ("teach", "domain", "syllabus", "student.model"):
        value = json.dumps([name] if key == "teach" else name)
        with pytest.raises(UserError):
            pipeline.run(pipeline.load(SMOKE, [f"{key}={value}"]), tmp_path / "out")
    file.write_text(f'{SMOKE.read_text()}\n[arms.{json.dumps(name)}]\n"training.passes" = 3\n', encoding="utf-8")
    asked = (file, [name], 1, ["training.total_tokens=9000"])
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.:+_-]{0,59}", name):
        assert list(arm_configs(*asked))
    else:
        with pytest.raises(UserError, match="cannot name a folder|There is no arm"):
            arm_configs(*asked)
    assert around(tmp_path) == {"run.toml"}


def test_arms_that_differ_in_case_alone_are_not_two_folders(tmp_path: Path) -> None:
    file = tmp_path / "run.toml"
    file.write_text(f"{SMOKE.read_text()}\n[arms.One]\n[arms.one]\n", encoding="utf-8")
    with pytest.raises(UserError, match="named twice"):
        arm_configs(file, ["One", "one"], 1, ["training.total_tokens=9000"])


@pytest.mark.parametrize(
    "place", ["round-0", "round-1/steps", "events.jsonl", "teacher.sqlite", ".lock", "base/x"]
)
@pytest.mark.parametrize("dangling", [True, False], ids=["to nothing", "to something"])
def test_a_link_that_leads_out_of_a_run_is_refused_and_nothing_is_written_there(
    tmp_path: Path, place: str, dangling: bool
) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    (out / place).parent.mkdir(parents=True)
    if not dangling:
        elsewhere.mkdir() if "." not in place else elsewhere.write_bytes(b"theirs")
    (out / place).symlink_to(elsewhere)
    before = around(tmp_path)
    with pytest.raises(UserError, match="is a link to a place outside"):
        pipeline.run(pipeline.load(SMOKE), out)
    assert around(tmp_path) == before
    assert not elsewhere.is_file() or elsewhere.read_bytes() == b"theirs"


def test_a_run_may_be_reached_by_a_link_and_hold_links_to_itself(tmp_path: Path) -> None:
    (tmp_path / "disk" / "round-0").mkdir(parents=True)
    (tmp_path / "disk" / "latest").symlink_to("round-0")
    (tmp_path / "run").symlink_to(tmp_path / "disk")
    with RunDirectory(tmp_path / "run") as directory:
        directory.write_text("round-0/a.txt", "a")
    assert (tmp_path / "disk" / "round-0" / "a.txt").read_text() == "a"


def test_a_file_that_is_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    with RunDirectory(tmp_path / "run") as directory:
        (tmp_path / "theirs").write_text("theirs")
        (directory.path / "graph.json").symlink_to(tmp_path / "theirs")  # made while the run was under way
        directory.write_text("graph.json", "ours")
    assert (tmp_path / "theirs").read_text() == "theirs"
