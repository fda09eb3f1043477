"""A run waits for a person where it was asked to, and says what a person decided too late."""

from skilladapt.decisions import read_decisions
from skilladapt.progress import console, warn
from skilladapt.review.items import waiting
from skilladapt.stages.context import Run
from skilladapt.stages.deciding import has_begun, unused
from skilladapt.store import RunDirectory


class PersonWanted(Exception):
    """The run stops here until a person has decided; no failure."""


def wait_for_person(run: Run, number: int) -> None:
    """Raises PersonWanted where something waits before round `number` that the run is to wait for."""
    wanted, directory = run.config.runtime.review, run.directory
    if wanted == "never" or (wanted == "first" and number > 1) or has_begun(directory, number):
        return
    items = [one for one in waiting(directory, read_decisions(directory.path, warn)) if one.may_be_accepted]
    if items:
        console.print(
            f"{len(items)} exercises wait for a person before round {number}: skilladapt review {directory.path}\n"
            "Then the same command goes on; with --set runtime.review=never it goes on at once.",
            soft_wrap=True,
        )
        raise PersonWanted


def tell_unused(directory: RunDirectory, rounds: int) -> None:
    """Says which decisions came after the last round had begun."""
    if late := unused(directory, rounds):
        console.print(
            f"{len(late)} decisions came after the last round had begun and are not used in this run. {TOO_LATE}",
            soft_wrap=True,
        )


TOO_LATE = (
    "Another run can use them: copy decisions.jsonl, and teacher.sqlite where there is one, into an empty folder "
    "and name that as --out."
)
