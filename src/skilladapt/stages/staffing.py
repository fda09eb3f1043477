"""The teacher that a run file asks for, ready to be asked, with its archive and its caps."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import cast

from pydantic import SecretStr

from skilladapt.errors import UserError
from skilladapt.progress import progress
from skilladapt.teacher_config import TeacherConfig
from skilladapt.teachers.archive import Archive
from skilladapt.teachers.cached import Cached
from skilladapt.teachers.endpoint import Endpoint, Terms
from skilladapt.teachers.ledger import Caps, Prices
from skilladapt.teachers.scripted import Script, Scripted
from skilladapt.teachers.secret import key_mistake
from skilladapt.teachers.tally import Tally
from skilladapt.teachers.teacher import Outcome, Request, Sampling, Teacher

ARCHIVE = "teacher.sqlite"
"""In a run directory: all replies ever paid for, and what they cost."""


@contextmanager
def build_teacher(config: TeacherConfig, cache: Path | Archive, tally: Tally | None = None) -> Iterator[Cached]:
    """The configured teacher, cached in an archive that is open, or in the file at a path.

    The file is made if missing, and locked inside the `with`. Raises UserError with every mistake that only shows
    here: a key, a script or a model that is not there.
    """
    if mistakes := teacher_mistakes(config):
        raise UserError(*mistakes)
    tally = tally or Tally()
    with ExitStack() as stack:
        archive = stack.enter_context(Archive(cache)) if isinstance(cache, Path) else cache
        if config.kind == "endpoint":
            endpoint = stack.enter_context(_endpoint(config, archive, tally))
            yield Cached(endpoint, archive, tally=tally)
        else:
            yield Cached(_local(config) if config.kind == "local" else _scripted(config), archive, tally=tally)


def teacher_mistakes(config: TeacherConfig) -> list[str]:
    """What is wrong with a configuration besides what its own words show; asks nobody and loads no weights."""
    mistakes: list[str] = []
    if config.key_env is not None:
        key = os.environ.get(config.key_env)
        if key is None:
            mistakes.append(
                f"'teacher.key_env': there is no environment variable {config.key_env}; "
                "export the key under that name, or leave teacher.key_env out if the service needs none."
            )
        elif found := key_mistake(key):
            mistakes.append(
                f"'teacher.key_env': what {config.key_env} holds {found}; "
                "export the key, or leave teacher.key_env out if the service needs none."
            )
    try:
        if config.kind == "scripted":
            _script(config.script or "")
        elif config.kind == "local":
            from skilladapt.models.loading import check_student

            check_student(config.model, device=config.device, dtype=config.precision)
    except UserError as error:
        mistakes += [f"'teacher': {mistake}" for mistake in error.mistakes]
    return mistakes


def sampling_of(config: TeacherConfig) -> Sampling:
    """How the configured teacher is to draw its replies."""
    return Sampling(temperature=config.temperature, top_p=config.top_p, max_tokens=config.max_tokens)


class Staff:
    """Whom a run may ask: its teacher, called in when first needed and dismissed with `stack`."""

    def __init__(self, config: TeacherConfig | None, directory: Path, stack: ExitStack) -> None:
        self._config = config
        self._directory = directory
        self._stack = stack
        self._archive: Archive | None = None
        self._teacher: Showing | None = None

    def archive(self) -> Archive:
        """All replies ever paid for; no other process can open it until the run is over."""
        if self._archive is None:
            self._archive = self._stack.enter_context(Archive(self._directory / ARCHIVE))
        return self._archive

    def teacher(self) -> "Showing":
        """The one teacher of all stages; two would be in each other's way at the archive."""
        if self._teacher is None:
            assert self._config is not None, "a run checks its teacher before it begins"
            self._teacher = Showing(self._stack.enter_context(build_teacher(self._config, self.archive())))
        return self._teacher


class Showing:
    """A teacher, with a bar or lines of progress while it is asked."""

    def __init__(self, teacher: Teacher) -> None:
        self._teacher = teacher

    @property
    def name(self) -> str:
        """The teacher's."""
        return self._teacher.name

    def ask(self, requests: Sequence[Request]) -> Iterator[tuple[int, Outcome]]:
        """As `Teacher.ask`; what is asked for names the bar."""
        if not requests:
            return
        title = f"asking the teacher: {', '.join(dict.fromkeys(one.purpose for one in requests))}"
        with progress(title, len(requests), "requests") as advance:
            for found in self._teacher.ask(requests):
                advance()
                yield found


def _endpoint(config: TeacherConfig, archive: Archive, tally: Tally) -> Endpoint:
    prices = Prices(config.usd_per_million_prompt_tokens, config.usd_per_million_completion_tokens)
    return Endpoint(
        config.base_urls,
        config.model,
        archive,
        key=None if config.key_env is None else SecretStr(os.environ[config.key_env]),
        key_name=config.key_env or "",
        terms=Terms(
            prices=prices,
            caps=Caps(config.cap_usd, config.cap_tokens, config.cap_calls),
            concurrency=config.concurrency,
            timeout_s=config.timeout_s,
        ),
        tally=tally,
    )


def _local(config: TeacherConfig) -> Teacher:
    from skilladapt.teachers.local import load_local  # the heavy libraries, only where they are needed

    return load_local(config.model, device=config.device, precision=config.precision, batch_size=config.batch_size)


def _scripted(config: TeacherConfig) -> Teacher:
    assert config.script is not None
    return Scripted(_script(config.script), name=config.script)


def _script(name: str) -> Script:
    module, colon, attribute = name.partition(":")
    try:
        found = getattr(import_module(module), attribute)
    except Exception as error:  # a module of a person's own may raise anything
        raise UserError(
            f"The script '{name}' cannot be loaded ({type(error).__name__}: {error}); name an importable module "
            "and an object in it, as module:object."
        ) from error
    if not callable(found) and not isinstance(found, Mapping):
        raise UserError(
            f"The script '{name}' is a {type(found).__name__}; it must be a mapping from prompts to replies or a "
            "function from a request to a reply."
        )
    return cast(Script, found)
