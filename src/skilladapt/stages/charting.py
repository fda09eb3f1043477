"""The skill graph of a run: from syllabi, from a domain's own, or from a goal that the teacher breaks up."""

from collections.abc import Callable

from skilladapt.config import ANY, RunConfig
from skilladapt.domains.domain import load_domain
from skilladapt.errors import RunError, UserError
from skilladapt.prompts.reading import Unusable
from skilladapt.skills.charting import Encode, Opinions, chart
from skilladapt.skills.decompose import Limits
from skilladapt.skills.graph import SkillGraph
from skilladapt.skills.merge import Decision
from skilladapt.skills.syllabus import Syllabus, graph_of, read_sources
from skilladapt.stages.staffing import sampling_of
from skilladapt.store import RunDirectory
from skilladapt.teachers.teacher import Teacher

ToAsk = Callable[[], Teacher]
"""Calls in the teacher, which may take a while and cost something: only where it is needed."""


def is_charted(config: RunConfig) -> bool:
    """Whether a teacher has to be asked for the skill graph."""
    return bool(config.goal) and not isinstance(_listed(config), SkillGraph)


def build_graph(config: RunConfig, teacher: ToAsk | None = None) -> SkillGraph:
    """The skill graph that a run file asks for; a goal is broken up by the `teacher`.

    Raises UserError naming every fault of the syllabi, and where a goal needs a teacher and there is none;
    RunError where the teacher makes nothing of the goal.
    """
    listed, decisions = _listed(config), _decisions(config)
    if isinstance(listed, SkillGraph):
        return listed
    if not config.goal:
        return graph_of(*listed, decisions=decisions)
    if teacher is None:
        raise UserError(
            f"the goal '{config.goal}' has to be broken up by the teacher first: build the graph with "
            "'skilladapt graph FILE --out DIR', and name the graph.json in DIR as the syllabus."
        )
    assert config.teacher is not None, "a run checks its teacher before it begins"
    wanted = config.decomposition
    try:
        return chart(
            config.goal,
            teacher(),
            listed,
            limits=Limits(depth=wanted.depth, skills=wanted.skills, parts=wanted.parts),
            opinions=Opinions(alike=wanted.alike, pairs=wanted.pairs, candidates=wanted.candidates),
            decisions=decisions,
            sampling=sampling_of(config.teacher),
            encode=_encoder() if wanted.likeness == "meaning" else None,
        )
    except Unusable as fault:
        raise RunError(
            f"The teacher could not break up the goal '{config.goal}': {fault}. Say it in other words, list its "
            "parts in a syllabus, or choose another teacher."
        ) from fault


def check_syllabi(config: RunConfig) -> SkillGraph | None:
    """The graph, as far as it can be known without asking a teacher; None where that is not known before.

    Raises UserError naming every fault of the syllabi.
    """
    return None if is_charted(config) else build_graph(config)


def prepare_graph(config: RunConfig, directory: RunDirectory, teacher: ToAsk | None = None) -> SkillGraph:
    """Writes `graph.json`, or reads the one that the run was begun with."""
    if not directory.is_done("graph"):
        graph = build_graph(config, teacher)
        with directory.stage("graph"):
            directory.write_text("graph.json", graph.to_json())
    return SkillGraph.from_json(directory.read_text("graph.json"))


def _encoder() -> Encode:
    from skilladapt.models.sentences import load_encoder  # the heavy libraries, only where they are needed

    return load_encoder()


def _listed(config: RunConfig) -> list[Syllabus] | SkillGraph:
    if config.syllabus:
        sources = [config.syllabus] if isinstance(config.syllabus, str) else config.syllabus
        return read_sources(sources, _decisions(config))
    own = None if config.domain == ANY else load_domain(config.domain, config.domain_options).syllabus
    if own is None and not config.goal:
        raise UserError(
            f"it is missing, and the domain '{config.domain}' has none of its own; name a file that lists the "
            "skills to teach, or say in 'goal' what is to be learned."
        )
    return [own] if own else []


def _decisions(config: RunConfig) -> list[Decision]:
    return [
        Decision(first=first, second=second, same=same, reason="by the run file")
        for pairs, same in ((config.merging.same, True), (config.merging.apart, False))
        for first, second in pairs
    ]
