"""A person is shown what waits, one exercise after another, and says what becomes of it.

Works the same with answers from a file: one line for each question. Every decision is kept before the next is
asked for, so nothing is lost when this ends, however it ends.
"""

import io
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from skilladapt.config import load_saved_config
from skilladapt.decisions import Decision, Edited, add_decision, read_decisions
from skilladapt.errors import UserError
from skilladapt.progress import console, warn
from skilladapt.review.checks import FormalFault, formal_checks
from skilladapt.review.editing import edit_text
from skilladapt.review.form import form_of, read_form
from skilladapt.review.items import Item, unusable, waiting
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.visible import visible_line, visible_text
from skilladapt.stages.deciding import has_begun, unused
from skilladapt.stages.reviewing import TOO_LATE
from skilladapt.store import RunDirectory

CHOICES = {"a": "accept", "e": "edit", "r": "reject", "s": "skip"}
DONE = {"accept": "accepted", "edit": "edited", "reject": "rejected", "skip": "skipped"}
HELP = "a accept, e edit, r reject, s skip for good, q quit; words after the letter are kept as a note"
MOST_SHOWN = 4_000
"""Characters of a question or a solution."""


def review(path: Path, *, everything: bool, as_json: bool) -> None:
    """Asks about all that waits in a run, or prints it as JSON. Raises UserError where nothing can be reviewed."""
    directory = RunDirectory.existing(path)
    if not directory.has("round-1/exercises"):
        raise UserError(f"{path} has no exercises yet; run the method until its first materials are written.")
    decisions = read_decisions(path, warn)
    found = waiting(directory, decisions)
    items = [one for one in found if everything or one.may_be_accepted]
    graph = SkillGraph.from_json(directory.read_text("graph.json"))
    rounds = load_saved_config(path / "config.toml").training.rounds
    following = next((number for number in range(1, rounds + 1) if not has_begun(directory, number)), None)
    if as_json:
        state = {
            "waiting": [one.told() for one in items],
            "used_in_round": following,
            "too_late": [one.exercise_id for one in unused(directory, rounds)],
            "unusable_replies": dict(unusable(directory)),
        }
        print(json.dumps(state, allow_nan=False).replace("\x7f", "\\u007f"))
        return
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # a stray byte in an answer ends nothing
    for line in _introduction(directory, items, len(found) - len(items), following, rounds):
        console.print(line, soft_wrap=True)
    if items:
        made = _Dialogue(directory, graph).ask_all(items)
        counts = Counter(made)
        told = ", ".join(f"{counts[kind]} {DONE[kind]}" for kind in DONE if counts[kind]) or "nothing decided"
        console.print(f"{told}; {len(items) - len(made)} still wait")
        if made and following:
            console.print("The command that began the run goes on with these decisions.")


def _introduction(
    directory: RunDirectory, items: Sequence[Item], others: int, following: int | None, rounds: int
) -> Iterator[str]:
    doubted = sum(bool(one.doubt) for one in items)
    yield (
        f"{len(items)} exercises wait for a person: {len(items) - doubted} rejected, {doubted} in quarantine."
        if items
        else "Nothing waits for a person."
    )
    if others:
        yield f"{others} more were rejected for their form, such as repetitions; --all shows them, to be edited."
    for name, count in unusable(directory).items():
        yield f"{count} replies held no exercise at all: {name}"
    if following is None:
        yield f"The last round, {rounds}, has begun: decisions are kept, but this run cannot use them. {TOO_LATE}"
    elif items:
        yield f"Decisions are used in round {following} of {rounds}."
    if late := unused(directory, rounds):
        yield f"{len(late)} earlier decisions came too late for this run."


class _Dialogue:
    """Asks, and keeps what is answered."""

    def __init__(self, directory: RunDirectory, graph: SkillGraph) -> None:
        self._directory, self._graph = directory, graph
        self._fault: FormalFault | None = None

    def ask_all(self, items: Sequence[Item]) -> list[str]:
        """The decisions made; fewer than items where the person left."""
        console.print(HELP, soft_wrap=True)
        made: list[str] = []
        for place, item in enumerate(items, start=1):
            for line in self._shown(item, f"{place} of {len(items)}"):
                console.print(line, soft_wrap=True)
            decision = self._decided(item)
            if decision is None:
                break
            add_decision(self._directory.path, decision)
            made.append(decision.decision)
        return made

    def _decided(self, item: Item) -> Decision | None:
        """None where the person leaves."""
        text = form_of(item.exercise)
        while True:
            letter, _, note = (_answer() or "q").partition(" ")
            if letter == "q":
                return None
            choice, edited = CHOICES.get(letter), None
            if choice is None:
                console.print(f"'{visible_line(letter, 20)}' is no answer here. {HELP}", soft_wrap=True)
                continue
            if choice == "accept" and not item.may_be_accepted:
                console.print("This cannot be accepted as it is, since its form is at fault: edit or skip it.")
                continue
            if choice == "edit":
                text, edited = self._edited(item, text)
                if edited is None:
                    continue
            return Decision.model_validate(
                {
                    "exercise_id": item.exercise.exercise_id,
                    "decision": choice,
                    "note": note.strip(),
                    "edited": edited,
                }
            )

    def _edited(self, item: Item, text: str) -> tuple[str, Edited | None]:
        """What the person wrote, to go on from, and what it says where it can be used."""
        try:
            written = edit_text(text)
            if written == form_of(item.exercise):
                console.print("Nothing was changed.")
                return text, None
            text = written
            edited = read_form(written, item.exercise)
            self._fault = self._fault or formal_checks(self._directory, self._graph)
            if fault := self._fault(edited.version_of(item.exercise), item.exercise):
                raise UserError(f"It could not be used: {fault}.")
        except UserError as error:
            for mistake in error.mistakes:
                console.print(f"  {visible_line(mistake, 400)}", soft_wrap=True)
            console.print("  e goes on from what you wrote.")
            return text, None
        return text, edited

    def _shown(self, item: Item, place: str) -> Iterator[str]:
        exercise, verdict = item.exercise, item.verdict
        skills = "; ".join(self._title(id) for id in exercise.skill_ids)
        yield ""
        yield f"[{place}] e{exercise.exercise_id}, round {item.round}, difficulty {exercise.difficulty}: {skills}"
        if item.doubt:
            yield f"  in quarantine: {visible_line(item.doubt, 600)}"
            yield from (f"  checked: {visible_line(check, 600)}" for check in item.checks)
        reason = f": {visible_line(verdict.reason, 600)}" if verdict.reason else ""
        yield f"  {verdict.verdict} by {verdict.method}{reason}"
        yield from _indented(exercise.question, "    ")
        yield from _indented(exercise.solution, "      ")
        yield from _indented(f"Answer: {exercise.answer}", "    ")

    def _title(self, id: str) -> str:
        skill = self._graph.by_id.get(id)
        return visible_line(f"{skill.title} [{id}]" if skill else id)


def _indented(text: str, margin: str) -> Iterator[str]:
    return (f"{margin}{line}" for line in visible_text(text, MOST_SHOWN).split("\n"))


def _answer() -> str | None:
    """The next line; None at the end of the input."""
    console.print("> ", end="")
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not line.endswith("\n"):
        console.print()
    return line.strip() if line.strip() else ("?" if line else None)
