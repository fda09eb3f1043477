"""Plain text: a line is an entry, its indentation says what it belongs to; read in three tiers."""

import re

from skilladapt.skills.importers.drafts import Draft, Fault, plain
from skilladapt.skills.importers.files import lines_of
from skilladapt.skills.importers.outline import REQUIRES
from skilladapt.skills.importers.tiers import Line, only_root, tiers

LONG = 200
"""A line of more characters than this is prose about the entry before it."""
_MARK = re.compile(r"^(?:[-*+\u2022\u2013\u25cf\u25e6\u25aa]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)])\s+")


def read_indented(text: str) -> tuple[str, list[Draft], list[Fault]]:
    """The title (empty when there is none), the sections and the faulty lines of `text`.

    A tab counts as far as the next multiple of four. The first line is the title where it alone stands furthest
    out and two more tiers follow, or where a line of dashes or equals signs underlines it.
    """
    entries: list[Line] = []
    faults: list[Fault] = []
    title = ""
    for number, raw in enumerate(lines_of(text), start=1):
        line = raw.expandtabs(4)
        body = line.strip()
        requires = REQUIRES.match(body)
        if body and not body.strip("-=_*~"):
            if len(entries) == 1 and not title and entries[0].place == number - 1:
                title = entries.pop().title
        elif requires and entries:
            entries[-1].requires.append((requires[1], number))
        elif requires:
            faults.append((number, "'Requires:' before any section; move it below one"))
        elif len(body) > LONG and entries:
            entries[-1].prose.append(plain(body))
        elif name := plain(_MARK.sub("", body)):
            entries.append(Line(len(line) - len(line.lstrip()), name, number))
    if not title and only_root(entries):
        title = entries.pop(0).title
    drafts, misplaced = tiers(entries)
    return title, drafts, faults + misplaced
