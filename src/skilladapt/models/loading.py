"""Loading a student: from a name in a configuration to a model, its tokenizer and its way of writing chats.

Only safetensors are read and no code of a model's repository is ever run. A name that cannot work is answered with
one sentence, by `check_student` before any work is done.
"""

import difflib
import hashlib
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

import torch
from peft import PeftModel
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoTokenizer,
    PreTrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)
from transformers import logging as transformers_logging
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

from skilladapt.errors import UserError
from skilladapt.models import scratch, smollm2, tiny
from skilladapt.models.chat import Chat, chat_of, check_chat
from skilladapt.models.memory import Training, check_memory

T = TypeVar("T")
Precision = Literal["float32", "bfloat16", "float16"]
BUILT_IN = ("smollm2-135m", "llama-1m", "tiny-random")
DRAWN = {
    "llama-1m": "a Llama of a million random weights, taught from nothing",
    "tiny-random": "a tiny random Llama, for tests",
}
"""Students built in code, and what they are."""
NO_LENGTHS: Mapping[str, int] = {}


@dataclass(frozen=True, eq=False)
class Student:
    """A model that learns and answers. The record is frozen; the weights change while it is trained."""

    name: str
    """As the configuration names it."""
    description: str
    """What it is, for provenance and reports."""
    model: PreTrainedModel | PeftModel
    """In evaluation mode unless it is being trained."""
    chat: Chat
    device: torch.device

    @property
    def tokenizer(self) -> PreTrainedTokenizerFast:
        """The tokenizer; text of people and authors goes through `chat` instead."""
        return self.chat.tokenizer


def load_student(
    name: str,
    *,
    device: str = "auto",
    dtype: Precision = "float32",
    training: Training | None = None,
    seed: int = 0,
) -> Student:
    """The student called `name`, ready to answer: a built-in name, a directory, or `owner/name` on the hub.

    `device` is `auto` (a GPU where there is one), or torch's name of a device; `training` tells how much memory
    will be needed besides the weights; `seed` draws the weights of `llama-1m`. A built-in student that is not yet
    on this machine is fetched. Raises UserError, one clear sentence, when there is no such model or device, or not
    enough memory.
    """
    place, number_format = resolve_device(device), getattr(torch, dtype)
    source = _locate(name)
    if source is None:
        model: PreTrainedModel = _drawn_model(name, seed).to(number_format)
        tokenizer, description = _drawn_tokenizer(name), DRAWN[name]
    else:
        folder = str(smollm2.fetch()) if name == "smollm2-135m" else source
        config = _read_config(name, folder)
        tokenizer = _read_tokenizer(name, folder)
        _guarded(name, lambda: check_memory(name, config, place, number_format, training))
        model = _read_model(name, folder, dtype)
        description = smollm2.DESCRIPTION if name == "smollm2-135m" else name
    model.requires_grad_(False)
    torch.nn.Module.to(model, place)
    return Student(name, description, model.eval(), chat_of(tokenizer, name), place)


def fetch_student(name: str, say: Callable[[str], None] = print) -> None:
    """Brings a built-in student to this machine ahead of a run; other names need nothing here."""
    if name == "smollm2-135m":
        smollm2.fetch(say)


def check_student(
    name: str,
    *,
    device: str = "auto",
    dtype: Precision = "float32",
    training: Training | None = None,
    lengths: Mapping[str, int] = NO_LENGTHS,
) -> None:
    """Raises UserError, with all mistakes, when `name` or `device` cannot work, or the model is too large for it.

    `lengths` are settings in tokens that must not be more than the model can read, by name. Reads no weights, and
    fetches nothing but a config and a tokenizer; a built-in student that is not here yet is not looked into.
    """
    place = resolve_device(device)
    source = _locate(name)
    if name == "smollm2-135m":
        cached = smollm2.cached_student()
        if cached is None:
            return
        source = str(cached)
    config = _drawn_model(name, 0).config if source is None else _read_config(name, source)
    checks: list[Callable[[], None]] = [
        lambda: check_chat(_drawn_tokenizer(name) if source is None else _read_tokenizer(name, source), name),
        lambda: _guarded(name, lambda: check_memory(name, config, place, getattr(torch, dtype), training)),
        lambda: _check_lengths(name, config, lengths),
    ]
    mistakes: list[str] = []
    for check in checks:
        try:
            check()
        except UserError as error:
            mistakes += error.mistakes
    if mistakes:
        raise UserError(*mistakes)


def hash_weights(student: Student) -> str:
    """The sha256 over all weights, adapters included, by sorted name; a second or so for 135 million weights."""
    digest = hashlib.sha256()
    for name, tensor in sorted(student.model.state_dict().items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().data)
    return digest.hexdigest()


def context_length(student: Student) -> int | None:
    """Most tokens the student was built to read, prompt and reply together; None where its config does not say."""
    return _context(student.model.config)


