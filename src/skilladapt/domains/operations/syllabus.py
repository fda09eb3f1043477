"""The syllabus of invented operations: a section for each, which requires exactly the parts it is defined by."""

from itertools import groupby

from skilladapt.domains.operations.definitions import Definition, define
from skilladapt.domains.operations.wording import in_words
from skilladapt.skills.syllabus import Syllabus, parse_syllabus


def invent_syllabus(operations: int, seed: int) -> Syllabus:
    """The syllabus as it would stand in a file; a unit for each level."""
    return parse_syllabus(syllabus_text(operations, seed), f"operations of seed {seed}")


def syllabus_text(operations: int, seed: int) -> str:
    """The syllabus as Markdown."""
    lines = ["# Invented operations"]
    for level, group in groupby(define(operations, seed), key=lambda definition: definition.level):
        lines += ["", f"## Composed operations of level {level}" if level else "## Primitive operations"]
        for definition in group:
            lines += ["", f"### {title(definition.name)}", _description(definition)]
            if definition.parts:
                lines.append(f"Requires: {', '.join(title(part) for part in dict.fromkeys(definition.parts))}")
    return "\n".join(lines) + "\n"


def title(name: str) -> str:
    """What the skill is called; its id is the name."""
    return name.capitalize()


def _description(definition: Definition) -> str:
    words = in_words(definition)
    return f"{definition.formula}: {words}."
