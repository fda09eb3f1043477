"""Skill graphs as files: a `graph.json` is read with care, and a graph is written in every form people use."""

import json
from pathlib import Path

from skilladapt.errors import UserError
from skilladapt.skills.dot import to_dot
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.graphml import to_graphml
from skilladapt.skills.mermaid import to_mermaid
from skilladapt.skills.page import to_page

NAME = "graph.json"
MAX_BYTES = 100_000_000
"""The largest file read; five thousand skills with long descriptions take a twentieth of it."""


def read_graph(path: Path) -> SkillGraph:
    """The graph in a file, or in the `graph.json` of a folder.

    Raises `UserError` when there is none, it is no UTF-8 text or too large, and with every mistake in it.
    """
    file = path / NAME if path.is_dir() else path
    try:
        size = file.stat().st_size
        data = file.read_bytes() if size <= MAX_BYTES else b""
    except FileNotFoundError:
        where = f"no {NAME} in {path}" if path.is_dir() else f"no file {path}"
        raise UserError(f"There is {where}; check the path, or build the graph with --out.") from None
    except (OSError, ValueError) as error:
        raise UserError(f"{str(file)!r} cannot be read ({error}); make it readable.") from error
    if size > MAX_BYTES:
        raise UserError(f"{file} has {size:,} bytes; at most {MAX_BYTES:,} are read, so split the graph.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UserError(f"{file} is not UTF-8 text (line {line}); save it as UTF-8.") from None
    return SkillGraph.from_json(text, str(file))


def was_edited(file: Path) -> bool:
    """Whether a `graph.json` is not as it was written: its hash is of another content, or it cannot be read."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        return bool(SkillGraph.from_json(text).hash != json.loads(text).get("hash"))
    except (OSError, ValueError, UserError):
        return True


def forms(graph: SkillGraph, title: str) -> dict[str, str]:
    """Every file of a graph by its name; `title` is that of the page."""
    return {
        NAME: graph.to_json(),
        "graph.html": to_page(graph, title),
        "graph.mmd": to_mermaid(graph),
        "graph.dot": to_dot(graph),
        "graph.graphml": to_graphml(graph),
    }
