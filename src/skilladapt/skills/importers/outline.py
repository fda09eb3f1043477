"""The strict Markdown outline: every section has a heading of its own, `### Title`, below units, `## Unit`.

# Title
## Unit
### Section title          one skill
What one can do who has the skill, in prose.
- an objective, one a line
Requires: Another section title, And another
"""

import re

from skilladapt.skills.importers.drafts import Draft, Fault, plain
from skilladapt.skills.importers.files import lines_of

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
FENCE = re.compile(r"^\s{0,3}(```|~~~)")
HEADING = re.compile(r"^\s{0,3}(#{1,6})(.*)$")
REQUIRES = re.compile(r"^[-*_\s]*requires[*_\s]*:[*_\s]*(.*)$", re.IGNORECASE)
_OBJECTIVE = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+(.*)$")


def read_outline(text: str) -> tuple[str, list[Draft], list[Fault]]:
    """The title (empty when there is none), the sections and the faulty lines of `text`.

    HTML comments are skipped; inside fenced blocks and below deeper headings everything is prose.
    """
    title, unit, fenced = "", None, False
    drafts: list[Draft] = []
    faults: list[Fault] = []
    draft: Draft | None = None
    for number, line in enumerate(visible_lines(text), start=1):
        fence = bool(FENCE.match(line))
        fenced ^= fence
        heading = None if fenced or fence else HEADING.match(line)
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
        elif not fenced and (requires := REQUIRES.match(line)):
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


def visible_lines(text: str) -> list[str]:
    """The lines of `text`, with nothing where an HTML comment was."""
    return _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), "\n".join(lines_of(text))).split("\n")
