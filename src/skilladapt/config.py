"""The configuration of a run, read from TOML.

All mistakes are reported at once; unknown keys are refused with the nearest valid name. The resolved
configuration, defaults included, is saved with the run: any number that affects a result stands in it. Names of
domains, policies and models are checked by the pipeline, which adds its mistakes to the same list.
"""

import difflib
import json
import reprlib
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import tomli_w
from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticCustomError

from skilladapt.errors import UserError
from skilladapt.subject_config import (
    Count,
    DecompositionConfig,
    MaterialsConfig,
    MergingConfig,
    Positive,
    Section,
    Share,
    VerificationConfig,
)
from skilladapt.teacher_config import TEACHER_RUNTIME, TeacherConfig, teacher_contradictions

ANY = "any"
"""The domain of subjects that have none of their own."""
Seed = Annotated[int, Field(ge=0, lt=2**32)]
"""More is refused by the generators."""


def _option(value: Any, validate: ValidatorFunctionWrapHandler) -> Any:
    try:
        return validate(value)
    except ValidationError:  # one for each of the types
        raise PydanticCustomError("option", "Input should be a number, a text, true or false") from None


Option = Annotated[int | float | str | bool, WrapValidator(_option)]


def _sources(value: Any, validate: ValidatorFunctionWrapHandler) -> Any:
    try:
        return validate(tuple(value) if isinstance(value, list) else value)
    except ValidationError:
        message = "Input should be a path or a name, or a list of them"
        raise PydanticCustomError("sources", message) from None


Sources = Annotated[str | Annotated[tuple[str, ...], Field(min_length=1)] | None, WrapValidator(_sources)]


class StudentConfig(Section):
    """The model that is taught."""

    model: str
    """`smollm2-135m`, `llama-1m` (from scratch), `tiny-random`, a local path, or a hub name."""
    device: str = "auto"
    """`auto`, `cpu`, `cuda`, `cuda:0`, `mps`."""
    precision: Literal["float32", "bfloat16", "float16"] = "float32"
    """Number format of the weights. bfloat16 is very slow on many processors without a GPU."""
    adapter: Literal["lora", "none"] = "lora"
    """`lora` trains small adapters beside frozen weights; `none` trains all weights."""
    lora_rank: Positive = 16
    lora_layers: Positive | None = None
    """Adapt only this many top layers; absent: all. Nothing is computed backwards below them."""


class TrainingConfig(Section):
    """How the student is trained."""

    rounds: Count = 2
    """Instruction rounds, after the textbook round `round-0`; 0 teaches from textbooks alone."""
    passes: Positive = 3
    """Passes over the data in an instruction round (`E`)."""
    textbook_passes: Positive = 1
    batch_size: Positive = 8
    """Examples in one optimizer step."""
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 5e-4
    """Peak; a function of the tokens trained so far over the whole token budget."""
    warmup_share: Share = 0.05
    """Share of the token budget over which the learning rate rises."""
    order: Literal["graph", "reverse", "random", "cumulative"] = "random"
    """`graph` is the paper's; sorted so, or in `reverse`, a student forgets the beginning of a pass by its end.
    `cumulative` admits levels one after another and shuffles all that has been admitted."""
    round_tokens: Positive | None = None
    """Tokens of one pass of an instruction round; absent: as many as the first round's examples have."""
    total_tokens: Positive | None = None
    """All tokens that are trained on, textbooks and calibration included; rounds then have equal shares of what is
    left, in more passes while there is little data. Absent: what textbooks, rounds and passes come to."""
    max_tokens: Positive = 1024
    """Longest sequence trained; a longer example is rejected with that reason, never cut."""
    packing: bool = True
    """Short examples of a step share a row, apart from one another; otherwise rows are filled up with padding."""
    micro_batch_tokens: Positive | None = None
    """Most tokens that go through the model at once; absent: 512 on a processor, 8,192 on a GPU."""
    activation_checkpointing: bool = False
    """Compute activations again in the backward pass and keep none: less memory, a third more time."""


class AdaptationConfig(Section):
    """How the data is updated between rounds."""

    policy: str = "calibrated"
    """`none`, `paper`, `calibrated`, or `module:object`."""
    calibration_examples: Positive = 80
    """Exercises in the calibration sample, planted errors included."""
    calibration_passes: Positive | None = None
    """Passes over the calibration sample; absent: as many as a round has."""
    planted_share: Annotated[float, Field(gt=0, lt=1)] = 0.25
    """Share of the calibration sample that is planted errors."""
    new_per_update: Count = 24
    """Most exercises written in one update. With fewer than four for each skill it is seen late, or never, what is
    mastered: little is composed then, or made lighter."""
    replay_share: Share = 0.1
    """Share of a round's tokens kept for examples that would be left out otherwise."""


