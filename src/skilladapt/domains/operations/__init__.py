"""Arithmetic with newly invented operations, which no model has ever seen. Needs no model; made up from a seed."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skilladapt.domains.domain import Domain


def build_domain(operations: int = 60, seed: int = 0) -> "Domain":
    """The subject with so many `operations` (2 to 10,000), invented from `seed` (any whole number).

    Raises UserError where an option has another value.
    """
    # Imported when first asked for: a worker that imports the verifier must not load the author beside it.
    from skilladapt.domains.domain import Domain
    from skilladapt.domains.operations.author import OperationsAuthor
    from skilladapt.domains.operations.definitions import check_options
    from skilladapt.domains.operations.syllabus import invent_syllabus
    from skilladapt.domains.operations.verifier import OperationsVerifier

    check_options(operations, seed)
    author, verifier = OperationsAuthor(operations, seed), OperationsVerifier(operations, seed)
    return Domain("operations", invent_syllabus(operations, seed), author, verifier)
