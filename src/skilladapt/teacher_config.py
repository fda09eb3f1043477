"""The `[teacher]` section of a run file: who is asked for texts, and on what terms."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

Positive = Annotated[int, Field(ge=1)]


class TeacherConfig(BaseModel):
    """Who is asked for texts, where the author does not write them itself."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    kind: Literal["endpoint", "local", "scripted"]
    """A service that speaks the OpenAI-compatible format; a model on this machine; or a function of one's own."""
    model: str = ""
    """The service's name for it, or a model's name as in `student.model`; a script has none."""
    temperature: Annotated[float, Field(ge=0, le=2)] = 0.7
    top_p: Annotated[float, Field(gt=0, le=1)] = 1.0
    max_tokens: Positive = 1024
    """Longest reply."""
    base_urls: tuple[str, ...] = ()
    """Such as `https://host/v1`; calls are shared out between several services that are alike."""
    key_env: str | None = None
    """Name of the environment variable that holds the key; absent: the service needs none."""
    usd_per_million_prompt_tokens: Annotated[float, Field(ge=0)] = 0.0
    usd_per_million_completion_tokens: Annotated[float, Field(ge=0)] = 0.0
    cap_usd: Annotated[float, Field(gt=0)] | None = None
    """Most that a run may cost; absent: no cap. The next call is made only if its worst cost fits in, too."""
    cap_tokens: Positive | None = None
    """Most tokens of prompts and replies together."""
    cap_calls: Positive | None = None
    concurrency: Annotated[int, Field(ge=1, le=1024)] = 64
    """Most calls under way; fewer where the service says that they are too many."""
    timeout_s: Annotated[float, Field(gt=0)] = 120.0
    """For one call, from connecting to the last byte."""
    device: str = "auto"
    precision: Literal["float32", "bfloat16", "float16"] = "float32"
    batch_size: Positive = 16
    """Replies that a model on this machine writes at once."""
    script: str | None = None
    """`module:object`, a mapping from prompts to replies or a function from a request to one."""


_COSTS = {
    "usd_per_million_prompt_tokens",
    "usd_per_million_completion_tokens",
    "cap_usd",
    "cap_tokens",
    "cap_calls",
}
TEACHER_RUNTIME = {"base_urls", "key_env", "concurrency", "timeout_s", "device", "batch_size", *_COSTS}
"""What does not decide which reply a request gets."""
_KEYS = {
    "endpoint": {"model", "base_urls", "key_env", "concurrency", "timeout_s", *_COSTS},
    "local": {"model", "device", "precision", "batch_size"},
    "scripted": {"script"},
}
"""What else may be said of each kind."""
_NEEDS = {"endpoint": ("model", "base_urls"), "local": ("model",), "scripted": ("script",)}
_OF_ALL = {"kind", "temperature", "top_p", "max_tokens"}


def teacher_contradictions(teacher: Mapping[str, Any]) -> Iterator[str]:
    """What does not go together in the raw values of a `[teacher]` section, a sentence each."""
    kind, fields = teacher.get("kind"), TeacherConfig.model_fields
    if isinstance(kind, str) and kind in _KEYS:
        for key in _NEEDS[kind]:
            if not teacher.get(key):
                yield f"'teacher.{key}' is missing; a teacher of kind '{kind}' needs it."
        for key in sorted(teacher.keys() - _OF_ALL - _KEYS[kind]):
            # The resolved configuration, which is saved and read again, holds the defaults of all kinds.
            if key in fields and teacher[key] != _as_read(fields[key].default):
                yield f"'teacher.{key}' means nothing for a teacher of kind '{kind}'; leave it out."
    key_env = teacher.get("key_env")
    if isinstance(key_env, str) and not re.fullmatch("[A-Z][A-Z0-9_]*", key_env):
        # What stands there may be the key, so it is not shown.
        yield (
            "'teacher.key_env' is not the name of an environment variable (capital letters, digits and "
            "underscores); never write a key into a file: export it, and give the variable's name here."
        )
    urls = teacher.get("base_urls")
    for place, url in enumerate(urls if isinstance(urls, list) else []):
        if isinstance(url, str) and (mistake := _url_mistake(url)):
            yield f"'teacher.base_urls.{place}' {mistake}."
    priced = any(teacher.get(key) for key in _COSTS if key.startswith("usd_"))
    if teacher.get("cap_usd") is not None and not priced:
        yield (
            "'teacher.cap_usd' needs prices; give teacher.usd_per_million_prompt_tokens and "
            "teacher.usd_per_million_completion_tokens."
        )


def _as_read(default: Any) -> Any:
    return list(default) if isinstance(default, tuple) else default


def _url_mistake(url: str) -> str:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises when it is no number
    except ValueError:
        return "is no URL; write it like https://host/v1"
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        return "holds more than scheme, host and path; a key belongs into an environment variable (key_env)"
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "has no scheme or no host; write it like https://host/v1"
    return ""
