"""What a person sees of skill graphs: one as a tree and as files, or what is different in two."""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from skilladapt.errors import UserError
from skilladapt.progress import console
from skilladapt.skills.difference import difference
from skilladapt.skills.difference_lines import difference_lines
from skilladapt.skills.files import NAME, forms, read_graph, was_edited
from skilladapt.skills.findings import findings
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.tree import is_shortened, tree_lines
from skilladapt.skills.visible import visible_line
from skilladapt.store import RunDirectory

LONGEST_NOTE = 500
"""Characters of a remark; it may quote titles of any length."""


def show_graph(
    file: Path, overrides: Sequence[str], out: Path | None, *, everything: bool = False, as_json: bool = False
) -> None:
    """Prints the skills as a tree, with findings, and writes the graph in all its forms into `out`.

    `file` is a run file, whose syllabus is built or whose goal is broken up, or a graph there is: a `graph.json`,
    or the folder of it. What a teacher replies is kept in `out`, too. Raises UserError with every mistake in it,
    and where an edited graph or that of a run would be written over.
    """
    is_graph = file.is_dir() or file.suffix == ".json"
    if out is not None:
        _check_free(out, file if is_graph else None)  # before a teacher is paid
    graph, title = _graph_in(file, overrides) if is_graph else _graph_of_run(file, overrides, out)
    written = _write(graph, title, out) if out is not None else []
    if as_json:
        print(json.dumps({**json.loads(graph.to_json()), "findings": findings(graph), "written": written}))
        return
    for line in tree_lines(graph, everything=everything):
        console.print(line, soft_wrap=True)
    for finding in findings(graph):
        console.print(f"note: {visible_line(finding, LONGEST_NOTE)}", soft_wrap=True)
    levels = 1 + max(skill.level for skill in graph.skills)
    console.print(f"{len(graph.skills):,} skills on {levels} levels, {len(graph.prerequisites):,} prerequisites")
    if is_shortened(graph) and not everything:
        console.print("Not all is shown: --all prints everything, --out DIR writes a page to look at.")
    if written:
        console.print(f"written to {out}: {', '.join(written)}", soft_wrap=True)


def _graph_in(path: Path, overrides: Sequence[str]) -> tuple[SkillGraph, str]:
    if overrides:
        raise UserError(f"{path} is a skill graph, and --set changes a run file; edit the graph itself.")
    return read_graph(path), (path.resolve() if path.is_dir() else path.resolve().parent).name


def _graph_of_run(file: Path, overrides: Sequence[str], out: Path | None) -> tuple[SkillGraph, str]:
    from skilladapt import pipeline
    from skilladapt.stages.charting import build_graph, is_charted
    from skilladapt.stages.staffing import Staff
    from skilladapt.stages.subject import check_teacher

    config = pipeline.load(file, overrides)
    title = config.title or config.goal or file.stem
    if not is_charted(config):
        return build_graph(config), title
    if out is None:
        raise UserError(f"The teacher is asked for the graph of '{title}'; say where with --out DIR.")
    check_teacher(config)
    with ExitStack() as stack:
        return build_graph(config, Staff(config.teacher, out, stack).teacher), title


def _check_free(out: Path, source: Path | None) -> None:
    """Refuses the folder of a run; an edited `graph.json` is written over only where it is the source."""
    if (out / "config.toml").exists():
        raise UserError(f"{out} holds a run, which has its own {NAME}; choose another --out.")
    there = out / NAME
    if there.exists():
        is_source = source is not None and there.samefile(source / NAME if source.is_dir() else source)
        if not is_source and was_edited(there):
            raise UserError(f"{there} was edited since it was written; choose another --out or remove it.")


def _write(graph: SkillGraph, title: str, out: Path) -> list[str]:
    """The names of the files written."""
    with RunDirectory(out) as directory:
        written = forms(graph, title)
        for name, text in written.items():
            directory.write_text(name, text)
    return list(written)


def show_difference(before: Path, after: Path, *, as_json: bool = False) -> bool:
    """Prints what is different in two graphs, each a file or a folder with a `graph.json`; whether anything is.

    Raises UserError with the mistakes in both.
    """
    old, new = _both(before, after)
    found = difference(old, new)
    if as_json:
        hashes = {"before": old.hash, "after": new.hash}
        print(json.dumps({"equal": not found, "hash": hashes, **found.model_dump(mode="json")}))
    elif not found:
        console.print(
            f"The graphs are equal: {len(new.skills):,} skills, {len(new.prerequisites):,} prerequisites."
        )
    else:
        for line in difference_lines(found, old, new):
            console.print(line, soft_wrap=True)
    return bool(found)


def _both(*paths: Path) -> list[SkillGraph]:
    graphs: list[SkillGraph] = []
    mistakes: list[str] = []
    for path in paths:
        try:
            graphs.append(read_graph(path))
        except UserError as error:
            mistakes += error.mistakes
    if mistakes:
        raise UserError(*mistakes)
    return graphs
