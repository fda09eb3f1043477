"""Which importer reads a text: chosen by the suffix of its file and by what stands in it."""

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from skilladapt.errors import UserError
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.importers.contents import looks_like_contents, read_contents
from skilladapt.skills.importers.drafts import Draft, Fault, assemble, oversized, refuse
from skilladapt.skills.importers.files import lines_of
from skilladapt.skills.importers.indented import read_indented
from skilladapt.skills.importers.markdown import is_strict, read_markdown
from skilladapt.skills.importers.nodes import read_json, read_yaml, tree_of
from skilladapt.skills.importers.normalised import is_normalised, read_normalised
from skilladapt.skills.importers.outline import HEADING, read_outline
from skilladapt.skills.importers.requirements import circles, match, repeated
from skilladapt.skills.importers.table import read_table
from skilladapt.skills.importers.tree import read_tree
from skilladapt.skills.sections import Syllabus

Read = tuple[str, list[Draft], list[Fault]]

FORMS = "Markdown (.md), plain text (.txt), a table (.csv, .tsv), YAML (.yaml) and JSON (.json) are read"
MAX_LINES = 500_000
_FOREIGN = {
    ".pdf",
    ".doc",
    ".docx",
    ".odt",
    ".rtf",
    ".html",
    ".htm",
    ".xls",
    ".xlsx",
    ".ods",
    ".ppt",
    ".pptx",
    ".tex",
}


def check_suffix(name: str) -> None:
    """Raises UserError for the files of programs whose text has to be taken out first."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _FOREIGN:
        raise UserError(f"The syllabus {name} is a '{suffix}' file; {FORMS}. Save or paste it as one of these.")


def parse(text: str, source: str, suffix: str | None = None) -> Syllabus | SkillGraph:
    """The syllabus in `text`, or the graph when it is a `graph.json`.

    `source` names the file in messages and evidence; absent, the suffix is that of this name. Raises UserError
    with every fault: those of lines in their order, then the circles.
    """
    suffix = PurePosixPath(source).suffix.lower() if suffix is None else suffix
    _check_text(text, source)
    if suffix == ".json":
        return _parse_json(text, source)
    if suffix in (".yaml", ".yml"):
        return finish(read_tree(read_yaml(text, source)), source, "- Title")
    if suffix in (".csv", ".tsv"):
        return finish(read_table(text), source, "a row below the names of the columns")
    if suffix in (".md", ".markdown", ".mdown"):
        return _parse_markdown(text, source)
    if text.lstrip().startswith("{"):
        return _parse_json(text, source)
    return _parse_markdown(text, source) if _is_headed(text) else _parse_plain(text, source)


def parse_strict(text: str, source: str) -> Syllabus:
    """The syllabus in a strict Markdown outline. Raises UserError with every fault."""
    _check_text(text, source)
    return finish(read_outline(text), source, "a section ('### Title')", across_units=True)


def _parse_markdown(text: str, source: str) -> Syllabus:
    if is_strict(text):
        return parse_strict(text, source)
    if not _is_headed(text) and looks_like_contents(text):
        return _parse_plain(text, source)
    return finish(read_markdown(text), source, "a section ('### Title')")


def _parse_plain(text: str, source: str) -> Syllabus:
    read: Callable[[str], Read] = read_contents if looks_like_contents(text) else read_indented
    return finish(read(text), source, "a line")


def _parse_json(text: str, source: str) -> Syllabus | SkillGraph:
    value: Any = read_json(text, source)
    if isinstance(value, dict) and "skills" in value and "prerequisites" in value:
        return SkillGraph.from_json(text)
    if is_normalised(value):
        return read_normalised(value, source)
    return finish(read_tree(tree_of(value, source)), source, '{"title": ...}')


def _check_text(text: str, source: str) -> None:
    if not text.strip():
        raise UserError(f"{source}:1: the file is empty; write a section ('### Title') for each skill.")
    if (lines := max(text.count("\n"), text.count("\r"))) > MAX_LINES:
        raise UserError(f"{source}: {lines:,} lines; at most {MAX_LINES:,} are read, so split the syllabus.")


def _is_headed(text: str) -> bool:
    return any(HEADING.match(line) for line in lines_of(text))


def finish(read: Read, source: str, wanted: str, *, across_units: bool = False) -> Syllabus:
    """The syllabus of what an importer read, when nothing is wrong with it.

    `wanted` says what a skill is written as. Titles are unique in a unit, at choice `across_units`, too.
    """
    title, drafts, faults = read
    if not drafts and not faults:
        faults = [(1, f"there are no sections; write {wanted} for each skill")]
    faults = [*faults, *oversized(drafts)]
    if any("at most" in fault for _, fault in faults):
        refuse(source, faults)
    needs, unknown = match(drafts)
    refuse(source, [*faults, *repeated(drafts, across_units=across_units), *unknown], circles(drafts, needs))
    return assemble(title, source, drafts, needs)
