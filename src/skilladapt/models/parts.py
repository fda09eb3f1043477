"""Which parts of a model read and write text: of one that sees pictures too, the others are never trained."""

from collections.abc import Iterator

import torch
from transformers import PreTrainedModel
from transformers.pytorch_utils import Conv1D


def text_parts(model: PreTrainedModel) -> list[torch.nn.Module]:
    """The layers that read text, with their embeddings, and the output layer."""
    parts = (model.get_decoder(), model.get_output_embeddings())
    return [part for part in parts if part is not None]


def linear_layers(model: PreTrainedModel) -> Iterator[tuple[str, torch.nn.Module]]:
    """The linear layers that read text, by name; those of the output and of what sees are left out."""
    reading, output = set(model.get_decoder().modules()), model.get_output_embeddings()
    for name, module in model.named_modules():
        if module in reading and module is not output and isinstance(module, (torch.nn.Linear, Conv1D)):
            yield name, module
