"""An adapter added to the weights for as long as a student only reads.

While a model decodes, an adapter is better added to the weights once than computed beside them for every token.
The model's own weights are never touched: adapted layers get another `forward`, which uses a sum of both, and lose
it at the end.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import cast

import torch
from peft.tuners.lora import Linear as LoraLinear
from torch import Tensor
from torch.nn import Linear, Module
from torch.nn.functional import linear

MOST_COPIED_BYTES = 2**31
"""Layers beyond this stay as they are. Fixed, as what is free differs from run to run, and last digits with it."""


@contextmanager
def merged(model: Module) -> Iterator[None]:
    """Inside, adapted layers of 32-bit floats compute what they do otherwise, but for the last digits.

    Not for training: changed weights would not be seen until the end.
    """
    changed: list[Module] = []
    copied = 0
    try:
        for layer in model.modules():
            if type(layer) is not LoraLinear or not _is_plain(layer):
                continue
            base = cast(Linear, layer.base_layer)
            copied += base.weight.nbytes
            if copied > MOST_COPIED_BYTES:
                break
            forward = partial(linear, weight=_sum(layer, base), bias=base.bias)
            changed.append(layer)  # first, as an interruption may come between any two lines
            vars(layer)["forward"] = forward
        yield
    finally:
        for layer in changed:
            vars(layer).pop("forward", None)


def _is_plain(layer: LoraLinear) -> bool:
    """Whether it surely is `x W^T + b` with one adapter as in the paper, in use.

    Others stay as they are: adapters of other kinds, other numbers (a small update would be lost in the rounding
    of 16 bits), and subclasses and hooked layers, of which we do not know what they compute.
    """
    base, names = layer.base_layer, layer.active_adapters
    special = layer.merged or layer.disable_adapters or layer.lora_variant or any(layer.lora_bias.values())
    own = "forward" in vars(layer) | vars(base)
    plain = type(base) is Linear and base.weight.dtype is torch.float32 and not special and not own
    return plain and len(names) == 1 and names[0] in layer.lora_A


def _sum(layer: LoraLinear, base: Linear) -> Tensor:
    with torch.no_grad():
        delta: Tensor = layer.get_delta_weight(layer.active_adapters[0])
        return base.weight.detach() + delta
