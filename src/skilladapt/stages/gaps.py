"""Skills that were to be taught and for which nothing was admitted: findings for a person, by title."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from skilladapt.records import Exercise
from skilladapt.skills.graph import SkillGraph
from skilladapt.stages.library import read_materials, read_verdicts
from skilladapt.stages.yields import asked_rows, general
from skilladapt.store import RunDirectory

GAP: Final = "No exercise at all was admitted"
"""How each of these findings begins."""
MOST_NAMED: Final = 20
"""Findings of this kind; more are counted."""


def gaps(directory: RunDirectory, graph: SkillGraph, taught: Sequence[str], last: int) -> list[str]:
    """A sentence for each skill of `taught` without an admitted exercise up to and with round `last`."""
    materials, verdicts = read_materials(directory, last), read_verdicts(directory, last)
    exercises = {id: one for id, one in materials.items() if isinstance(one, Exercise)}
    served = {
        skill for id, one in exercises.items() if verdicts[id].verdict == "correct" for skill in one.skill_ids
    }
    missing = [id for id in taught if id not in served]
    reasons: dict[str, Counter[str]] = {id: Counter() for id in missing}
    for id, one in exercises.items():
        if one.skill_ids[0] in reasons:
            reasons[one.skill_ids[0]][general(verdicts[id].reason)] += 1
    asked: Counter[str] = Counter()
    for row in asked_rows(directory, last):
        if row["purpose"] == "exercises":
            asked[row["skill_id"]] += row["asked"]
    named = [f"{GAP} for '{graph.by_id[id].title}'{_told(asked[id], reasons[id])}." for id in missing[:MOST_NAMED]]
    more = len(missing) - len(named)
    return [*named, f"{GAP} for {more:,} more skills."] if more else named


def _told(asked: int, reasons: Counter[str]) -> str:
    """How much was asked for, and what was wrong with most of it."""
    if not asked and not reasons:
        return ""
    usable = reasons.total()
    why = f"; most often: {reasons.most_common(1)[0][0]}" if reasons else ""
    return f": {asked:,} were asked for, {usable:,} usable{why}" if asked else f": {usable:,} were written{why}"
