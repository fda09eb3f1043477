"""A table of contents pasted from a book: numbers say what belongs to what, page numbers are dropped.

Chapters are units, sections (`3.2`) skills, and what is deeper (`3.2.1`) an objective. Parts and volumes only
group chapters. A chapter without sections is a skill. Front and back matter is left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from skilladapt.skills.importers.drafts import Draft, Fault, plain
from skilladapt.skills.importers.files import lines_of
from skilladapt.skills.importers.indented import LONG
from skilladapt.skills.importers.tiers import Line, tiers

_NUMBER_OF_PAGE = re.compile(r"(?:\d{1,4}|[ivxlc]{1,7})$")
_LEADER = " \t.\u00b7\u2026_"
"""What leads from a title to its page."""
_NUMBERED = re.compile(
    r"^(?:\u00a7[ \t]*)?((?:\d{1,3}|[A-Z])(?:\.\d{1,3}){0,5})[.):]?(?:[ \t]+[-\u2013\u2014:][ \t])?[ \t]+(\S.*)$"
)
_NAMED = re.compile(
    r"^(part|volume|book|chapter|unit|module|week|topic|appendix|section|lesson)[ \t]+"
    r"((?:\d{1,3}|[A-Z]|[IVXLC]{1,7})(?:\.\d{1,3}){0,5})\b[ \t]*[.:)\u2013\u2014-]*[ \t]*(.*)$",
    re.IGNORECASE,
)
_GROUPS = {"part", "volume", "book"}
_DEEP = {"section": 2, "lesson": 2}
_MATTER = re.compile(
    r"^(table of )?contents$|^(preface|foreword|index|glossary|bibliography|references|acknowledge?ments?|"
    r"about the authors?|answer key|answers|solutions|copyright|dedication|credits|notes|page)$"
    r"|^answers to |^list of (figures|tables)",
    re.IGNORECASE,
)


@dataclass
class _Entry:
    depth: int | None
    """1 for a chapter, 2 for a section, ...; 0 for a part; None where no number says."""
    title: str
    has_page: bool


def looks_like_contents(text: str) -> bool:
    """Whether half of the lines or more have a chapter's or a section's number or a page behind a leader."""
    lines = [line.strip() for line in lines_of(text) if line.strip()]
    telling = sum(
        len(line) <= LONG
        and bool(_NAMED.match(line) or _without_page(line)[1] or ((n := _NUMBERED.match(line)) and "." in n[1]))
        for line in lines
    )
    return telling * 2 >= len(lines) > 0


def read_contents(text: str) -> tuple[str, list[Draft], list[Fault]]:
    """The title (always empty: a table of contents has none), the sections and the faulty lines of `text`."""
    faults: list[Fault] = []
    read: list[tuple[int, _Entry]] = []
    for number, entry in _entries(text, faults):
        last = read[-1][1] if read else None
        if not entry.title and last is not entry:
            read.append((number, entry))  # `Chapter 4` alone: its title stands on the next line
        elif last and entry.depth is None and (not last.title or _goes_on(last, read)):
            last.title = f"{last.title} {entry.title}".strip()
            last.has_page |= entry.has_page
        else:
            read.append((number, entry))
    lines = [
        Line(1 if entry.depth is None else entry.depth, entry.title or f"Chapter on line {number}", number)
        for number, entry in read
        if entry.depth != 0 and not _MATTER.match(entry.title)
    ]
    drafts, misplaced = tiers(lines)
    return "", drafts, faults + misplaced


def _goes_on(last: _Entry, read: list[tuple[int, _Entry]]) -> bool:
    """Whether the title of the last entry was broken: it has no page, though others do."""
    return last.depth is not None and not last.has_page and any(entry.has_page for _, entry in read)


def _entries(text: str, faults: list[Fault]) -> Iterator[tuple[int, _Entry]]:
    for number, raw in enumerate(lines_of(text), start=1):
        line = raw.strip()
        if not line:
            continue
        if len(line) > LONG:
            faults.append((number, f"a line of {len(line):,} characters; one line for each entry is needed"))
            continue
        body, has_page = _without_page(line)
        named, numbered = _NAMED.match(body), _NUMBERED.match(body)
        if named:
            kind, dots = named[1].lower(), named[2].count(".")
            depth = 0 if kind in _GROUPS else max(1 + dots, _DEEP.get(kind, 1))
            yield number, _Entry(depth, plain(named[3]), has_page)
        elif numbered:
            yield number, _Entry(1 + numbered[1].count("."), plain(numbered[2]), has_page)
        elif body.strip(". "):
            yield number, _Entry(None, plain(body), has_page)


def _without_page(line: str) -> tuple[str, bool]:
    """The entry without leader and page, and whether it had one.

    By hand: a regular expression takes long on lines of dots.
    """
    page = _NUMBER_OF_PAGE.search(line)
    for end in (page.start(), len(line)) if page else (len(line),):
        body = line[:end].rstrip(_LEADER)
        leader = line[len(body) : end]
        dots = sum(map(leader.count, ".\u00b7_")) + 3 * leader.count("\u2026")
        if dots >= 3 or (end < len(line) and ("  " in leader or "\t" in leader)):
            return body, end < len(line)
    return line, False
