"""Ordinary Markdown: headings, nested bullet lists, or both, read in three tiers."""

import re

from skilladapt.skills.importers.drafts import Draft, Fault, plain
from skilladapt.skills.importers.outline import FENCE, HEADING, REQUIRES, visible_lines
from skilladapt.skills.importers.tiers import Line, only_root, tiers

_ITEM = re.compile(r"^(\s*)(?:[-*+\u2022]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(\S.*)$")
_LINK = re.compile(r"!?\[([^\]\[]{0,300})\]\([^()\s]{0,2000}\)")
_RULE = re.compile(r"^\s{0,3}([-*_])(?:\s*\1){2,}\s*$")
_UNDERLINE = re.compile(r"^\s{0,3}(=+|-{2,})\s*$")
_LIST = 100
"""Depth of a list at the margin: below every heading."""


def is_strict(text: str) -> bool:
    """Whether there are headings of the third depth, which the strict outline is made of."""
    return any((heading := HEADING.match(line)) and len(heading[1]) == 3 for line in visible_lines(text))


def read_markdown(text: str) -> tuple[str, list[Draft], list[Fault]]:
    """The title (empty when there is none), the sections and the faulty lines of `text`."""
    lines, faults = _entries(text)
    title = ""
    tops = [line for line in lines if line.depth == 1]
    if lines and (only_root(lines) or (len(tops) == 1 and lines[0] is tops[0])):
        title = lines.pop(0).title
    drafts, misplaced = tiers(lines)
    return title, drafts, faults + misplaced


def _entries(text: str) -> tuple[list[Line], list[Fault]]:
    entries: list[Line] = []
    faults: list[Fault] = []
    fenced = False
    for number, line in enumerate(_usual(visible_lines(text)), start=1):
        fence = bool(FENCE.match(line))
        fenced ^= fence
        if fence or not line.strip() or _RULE.match(line):
            continue
        heading = None if fenced else HEADING.match(line)
        item = None if fenced else _ITEM.match(line.expandtabs(4))
        requires = None if fenced else REQUIRES.match(line)
        if requires and entries:
            entries[-1].requires.append((requires[1], number))
        elif requires:
            faults.append((number, "'Requires:' before any section; move it below one"))
        elif heading and (name := _name(re.sub(r"\s#+\s*$", "", heading[2]))):
            entries.append(Line(len(heading[1]), name, number))
        elif heading:
            faults.append((number, f"a heading ('{heading[1]}') without a title; give it one or remove it"))
        elif item and (name := _name(item[2])):
            entries.append(Line(_LIST + len(item[1]), name, number))
        elif entries:
            entries[-1].prose.append(plain(line))
    return entries, faults


def _usual(lines: list[str]) -> list[str]:
    """The same lines without the matter in front, and underlined headings written with number signs."""
    if lines[0].rstrip() == "---" and "---" in (rest := [line.rstrip() for line in lines[1:]]):
        lines[: rest.index("---") + 2] = [""] * (rest.index("---") + 2)
    for index in range(1, len(lines)):
        over, under = lines[index - 1].strip(), _UNDERLINE.match(lines[index])
        if under and over and not (HEADING.match(over) or _ITEM.match(over) or _RULE.match(over)):
            lines[index - 1 : index + 1] = [f"{'#' if under[1][0] == '=' else '##'} {over}", ""]
    return lines


def _name(text: str) -> str:
    return plain(_LINK.sub(r"\1", text))
