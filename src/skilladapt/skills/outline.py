"""The lines of a Markdown outline, sorted into sections; what sections require is still raw text."""

import re
from dataclasses import dataclass, field

from skilladapt.skills.slug import clean_title

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FENCE = re.compile(r"^\s{0,3}(```|~~~)")
_HEADING = re.compile(r"^\s{0,3}(#{1,6})(.*)$")
_REQUIRES = re.compile(r"^[-*_\s]*requires[*_\s]*:[*_\s]*(.*)$", re.IGNORECASE)
_OBJECTIVE = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+(.*)$")

Fault = tuple[int, str]
"""A line number and what is wrong there."""


@dataclass
class Draft:
    """A section whose lines are read and whose requirements are still raw text."""

    title: str
    line: int
    """Line of the heading, from 1."""
    unit: str | None
    """None before the first unit."""
    prose: list[str] = field(default_factory=list)
    objectives: list[str] = field(default_factory=list)
    requires: list[tuple[str, int]] = field(default_factory=list)
    """What stands behind each `Requires:`, and its line."""


def read_outline(text: str) -> tuple[str, list[Draft], list[Fault]]:
    """The title (empty when there is none), the sections and the faulty lines of `text`.

    HTML comments are skipped; inside fenced blocks and below deeper headings everything is prose.
    """
    title, unit, fenced = "", None, False
    drafts: list[Draft] = []
    faults: list[Fault] = []
    draft: Draft | None = None
    for number, line in enumerate(_lines(text), start=1):
        fence = bool(_FENCE.match(line))
        fenced ^= fence
        heading = None if fenced or fence else _HEADING.match(line)
        depth = len(heading[1]) if heading else 0
        name = plain(re.sub(r"\s#+\s*$", "", heading[2])) if heading else ""
        if heading and depth <= 3 and not name:
            faults.append((number, f"a heading ('{'#' * depth}') without a title; give it one or remove it"))
            draft = None
        elif depth == 1:
            if title:
                faults.append((number, f"a second title, '{name}'; a syllabus has one, units begin with '##'"))
            title, draft = title or name, None
        elif depth == 2:
            unit, draft = name, None
        elif depth == 3:
            draft = Draft(name, number, unit)
            drafts.append(draft)
        elif not fenced and (requires := _REQUIRES.match(line)):
            if draft is None:
                faults.append((number, "'Requires:' outside a section; move it below a '###' heading"))
            else:
                draft.requires.append((requires[1], number))
        elif draft is not None and not fence:
            objective = None if fenced else _OBJECTIVE.match(line)
            words = name if heading else plain(objective[1] if objective else line)
            if words:
                (draft.objectives if objective else draft.prose).append(words)
    return title, drafts, faults


def _lines(text: str) -> list[str]:
    # Only the line ends that editors count: str.splitlines would also split at form feeds and shift every number.
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), unix).split("\n")


def plain(text: str) -> str:
    """`text` on one line without marks of emphasis around it."""
    return clean_title(text).strip("*_` ")
