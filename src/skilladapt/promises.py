"""Tells whether a domain keeps its promises, for a person who writes one."""

import json
from collections.abc import Sequence

from skilladapt.config import read_value
from skilladapt.domains.contract import broken_promises
from skilladapt.domains.domain import load_domain
from skilladapt.errors import UserError
from skilladapt.progress import console
from skilladapt.skills.syllabus import graph_of

SHOWN = 5
"""Sentences of each promise that are printed."""


def show_promises(name: str, options: Sequence[str], *, skills: int | None, count: int, as_json: bool) -> bool:
    """Prints what breaks each promise of the domain called `name`; returns whether nothing does.

    `options` are `KEY=VALUE`, as in a run file's `domain_options`.

    Raises:
        UserError: There is no such domain, it does not know an option, or it has no syllabus or no verifier.

    """
    pairs = [option.partition("=") for option in options]
    if wrong := [key for key, equals, _ in pairs if not (key and equals)]:
        raise UserError(*(f"--set {key!r} is not of the form key=value." for key in wrong))
    domain = load_domain(name, {key.strip(): read_value(value) for key, _, value in pairs})
    broken = broken_promises(domain, skills, count)
    kept = not any(broken.values())
    if as_json:
        print(json.dumps({"domain": domain.name, "kept": kept, "broken": broken}))
        return kept
    assert domain.syllabus is not None
    skills_there = graph_of(domain.syllabus).skills
    levels = 1 + max(skill.level for skill in skills_there)
    console.print(f"{domain.syllabus.title}: {len(skills_there)} skills on {levels} levels", markup=False)
    for promise, found in broken.items():
        told = f"{len(found)} times: " if len(found) > 1 else ""
        console.print(f"  {'broken' if found else '  kept'}  {promise}{':' if found else ''}", markup=False)
        for sentence in found[:SHOWN]:
            console.print(f"            {told}{sentence}", markup=False, soft_wrap=True)
            told = ""
    return kept
