"""Prompts: Markdown files beside this module, each with its purpose, filled in with what is asked about.

What is filled in is data: a title or a question may say anything, and stays text. What somebody else wrote stands
between marks that it cannot write itself (`fenced`), so that whoever reads the prompt can tell where it ends. A
prompt's hash goes into the provenance, so that a reply can be traced to the words that led to it.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from jinja2 import FunctionLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from skilladapt.records import content_hash
from skilladapt.teachers.teacher import Message

_FORM = re.compile(r"\A<!-- (?P<purpose>.+?) -->\n+# System\n(?P<system>.*)\n# User\n(?P<user>.*)\Z", re.DOTALL)
FORMS = ("forms/short", "forms/choice", "forms/explanation")
"""What a reply with exercises of each kind looks like; part of other prompts."""


def _text_of(name: str) -> str:
    return (files(__name__) / f"{name}.md").read_text(encoding="utf-8")


_ENVIRONMENT = ImmutableSandboxedEnvironment(
    loader=FunctionLoader(_text_of),
    undefined=StrictUndefined,  # a value forgotten is a defect of ours, not an empty place in a prompt
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,  # prompts are no pages
)


def fenced(text: str) -> str:
    """`text` between a line of `<` and one of `>`: at least three, and more than stand together in it anywhere."""
    plain = str(text).strip()  # where a value was forgotten, this says so
    longest = max((len(run) for run in re.findall(r"<+|>+", plain)), default=0)
    width = max(3, longest + 1)
    return f"{'<' * width}\n{plain}\n{'>' * width}"


_ENVIRONMENT.filters["fenced"] = fenced


class Prompt(NamedTuple):
    """One file: what it is for, and the two messages it becomes."""

    purpose: str
    system: str
    user: str

    @property
    def hash(self) -> str:
        """Of the words, those of the forms they may include too, whatever they are filled in with."""
        forms = [_text_of(form) for form in FORMS if "forms/" in self.user]
        return content_hash("prompt", self.system, self.user, forms)


def names() -> list[str]:
    """Of all prompts, sorted."""
    return sorted(file.name.removesuffix(".md") for file in files(__name__).iterdir() if file.name.endswith(".md"))


@lru_cache(maxsize=64)
def load(name: str) -> Prompt:
    """The prompt of that name."""
    found = _FORM.match(_text_of(name))
    assert found, f"the prompt '{name}' has no purpose, no '# System' or no '# User'"
    return Prompt(" ".join(found["purpose"].split()), found["system"].strip(), found["user"].strip())


def fill(name: str, values: Mapping[str, Any]) -> tuple[Message, ...]:
    """The messages of a prompt. Raises where a value that it names is missing."""
    return tuple(
        Message(role=role, content=template.render(values).strip())
        for role, template in zip(("system", "user"), _templates(name), strict=True)
    )


@lru_cache(maxsize=64)
def _templates(name: str) -> tuple[Template, Template]:
    prompt = load(name)
    return _ENVIRONMENT.from_string(prompt.system), _ENVIRONMENT.from_string(prompt.user)


def hashes() -> dict[str, str]:
    """The hash of every prompt, and of every form that is part of some, by name."""
    forms = {form: content_hash("form", _text_of(form)) for form in FORMS}
    return {**{name: load(name).hash for name in names()}, **forms}
