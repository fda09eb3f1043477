"""Whether a model fits into memory, said before any weight is read: a process that takes too much is killed.

The estimate is a lower bound, as a wrong refusal is worse than none. Weights are counted on a model that is built
from the configuration alone, without memory, and take the precision asked for. Training all weights keeps a
gradient and two moments of Adam (Kingma and Ba 2015) beside each weight; an adapter has weights, gradient and
moments in float32. Activations depend on the data and are covered by a fixed margin only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import torch
from transformers import AutoModelForCausalLM, PreTrainedConfig, PreTrainedModel

from skilladapt.errors import UserError
from skilladapt.models.parts import linear_layers, text_parts

GIB = 2**30
MARGIN = GIB // 4
"""Left for activations. The smallest students take more than that when they are trained."""
COPIES = 4
"""Of a weight that is trained: itself, its gradient, two moments."""


@dataclass(frozen=True)
class Training:
    """What of a student is going to be trained."""

    adapter_rank: int | None
    """None where all weights are trained."""
    top_layers: int | None = None
    """Layers that are adapted; None where all are."""


def check_memory(
    name: str, config: PreTrainedConfig, place: torch.device, dtype: torch.dtype, training: Training | None = None
) -> None:
    """Raises UserError when the model `name` cannot fit into what is free on `place`.

    `training` is None for a student that is only asked.
    """
    needed, available = needed_bytes(config, dtype, training) + MARGIN, available_bytes(place)
    if needed <= available:
        return
    trains_all = training is not None and training.adapter_rank is None
    remedies = ["name a smaller model"]
    if dtype.itemsize > 2:
        remedies.append('set student.precision to "bfloat16"')
    if trains_all:
        remedies.append('set student.adapter to "lora"')
    remedies.append("choose another student.device")
    use = "to train all its weights" if trains_all else "for its weights"
    raise UserError(
        f"The model '{name}' needs at least {needed / GIB:.1f} GiB of memory {use} in {str(dtype)[6:]}, "
        f"and {available / GIB:.1f} GiB are available on {place}; {', '.join(remedies[:-1])} or {remedies[-1]}."
    )


def needed_bytes(config: PreTrainedConfig, dtype: torch.dtype, training: Training | None = None) -> int:
    """Bytes that weights, gradients and optimizer take together, activations left out."""
    with torch.device("meta"):
        model: PreTrainedModel = AutoModelForCausalLM.from_config(config)
    weights = sum(weight.numel() for weight in model.parameters()) * dtype.itemsize
    if training is None:
        return weights
    if training.adapter_rank is None:
        trained = {weight for part in text_parts(model) for weight in part.parameters()}
        return weights + (COPIES - 1) * sum(weight.numel() for weight in trained) * dtype.itemsize
    layers = int(config.get_text_config().num_hidden_layers)
    widths = sum(sum(layer.get_parameter("weight").shape) for _, layer in linear_layers(model))
    share = min(training.top_layers or layers, layers) / layers
    return weights + int(COPIES * torch.float32.itemsize * training.adapter_rank * widths * share)


def available_bytes(place: torch.device) -> int:
    """Bytes that this process can still get on a device; on a processor within what its control group allows."""
    if place.type == "cuda":
        free, _ = torch.cuda.mem_get_info(place)
        return int(free + torch.cuda.memory_reserved(place) - torch.cuda.memory_allocated(place))
    return min([int(psutil.virtual_memory().available + psutil.swap_memory().free), *_room_in_groups()])


def _room_in_groups(
    root: Path = Path("/sys/fs/cgroup"), membership: Path = Path("/proc/self/cgroup")
) -> Iterator[int]:
    """What is left under each limit of the control groups (versions 1 and 2) of this process; on Linux only.

    Pages of files count as used there, but are given up when memory is short.
    """
    try:
        lines = membership.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers not in ("", "memory"):
            continue
        top, names = (root / "memory", _VERSION_1) if controllers else (root, _VERSION_2)
        group = top / path.lstrip("/")
        for folder in (group, *group.parents):
            if folder.is_relative_to(top):
                yield from _room(folder, *names)


_VERSION_1 = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_")
_VERSION_2 = ("memory.max", "memory.current", "")


def _room(folder: Path, limit: str, usage: str, prefix: str) -> Iterator[int]:
    try:
        most = (folder / limit).read_text().strip()
        if most == "max":
            return
        rows = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
        files = sum(int(rows.get(f"{prefix}{kind}_file", 0)) for kind in ("active", "inactive"))
        yield int(most) - int((folder / usage).read_text()) + files
    except (OSError, ValueError):  # no such group here, as is usual in containers
        return
