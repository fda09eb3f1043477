"""A tokenizer without its control tokens: text in, ids of ordinary words out, whatever the text says."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

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

    def decode(self, ids: Sequence[int]) -> str:
        """The text of ids; a tokenizer that may put a space before a text takes one away again."""
        return self._later.decode(ids, skip_special_tokens=False)


def plain_tokenizer(tokenizer: PreTrainedTokenizerFast) -> PlainTokenizer:
    """Copies of `tokenizer` that know no added token and add nothing."""
    content = json.loads(tokenizer.backend_tokenizer.to_str())
    content.update(added_tokens=[], post_processor=None, truncation=None, padding=None)
    opening = Tokenizer.from_str(json.dumps(content))
    rules = json.dumps(content["pre_tokenizer"]).replace('"prepend_scheme": "first"', '"prepend_scheme": "never"')
    return PlainTokenizer(opening, Tokenizer.from_str(json.dumps({**content, "pre_tokenizer": json.loads(rules)})))
