"""Draws among examples by seed: an example keeps its number whatever else there is and in whatever order it comes.

Each example has a key of 64 bits, made of its id alone. A draw mixes all keys with one seed, so that ten million
examples are drawn among without a generator's state and without a hash of every id.
"""

from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from skilladapt.records import content_hash

KeyArray = NDArray[np.uint64]

_CHUNK: Final = 1_000_000
_ID_LENGTH: Final = 17
"""A letter and the 16 hexadecimal digits of a content hash."""
_DIGIT: Final = np.full(128, 255, dtype=np.uint8)
"""The value of each ASCII character as a hexadecimal digit; 255 for those that are none."""
for _value, _character in enumerate(b"0123456789abcdef"):
    _DIGIT[_character] = _value


class Ids(Protocol):
    """Ids by number: a tuple, or a column of a table whose items are read as text (such as `pyarrow.Array`)."""

    def __len__(self) -> int: ...  # noqa: D105 - as everywhere

    def __getitem__(self, place: int | slice, /) -> object: ...  # noqa: D105 - as everywhere


def keys_of(ids: Ids) -> KeyArray:
    """The key of each id: the digits of an example's or planted error's id, a hash of any other text."""
    key_E = np.empty(len(ids), dtype=np.uint64)
    for start in range(0, len(ids), _CHUNK):
        key_E[start : start + _CHUNK] = _keys(np.asarray(ids[start : start + _CHUNK], dtype=np.str_))
    return key_E


def _keys(id_E: NDArray[np.str_]) -> KeyArray:
    key_E = np.zeros(id_E.size, dtype=np.uint64)
    is_hash_E = np.zeros(id_E.size, dtype=np.bool_)
    code_E_C = id_E.view(np.uint32).reshape(id_E.size, -1)
    if code_E_C.shape[1] >= _ID_LENGTH:
        digit_E_C = _DIGIT[np.minimum(code_E_C[:, 1:_ID_LENGTH], 127)]
        is_hash_E = (digit_E_C < 16).all(axis=1) & (code_E_C[:, _ID_LENGTH:] == 0).all(axis=1)
        for digit_E in digit_E_C.T:
            key_E = (key_E << np.uint64(4)) | digit_E
    for row in np.flatnonzero(~is_hash_E):
        key_E[row] = int(content_hash(str(id_E[row])), 16)
    return key_E


def draw(key_E: KeyArray, *what: str | int) -> KeyArray:
    """A number for each key that looks random; other `what` (the purpose and its seeds) give other numbers.

    Different keys get different numbers. The mixing is SplitMix64's (Steele, Lea and Flood, OOPSLA 2014).
    """
    mixed_E = key_E ^ np.uint64(int(content_hash(*what), 16))
    mixed_E ^= mixed_E >> np.uint64(30)
    mixed_E *= np.uint64(0xBF58476D1CE4E5B9)
    mixed_E ^= mixed_E >> np.uint64(27)
    mixed_E *= np.uint64(0x94D049BB133111EB)
    mixed_E ^= mixed_E >> np.uint64(31)
    return mixed_E
