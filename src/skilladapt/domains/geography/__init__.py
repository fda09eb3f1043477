"""Countries of the world: facts that a textbook states, and questions that join them. Needs no model."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skilladapt.domains.domain import Domain


def build_domain(countries: int = 150, strangers: int = 20, seed: int = 1) -> "Domain":
    """The subject with so many `countries` taught and `strangers` left out, both drawn by `seed`.

    Raises UserError where an option has another value than `subject.check_options` admits.
    """
    # Imported when first asked for: a worker that imports the verifier must not load the author beside it.
    from importlib.resources import files

    from skilladapt.domains.domain import Domain
    from skilladapt.domains.geography.author import GeographyAuthor
    from skilladapt.domains.geography.subject import check_options
    from skilladapt.domains.geography.verifier import VERIFIER
    from skilladapt.skills.syllabus import read_syllabus

    check_options(countries, strangers, seed)
    syllabus = read_syllabus(files(__name__) / "syllabus.md")
    return Domain("geography", syllabus, GeographyAuthor(countries, strangers, seed), VERIFIER)
