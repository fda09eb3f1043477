"""The same linear layers, faster, for as long as a student only reads: adapters merged, weights packed.

While a model decodes, each linear layer multiplies few rows by the same weights, again and again. So an adapter is
better added to the weights once than computed beside them for every token; and on a CPU, weights are better laid
out once in the order in which the matrix kernel reads them. The model's own weights are never touched: layers get
another `forward`, which uses a copy, and lose it at the end.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

import torch
from peft.tuners.lora import Linear as LoraLinear
from torch import Tensor
from torch.nn import Linear, Module
from torch.nn.functional import linear

MOST_COPIED_BYTES = 2**31
"""Layers beyond this stay as they are. Fixed, as what is free differs from run to run, and last digits with it."""
FEWEST_ROWS_TO_PACK = 4
"""One row alone is 1.3 times slower with packed weights; from four on all are faster, 64 about twice."""


@contextmanager
def prepacked(model: Module, rows: int) -> Iterator[None]:
    """Inside, linear layers of 32-bit floats compute what they do otherwise, but for the last digits.

    `rows` is how many sequences are read at once. Not for training: changed weights would not be seen until the
    end. Packing all weights costs as much time as some ten steps of decoding sixteen rows.
    """
    changed: list[Module] = []
    copied = 0
    try:
        for layer, base in _linear_layers(model):
            weight, bias = base.weight.detach(), base.bias
            packs = weight.device.type == "cpu" and rows >= FEWEST_ROWS_TO_PACK and _can_pack()
            if not packs and layer is base:
                continue
            copied += weight.nbytes
            if copied > MOST_COPIED_BYTES:
                break
            product = _packed_product if packs else _plain_product
            changed.append(layer)  # first, as an interruption may come between any two lines
            vars(layer)["forward"] = product(_merged(layer, weight), bias)
        yield
    finally:
        for layer in changed:
            vars(layer).pop("forward", None)


def _linear_layers(model: Module) -> Iterator[tuple[Module, Linear]]:
    """Layers that surely are `x W^T + b`, with a plain adapter or none, each with the layer that has `W` and `b`.

    Others stay as they are: adapters of other kinds, other numbers (a small update would be lost in the rounding
    of 16 bits), and subclasses and hooked layers, of which we do not know what they compute.
    """
    inside: set[Module] = set()
    for module in model.modules():
        base = module
        if type(module) is LoraLinear and _is_plain(module):
            base = cast(Module, module.base_layer)
            inside.update(module.modules())
        elif module in inside:
            continue
        if (
            type(base) is Linear
            and base.weight.dtype is torch.float32
            and "forward" not in vars(module) | vars(base)
        ):
            yield module, base


def _is_plain(layer: LoraLinear) -> bool:
    """Whether it is one adapter as in the paper, in use or switched off."""
    names = layer.active_adapters
    special = layer.merged or layer.lora_variant or any(layer.lora_bias.values())
    return not special and len(names) == 1 and names[0] in layer.lora_A


def _can_pack() -> bool:
    return bool(torch.backends.mkldnn.is_available())  # type: ignore[no-untyped-call]


def _merged(layer: Module, weight: Tensor) -> Tensor:
    if not isinstance(layer, LoraLinear) or layer.disable_adapters:
        return weight
    with torch.no_grad():
        delta: Tensor = layer.get_delta_weight(layer.active_adapters[0])
        return weight + delta


def _plain_product(weight: Tensor, bias: Tensor | None) -> Callable[[Tensor], Tensor]:
    return lambda x: linear(x, weight, bias)


def _packed_product(weight: Tensor, bias: Tensor | None) -> Callable[[Tensor], Tensor]:
    # The operators that torch.compile uses for weights that stay; torch has no other name for them.
    operators = torch.ops.mkldnn
    packed_weight = operators._reorder_linear_weight(weight.contiguous())
    product = operators._linear_pointwise.default

    def forward(x: Tensor) -> Tensor:
        result: Tensor = product(x, packed_weight, bias, "none", [], "")
        return result

    return forward
