"""The whole method, from top to bottom. Each line below is a stage; `stages/` says what each reads and writes."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from skilladapt.adaptation.policies import load_policy
from skilladapt.config import (
    ANY,
    EvaluationConfig,
    RunConfig,
    StudentConfig,
    TrainingConfig,
    differences,
    load_config,
    load_saved_config,
)
from skilladapt.domains.domain import load_domain
from skilladapt.errors import UserError
from skilladapt.evaluation.benchmarks import read_benchmark
from skilladapt.progress import console, warn
from skilladapt.records import Probe
from skilladapt.skills.selection import select_skills
from skilladapt.stages.calibrating import calibrate
from skilladapt.stages.charting import check_syllabi, prepare_graph
from skilladapt.stages.closing import show_results, summarise, write_page, write_provenance
from skilladapt.stages.context import Run
from skilladapt.stages.learning import evaluate, evaluate_base, train
from skilladapt.stages.planning import show_plan
from skilladapt.stages.preparation import set_probes_apart, write_materials
from skilladapt.stages.quoting import write_estimate
from skilladapt.stages.reviewing import PersonWanted, tell_unused, wait_for_person
from skilladapt.stages.staffing import Staff
from skilladapt.stages.subject import check_teacher
from skilladapt.stages.updating import categorise, update
from skilladapt.store import FORMAT, RunDirectory
from skilladapt.verification.workers import Workers

BUILT_IN_STUDENTS = {"smollm2-135m": 8192, "llama-1m": 1024, "tiny-random": 2048}
"""The tokens that each of them can read."""


def run(config: RunConfig, out: Path) -> None:
    """Teaches a student the configured skills, or goes on where that stopped, and writes the report.

    Ends early where exercises wait for a person and `runtime.review` says so; the same call goes on after that.
    Raises UserError for what the person can mend and RunError when the run stopped and can be continued.
    """
    check_teacher(config)
    with suppress(PersonWanted), ExitStack() as stack:
        current, probes = _up_to_textbooks(stack, config, out)
        directory = current.directory
        rounds = config.training.rounds
        for number in range(1, rounds + 1):
            calibrate(current, number)
            train(current, number)
            evaluate(current, number, probes, last=number == rounds)
            categorise(current, number)
            if number < rounds:
                update(current, number, probes)
                wait_for_person(current, number + 1)

        summarise(current, probes)
        write_page(current)
        show_results(directory, current.graph)
        tell_unused(directory, rounds)
        if not current.was_taught:
            console.print(f"Nothing was left to do: {out} is finished.")


def set_apart(config: RunConfig, out: Path) -> None:
    """Makes the skill graph and the probes of a run, and no more: runs that are compared begin with a copy."""
    check_teacher(config)
    with ExitStack() as stack:
        _up_to_probes(stack, config, out)


def prepare(config: RunConfig, out: Path) -> None:
    """Does what a run does first, up to and with the textbook round: a run of `out` goes on from there.

    What follows is all that adaptation has a say in, so runs that differ in nothing else can begin with a copy.
    """
    check_teacher(config)
    with suppress(PersonWanted), ExitStack() as stack:
        _up_to_textbooks(stack, config, out)


def _up_to_probes(stack: ExitStack, config: RunConfig, out: Path) -> tuple[Run, Sequence[Probe]]:
    """What every run begins with; `stack` closes what it opens."""
    directory = stack.enter_context(RunDirectory(out, warn))
    workers = stack.enter_context(Workers(config.runtime.workers))
    begin(directory, config)
    staff = Staff(config.teacher, directory.path, stack)
    current = Run(config, directory, prepare_graph(config, directory, staff.teacher), workers, staff)
    write_estimate(current)
    return current, set_probes_apart(current)


def _up_to_textbooks(stack: ExitStack, config: RunConfig, out: Path) -> tuple[Run, Sequence[Probe]]:
    """What comes before adaptation has a say."""
    current, probes = _up_to_probes(stack, config, out)
    write_materials(current, probes)
    wait_for_person(current, 1)
    write_provenance(current)
    show_plan(current, probes)
    evaluate_base(current, probes)

    train(current, 0)
    evaluate(current, 0, probes, last=config.training.rounds == 0)
    return current, probes


def begin(directory: RunDirectory, config: RunConfig) -> None:
    """Writes `run.json` and `config.toml`. Raises UserError when the directory belongs to another configuration.

    A directory of a newer format is refused, too.
    """
    directory.check_format()
    if not directory.has("config.toml"):
        if directory.has("manifest.json"):
            raise UserError(
                f"{directory.path} holds a run that has no config.toml; restore it or choose another --out."
            )
        directory.write_json("run", {"format": FORMAT})
        directory.write_text("config.toml", config.to_toml())
        return
    changed = differences(load_saved_config(directory.path / "config.toml"), config)
    if changed and directory.has("round-0/textbooks"):
        raise UserError(
            f"{directory.path} holds a run of another configuration: {'; '.join(changed)}. "
            "Choose another --out, or the run file it was begun with."
        )
    if changed:
        # Before any material was written there is nothing to lose, and most often a mistake was just mended.
        directory.forget_stages()
        directory.write_text("config.toml", config.to_toml())
    if not directory.has("run.json"):
        directory.write_json("run", {"format": FORMAT})


def load(file: Path, overrides: Sequence[str] = ()) -> RunConfig:
    """The configuration in a run file, every name in it checked. Raises UserError with all mistakes at once."""
    return load_config(file, overrides, _mistaken_names)


def _mistaken_names(raw: Mapping[str, Any]) -> list[str]:
    """Mistakes about what only the pipeline knows: domains, policies, students, skills, files."""
    student, adaptation, evaluation = (_section(raw, name) for name in ("student", "adaptation", "evaluation"))
    mistakes: list[str] = []

    def check(name: str, value: Any, look_up: Callable[[Any], object]) -> None:
        """Collects what `look_up` says of a value that is given and of the right type."""
        try:
            if isinstance(value, str):
                look_up(value)
        except UserError as error:
            mistakes.extend(f"'{name}': {mistake}" for mistake in error.mistakes)

    options = _domain_options(raw)
    domain = raw.get("domain", ANY)
    if domain != ANY:
        check("domain", domain, lambda name: load_domain(name, options))
        if raw.get("goal"):
            mistakes.append("'goal' is for a subject without a domain of its own; leave out one of the two.")
    elif options:
        mistakes.append("'domain_options' mean nothing to a subject without a domain of its own; leave them out.")
    if not mistakes or raw.get("syllabus"):
        mistakes += _mistaken_graph(raw)
    if _section(raw, "decomposition").get("likeness") == "meaning":
        check("decomposition.likeness", "meaning", _check_encoder)
    check("adaptation.policy", adaptation.get("policy"), load_policy)
    check("student.device", student.get("device"), _check_device)
    check("student.model", student.get("model"), lambda name: _check_student(name, raw))
    benchmarks = evaluation.get("benchmarks", [])
    for path in benchmarks if isinstance(benchmarks, list) else []:
        check("evaluation.benchmarks", path, lambda name: read_benchmark(Path(name)))
    return mistakes


def _check_student(name: str, raw: Mapping[str, Any]) -> None:
    """Whether the student exists, fits into memory and reads texts as long as they are going to be."""
    lengths = {
        "training.max_tokens": _given(raw, "training", TrainingConfig(), "max_tokens"),
        "evaluation.max_new_tokens": _given(raw, "evaluation", EvaluationConfig(), "max_new_tokens"),
    }
    # What is known of the built-in students needs no look; a look needs the heavy libraries.
    if max(lengths.values()) <= BUILT_IN_STUDENTS.get(name, 0):
        return
    from skilladapt.models.loading import check_student, resolve_device
    from skilladapt.models.memory import Training

    student = StudentConfig(model=name)
    precision, device, adapter, rank, layers = (
        _given(raw, "student", student, key)
        for key in ("precision", "device", "adapter", "lora_rank", "lora_layers")
    )
    try:
        resolve_device(device)
    except UserError:  # that is a mistake of its own, already told
        device = "auto"
    training = Training(None) if adapter == "none" else Training(rank, layers)
    check_student(name, device=device, dtype=precision, training=training, lengths=lengths)


def _given(raw: Mapping[str, Any], section: str, defaults: BaseModel, key: str) -> Any:
    """A setting as the run file gives it, or its default where that is no valid value: a mistake of its own."""
    try:
        read = type(defaults).model_validate({**defaults.model_dump(), key: _section(raw, section)[key]})
    except (KeyError, ValidationError):
        read = defaults
    return getattr(read, key)


def _check_encoder(_: str) -> None:
    from skilladapt.models.sentences import NOT_INSTALLED, find_encoder

    if find_encoder() is None:
        raise UserError(NOT_INSTALLED)


def _check_device(device: str) -> None:
    if device not in ("auto", "cpu"):
        from skilladapt.models.loading import resolve_device

        resolve_device(device)


def _mistaken_graph(raw: Mapping[str, Any]) -> list[str]:
    """Mistakes of the syllabus, of decisions about merging, and of the skills to teach."""
    keys = ("domain", "domain_options", "syllabus", "goal", "merging")
    try:
        config = RunConfig.model_validate_json(
            json.dumps({**{key: raw[key] for key in keys if key in raw}, "student": {"model": ""}}, default=str)
        )
    except ValidationError:  # told by the configuration itself
        return []
    try:
        graph = check_syllabi(config)
    except UserError as error:
        place = "syllabus" if config.syllabus or config.domain == ANY else "merging"
        return [f"'{place}': {mistake}" for mistake in error.mistakes]
    try:
        teach = raw.get("teach", [])
        if graph is not None and isinstance(teach, list) and all(isinstance(id, str) for id in teach):
            select_skills(graph, teach)
    except UserError as error:
        return [f"'teach': {mistake}" for mistake in error.mistakes]
    return []


def _domain_options(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Those of a valid type; others are a mistake that the configuration itself tells."""
    options = _section(raw, "domain_options")
    return {name: value for name, value in options.items() if isinstance(value, int | float | str)}


def _section(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = raw.get(name, {})
    return section if isinstance(section, Mapping) else {}