class EvaluationConfig(Section):
    """What is asked of the student before, between and after the rounds."""

    probes_per_skill: Positive = 8
    """Pairs of a held-out probe and its perturbed twin for each skill."""
    split: Literal["dev", "test"] = "test"
    """`dev` while settings are being chosen, `test` for results."""
    few_shot: Count = 4
    """Examples of the answer format in the prompt of the format control; 0 leaves that control out."""
    max_new_tokens: Positive = 48
    batch_size: Positive = 32
    forgetting: bool = True
    """Ask the panel of general questions before and after."""
    benchmarks: tuple[str, ...] = ()
    """JSON-lines files asked before and after."""


class RuntimeConfig(Section):
    """What may change when a run is continued: nothing here affects a result.

    A person's decisions do, whenever they are made; `review` only says whether the run waits for them.
    """

    workers: Annotated[int, Field(ge=1, le=128)] = 2
    """Processes that verify."""
    checkpoint_every_s: Annotated[float, Field(ge=0)] = 60.0
    """Seconds of training that an interruption may cost; 0 writes a checkpoint after every step."""
    review: Literal["never", "first", "always"] = "never"
    """Stop where exercises wait for a person: after the first materials, or between rounds, too."""


class RunConfig(Section):
    """One run."""

    domain: str = ANY
    """A built-in domain or `module:object`: its syllabus, author and verifier. `any`: what `syllabus` lists, with
    materials that the teacher writes, and judges by solving them independently."""
    domain_options: dict[str, Option] = {}
    """What the domain itself can be told; it says which names it knows."""
    title: str = ""
    syllabus: Sources = None
    """A file, the name of a syllabus that comes with the package (`openstax/us-history`), or a list of these, all
    merged; or the `graph.json` of one graph, used as it is. Absent: the domain's own."""
    goal: str = ""
    """What is to be learned, in words: the teacher breaks it into skills, which join those that `syllabus` lists.
    A `graph.json` there is used as it is."""
    decomposition: DecompositionConfig = DecompositionConfig()
    merging: MergingConfig = MergingConfig()
    teach: tuple[str, ...] = ()
    """Ids of the skills to teach; empty: every skill of the graph."""
    seed: Seed = 0
    student: StudentConfig
    teacher: TeacherConfig | None = None
    materials: MaterialsConfig = MaterialsConfig()
    verification: VerificationConfig = VerificationConfig()
    training: TrainingConfig = TrainingConfig()
    adaptation: AdaptationConfig = AdaptationConfig()
    evaluation: EvaluationConfig = EvaluationConfig()
    runtime: RuntimeConfig = RuntimeConfig()

    @property
    def writing_teacher(self) -> TeacherConfig | None:
        """The teacher that writes and judges the materials; None where the domain does so itself."""
        return self.teacher if self.domain == ANY else None

    def to_toml(self) -> str:
        """The resolved configuration as TOML; absent values are left out, which means the same."""
        return tomli_w.dumps(self.model_dump(mode="json", exclude_none=True))


NameCheck = Callable[[Mapping[str, Any]], Sequence[str]]

TOO_DEEP = "values are nested too deeply; a run file has sections, keys and lists, nothing deeper."


def load_config(path: Path, overrides: Sequence[str] = (), check_names: NameCheck | None = None) -> RunConfig:
    """The configuration in a TOML file with `section.key=value` overrides applied.

    `check_names` gets the raw values and returns mistakes about names that only the pipeline knows. Raises
    UserError with every mistake found.
    """
    raw = _read(path)
    raw.pop("arms", None)  # what a comparison changes is no part of any one run
    mistakes = list(_apply(raw, overrides))
    try:
        config = RunConfig.model_validate_json(_as_json(raw))
    except RecursionError:
        mistakes.append(TOO_DEEP)
    except ValidationError as error:
        mistakes += [_message(row["loc"], row["type"], row["msg"], row["input"]) for row in error.errors()]
    mistakes += _contradictions(raw)
    if check_names is not None:
        mistakes += check_names(raw)
    if mistakes:
        raise UserError(*(f"{path}: {mistake}" for mistake in mistakes))
    return config


