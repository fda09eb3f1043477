"""What of a student is trained: a small low-rank adapter beside frozen weights, or all its weights.

An adapter adds to each linear layer of the body a product of two thin matrices, `(alpha / rank) B A` (Hu et al.
2021, "LoRA", section 4.1, with alpha = 2 rank); `B` begins at zero, so a fresh adapter changes nothing. Adapters
are read and written as safetensors and JSON, in the layout of the peft library.
"""

import json
import re
import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import torch
from peft import LoraConfig, PeftModel, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import PreTrainedModel

from skilladapt.errors import UserError
from skilladapt.models.loading import Student
from skilladapt.models.parts import linear_layers, text_parts

WEIGHTS_FILE = "adapter_model.safetensors"
CONFIG_FILE = "adapter_config.json"
_ADOPTED_KEYS = ("r", "lora_alpha", "lora_dropout", "target_modules")
"""All that is read of an adapter's configuration; others could change what peft does in ways we do not expect."""


def with_adapter(
    student: Student, *, rank: int = 16, top_layers: int | None = None, dropout: float = 0.0, seed: int = 0
) -> Student:
    """The student with a fresh adapter on every linear layer that reads text; only the adapter is trainable.

    With `top_layers`, only that many of the last layers are adapted; nothing is computed backwards below them.
    The given student's model is wrapped, not copied. Deterministic in `seed`. Raises UserError when the model has
    fewer layers.
    """
    layers = int(student.model.config.get_text_config().num_hidden_layers)
    if top_layers is not None and not 1 <= top_layers <= layers:
        raise UserError(
            f"The student has {layers} layers, of which {top_layers} cannot be adapted; "
            f"set student.lora_layers to 1-{layers}."
        )
    # "all-linear" would adapt what sees pictures, too.
    chosen = top_layers is not None or student.model.config.get_text_config() is not student.model.config
    config = LoraConfig(
        r=rank,
        lora_alpha=2 * rank,
        lora_dropout=dropout,
        target_modules=_linear_names(student, layers - (top_layers or layers)) if chosen else "all-linear",
        task_type="CAUSAL_LM",
    )
    return _wrapped(student, config, seed)


def with_all_weights(student: Student) -> Student:
    """The student with all its weights that read and write text trainable, in place."""
    for part in text_parts(_model(student)):
        part.requires_grad_(True)
    return student


def trainable_weights(student: Student) -> dict[str, Tensor]:
    """Copies of what is trained, by parameter name: a snapshot to return to."""
    return {name: weight.detach().clone() for name, weight in trainable_parameters(student).items()}


def trainable_parameters(student: Student) -> dict[str, torch.nn.Parameter]:
    """The trainable parameters themselves, by name, in the model's order."""
    return {name: weight for name, weight in student.model.named_parameters() if weight.requires_grad}


def restore_weights(student: Student, weights: Mapping[str, Tensor]) -> None:
    """Puts a snapshot back, in place; its names must be exactly the trainable parameters'."""
    parameters = trainable_parameters(student)
    assert parameters.keys() == weights.keys(), "the snapshot is of another set of trainable weights"
    with torch.no_grad():
        for name, parameter in parameters.items():
            parameter.copy_(weights[name])


def save_adapter(student: Student, folder: Path) -> None:
    """Writes the adapter into `folder`, made if missing."""
    model = _adapted(student)
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: weight.contiguous() for name, weight in get_peft_model_state_dict(model).items()}
    save_file(weights, folder / WEIGHTS_FILE, metadata={"format": "pt"})
    config: dict[str, Any] = model.peft_config["default"].to_dict()
    # Sets have no order of their own; sorted, equal adapters are equal files.
    config["target_modules"] = sorted(config["target_modules"])
    config["base_model_name_or_path"] = student.name
    text = json.dumps(config, indent=1, sort_keys=True, default=sorted)
    (folder / CONFIG_FILE).write_text(text + "\n", encoding="utf-8")


def load_adapter(student: Student, folder: Path) -> Student:
    """The student with the adapter in `folder`, trainable; an adapter it already has is replaced in place.

    Raises UserError when there is none, it is damaged, or it belongs to another model.
    """
    try:
        content = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
        weights = load_file(folder / WEIGHTS_FILE)
        config = LoraConfig(**{key: content[key] for key in _ADOPTED_KEYS}, task_type="CAUSAL_LM")
        adapted = student if isinstance(student.model, PeftModel) else _wrapped(student, config, seed=0)
        expected = get_peft_model_state_dict(_adapted(adapted))
        if {name: tensor.shape for name, tensor in weights.items()} != {
            name: tensor.shape for name, tensor in expected.items()
        }:
            raise ValueError("its weights are those of another model")
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise UserError(
            f"There is no usable adapter in {folder} ({error}); "
            f"name a folder with {CONFIG_FILE} and {WEIGHTS_FILE} made for '{student.name}'."
        ) from error
    set_peft_model_state_dict(_adapted(adapted), weights)
    return adapted


def _linear_names(student: Student, first_layer: int) -> list[str]:
    """Linear layers inside the numbered layers from `first_layer` on, such as `model.layers.29.mlp.up_proj`."""
    numbered = re.compile(r"\.(\d+)\.")
    found = {name: match for name, _ in linear_layers(_model(student)) if (match := numbered.search(name))}
    return [name for name, match in found.items() if int(match[1]) >= first_layer]


def _model(student: Student) -> PreTrainedModel:
    assert isinstance(student.model, PreTrainedModel), "the student has an adapter already"
    return student.model


def _wrapped(student: Student, config: LoraConfig, seed: int) -> Student:
    with torch.random.fork_rng(devices=[student.device] if student.device.type == "cuda" else []):
        torch.manual_seed(seed)
        with warnings.catch_warnings():
            # peft 0.21 asks by a name that transformers 5.23 has renamed.
            warnings.filterwarnings("ignore", message=".*is_gradient_checkpointing", category=FutureWarning)
            model = get_peft_model(student.model, config)
    return replace(student, model=cast(PeftModel, model).eval())


def _adapted(student: Student) -> PeftModel:
    assert isinstance(student.model, PeftModel), "the student has no adapter"
    return student.model
