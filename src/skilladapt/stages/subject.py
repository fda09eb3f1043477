"""The subject of a run: a domain of its own, or any subject at all, in the hands of a teacher."""

from skilladapt.config import ANY, RunConfig
from skilladapt.domains.domain import Domain, load_domain
from skilladapt.errors import UserError
from skilladapt.materials.teacher_author import AuthorSettings, TeacherAuthor
from skilladapt.skills.graph import SkillGraph
from skilladapt.stages.staffing import Staff, sampling_of, teacher_mistakes
from skilladapt.verification.agreement import AgreementVerifier

LONGEST_SOLUTION = 700
"""Tokens of an independent solution; whoever needs more has lost the thread."""


def open_domain(config: RunConfig, graph: SkillGraph, staff: Staff | None = None) -> Domain:
    """The domain of a run.

    Raises UserError where the teacher of a subject without a domain of its own cannot be asked.
    """
    if config.domain != ANY:
        return load_domain(config.domain, config.domain_options)
    assert config.teacher is not None and staff is not None, "a run checks its teacher before it begins"
    teacher = staff.teacher()
    sampling, materials, verification = sampling_of(config.teacher), config.materials, config.verification
    settings = AuthorSettings(materials.forms, materials.language, materials.attempts, sampling)
    short = sampling.model_copy(update={"max_tokens": min(sampling.max_tokens, LONGEST_SOLUTION)})
    verifier = AgreementVerifier(teacher, verification.solutions, verification.threshold, short)
    return Domain(ANY, None, TeacherAuthor(teacher, graph, settings), verifier)


def check_teacher(config: RunConfig) -> None:
    """Raises UserError with everything that is known to be wrong with the teacher a run needs, if it needs one."""
    if config.domain != ANY:
        return
    if config.teacher is None:
        raise UserError(
            "'teacher' is missing; a subject without a domain of its own needs somebody who writes its materials. "
            'Add a [teacher] section, such as kind = "endpoint" with base_urls and model.'
        )
    if mistakes := teacher_mistakes(config.teacher):
        raise UserError(*mistakes)
