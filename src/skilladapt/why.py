"""Why an example is what it is: where it comes from, how it was learned, and every decision about it.

Reads a run directory and changes nothing. A story is plain data, so a script gets what a person reads.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from skilladapt.decisions import read_decisions
from skilladapt.errors import UserError
from skilladapt.progress import console
from skilladapt.records import Exercise, Textbook
from skilladapt.stages.deciding import round_of
from skilladapt.stages.library import read_materials
from skilladapt.store import RunDirectory

Story = Mapping[str, Any]
LEAST_PREFIX = 4
"""Characters of an id that must be given; the rest may be left out where only one example begins so."""


def show_why(path: Path, example_id: str, *, as_json: bool) -> None:
    """Prints the whole story of one example. Raises UserError where there is no such run or example."""
    found = story(RunDirectory.existing(path), example_id)
    if as_json:
        # Escaped, DEL too: no text of somebody else's commands a terminal.
        print(json.dumps(found, allow_nan=False).replace("\x7f", "\\u007f"))
        return
    for line in _told(found):
        console.print(line, soft_wrap=True)


def story(directory: RunDirectory, example_id: str) -> Story:
    """Origin, ancestors, verdicts, rounds, decisions and children of an example, or of a rejected exercise.

    `example_id` may be an example's or an exercise's id, or the beginning of one. Raises UserError when nothing,
    or more than one thing, is called so.
    """
    rounds = directory.rounds()
    materials = read_materials(directory, max(rounds, default=0)) if directory.has_ended("materials") else {}
    id = _find(example_id, materials)
    ledgers = [row for number in rounds for row in directory.rows(f"round-{number}/ledger")]
    # Of a round that is being written there may be none yet.
    verdicts = [row for number in rounds for row in directory.rows(f"round-{number}/verdicts")]
    return {
        "example_id": f"e{id}",
        **_described(materials[id]),
        "came_from": _origin(id, ledgers),
        "ancestors": list(_ancestors(materials[id], materials)),
        "verdict": _verdict(id, verdicts),
        "person": _person(directory, id),
        "rounds": [_round(directory, f"e{id}", number) for number in rounds],
        "children": [
            {"exercise_id": child, **_described(materials[child]), "verdict": _verdict(child, verdicts)}
            for row in ledgers
            if row["example_id"] == f"e{id}"
            for child in row["child_ids"]
            if child in materials
        ],
    }


def _find(wanted: str, materials: Mapping[str, Textbook | Exercise]) -> str:
    bare = wanted.strip().lower()
    # An id of hexadecimal digits may itself begin with the letter that marks an example.
    fitting = {id for id in materials if id == bare or f"e{id}" == bare}
    if not fitting and len(bare) >= LEAST_PREFIX:
        fitting = {id for id in materials if id.startswith(bare) or f"e{id}".startswith(bare)}
    if len(fitting) == 1:
        return fitting.pop()
    if fitting:
        few = ", ".join(f"e{id}" for id in sorted(fitting)[:5])
        raise UserError(f"{len(fitting)} examples begin with '{wanted}': {few}; give more of the id.")
    raise UserError(
        f"There is no example '{wanted}' among the {len(materials)} materials of this run; "
        "take an example_id from a ledger or examples table."
    )


def _described(material: Textbook | Exercise) -> dict[str, Any]:
    if isinstance(material, Textbook):
        return {
            "kind": "textbook",
            "skill_ids": [material.skill_id],
            "title": material.title,
            "text": material.text,
        }
    return {
        "kind": material.kind,
        "skill_ids": list(material.skill_ids),
        "difficulty": material.difficulty,
        "generation": material.generation,
        "author": material.author,
        "question": material.question,
        "solution": material.solution,
        "answer": material.answer,
    }


def _ancestors(material: Textbook | Exercise, materials: Mapping[str, Textbook | Exercise]) -> Iterator[Story]:
    """Parents, then theirs."""
    parents = material.parent_ids if isinstance(material, Exercise) else ()
    for id in parents:
        if id in materials:
            yield {"exercise_id": id, **_described(materials[id])}
            yield from _ancestors(materials[id], materials)


def _origin(exercise_id: str, ledgers: Sequence[Mapping[str, Any]]) -> list[Story]:
    """The decisions that had it written; none for what was written before the first round."""
    return [
        {name: row[name] for name in ("round", "example_id", "action", "reason")}
        for row in ledgers
        if exercise_id in row["child_ids"]
    ]


def _verdict(exercise_id: str, verdicts: Sequence[Mapping[str, Any]]) -> Story | None:
    """The last one, if there is any."""
    found = [row for row in verdicts if row["exercise_id"] == exercise_id]
    return {name: found[-1][name] for name in ("verdict", "method", "reason")} if found else None


def _person(directory: RunDirectory, exercise_id: str) -> Story | None:
    """What a person decided about it, and the round first prepared with that, if any was."""
    decision = read_decisions(directory.path).get(exercise_id)
    if decision is None:
        return None
    return {
        **decision.model_dump(mode="json", exclude={"exercise_id"}),
        "used_in_round": round_of(directory, decision),
    }


def _round(directory: RunDirectory, example_id: str, number: int) -> Story:
    """What became of it in one round; parts that do not exist (yet) are empty."""

    def own(table: str) -> list[dict[str, Any]]:
        rows = directory.rows(f"round-{number}/{table}")
        return [row for row in rows if row["example_id"] == example_id]

    state = next(iter(own("examples")), None)
    category = next(iter(own("categories")), None)
    losses = sorted(own("losses"), key=lambda row: row["pass"])
    return {
        "round": number,
        "weight": state and state["weight"],
        "trained": state and state["order"] is not None,
        "losses": [row["loss"] for row in losses],
        "answer_right": [row["greedy_answer"] for row in losses],
        "category": category and category["category"],
        "score": category and category["score"],
        "threshold": category and category.get("threshold"),
        "cleared": bool(category and category.get("cleared")),
        "checks": [{name: row[name] for name in ("verdict", "method", "reason")} for row in own("checks")],
        "actions": [
            {name: row[name] for name in ("action", "reason", "weight_before", "weight_after", "child_ids")}
            for row in own("ledger")
        ],
    }


def _told(found: Story) -> Iterator[str]:
    yield f"{found['example_id']}: {found['kind']}, {_skills(found)}"
    yield from _indented(found)
    yield "Where it comes from"
    for row in found["came_from"]:
        yield f"  after round {row['round']}, to {row['action']} {row['example_id']}: {row['reason']}"
    if not found["came_from"]:
        yield "  written before the first round"
    for parent in found["ancestors"]:
        yield f"  from e{parent['exercise_id']}: {parent['kind']}, {_skills(parent)}"
        yield from _indented(parent, "    ")
    if verdict := found["verdict"]:
        yield f"Verdict: {_judged(verdict)}"
    if person := found["person"]:
        note = f", {person['note']}" if person["note"] else ""
        used = person["used_in_round"]
        when = f"from round {used} on" if used else "in no round yet"
        yield f"A person: {person['decision']}{note}" + (f" ({when})" if person["decision"] != "skip" else "")
    for row in found["rounds"]:
        yield from _told_round(row)
    if found["children"]:
        yield "Written because of it"
        for child in found["children"]:
            verdict = _judged(child["verdict"]) if child["verdict"] else "no verdict"
            yield f"  e{child['exercise_id']}: {child['kind']}, {_skills(child)}; {verdict}"
            yield f"    {child['question']}  ->  {child['answer']}"


def _told_round(row: Story) -> Iterator[str]:
    if row["weight"] is None and not row["actions"]:
        return
    if row["trained"]:
        losses = " ".join(
            f"{loss:.3f}{'+' if right else '-'}"
            for loss, right in zip(row["losses"], row["answer_right"], strict=True)
        )
        yield f"Round {row['round']}: trained at weight {row['weight']:.2f}; losses {losses or 'not recorded yet'}"
    elif row["weight"] is not None:
        yield f"Round {row['round']}: not trained, weight {row['weight']:.2f}"
    else:
        yield f"Before round {row['round'] + 1}"
    if row["category"] is not None:
        suspect = "" if row["threshold"] is None else f", suspect from {row['threshold']:.2f}"
        suspect = ", found right before" if row["cleared"] else suspect
        name = "suspect" if row["category"] == "error" else row["category"]
        yield f"  {name}: score {row['score']:.2f}{suspect}"
    for check in row["checks"]:
        yield f"  checked: {_judged(check)}"
    for action in row["actions"]:
        children = f"; {len(action['child_ids'])} written" if action["child_ids"] else ""
        yield (
            f"  {action['action']}: {action['reason']} "
            f"(weight {action['weight_before']:.2f} -> {action['weight_after']:.2f}{children})"
        )


def _skills(described: Story) -> str:
    difficulty = f", difficulty {described['difficulty']}" if "difficulty" in described else ""
    generation = f", generation {described['generation']}" if described.get("generation") else ""
    return f"{', '.join(described['skill_ids'])}{difficulty}{generation}"


def _indented(described: Story, margin: str = "  ") -> Iterator[str]:
    if "question" not in described:
        yield f"{margin}{described['title']}"
        return
    yield f"{margin}{described['question']}"
    for line in described["solution"].splitlines():
        yield f"{margin}  {line}"
    yield f"{margin}Answer: {described['answer']}"


def _judged(verdict: Story) -> str:
    reason = f" ({verdict['reason']})" if verdict["reason"] else ""
    return f"{verdict['verdict']} by {verdict['method']}{reason}"
