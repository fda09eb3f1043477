"""A table, one skill a row: CSV, or the like with semicolons or tabs."""

import csv
import re
from collections.abc import Iterator, Sequence

from skilladapt.skills.importers.drafts import Draft, Fault, plain
from skilladapt.skills.slug import comparable

COLUMNS = {
    "title": ("title", "name", "skill", "topic", "lesson", "section", "concept"),
    "id": ("id", "key", "code"),
    "unit": ("unit", "chapter", "module", "week", "part of", "part_of", "strand"),
    "description": ("description", "summary", "details"),
    "objectives": ("objectives", "objective", "outcomes", "outcome", "learning objectives", "learning outcomes"),
    "requires": ("requires", "prerequisites", "prerequisite", "prereqs", "needs", "depends on"),
}
"""What a column means, by the names it may have."""
MAX_COLUMNS = 200
_SEPARATORS = re.compile(r"[;|\n]")


def read_table(text: str) -> tuple[str, list[Draft], list[Fault]]:
    """The title (always empty), the sections and the faulty rows of `text`, whose first row names the columns.

    Objectives and requirements in one cell are told apart by semicolons, bars or lines, requirements by commas,
    too. A row without a title goes on with the row above it.
    """
    faults: list[Fault] = []
    rows = _rows(text, faults)
    _, header = next(rows, (1, []))
    column = _columns(header, faults) if header else {}
    drafts: list[Draft] = []
    for line, row in rows if column else ():
        if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
            faults.append((line, f"{len(row)} cells, but the first row names {len(header)} columns"))
        cells = {name: row[index].strip() if index < len(row) else "" for name, index in column.items()}
        if title := plain(cells["title"]):
            unit = plain(cells.get("unit", "")) or None
            drafts.append(Draft(title, line, unit, id=plain(cells.get("id", ""))))
        elif not any(cells.values()):
            continue
        elif not drafts:
            faults.append((line, "a row without a title; give it one or remove it"))
            continue
        drafts[-1].prose += filter(None, [plain(cells.get("description", ""))])
        drafts[-1].objectives += _parts(cells.get("objectives", ""))
        drafts[-1].requires += [(part, line) for part in _parts(cells.get("requires", ""))]
    return "", drafts, faults


def _rows(text: str, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, and the lines they begin on."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    reader = csv.reader((line + "\n" for line in lines), delimiter=_delimiter(lines), strict=True)
    start = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield start, row
            start = reader.line_num + 1
    except csv.Error as error:
        faults.append((start, f"no row of a table ({error}); mend the quotes"))


def _delimiter(lines: Sequence[str]) -> str:
    header = next((line for line in lines if line.strip()), "")
    return max(",;\t", key=header.count)


def _columns(header: Sequence[str], faults: list[Fault]) -> dict[str, int]:
    """Where each known column stands; empty, with a fault, without a column of titles."""
    if len(header) > MAX_COLUMNS:
        faults.append((1, f"{len(header):,} columns; at most {MAX_COLUMNS} are read, so leave some out"))
        return {}
    names = [comparable(name) for name in header]
    found: dict[str, int] = {}
    for meaning, known in COLUMNS.items():
        given = [name for name in known if name in names]
        twice = [name for name in given if names.count(name) > 1]
        faults += [(1, f"two columns are called '{name}'; rename one of them") for name in twice]
        if given:
            found[meaning] = names.index(given[0])
    if "title" not in found:
        shown = ", ".join(f"'{name}'" for name in names[:10]) + (", ..." if len(names) > 10 else "")
        faults.append(
            (1, f"there is no column 'title' among {shown}; name the column that has the skills 'title'")
        )
        return {}
    return found


def _parts(cell: str) -> list[str]:
    return [part for part in (plain(piece.lstrip(" -*\u2022")) for piece in _SEPARATORS.split(cell)) if part]