def _locate(name: str) -> str | None:
    """A directory or hub name for transformers; None for the student built in code."""
    if name in DRAWN:
        return None
    if name == "smollm2-135m":
        return name
    path = Path(os.path.expanduser(name))  # of os.path, as Path's own raises for unknown people and long names
    if name and os.path.isdir(path):
        if not (path / "config.json").is_file():
            raise UserError(f"The directory '{name}' has no config.json; name the directory of a saved model.")
        if not any(path.glob("*.safetensors")):
            raise UserError(f"The directory '{name}' has no .safetensors weights; other formats are not read.")
        return str(path)
    if name.count("/") == 1 and not name.startswith((".", "/", "~")) and not os.path.exists(path):
        return name
    nearest = difflib.get_close_matches(name, BUILT_IN, n=1)
    hint = (
        f"did you mean '{nearest[0]}'?" if nearest else f"name {', '.join(BUILT_IN)}, a directory or owner/name."
    )
    raise UserError(f"There is no model '{name}'; {hint}")


def _drawn_model(name: str, seed: int) -> PreTrainedModel:
    return tiny.tiny_model() if name == "tiny-random" else scratch.scratch_model(seed)


def _drawn_tokenizer(name: str) -> PreTrainedTokenizerFast:
    return tiny.tiny_tokenizer() if name == "tiny-random" else scratch.scratch_tokenizer()


def _read_model(name: str, source: str, dtype: Precision) -> PreTrainedModel:
    settings = {"use_safetensors": True, "trust_remote_code": False, "output_loading_info": True}
    read: Any = _guarded(
        name,
        lambda: AutoModelForCausalLM.from_pretrained(source, dtype=getattr(torch, dtype), **settings),
    )
    model, found = read
    # The library would go on with random weights in their place.
    if missing := sorted(found["missing_keys"]):
        raise UserError(
            f"The model '{name}' lacks {len(missing)} of its weights, such as {missing[0]}; fetch it again."
        )
    return cast(PreTrainedModel, model)


def _read_config(name: str, source: str) -> PreTrainedConfig:
    config = _guarded(name, lambda: AutoConfig.from_pretrained(source, trust_remote_code=False))
    if config.model_type not in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES:
        raise UserError(
            f"'{name}' is a {config.model_type} model, which cannot write text; name a causal language model."
        )
    return cast(PreTrainedConfig, config)


def _check_lengths(name: str, config: PreTrainedConfig, lengths: Mapping[str, int]) -> None:
    most = _context(config)
    mistakes = [
        f"{setting} is {length}, more than the {most} tokens that '{name}' can read; "
        f"set it to {most} or less, or name another model."
        for setting, length in lengths.items()
        if most is not None and length > most
    ]
    if mistakes:
        raise UserError(*mistakes)


def _context(config: PreTrainedConfig) -> int | None:
    most = getattr(config.get_text_config(), "max_position_embeddings", None)
    return most if isinstance(most, int) and most > 0 else None


def _read_tokenizer(name: str, source: str) -> PreTrainedTokenizerFast:
    read = _guarded(name, lambda: AutoTokenizer.from_pretrained(source, trust_remote_code=False))
    return cast(PreTrainedTokenizerFast, read)


def _guarded(name: str, read: Callable[[], T]) -> T:
    """Runs one of transformers' readers; whatever is wrong with the files or the network becomes one sentence."""
    showed_bars, verbosity = transformers_logging.is_progress_bar_enabled(), transformers_logging.get_verbosity()
    transformers_logging.disable_progress_bar()  # it would draw one for half a second of loading
    transformers_logging.set_verbosity(logging.CRITICAL)  # and tell at length what one sentence tells
    try:
        return read()
    except UserError:
        raise
    except Exception as error:  # of a damaged file it raises what its own libraries like
        first_line = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise UserError(
            f"The model '{name}' cannot be loaded ({first_line}); check the name and the network, or name a local "
            "directory with config.json, tokenizer.json and safetensors weights."
        ) from error
    finally:
        transformers_logging.set_verbosity(verbosity)
        if showed_bars:
            transformers_logging.enable_progress_bar()


def resolve_device(device: str) -> torch.device:
    """Torch's device of that name, `auto` being a GPU where there is one. Raises UserError when it is not here."""
    if device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        place = torch.device(device)
    except RuntimeError as error:
        raise UserError(f"'{device}' is not a device; use auto, cpu, cuda, cuda:0 or mps.") from error
    available = {"cpu": 1, "cuda": torch.cuda.device_count(), "mps": int(torch.backends.mps.is_available())}
    if (place.index or 0) >= available.get(place.type, 0):
        raise UserError(f"The device '{device}' is not on this machine; use auto or cpu.")
    return place
