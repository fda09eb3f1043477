"""A cache of keys and values with room to grow, whose rows can be replaced by others while decoding goes on.

The usual cache of transformers is copied as a whole for each token; here a token is written where room is left for
it. All tokens are kept, also for layers that look back only so far: the mask hides what they must not see.
"""

from collections.abc import Sequence
from typing import Self, cast

from torch import Tensor
from transformers import Cache, DynamicCache, PreTrainedConfig
from transformers.cache_utils import DynamicLayer, DynamicSlidingWindowLayer

ROOM = 64
"""Columns (tokens) that there is room for after each copy."""


class RoomyLayer(DynamicLayer):
    """One layer's part: `keys` and `values` (rows, heads, columns, width) are the filled part of larger ones."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # transformers annotates only in part
        self._larger: tuple[Tensor, ...] = ()

    def held(self) -> tuple[Tensor, ...]:
        """Keys and values; nothing before the first token, nor where a layer reads another one's."""
        return () if self.keys is None or self.values is None else (self.keys, self.values)

    def update(
        self, key_states: Tensor, value_states: Tensor, *args: object, **kwargs: object
    ) -> tuple[Tensor, Tensor]:
        """Puts new tokens behind the others and returns all."""
        given = (key_states, value_states)
        if not self.is_initialized:
            self.lazy_initialization(*given)
        before = self.held() if self.get_seq_length() else tuple(states[:, :, :0] for states in given)
        start = before[0].shape[2]
        end = start + key_states.shape[2]
        if not self._larger or end > self._larger[0].shape[2]:
            self.hold([before], start, room=end - start + ROOM)
        for larger, states in zip(self._larger, given, strict=True):
            larger[:, :, start:end] = states
        self.keys, self.values = (larger[:, :, :end] for larger in self._larger)
        return self.keys, self.values

    def hold(self, parts: Sequence[tuple[Tensor, ...]], columns: int, room: int = ROOM) -> None:
        """Holds all rows of all `parts` (each keys and values): their last `columns` columns."""
        self._larger = tuple(_stacked(tensors, columns, room) for tensors in zip(*parts, strict=True))
        self.keys, self.values = (larger[:, :, :columns] for larger in self._larger)

    def repeated(self, rows: int) -> "RoomyLayer":
        """A layer of that many rows, each like the only one of this; copied when the next token comes."""
        layer = RoomyLayer()
        if held := self.held():
            layer.lazy_initialization(*held)
            layer.keys, layer.values = (tensor.expand(rows, -1, -1, -1) for tensor in held)
        return layer


class RoomyCache(Cache):
    """Keys and values of some sequences (rows), which all end in the same column; shorter ones begin later."""

    has_window = False
    """Whether some layer looks back only so far."""

    @classmethod
    def of(cls, config: PreTrainedConfig) -> Self | None:
        """An empty one for a model; None where a layer remembers anything but keys and values of all tokens."""
        kinds = {type(layer) for layer in DynamicCache(config=config).layers}
        if not kinds or not kinds <= {DynamicLayer, DynamicSlidingWindowLayer}:
            return None
        cache = cls(layer_class_to_replicate=RoomyLayer)
        cache.has_window = DynamicSlidingWindowLayer in kinds
        return cache

    def repeated(self, rows: int) -> "RoomyCache":
        """A cache of that many rows, each like the only one of this."""
        copy = RoomyCache(layer_class_to_replicate=RoomyLayer)
        copy.layers = [layer.repeated(rows) for layer in self._roomy()]
        return copy

    def replace_rows(self, kept: Tensor, joined: "RoomyCache | None", columns: int) -> None:
        """Keeps the `kept` rows and puts all of another cache after them; of both, the last `columns` columns."""
        others = None if joined is None else joined._roomy()
        for index, layer in enumerate(self._roomy()):
            if held := layer.held():
                parts = [tuple(tensor[kept] for tensor in held)]
                layer.hold(parts if others is None else [*parts, others[index].held()], columns)

    def _roomy(self) -> list[RoomyLayer]:
        return cast(list[RoomyLayer], self.layers)


def _stacked(tensors: Sequence[Tensor], columns: int, room: int) -> Tensor:
    """The rows of all (rows, heads, columns, width) below each other, ends aligned, with empty room behind."""
    _, heads, _, width = tensors[0].shape
    # Zeros, as what is masked is still multiplied by zero, and what lies in memory may be no number.
    result = tensors[0].new_zeros(sum(len(tensor) for tensor in tensors), heads, columns + room, width)
    row = 0
    for tensor in tensors:
        given = min(columns, tensor.shape[2])
        result[row : row + len(tensor), :, columns - given : columns] = tensor[:, :, tensor.shape[2] - given :]
        row += len(tensor)
    return result
