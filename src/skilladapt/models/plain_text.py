"""A tokenizer without its control tokens: text in, ids of ordinary words out, whatever the text says."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tokenizers import Encoding, Tokenizer
from transformers import PreTrainedTokenizerFast


@dataclass(frozen=True)
class PlainTokenizer:
    """Two copies of a tokenizer, as some put a space before a text, but only at the beginning of all."""

    _opening: Tokenizer
    _later: Tokenizer

    def encode(self, text: str, opening: bool = False) -> Encoding:
        """The ids and character offsets of a text; `opening` when not even a control token precedes it."""
        return (self._opening if opening else self._later).encode(text, add_special_tokens=False)

    def decode(self, ids: Sequence[int], opening: bool = False) -> str:
        """The text of ids."""
        return (self._opening if opening else self._later).decode(ids, skip_special_tokens=False)


def plain_tokenizer(tokenizer: PreTrainedTokenizerFast) -> PlainTokenizer:
    """Copies of `tokenizer` that know no added token and add nothing."""
    content = json.loads(tokenizer.backend_tokenizer.to_str())
    content.update(added_tokens=[], post_processor=None, truncation=None, padding=None)
    opening = Tokenizer.from_str(json.dumps(content))
    if '"prepend_scheme": "first"' in json.dumps(content["pre_tokenizer"]):
        content.update({part: _continuing(content[part]) for part in ("pre_tokenizer", "decoder")})
    return PlainTokenizer(opening, Tokenizer.from_str(json.dumps(content)))


def _continuing(part: Any) -> Any:
    """A part of a tokenizer's description, changed to neither put a space before a text nor take one away."""
    if isinstance(part, list):
        return [_continuing(one) for one in part if not (isinstance(one, dict) and one.get("type") == "Strip")]
    if not isinstance(part, dict):
        return part
    changed = {key: _continuing(value) for key, value in part.items()}
    return changed | {"prepend_scheme": "never"} if changed.get("prepend_scheme") == "first" else changed