def load_saved_config(path: Path) -> RunConfig:
    """The configuration that a run saved. Raises UserError when it is damaged, with what can be done."""
    try:
        return load_config(path)
    except UserError as error:
        remedy = f"{path} is the saved configuration of a run; restore it, or choose another directory."
        raise UserError(*error.mistakes, remedy) from error


def differences(old: RunConfig, new: RunConfig) -> list[str]:
    """Readable differences that forbid continuing `old` as `new`.

    The `[runtime]` section may differ, and so may what the teacher is reached by and may cost.
    """
    excluded: Any = {"runtime": True, "teacher": TEACHER_RUNTIME}
    before, after = (dict(_leaves(config.model_dump(mode="json", exclude=excluded))) for config in (old, new))
    return [
        f"{name} was {before.get(name)!r} and is now {after.get(name)!r}"
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise UserError(f"There is no run file {path}; check the path.") from None
    except OSError as error:
        raise UserError(f"The run file {path} cannot be read: {error.strerror}; make it readable.") from error
    except UnicodeDecodeError as error:
        raise UserError(f"The run file {path} is not UTF-8 text; save it as UTF-8.") from error
    except RecursionError:
        raise UserError(f"The run file {path}: {TOO_DEEP}") from None
    except ValueError as error:  # of numbers without end, too
        raise UserError(f"The run file {path} is not valid TOML: {error}; mend that.") from error


def _as_json(raw: Mapping[str, Any]) -> str:
    # Through JSON, because there a list may become a tuple while every other type stays strict. No key takes a
    # date; one written as a text would pass for a text.
    return json.dumps(raw, default=lambda date: {"date": str(date)})


def _apply(raw: dict[str, Any], overrides: Sequence[str]) -> Iterator[str]:
    for override in overrides:
        if any("\ud800" <= character <= "\udfff" for character in override):
            yield f"--set {override!r} is not UTF-8 text."
            continue
        name, equals, text = override.partition("=")
        *sections, key = name.strip().split(".")
        if not equals or not key:
            yield f"--set {override!r} is not of the form section.key=value."
            continue
        value = read_value(text)
        table: Any = raw
        for section in sections:
            table = table.setdefault(section, {}) if isinstance(table, dict) else None
        if isinstance(table, dict):
            table[key] = value
        else:
            yield f"--set {override!r} names a value inside something that is not a section."


def read_value(text: str) -> Any:
    """What `text` means in TOML; a bare word, and whatever else is no value there, is meant as a string."""
    try:
        read = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return read["value"] if len(read) == 1 else text


_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 80


def _message(location: tuple[int | str, ...], kind: str, text: str, value: Any) -> str:
    name = ".".join(str(part) for part in location)
    if kind == "extra_forbidden":
        known = _keys_at(location[:-1])
        nearest = difflib.get_close_matches(str(location[-1]).lower(), known, n=1, cutoff=0.5)
        hint = f"did you mean '{nearest[0]}'?" if nearest else f"known here: {', '.join(known)}."
        return f"unknown key '{name}'; {hint}"
    if kind == "missing":
        return f"'{name}' is missing; it is required."
    if kind == "json_invalid":  # what is left after TOML was read: depth
        return TOO_DEEP
    return f"'{name}' is {_SHORT.repr(value)}; {text[0].lower()}{text[1:]}."


def _keys_at(location: tuple[int | str, ...]) -> list[str]:
    model: Any = RunConfig
    for part in location:
        field = model.model_fields.get(part)
        if field is None:
            return []
        options = get_args(field.annotation)  # of a section that may be absent
        model = options[0] if options else field.annotation
    return list(model.model_fields)


def _contradictions(raw: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(raw.get("teacher"), Mapping):
        yield from teacher_contradictions(raw["teacher"])
    training, adaptation = raw.get("training", {}), raw.get("adaptation", {})
    if not isinstance(training, Mapping) or not isinstance(adaptation, Mapping):
        return
    adapts = adaptation.get("policy", "calibrated") != "none"
    if adapts and training.get("passes") == 1:
        yield (
            "'training.passes' is 1 while adaptation is on; deviations over passes need at least 2. "
            'Raise it or set adaptation.policy to "none".'
        )
    if training.get("round_tokens") is not None and training.get("total_tokens") is not None:
        yield "'training.round_tokens' and 'training.total_tokens' are both given; keep one of them."
    if adapts and adaptation.get("calibration_passes") == 1:
        yield "'adaptation.calibration_passes' is 1; deviations over passes need at least 2."


def _leaves(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
