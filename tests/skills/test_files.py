import json
from pathlib import Path

import pytest

from hostile_graph import hostile_graph
from skilladapt.errors import UserError
from skilladapt.skills import files
from skilladapt.skills.files import forms, read_graph, was_edited
from skilladapt.skills.syllabus import graph_of, parse_syllabus

GRAPH = graph_of(parse_syllabus("### A\n### B\nRequires: A\n", "s.md"))


def test_graph_is_read_from_its_file_or_its_folder(tmp_path: Path) -> None:
    (tmp_path / "graph.json").write_text("\ufeff" + GRAPH.to_json().replace("\n", "\r\n"), encoding="utf-8")
    assert read_graph(tmp_path).hash == read_graph(tmp_path / "graph.json").hash == GRAPH.hash


def test_what_cannot_be_read_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match=r"There is no graph\.json in .*; check the path"):
        read_graph(tmp_path)
    with pytest.raises(UserError, match="There is no file "):
        read_graph(tmp_path / "none.json")
    (tmp_path / "graph.json").write_bytes(b'{"skills":\n "\xff"}')
    with pytest.raises(UserError, match=r"graph\.json is not UTF-8 text \(line 2\); save it as UTF-8"):
        read_graph(tmp_path)
    (tmp_path / "folder" / "graph.json").mkdir(parents=True)
    with pytest.raises(UserError, match="cannot be read"):
        read_graph(tmp_path / "folder")
    with pytest.raises(UserError, match="cannot be read"):
        read_graph(tmp_path / "nul\0")
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    with pytest.raises(UserError, match="has 16 bytes; at most 10 are read"):
        read_graph(tmp_path)


def test_mistakes_begin_with_the_file_they_are_in(tmp_path: Path) -> None:
    (tmp_path / "graph.json").write_text("{")
    with pytest.raises(UserError) as refused:
        read_graph(tmp_path)
    assert str(refused.value).startswith(f"{tmp_path / 'graph.json'}:1:2: this is not JSON")


def test_edited_file_is_told_from_a_written_one(tmp_path: Path) -> None:
    file = tmp_path / "graph.json"
    file.write_text(GRAPH.to_json())
    assert not was_edited(file)
    file.write_text(json.dumps(json.loads(GRAPH.to_json())))
    assert not was_edited(file), "other spaces are no edit"
    file.write_text(GRAPH.to_json().replace('"title": "A"', '"title": "Ay"'))
    assert was_edited(file)
    file.write_text("{")
    assert was_edited(file)
    file.unlink()
    assert was_edited(file)


def test_every_form_of_every_graph_can_be_written_as_utf_8() -> None:
    written = forms(hostile_graph(), "\ud800 title")
    assert list(written) == ["graph.json", "graph.html", "graph.mmd", "graph.dot", "graph.graphml"]
    for name, text in written.items():
        assert text.encode("utf-8", "surrogatepass" if name == "graph.json" else "strict")
